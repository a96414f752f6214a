"""Shoes, pods and data kept in a real browser, over a scripted history: every flow, on a phone and on a desk."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sensor_hub.adapters.web import roster_page, shoes_page
from sensor_hub.model.edit import Delete, WearShoe
from sensor_hub.model.history import ShoeUse
from sensor_hub.model.ports import FilesTaken
from tests.adapters.web.hub import TODAY
from tests.e2e.conftest import PHONE
from tests.e2e.faults import everywhere
from tests.e2e.keeping import SIZES, Open, Served, outcome, running, served, visit

pytestmark = pytest.mark.browser
__all__ = ["running", "served", "visit"]
PATHS = ["/athlete/mia/runs", "/athlete/mia/shoes", "/athlete/mia/data", "/roster", "/session/mia-1"]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages look more often at what others have changed, so that nobody waits for it."""
    monkeypatch.setattr(shoes_page, "HISTORY_POLL_S", 0.3)
    monkeypatch.setattr(roster_page, "ROSTER_POLL_S", 0.3)


def unfold(page: Page) -> None:
    for summary in page.locator(".page details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()


def test_the_page_of_a_run_has_the_same_controls_and_says_what_it_is_made_of(visit: Open, served: Served) -> None:
    page = visit("/session/mia-cut")
    expect(page.get_by_test_id("made-of")).to_contain_text("from its start to 08:30")
    page.goto(served.server.url + "/session/mia-1")
    expect(page.get_by_test_id("said")).to_have_text("Grey trainers · 4 of 10, somewhat hard · “windy”")
    page.get_by_test_id("panel-mia-1").get_by_test_id("delete").click()
    expect(page.get_by_test_id("standing")).to_have_text("Deleted: it counts nowhere.")
    expect(page.get_by_test_id("panel-mia-1")).to_have_count(0)
    assert served.only_edit() == (Delete("mia-1"),)


@SIZES
def test_a_pair_is_worn_changed_and_added(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia/shoes", viewport)
    grey, flats = page.get_by_test_id("shoe-shoe-a"), page.get_by_test_id("shoe-shoe-b")
    expect(grey).to_contain_text("412.3 km in it, 51 runs")
    expect(flats).to_contain_text("at least 20.1 km")
    flats.get_by_test_id("wear-today").click()
    expect(outcome(page)).to_contain_text("20 Nov 2026: Race flats.")
    flats.get_by_test_id("wear-on").click()
    expect(outcome(page)).to_contain_text("From Fri 20 Nov 2026 on: Race flats")
    assert served.keeping.edits == [(WearShoe("shoe-b", TODAY, TODAY),), (WearShoe("shoe-b", TODAY),)]
    flats.locator("summary").click()
    flats.get_by_label("Name").fill("Old flats")
    flats.get_by_label("Drop, mm").fill("4,5")
    flats.get_by_label("Retired").check()
    flats.get_by_role("button", name="Save").click()
    expect(flats.locator("h2")).to_have_text("Old flats")
    expect(flats).to_contain_text("retired")
    expect(flats).to_contain_text("drop 4.5 mm")
    page.get_by_test_id("add-shoe").locator("summary").click()
    form = page.get_by_test_id("add-shoe-form")
    form.get_by_label("Name").fill("Grey trainers")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text("is taken")
    form.get_by_label("Name").fill("Blue")
    form.get_by_label("Run in before, km").fill("12")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_test_id("shoe-shoe-2")).to_contain_text("12.0 km in it, 0 runs")


@SIZES
def test_pods_are_given_swapped_and_put_back(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/roster", viewport)
    four = page.get_by_test_id("pod-pod-4")
    four.get_by_label("Runner").select_option("mia")
    four.locator("[name=side]").select_option("R")
    four.get_by_role("button", name="Give").click()
    expect(four.get_by_test_id("whose")).to_have_text("Mia Lindqvist, tonight (right)")
    page.get_by_test_id("swap-pod-4").get_by_label("Swap with").select_option("pod-3")
    page.get_by_test_id("swap-pod-4").get_by_role("button").click()
    expect(four.get_by_test_id("whose")).to_contain_text("Jonas Okafor, tonight")
    four.get_by_test_id("back").click()
    expect(four.get_by_test_id("whose")).to_have_text("in the box")
    page.get_by_test_id("clear-all").click()
    expect(page.get_by_test_id("until")).to_have_text("No pod is lent tonight.")
    assert [asked[0] for asked in served.roster.asked] == ["bind", "swap", "clear", "clear"]


def test_a_pod_that_is_somebodys_is_taken_only_after_a_question(visit: Open, served: Served) -> None:
    page = visit("/roster")
    card = page.get_by_test_id("pod-ada-pod")
    card.get_by_label("Runner").select_option("mia")
    card.get_by_role("button", name="Give").click()
    question = page.get_by_test_id("question")
    expect(question).to_contain_text("for good")
    page.get_by_test_id("leave-it").click()
    expect(question).to_be_hidden()
    assert served.roster.asked == []
    card.get_by_role("button", name="Give").click()
    page.get_by_test_id("take-anyway").click()
    expect(card.get_by_test_id("whose")).to_contain_text("Mia Lindqvist, tonight")
    assert served.roster.asked == [("bind", "ada-pod", "mia", "R", None, True)]


@SIZES
def test_files_are_imported_with_a_report(
    visit: Open, served: Served, viewport: dict[str, int], tmp_path: Path
) -> None:
    page = visit("/athlete/mia/data", viewport)
    first, second = f"a{viewport['width']}.fit", f"b & c{viewport['width']}.zip"
    for name in (first, second):
        (tmp_path / name).write_bytes(b"FIT")
    page.get_by_test_id("files").set_input_files([tmp_path / first, tmp_path / second])
    jobs = page.get_by_test_id("jobs")
    expect(jobs).to_contain_text(f"{first}: 1 taken, 1 refused")
    expect(jobs).to_contain_text("b.fit: broken header (send it again)")
    expect(jobs).to_contain_text(f"{second.replace('&', '_')}: 1 taken")
    assert [name for _who, name, _content in served.data.imported] == [first, second.replace("&", "_")]


def test_a_file_that_is_not_taken_says_why(visit: Open, tmp_path: Path) -> None:
    (tmp_path / "empty.fit").write_bytes(b"")
    page = visit("/athlete/mia/data")
    page.get_by_test_id("files").set_input_files(tmp_path / "empty.fit")
    expect(page.get_by_test_id("upload-problem")).to_have_text("The file was not taken: the file is empty")


def test_everything_is_downloaded(visit: Open) -> None:
    page = visit("/athlete/mia/data")
    with page.expect_download() as download:
        page.get_by_test_id("export").click()
    assert download.value.suggested_filename == "mia.zip"
    assert download.value.path().read_bytes() == b"PK of mia"
    page.goto(page.url.replace("/athlete/mia/data", "/"))
    with page.expect_download() as download:
        page.get_by_test_id("backup").click()
    assert download.value.path().read_bytes() == b"backup"


@SIZES
def test_erasing_wants_the_name_and_shows_the_receipt(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia/data", viewport)
    form = page.get_by_test_id("erase-form")
    form.get_by_label("Name of the runner").fill("mia lindqvist")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_contain_text("That is not the name; nothing was erased.")
    assert served.data.erased == []
    form.get_by_label("Name of the runner").fill("Mia Lindqvist")
    form.get_by_role("button").click()
    receipt = page.get_by_test_id("receipt")
    expect(receipt).to_contain_text("Erased. Nothing is left.")
    expect(receipt).to_contain_text("42 rows erased from the store.")
    assert served.data.erased == ["mia"]


def test_a_runners_pages_lead_to_each_other(visit: Open) -> None:
    page = visit("/")
    page.get_by_test_id("to-roster").click()
    expect(page.locator("h1")).to_have_text("Pods tonight")
    page.go_back()
    page.get_by_test_id("tile-mia").locator("a").click()
    for name in ("Today", "Runs", "Shoes", "Data", "Overview"):
        page.get_by_test_id("pages").get_by_role("link", name=name).click()
        expect(page.get_by_test_id("pages").locator("[aria-current=page]")).to_have_text(name)


@pytest.mark.parametrize("path", PATHS)
def test_pages_fit_read_well_and_can_be_hit(visit: Open, path: str) -> None:
    page = visit(path)
    unfold(page)
    if path.endswith("runs"):
        page.get_by_test_id("edit-mia-1").click()
        page.get_by_test_id("panel-mia-1").locator("svg.timeline").wait_for()
    assert everywhere(page) == {}


def test_a_question_about_a_pod_stands_in_sight_of_the_card_that_was_tapped(visit: Open, served: Served) -> None:
    page = visit("/roster")
    card = page.get_by_test_id("pod-ada-pod")
    card.get_by_label("Runner").select_option("mia")
    card.get_by_role("button", name="Give").click()
    expect(page.get_by_test_id("take-anyway")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("take-anyway").click()
    expect(page.get_by_test_id("question")).to_be_hidden()
    expect(outcome(page)).to_be_in_viewport(ratio=1)


@pytest.mark.usefixtures("often")
def test_what_is_being_chosen_for_a_pod_stays_while_somebody_gives_another(visit: Open, served: Served) -> None:
    page = visit("/roster")
    page.get_by_test_id("pod-pod-5").get_by_label("Runner").select_option("mia")
    served.roster.bind("pod-4", "jon", "R")
    expect(page.get_by_test_id("pod-pod-4").get_by_test_id("whose")).to_contain_text("Jonas", timeout=20_000)
    expect(page.get_by_test_id("pod-pod-5").get_by_label("Runner")).to_have_value("mia")


def test_a_pod_with_an_end_of_its_own_says_it(visit: Open, served: Served) -> None:
    three = served.roster.pods["pod-3"]
    assert three.line is not None
    served.roster.bind("pod-4", "mia", "R")
    early = replace(three.line, until_utc=three.line.until_utc - timedelta(hours=2))
    served.roster.pods["pod-3"] = replace(three, line=early)
    page = visit("/roster")
    expect(page.get_by_test_id("pod-pod-3")).to_contain_text("Until")
    expect(page.get_by_test_id("pod-pod-4")).not_to_contain_text("Until")


@pytest.mark.usefixtures("often")
def test_what_is_typed_about_a_pair_stays_while_somebody_runs_in_it(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/shoes")
    grey = page.get_by_test_id("shoe-shoe-a")
    grey.locator("summary").click()
    grey.get_by_label("Name").fill("Grey, secon")
    view = served.keeping.view
    served.keeping.view = replace(view, shoes=(ShoeUse("shoe-a", 415_000.0, 415_000.0, 1), *view.shoes[1:]))
    expect(grey).to_contain_text("415.0 km in it, 1 run", timeout=20_000)
    expect(grey.get_by_label("Name")).to_have_value("Grey, secon")


def test_the_pair_of_today_and_the_one_worn_otherwise_are_marked(visit: Open, served: Served) -> None:
    served.keeping.view = replace(served.keeping.view, shoe_default="shoe-b")
    page = visit("/athlete/mia/shoes")
    expect(page.get_by_test_id("shoe-shoe-a")).to_contain_text("today's pair")
    expect(page.get_by_test_id("shoe-shoe-b")).to_contain_text("worn until you say another")
    expect(page.get_by_test_id("shoe-shoe-a")).not_to_contain_text("worn until")


def test_a_pod_that_fits_several_places_is_given_with_its_place(visit: Open, served: Served) -> None:
    page = visit("/roster")
    four = page.get_by_test_id("pod-pod-4")
    four.get_by_label("Runner").select_option("mia")
    four.get_by_label("Worn on").select_option("shank")
    four.get_by_role("button", name="Give").click()
    expect(four.get_by_test_id("whose")).to_contain_text("Mia Lindqvist, tonight")
    line = served.roster.pods["pod-4"].line
    assert line is not None
    assert line.mount == "shank"


def test_a_long_note_of_an_import_does_not_make_a_phone_scroll_sideways(
    visit: Open, served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken = FilesTaken({"refused": 30}, tuple(f"{n}.fit: text that begins '{'x' * 120}'" for n in range(30)))
    monkeypatch.setattr(served.data, "import_file", lambda *_: taken)
    file = tmp_path / "many.zip"
    file.write_bytes(b"PK")
    page = visit("/athlete/mia/data")
    page.get_by_test_id("files").set_input_files(file)
    expect(page.get_by_test_id("jobs").locator("li").first).to_contain_text("and 10 more")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
