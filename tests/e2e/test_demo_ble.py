"""Virtual pods through the whole program: paired, collected, live on a page; one of them is lost and comes back."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sensor_hub.simulation.gait import gait, shank_columns
from sensor_hub.simulation.speed import SpeedProfile
from tests.processes import Process

PODS = {
    "Gale": ("MyFoot Gale SIM", "Gale pod SIM"),
    "Birch": ("Movesense Birch", "Birch pod SIM"),
    "Clover": ("Clover pod SIM",),
    "Dune": ("Polar Sense Dune", "Dune pod SIM"),
    "Recorded run": ("Recorded 1",),
}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Two minutes as the shank logger's own software writes them."""
    run = SpeedProfile.steady(3.2, 3.2 * 110)
    columns = shank_columns(run, gait(run, seed=5), seed=5)
    path = tmp_path / "run.csv"
    rows = np.column_stack([columns.time_ms, columns.acceleration_g, columns.angular_velocity_dps])
    np.savetxt(path, rows, fmt=["%d", *["%.4f"] * 6], delimiter=",", header="time,aX,aY,aZ,gX,gY,gZ", comments="")
    return path


@pytest.fixture
def demo(recording: Path) -> Iterator[tuple[Process, str]]:
    process = Process(["demo", "--ble", "--port", "0", "--recording", str(recording)])
    try:
        yield process, process.wait_for(r"^Open (http://\S+)   \(virtual pods, simulated squad", 60)
    finally:
        process.close()


def shown(address: str) -> dict[str, Any]:
    athletes = httpx.get(f"{address}/api/athletes").json()
    return {a["athlete"]["display_name"].removesuffix(" (simulated)"): a for a in athletes}


def test_tiles_live_on_virtual_pods_and_a_lost_link_is_a_gap_with_its_cause(
    demo: tuple[Process, str], page: Page
) -> None:
    process, address = demo
    page.goto(address, wait_until="domcontentloaded")
    for name, pods in PODS.items():
        for pod in pods:
            process.wait_for(rf"^  {name} \(simulated\): virtual pod '{pod}' is streaming$", 60)
    for name in PODS:
        tile = page.locator('[data-testid^="tile-"]').filter(has_text=f"{name} (simulated)")
        expect(tile.get_by_test_id("simulated")).to_be_visible()
        expect(tile.get_by_test_id("cadence")).to_have_text(re.compile(r"^1[4-9]\d$"), timeout=40_000)
        contact = "–" if name == "Clover" else re.compile(r"^2\d\d$")
        expect(tile.get_by_test_id("contact")).to_have_text(contact, timeout=20_000)

    process.wait_for(r"^  Birch \(simulated\): virtual pod 'Movesense Birch' is lost$", 60)
    process.wait_for(r"^  Birch \(simulated\): virtual pod 'Movesense Birch' is back$", 60)
    process.wait_for(r"^  Birch \(simulated\): \d+\.\d s are unknown \(the connection to the sensor was lost\)$", 30)
    people = shown(address)
    assert {people[name]["origin"] for name in PODS} == {"simulated"}
    until = time.monotonic() + 10  # the gap is told at once, the totals with the next steps
    while people["Birch"]["totals"]["coverage"] >= 0.97 and time.monotonic() < until:
        time.sleep(0.2)
        people = shown(address)
    assert people["Birch"]["totals"]["coverage"] < 0.97
    assert people["Dune"]["totals"]["coverage"] > 0.97

    assert process.interrupt() == 0
    assert process.lines[-1] == "Stopped; the simulated data are removed."
    assert not [line for line in process.lines if "Traceback" in line or "Error" in line]


def test_without_the_extra_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['bumble'] = None; sys.argv[1:] = ['demo', '--ble']\n"
    program += "from sensor_hub.cli.main import run; run()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == "sensor-hub: virtual pods need the extra 'virtual': pip install 'sensor-hub[virtual]'\n"
