"""How long a foot's hour takes, as a ratio against touching every sample once: seconds depend on the machine."""

import sys
import time
from collections.abc import Callable

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.detectors import detector_for
from tests.session.runs import IMU, blocks, notified, run_one_by_one, setup
from tests.synthetic_run import SyntheticRun, equal_cuts, one_leg

HOUR_S = 3600.0
BLOCK = 100  # a second of samples


def an_hour() -> SyntheticRun:
    """One minute of running again and again; ``initial_contact_s`` is that of the minute."""
    minute = one_leg(60.0)
    n = round(HOUR_S / 60.0)
    t_s = np.concatenate([minute.t_s + 60.0 * i for i in range(n)])
    return SyntheticRun(
        t_s,
        np.tile(minute.acceleration_mps2, (n, 1)),
        np.tile(minute.rotation_radps, (n, 1)),
        minute.initial_contact_s,
        minute.toe_off_s,
    )


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def touch(run: SyntheticRun) -> float:
    """Read every sample once, in the same blocks."""
    return sum(
        float(run.acceleration_mps2[a:b].sum() + run.rotation_radps[a:b].sum() + run.t_s[a:b].sum())
        for a, b in equal_cuts(len(run.t_s), BLOCK)
    )


def timed(benchmark: BenchmarkFixture, work: Callable[[], object]) -> object:
    done: object = benchmark.pedantic(work, rounds=3, warmup_rounds=1)  # type: ignore[no-untyped-call]
    return done


def tell(benchmark: BenchmarkFixture, what: str, run: SyntheticRun, per_hour: float) -> None:
    once_s = min(seconds(lambda: touch(run)) for _ in range(5))
    assert benchmark.stats is not None
    took_s = benchmark.stats.stats.min
    ratio = took_s / once_s
    benchmark.extra_info.update(ratio_to_touching=ratio, ms_a_foot_hour=1000 * took_s * per_hour)
    sys.stderr.write(f"\n{what}: {1000 * took_s * per_hour:.0f} ms a foot-hour, {ratio:.0f} x touching every sample\n")


def test_bench_contacts_of_one_foot_hour(benchmark: BenchmarkFixture) -> None:
    run = an_hour()

    def detect() -> int:
        detector, n = detector_for("foot"), 0
        for a, b in equal_cuts(len(run.t_s), BLOCK):
            n += len(detector.receive(run.t_s[a:b], run.acceleration_mps2[a:b], run.rotation_radps[a:b]))
        return n + len(detector.flush())

    assert timed(benchmark, detect) == 60 * len(run.initial_contact_s)
    tell(benchmark, "contacts", run, 1.0)


def test_bench_session_of_one_foot_hour(benchmark: BenchmarkFixture) -> None:
    run = an_hour()
    pieces = blocks(run.block(), equal_cuts(len(run.t_s), BLOCK))
    timed(benchmark, lambda: run_one_by_one(setup(), pieces))
    tell(benchmark, "session, blocks of a second", run, 1.0)


def test_bench_session_of_one_sample_a_notification(benchmark: BenchmarkFixture) -> None:
    run = one_leg(60.0)
    raws = notified("pod-1", run)
    what = setup((BoundDevice("pod-1", IMU, "R"),))
    timed(benchmark, lambda: run_one_by_one(what, raws))
    tell(benchmark, "session, one notification at a time", run, 60.0)
