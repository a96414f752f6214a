"""A way back to running on which all goes well, to be changed in one thing."""

from dataclasses import replace

from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.plans.walk_run import Pace, WalkRun
from sensor_hub.model.diary import (
    Said,
    SayClearance,
)
from tests.guidelines.plans.lives import (
    RETURN,
    WALKS,
    at,
    on,
    pain,
    ran,
)

LENGTHS = {2: 30.0, 3: 25.0, 4: 35.0, 5: 40.0, 6: 50.0, 7: 50.0}
MORNINGS = [pain(day, 0.0) for day in range(130)]
CLEARED = SayClearance(on(80), "Dr Reis", "physician")
BASIC: list[Said] = [RETURN, WALKS, *MORNINGS]


def by_turns(run: Run, *, run_s: float = 60.0, walk_s: float = 120.0, n: int = 10) -> WalkRun:
    spans: list[tuple[float, Pace]] = []
    for k in range(n):
        spans += [(k * (run_s + walk_s), "run"), (k * (run_s + walk_s) + run_s, "walk")]
    return WalkRun(run.sid, tuple(spans), n * (run_s + walk_s))


def whole_way() -> list[Run]:
    """Runs every other day from week 3 on, hilly once in stage 5, fast once a week in stage 7."""
    runs = []
    for day in range(15, 126, 2):
        stage = min(day // 14 + 1, 7)
        run = ran(day, LENGTHS[stage])
        if day == 59:
            run = replace(run, uphill_s=400.0)
        if day in {89, 97}:
            run = replace(run, speed_5min_mps=3.6)
        runs.append(run)
    return runs


def until(stage: int) -> int:
    """The day on which a stage begins if all goes well."""
    return (stage - 1) * 14


def at_the_end_of(stage: int) -> tuple[int, list[Run]]:
    """The last day of a stage that goes well, its runs, and nothing after."""
    day = until(stage + 1)
    return day, [run for run in whole_way() if run.end_utc <= at(day, 21)]
