"""From an empty hub to a screen of today, as a newcomer goes: real hub, embedded broker, real browser."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from tests import need
from tests.e2e.axe import serious
from tests.e2e.conftest import DESK, PHONE, Look
from tests.e2e.faults import DRAWN

pytestmark = pytest.mark.browser
POINT = (
    "<Trackpoint><Time>{at}</Time><DistanceMeters>{m:.1f}</DistanceMeters><Extensions>"
    '<TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Speed>3.0</Speed>'
    "<RunCadence>84</RunCadence></TPX></Extensions></Trackpoint>"
)
FILE = (
    '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
    'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="Running">'
    '<Id>{start}</Id><Lap StartTime="{start}"><TotalTimeSeconds>600</TotalTimeSeconds>'
    "<DistanceMeters>1800</DistanceMeters><Calories>0</Calories><Intensity>Active</Intensity>"
    "<TriggerMethod>Manual</TriggerMethod><Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    need.command("chromium")
    settings = load_settings(data_dir=tmp_path / "data", web_port=0, mqtt_port=0, mqtt="", store="", zone="UTC")
    hub = Hub(settings, Place.at(tmp_path / "data"))
    hub.start()
    yield hub
    hub.stop()


def run_of_now(folder: Path) -> Path:
    """Ten minutes at 3 m/s that have just ended, as a watch writes them."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=11)
    at = [start + timedelta(seconds=s) for s in range(601)]
    points = "".join(POINT.format(at=f"{t:%Y-%m-%dT%H:%M:%SZ}", m=3.0 * i) for i, t in enumerate(at))
    file = folder / "run.tcx"
    file.write_text(FILE.format(start=f"{start:%Y-%m-%dT%H:%M:%SZ}", points=points), encoding="utf-8")
    return file


def faults(page: Page) -> dict[int, list[str]]:
    """What is serious on a page or wider than its screen: at a desk, and on a phone, where it stays."""
    found = {}
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate(DRAWN)
        found[size["width"]] = serious(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[size["width"]].append("wider than its screen")
    return {width: lines for width, lines in found.items() if lines}


def test_who_then_a_file_then_today_shows_the_run(hub: Hub, look: Look, tmp_path: Path) -> None:
    page = look(f"{hub.page_url}/start", timezone_id="Europe/Lisbon")
    zone = page.get_by_label("Time zone")
    expect(zone).to_have_value("Europe/Lisbon")  # the browser's
    assert page.locator("#zones option").count() > 400
    assert faults(page) == {}
    page.get_by_label("Name").fill("Ana Example")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/start?step=2&athlete=*")
    (ana,) = hub.registry.athletes()
    assert (ana.display_name, ana.zone, ana.mass_kg, ana.simulated) == ("Ana Example", "Europe/Lisbon", None, False)

    page.reload()  # what the hub knows, and where the address says
    page.get_by_test_id("way-edge").locator("summary").click()
    expect(page.get_by_test_id("way-edge")).to_contain_text(f"--id {ana.id} --zone Europe/Lisbon")
    page.get_by_test_id("way-file").locator("summary").click()
    assert faults(page) == {}
    page.get_by_test_id("step-on").click()
    first = page.get_by_test_id("first-run")
    expect(first).to_have_attribute("data-state", "waiting")
    expect(first).to_contain_text("No run yet")
    page.get_by_test_id("files").set_input_files(run_of_now(tmp_path))
    expect(first).to_have_attribute("data-state", "here", timeout=60_000)
    expect(first).to_contain_text("1.8\u00a0km")
    assert faults(page) == {}

    page.get_by_test_id("to-today").click()
    expect(page.get_by_test_id("newest-link")).to_contain_text("1.8\u00a0km")
    expect(page.get_by_test_id("so-far-distance_m")).to_contain_text("1.8")
    expect(page.get_by_test_id("left-distance_m")).to_have_text("–")  # nothing to hold it against yet
    expect(page.get_by_test_id("ring-notes")).to_contain_text("no earlier run")
    assert faults(page) == {}


def test_the_first_start_goes_by_keyboard_alone(hub: Hub, look: Look) -> None:
    page = look(f"{hub.page_url}/start", timezone_id="Europe/Berlin")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")

    def tab_to(testid_or_name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "[document.activeElement.dataset.testid, document.activeElement.name, document.activeElement.type]"
            )
            if testid_or_name in told:
                return
        raise AssertionError(f"the keyboard does not come to {testid_or_name}")

    tab_to("name")
    page.keyboard.type("Ana")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start?step=2&athlete=*")
    page.get_by_test_id("step-ways").wait_for()
    tab_to("step-on")
    page.keyboard.press("Enter")
    page.get_by_test_id("step-first-run").wait_for()
    tab_to("to-today")
    page.keyboard.press("Enter")
    page.get_by_test_id("rings").wait_for()
    tab_to("open-add-sheet")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("add-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("add-sheet")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.testid") == "open-add-sheet"


def test_what_cannot_be_is_said_beneath_the_form_and_nothing_is_lost(hub: Hub, look: Look) -> None:
    hub.registry.add_athlete("Ana", "UTC")
    page = look(f"{hub.page_url}/start?step=1", timezone_id="Europe/Berlin")
    form = page.get_by_test_id("who-form")
    expect(form.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    form.get_by_role("button", name="Save and go on").click()
    expect(form.get_by_role("alert")).to_have_text("Say a name.")
    form.get_by_label("Name").fill("ana")
    form.get_by_label("Body mass").fill("heavy")
    form.get_by_role("button", name="Save and go on").click()
    expect(form.get_by_role("alert")).to_contain_text("a number from 0 to 300")
    form.get_by_label("Body mass").fill("61,5")
    form.get_by_role("button", name="Save and go on").click()
    expect(form.get_by_role("alert")).to_contain_text("taken")
    expect(form.get_by_label("Name")).to_have_value("ana")
    assert len(hub.registry.athletes()) == 1


def test_who_comes_back_goes_on_where_the_hub_knows_they_are(hub: Hub, look: Look) -> None:
    ana = hub.registry.add_athlete("Ana", "UTC")
    page = look(f"{hub.page_url}/start")
    page.get_by_test_id("step-ways").wait_for()
    page.get_by_test_id("step-back").click()
    expect(page.get_by_test_id("already-here").get_by_role("link")).to_have_attribute(
        "href", f"/athlete/{ana.id}/today"
    )
    page.goto(f"{hub.page_url}/start?step=3&athlete=nobody")
    page.get_by_test_id("step-who").wait_for()


def test_a_simulated_squad_comes_runs_and_goes(hub: Hub, look: Look) -> None:
    ana = hub.registry.add_athlete("Ana", "UTC")
    page = look(f"{hub.page_url}/start")
    page.get_by_test_id("invite-squad").click()
    expect(page.get_by_test_id("squad-text")).to_contain_text("3 of them running", timeout=60_000)
    assert faults(page) == {}
    page.get_by_test_id("see-squad").click()
    squad = [a for a in hub.registry.athletes() if a.simulated]
    for athlete in squad:
        tile = page.get_by_test_id(f"tile-{athlete.id}")
        expect(tile).to_contain_text("simulated", timeout=30_000)

    page.goto(f"{hub.page_url}/athlete/{squad[0].id}/today")
    live = page.get_by_test_id("live-run")
    expect(live).to_be_visible(timeout=30_000)
    expect(live.get_by_test_id("simulated")).to_be_visible()
    expect(page.get_by_test_id("left-load_eq_km")).not_to_have_text("–")
    expect(page.get_by_test_id("ring-notes")).to_contain_text("hills not counted live", timeout=60_000)
    so_far = page.get_by_test_id("so-far-hard_load_bw_s").inner_text()
    expect(page.get_by_test_id("so-far-hard_load_bw_s")).not_to_have_text(so_far, timeout=30_000)  # it goes on
    assert faults(page) == {}
    bottom = page.get_by_test_id("rings").evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom <= PHONE["height"]  # the essential is on the first screen

    page.goto(f"{hub.page_url}/start")
    page.get_by_test_id("dismiss-squad").click()
    expect(page.get_by_test_id("squad-progress")).to_be_visible()
    expect(page.get_by_test_id("invite-squad")).to_be_visible(timeout=90_000)
    assert [a.id for a in hub.registry.athletes()] == [ana.id]


def test_a_page_of_today_says_that_the_hub_is_gone(hub: Hub, look: Look) -> None:
    ana = hub.registry.add_athlete("Ana", "UTC")
    page = look(f"{hub.page_url}/athlete/{ana.id}/today")
    banner = page.get_by_test_id("unheard")
    expect(banner).to_be_hidden()
    # A phone that is out of reach: nothing ends, nothing more comes.
    page.evaluate("window.socket.on = () => {}; window.socket.onevent = () => {}; undefined")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("No connection to the hub since")
    colour = page.get_by_test_id("left-distance_m").evaluate("e => getComputedStyle(e).color")
    assert colour == page.evaluate("""() => { const e = document.createElement('p');
        e.style.color = 'var(--stale)'; document.body.append(e); return getComputedStyle(e).color }""")


@pytest.mark.parametrize("path", ["/start", "/"])
def test_a_phone_can_keep_the_pages_among_its_apps(hub: Hub, look: Look, path: str) -> None:
    page = look(f"{hub.page_url}{path}")
    href = page.locator("link[rel=manifest]").get_attribute("href")
    told = page.request.get(f"{hub.page_url}{href}")
    assert told.headers["content-type"] == "application/manifest+json"
    manifest = told.json()
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/")
    for icon in manifest["icons"]:
        assert page.request.get(f"{hub.page_url}{icon['src']}").headers["content-type"] == icon["type"]
    assert page.locator("meta[name=viewport]").count() == 1
    assert page.locator("meta[name=theme-color]").count() == 2
