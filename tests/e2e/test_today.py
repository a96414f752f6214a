"""The screen of today over a scripted hub: every state, whoever looks, on a phone and on a desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sensor_hub.adapters.web import WebServer
from sensor_hub.model.diary import ConsentCategory, SayPain, SaySymptoms
from sensor_hub.model.edit import AddRun
from sensor_hub.model.load import Headroom
from tests.adapters.web.guiding import NOW
from tests.adapters.web.hub import headroom, roster
from tests.adapters.web.world import World
from tests.e2e.axe import serious, serious_everywhere
from tests.e2e.conftest import PHONE, Looker
from tests.e2e.faults import everywhere

pytestmark = pytest.mark.browser
EVERYTHING: frozenset[ConsentCategory] = frozenset(("load", "pain", "medication"))


class Served:
    """A world on a server."""

    def __init__(self) -> None:
        self.world = World()
        self.server = WebServer(self.world.app, port=0)

    def open(self, look: Looker, viewport: dict[str, int] = PHONE, who: str = "", **options: Any) -> Page:
        """Open Mia's screen, as the hub's own machine or as somebody who has signed in."""
        cookies = []
        if who:
            self.world.accounts.now_utc = datetime.now(UTC)
            self.world.fill()
            secret = self.world.accounts.enter(who).secret
            cookies = [{"name": "sensor-hub", "value": secret, "url": self.server.url}]
        page = look(f"{self.server.url}/athlete/mia/today", viewport, cookies, **options)
        page.get_by_test_id("rings").wait_for()
        return page


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    served = Served()
    served.server.start()
    yield served
    served.server.stop()


@pytest.fixture
def served(running: Served) -> Served:
    running.world.begin_anew()
    running.world.hub.roster = roster()
    return running


def room(served: Served, *rooms: Headroom) -> None:
    served.world.hub.change("mia", headroom=rooms)


def test_it_can_be_read_and_used_by_everybody(served: Served, look: Looker) -> None:
    page = served.open(look)
    for opened in (False, True):
        if opened:
            page.get_by_test_id("open-add-sheet").click()
            page.get_by_test_id("add-run").locator("summary").click()
        assert serious_everywhere(page) == {}
        assert everywhere(page) == {}


def test_while_a_run_goes_on_its_numbers_come_first_and_turn_grey_when_nothing_is_heard(
    served: Served, look: Looker
) -> None:
    served.world.hub.change("mia", contact_balance_left=0.512, balance_beside=None)
    page = served.open(look)
    live = page.get_by_test_id("live-run")
    expect(live.get_by_test_id("cadence")).to_have_text("172")
    expect(live.get_by_test_id("contact")).to_have_text("241")
    expect(live.get_by_test_id("balance")).to_have_text("51.2")
    expect(live.get_by_test_id("balance-reason")).to_have_text("longer on the left")
    expect(live.get_by_test_id("live-remark")).to_contain_text("Recorded: 97\u00a0%")
    served.world.hub.change("mia", cadence_spm=168.0)
    expect(live.get_by_test_id("cadence")).to_have_text("168")
    served.world.hub.change("mia", age_s=7.0)
    expect(live.get_by_test_id("live-remark")).to_contain_text("7 s ago")
    expect(live).to_have_class("card live-run stale")
    served.world.hub.change("mia", tier=None, state="idle")
    expect(live).to_be_hidden()


def test_a_value_that_is_not_known_is_a_dash_with_its_reason(served: Served, look: Looker) -> None:
    served.world.hub.change("mia", contact_time_s=None, contact_balance_left=None)
    room(served, headroom("load_eq_km", None, None, "no-history"))
    page = served.open(look)
    expect(page.get_by_test_id("contact")).to_have_text("–")
    expect(page.get_by_test_id("contact-reason")).to_have_text("no contact time yet")
    expect(page.get_by_test_id("balance")).to_have_text("–")
    expect(page.get_by_test_id("left-load_eq_km")).to_have_text("–")
    expect(page.get_by_test_id("ring-load_eq_km")).to_have_class("ring ring-unknown")
    expect(page.get_by_test_id("ring-load_eq_km").get_by_role("img")).to_have_attribute(
        "aria-label", "Push-off load (modelled): headroom not known, no earlier run with a known value in the last 30 "
        "days."
    )  # fmt: skip


def test_above_the_limit_a_ring_says_by_how_much(served: Served, look: Looker) -> None:
    page = served.open(look)
    ring = page.get_by_test_id("ring-load_eq_km")
    expect(ring).to_have_class("ring ring-above")
    expect(page.get_by_test_id("left-load_eq_km")).to_have_text("+1.2")
    expect(ring).to_contain_text("eq-km above")
    assert ring.locator(".ring-over").get_attribute("d") != "M0 0"


def test_under_a_stop_there_is_no_headroom_and_the_verdict_says_it_first(served: Served, look: Looker) -> None:
    served.world.guide.say("mia", [SaySymptoms(NOW, ("pop",))], by="test")
    held = replace(headroom("load_eq_km", 11.0, 3.0), left=None, reason="held")
    room(served, held)
    page = served.open(look)
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_attribute("data-standing", "red-flag")
    expect(page.get_by_test_id("verdict-emergency")).to_be_visible()
    expect(page.get_by_test_id("left-load_eq_km")).to_have_text("–")
    expect(page.get_by_test_id("note-load_eq_km")).to_have_text("a sign that needs medical care now")
    assert serious(page) == []


def test_the_question_of_the_morning_takes_two_taps_and_can_be_taken_back(served: Served, look: Looker) -> None:
    served.world.hub.change("mia", tier=None, state="idle")
    page = served.open(look)
    ask = page.get_by_test_id("guide-asks")
    assert ask.evaluate("e => e.getBoundingClientRect().bottom") <= PHONE["height"]
    page.get_by_test_id("level-3").first.click()
    page.get_by_test_id("save-3").click()
    expect(page.get_by_test_id("outcome-text").first).to_contain_text("3")
    ((line,),) = served.world.guide.said
    assert isinstance(line, SayPain)
    assert (line.level, served.world.guide.by) == (3.0, ["page"])
    page.get_by_test_id("outcome-undo").first.click()
    expect(page.get_by_test_id("outcome-text").first).to_contain_text("Taken back")
    assert len(served.world.guide.undone) == 1


def test_a_run_is_told_by_hand_in_the_sheet(served: Served, look: Looker) -> None:
    page = served.open(look)
    page.get_by_test_id("open-add-sheet").click()
    sheet = page.get_by_test_id("add-sheet")
    sheet.get_by_text("Or say it by hand").click()
    form = sheet.get_by_test_id("add-run-form")
    form.locator("[name=day]").fill(date(2026, 11, 19).isoformat())
    form.locator("[name=km]").fill("5,5")
    form.get_by_role("button", name="Add").click()
    expect(sheet.get_by_test_id("outcome-text")).to_contain_text("5.5")
    ((edit,),) = served.world.keeping.edits
    assert isinstance(edit, AddRun)
    assert edit.distance_m == 5500
    served.world.keeping.refused = "another run is there at that time"
    form.locator("[name=km]").fill("6")
    form.get_by_role("button", name="Add").click()
    expect(sheet.get_by_test_id("outcome-text")).to_contain_text("another run is there at that time")
    assert serious(page) == []


def test_a_coach_without_consent_sees_no_diary_and_changes_nothing(served: Served, look: Looker) -> None:
    page = served.open(look, who="coach-mia")
    expect(page.get_by_test_id("state-line")).to_contain_text("Above limit")
    for hidden in ("verdict", "guide-asks", "open-add-sheet"):
        expect(page.get_by_test_id(hidden)).to_have_count(0)
    assert "their own runs" in (page.get_by_test_id("rings").text_content() or "")


def test_a_coach_with_consent_reads_and_does_not_answer(served: Served, look: Looker) -> None:
    served.world.guide.allowed["mia"] = EVERYTHING
    page = served.open(look, who="coach-mia")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    expect(page.get_by_test_id("level-3")).to_have_count(0)
    expect(page.get_by_test_id("open-add-sheet")).to_have_count(0)


def test_a_runner_sees_and_does_everything_of_their_own(served: Served, look: Looker) -> None:
    page = served.open(look, who="mia")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    expect(page.get_by_test_id("level-3").first).to_be_visible()
    expect(page.get_by_test_id("open-add-sheet")).to_be_visible()


def test_why_the_numbers_stand_still_is_said(served: Served, look: Looker) -> None:
    page = served.open(look)
    served.world.hub.broken = True
    try:
        expect(page.get_by_test_id("trouble")).to_contain_text("disk is full")
    finally:
        served.world.hub.broken = False
    expect(page.get_by_test_id("trouble")).to_be_hidden()
