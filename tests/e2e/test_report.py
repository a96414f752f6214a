"""The weekly report in a browser: on a phone, on a desk and on paper."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from sensor_hub.adapters.web import WebServer
from tests.adapters.web.hub import MONDAY
from tests.adapters.web.world import World
from tests.e2e.axe import serious_everywhere
from tests.e2e.conftest import Look
from tests.e2e.faults import everywhere

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    made = WebServer(World().app, port=0)
    made.start()
    yield made
    made.stop()


def test_the_report_fits_names_every_number_and_has_nothing_serious(look: Look, server: WebServer) -> None:
    page = look(f"{server.url}/report")
    expect(page.get_by_test_id("report-summary")).to_contain_text("6 runners")
    expect(page.get_by_test_id("week-mia").get_by_role("listitem")).to_have_count(3)
    assert everywhere(page, []) == {}
    assert serious_everywhere(page) == {}


def test_a_week_earlier_is_one_tap_away_and_so_is_the_way_back(look: Look, server: WebServer) -> None:
    page = look(f"{server.url}/report")
    expect(page.get_by_test_id("after")).to_have_count(0)
    page.get_by_test_id("before").click()
    expect(page.get_by_test_id("when")).to_contain_text("9 Nov")
    expect(page.get_by_test_id("week-mia")).to_contain_text("47.5")
    page.get_by_test_id("after").click()
    expect(page.get_by_test_id("when")).to_contain_text(f"{MONDAY.day} Nov")


def test_the_report_lies_on_its_side_on_paper_and_no_other_page_does(look: Look, server: WebServer) -> None:
    sheets = {}
    for path in ("/report", "/about-the-numbers", "/"):
        printed = look(f"{server.url}{path}").pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", printed)
        sheets[path] = {float(width) > float(height) for width, height in boxes}
    assert sheets == {"/report": {True}, "/about-the-numbers": {False}, "/": {False}}


def test_on_paper_it_is_black_on_white_without_links_also_from_a_dark_screen(look: Look, server: WebServer) -> None:
    page = look(f"{server.url}/report", viewport={"width": 1000, "height": 700}, color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("before")).to_be_hidden()
    colours = page.get_by_test_id("week-mia").evaluate("e => getComputedStyle(e.querySelector('strong')).color")
    assert colours == "rgb(0, 0, 0)"
    assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")
