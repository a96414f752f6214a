"""What the pages say of a load, in a real browser: bands, legs, a new sensor, and no force without its ±40 %."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from sensor_hub.adapters.web import WebServer, create_app
from tests.adapters.web.loaded import LoadedHub
from tests.e2e.conftest import DESK, PHONE, Looker
from tests.e2e.faults import LOW_CONTRAST, everywhere
from tests.e2e.test_pages import chart_lines

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
NARROW = {"width": 320, "height": 800}
PATHS = ["/athlete/mia", "/session/mia-1", "/about-the-numbers"]
# Of every element that holds text of its own: that text with what its block says around it.
BLOCKS = """
() => [...document.querySelectorAll('.page *')]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && /\\d\\sBW(?!\\/m)/.test(n.data)))
  .map((e) => (e.closest('tr, .facts > div, p, li, .room') ?? e).textContent)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    server = WebServer(create_app(LoadedHub()), port=0)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visit(look: Looker, server: WebServer) -> Open:
    """Open a page of that server by its path."""

    def open_page(path: str, viewport: dict[str, int] = PHONE) -> Page:
        return look(server.url + path, viewport)

    return open_page


def unfold(page: Page) -> None:
    page.wait_for_function("() => window.did_handshake")
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")


def test_today_and_this_week_stand_side_by_side_with_their_bands(visit: Open) -> None:
    page = visit("/athlete/mia")
    page.get_by_test_id("sums-fold").locator("summary").first.click()
    rows = page.get_by_test_id("sums").locator("tbody tr")
    expect(rows.nth(1)).to_contain_text("Push-off load (modelled)")
    assert rows.nth(1).locator("td").all_inner_texts() == ["6.4 eq-km\n6.1–6.7", "–"]
    expect(rows.nth(2)).to_contain_text("Hard push-offs, part of the load (modelled)")
    assert [rows.nth(i).locator("td").first.inner_text() for i in (3, 4)] == ["6.5 eq-km", "6.3 eq-km"]
    expect(page.get_by_test_id("sums-reason")).to_have_text(
        "Loads from several sensors are not added up; the distance is."
    )
    expect(page.get_by_test_id("measured-by")).to_contain_text("motion sensor, both feet, foot-1.0")
    expect(page.get_by_test_id("measured-by")).to_contain_text("achilles-1.0.0 · ref-pop-1")


def test_a_new_sensor_is_told_plainly_and_marked_in_the_charts(visit: Open) -> None:
    page = visit("/athlete/mia", DESK)
    told = page.get_by_test_id("bridging")
    expect(told).to_contain_text(
        "New sensor since 11 Nov (motion sensor, both feet, foot-1.0; before: contact time as the"
    )
    expect(told).to_contain_text("Until 25 Nov its loads are learned and raise no alert")
    page.wait_for_selector("[data-testid=sessions] canvas")
    bars = chart_lines(page, "sessions")["Push-off load"]
    assert "▲" not in bars[-1]["label"]["formatter"], "a load that is still learned is not called above"
    legend = page.get_by_test_id("sessions").locator(".legend")
    expect(legend.get_by_text("new sensor or model: learning, load not judged")).to_be_visible()
    page.get_by_test_id("by-distance_m").click()
    expect(legend.get_by_text("new sensor or model: learning, load not judged")).to_be_hidden()


def test_a_run_is_simple_first_and_leads_to_a_page_of_its_own(visit: Open) -> None:
    page = visit("/athlete/mia")
    page.get_by_test_id("latest-facts").locator("summary").first.click()
    card = page.get_by_test_id("facts")
    expect(card.get_by_test_id("fact-load_eq_km")).to_contain_text("6.4 eq-km, 6.1–6.7")
    expect(card.get_by_test_id("fact-legs")).to_contain_text("left 51 %")
    expect(card.get_by_test_id("fact-walk")).to_contain_text("no part of the push-off load")
    expect(card.get_by_test_id("fact-hard_share")).to_contain_text("14 %, 13–15 % of this run's load")
    expect(card.get_by_test_id("fact-peak")).to_be_hidden()
    card.get_by_text("More numbers").click()
    expect(card.get_by_test_id("fact-peak")).to_contain_text("5.1 BW (modelled, ±40 %)")
    expect(card.get_by_test_id("fact-sensitivity")).to_have_count(0)
    page.get_by_test_id("latest-link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mia Lindqvist: run of 20 Nov, 10:30")
    expect(page.get_by_test_id("measured")).to_contain_text("243 ms")
    expect(page.get_by_test_id("fact-sensitivity")).to_contain_text("sensitivity, shown only")
    expect(page.get_by_test_id("fact-stiffness")).to_contain_text("leg 11.2 BW/m")
    page.get_by_role("link", name="All of Mia Lindqvist").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mia Lindqvist")


@pytest.mark.parametrize("path", PATHS[:2])
def test_a_page_knows_how_to_draw_a_run_before_one_is_sent(server: WebServer, path: str) -> None:
    assert "window.hubTimeline ??=" in httpx.get(server.url + path).text


def test_a_run_nobody_has_is_not_found(visit: Open) -> None:
    expect(visit("/session/none").get_by_role("heading", level=1)).to_have_text("No such run")


def test_tables_under_the_charts_are_not_wider_than_their_card(visit: Open) -> None:
    page = visit("/athlete/mia", DESK)
    unfold(page)
    for chart in ("weekly", "sessions"):
        box = page.get_by_test_id(chart).locator(".table-scroll")
        assert box.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0


def test_the_page_about_the_numbers_does_not_link_to_itself(visit: Open) -> None:
    page = visit("/about-the-numbers")
    expect(page.get_by_test_id("safety")).to_be_visible()
    expect(page.get_by_test_id("about-link")).to_have_count(0)
    expect(page.locator(".body")).to_contain_text("BW·s: force in body weights times seconds")


@pytest.mark.parametrize("path", ["/", *PATHS[:2]])
def test_every_page_leads_to_how_its_numbers_are_made(visit: Open, path: str) -> None:
    page = visit(path)
    page.get_by_test_id("about-link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How these numbers are made")
    for words in ("no medical device", "no diagnosis", "no prediction", "return to sport", "±40 %", "never added"):
        expect(page.locator(".body")).to_contain_text(words)


@pytest.mark.parametrize("path", PATHS[:2])
def test_no_force_on_a_page_stands_without_modelled_and_forty_percent(visit: Open, path: str) -> None:
    page = visit(path, DESK)
    unfold(page)
    found = [re.sub(r"\s+", " ", text) for text in page.evaluate(BLOCKS)]
    assert len(found) >= 3
    assert [text for text in found if "modelled, ±40 %" not in text] == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_scrolls_sideways_and_all_can_be_read_and_touched(visit: Open, path: str) -> None:
    page = visit(path)
    unfold(page)
    low = (
        "() => [...document.querySelectorAll('.page a, .page button, .page summary')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.textContent, e.getBoundingClientRect().height])"
        ".filter((e) => e[1] < 44)"
    )
    assert everywhere(page, [LOW_CONTRAST, low], sizes=(NARROW, PHONE, DESK)) == {}
