"""The pages over a real hub: what a person taps ends in the journal, in the store and in what the rules say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Page, expect

from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from tests import need
from tests.e2e.conftest import Look

pytestmark = pytest.mark.browser
RUN = "fit/activity_2545022458.fit"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    need.command("chromium")
    settings = load_settings(data_dir=tmp_path, web_port=0, mqtt_port=0, mqtt="", store="", zone="Europe/Berlin")
    hub = Hub(settings, Place.at(tmp_path))
    hub.registry.add_athlete("Ana Example", "Europe/Berlin")
    hub.start()
    yield hub
    hub.stop()


def add_run(page: Page, day: datetime, km: str) -> None:
    form = page.get_by_test_id("add-run-form")
    form.locator("[name=day]").fill(day.date().isoformat())
    form.locator("[name=at]").fill("12:00")
    form.locator("[name=km]").fill(km)
    form.locator("[name=duration]").fill("60:00")
    form.get_by_role("button", name="Add").click()


def test_runs_by_hand_raise_a_finding_that_deleting_withdraws_and_undo_brings_back(hub: Hub, look: Look) -> None:
    (athlete,) = hub.registry.athletes()
    page, yesterday = look(f"{hub.page_url}/athlete/{athlete.id}/runs"), datetime.now(UTC) - timedelta(days=1)
    page.get_by_test_id("add-run").locator("summary").click()
    said = page.get_by_test_id("outcome-text")
    add_run(page, yesterday - timedelta(days=10), "6")
    expect(said).to_contain_text("6.00 km")
    add_run(page, yesterday, "12")
    expect(said).to_contain_text("12.00 km")
    expect(said).to_contain_text("1 new")

    def standing() -> list[str]:
        told = httpx.get(f"{hub.page_url}/api/findings").json()
        return [f["level"] for f in told if f["rule"] == "session-limit" and f["measure"] == "distance_m"]

    assert standing() == ["over-30"]
    newest = page.locator("[data-testid^=run-]").filter(has_text="12.0 km")
    newest.get_by_role("button").click()
    page.get_by_test_id("delete").click()
    expect(said).to_contain_text("Deleted the run")
    expect(said).to_contain_text("withdrawn")
    assert standing() == []
    page.get_by_test_id("outcome-undo").click()
    expect(said).to_contain_text("Taken back.")
    assert standing() == ["over-30"]
    journal = httpx.get(f"{hub.page_url}/api/athletes/{athlete.id}/journal").json()
    assert [(e["edit"]["kind"], e["by"]) for e in journal] == [
        ("undo", "page"), ("delete", "page"), ("add-run", "page"), ("add-run", "page")
    ]  # fmt: skip


def test_a_file_is_imported_trimmed_exported_and_the_person_erased(hub: Hub, look: Look, tmp_path: Path) -> None:
    file = need.data(RUN)
    (athlete,) = hub.registry.athletes()
    page = look(f"{hub.page_url}/athlete/{athlete.id}/data")
    page.get_by_test_id("files").set_input_files(file)
    expect(page.get_by_test_id("jobs")).to_contain_text("1 taken", timeout=60_000)
    page.get_by_test_id("pages").get_by_role("link", name="Runs").click()
    row = page.locator("[data-testid^=run-]").first
    expect(row).to_contain_text("watch")
    (before,) = httpx.get(f"{hub.page_url}/api/athletes/{athlete.id}/history").json()["sessions"]
    row.get_by_role("button").click()
    page.locator("svg.timeline polyline").first.wait_for()
    start = datetime.fromisoformat(before["session"]["start_utc"])
    end = datetime.fromisoformat(before["session"]["end_utc"])
    middle = (start + (end - start) / 2).astimezone(ZoneInfo("Europe/Berlin"))
    page.get_by_test_id("trim").locator("[name=to]").fill(middle.strftime("%H:%M:%S"))
    page.get_by_test_id("trim").get_by_role("button").click()
    expect(page.get_by_test_id("outcome-text")).to_contain_text("Kept the run of")
    (after,) = httpx.get(f"{hub.page_url}/api/athletes/{athlete.id}/history").json()["sessions"]
    whole_m, kept_m = (one["session"]["totals"]["distance_m"] for one in (before, after))
    assert 0.2 * whole_m < kept_m < 0.8 * whole_m
    page.goto(f"{hub.page_url}/athlete/{athlete.id}/data")
    with page.expect_download() as download:
        page.get_by_test_id("export").click()
    assert download.value.path().read_bytes()[:2] == b"PK"
    page.get_by_label("Name of the runner").fill("Ana Example")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_test_id("receipt")).to_contain_text("Erased. Nothing is left.", timeout=60_000)
    assert all(athlete.id.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
