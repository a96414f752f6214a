"""The same files through SQLite and through a real influxd, by the command line: same history, same totals."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import need
from tests.servers_influx import influxd


def hub(arguments: list[str], data_dir: Path, env: dict[str, str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "sensor_hub.cli", *arguments, "--json", "--data-dir", str(data_dir)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(data_dir), **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


OF_ITS_OWN = {"sid", "athlete", "pieces"}  # ids are hashes of who ran, and every installation has a runner of its own
FILES = ["fit/activity_2545022458.fit", "fit/stryd-backgaden-1km.fit", "fit/track_cs_728599.fit"]


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[dict[str, tuple[Path, dict[str, str]]]]:
    with influxd(tmp_path / "influxd") as url:
        address = url.replace("http://", "influx+v1://") + "/two_stores"
        yield {"sqlite": (tmp_path / "a", {}), "influx": (tmp_path / "b", {"SENSOR_HUB_STORE": address})}


def test_the_same_sessions_have_the_same_totals_in_sqlite_and_influxd(
    stores: dict[str, tuple[Path, dict[str, str]]],
) -> None:
    files = [str(need.data(name)) for name in FILES]
    shank = str(need.data("imu_shank/run_out.csv"))
    answers: dict[str, list[dict[str, Any]]] = {}
    steps: dict[str, list[str]] = {}
    for name, (folder, env) in stores.items():
        hub(["session", "import", *files], folder, env)
        hub(["session", "import", shank, "--start", "2025-11-20T06:31Z"], folder, env)
        first = hub(["session", "list"], folder, env)
        again = hub(["session", "import", *files], folder, env)
        assert {result["result"] for result in again} == {"already there"}
        assert hub(["session", "list"], folder, env) == first
        answers[name] = [{k: v for k, v in session.items() if k not in OF_ITS_OWN} for session in first]
        steps[name] = []
        for session in first:
            out = folder / f"{session['sid']}.csv"
            hub(["session", "export", session["sid"], "--out", str(out)], folder, env)
            steps[name].append(out.read_text())
    assert len(answers["sqlite"]) == 4
    for one, other in zip(answers["sqlite"], answers["influx"], strict=True):
        assert {k: (one[k], other[k]) for k in one if one[k] != other[k]} == {}
    assert steps["sqlite"] == steps["influx"]
    assert all(session["instrument"] and session["load_eq_km_sd"] > 0 for session in answers["sqlite"])
    for text in steps["sqlite"]:
        names, *lines = (line.split(",") for line in text.splitlines())
        assert "run" in {line[names.index("gait")] for line in lines}
        assert any(line[names.index("achilles_push_off_bw_s")] for line in lines)
