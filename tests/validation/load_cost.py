"""What the load model costs a step: many at once, and one a call as a live session asks it.

Timings of the machine the report was made on, busy as it was: the one part of the results that is not the same twice.
"""

import os
import platform
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel, StepInputs, StepLoads
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.model.gait import StepTable
from sensor_hub.units import US_PER_S
from tests.validation.load_steps import inputs
from tests.validation.measures import rounded

N_BATCH: Final = 20_000  # steps of both feet in two hours
N_LIVE: Final = 300
N_TIMES: Final = 9


def runner(n: int) -> StepInputs:
    """Return n steps of a run with everything known, none like the next."""
    rng = np.random.default_rng(20)
    step_time_s = rng.normal(0.36, 0.01, n)
    return inputs(
        step_time_s,
        rng.normal(0.25, 0.01, n),
        contact_time_sd=rng.uniform(0.005, 0.02, n),
        speed_mps=rng.normal(2.8, 0.2, n),
        grade=rng.normal(0.0, 0.02, n),
        foot_pitch_rad=rng.normal(0.1, 0.1, n),
    )


def table_of(steps: StepInputs, loads: StepLoads) -> StepTable:
    """Return the steps as rows of a session."""
    n = len(steps.step_time_s)
    return StepTable(
        time_utc_us=np.cumsum(steps.step_time_s * US_PER_S).astype(np.int64),
        side=np.where(np.arange(n) % 2 == 0, "L", "R"),
        n_steps=np.ones(n),
        step_time_s=steps.step_time_s,
        contact_time_s=steps.contact_time_s,
        contact_time_sd=steps.contact_time_sd,
        flight_time_s=steps.step_time_s - steps.contact_time_s,
        **{name: getattr(loads, name) for name in StepLoads.__slots__},
        speed_mps=steps.speed_mps,
        quality=np.ones(n),
        foot_pitch_rad=steps.foot_pitch_rad,
        step_time_origin=np.full(n, "measured"),
        grade=steps.grade,
        gait=np.full(n, "run"),
    )


def timed(work: Callable[[], object], n_steps: int) -> dict[str, Any]:
    """Return µs a step: the middle of several times, and the fastest and slowest of them."""
    times_us = []
    work()
    for _ in range(N_TIMES):
        begin_s = perf_counter()
        work()
        times_us.append((perf_counter() - begin_s) * US_PER_S / n_steps)
    return {
        "us": rounded(median(times_us)),
        "fastest_us": rounded(min(times_us)),
        "slowest_us": rounded(max(times_us)),
        "n_steps": n_steps,
        "n_times": N_TIMES,
    }


def cost() -> dict[str, Any]:
    """Return µs a step of the model alone, and with the sums of the session after each call."""
    model = AchillesModel()
    many, singles = runner(N_BATCH), [runner(1) for _ in range(N_LIVE)]
    table = table_of(many, model.step_loads(many))
    rows = [table_of(one, model.step_loads(one)) for one in singles]

    def add(tables: list[StepTable]) -> None:
        totals = SessionTotals(model)
        for one in tables:
            totals.add(one, np.ones(len(one), dtype=np.bool_))
            totals.totals()

    def both(inputs_of: list[StepInputs], tables: list[StepTable]) -> None:
        for one in inputs_of:
            model.step_loads(one)
        add(tables)

    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "batch": timed(lambda: model.step_loads(many), N_BATCH),
        "batch_and_sums": timed(lambda: both([many], [table]), N_BATCH),
        "live": timed(lambda: [model.step_loads(one) for one in singles], N_LIVE),
        "live_and_sums": timed(lambda: both(singles, rows), N_LIVE),
    }
