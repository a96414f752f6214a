"""Our detection of a foot-hour beside another program's, on the same samples and the same machine.

``SENSOR_HUB_PEER`` is a command that is given the path of an .npz (t_s (n,), s; acceleration_mps2, rotation_radps
(n, 3), sensor axes: toes forward, left, up) and prints JSON: {"name": …, "seconds": …}, the time of its event detection
alone. It is a program of its own: nothing of it is imported here.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.signal.detectors import detector_for
from tests.benchmarks.an_hour import hour_of, tell

PEER = "SENSOR_HUB_PEER"


def test_detection_of_a_foot_hour_beside_a_peer(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    command = os.environ.get(PEER)
    if not command:
        pytest.skip(f"{PEER} is not set: a command that times another program on an .npz")
    run, path = hour_of("L"), tmp_path / "foot-hour.npz"
    np.savez(path, t_s=run.t_s, acceleration_mps2=run.acceleration_mps2, rotation_radps=run.rotation_radps)

    def detect() -> int:
        detector = detector_for("foot")
        found = detector.receive(run.t_s, run.acceleration_mps2, run.rotation_radps)
        return len(found) + len(detector.flush())

    found = benchmark.pedantic(detect, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    ours_s = benchmark.stats.stats.min
    done = subprocess.run([*shlex.split(command), str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{PEER}: {done.stderr.strip() or 'failed without a word'}")
    peer = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(
        f"\n{peer['name']}: {peer['seconds']:.2f} s; ours {1000 * ours_s:.1f} ms with {found} of "
        f"{len(run.initial_contact_s)} contacts\n"
    )
    ratio = float(peer["seconds"]) / ours_s
    tell(f"detection beside {peer['name']}", ratio, "times faster", must=100, aim=500, more_is_better=True)
