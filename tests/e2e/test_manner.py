"""Kilometres or miles in a browser: chosen at the foot, kept by an open page, asked for by forms, nowhere forgotten."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from sensor_hub.model.edit import AddRun
from tests.e2e.conftest import Looker
from tests.e2e.every_page import OPERATOR, Address, WholeHub, addresses, unfold, whole_hub

pytestmark = pytest.mark.browser
# What is said in kilometres whoever reads: numbers of rules and rows stay in the words of their text.
OF_TEXTS = "[data-testid=rows], [data-testid=rules], .parameters, [data-testid=show-menu], [data-testid=about-numbers]"
# An answer and a number of a rule are in the words of their text, too, and once it is said what a mile is stored as.
KILOMETRES = re.compile(
    r"(?<![a-z])(?:eq-)?km\b|min/km|km/h|(?<!first )kilomet(?!re \(ours\)|res, which is what is stored)"
)
TEXTS = """
(left_out) => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (e.closest('script, style, template, noscript') || e.closest(left_out) || !e.checkVisibility()) continue;
    found.push(walk.currentNode.data);
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    if (e.closest(left_out)) continue;
    found.push(...['aria-label', 'placeholder', 'title'].map((name) => e.getAttribute(name) || ''));
  }
  for (const e of document.querySelectorAll('.chart')) found.push(JSON.stringify(e.getAttribute('options') || ''));
  return found.filter((text) => text.trim());
}
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[WholeHub]:
    with whole_hub() as hub:
        yield hub


def said(page: Page) -> list[str]:
    texts: list[str] = page.evaluate(TEXTS, OF_TEXTS)
    return texts


@pytest.mark.parametrize("at", addresses(), ids=str)
def test_no_page_says_kilometres_to_who_wants_miles(hub: WholeHub, look: Looker, at: Address) -> None:
    page = hub.look(look, at, shown_in="mi-en")
    unfold(page)
    texts = said(page)
    assert texts
    assert [text for text in texts if KILOMETRES.search(text)] == []


def test_a_choice_is_made_at_the_foot_and_kept_by_the_browser(hub: WholeHub, look: Looker) -> None:
    page = hub.look(look, Address("/athlete/mia", OPERATOR))
    expect(page.locator(".page")).to_contain_text(re.compile(r"\d km"))
    assert page.context.cookies() == []
    page.get_by_test_id("show-menu").get_by_label("Distances in").select_option("mi")
    expect(page.locator(".page")).to_contain_text(re.compile(r"\d\smi\b"))
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["value"]) == ("sensor-hub-show", "mi-en")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    page.goto(f"{hub.server.url}/athlete/mia/runs")
    expect(page.locator(".page")).to_contain_text(re.compile(r"\d\smi\b"))
    page.get_by_test_id("show-menu").get_by_label("Distances in").select_option("km")
    expect(page.locator(".page")).to_contain_text(re.compile(r"\d\skm\b"))


def test_the_coachs_page_follows_the_choice_over_its_channel(hub: WholeHub, look: Looker) -> None:
    page = hub.look(look, Address("/", OPERATOR))
    tile = page.get_by_test_id("tile-mia")
    expect(tile).to_contain_text(re.compile(r"\d\s(eq-)?km"))
    page.get_by_test_id("show-menu").get_by_label("Distances in").select_option("mi")
    expect(tile).to_contain_text(re.compile(r"\d\s(eq-)?mi\b"))
    expect(tile).not_to_contain_text("km")


def test_an_open_page_keeps_its_unit_and_a_form_what_its_label_says(hub: WholeHub, look: Looker) -> None:
    page = hub.look(look, Address("/athlete/mia/runs", OPERATOR), shown_in="mi-en")
    page.context.clear_cookies()
    hub.world.hub.change("mia", cadence_spm=163.0)  # its timers and its events go on, without the cookie
    page.get_by_test_id("add-run").locator("summary").click()
    form = page.get_by_test_id("add-run-form")
    form.locator("[name=day]").fill("2026-11-19")
    form.get_by_label("Distance, mi").fill("5")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_test_id("outcome")).to_be_visible()
    ((edit,),) = hub.world.keeping.edits
    assert isinstance(edit, AddRun)
    assert edit.distance_m == pytest.approx(8046.72)
    assert [text for text in said(page) if KILOMETRES.search(text)] == []


def test_a_pair_nobody_changed_keeps_its_distance_to_the_metre(hub: WholeHub, look: Looker) -> None:
    page = hub.look(look, Address("/athlete/mia/shoes", OPERATOR), shown_in="mi-en")
    before = {shoe.id: shoe.start_distance_m for shoe in hub.world.data.shoes("mia")}
    form = page.locator("form[data-testid^=shoe-form]").first
    form.locator("xpath=ancestor::details[1]").evaluate("box => { box.open = true }")
    form.locator("[name=name]").fill("Called otherwise")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("outcome")).to_be_visible()
    assert {shoe.id: shoe.start_distance_m for shoe in hub.world.data.shoes("mia")} == before


def test_programs_are_answered_in_metres_whatever_a_browser_chose(hub: WholeHub) -> None:
    hub.world.begin_anew()
    told = [
        httpx.get(f"{hub.server.url}/api/athletes/mia/sessions", headers={"Cookie": f"sensor-hub-show={value}"}).json()
        for value in ("mi-en", "km-en")
    ]
    assert told[0] == told[1] != []


@pytest.mark.parametrize("value", ["mi-xx", "furlong-en", "mi", "../mi-en"])
def test_a_choice_that_there_is_none_of_is_no_choice(hub: WholeHub, value: str) -> None:
    page = httpx.get(f"{hub.server.url}/about-the-numbers", headers={"Cookie": f"sensor-hub-show={value}"})
    assert page.status_code == 200
    assert "eq-mi" not in page.text
    refused = httpx.post(f"{hub.server.url}/api/show", json={"distance": "mi", "language": "xx"})
    assert refused.status_code == 422
