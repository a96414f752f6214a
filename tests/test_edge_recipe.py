"""The recipe for an edge: units that systemd takes, settings that exist, files laid out with the right modes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sensor_hub.config import Settings
from tests import need

EDGE = Path(__file__).parents[1] / "deploy" / "edge"
UNITS = sorted(EDGE.glob("*.service"))
PROGRAM = "/opt/sensor-hub/bin/sensor-hub"
LARGEST_EXPOSURE = 3.0  # of 10, as systemd rates it; an unprotected service has 9.6


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    analyze = need.command("systemd-analyze")
    copy = tmp_path / unit.name
    # it must name programs that are here; which they are is not what is checked
    text = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable).replace("/usr/bin/ssh", sys.executable)
    copy.write_text(text, encoding="utf-8")
    found = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False)
    said = [line for line in (found.stdout + found.stderr).splitlines() if unit.name in line]
    assert said == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_unit_is_shut_in(unit: Path) -> None:
    analyze = need.command("systemd-analyze")
    command = [analyze, "security", "--offline=true", "--no-pager", str(unit)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", found.stdout)
    if exposure is None:
        need.missing(f"this systemd-analyze rates no unit offline: {found.stderr.strip()[:80]}")
    assert float(exposure.group(1)) <= LARGEST_EXPOSURE


def test_it_starts_again_for_ever_and_after_bluetooth() -> None:
    text = (EDGE / "sensor-hub-edge.service").read_text(encoding="utf-8")
    lines = set(text.splitlines())
    assert {"Restart=always", "StartLimitIntervalSec=0", "User=sensorhub", f"ExecStart={PROGRAM} edge"} <= lines
    assert "After=bluetooth.target network.target" in lines


def test_every_setting_it_names_exists() -> None:
    known = {f"SENSOR_HUB_{name.upper()}" for name in Settings.model_fields}
    for path in EDGE.iterdir():
        named = set(re.findall(r"\bSENSOR_HUB_[A-Z_]+\b", path.read_text(encoding="utf-8")))
        assert named <= known, path


@pytest.mark.parametrize("script", ["install.sh", "sensor-hub-edge"])
def test_the_scripts_are_shell_that_a_shell_takes(script: str) -> None:
    subprocess.run(["sh", "-n", EDGE / script], check=True)
    assert os.access(EDGE / script, os.X_OK)


def test_the_installation_keeps_secrets_to_root_and_never_overwrites_them(tmp_path: Path) -> None:
    need.command("install")
    environment = {**os.environ, "DESTDIR": str(tmp_path)}
    for _ in range(2):
        said = subprocess.run(
            ["sh", EDGE / "install.sh"], env=environment, capture_output=True, text=True, check=True
        ).stdout
        settings = tmp_path / "etc/sensor-hub/edge.env"
        assert settings.stat().st_mode & 0o777 == 0o600
        settings.write_text("SENSOR_HUB_MQTT='mine'\n", encoding="utf-8")
    assert settings.read_text(encoding="utf-8") == "SENSOR_HUB_MQTT='mine'\n"
    assert (tmp_path / "etc/sensor-hub/tunnel.env").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "etc/systemd/system/sensor-hub-edge.service").exists()
    assert os.access(tmp_path / "usr/local/bin/sensor-hub-edge", os.X_OK)
    assert "devices pair" in said
