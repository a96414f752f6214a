"""A runner's own usual week: on which days, how far, how fast, and what a kilometre loads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.guidelines.baseline import bridging, comparable
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY, Run, newest_of, week_of
from sensor_hub.guidelines.planning.settings import INFO
from sensor_hub.units import M_PER_KM

WEEK_DAYS: Final = 7
A_HAIR_MORE: Final = 1.0 + 1e-9  # so that a load that lies on a limit is judged so, however its sum is rounded


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is usual. metres : by ISO weekday, of the days usually run on.

    start : local time of day a run begins. speed_mps : of an easy run. eq_km_per_km, hard_per_km : of a usual one.
    None is unknown. like : the run in whose way of measuring a planned one is expressed.
    """

    metres: dict[int, float]
    start: time
    speed_mps: float | None
    eq_km_per_km: float | None
    hard_per_km: float | None
    like: Run


def pattern_of(case: Case, first: date) -> Pattern | None:
    """Return the usual week of the weeks before a day; None where no run of them has a known distance."""
    n_days = int(case.settings.value(INFO, "pattern_days"))
    runs = [r for r in case.runs_between(first - n_days * DAY, first - DAY) if r.distance_m]
    by_day: dict[date, float] = defaultdict(float)
    for run in runs:
        by_day[run.day] += run.distance_m or 0.0
    if not by_day:
        return None
    newest = newest_of(r for r in runs if r.has_load)
    like = newest or runs[-1]
    loads = [] if newest is None or bridging(case.runs, first, newest.yardstick) else _loads(runs, newest)
    zone = ZoneInfo(case.athlete.zone)
    minutes = [_minute(r.start_utc.astimezone(zone)) for r in runs]
    minute = int(median(minutes))
    return Pattern(
        metres=_metres(by_day, min(n_days, (first - min(by_day)).days)),
        start=time(minute // 60, minute % 60),
        speed_mps=_speed(case, runs, first),
        eq_km_per_km=_per_km(loads, "load_eq_km"),
        hard_per_km=_per_km(loads, "hard_load_bw_s"),
        like=like,
    )


def planned_run(case: Case, pattern: Pattern, day: date, metres: float, model: Run | None = None) -> Run:
    """Return a run as it would be if it were run as planned: level and easy, or of the kind of ``model``.

    On what ground and how the foot lands no plan says.
    """
    km, like = metres / M_PER_KM, pattern.like
    local = datetime.combine(day, pattern.start, ZoneInfo(case.athlete.zone))
    start = local.astimezone(UTC)
    duration_s = metres / pattern.speed_mps if pattern.speed_mps else 0.0
    load = None if pattern.eq_km_per_km is None else pattern.eq_km_per_km * km * A_HAIR_MORE
    hard = None if pattern.hard_per_km is None else pattern.hard_per_km * km * A_HAIR_MORE
    eq_km_bw_s = like.load_bw_s / like.load_eq_km if like.load_bw_s and like.load_eq_km else None
    return Run(
        sid=f"planned-{day.isoformat()}",
        day=day,
        start_utc=start,
        end_utc=start + timedelta(seconds=duration_s),
        distance_m=metres,
        load_eq_km=load,
        load_eq_km_sd=0.0 if load is None or not like.load_eq_km else like.load_eq_km_sd / like.load_eq_km * load,
        hard_load_bw_s=hard,
        hard_load_sd=0.0 if hard is None or not like.hard_load_bw_s else like.hard_load_sd / like.hard_load_bw_s * hard,
        load_bw_s=None if load is None or eq_km_bw_s is None else load * eq_km_bw_s,
        coverage=1.0,
        yardstick=like.yardstick,
        reference=like.reference,
        origin="live",
        ended=True,
        duration_s=duration_s,
        median_speed_mps=pattern.speed_mps,
        speed_5min_mps=pattern.speed_mps if model is None else model.speed_5min_mps,
        uphill_s=0.0 if model is None else model.uphill_s,
        ascent_m=0.0 if model is None else model.ascent_m,
    )


def _minute(moment: datetime) -> int:
    return 60 * moment.hour + moment.minute


def _metres(by_day: dict[date, float], n_days: int) -> dict[int, float]:
    """As many weekdays as a week usually has runs: those that were run on most, of equals the longer ones."""
    weekdays: dict[int, list[float]] = defaultdict(list)
    for day, metres in by_day.items():
        weekdays[day.isoweekday()].append(metres)
    weeks = max(n_days, WEEK_DAYS) / WEEK_DAYS
    n = max(1, min(WEEK_DAYS, round(len(by_day) / weeks)))
    usual = sorted(weekdays, key=lambda w: (-len(weekdays[w]), -median(weekdays[w]), w))[:n]
    return {weekday: median(weekdays[weekday]) for weekday in sorted(usual)}


def _speed(case: Case, runs: Sequence[Run], first: date) -> float | None:
    """Median of the usual speed, and no more than the mean of last week, which a rule holds a week against."""
    speeds = [mps for run in runs if (mps := _mean_mps([run])) is not None]
    if not speeds:
        return None
    monday = week_of(first, case.athlete.week_start) - WEEK_DAYS * DAY
    means = (_mean_mps(case.runs_between(m, m + 6 * DAY)) for m in (monday, monday + WEEK_DAYS * DAY))
    return min([median(speeds), *(mps for mps in means if mps is not None)])


def _mean_mps(runs: Iterable[Run]) -> float | None:
    known = [r for r in runs if r.distance_m and r.duration_s > 0]
    total_s = sum(r.duration_s for r in known)
    return sum(r.distance_m or 0.0 for r in known) / total_s if total_s else None


def _loads(runs: Sequence[Run], newest: Run) -> list[Run]:
    return [r for r in comparable(runs, newest, "load_eq_km") if not r.lower_bound and r.has_load]


def _per_km(runs: Sequence[Run], measure: str) -> float | None:
    """Median of what a kilometre loads, over runs that were recorded whole."""
    values = [
        value * M_PER_KM / run.distance_m
        for run in runs
        if run.distance_m and (value := getattr(run, measure)) is not None
    ]
    return median(values) if values else None
