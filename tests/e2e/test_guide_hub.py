"""Diary and plans over a real hub: what a person taps ends in the journal, and in what the hub says."""

from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import expect

from sensor_hub.app.hub import Hub
from sensor_hub.model.diary import SayPain, SaySymptoms
from tests.e2e.conftest import Look
from tests.e2e.test_keeping_hub import hub

pytestmark = pytest.mark.browser
__all__ = ["hub"]


def test_a_red_flag_said_on_the_page_holds_the_headroom_locks_the_plan_and_is_taken_back(hub: Hub, look: Look) -> None:
    (athlete,) = hub.registry.athletes()
    told = httpx.Client(base_url=f"{hub.page_url}/api/athletes/{athlete.id}")
    page = look(f"{hub.page_url}/athlete/{athlete.id}/plan")
    page.get_by_test_id("start-plan").locator("summary").click()
    page.get_by_test_id("start-plan-form").get_by_role("button", name="Begin").click()
    expect(page.get_by_test_id("plan-return-to-running")).to_be_visible()
    page.get_by_test_id("pages").get_by_role("link", name="Diary").click()
    page.get_by_test_id("say-symptoms").locator("summary").click()
    form = page.get_by_test_id("symptoms-form")
    form.get_by_label("A pop or snap").check()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-standing", "red-flag")
    (said,) = [entry.edit for entry in hub.guide.diary(athlete.id).entries if isinstance(entry.edit, SaySymptoms)]
    assert said.present == ("pop",)
    assert told.get("/plan").json()["held"] == "red-flag"
    assert told.get("/guidance").json()["plans"][0]["locked"] == "red-flag"
    assert {room["reason"] for room in told.get("/load").json()["headroom"]} == {"held"}
    page.get_by_test_id("outcome-undo").click()
    expect(page.get_by_test_id("verdict")).not_to_have_attribute("data-standing", "red-flag")
    assert told.get("/plan").json()["held"] != "red-flag"
    assert {room["reason"] for room in told.get("/load").json()["headroom"]} != {"held"}
    told.close()


def test_pain_of_now_is_in_the_diary_and_in_no_history(hub: Hub, look: Look) -> None:
    (athlete,) = hub.registry.athletes()
    page = look(f"{hub.page_url}/athlete/{athlete.id}/diary")
    before = datetime.now(UTC)
    form = page.get_by_test_id("pain-form")
    form.get_by_label("How much, 0 to 10").select_option("2")
    form.get_by_label("Leg").select_option("R")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("outcome-text")).to_contain_text("2")
    (entry,) = hub.guide.diary(athlete.id).entries
    assert isinstance(entry.edit, SayPain)
    assert (entry.edit.level, entry.edit.side, entry.by) == (2.0, "R", "page")
    assert entry.edit.at_utc >= before.replace(microsecond=0)
    assert httpx.get(f"{hub.page_url}/api/athletes/{athlete.id}/journal").json() == []
    expect(page.get_by_test_id("lines").locator("li")).to_have_count(1)


def test_the_book_of_rules_is_whole_and_can_be_searched(hub: Hub, look: Look) -> None:
    page = look(f"{hub.page_url}/rules")
    rows = page.get_by_test_id("rows")
    expect(rows.locator("li[data-testid^=row-]")).to_have_count(138)
    rows.get_by_label("Search").fill("D15")
    expect(rows.get_by_test_id("row-D15")).to_be_visible()
    expect(rows.get_by_test_id("row-A01")).to_be_hidden()
    rule = page.get_by_test_id("rules").locator("li").first
    rule.locator("summary").click()
    expect(rule).to_contain_text("Rests on")
