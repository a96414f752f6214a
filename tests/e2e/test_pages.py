"""The pages in a real browser, over a scripted hub; the whole chain from sensor to page is tested elsewhere."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from sensor_hub.adapters.web import WebServer, create_app
from tests import need
from tests.adapters.web.hub import ScriptedHub, finding, roster

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1200, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
Open = Callable[..., Page]

# Contrast of every visible text against the nearest ground that is painted, after WCAG 2; returns what is below 4.5.
LOW_CONTRAST = """
() => {
  const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (css) => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = css;
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => {
    const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = c.slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const low = [];
  for (const element of document.querySelectorAll('.page *')) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
    if (!text || !element.checkVisibility() || element.closest('.stale')) continue;
    let ground = element;
    while (ground && rgba(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
    const a = light(rgba(getComputedStyle(element).color));
    const b = light(rgba(getComputedStyle(ground).backgroundColor));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.push([text, contrast]);
  }
  return low;
}
"""
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
def browser() -> Iterator[Browser]:
    chromium = need.command("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


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
def server(served: tuple[ScriptedHub, WebServer], hub: ScriptedHub) -> WebServer:
    return served[1]


@pytest.fixture
def visit(browser: Browser, server: WebServer) -> Iterator[Open]:
    """Open a page that may neither complain on its console nor ask any other host."""
    contexts = []
    complaints: list[str] = []
    foreign: list[str] = []

    def watch(page: Page) -> None:
        page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith((server.url, "data:")) else None)

    def open_page(path: str = "/", viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(server.url + path)
        page.wait_for_selector(".page")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert foreign == []


def card(page: Page, key: str) -> Locator:
    return page.get_by_test_id(f"tile-{key}")


@pytest.mark.parametrize("path", ["/athlete/mia"])
def test_a_hub_that_takes_nothing_in_says_so_on_every_page(visit: Open, hub: ScriptedHub, path: str) -> None:
    page = visit(path)
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


@pytest.mark.parametrize(("scheme", "width"), [("light", PHONE), ("dark", DESK)])
def test_the_athlete_page_says_what_a_run_noticed_beside_the_runs(
    visit: Open, scheme: str, width: dict[str, int]
) -> None:
    page = visit("/athlete/mia", width, color_scheme=scheme)
    noticed = page.get_by_test_id("sessions").get_by_test_id("sessions-noticed")
    expect(noticed.locator("li")).to_have_count(1)
    expect(noticed.locator("li")).to_contain_text("24 Oct: pod-left: it seems to have slipped on the way")
    expect(page.get_by_test_id("weekly-noticed")).to_be_hidden()
    assert page.evaluate(LOW_CONTRAST) == []


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


@pytest.mark.parametrize("path", ["/athlete/mia"])
@pytest.mark.parametrize("width", [320, 360, 768, 1200])
def test_nothing_scrolls_sideways_and_everything_can_be_touched(visit: Open, path: str, width: int) -> None:
    page = visit(path, {"width": width, "height": 800})
    page.wait_for_selector("[data-testid=cadence]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.evaluate(
        "[...document.querySelectorAll('.page a:not(.tile-link), .page button, .page summary')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.textContent, e.getBoundingClientRect().height])"
    )
    assert [h for h in heights if h[1] < 44] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/athlete/mia"])
def test_all_text_has_contrast(visit: Open, path: str, scheme: str) -> None:
    page = visit(path, DESK, color_scheme=scheme)
    page.wait_for_selector("[data-testid=cadence]")
    assert page.evaluate(LOW_CONTRAST) == []


def test_who_wants_no_motion_gets_none(visit: Open) -> None:
    page = visit("/athlete/mia", reduced_motion="reduce")
    page.wait_for_selector(".fill", state="attached")
    assert page.evaluate("getComputedStyle(document.querySelector('.fill')).transitionDuration") == "0s"
