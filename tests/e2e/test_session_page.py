"""A run's page in a real browser: over its time, zoomed, beside another run, on a phone and on a desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from sensor_hub.adapters.web import WebServer, create_app
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionSummary
from sensor_hub.model.timeline import Timeline
from tests.adapters.web.hub import NOW, ScriptedHub
from tests.adapters.web.timelines import LASTED_S, of_minutes, timeline_of
from tests.e2e.axe import serious
from tests.e2e.conftest import DESK, PHONE, Looker

pytestmark = pytest.mark.browser
NO_SCROLL = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
OPTIONS = "(chart) => (chart && getElement(Number(chart.id.slice(1)))?.chart?.getOption()) || {}"
# how many pixels of a chart are painted at all
PAINTED = """
(chart) => {
  const canvas = chart.querySelector('canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 200) painted++;
  return painted / (data.length / 4);
}
"""


class Runs(ScriptedHub):
    """Mia's run of today goes on; six days ago she ran with the same pods, twelve days ago with another sensor."""

    def __init__(self) -> None:
        super().__init__()
        self.lasted_s = LASTED_S
        self.minutes_of: set[str] = set()

    def session(self, sid: str) -> SessionSummary | None:
        today = super().session("mia-1")
        assert today is not None
        totals = Totals(
            n_steps=9800, n_strides=4900, duration_s=3480.0, distance_m=10_620.0, cadence_spm=172.0,
            contact_time_s=0.241, flight_time_s=0.108, load_eq_km=11.1, load_eq_km_sd=0.3, hard_load_bw_s=84.0,
            hard_load_sd=9.0, coverage=0.98, contact_balance_left=0.497, median_speed_mps=3.02, load_bw_s=3100.0,
        )  # fmt: skip
        match sid:
            case "mia-1":
                return replace(today, totals=totals)
            case "mia-2":
                earlier = replace(totals, distance_m=10_000.0, duration_s=3400.0, load_eq_km=10.9, contact_time_s=0.238,
                                  hard_load_bw_s=40.0)  # fmt: skip
                return self._before(today, sid, 6, earlier)
            case "mia-3":
                other = self._before(today, sid, 12, replace(totals, load_eq_km=9.0))
                return replace(other, header=replace(other.header, instrument="contact/stance-time", tier="contact"))
            case "mia-walk":
                walk = self._before(today, sid, 3, totals)
                return replace(walk, header=replace(walk.header, ledger="walk"))
            case "jon-1":
                return replace(today, header=replace(today.header, sid=sid, athlete="jon"), totals=totals)
        return None

    @staticmethod
    def _before(today: SessionSummary, sid: str, days: int, totals: Totals) -> SessionSummary:
        start = NOW - timedelta(days=days, hours=1)
        header = replace(today.header, sid=sid)
        return SessionSummary(header, start, start + timedelta(seconds=LASTED_S), totals, "pod")

    def sessions(self, athlete: str) -> list[SessionSummary]:
        found = [self.session(sid) for sid in ("mia-1", "mia-2", "mia-3") if athlete == "mia"]
        known = [summary for summary in found if summary is not None]
        older = [self._before(one, f"mia-{days}", days, Totals(distance_m=100.0 * days)) for one in known[:1]
                 for days in (20, 25, 30, 40, 60, 80, 100)]  # fmt: skip
        return [*known, *older]

    def timeline(self, sid: str) -> Timeline | None:
        summary = self.session(sid)
        if summary is None or self.let_go:
            return None
        if sid in self.minutes_of:
            return of_minutes(sid, summary.start_utc)
        own = {"mia-1": (172.0, 3.0), "mia-2": (168.0, 2.8), "mia-3": (170.0, 2.9)}.get(sid, (172.0, 3.0))
        lasted_s = self.lasted_s if sid == "mia-1" else LASTED_S
        return timeline_of(sid, summary.start_utc, cadence_spm=own[0], speed_mps=own[1], lasted_s=lasted_s)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Runs, WebServer]]:
    hub = Runs()
    server = WebServer(create_app(hub), port=0)
    server.start()
    yield hub, server
    server.stop()


@pytest.fixture
def hub(served: tuple[Runs, WebServer]) -> Runs:
    served[0].let_go, served[0].lasted_s, served[0].minutes_of = False, LASTED_S, set()
    return served[0]


@pytest.fixture
def url(served: tuple[Runs, WebServer], hub: Runs) -> str:
    del hub
    return f"{served[1].url}/session/mia-1"


def opened(look: Looker, url: str, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
    """Open a run's page and return it when its chart is drawn and knows how wide the page is."""
    page = look(url, viewport, **options)
    page.wait_for_selector(".timeline-chart canvas")
    n_shown = "document.querySelectorAll('.chips [aria-pressed=true]').length"
    page.wait_for_function(f"{n_shown} === {3 if viewport['width'] < 700 else 8}")
    page.wait_for_function(f"({OPTIONS})(document.querySelector('.timeline-chart')).series?.length > 0")
    return page


def drawn(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.locator(".timeline-chart").evaluate(OPTIONS)
    return found


def window_s(page: Page) -> tuple[float, float]:
    zoom = drawn(page)["dataZoom"][0]
    return zoom["startValue"] / 1000, zoom["endValue"] / 1000


def ids(page: Page) -> set[str]:
    return {series["id"] for series in drawn(page)["series"]}


def grounds(options: dict[str, Any]) -> list[tuple[str, float, float]]:
    (areas,) = (series["markArea"]["data"] for series in options["series"] if series["id"] == "load")
    return [(begin["name"], begin["xAxis"] / 1000, end["xAxis"] / 1000) for begin, end in areas]


def test_a_phone_shows_three_quantities_and_the_rest_behind_chips(look: Looker, url: str) -> None:
    page = opened(look, url)
    assert page.locator(".timeline-chart").evaluate(PAINTED) > 0.02
    assert {"load", "load-band", "cadence", "contact", "contact-band"} <= ids(page)
    assert "balance" not in ids(page)
    assert page.evaluate(NO_SCROLL)
    page.get_by_role("button", name="Balance").press("Enter")
    expect(page.get_by_test_id("panel-balance")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => document.querySelector('.timeline-chart').offsetHeight > 500")
    assert "balance" in ids(page)
    label = page.locator(".timeline-chart").get_attribute("aria-label") or ""
    assert "Left of contact" in label
    assert "1 gap, 1:00 in all. 1 pause, 2:00 in all." in label


def test_gaps_and_pauses_are_shaded_and_lines_break_there(look: Looker, url: str) -> None:
    page = opened(look, url)
    options = drawn(page)
    assert grounds(options) == [("gap", 1200.0, 1260.0), ("pause", 2400.0, 2520.0)]
    n_shaded = sum(bool((series.get("markArea") or {}).get("data")) for series in options["series"])
    assert n_shaded == len(options["grid"]) == 3
    source = options["dataset"][0]["source"]
    missing = [x / 1000 for x, value in zip(source["x"], source["cadence"], strict=True) if value is None]
    assert missing == [*range(1205, 1260, 10), *range(2405, 2520, 10)]
    page.get_by_test_id("unseen").locator("summary").click()
    expect(page.get_by_test_id("unseen")).to_contain_text("the connection to the sensor was lost")
    expect(page.get_by_test_id("unseen")).to_contain_text("pod-left")


def test_the_keyboard_zooms_and_moves(look: Looker, url: str) -> None:
    page = opened(look, url, DESK)
    assert window_s(page) == (0.0, LASTED_S)
    page.get_by_role("button", name="Last 10 min").press("Enter")
    assert window_s(page) == (3000.0, 3600.0)
    expect(page.get_by_test_id("shown")).to_have_text("Drawn: 50:00 to 1:00:00 of 1:00:00.")
    page.get_by_role("button", name="Earlier").press("Space")
    assert window_s(page) == (2700.0, 3300.0)
    page.get_by_role("button", name="Zoom in").press("Enter")
    assert window_s(page) == (2850.0, 3150.0)
    page.get_by_role("button", name="Zoom out").press("Enter")
    page.get_by_role("button", name="Later").press("Enter")
    assert window_s(page) == (3000.0, 3600.0)
    page.get_by_role("button", name="Whole run").press("Enter")
    assert window_s(page) == (0.0, LASTED_S)
    expect(page.get_by_test_id("shown")).to_have_text("Drawn: 0:00 to 1:00:00 of 1:00:00.")


def test_a_run_in_progress_grows_and_keeps_the_part_that_is_looked_at(look: Looker, url: str, hub: Runs) -> None:
    page = opened(look, url)
    page.get_by_role("button", name="Last 10 min").click()
    expect(page.get_by_test_id("shown")).to_have_text("Drawn: 50:00 to 1:00:00 of 1:00:00.")
    hub.lasted_s = LASTED_S + 600.0
    page.wait_for_function(f"({OPTIONS})(document.querySelector('.timeline-chart')).dataset[0].source.x.length === 420")
    page.get_by_test_id("panel-speed").click()
    page.wait_for_function("() => document.querySelector('.timeline-chart').offsetHeight > 560")
    assert window_s(page)[0] > 2900.0


def test_the_table_says_the_same_by_the_minute(look: Looker, url: str) -> None:
    page = opened(look, url)
    page.get_by_test_id("timeline-table").locator("summary").click()
    rows = page.get_by_test_id("timeline-table").locator("tbody tr")
    expect(rows).to_have_count(60)
    assert rows.nth(20).locator("td").all_inner_texts() == ["–"] * 9  # the gap
    assert rows.nth(10).locator("th").inner_text() == "10:00"
    assert "min/km" in rows.nth(10).inner_text()


def test_two_runs_are_drawn_in_each_panel_and_told_apart_only_where_they_can_be(look: Looker, url: str) -> None:
    page = opened(look, url, DESK)
    page.get_by_test_id("compare-with").locator("summary").click()
    page.get_by_role("link", name="Sat 14 Nov").click()
    page.wait_for_url("**/session/mia-1?with=mia-2")
    page.wait_for_function(f"({OPTIONS})(document.querySelector('.timeline-chart')).dataset?.length === 2")
    found = {series["id"]: series for series in drawn(page)["series"]}
    assert found["cadence-second"]["lineStyle"]["type"] == [6, 4]
    assert found["load-second"]["lineStyle"]["color"] != found["load"]["lineStyle"]["color"]
    compared = page.get_by_test_id("compare")
    expect(compared.get_by_role("row", name="Push-off load")).to_contain_text("cannot be told apart")
    expect(compared.get_by_role("row", name="Contact time").first).to_contain_text("cannot be told apart")
    expect(compared.get_by_role("row", name="Hard push-offs")).to_contain_text("+44\u00a0BW·s")
    expect(compared.get_by_role("row", name="Distance")).to_contain_text("+0.6\u00a0km")
    expect(page.get_by_test_id("not-comparable")).to_have_count(0)


def test_the_runs_to_compare_with_are_those_of_90_days_and_can_be_searched(look: Looker, url: str) -> None:
    page = opened(look, url)
    page.get_by_test_id("compare-with").locator("summary").click()
    links = page.locator(".compare-list a:visible")
    expect(links).to_have_count(8)
    assert "14 Nov" in links.first.inner_text()
    page.get_by_test_id("compare-search").press_sequentially("oct 2.5")
    expect(links).to_have_count(1)
    expect(links.first).to_contain_text("Mon 26 Oct 2026")
    page.get_by_test_id("compare-search").press_sequentially("x")
    expect(page.get_by_text("No run of the last 90 days has these words.")).to_be_visible()


def test_two_runs_lie_side_by_side_by_distance(look: Looker, url: str) -> None:
    page = opened(look, f"{url}?with=mia-2", DESK)
    page.get_by_test_id("by-distance").press("Enter")
    expect(page.get_by_test_id("by-distance")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"({OPTIONS})(document.querySelector('.timeline-chart')).xAxis[0].type === 'value'")
    options = drawn(page)
    furthest = [max(x for x in one["source"]["x"] if x is not None) for one in options["dataset"]]
    assert furthest == pytest.approx([10.44, 9.744], abs=0.001)
    ((begin, end),) = [(b * 1000, e * 1000) for name, b, e in grounds(options) if name == "gap"]
    assert [begin, end] == pytest.approx([3.6, 3.81])
    assert page.get_by_test_id("zoom-last").is_hidden()


def test_loads_of_another_instrument_are_drawn_apart_and_said_so(look: Looker, url: str) -> None:
    page = opened(look, f"{url}?with=mia-3", DESK)
    expect(page.get_by_test_id("not-comparable")).to_contain_text("not comparable and are drawn apart")
    options = drawn(page)
    where = {series["id"]: series["xAxisIndex"] for series in options["series"]}
    assert where["load-second"] != where["load"]
    assert where["cadence-second"] == where["cadence"]
    compared = page.get_by_test_id("compare")
    expect(compared.get_by_role("row", name="Push-off load")).to_contain_text("not comparable")


@pytest.mark.parametrize("other", ["jon-1", "nobodys", "mia-walk"])
def test_somebody_elses_run_and_what_is_no_run_are_not_there_to_be_compared(url: str, other: str) -> None:
    answer = httpx.get(f"{url}?with={other}")
    assert answer.status_code == 404
    assert "Nothing is stored under this address." in answer.text


def test_a_run_of_which_only_minutes_are_kept_says_so(look: Looker, url: str, hub: Runs) -> None:
    hub.minutes_of = {"mia-1"}
    page = look(url)
    expect(page.get_by_test_id("timeline-notes")).to_contain_text("it is drawn from its minutes")
    expect(page.get_by_test_id("timeline-notes")).to_contain_text("Not known of this run: Hard push-offs, Balance.")
    expect(page.get_by_test_id("panel-balance")).to_be_hidden()


def test_a_session_without_steps_has_nothing_to_draw(look: Looker, url: str, hub: Runs) -> None:
    hub.let_go = True
    page = look(url)
    expect(page.get_by_test_id("timeline-empty")).to_contain_text("there is nothing to draw over its time")
    expect(page.locator(".timeline-chart")).to_be_hidden()


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [
        pytest.param(PHONE, "light", id="phone-light"),
        pytest.param(DESK, "dark", id="desk-dark"),
        pytest.param(PHONE, "dark", id="phone-dark", marks=pytest.mark.thorough),
        pytest.param(DESK, "light", id="desk-light", marks=pytest.mark.thorough),
    ],
)
def test_everybody_can_use_it(look: Looker, url: str, viewport: dict[str, int], scheme: str) -> None:
    page = opened(look, f"{url}?with=mia-2", viewport, color_scheme=scheme)
    assert page.evaluate(NO_SCROLL)
    small = page.locator(".timeline-card button:visible, .compare a:visible").evaluate_all(
        "(all) => all.filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.textContent)"
    )
    assert small == []
    assert serious(page) == []


def test_the_chart_follows_the_colour_scheme(look: Looker, url: str) -> None:
    page = opened(look, url, color_scheme="light")
    colour = f"({OPTIONS})(document.querySelector('.timeline-chart')).yAxis[0].axisLabel.color"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{colour} !== {light!r}")
