"""The athlete page in a real browser, over a scripted hub: findings that are marked, charts, what stands beside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sensor_hub.adapters.web import WebServer, WriteSide, create_app
from sensor_hub.errors import RegistryError
from sensor_hub.model.diary import SayPain
from sensor_hub.model.edit import Delete, Entry
from tests.adapters.web.guiding import ScriptedGuide
from tests.adapters.web.guiding import entry as line
from tests.adapters.web.history import ScriptedData, ScriptedHistory
from tests.adapters.web.hub import NOW, ScriptedHub, ScriptedMarks, finding, roster
from tests.e2e.axe import serious_everywhere
from tests.e2e.conftest import DESK, Looker
from tests.e2e.faults import everywhere

pytestmark = pytest.mark.browser
OF_DISTANCE = finding(measure="distance_m", value=11_900.0, reference=10_200.0, limit=11_220.0, probability=1.0)


class Served:
    """A hub behind a server, and everything a test changes of it."""

    def __init__(self) -> None:
        self.hub, self.marks, self.guide = ScriptedHub(), ScriptedMarks(), ScriptedGuide()
        self.history = ScriptedHistory()
        self.hub.marks = self.marks
        self.now_utc = NOW
        writing = WriteSide(
            self.history, ScriptedData(), guide=self.guide, marks=self.marks, now_utc=lambda: self.now_utc
        )
        self.server = WebServer(create_app(self.hub, writing), port=0)

    def begin_anew(self) -> None:
        self.hub.roster, self.hub.withdrawn, self.now_utc = roster(), (), NOW
        self.hub.broken, self.hub.problem = False, None
        for part in (self.marks, self.guide, self.history):
            part.begin_anew()

    @property
    def page(self) -> str:
        return f"{self.server.url}/athlete/mia"


@pytest.fixture(scope="module")
def one() -> Iterator[Served]:
    served = Served()
    served.server.start()
    yield served
    served.server.stop()


@pytest.fixture
def served(one: Served) -> Served:
    one.begin_anew()
    return one


def ready(page: Page) -> Page:
    page.wait_for_function("() => window.did_handshake")
    return page


def of(page: Page, finding_id: str) -> Locator:
    return page.get_by_test_id(f"finding-{finding_id}")


def unfold(page: Page, testid: str) -> None:
    page.get_by_test_id(testid).locator("summary").first.click()


def test_what_was_seen_folds_away_stays_so_and_comes_back_when_it_rises(look: Looker, served: Served) -> None:
    page = ready(look(served.page))
    top = finding()
    expect(page.get_by_test_id("findings").locator("article")).to_have_count(1)
    of(page, top.id).get_by_test_id("acknowledge").click()
    expect(page.get_by_test_id("marked-findings").locator("summary").first).to_have_text("Seen / later (1)")
    expect(page.get_by_test_id("findings").locator("article")).to_have_attribute(
        "data-testid", f"finding-{OF_DISTANCE.id}"
    )
    expect(page.get_by_test_id("live")).to_have_text("Marked as seen. It stands under “Seen / later”.")
    assert [(m.finding, m.until_utc) for m in served.marks.made] == [(top.id, None)]
    page.reload()
    ready(page)
    unfold(page, "marked-findings")
    note = of(page, top.id).get_by_test_id("finding-note")
    expect(note).to_have_text("Seen, 20 Nov, 11:30 (on a page). It comes back if it rises.")
    served.hub.change("mia", findings=(replace(top, level="over-30", value=14.0), OF_DISTANCE))
    expect(page.get_by_test_id("findings").locator("article")).to_have_attribute("data-testid", f"finding-{top.id}")
    expect(page.get_by_test_id("marked-findings")).to_be_hidden()


def test_a_state_stays_what_it_is_although_everything_was_seen(look: Looker, served: Served) -> None:
    for one in (finding(), OF_DISTANCE):
        served.marks.acknowledge(one, by="coach")
    page = ready(look(served.page, DESK))
    expect(page.get_by_test_id("tile-mia").get_by_test_id("state")).to_have_text("Above limit")
    expect(page.get_by_test_id("marked-findings").locator("summary").first).to_have_text("Seen / later (2)")
    unfold(page, "marked-findings")
    of(page, OF_DISTANCE.id).get_by_test_id("unmark").click()
    expect(page.get_by_test_id("findings").locator("article")).to_have_attribute(
        "data-testid", f"finding-{OF_DISTANCE.id}"
    )
    assert [m.finding for m in served.marks.made] == [finding().id]


def test_a_finding_is_put_off_with_the_keyboard_and_comes_back_by_itself(look: Looker, served: Served) -> None:
    page = ready(look(served.page))
    card = of(page, finding().id)
    card.get_by_test_id("snooze").locator("summary").focus()
    page.keyboard.press("Enter")
    card.get_by_test_id("snooze-3-days").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("marked-findings").locator("summary").first).to_have_text("Seen / later (1)")
    expect(page.get_by_test_id("live")).to_have_text("Put off; back 23 Nov, 07:00.")
    expect(page.get_by_test_id("marked-findings").locator("summary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.get_by_test_id("finding-note")).to_contain_text("Later: back 23 Nov, 07:00 (on a page)")
    served.now_utc = NOW + timedelta(days=3)
    expect(page.get_by_test_id("marked-findings")).to_be_hidden()
    expect(page.get_by_test_id("findings").locator("article")).to_have_attribute(
        "data-testid", f"finding-{finding().id}"
    )


def test_a_mark_that_is_refused_says_why(look: Looker, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise RegistryError("hub.db: disk is full (free some space)")

    monkeypatch.setattr(served.marks, "acknowledge", refuse)
    page = ready(look(served.page))
    of(page, finding().id).get_by_test_id("acknowledge").click()
    expect(page.get_by_test_id("mark-problem")).to_have_text("Not marked: hub.db: disk is full (free some space)")
    expect(page.get_by_test_id("findings").locator("article")).to_have_count(1)


def test_what_is_no_longer_true_is_kept_with_when_and_why(look: Looker, served: Served) -> None:
    at: datetime = NOW - timedelta(days=2)
    served.hub.withdrawn = (
        finding(measure="hard_load_bw_s", value=400.0, reference=300.0, limit=330.0, withdrawn=True, updated_utc=at),
        finding("mia", scope="session:mia-9", withdrawn=True, updated_utc=at - timedelta(days=3)),
    )
    edit = Entry("e-of-it", "mia", at - timedelta(seconds=1), "page", Delete("mia-9"))
    served.history.view = replace(served.history.view, journal=(edit,))
    page = ready(look(served.page))
    expect(page.get_by_test_id("withdrawn-findings").locator("summary").first).to_have_text("No longer true (2)")
    unfold(page, "withdrawn-findings")
    notes = page.get_by_test_id("withdrawn-findings").get_by_test_id("finding-note")
    expect(notes.first).to_have_text("Withdrawn 18 Nov, 11:30: an edit of 18 Nov, 11:29 changed it.")
    expect(notes.last).to_contain_text("the history changed, such as by a file or a run that came later.")
    assert page.get_by_test_id("withdrawn-findings").get_by_role("button").count() == 0


def series(page: Page, testid: str) -> dict[str, Any]:
    """Data of every series as the chart holds them, by name."""
    page.wait_for_selector(f"[data-testid={testid}] canvas")
    options: dict[str, Any] = page.evaluate(
        "(id) => { const e = document.querySelector(`[data-testid=${id}] .chart`);"
        " const chart = getElement(Number(e.id.slice(1))).chart;"
        " return Object.fromEntries(chart.getOption().series.map((s) => [s.name, s.data])); }",
        testid,
    )
    return options


def test_the_charts_hold_band_ranges_pain_and_the_stages_of_the_plan(look: Looker, served: Served) -> None:
    after = SayPain(NOW - timedelta(days=3), "after", 4.0, "R")
    served.guide.view = replace(served.guide.view, entries=(line("p9", after), *served.guide.view.entries))
    page = ready(look(served.page, DESK))
    weekly, daily = series(page, "weekly"), series(page, "sessions")
    assert len(weekly["Guideline band"]) == 9
    assert len(weekly["Likely range"]) == 10, "a week of rest and one that is not known have none"
    assert sum(v != "-" for v in weekly["Tolerance line"]) == 9
    assert [dot["value"][1] for dot in daily["pain"]] == [4.0, 1.5]
    assert [dot["symbolRotate"] for dot in daily["pain"]] == [-90, 90]
    assert daily["Stage of the plan"][0][0] == 10, "the plan began on 1 November"
    assert sum(v != "-" for v in daily["Longest of 30 days"]) == sum(v != "-" for v in daily["Session limit"])
    legend = page.get_by_test_id("sessions").locator(".legend")
    expect(legend.get_by_text("pain, right")).to_be_visible()
    expect(legend.get_by_text("hollow: with or after a run")).to_be_visible()
    page.get_by_test_id("by-hard_load_bw_s").click()
    expect(page.get_by_test_id("by-hard_load_bw_s")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("weekly")).to_contain_text("Hard push-offs a leg, modelled, ±40 %.")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=weekly] .chart').getAttribute('aria-label').startsWith('Hard')"
    )
    assert series(page, "weekly")["Guideline band"] == []


def test_a_tooltip_says_a_day_in_words(look: Looker, served: Served) -> None:
    page = ready(look(served.page, DESK))
    series(page, "sessions")
    chart = page.get_by_test_id("sessions").locator("canvas").first
    x_px = page.evaluate(
        "() => { const e = document.querySelector('[data-testid=sessions] .chart');"
        " return getElement(Number(e.id.slice(1))).chart.convertToPixel({xAxisIndex: 0}, 29); }"
    )
    chart.hover(position={"x": x_px, "y": 150})
    tip = page.get_by_test_id("sessions").get_by_text("longest of the 30 days before")
    expect(tip).to_contain_text("20 Nov")
    expect(tip).to_contain_text("session limit 11.2 eq-km")


def test_beside_the_charts_stand_plan_and_shoes_each_with_its_page(look: Looker, served: Served) -> None:
    page = ready(look(served.page, DESK))
    plan = page.get_by_test_id("plan-summary")
    expect(plan.get_by_test_id("plan-of-return-to-running")).to_contain_text("Stage 1 of 7, since 1 Nov")
    expect(plan.get_by_test_id("plan-of-insertional")).to_contain_text("0 % of what was due")
    expect(plan.get_by_role("link", name="Open the plan")).to_have_attribute("href", "/athlete/mia/plan")
    shoes = page.get_by_test_id("shoes-summary")
    expect(shoes.get_by_test_id("pair")).to_contain_text("Grey trainers")
    expect(shoes.get_by_role("link", name="All pairs")).to_have_attribute("href", "/athlete/mia/shoes")
    expect(page.get_by_test_id("sensors-summary")).to_have_count(0)


def test_the_page_fits_can_be_touched_and_has_nothing_serious_for_axe(look: Looker, served: Served) -> None:
    served.marks.acknowledge(OF_DISTANCE, by="coach")
    served.hub.withdrawn = (finding(measure="hard_load_bw_s", withdrawn=True),)
    page = ready(look(served.page))
    series(page, "weekly")
    for fold in ("more-findings", "marked-findings", "withdrawn-findings", "sums-fold"):
        unfold(page, fold)
    small = (
        "() => [...document.querySelectorAll('.page a:not(.tile-link), .page button, .page summary')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.textContent, e.getBoundingClientRect().height])"
        ".filter((e) => e[1] < 44)"
    )
    assert everywhere(page, [small]) == {}
    assert serious_everywhere(page) == {}


def test_on_a_phone_the_essential_comes_first(look: Looker, served: Served) -> None:
    page = ready(look(served.page))
    tops = page.evaluate(
        "['verdict', 'tile-mia', 'guide-asks', 'findings-card', 'latest', 'weekly', 'sessions', 'plan-summary',"
        " 'shoes-summary', 'sums-fold']"
        ".map((id) => document.querySelector(`[data-testid=${id}]`).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
