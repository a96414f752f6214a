"""The pages in a real browser, over a scripted hub; the whole chain from sensor to page is tested elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sensor_hub.adapters.web import WebServer, create_app
from tests.adapters.web.hub import ScriptedHub, finding, roster
from tests.e2e.conftest import DESK, PHONE, TABLET, Looker
from tests.e2e.faults import LOW_CONTRAST, everywhere
from tests.e2e.keeping import Open

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 800}

# Of a chart: how many pixels are painted at all, and how many in the colour of the text.
PAINTED = """
(chart) => {
  const canvas = chart.querySelector('canvas');
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
  const probe = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  probe.fillStyle = hubColour('--ink');
  probe.fillRect(0, 0, 1, 1);
  const ink = probe.getImageData(0, 0, 1, 1).data;
  let painted = 0, inked = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200) {
      painted++;
      if (Math.abs(data[i] - ink[0]) + Math.abs(data[i + 1] - ink[1]) + Math.abs(data[i + 2] - ink[2]) < 24) inked++;
    }
  }
  return [painted / (data.length / 4), inked];
}
"""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[ScriptedHub, WebServer]]:
    hub = ScriptedHub()
    server = WebServer(create_app(hub), port=0)
    server.start()
    yield hub, server
    server.stop()


@pytest.fixture
def hub(served: tuple[ScriptedHub, WebServer]) -> ScriptedHub:
    """The hub behind the pages, as it was in the beginning."""
    served[0].roster, served[0].broken, served[0].problem = roster(), False, None
    return served[0]


@pytest.fixture
def visit(look: Looker, served: tuple[ScriptedHub, WebServer], hub: ScriptedHub) -> Open:
    """Open a page of that hub by its path."""
    del hub  # as it was in the beginning

    def open_page(path: str, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        return look(served[1].url + path, viewport, **options)

    return open_page


def card(page: Page, key: str) -> Locator:
    return page.get_by_test_id(f"tile-{key}")


def test_a_hub_that_takes_nothing_in_says_so(visit: Open, hub: ScriptedHub) -> None:
    page = visit("/athlete/mia")
    trouble = page.get_by_test_id("trouble")
    expect(trouble).to_be_hidden()
    hub.problem = "the broker does not answer (start it)"
    expect(trouble).to_have_text("These numbers are not being refreshed: the broker does not answer (start it)")
    expect(card(page, "mia").get_by_test_id("cadence")).to_have_css("color", "rgb(123, 132, 140)")
    hub.problem = None
    expect(trouble).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1200])
def test_a_tile_above_a_limit_is_never_called_near(visit: Open, hub: ScriptedHub, width: int) -> None:
    page = visit("/athlete/jon", {"width": width, "height": 800})
    word = card(page, "jon").get_by_test_id("state")
    expect(word).to_have_text("Near limit")
    hub.change("jon", findings=(finding("jon", certainty="too-close", probability=0.6, severity="info"),))
    expect(word).to_have_text("Too close to call")
    hub.change("jon", findings=(finding("jon", confidence="learning", severity="info"),))
    expect(word).to_have_text("Above limit, still learning")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_browser_is_given_no_cookie(visit: Open) -> None:
    page = visit("/athlete/mia")
    page.wait_for_function("() => window.did_handshake")
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""


def test_the_athlete_page_says_why(visit: Open) -> None:
    page = visit("/athlete/mia", DESK)
    expect(page.get_by_test_id("model")).to_contain_text("achilles-1.0.0 · ref-pop-1. As a force modelled, ±40 %")
    expect(page.get_by_test_id("interval")).to_have_text("Load of this run 12.4 eq-km, likely 12.0 to 12.8 (80 %).")
    sentences = page.get_by_test_id("finding-sentence")
    expect(sentences).to_have_count(3)
    expect(sentences.first).to_contain_text("is 22 % above your highest run of the last 30 days")
    why = page.get_by_test_id("why").first
    expect(why).to_contain_text("Rule: session limit = 1.10 × the highest single run of the previous 30 days")
    expect(why).to_contain_text("Evidence: our extrapolation from distance to modelled load.")
    page.get_by_test_id("more-findings").locator("summary").first.click()
    second = page.get_by_test_id("why").nth(1)
    expect(second.locator("li").first).to_be_hidden()
    second.locator("summary").click()
    expect(second).to_contain_text("Frandsen 2025, n = 5,205")
    expect(page.get_by_test_id("why").nth(2)).to_contain_text("a randomised trial found no effect")
    expect(page.get_by_test_id("safety")).to_contain_text("seek medical care now")


def test_the_athlete_page_says_what_a_run_noticed_beside_the_runs(visit: Open) -> None:
    page = visit("/athlete/mia")
    noticed = page.get_by_test_id("sessions").get_by_test_id("sessions-noticed")
    expect(noticed.locator("li")).to_have_count(1)
    expect(noticed.locator("li")).to_contain_text("24 Oct: pod-left: it seems to have slipped on the way")
    expect(page.get_by_test_id("weekly-noticed")).to_be_hidden()
    assert everywhere(page, [LOW_CONTRAST]) == {}


def test_a_runner_whose_runs_noticed_nothing_has_no_such_list(visit: Open) -> None:
    page = visit("/athlete/ada")
    page.wait_for_function("() => window.did_handshake")
    expect(page.get_by_test_id("sessions-noticed")).to_be_hidden()


def test_an_opened_why_stays_open_while_the_run_goes_on(visit: Open, hub: ScriptedHub) -> None:
    page = visit("/athlete/mia")
    page.get_by_test_id("more-findings").locator("summary").first.click()
    second = page.get_by_test_id("why").nth(1)
    second.locator("summary").click()
    longer = finding(measure="distance_m", value=12_300.0, reference=10_200.0, limit=11_220.0, probability=1.0)
    hub.change("mia", cadence_spm=160.0, findings=(finding(value=12.9), longer))
    expect(second).to_contain_text("Value 12.3 km")
    expect(second.locator("li").first).to_be_visible()
    expect(page.get_by_test_id("cadence")).to_have_text("160")


def chart_lines(page: Page, testid: str) -> dict[str, list[Any]]:
    """Data of every series as the chart holds them, by name."""
    options: dict[str, list[Any]] = page.evaluate(
        "(id) => { const e = document.querySelector(`[data-testid=${id}] .chart`);"
        " const chart = getElement(Number(e.id.slice(1))).chart;"
        " return Object.fromEntries(chart.getOption().series.map((s) => [s.name, s.data])); }",
        testid,
    )
    return options


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_charts_are_drawn_with_their_lines_in_legible_colours(visit: Open, scheme: str) -> None:
    page = visit("/athlete/mia", DESK, color_scheme=scheme)
    for testid, line, n in (("weekly", "Week line", 12), ("sessions", "Session limit", 30)):
        page.wait_for_selector(f"[data-testid={testid}] canvas")
        points = chart_lines(page, testid)[line]
        assert len(points) == n
        assert sum(p != "-" for p in points) >= 9
        page.wait_for_function(
            f"(id) => (({PAINTED})(document.querySelector(`[data-testid=${{id}}] .chart`)))[1] > 150", arg=testid
        )
        painted, _ = page.locator(f"[data-testid={testid}] .chart").evaluate(PAINTED)
        assert painted > 0.05, "bars cover a good part of the picture"


def test_charts_follow_the_colour_scheme_while_open(visit: Open) -> None:
    page = visit("/athlete/mia", DESK, color_scheme="light")
    page.wait_for_selector("[data-testid=weekly] canvas")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => (({PAINTED})(document.querySelector('[data-testid=weekly] .chart')))[1] > 150")


def test_the_measure_can_be_switched(visit: Open) -> None:
    page = visit("/athlete/mia")
    by_distance, by_load = page.get_by_test_id("by-distance_m"), page.get_by_test_id("by-load_eq_km")
    expect(by_load).to_have_attribute("aria-pressed", "true")
    page.wait_for_selector("[data-testid=weekly] canvas")
    assert "Push-off load" in chart_lines(page, "weekly")
    by_distance.click()
    expect(by_distance).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=weekly] .chart').getAttribute('aria-label').startsWith('Distance')"
    )
    assert "Distance" in chart_lines(page, "weekly")


def test_a_table_stands_behind_each_chart(visit: Open) -> None:
    page = visit("/athlete/mia")
    weekly = page.get_by_test_id("weekly")
    expect(weekly.locator("tbody tr").first).to_be_hidden()
    weekly.get_by_text("As a table").click()
    expect(weekly.locator("tbody tr")).to_have_count(12)
    expect(weekly.locator("tbody tr").nth(7)).to_contain_text("28 Sep")
    expect(weekly.locator("tbody tr").nth(7).locator("td").first).to_have_text("–")


def test_a_runner_without_history_has_no_empty_axes(visit: Open) -> None:
    page = visit("/athlete/off")
    expect(page.get_by_test_id("weekly").get_by_text("Nothing recorded yet.")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()


def test_nothing_scrolls_sideways_and_everything_can_be_touched(visit: Open) -> None:
    page = visit("/athlete/mia", NARROW)
    page.wait_for_selector("[data-testid=cadence]")
    low = (
        "() => [...document.querySelectorAll('.page a:not(.tile-link), .page button, .page summary')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.textContent, e.getBoundingClientRect().height])"
        ".filter((found) => found[1] < 44)"
    )
    assert everywhere(page, [low], sizes=(NARROW, PHONE, TABLET, DESK), schemes=("light",)) == {}


def test_all_text_has_contrast(visit: Open) -> None:
    page = visit("/athlete/mia", DESK)
    page.wait_for_selector("[data-testid=cadence]")
    assert everywhere(page, [LOW_CONTRAST], sizes=(DESK,)) == {}


def test_who_wants_no_motion_gets_none(visit: Open) -> None:
    page = visit("/athlete/mia", reduced_motion="reduce")
    page.wait_for_selector(".fill", state="attached")
    assert page.evaluate("getComputedStyle(document.querySelector('.fill')).transitionDuration") == "0s"
