"""The main job as a person sees it: simulated bytes go in, a tile lives, the alert appears, Ctrl-C ends it clean."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests import need
from tests.processes import Process


@pytest.fixture
def demo() -> Iterator[tuple[Process, str]]:
    need.command("chromium")
    process = Process(["demo", "--speed", "60", "--port", "0"])
    try:
        yield process, process.wait_for(r"^Open (http://\S+)", 60)
    finally:
        process.close()


def test_a_tile_lives_and_the_alert_appears(demo: tuple[Process, str], page: Page) -> None:
    process, address = demo
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(message.text)

    page.on("console", on_console)
    page.goto(address, wait_until="domcontentloaded")
    tile = page.locator('[data-testid^="tile-"]').filter(has_text="Aster (simulated)")
    expect(tile.get_by_test_id("simulated")).to_be_visible()

    cadence = tile.get_by_test_id("cadence")
    expect(cadence).to_have_text(re.compile(r"^1[4-9]\d$"), timeout=20_000)
    seen: set[str] = set()
    end_s = time.monotonic() + 20
    while len(seen) < 3 and time.monotonic() < end_s:
        seen.add(cadence.inner_text())
        time.sleep(0.1)
    assert len(seen) >= 3, f"the cadence stands still: {seen}"
    expect(tile.get_by_test_id("contact")).to_have_text(re.compile(r"^2\d\d$"))
    pod_only = page.locator('[data-testid^="tile-"]').filter(has_text="Clover (simulated)")
    expect(pod_only.get_by_test_id("contact")).to_have_text("–")
    expect(pod_only.get_by_test_id("contact-reason")).to_have_text("no contact time from this sensor")

    expect(tile).to_have_attribute("data-state", "alert", timeout=90_000)
    expect(tile.get_by_test_id("alert")).to_contain_text("above their", timeout=5_000)
    process.wait_for(r"^! Aster \(simulated\): Simulated\. This run's distance .* above their longest run", 10)

    tile.locator("a").click()
    expect(page).to_have_url(re.compile("/athlete/"))
    expect(page.get_by_test_id("findings")).to_contain_text("Simulated.")
    expect(page.get_by_test_id("weekly").locator("canvas")).to_be_visible()
    expect(page.get_by_test_id("sessions").locator("canvas")).to_be_visible()

    findings = httpx.get(f"{address}/api/findings").json()
    limits = [f for f in findings if f["rule"] == "session-limit" and f["severity"] == "alert"]
    assert len({(f["measure"], f["scope"]) for f in limits}) == len(limits)
    assert {f["origin"] for f in findings} == {"simulated"}
    assert problems == []

    assert process.interrupt() == 0
    told = [line for line in process.lines if "Aster" in line and "distance" in line]
    assert len(told) == 1, "a finding is told once"
    assert process.lines[-1] == "Stopped; the simulated data are removed."
