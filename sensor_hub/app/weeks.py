"""Weeks and days of an athlete as the page draws them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.baseline import bridging, is_mixed
from sensor_hub.guidelines.history import DAY, Run, n_not_recorded, week_of
from sensor_hub.guidelines.rules import week_limit
from sensor_hub.guidelines.rules.session_limit import session_limits
from sensor_hub.guidelines.rules.week_limit import week_limits, week_total
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
) -> WeekBar:
    """Return the week that begins on ``monday``; before the first run that was measured nothing is known.

    days : what somebody said of days without a run; with one that was not recorded the week's sums are at least so
    much, and unknown where nothing of it was recorded.
    """
    in_week = [r for r in runs if week_of(r.day, week_start) == monday]
    first_known = next((r.day for r in runs if not r.is_unknown), date.max)
    before_history = first_known == date.max or monday + WEEK <= first_known
    is_partly_recorded = n_not_recorded(days, runs, monday, monday + WEEK - DAY) > 0
    distance, load = (week_total(runs, monday, measure, days=days) for measure in week_limit.MEASURES)
    limits = (rule.limit(runs, monday, days) for rule in week_limits(week_limit.INFO, settings, week_start))
    limit_distance_m, limit_load_eq_km = limits
    return WeekBar(
        monday=monday,
        distance_m=None if before_history or distance is None else distance.value,
        load_eq_km=None if before_history or load is None else load.value,
        n_sessions=len(in_week),
        lower_bound=is_partly_recorded or any(r.lower_bound for r in in_week),
        limit_distance_m=limit_distance_m,
        limit_load_eq_km=limit_load_eq_km,
        instruments=tuple(dict.fromkeys(r.yardstick.instrument for r in in_week if r.has_load)),
        reason=_reason(in_week, is_partly_recorded),
    )


def _reason(in_week: Sequence[Run], is_partly_recorded: bool) -> str | None:
    if is_mixed(in_week):
        return "mixed-instruments"
    if any(r.is_unknown and r.ended for r in in_week):
        return "unknown-run"
    return "not-recorded" if is_partly_recorded else None


def day_session(runs: Sequence[Run], run: Run, settings: RuleSettings = DEFAULT_SETTINGS) -> DaySession:
    """Return a run beside the limits of its day."""
    distance_m, load_eq_km, hard_load_bw_s = (rule.limit(runs, run.day, run) for rule in session_limits(settings))
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
    )
