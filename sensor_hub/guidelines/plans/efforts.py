"""Whether a run of a plan was hilly or fast; unknown where nothing tells. The numbers are those of new exposure.

A plan asks a little differently than new exposure does: one earlier run is enough to be held against, for at its
beginning there are no more, and only speeds that were measured count: the mean of a walk-run is no speed of running.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Final

from sensor_hub.guidelines.exposures import FAST, HILLS, climb_m_per_km
from sensor_hub.guidelines.history import Run
from sensor_hub.model.rule import RuleInfo, RuleSettings

INFO: Final = RuleInfo(id="plan-efforts", kind="S", family="plan", rows=("D29", "D31", "D32", "D33c"), grade="ours")


def is_hilly(run: Run, settings: RuleSettings) -> bool | None:
    """Whether five minutes went up 3 % or more, or 15 m were climbed a kilometre; None if slopes are unknown.

    Little climbing in all is no sign that there was no hill in it.
    """
    if not settings.is_on(INFO):
        return None
    climb = climb_m_per_km(run)
    if climb is not None and climb >= settings.value(HILLS, "climb_m_per_km"):
        return True
    return None if run.uphill_s is None else run.uphill_s >= settings.value(HILLS, "uphill_s")


def is_fast(run: Run, runs: Sequence[Run], settings: RuleSettings) -> bool | None:
    """Whether five minutes were run above 115 % of the median easy speed of the four weeks before; None if unknown.

    runs : ascending by day. The median over all stands for the easy ones: as long as most are, a fast one does not
    move it.
    """
    if run.speed_5min_mps is None or not settings.is_on(INFO):
        return None
    first = run.day - timedelta(days=int(settings.value(FAST, "window_days")))
    low, high = (bisect_left(runs, day, key=lambda r: r.day) for day in (first, run.day))
    before = [r.median_speed_mps for r in runs[low:high] if r.median_speed_mps is not None]
    return run.speed_5min_mps > settings.value(FAST, "factor") * median(before) if before else None
