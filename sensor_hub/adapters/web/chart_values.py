"""What a chart draws of a run or a week, in the unit that is shown, and what it is held against."""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.model.load import InstrumentChange, Measure, is_partly_recorded
from sensor_hub.model.ports import DaySession, WeekBar
from sensor_hub.words.lengths import length_m, load_scale
from sensor_hub.words.numbers import EIGHTY_PERCENT

WINDOW_DAYS: Final = 30
MEASURES: Final[tuple[Measure, ...]] = ("load_eq_km", "hard_load_bw_s", "distance_m")
_SD: Final[dict[Measure, str]] = {"load_eq_km": "load_eq_km_sd", "hard_load_bw_s": "hard_load_sd"}


def display(value: float | None, measure: Measure) -> float | None:
    """A value in the unit in use: km or mi, eq-km or eq-mi, BW·s; None if unknown."""
    if value is None or not math.isfinite(value):
        return None
    match measure:
        case "distance_m":
            return round(value / length_m(), 3)
        case "load_eq_km":
            return round(value * load_scale(), 3)
        case "hard_load_bw_s":
            return round(value, 3)


def value_of(row: DaySession | WeekBar, measure: Measure) -> float | None:
    """What a run or a week came to, as it is shown."""
    return display(getattr(row, measure), measure)


def limit_of(row: DaySession | WeekBar, measure: Measure) -> float | None:
    """Its limit, in the measure's own unit; of hard load no week has one."""
    limit: float | None = getattr(row, f"limit_{measure}", None)
    return limit


def reference_of(row: DaySession | WeekBar, measure: Measure) -> float | None:
    """What the limit grows from, in the measure's own unit."""
    reference: float | None = getattr(row, f"reference_{measure}", None)
    return reference


def tolerance_of(week: WeekBar, measure: Measure) -> float | None:
    """What known rest has left of that, in the measure's own unit."""
    left: float | None = getattr(week, f"tolerance_{measure}", None)
    return left


def sd_of(row: DaySession | WeekBar, measure: Measure) -> float | None:
    """One standard deviation, in the measure's own unit; None of a distance and where it is not known."""
    return None if measure == "distance_m" else getattr(row, _SD[measure])


def range_of(row: DaySession | WeekBar, measure: Measure) -> tuple[float, float] | None:
    """Where a value most likely lies (80 %), as it is shown; None of a distance and where that is not known."""
    value, sd = value_of(row, measure), display(sd_of(row, measure), measure)
    if value is None or sd is None or sd <= 0:
        return None
    return max(value - EIGHTY_PERCENT * sd, 0.0), value + EIGHTY_PERCENT * sd


def is_lower_bound(row: DaySession | WeekBar) -> bool:
    """Whether too little was recorded to believe more than "at least"."""
    if isinstance(row, WeekBar):
        return row.lower_bound
    return is_partly_recorded(row.coverage)


def is_unjudged(run: DaySession, measure: Measure) -> bool:
    """Whether its load is still learned after a change of sensor or model; a distance never is."""
    return run.bridging and measure != "distance_m"


def of_load(changes: Sequence[InstrumentChange], measure: Measure) -> Sequence[InstrumentChange]:
    """A distance does not depend on what measured the load."""
    return () if measure == "distance_m" else changes


def is_learned(change: InstrumentChange, day: date) -> bool:
    """Whether loads of a day are still learned after a change."""
    return date.fromisoformat(change.first_day) <= day < date.fromisoformat(change.normal_from)


def day_lines(
    days: Sequence[DaySession],
    today: date,
    of: Callable[[DaySession], float | None],
    todays: float | None,
) -> list[float | None]:
    """What each of the last 30 days is held against, oldest first, in the measure's own unit.

    of : what the hub states of a day with a run; todays : of today. A rest day takes that of the next such day: nothing
    was added in between. Days before the first known one have none.
    """
    known = {d.day: of(d) for d in days}
    lines: list[float | None] = []
    ahead = known.get(today, todays) if known.get(today) is not None else todays
    for back in range(WINDOW_DAYS):
        day = today - timedelta(days=back)
        if day in known and back > 0:
            ahead = known[day]
        lines.append(ahead)
    return lines[::-1]
