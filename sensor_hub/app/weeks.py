"""Weeks and days of an athlete as the page draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.baseline import bridging, is_mixed
from sensor_hub.guidelines.history import DAY, Run, n_not_recorded, week_of
from sensor_hub.guidelines.judgement import Amount
from sensor_hub.guidelines.past import Past
from sensor_hub.guidelines.rules import session_limit, week_limit
from sensor_hub.guidelines.rules.session_limit import session_limits
from sensor_hub.guidelines.rules.week_limit import WeekLimit, week_limits, week_total
from sensor_hub.guidelines.tolerance import as_tolerated
from sensor_hub.model.history import DaySpan
from sensor_hub.model.ports import DaySession, WeekBar
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings

WEEK: Final = timedelta(days=7)


def week_bar(
    runs: Sequence[Run],
    monday: date,
    week_start: int,
    days: Sequence[DaySpan] = (),
    settings: RuleSettings = DEFAULT_SETTINGS,
    past: Past | None = None,
) -> WeekBar:
    """Return the week that begins on ``monday``; before the first run that was measured nothing is known.

    days : what somebody said of days without a run; with one that was not recorded the week's sums are at least so
    much, and unknown where nothing of it was recorded. past : tells which rest is known, so what is still tolerated;
    without it that is not known.
    """
    in_week = [r for r in runs if week_of(r.day, week_start) == monday]
    first_known = next((r.day for r in runs if not r.is_unknown), date.max)
    before_history = first_known == date.max or monday + WEEK <= first_known
    is_partly_recorded = n_not_recorded(days, runs, monday, monday + WEEK - DAY) > 0
    distance, load, hard = (week_total(runs, monday, measure, days=days) for measure in session_limit.MEASURES)
    of_distance, of_load = (
        _lines(rule, runs, monday, days, past) for rule in week_limits(week_limit.INFO, settings, week_start)
    )
    return WeekBar(
        monday=monday,
        distance_m=None if before_history or distance is None else distance.value,
        load_eq_km=None if before_history or load is None else load.value,
        n_sessions=len(in_week),
        lower_bound=is_partly_recorded or any(r.lower_bound for r in in_week),
        limit_distance_m=of_distance.limit,
        limit_load_eq_km=of_load.limit,
        instruments=tuple(dict.fromkeys(r.yardstick.instrument for r in in_week if r.has_load)),
        reason=_reason(in_week, is_partly_recorded),
        load_eq_km_sd=None if before_history or load is None else load.sd,
        hard_load_bw_s=None if before_history or hard is None else hard.value,
        hard_load_sd=None if before_history or hard is None else hard.sd,
        reference_distance_m=of_distance.reference,
        reference_load_eq_km=of_load.reference,
        tolerance_distance_m=of_distance.tolerance,
        tolerance_load_eq_km=of_load.tolerance,
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """What a week is held against, in the measure's unit; all unknown where the rule says nothing."""

    reference: float | None = None
    limit: float | None = None
    tolerance: float | None = None


def _lines(rule: WeekLimit, runs: Sequence[Run], monday: date, days: Sequence[DaySpan], past: Past | None) -> _Lines:
    limit = rule.limit(runs, monday, days)
    reference = None if limit is None else rule.reference(runs, monday, rule.like(runs, monday), days)
    if limit is None or reference is None:
        return _Lines()
    if past is None:
        return _Lines(reference.value, limit)
    tolerated = as_tolerated(past, runs, monday, rule.weeks * week_limit.WEEK_DAYS)
    left = rule.reference(tolerated, monday, rule.like(tolerated, monday), days)
    return _Lines(reference.value, limit, None if left is None else left.value)


def _reason(in_week: Sequence[Run], is_partly_recorded: bool) -> str | None:
    if is_mixed(in_week):
        return "mixed-instruments"
    if any(r.is_unknown and r.ended for r in in_week):
        return "unknown-run"
    return "not-recorded" if is_partly_recorded else None


def day_session(runs: Sequence[Run], run: Run, settings: RuleSettings = DEFAULT_SETTINGS) -> DaySession:
    """Return a run beside the limits of its day."""
    rules = session_limits(settings)
    distance_m, load_eq_km, hard_load_bw_s = (rule.limit(runs, run.day, run) for rule in rules)
    longest_m, longest_eq_km, longest_bw_s = (_value(rule.reference(runs, run.day, run)) for rule in rules)
    return DaySession(
        sid=run.sid,
        day=run.day,
        distance_m=run.distance_m,
        load_eq_km=run.load_eq_km,
        coverage=run.coverage,
        limit_distance_m=distance_m,
        limit_load_eq_km=load_eq_km,
        origin=run.origin,
        ended=run.ended,
        load_eq_km_sd=None if run.load_eq_km is None else run.load_eq_km_sd,
        hard_load_bw_s=run.hard_load_bw_s,
        hard_load_sd=None if run.hard_load_bw_s is None else run.hard_load_sd,
        limit_hard_load_bw_s=hard_load_bw_s,
        instrument=run.yardstick.instrument,
        bridging=run.has_load and bridging(runs, run.day, run.yardstick) is not None,
        reference_distance_m=longest_m,
        reference_load_eq_km=longest_eq_km,
        reference_hard_load_bw_s=longest_bw_s,
    )


def _value(amount: Amount | None) -> float | None:
    return None if amount is None else amount.value
