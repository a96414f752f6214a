"""A runner's runs kept in a real browser, over a scripted history: every flow, on a phone and on a desk."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from sensor_hub.adapters.web import runs_page
from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
)
from sensor_hub.model.history import KeptSession
from tests.adapters.web.history import at, session
from tests.adapters.web.hub import TODAY
from tests.e2e.conftest import DESK, PHONE
from tests.e2e.keeping import SIZES, Open, Served, outcome, running, served, visit

pytestmark = pytest.mark.browser
__all__ = ["running", "served", "visit"]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages look more often at what others have changed, so that nobody waits for it."""
    monkeypatch.setattr(runs_page, "HISTORY_POLL_S", 0.3)


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


@pytest.mark.parametrize(
    ("viewport", "mark"),
    [
        pytest.param(PHONE, "rested", id="rested-phone"),
        pytest.param(DESK, "not-recorded", id="not-recorded-desk"),
        pytest.param(PHONE, "not-recorded", id="not-recorded-phone", marks=pytest.mark.thorough),
        pytest.param(DESK, "rested", id="rested-desk", marks=pytest.mark.thorough),
    ],
)
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


def test_what_cannot_be_is_said_beneath_the_form_and_nothing_is_lost(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    form = page.get_by_test_id("add-run-form")
    form.get_by_label("Note").fill("keep me")
    for field, wrong, said in (  # one after another says something else, so that none is seen for the next
        ("day", "", "Say on which day."),
        ("km", "eight", "Distance: a number from 0 to 500"),
        ("day", "2026-11-21", "That day is yet to come."),
        ("duration", "45:99", "Time: such as 45:30 or 1:05:00"),
        ("km", "501", "Distance: a number from 0 to 500"),
        ("duration", "0:00", "Time: such as 45:30 or 1:05:00"),
    ):
        box = form.locator(f"[name={field}]")
        right = box.input_value()
        box.fill(wrong)
        form.get_by_role("button", name="Add").click()
        expect(form.get_by_role("alert")).to_contain_text(said)
        expect(form.get_by_label("Note")).to_have_value("keep me")
        box.fill(right)
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


def test_a_run_is_deleted_with_the_keyboard_alone(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-1").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("panel-mia-1").wait_for()
    page.get_by_test_id("delete").focus()
    page.keyboard.press("Space")
    expect(outcome(page)).to_contain_text("Deleted the run")
    assert served.only_edit() == (Delete("mia-1"),)


@pytest.mark.usefixtures("often")
def test_what_is_typed_into_a_panel_stays_while_other_sessions_come_and_grow(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("edit-mia-pod").click()
    note = page.get_by_test_id("panel-mia-pod").get_by_label("Note")
    note.fill("half a senten")
    view = served.keeping.view
    served.keeping.view = replace(
        view, sessions=(KeptSession(session("mia-new", at(20, 12), 1.0, 5), "counts"), *view.sessions)
    )
    expect(page.get_by_test_id("run-mia-new")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-testid^=run-]").first).to_have_attribute("data-testid", "run-mia-new")
    expect(note).to_have_value("half a senten")


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


@pytest.mark.usefixtures("often")
def test_a_page_that_stood_open_overnight_takes_the_run_of_this_morning(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs")
    page.get_by_test_id("add-run").locator("summary").click()
    day = page.get_by_test_id("add-run-form").locator("[name=day]")
    morning = (TODAY + timedelta(days=1)).isoformat()
    served.keeping.view = replace(served.keeping.view, today=TODAY + timedelta(days=1))
    expect(day).to_have_attribute("max", morning, timeout=20_000)
    day.fill(morning)
    page.get_by_test_id("add-run-form").get_by_role("button", name="Add").click()
    expect(outcome(page)).to_contain_text("Put in by hand")
