"""Weeks and days of an athlete as the page draws them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sensor_hub.guidelines.baseline import bridging, is_mixed
from sensor_hub.guidelines.evaluate import SESSION_LIMITS
from sensor_hub.guidelines.history import Run, week_of
from sensor_hub.guidelines.rules.week_limit import WeekLimit, week_total
from sensor_hub.model.ports import DaySession, WeekBar


def week_bar(runs: Sequence[Run], monday: date, week_start: int) -> WeekBar:
    """Return the week that begins on ``monday``; before the first run nothing is known."""
    in_week = [r for r in runs if week_of(r.day, week_start) == monday]
    before_history = not runs or monday + timedelta(days=7) <= runs[0].day
    distance, load = week_total(runs, monday, "distance_m"), week_total(runs, monday, "load_eq_km")
    return WeekBar(
        monday=monday,
        distance_m=None if before_history or distance is None else distance.value,
        load_eq_km=None if before_history or load is None else load.value,
        n_sessions=len(in_week),
        lower_bound=any(r.lower_bound for r in in_week),
        limit_distance_m=WeekLimit("distance_m").limit(runs, monday),
        limit_load_eq_km=WeekLimit("load_eq_km").limit(runs, monday),
        instruments=tuple(dict.fromkeys(r.yardstick.instrument for r in in_week if r.has_load)),
        reason="mixed-instruments" if is_mixed(in_week) else None,
    )


def day_session(runs: Sequence[Run], run: Run) -> DaySession:
    """Return a run beside the limits of its day."""
    distance_m, load_eq_km, hard_load_bw_s = (rule.limit(runs, run.day, run) for rule in SESSION_LIMITS)
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
