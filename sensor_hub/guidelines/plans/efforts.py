"""Whether a run was hilly or fast; unknown where nothing tells."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Final

from sensor_hub.guidelines.history import Run
from sensor_hub.model.rule import Parameter, RuleInfo, RuleSettings
from sensor_hub.units import M_PER_KM

INFO: Final = RuleInfo(
    id="plan-efforts",
    kind="S",
    family="plan",
    rows=("D29", "D31", "D32", "D33c"),
    grade="ours",
    parameters=(
        Parameter("uphill_s", 300.0, "s", 60.0, 3600.0),
        Parameter("climb_m_per_km", 15.0, "m/km", 5.0, 60.0),
        Parameter("fast_ratio", 1.15, "1", 1.02, 1.5),
        Parameter("easy_days", 28.0, "d", 7.0, 90.0),
    ),
)


def is_hilly(run: Run, settings: RuleSettings) -> bool | None:
    """Whether five minutes went up 3 % or more, or 15 m were climbed a kilometre; None where both are unknown."""
    told = []
    if not settings.is_on(INFO):
        return None
    if run.uphill_s is not None:
        told.append(run.uphill_s >= settings.value(INFO, "uphill_s"))
    if run.ascent_m is not None and run.distance_m:
        told.append(run.ascent_m / (run.distance_m / M_PER_KM) >= settings.value(INFO, "climb_m_per_km"))
    return any(told) if told else None


def is_fast(run: Run, runs: Sequence[Run], settings: RuleSettings) -> bool | None:
    """Whether five minutes were run above 115 % of the median easy speed of the four weeks before; None if unknown.

    runs : ascending by day. The median over all stands for the easy ones: as long as most are, a fast one does not
    move it.
    """
    if run.speed_5min_mps is None or not settings.is_on(INFO):
        return None
    first = run.day - timedelta(days=int(settings.value(INFO, "easy_days")))
    low, high = (bisect_left(runs, day, key=lambda r: r.day) for day in (first, run.day))
    before = [r.median_speed_mps for r in runs[low:high] if r.median_speed_mps is not None]
    if not before:
        return None
    return run.speed_5min_mps > settings.value(INFO, "fast_ratio") * median(before)
