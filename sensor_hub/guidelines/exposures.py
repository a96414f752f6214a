"""What a run was to the tendon: uphill, fast, hard. True, False, or None where nobody knows.

A run without altitude is not flat and one without speeds is not easy, nor is one of which only a part was recorded: all
are unknown, and whoever holds other runs against them says "too close to call". Hill: 3 % and more for five minutes, or
15 m of climbing to a kilometre. Fast: five minutes above 115 % of the median easy speed of the last 28 days. Of a line
of a log only the mean speed is known: where that is fast the run was, at least so fast; where it is not the run may
still have had its five minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final, Literal

from sensor_hub.guidelines.baseline import bridging, comparable
from sensor_hub.guidelines.history import DAY, Run
from sensor_hub.guidelines.past import Past
from sensor_hub.model.load import Measure
from sensor_hub.model.rule import Parameter, RuleInfo
from sensor_hub.units import M_PER_KM

LEAST_KNOWN: Final = 3  # ours: speeds or days that a median is made of, at least
WINDOW_DAYS: Final = 28

HILLS: Final = RuleInfo(
    id="new-hills",
    kind="S",
    family="exposure",
    rows=("A03", "B09", "D04"),
    grade="text",
    parameters=(
        Parameter("slope", 0.03, "", 0.03, 0.03),
        Parameter("uphill_s", 300, "s", 60, 1800),
        Parameter("climb_m_per_km", 15, "m/km", 5, 60),
        Parameter("window_days", 28, "d", 7, 28, ours=False),
    ),
)
FAST: Final = RuleInfo(
    id="new-fast",
    kind="S",
    family="exposure",
    rows=("A03", "D05"),
    grade="text",
    parameters=(
        Parameter("factor", 1.15, "of the median easy speed", 1.05, 1.5),
        Parameter("hold_s", 300, "s", 300, 300),
        Parameter("window_days", 28, "d", 7, 28, ours=False),
    ),
)
HARD: Final = RuleInfo(
    id="hard-days",
    kind="S",
    family="exposure",
    rows=("D42",),
    grade="text",
    parameters=(
        Parameter("factor", 1.3, "of the median day", 1.1, 3.0),
        Parameter("window_days", 28, "d", 14, 28),
    ),
)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a run was. climb_m_per_km, speed_mps, easy_mps : what tells it; None is unknown.

    estimated : the speed is the mean of a run without samples.
    """

    hill: bool | None
    fast: bool | None
    climb_m_per_km: float | None = None
    speed_mps: float | None = None
    easy_mps: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class HardDay:
    """Whether a day was hard, which run made it so, and why. estimated : only by a mean speed."""

    hard: bool | None
    run: Run | None = None
    because: Literal["hill", "fast", "load"] | None = None
    estimated: bool = False


def exposure(past: Past, run: Run) -> Exposure:
    """Return what a run was."""
    key = ("exposure", id(run))
    known = past.remembered.get(key)
    if not isinstance(known, Exposure):
        known = past.remembered[key] = _exposure(past, run)
    return known


def _exposure(past: Past, run: Run) -> Exposure:
    easy_mps = _easy_mps(past, run.day)
    estimated = run.speed_5min_mps is None
    speed_mps = _mean_mps(run) if estimated else run.speed_5min_mps
    fast: bool | None = None
    if easy_mps is not None and speed_mps is not None:
        is_above = speed_mps > past.settings.value(FAST, "factor") * easy_mps
        long_enough = not estimated or run.duration_s >= past.settings.value(FAST, "hold_s")
        fast = True if is_above and long_enough else None if estimated or run.lower_bound else False
    return Exposure(_is_hill(past, run), fast, climb_m_per_km(run), speed_mps, easy_mps, estimated)


def climb_m_per_km(run: Run) -> float | None:
    """Metres climbed to a kilometre; None where either is unknown."""
    if run.ascent_m is None or not run.distance_m:
        return None
    return run.ascent_m / (run.distance_m / M_PER_KM)


def _is_hill(past: Past, run: Run) -> bool | None:
    key = ("hill", id(run))
    if key not in past.remembered:
        past.remembered[key] = _is_hill_anew(past, run)
    found = past.remembered[key]
    return found if isinstance(found, bool) else None


def _is_hill_anew(past: Past, run: Run) -> bool | None:
    # of a run that goes on, its first hill is no measure of the whole: minutes only grow, metres to a kilometre do not
    climb = climb_m_per_km(run) if run.ended else None
    steep = None if run.uphill_s is None else run.uphill_s >= past.settings.value(HILLS, "uphill_s")
    climbing = None if climb is None else climb >= past.settings.value(HILLS, "climb_m_per_km")
    if steep or climbing:
        return True
    return None if steep is None or run.lower_bound else False


def _mean_mps(run: Run) -> float | None:
    return run.distance_m / run.duration_s if run.distance_m and run.duration_s > 0 else None


def _easy_mps(past: Past, day: date) -> float | None:
    """Median speed of the runs of the window that are neither uphill nor fast; None where too few are known."""
    key = ("easy", day)
    if key not in past.remembered:
        past.remembered[key] = _easy_anew(past, past.before(day, WINDOW_DAYS))
    found = past.remembered[key]
    return found if isinstance(found, float) else None


def _easy_anew(past: Past, window: Sequence[Run]) -> float | None:
    told = ((run, _typical_mps(run)) for run in window)
    level = [(run, mps) for run, mps in told if mps is not None and not _is_hill(past, run)]
    if len(level) < LEAST_KNOWN:
        return None
    most = past.settings.value(FAST, "factor") * median(mps for _, mps in level)
    easy = [mps for run, mps in level if mps <= most and (run.speed_5min_mps or 0.0) <= most]
    return median(easy or [mps for _, mps in level])


def _typical_mps(run: Run) -> float | None:
    return run.median_speed_mps or _mean_mps(run)


def hard_day(past: Past, day: date) -> HardDay:
    """Return whether a day was hard: uphill, fast, or with more load than 1.3 × the median day of the window.

    The load is the distance where loads are unknown or were measured in several ways.
    """
    key = ("hard", day)
    known = past.remembered.get(key)
    if not isinstance(known, HardDay):
        known = past.remembered[key] = _hard_day(past, day)
    return known


def _hard_day(past: Past, day: date) -> HardDay:
    runs = past.of_day(day)
    if not runs:
        return HardDay(None if past.is_unsure(day, day) else False)
    measure, limit = _hard_limit(past, runs, day)
    so_far, unknown, maybe = 0.0, limit is None, None
    for run in runs:
        was = exposure(past, run)
        so_far += run.value(measure) or 0.0
        unknown |= was.hill is None or was.fast is None or run.value(measure) is None or run.is_lower_bound(measure)
        if was.hill:
            return HardDay(True, run, "hill")
        if limit is not None and so_far > limit:
            return HardDay(True, run, "load")
        if was.fast and not was.estimated:
            return HardDay(True, run, "fast")
        if was.fast and maybe is None:
            maybe = HardDay(True, run, "fast", estimated=True)
    return maybe or HardDay(None if unknown else False)


def _hard_limit(past: Past, runs: Sequence[Run], day: date) -> tuple[Measure, float | None]:
    factor, n_days = (past.settings.value(HARD, name) for name in ("factor", "window_days"))
    window = past.before(day, int(n_days))
    measure: Measure = "load_eq_km"
    like = runs[0]
    alike = all(run.has_load and run.yardstick == like.yardstick and run.reference == like.reference for run in runs)
    if alike and bridging(past.between(day - 45 * DAY, day), day, like.yardstick) is None:
        days = _day_sums(comparable((r for r in window if r.has_load), like, measure), measure)
        if len(days) >= LEAST_KNOWN:
            return measure, factor * median(days)
    days = _day_sums(window, "distance_m")
    return "distance_m", factor * median(days) if len(days) >= LEAST_KNOWN else None


def _day_sums(runs: Sequence[Run], measure: Measure) -> list[float]:
    sums: dict[date, float | None] = {}
    for run in runs:
        value, before = run.at_most(measure), sums.get(run.day, 0.0)  # a part of a day makes no other day hard
        sums[run.day] = None if value is None or before is None else before + value
    return [value for value in sums.values() if value is not None]
