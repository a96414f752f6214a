"""Keeping a history in a real browser, over a scripted one: every flow, on a phone and on a desk."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sensor_hub.adapters.web import WebServer, WriteSide, create_app
from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Edit,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
    WearShoe,
)
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.history import KeptSession, ShoeUse
from sensor_hub.model.ports import FilesTaken
from tests import need
from tests.adapters.web.history import ScriptedData, ScriptedHistory, ScriptedRoster, at, session
from tests.adapters.web.hub import TODAY, ScriptedHub
from tests.e2e.test_pages import DESK, FLAGS, LOW_CONTRAST, PHONE

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
PATHS = ["/athlete/mia/runs", "/athlete/mia/shoes", "/athlete/mia/data", "/roster", "/session/mia-1"]
# Controls that a finger has to hit: what is lower or narrower than 44 px, and what no screen reader can name.
TOO_SMALL = """
() => [...document.querySelectorAll('.page a, .page button, .page input, .page select, .page textarea, .page summary')]
  .filter((e) => e.checkVisibility() && !['checkbox', 'file'].includes(e.type))
  .map((e) => [e.textContent || e.name, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 24)
  .map(([text, box]) => [text, box.width, box.height])
"""
NAMELESS = """
() => [...document.querySelectorAll('.page input:not([type=hidden]), .page select, .page textarea, .page button')]
  .filter((e) => !(e.ariaLabel || e.textContent.trim() && e.tagName === 'BUTTON'
    || [...(e.labels ?? [])].some((l) => l.textContent.trim())))
  .map((e) => e.outerHTML)
"""


class SteppingHub(ScriptedHub):
    """Its newest run has a step every third of a second over an hour."""

    def steps(self, sid: str) -> StepTable:
        if sid != "mia-1":
            return super().steps(sid)
        n = 3 * 59 * 60
        times = int(at(20, 9, 30).timestamp() * 1e6) + 333_333 * np.arange(n)
        columns = {name: np.full(n, 0.25) for name in FLOAT_COLUMNS}
        columns["step_time_s"] = 0.34 + 0.02 * np.sin(np.arange(n) / 900)
        return StepTable(
            time_utc_us=times, side=np.full(n, "U"), gait=np.full(n, "run"),
            step_time_origin=np.full(n, "measured"), **columns,
        )  # fmt: skip


@dataclass
class Served:
    server: WebServer
    keeping: ScriptedHistory
    data: ScriptedData
    roster: ScriptedRoster

    def only_edit(self) -> tuple[Edit, ...]:
        (edits,) = self.keeping.edits
        return edits


Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = need.command("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    keeping, data, roster = ScriptedHistory(), ScriptedData(), ScriptedRoster()
    writing = WriteSide(keeping, data=data, roster=roster, new_sid=lambda start: f"new-{start:%d-%H%M%S}")
    server = WebServer(create_app(SteppingHub(), writing), port=0)
    server.start()
    yield Served(server, keeping, data, roster)
    server.stop()


@pytest.fixture
def served(running: Served) -> Served:
    """What is behind the pages, as it was in the beginning."""
    running.keeping.begin_anew()
    running.data.begin_anew()
    running.roster.begin_anew()
    return running


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Open]:
    """Open a page that may neither complain on its console nor ask any other host."""
    contexts = []
    complaints: list[str] = []

    def open_page(path: str, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served.server.url + path)
        page.wait_for_selector(".page")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def unfold(page: Page) -> None:
    for summary in page.locator(".page details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()


def outcome(page: Page) -> Any:
    return page.get_by_test_id("outcome-text")


@SIZES
def test_one_run_or_two_is_answered_by_a_tap(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia/runs", viewport)
    asked = page.get_by_test_id("offer-mia-pod")
    expect(asked).to_contain_text("One run, recorded 2 times?")
    asked.get_by_test_id("same-run").click()
    expect(asked).to_have_count(0)
    assert served.only_edit() == (Link(("mia-pod", "mia-watch")),)
    expect(outcome(page)).to_contain_text("The same run:")
    page.get_by_test_id("outcome-undo").click()
    expect(outcome(page)).to_contain_text("Taken back.")
    assert served.keeping.undone == ["n1-0"]
    assert set(served.keeping.by) == {"page"}


def test_different_runs_are_said_to_be_different(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("different-runs").click()
    expect(outcome(page)).to_be_visible()
    assert served.only_edit() == (Distinct(("mia-pod", "mia-watch")),)


@SIZES
@pytest.mark.parametrize("mark", ["rested", "not-recorded"])
def test_days_without_a_record_are_answered_by_a_tap(
    visit: Open, served: Served, viewport: dict[str, int], mark: Any
) -> None:
    page = visit("/athlete/mia/runs", viewport)
    asked = page.get_by_test_id("days-2026-10-20")
    expect(asked).to_contain_text("20 to 29 Oct 2026: no record. Rested, or not recorded?")
    asked.get_by_test_id(mark).click()
    expect(asked).to_have_count(0)
    assert served.only_edit() == (MarkDays(date(2026, 10, 20), date(2026, 10, 29), mark),)


def test_an_answer_about_days_can_be_taken_back(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("days").locator("summary").click()
    page.get_by_test_id("unsay").click()
    expect(outcome(page)).to_be_visible()
    assert served.only_edit() == (MarkDays(date(2026, 9, 1), date(2026, 9, 9), "unsaid"),)


@SIZES
def test_a_run_is_added_by_hand(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia/runs", viewport)
    page.get_by_test_id("add-run").locator("summary").click()
    form = page.get_by_test_id("add-run-form")
    form.get_by_label("Day", exact=True).fill("2026-11-19")
    form.get_by_label("Began at").fill("07:30")
    form.get_by_label("Distance, km").fill("8,2")
    form.get_by_label("Time", exact=False).filter(has_not_text="x").last.fill("45:30")
    form.get_by_label("Effort").select_option("4")
    form.get_by_label("Surface").select_option("treadmill")
    form.get_by_label("Shoes").select_option("shoe-a")
    form.get_by_label("Note").fill("hot & <b>windy</b>")
    form.get_by_role("button", name="Add").click()
    expect(outcome(page)).to_contain_text("Put in by hand: run of Thu 19 Nov 2026 07:30, 8.20 km in 0:45:30")
    start = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
    sid = "new-19-063000"
    assert served.only_edit() == (
        AddRun(sid, start, True, 2730.0, 8200.0, 4.0, "run", "treadmill"),
        Tell(sid, "shoe-a", None, "hot & <b>windy</b>"),
    )
    row = page.get_by_test_id(f"run-{sid}")
    expect(row).to_contain_text("8.2 km")
    expect(form.get_by_label("Distance, km")).to_have_value("")


def test_a_run_of_which_nothing_is_known_is_added_as_unknown(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    page.get_by_test_id("add-run-form").get_by_role("button", name="Add").click()
    expect(outcome(page)).to_contain_text("distance and time not known")
    (run,) = served.only_edit()
    assert run == AddRun("new-20-110000", datetime(2026, 11, 20, 11, tzinfo=UTC), False)
    row = page.get_by_test_id("run-new-20-110000")
    for words in ("distance not known", "time not known", "load not known"):
        expect(row).to_contain_text(words)


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("day", "", "Say on which day."),
        ("day", "2026-11-21", "That day is yet to come."),
        ("km", "eight", "Distance: a number from 0 to 500"),
        ("km", "501", "Distance: a number from 0 to 500"),
        ("duration", "45:99", "Time: such as 45:30 or 1:05:00"),
        ("duration", "0:00", "Time: such as 45:30 or 1:05:00"),
    ],
)
def test_what_cannot_be_is_said_beneath_the_form_and_nothing_is_lost(
    visit: Open, served: Served, field: str, wrong: str, said: str
) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    form = page.get_by_test_id("add-run-form")
    form.get_by_label("Note").fill("keep me")
    form.locator(f"[name={field}]").fill(wrong)
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text(said)
    expect(form.get_by_label("Note")).to_have_value("keep me")
    assert served.keeping.edits == []


def test_a_time_that_the_clocks_skipped_is_refused(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    form = page.get_by_test_id("add-run-form")
    for day, time, said in (("2026-03-29", "02:30", "no 02:30:00"), ("2026-10-25", "02:30", "twice on that day")):
        form.locator("[name=day]").fill(day)
        form.locator("[name=at]").fill(time)
        form.get_by_role("button", name="Add").click()
        expect(form.get_by_role("alert")).to_contain_text(said)
    assert served.keeping.edits == []


@SIZES
def test_a_run_is_deleted_with_what_became_of_findings_and_undo(
    visit: Open, served: Served, viewport: dict[str, int]
) -> None:
    page = visit("/athlete/mia/runs", viewport)
    page.get_by_test_id("edit-mia-1").click()
    page.get_by_test_id("panel-mia-1").get_by_test_id("delete").click()
    expect(outcome(page)).to_have_text("Deleted the run of Fri 20 Nov 2026 10:30. Findings: 1 withdrawn.")
    row = page.get_by_test_id("run-mia-1")
    expect(row).to_have_class(re.compile("kept-deleted"))
    expect(row).to_contain_text("Deleted: it counts nowhere.")
    assert served.only_edit() == (Delete("mia-1"),)
    page.get_by_test_id("outcome-undo").click()
    expect(outcome(page)).to_contain_text("Taken back.")
    page.get_by_test_id("outcome-close").click()
    expect(page.get_by_test_id("outcome")).to_be_hidden()


@SIZES
def test_a_part_is_kept_and_what_would_go_is_shaded_before(
    visit: Open, served: Served, viewport: dict[str, int]
) -> None:
    page = visit("/athlete/mia/runs", viewport)
    page.get_by_test_id("edit-mia-1").click()
    panel = page.get_by_test_id("panel-mia-1")
    picture = panel.locator("svg.timeline")
    expect(picture.locator("polyline")).to_have_count(2)
    expect(picture.locator(".gone")).to_have_count(0)
    expect(panel.get_by_label("Keep from")).to_have_value("10:30:00")
    expect(panel.get_by_label("Keep until")).to_have_value("11:29:00")
    panel.get_by_label("Keep until").fill("11:00:00")
    expect(picture.locator(".gone")).to_have_attribute("x", f"{240 * 30 / 59:.2f}")
    panel.get_by_role("button", name="Keep this part").click()
    expect(outcome(page)).to_contain_text("Kept the run of Fri 20 Nov 2026 10:30 until 11:00.")
    assert served.only_edit() == (Trim("mia-1", None, at(20, 10, 0)),)


def test_a_part_outside_the_run_is_refused(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-1").click()
    form = page.get_by_test_id("trim")
    form.get_by_label("Keep until").fill("12:00:00")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_have_text("12:00:00 is not within this run.")
    form.get_by_label("Keep until").fill("11:29:00")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_have_text("Nothing was changed.")
    assert served.keeping.edits == []


def test_a_run_is_cut_in_two_and_joined(visit: Open, served: Served) -> None:
    after = KeptSession(session("mia-after", at(20, 10, 40), 3.0, 17, load=3.1), "counts")
    served.keeping.view = replace(served.keeping.view, sessions=(after, *served.keeping.view.sessions))
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-1").click()
    page.get_by_test_id("split").get_by_label("Cut in two at").fill("11:00:30")
    page.get_by_test_id("split").get_by_role("button").click()
    expect(outcome(page)).to_contain_text("Split the run of Fri 20 Nov 2026 10:30 at 11:00:30.")
    at_utc = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)
    assert served.keeping.edits[0] == (Split("mia-1", at_utc, "new-20-100030"),)
    page.get_by_test_id("edit-mia-pod").click()
    page.get_by_test_id("panel-mia-pod").get_by_test_id("delete").wait_for()
    expect(page.get_by_test_id("join-mia-watch")).to_have_count(0)  # it overlaps: the same run, or none to join
    page.get_by_test_id("edit-mia-after").click()
    page.get_by_test_id("panel-mia-after").get_by_test_id("join-mia-1").click()
    expect(outcome(page)).to_contain_text("Made one of")
    assert served.keeping.edits[1] == (Merge(("mia-after", "mia-1")),)


@SIZES
def test_what_a_run_was_is_put_right(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia/runs", viewport)
    page.get_by_test_id("edit-mia-1").click()
    form = page.get_by_test_id("put-right")
    expect(form.get_by_label("Effort")).to_have_value("4")
    expect(form.get_by_label("Note")).to_have_value("windy")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("Nothing was changed.")
    form.locator("[name=ledger]").select_option("walk")
    form.get_by_label("Surface").select_option("treadmill")
    form.get_by_label("Shoes").select_option("shoe-b")
    form.get_by_label("Effort").select_option("")
    form.get_by_label("Runner").select_option("jon")
    form.get_by_label("Note").fill("indoors")
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("it is Jonas Okafor's")
    assert served.only_edit() == (
        Change("mia-1", "jon", "walk", "treadmill"),
        Tell("mia-1", "shoe-b", None, "indoors", ("effort",)),
    )


def test_an_edit_that_cannot_be_is_said_and_offers_no_undo(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-1").click()
    served.keeping.refused = "the session still runs (end it first)"
    page.get_by_test_id("panel-mia-1").get_by_test_id("delete").click()
    expect(outcome(page)).to_have_text("Nothing was changed: the session still runs (end it first)")
    expect(page.get_by_test_id("outcome-undo")).to_be_hidden()


@SIZES
def test_every_line_of_the_journal_is_undone_and_done_again(
    visit: Open, served: Served, viewport: dict[str, int]
) -> None:
    page = visit("/athlete/mia/runs", viewport)
    page.get_by_test_id("journal").locator("summary").click()
    line = page.get_by_test_id("entry-e3")
    expect(line).to_contain_text("Deleted the run of Fri 13 Nov 2026 08:00.")
    line.get_by_test_id("undo-entry").click()
    expect(line).to_have_class(re.compile("undone"))
    expect(line).to_contain_text("taken back")
    line.get_by_role("button", name="Do again").click()
    expect(line).not_to_have_class(re.compile("undone"))
    assert served.keeping.undone == ["e3", "e3"]


def test_sources_are_moved_and_asking_is_unticked(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("sources").locator("summary").click()
    page.get_by_test_id("up-watch").click()
    expect(outcome(page)).to_contain_text("watch, sensor, log, by hand")
    page.get_by_test_id("sources").get_by_label("Ask me").uncheck()
    page.get_by_test_id("ask-form").get_by_role("button").click()
    expect(outcome(page)).to_contain_text("linked without asking")
    assert served.keeping.edits == [
        (Prefer(("watch", "sensor", "log", "by-hand")),), (Prefer(ask=False),)
    ]  # fmt: skip


def test_what_was_typed_stays_when_something_else_on_the_page_changes(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    page.get_by_test_id("add-run-form").get_by_label("Distance, km").fill("7")
    page.get_by_test_id("add-run-form").locator("[name=day]").fill("2026-11-01")
    page.get_by_test_id("rested").click()
    expect(page.get_by_test_id("days-2026-10-20")).to_have_count(0)
    expect(page.get_by_test_id("add-run-form").get_by_label("Distance, km")).to_have_value("7")
    expect(page.get_by_test_id("add-run-form").locator("[name=day]")).to_have_value("2026-11-01")


def test_a_run_that_does_not_count_says_why_and_what_counts_instead(visit: Open) -> None:
    page = visit("/athlete/mia/runs")
    row = page.get_by_test_id("run-mia-edge2")
    expect(row).to_contain_text("same run")
    expect(row).to_contain_text("which counts in its place (two gateways heard it live)")


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


def test_a_file_that_is_not_taken_says_why(visit: Open, served: Served, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "empty.fit").write_bytes(b"")
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(served.server.url + "/athlete/mia/data")
    page.get_by_test_id("files").set_input_files(tmp_path / "empty.fit")
    expect(page.get_by_test_id("upload-problem")).to_have_text("The file was not taken: the file is empty")
    context.close()


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


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_pages_fit_read_well_and_can_be_hit(visit: Open, viewport: dict[str, int], scheme: str, path: str) -> None:
    page = visit(path, viewport, color_scheme=scheme)
    unfold(page)
    if path.endswith("runs"):
        page.get_by_test_id("edit-mia-1").click()
        page.get_by_test_id("panel-mia-1").locator("svg.timeline").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate(LOW_CONTRAST) == []
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate(NAMELESS) == []


def test_a_run_is_deleted_with_the_keyboard_alone(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-1").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("panel-mia-1").wait_for()
    page.get_by_test_id("delete").focus()
    page.keyboard.press("Space")
    expect(outcome(page)).to_contain_text("Deleted the run")
    assert served.only_edit() == (Delete("mia-1"),)


def test_what_is_typed_into_a_panel_stays_while_other_sessions_come_and_grow(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-pod").click()
    note = page.get_by_test_id("panel-mia-pod").get_by_label("Note")
    note.fill("half a senten")
    view = served.keeping.view
    served.keeping.view = replace(
        view, sessions=(KeptSession(session("mia-new", at(20, 12), 1.0, 5), "counts"), *view.sessions)
    )
    expect(page.get_by_test_id("run-mia-new")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-testid^=run-]").first).to_have_attribute("data-testid", "run-mia-new")
    expect(note).to_have_value("half a senten")


def test_a_question_about_a_pod_stands_in_sight_of_the_card_that_was_tapped(visit: Open, served: Served) -> None:
    page = visit("/roster")
    card = page.get_by_test_id("pod-ada-pod")
    card.get_by_label("Runner").select_option("mia")
    card.get_by_role("button", name="Give").click()
    expect(page.get_by_test_id("take-anyway")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("take-anyway").click()
    expect(page.get_by_test_id("question")).to_be_hidden()
    expect(outcome(page)).to_be_in_viewport(ratio=1)


def test_what_is_being_chosen_for_a_pod_stays_while_somebody_gives_another(visit: Open, served: Served) -> None:
    page = visit("/roster")
    page.get_by_test_id("pod-pod-5").get_by_label("Runner").select_option("mia")
    served.roster.bind("pod-4", "jon", "R")
    expect(page.get_by_test_id("pod-pod-4").get_by_test_id("whose")).to_contain_text("Jonas", timeout=10_000)
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


def test_what_is_typed_about_a_pair_stays_while_somebody_runs_in_it(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/shoes")
    grey = page.get_by_test_id("shoe-shoe-a")
    grey.locator("summary").click()
    grey.get_by_label("Name").fill("Grey, secon")
    view = served.keeping.view
    served.keeping.view = replace(view, shoes=(ShoeUse("shoe-a", 415_000.0, 415_000.0, 1), *view.shoes[1:]))
    expect(grey).to_contain_text("415.0 km in it, 1 run", timeout=15_000)
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


@contextmanager
def slow(served: Served, monkeypatch: pytest.MonkeyPatch, what: str) -> Iterator[threading.Event]:
    """The hub takes its time over something until the event is set."""
    go, real = threading.Event(), getattr(served.keeping, what)

    def waits(*told: Any, **more: Any) -> Any:
        go.wait(10)
        return real(*told, **more)

    monkeypatch.setattr(served.keeping, what, waits)
    yield go
    go.set()


def test_a_second_tap_on_a_slow_hub_adds_no_second_run(
    visit: Open, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    button = page.get_by_test_id("add-run-form").get_by_role("button", name="Add")
    with slow(served, monkeypatch, "edit") as go:
        button.click()
        expect(button).to_have_attribute("aria-disabled", "true")
        button.click(force=True)
        page.get_by_test_id("journal").locator("summary").click()
        page.get_by_test_id("entry-e3").wait_for()  # what came before it has come
        go.set()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert [type(edits[0]) for edits in served.keeping.edits].count(AddRun) == 1


def test_a_second_tap_on_undo_does_not_do_it_again(
    visit: Open, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("journal").locator("summary").click()
    button = page.get_by_test_id("entry-e3").get_by_test_id("undo-entry")
    with slow(served, monkeypatch, "undo") as go:
        button.click()
        button.click()
        go.set()
        expect(button).to_have_text("Do again")
    assert served.keeping.undone == ["e3"]


def test_undo_of_what_somebody_undid_meanwhile_leaves_it_undone(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("journal").locator("summary").click()
    button = page.get_by_test_id("entry-e3").get_by_test_id("undo-entry")
    expect(button).to_have_text("Undo")
    served.keeping.undo("mia", by="cli", entry="e3")
    button.click()
    expect(outcome(page)).to_contain_text("Taken back.")
    assert "e3" in served.keeping.view.undone


def test_a_page_that_stood_open_overnight_takes_the_run_of_this_morning(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    day = page.get_by_test_id("add-run-form").locator("[name=day]")
    morning = (TODAY + timedelta(days=1)).isoformat()
    served.keeping.view = replace(served.keeping.view, today=TODAY + timedelta(days=1))
    expect(day).to_have_attribute("max", morning, timeout=15_000)
    day.fill(morning)
    page.get_by_test_id("add-run-form").get_by_role("button", name="Add").click()
    expect(outcome(page)).to_contain_text("Put in by hand")
