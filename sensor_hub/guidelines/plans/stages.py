"""The seven stages of coming back to running: how long a run may be, what it may hold, the numbers of their exits."""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.guidance import Fact, PlannedItem
from sensor_hub.model.rule import Parameter, RuleInfo, RuleSettings
from sensor_hub.units import S_PER_MIN

N_STAGES: Final = 7
WALK_RUN, HILLS, FREE_LENGTH, SPEED = 2, 5, 6, 7
INFO: Final = RuleInfo(
    id="return-to-running",
    kind="P",
    family="plan",
    rows=("D25", "D26", "D27", "D28", "D29", "D30", "D31", "D32", "D33", "D33b", "D55", "D56", "D57"),
    grade="text",
    parameters=(
        Parameter("stage_days", 14.0, "d", 14.0, 56.0, ours=False),
        Parameter("pain_during", 2.0, "of 10", 0.0, 2.0, ours=False),
        Parameter("gate_days", 7.0, "d", 7.0, 14.0),
        Parameter("gate_runs", 3.0, "runs", 1.0, 10.0),
        Parameter("baseline_days", 14.0, "d", 14.0, 28.0, ours=False),
        Parameter("no_rise_days", 3.0, "d", 3.0, 14.0),
        Parameter("walking_days", 7.0, "d", 1.0, 14.0),
        Parameter("hill_wait_h", 48.0, "h", 48.0, 168.0, ours=False),
        Parameter("speed_per_week", 1.0, "sessions", 0.0, 1.0, ours=False),
        Parameter("reduction", 0.1, "1", 0.1, 0.5),
        Parameter("too_long", 0.1, "1", 0.0, 0.3),
        Parameter("told_days", 14.0, "d", 1.0, 90.0),
    ),
)
_MINUTES: Final = {3: (20.0, 25.0), 4: (30.0, 35.0), 5: (35.0, 45.0)}
_WALK_RUN_MIN: Final = 30.0  # ten times one minute and two


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage allows. rest_days : least days without a run between two. low_s, high_s : of a run; None untimed."""

    n: int
    low_s: float | None
    high_s: float | None
    rest_days: int
    hills: bool
    speed: bool
    row: str


def stage(n: int) -> Stage:
    """Return a stage, from 1."""
    if n == 1:
        return Stage(n, 0.0, 0.0, 0, hills=False, speed=False, row="D25")
    if n == WALK_RUN:
        length_s = _WALK_RUN_MIN * S_PER_MIN
        return Stage(n, length_s, length_s, 1, hills=False, speed=False, row="D26")
    low, high = _MINUTES.get(n, (None, None))
    return Stage(
        n,
        None if low is None else low * S_PER_MIN,
        None if high is None else high * S_PER_MIN,
        1 if n == 3 else 0,
        hills=n >= HILLS,
        speed=n >= SPEED,
        row={3: "D27", 4: "D28", 5: "D29", 6: "D31"}.get(n, "D32"),
    )


def running_items(n: int, settings: RuleSettings, usual_m: float | None) -> list[PlannedItem]:
    """Return what a stage has somebody do, apart from exercise and comfort."""
    at = stage(n)
    if n == 1:
        return [PlannedItem(key, ("D25",)) for key in ("no-running", "cycle", "swim", "walk")]
    if n == WALK_RUN:
        from_text: dict[str, Fact] = {"n": 10, "run_s": 60.0, "walk_s": 120.0}
        return [PlannedItem("walk-run", ("D26",), from_text)]
    items = [PlannedItem("easy-run", (at.row,), {"low_s": at.low_s, "high_s": at.high_s})] if at.low_s else []
    if n == HILLS:
        items.append(PlannedItem("gentle-hills", ("D29", "D30"), {"wait_h": settings.value(INFO, "hill_wait_h")}))
    if n >= FREE_LENGTH:
        items.append(PlannedItem("towards-usual", ("D31",), {"usual_m": usual_m}))
    if n >= SPEED:
        items.append(PlannedItem("speed", ("D32",), {"per_week": settings.value(INFO, "speed_per_week")}))
    return items
