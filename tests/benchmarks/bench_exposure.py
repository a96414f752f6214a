"""What speed and slope of a live row cost, beside everything else that is added up of it."""

import sys
import time
from collections.abc import Callable

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.exposure import Exposure
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable

N_ROWS = 2000


def rows() -> list[StepTable]:
    """Rows of running on rolling ground, each a table of its own, as they come live."""
    rng = np.random.default_rng(1)
    columns = {name: rng.uniform(0.2, 0.4, N_ROWS) for name in FLOAT_COLUMNS}
    columns |= {"n_steps": np.ones(N_ROWS), "step_time_s": np.full(N_ROWS, 0.36)}
    columns |= {"speed_mps": rng.uniform(2.5, 3.5, N_ROWS), "grade": rng.uniform(-0.05, 0.05, N_ROWS)}
    whole = StepTable(
        time_utc_us=np.arange(N_ROWS) * 360_000, side=np.full(N_ROWS, "L"),
        step_time_origin=np.full(N_ROWS, "measured"), gait=np.full(N_ROWS, "run"), **columns,
    )  # fmt: skip
    return [whole.slice(i, i + 1) for i in range(N_ROWS)]


def least_s(work: Callable[[], object]) -> float:
    took_s = []
    for _ in range(7):
        begin_s = time.perf_counter()
        work()
        took_s.append(time.perf_counter() - begin_s)
    return min(took_s)


def test_what_speed_and_slope_of_a_live_row_cost(benchmark: BenchmarkFixture) -> None:
    told, running = rows(), np.ones(1, dtype=bool)

    def alone() -> None:
        exposure = Exposure()
        for row in told:
            exposure.add(row)

    def everything() -> None:
        sums = SessionTotals(ACHILLES_1)
        for row in told:
            sums.add(row, running)

    alone_s, everything_s = least_s(alone), least_s(everything)
    benchmark.pedantic(alone, rounds=3)  # type: ignore[no-untyped-call]
    sys.stderr.write(
        f"\na live row: {1e6 * everything_s / N_ROWS:.0f} us in all, {1e6 * alone_s / N_ROWS:.0f} us of them for speed "
        f"and slope, {100 * alone_s / everything_s:.0f} % (n = {N_ROWS} rows)\n"
    )
