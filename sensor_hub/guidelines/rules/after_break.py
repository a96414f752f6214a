"""Back to as much as before, right after a break or after weeks of less than half (text rows B13, D07, D49).

A break is 14 days of known rest; one that nobody has answered for is "too close to call". In the four weeks after it a
week near the mean of the four weeks before it alerts, the first one; those after it only inform. A single run is held
against what the rest has left of the longest before (``tolerance``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sensor_hub.guidelines.history import DAY, LEARNING_DAYS, Run
from sensor_hub.guidelines.judgement import OVER_30, OVER_100, Found, found
from sensor_hub.guidelines.past import WEEK, Past
from sensor_hub.guidelines.rules.session_limit import SessionLimit, session_limits
from sensor_hub.guidelines.tolerance import INFO, LONGEST_BREAK_DAYS, as_tolerated, rests
from sensor_hub.model.finding import Level

BEFORE_DAYS: Final = 28  # ours: what the weeks before a break are the mean of
SHORT: Final = (2, 3)  # weeks that were reduced
LIMIT_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class _Return:
    """A way back: the day it began, what a week was before, and whether the break is known to have been one."""

    day: date
    before_m: float
    sure: bool


def first_runs(past: Past, run: Run) -> Iterator[Found]:
    """Judge a run against what a known rest has left of the longest run before it."""
    for rule in session_limits(past.settings):
        far = _window_days(past, rule, run.day)
        runs = past.between(run.day - max(far, LIMIT_DAYS) * DAY, run.day)
        tolerated = as_tolerated(past, runs, run.day, far)
        if tolerated is runs:
            return
        factor = past.settings.value(INFO, "factor")
        reduced = SessionLimit(rule.measure, factor, far, rule.probability, rule.learning_days)
        said = found(reduced.judge(tolerated, run), far)
        plain = reduced.reference(runs, run.day, run)
        if said is not None and said.level != "near" and plain is not None and said.reference < plain.value:
            yield replace(said, informs=_said_before(past, run, rule, said.limit))


def _said_before(past: Past, run: Run, rule: SessionLimit, limit: float) -> bool:
    """Whether a run between the rest and this one was above the limit already: one alert a return is enough."""
    back = max(idle.last for idle in rests(past, run.day, rule.window_days + LONGEST_BREAK_DAYS)) + DAY
    earlier = (r for r in past.between(back, run.day) if (r.end_utc, r.sid) < (run.end_utc, run.sid))
    return any((r.value(rule.measure) or 0.0) > limit for r in earlier)


def _window_days(past: Past, rule: SessionLimit, day: date) -> int:
    """A rest is no part of the window: of the distances before it as many days are looked at as without one."""
    if rule.measure != "distance_m":
        return rule.window_days
    longest = max((idle.n_days for idle in rests(past, day, rule.window_days + LONGEST_BREAK_DAYS)), default=0)
    return rule.window_days + longest


def weeks_after(past: Past, monday: date) -> Iterator[Found]:
    """Judge a week's distance against the weeks before a break, or before weeks of less than half."""
    near = past.settings.value(INFO, "near")
    value_m = past.week(monday).distance_m
    back = [r for r in (*_after_rest(past, monday), *_after_less(past, monday)) if value_m >= near * r.before_m]
    if not back:
        return
    most = max(back, key=lambda r: (r.sure, r.before_m, r.day))
    first = past.week_of(most.day)
    earlier = (first + k * WEEK for k in range((monday - first).days // 7))
    level: Level = "limit"
    if value_m > OVER_30 * most.before_m:
        level = "over-100" if value_m > OVER_100 * most.before_m else "over-30"
    yield Found(
        measure="distance_m",
        level=level,
        certainty="above" if most.sure else "too-close",
        probability=1.0 if most.sure else 0.5,
        value=value_m,
        reference=most.before_m,
        limit=near * most.before_m,
        window_days=BEFORE_DAYS,
        lower_bound=not past.week(monday).is_whole,
        informs=any(past.week(m).distance_m >= near * most.before_m for m in earlier),
    )


def _after_rest(past: Past, monday: date) -> Iterator[_Return]:
    """Returns from breaks that this week is watched after."""
    least, watch = (int(past.settings.value(INFO, name)) for name in ("break_days", "watch_days"))
    for idle in past.idles:
        day = idle.last + DAY
        watched = day <= monday + WEEK - DAY and monday < day + watch * DAY
        if not watched or idle.state == "lost" or not least <= idle.n_days <= LONGEST_BREAK_DAYS:
            continue
        before_m = _mean_week_m(past, idle.first - BEFORE_DAYS * DAY, idle.first - DAY)
        if before_m is not None:
            yield _Return(day, before_m, idle.state == "rested")


def _after_less(past: Past, monday: date) -> Iterator[_Return]:
    """Returns from two or three weeks that were each less than half of the mean of the four before them.

    Of those four none may be so short: else it was no less than usual, or a break that is watched as such.
    """
    reduced, watch = (past.settings.value(INFO, name) for name in ("reduced", "watch_days"))
    for n_back in range(int(watch) // 7):
        back = monday - n_back * WEEK
        for n_short in SHORT:
            first = back - n_short * WEEK
            before_m = _mean_week_m(past, first - BEFORE_DAYS * DAY, first - DAY)
            usual = [past.week(first - k * WEEK) for k in range(1, BEFORE_DAYS // 7 + 1)]
            short = [past.week(back - k * WEEK) for k in range(1, n_short + 1)]
            if before_m is None or any(w.distance_m < reduced * before_m for w in usual):
                continue
            if not all(w.is_whole and w.distance_m < reduced * before_m for w in short):
                continue
            if past.week(back).distance_m >= reduced * before_m:
                yield _Return(back, before_m, not past.is_unsure(first, back - DAY))


def _mean_week_m(past: Past, first: date, last: date) -> float | None:
    """Mean weekly distance of some days; None where a part is unknown, or they hold less than two weeks of history."""
    runs = past.between(first, last)
    if not runs or (last - runs[0].day).days < LEARNING_DAYS or any(r.distance_m is None for r in runs):
        return None
    if past.is_unsure(runs[0].day, last):
        return None
    return sum(r.distance_m or 0.0 for r in runs) / ((last - runs[0].day).days + 1) * 7
