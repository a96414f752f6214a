"""Hours of running at once: detection, both feet from memory and from a file, on two cores, and the memory they need.

Simulated running (``an_hour``). Goals are those of docs; ratios are against work timed in the same process.
"""

import multiprocessing
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.recordings.mcap_columns import packet_columns
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.model.gait import Mount
from sensor_hub.model.raw import RawNotification
from sensor_hub.session import RunSession
from sensor_hub.session.whole_run import whole_run
from sensor_hub.signal.detectors import detector_for
from sensor_hub.units import from_utc_us
from tests.benchmarks.an_hour import PART_S, TWO_FEET, hour_of, seconds, tell, two_feet_packets
from tests.session.runs import setup
from tests.synthetic_run import equal_cuts

N_STEPS = 10_000  # of both feet, about; fewer than a tenth of them missed is a benchmark of the real work
MINUTE = 12_000  # samples


def best_s(benchmark: BenchmarkFixture, work: Callable[[], object], rounds: int = 5) -> float:
    benchmark.pedantic(work, rounds=rounds, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    return float(benchmark.stats.stats.min)


@pytest.mark.parametrize("size", [None, MINUTE], ids=["one-block", "minutes"])
@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_detection_beside_touching_every_number_once(
    benchmark: BenchmarkFixture, mount: Mount, size: int | None
) -> None:
    run = hour_of("L")
    n = len(run.t_s)
    counts = np.frombuffer(two_feet_packets()["pod-l"].payload.tobytes(), "<i2")[: 6 * n].copy()

    def detect() -> int:
        detector, found = detector_for(mount), 0
        for a, b in equal_cuts(n, size or n):
            found += len(detector.receive(run.t_s[a:b], run.acceleration_mps2[a:b], run.rotation_radps[a:b]))
        return found + len(detector.flush())

    took_s = best_s(benchmark, detect)
    touch_s = min(seconds(counts.max) for _ in range(20))
    name, found = detector_for(mount).method.name, detect()
    sys.stderr.write(
        f"\n{name}: {1000 * took_s:.1f} ms a foot-hour, {found} of {len(run.initial_contact_s)} contacts\n"
    )
    how = "one block" if size is None else "minutes"
    tell(f"{name}, an hour in {how}", took_s / touch_s, "x touching", must=50, aim=20)


def test_two_feet_hour_in_memory(benchmark: BenchmarkFixture) -> None:
    sent = two_feet_packets()
    table, totals = whole_run(sent, TWO_FEET)
    assert len(table) > 0.9 * N_STEPS
    assert totals.load_eq_km is not None
    took_s = best_s(benchmark, lambda: whole_run(sent, TWO_FEET))
    tell("two feet x one hour, packet columns in memory to session load", 1000 * took_s, "ms", must=100, aim=30)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mcap") / "hour.mcap"
    recorder = McapRecorder(path, sid="01jd", athlete="me", zone="UTC", origin="live", devices=TWO_FEET.devices)
    raws = [
        RawNotification(device, sent.characteristic, from_utc_us(at), row.tobytes())
        for device, sent in two_feet_packets().items()
        for at, row in zip(sent.arrival_us.tolist(), sent.payload, strict=True)
    ]
    for raw in sorted(raws, key=lambda raw: raw.arrival_utc):
        recorder.append(raw)
    recorder.close()
    return path


def test_two_feet_hour_from_the_recording(benchmark: BenchmarkFixture, recording: Path) -> None:
    def reanalyse() -> int:
        columns, faults = packet_columns(recording)
        assert not faults
        return len(whole_run({device: c for (device, _), c in columns.items()}, TWO_FEET)[0])

    assert reanalyse() > 0.9 * N_STEPS
    took_s = best_s(benchmark, reanalyse)
    read_s = min(seconds(lambda: packet_columns(recording)) for _ in range(3))
    what = f"two feet x one hour, {recording.stat().st_size / 1e6:.0f} MB of MCAP to session load"
    tell(what, 1000 * took_s, "ms", must=700, aim=100)
    sys.stderr.write(f"of that {1000 * read_s:.0f} ms reading the file\n")


def _hours(n: int) -> None:
    for _ in range(n):
        whole_run(two_feet_packets(), TWO_FEET)


def test_two_feet_hours_a_second_on_two_cores(benchmark: BenchmarkFixture) -> None:
    two_feet_packets()  # in the parent, so that both have it
    n = 5
    with multiprocessing.get_context("fork").Pool(2) as pool:
        took_s = best_s(benchmark, lambda: pool.map(_hours, [n, n]), rounds=3)
    tell("two-feet hours on two cores", 2 * n / took_s, "a second", must=20, aim=80, more_is_better=True)


def peak_mb(work: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_memory_of_a_foot_hour(benchmark: BenchmarkFixture) -> None:
    run, sent = hour_of("L"), {"pod-l": two_feet_packets()["pod-l"]}
    one_foot = setup(TWO_FEET.devices[:1], origin="import", start_utc=None)

    def detect() -> None:
        detector = detector_for("foot")
        detector.receive(run.t_s, run.acceleration_mps2, run.rotation_radps)
        detector.flush()

    def stream(n: int) -> Callable[[], None]:
        rows = zip(sent["pod-l"].arrival_us[:n].tolist(), sent["pod-l"].payload, strict=False)
        raws = (RawNotification("pod-l", sent["pod-l"].characteristic, from_utc_us(at), r.tobytes()) for at, r in rows)

        def work() -> None:
            session = RunSession(one_foot)
            for raw in raws:
                session.receive(raw)
            session.finish()

        return work

    detected_mb = benchmark.pedantic(lambda: peak_mb(detect), rounds=1)  # type: ignore[no-untyped-call]
    tell("memory beside the samples, detection of a foot-hour in one block", detected_mb, "MB", must=100, aim=15)
    whole_mb = peak_mb(lambda: whole_run(sent, one_foot))
    tell("memory beside the packets, a foot-hour to session load", whole_mb, "MB", must=100, aim=15)
    tenth = round(20 * PART_S / 10)
    short_mb, long_mb = peak_mb(stream(tenth)), peak_mb(stream(4 * tenth))
    tell("memory of a session that is streamed, four minutes", long_mb, "MB", must=100, aim=15)
    sys.stderr.write(f"one minute: {short_mb:.2f} MB; four minutes: {long_mb:.2f} MB\n")
