"""Diary, plans and rules in a real browser, over the real guidelines and a scripted store; on a phone and on a desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sensor_hub.adapters.web import WebServer, WriteSide, create_app
from sensor_hub.model.diary import (
    Consent,
    SayExercise,
    SayPain,
    SayProfile,
    SaySymptoms,
    SetPolicy,
    SetRule,
    StartPlan,
    StopPlan,
)
from tests.adapters.web.guiding import NOW, ScriptedBook, ScriptedGuide
from tests.adapters.web.hub import TODAY, ScriptedHub
from tests.e2e.conftest import DESK, PHONE, Looker
from tests.e2e.faults import everywhere
from tests.e2e.keeping import SIZES, Open, outcome

pytestmark = pytest.mark.browser
PATHS = ["/athlete/mia", "/athlete/mia/diary", "/athlete/mia/plan", "/athlete/mia/rules", "/rules"]


@dataclass
class Served:
    server: WebServer
    guide: ScriptedGuide
    hub: ScriptedHub

    def only_line(self) -> Any:
        ((said,),) = self.guide.said
        return said


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    guide, hub = ScriptedGuide(), ScriptedHub()
    server = WebServer(create_app(hub, WriteSide(guide=guide, rules=ScriptedBook(), now_utc=lambda: NOW)), port=0)
    server.start()
    yield Served(server, guide, hub)
    server.stop()


@pytest.fixture
def served(running: Served) -> Served:
    running.guide.begin_anew()
    return running


@pytest.fixture
def visit(look: Looker, served: Served) -> Open:
    """Open a page of that server by its path."""

    def open_page(path: str, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        return look(served.server.url + path, viewport, **options)

    return open_page


def unfold(page: Page, kind: str) -> Any:
    box = page.get_by_test_id(f"say-{kind}")
    box.locator("summary").first.click()
    return page.get_by_test_id(f"{kind}-form")


@pytest.mark.parametrize(
    ("path", "viewport"),
    [
        pytest.param("/athlete/mia", PHONE, id="overview-phone"),
        pytest.param("/athlete/mia", DESK, id="overview-desk"),
        pytest.param("/athlete/mia/diary", PHONE, id="diary-phone"),
        pytest.param("/athlete/mia/plan", DESK, id="plan-desk"),
        pytest.param("/athlete/mia/diary", DESK, id="diary-desk", marks=pytest.mark.thorough),
        pytest.param("/athlete/mia/plan", PHONE, id="plan-phone", marks=pytest.mark.thorough),
    ],
)
def test_the_morning_is_answered_in_two_taps_on_the_side_of_last_time(
    visit: Open, served: Served, path: str, viewport: dict[str, int]
) -> None:
    page = visit(path, viewport)
    asked = page.get_by_test_id(f"ask-morning-{TODAY.isoformat()}")
    asked.get_by_test_id("level-4").click()
    asked.get_by_test_id("save-4").click()
    expect(asked).to_have_count(0)
    assert served.only_line() == SayPain(NOW, "morning", 4.0, "L", sid="mia-1")
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-standing", "stop")
    expect(page.get_by_test_id("verdict-word")).to_have_text("No running")
    expect(page.get_by_test_id("verdict-held")).to_contain_text("no running now")
    page.get_by_test_id("outcome-undo").click()
    expect(asked).to_be_visible()
    assert served.guide.undone == ["n1-0"]


def test_a_half_and_the_other_side_are_a_tap_away(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia")
    asked = page.get_by_test_id(f"ask-morning-{TODAY.isoformat()}")
    asked.get_by_test_id("level-1").click()
    asked.get_by_test_id("side-R").click()
    asked.get_by_role("button", name="Save 1.5, right").click()
    expect(asked).to_have_count(0)
    assert served.only_line() == SayPain(NOW, "morning", 1.5, "R", sid="mia-1")


def test_a_level_is_answered_with_the_keyboard_alone(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia")
    asked = page.get_by_test_id(f"ask-morning-{TODAY.isoformat()}")
    asked.get_by_role("button", name="2 out of 10").focus()
    page.keyboard.press("Enter")
    asked.get_by_test_id("save-2").focus()
    page.keyboard.press("Space")
    expect(asked).to_have_count(0)
    assert served.only_line().level == 2.0


@SIZES
def test_a_sign_of_an_emergency_is_answered_at_the_tick_and_locks_everything_when_it_is_said(
    visit: Open, served: Served, viewport: dict[str, int]
) -> None:
    page = visit("/athlete/mia/diary", viewport)
    form = unfold(page, "symptoms")
    expect(form.get_by_test_id("emergency")).to_be_hidden()
    form.get_by_label("Some swelling").check()
    form.get_by_label("A pop or snap").check()
    expect(form.get_by_test_id("emergency")).to_contain_text("medical care now")
    assert served.guide.said == []
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-standing", "red-flag")
    expect(page.get_by_test_id("verdict-emergency")).to_be_visible()
    expect(page.get_by_test_id("verdict")).to_have_attribute("role", "alert")
    assert served.only_line() == SaySymptoms(NOW, ("pop", "swelling"), (), "L")
    page.goto(page.url.replace("diary", "plan"))
    expect(page.get_by_test_id("locked").first).to_contain_text("Locked")
    expect(page.get_by_test_id("week-held")).to_contain_text("medical care now")
    expect(page.get_by_test_id("done-heel-drop")).to_have_count(0)


def test_what_was_looked_for_and_is_not_there_is_said_too(visit: Open, served: Served) -> None:
    form = unfold(visit("/athlete/mia/diary"), "symptoms")
    form.get_by_label("I looked for the others").check()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("I looked for the others")).not_to_be_checked()
    assert len(served.only_line().absent) == 16


@SIZES
def test_pain_of_an_earlier_day_is_written_listed_drawn_and_taken_back(
    visit: Open, served: Served, viewport: dict[str, int]
) -> None:
    page = visit("/athlete/mia/diary", viewport)
    form = page.get_by_test_id("pain-form")
    form.get_by_label("How much, 0 to 10").select_option("2.5")
    form.get_by_label("When").select_option("after")
    form.get_by_label("Day").fill("2026-11-19")
    form.get_by_label("At", exact=True).fill("09:10")
    form.get_by_label("Where").select_option("mid-portion")
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_contain_text("2.5")
    said = served.only_line()
    assert (said.when, said.level, said.side, said.site) == ("after", 2.5, "L", "mid-portion")
    assert said.at_utc.isoformat() == "2026-11-19T08:10:00+00:00"
    line = page.get_by_test_id("line-n1-0")
    expect(line).to_contain_text("2.5")
    expect(page.get_by_test_id("pain-chart").locator("tbody tr")).to_have_count(2)
    line.get_by_test_id("undo-line").click()
    expect(line.get_by_test_id("undo-line")).to_have_text("Do again")
    expect(page.get_by_test_id("pain-chart").locator("tbody tr")).to_have_count(1)


def test_a_time_to_come_and_a_level_nobody_chose_are_refused_in_the_form(visit: Open, served: Served) -> None:
    form = visit("/athlete/mia/diary").get_by_test_id("pain-form")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("0 says that it does not")
    form.get_by_label("How much, 0 to 10").select_option("0")
    form.get_by_label("At", exact=True).fill("23:50")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("That time is yet to come.")
    assert served.guide.said == []


def test_what_the_hub_refuses_is_said_and_nothing_is_lost(visit: Open, served: Served) -> None:
    served.guide.refused = "no plan of this kind goes on"
    page = visit("/athlete/mia/diary")
    form = unfold(page, "profile")
    form.get_by_label("Knee to wall, cm").fill("9,5")
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_have_text("Nothing was changed: no plan of this kind goes on")
    expect(form.get_by_label("Knee to wall, cm")).to_have_value("9,5")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Knee to wall, cm")).to_have_value("")
    assert served.only_line() == SayProfile(knee_to_wall_cm=9.5)


def test_the_coach_is_let_see_pain_by_a_tick(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/diary")
    form = unfold(page, "consent")
    form.locator("[name=pain]").check()
    form.get_by_role("button", name="Save").click()
    expect(outcome(page)).to_be_visible()
    assert served.only_line() == Consent("pain", True)
    form.locator("[name=pain]").uncheck()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("lines")).to_contain_text("may no longer see")
    assert served.guide.said[1:] == [(Consent("pain", False),)], "what was saved a moment ago can be taken back"


@SIZES
def test_an_exercise_of_a_plan_is_logged_in_one_tap(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia/plan", viewport)
    plan = page.get_by_test_id("plan-insertional")
    plan.get_by_test_id("done-heel-drop").first.click()
    expect(outcome(page)).to_be_visible()
    assert served.only_line() == SayExercise(
        NOW, "heel-drop", 2, 15, "L", "straight", "flat", both_feet_up=True
    )  # how slow it was nobody counted


def test_gates_say_in_words_and_shapes_how_they_stand(visit: Open) -> None:
    plan = visit("/athlete/mia/plan").get_by_test_id("plan-return-to-running")
    expect(plan.get_by_test_id("gate-weeks")).to_contain_text("met")
    expect(plan.get_by_test_id("gate-walking")).to_contain_text("not known")
    shapes = plan.locator(".gate .shape")
    drawn = [shape.evaluate("e => [getComputedStyle(e).borderStyle, getComputedStyle(e).borderRadius].join()")
             for shape in shapes.all()]  # fmt: skip
    assert len(set(drawn)) == 2


def test_a_plan_is_ended_and_another_begun(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/plan")
    plan = page.get_by_test_id("plan-insertional")
    plan.get_by_test_id("stop-plan").click()
    expect(plan).to_have_count(0)
    page.get_by_test_id("start-plan").locator("summary").click()
    form = page.get_by_test_id("start-plan-form")
    form.get_by_label("Plan").select_option("isometric")
    form.get_by_label("Leg").select_option("R")
    form.get_by_role("button", name="Begin").click()
    expect(page.get_by_test_id("plan-isometric")).to_be_visible()
    assert served.guide.said == [(StopPlan("insertional", TODAY),), (StartPlan("isometric", TODAY, "R"),)]


def test_the_week_says_what_binds_each_day(visit: Open) -> None:
    page = visit("/athlete/mia/plan")
    days = page.get_by_test_id("week-days").locator("li")
    expect(days).to_have_count(7)
    expect(days.first).to_contain_text("bound by")


def test_rows_are_found_by_word_class_and_state(visit: Open) -> None:
    page = visit("/rules", DESK)
    rows = page.get_by_test_id("rows")
    expect(rows.locator("li[data-testid^=row-]:visible")).to_have_count(3)
    rows.get_by_label("State").select_option("refused")
    expect(rows.get_by_test_id("row-E01")).to_be_visible()
    expect(rows.locator("li[data-testid^=row-]:visible")).to_have_count(1)
    expect(page.get_by_test_id("rows-found")).to_have_text("1 of 3 rows")
    rows.get_by_label("State").select_option("")
    rows.get_by_label("Search").fill("nobody RUNS")
    expect(rows.locator("li[data-testid^=row-]:visible")).to_have_count(1)
    expect(rows.get_by_test_id("row-D15")).to_be_visible()


def test_a_rule_is_set_switched_off_and_its_policy_chosen(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/rules")
    rule = page.get_by_test_id("rule-session-limit")
    rule.locator("summary").click()
    rule.get_by_label("factor").fill("1.2")
    rule.get_by_role("button", name="Save").click()
    expect(rule).to_contain_text("factor = 1.2")
    rule.get_by_test_id("switch-session-limit").click()
    expect(rule.locator("summary")).to_contain_text("off")
    page.get_by_test_id("policy-form").get_by_label("Policy").select_option("strict")
    page.get_by_test_id("policy-form").get_by_role("button").click()
    expect(outcome(page)).to_be_visible()
    expect(page.get_by_test_id("policy-form").get_by_role("button")).not_to_have_attribute("aria-disabled", "true")
    assert served.guide.said == [
        (SetRule("session-limit", "factor", 1.2),), (SetRule("session-limit", "on", 0.0),), (SetPolicy("strict"),)
    ]  # fmt: skip


def test_a_value_out_of_its_range_is_refused_with_the_range(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/rules")
    rule = page.get_by_test_id("rule-session-limit")
    rule.locator("summary").click()
    rule.get_by_label("factor").fill("7")
    rule.get_by_role("button", name="Save").click()
    expect(rule.get_by_role("alert")).to_contain_text("2")
    assert served.guide.said == []


def test_the_coach_sees_what_decides_only_of_those_who_let_them(visit: Open, served: Served) -> None:
    served.hub.change("mia", standing="stop", held=True)
    served.hub.change("jon", standing=None, held=True)
    page = visit("/", DESK)
    expect(page.get_by_test_id("tile-mia").get_by_test_id("standing")).to_have_text("No running")
    expect(page.get_by_test_id("tile-jon").get_by_test_id("standing")).to_be_hidden()


@pytest.mark.parametrize("path", PATHS)
def test_pages_carry_the_safety_text_fit_read_well_and_can_be_hit(visit: Open, path: str) -> None:
    page = visit(path)
    expect(page.get_by_test_id("safety")).to_contain_text("seek medical care now")
    for summary in page.locator(".page details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    if page.get_by_test_id("level-3").count():
        page.get_by_test_id("level-3").first.click()
        page.get_by_test_id("save-3").first.wait_for()
    assert everywhere(page) == {}


def test_the_grid_has_no_bars_of_somebody_who_keeps_their_load_to_themselves(visit: Open, served: Served) -> None:
    before = served.hub.roster
    served.hub.change("mia", shows_load=False, headroom=(), findings=(), totals=None)
    try:
        tile = visit("/").get_by_test_id("tile-mia")
        expect(tile.get_by_test_id("alert")).to_have_text("Load is not shown here, as they wish.")
        expect(tile.get_by_test_id("headroom-distance_m")).to_be_hidden()
        expect(tile.get_by_test_id("headroom-load_eq_km")).to_be_hidden()
    finally:
        served.hub.roster = before
