"""How long a cold process takes to its first words: the help, and the numbers of a minute's recording.

Beside the time by the wall, which grows when others use the machine, the processor's own.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.model.raw import RawNotification
from sensor_hub.units import from_utc_us
from tests.benchmarks.an_hour import TWO_FEET, tell, two_feet_packets

COMMAND = [sys.executable, "-m", "sensor_hub.cli"]
MINUTE = 1200  # packets of one foot


def run(arguments: list[str], home: Path) -> str:
    environment = {**os.environ, "HOME": str(home), "SENSOR_HUB_DATA": str(home)}
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell_processor(before_s: float, rounds: int) -> None:
    sys.stderr.write(f"of the processor {(processor_s() - before_s) / rounds:.2f} s each\n")


def test_help(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    before_s = processor_s()
    assert "session" in benchmark.pedantic(lambda: run(["--help"], tmp_path), rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    tell("sensor-hub --help, cold", benchmark.stats.stats.min, "s", must=0.5, aim=0.15)
    tell_processor(before_s, 6)


def test_first_result_of_a_minute(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    path = tmp_path / "minute.mcap"
    recorder = McapRecorder(path, sid="01jd", athlete="me", zone="UTC", origin="live", devices=TWO_FEET.devices)
    raws = [
        RawNotification(device, sent.characteristic, from_utc_us(at), row.tobytes())
        for device, sent in two_feet_packets(1).items()
        for at, row in zip(sent.arrival_us[:MINUTE].tolist(), sent.payload, strict=False)
    ]
    for raw in sorted(raws, key=lambda raw: raw.arrival_utc):
        recorder.append(raw)
    recorder.close()

    def analyse() -> str:
        return run(["session", "analyze", str(path), "--json"], tmp_path)

    before_s = processor_s()
    assert "contact_time_s" in benchmark.pedantic(analyse, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    tell("first result of a one-minute recording of two feet, cold", benchmark.stats.stats.min, "s", must=1.5, aim=0.6)
    tell_processor(before_s, 6)
