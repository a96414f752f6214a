"""What the session limits leave of a day: which run has used them up, and what nobody knows of the others."""

from collections.abc import Iterable, Sequence
from datetime import date

from sensor_hub.guidelines.baseline import comparable
from sensor_hub.guidelines.history import Run, n_not_recorded, newest_of
from sensor_hub.guidelines.rules.session_limit import SessionLimit
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Headroom, Measure


def day_headroom(
    rules: Iterable[SessionLimit], runs: Sequence[Run], day: date, mine: Run | None, days: Sequence[DaySpan] = ()
) -> tuple[Headroom, ...]:
    """Return what each rule leaves on a day.

    mine : the run in progress, or the day's newest; None before the first. While it runs the limits are its own. Of a
    day without one the longest known run counts, unless of another it is not known how long it was: then what is left
    is unknown, with the reason "unknown-run", or "not-recorded" where the whole day was not recorded.
    """
    like = yardstick_of(runs, day, mine)
    found = []
    for rule in rules:
        so_far = _so_far(runs, day, mine, like, rule.measure)
        unseen = None if mine is not None and not mine.ended else _unseen(runs, day, so_far, like, rule.measure, days)
        found.append(rule.headroom(runs, day, so_far, like, unseen))
    return tuple(found)


def yardstick_of(runs: Iterable[Run], day: date, mine: Run | None) -> Run | None:
    """Return the run that says with what a day's loads are measured; one without a load is no yardstick."""
    if mine is not None and _tells(mine):
        return mine
    return newest_of(r for r in runs if r.has_load and r.day <= day)


def _tells(run: Run) -> bool:
    """Whether a run says with what loads are measured now: also one that only begins, and has none yet."""
    return run.has_load or not run.ended


def _so_far(runs: Sequence[Run], day: date, mine: Run | None, like: Run | None, measure: Measure) -> Run | None:
    """The run that uses up a day's limit; None before the first. Where only one without a load was, that is unknown."""
    if mine is not None and (not mine.ended or mine.value(measure) is not None):
        return mine
    return _most(runs, day, like, measure) or newest_of(r for r in runs if r.day == day and not r.has_load)


def _most(runs: Sequence[Run], day: date, like: Run | None, measure: Measure) -> Run | None:
    """The run of a day with most of a measure, among those that can be held against the limit; None without one."""
    known = runs if measure == "distance_m" else [] if like is None else comparable(runs, like, measure)
    todays = [r for r in known if r.day == day]
    return max(todays, key=lambda r: (r.value(measure) or 0.0, r.distance_m or 0.0, r.sid), default=None)


def _unseen(
    runs: Sequence[Run], day: date, so_far: Run | None, like: Run | None, measure: Measure, days: Sequence[DaySpan]
) -> str | None:
    """Why the longest known run of a day may not be its longest; None where every one is known."""
    unknown = [r for r in runs if r.day == day and r.value(measure) is None]
    measured_by_none = so_far is not None and so_far.has_load and so_far.value(measure) is None
    if any(not r.has_load or (not measured_by_none and _is_of(r, like, measure)) for r in unknown):
        return "unknown-run"
    return "not-recorded" if n_not_recorded(days, runs, day, day) else None


def _is_of(run: Run, like: Run | None, measure: Measure) -> bool:
    """Whether a run's measure, were it known, could be held against that of ``like``."""
    return measure == "distance_m" or (like is not None and run.yardstick == like.yardstick)
