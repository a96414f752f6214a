"""Readings a second out of captures and activity files of an hour at 1 Hz, as multiples of real time."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.recordings.recognise import open_recording
from tests.adapters.recordings import captures_by_hand as hand

HOUR_S = 3600


def nrf_log() -> bytes:
    lines = [hand.nrf_line(f"08:{s // 60:02d}:{s % 60:02d}.000") for s in range(HOUR_S)]
    return hand.nrf_android(lines).encode()


FILES: dict[str, Callable[[], bytes]] = {
    "btsnoop": lambda: hand.rsc_capture(HOUR_S),
    "nrf-log": nrf_log,
    "tcx": lambda: hand.straight_tcx(HOUR_S).encode(),
    "gpx": lambda: hand.straight_gpx(HOUR_S).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_an_hour_at_one_hertz(name: str, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    n = benchmark(lambda: sum(1 for _ in open_recording(path)))
    assert n >= HOUR_S
    if benchmark.stats is not None:
        best_s = benchmark.stats.stats.min
        print(f"\n{name}: {n / best_s:,.0f} readings/s, {HOUR_S / best_s:,.0f} x real time")
