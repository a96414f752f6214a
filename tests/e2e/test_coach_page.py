"""The coach's page in a real browser: fifty runners, filters, sound, and a hub that goes and comes back."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sensor_hub.adapters.web import WebServer, WriteSide, create_app
from sensor_hub.model.ports import Tile
from tests.adapters.web.fifty import fifty, key
from tests.adapters.web.hub import ScriptedHub, athlete, finding, roster, tile
from tests.adapters.web.squads import ScriptedSquads
from tests.e2e.axe import serious
from tests.e2e.coach import WATCHED, card
from tests.e2e.conftest import DESK, PHONE, TABLET, Look
from tests.e2e.faults import everywhere

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 800}
TILES_IN_ORDER = "(ids) => [...document.querySelectorAll('.tile')].map((t) => t.dataset.testid).filter(Boolean)"


@pytest.fixture(scope="module")
def squads() -> ScriptedSquads:
    return ScriptedSquads()


class AgeingHub(ScriptedHub):
    """One in which nothing is heard any more of some; ``silent_s`` : since when, of the monotonic clock."""

    def __init__(self) -> None:
        super().__init__()
        self.silent_s: dict[str, float] = {}

    def tiles(self) -> list[Tile]:
        return [self._aged(found) for found in super().tiles()]

    def tile(self, athlete: str, *, own: bool = False) -> Tile | None:
        found = super().tile(athlete, own=own)
        return None if found is None else self._aged(found)

    def _aged(self, found: Tile) -> Tile:
        since_s = self.silent_s.get(found.athlete.id)
        return found if since_s is None else replace(found, age_s=time.monotonic() - since_s)


@pytest.fixture(scope="module")
def served(squads: ScriptedSquads) -> Iterator[tuple[AgeingHub, WebServer]]:
    hub = AgeingHub()
    server = WebServer(create_app(hub, WriteSide(squads=squads)), port=0)
    server.start()
    yield hub, server
    server.stop()


@pytest.fixture
def hub(served: tuple[AgeingHub, WebServer], squads: ScriptedSquads) -> AgeingHub:
    """The hub behind the page, as it was in the beginning."""
    squads.begin_anew()
    served[0].silent_s.clear()
    served[0].roster, served[0].broken, served[0].problem = roster(), False, None
    return served[0]


@pytest.fixture
def url(served: tuple[AgeingHub, WebServer], hub: AgeingHub) -> str:
    assert hub.roster
    return served[1].url


def opened(look: Look, url: str, viewport: dict[str, int] = PHONE, path: str = "/", **options: Any) -> Page:
    """The page with its numbers."""
    page = look(url + path, viewport, **options)
    expect(page.get_by_test_id("summary")).to_contain_text("in all")
    page.wait_for_selector(".tile", state="attached")
    return page


def order(page: Page) -> list[str]:
    ids: list[str] = page.evaluate(TILES_IN_ORDER)
    return [name.removeprefix("tile-") for name in ids]


# --- tiles -----------------------------------------------------------------------------------------------------------


def test_live_numbers_change_in_place(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    mia = card(page, "mia")
    expect(mia.get_by_test_id("cadence")).to_have_text("172")
    expect(mia.get_by_test_id("contact")).to_have_text("241")
    mia.evaluate("tile => { tile.remembered = true }")
    hub.change("mia", cadence_spm=181.4, contact_time_s=0.2296)
    expect(mia.get_by_test_id("cadence")).to_have_text("181")
    expect(mia.get_by_test_id("contact")).to_have_text("230")
    assert mia.evaluate("tile => tile.remembered") is True


def test_who_needs_attention_stands_first_and_numbers_move_nobody(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    assert order(page) == ["mia", "jon", "new", "ada", "sim", "off"]
    card(page, "ada").evaluate("tile => { tile.remembered = true }")
    hub.change("ada", cadence_spm=99.0, contact_time_s=0.3, contact_balance_left=0.53)
    expect(card(page, "ada").get_by_test_id("cadence")).to_have_text("99")
    assert order(page) == ["mia", "jon", "new", "ada", "sim", "off"]
    hub.change("ada", state="alert", findings=(finding("ada"),))
    expect(card(page, "ada").get_by_test_id("state")).to_have_text("Above limit")
    assert order(page) == ["ada", "mia", "jon", "new", "sim", "off"]
    assert card(page, "ada").evaluate("tile => tile.remembered") is True


def test_what_has_the_keyboards_focus_stays_where_it_is(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    link = card(page, "new").get_by_role("link")
    link.focus()
    hub.change("sim", state="alert", findings=(finding("sim"),))
    expect(card(page, "sim").get_by_test_id("state")).to_have_text("Above limit")
    assert order(page).index("new") == 2
    assert order(page)[:2] == ["mia", "sim"]
    hub.change("new", state="alert", findings=(finding("new"),))
    expect(card(page, "new").get_by_test_id("state")).to_have_text("Above limit")
    assert order(page).index("new") == 2
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    page.wait_for_function(f"() => ({TILES_IN_ORDER})()[2] === 'tile-new'")


def test_a_runner_who_comes_or_goes_gets_and_loses_a_tile(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    summary = page.get_by_test_id("summary")
    expect(summary).to_have_text("1 above limit · 1 near or unsure · 5 running · 6 in all")
    hub.roster = [*hub.roster, tile(athlete("zoe", "Zoë <b>Ek</b>"), "ok", 175.0, 0.23, 1.0, 1.0)]
    expect(card(page, "zoe").locator("h2")).to_have_text("Zoë <b>Ek</b>")
    expect(summary).to_have_text("1 above limit · 1 near or unsure · 6 running · 7 in all")
    hub.roster = [t for t in hub.roster if t.athlete.id != "zoe"]
    expect(card(page, "zoe")).to_have_count(0)


def test_who_is_not_running_folds_to_a_line_and_comes_out_by_running(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    fold = page.get_by_test_id("fold")
    expect(fold.locator("summary")).to_have_text("Not running (1)")
    expect(card(page, "off")).to_be_hidden()
    fold.locator("summary").click()
    expect(card(page, "off")).to_be_visible()
    expect(card(page, "off").get_by_test_id("age")).to_have_text("90 min ago")
    hub.change("off", state="ok", tier="imu", cadence_spm=170.0, age_s=0.1)
    expect(page.get_by_test_id("grid").get_by_test_id("tile-off")).to_be_visible()
    expect(fold).to_be_hidden()


def test_unknown_is_a_dash_with_its_reason(look: Look, url: str) -> None:
    page = opened(look, url)
    new = card(page, "new")
    expect(new.get_by_test_id("contact")).to_have_text("–")
    expect(new.get_by_test_id("contact-reason")).to_have_text("no contact time from this sensor")
    expect(new.get_by_test_id("headroom-load_eq_km")).to_contain_text(
        "Headroom –: no earlier run with a known value in the last 30 days"
    )
    expect(new.get_by_test_id("balance")).to_be_hidden()
    expect(new.get_by_test_id("battery")).to_be_hidden()
    expect(card(page, "off").get_by_test_id("cadence")).to_have_text("–")
    expect(card(page, "off").get_by_test_id("cadence-reason")).to_have_text("no run in progress")


def test_the_arrow_points_to_the_foot_that_is_longer_on_the_ground(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    box = card(page, "ada").get_by_test_id("balance")
    for left, digits, text, arrow in (
        (0.516, "51.6", "51.6 % of contact time on the left", "to-left"),
        (0.47, "53.0", "53.0 % of contact time on the right", "to-right"),
        (0.5, "50.0", "contact time the same left and right", None),
    ):
        hub.change("ada", contact_balance_left=left)
        expect(card(page, "ada").get_by_test_id("balance-digits")).to_have_text(digits)
        expect(card(page, "ada").get_by_test_id("balance-text")).to_have_text(text)
        for side in ("to-left", "to-right"):
            expect(box.locator(f".{side}")).to_be_visible(visible=side == arrow)


def test_contact_and_balance_are_marked_in_words_and_only_where_they_are_unusual(
    look: Look, url: str, hub: ScriptedHub
) -> None:
    page = opened(look, url)
    ada = card(page, "ada")
    expect(ada.get_by_test_id("contact-beside")).to_be_hidden()
    hub.change("ada", contact_beside="longer", contact_balance_left=0.53, balance_beside="left")
    expect(ada.get_by_test_id("contact-beside")).to_have_text("Contact time of this run longer than usual.")
    expect(ada.get_by_test_id("balance-beside")).to_have_text("More on the left than usual.")


def test_a_low_battery_is_said_in_words(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    hub.change("ada", battery_percent=80)
    expect(card(page, "ada").get_by_test_id("battery")).to_have_text("battery 80 %")
    hub.change("ada", battery_percent=20)
    expect(card(page, "ada").get_by_test_id("battery")).to_have_text("battery low, 20 %")


def test_simulated_runners_wear_a_badge(look: Look, url: str) -> None:
    page = opened(look, url)
    expect(card(page, "sim").get_by_test_id("simulated")).to_be_visible()
    expect(card(page, "mia").get_by_test_id("simulated")).to_be_hidden()


def test_numbers_older_than_five_seconds_turn_grey_by_the_pages_own_clock(look: Look, url: str, hub: AgeingHub) -> None:
    page = opened(look, url)
    mia = card(page, "mia")
    hub.silent_s["mia"] = time.monotonic()
    hub.change("mia", cadence_spm=171.0)
    expect(mia.get_by_test_id("age")).to_have_text("now")
    expect(mia).not_to_have_class(re.compile(r"\bstale\b"))
    fresh = mia.get_by_test_id("cadence").evaluate("e => getComputedStyle(e).color")
    hub.silent_s["mia"] -= 3  # told once more, so that nobody waits for all of the five seconds
    hub.change("mia", cadence_spm=170.0)
    expect(mia).to_have_class(re.compile(r"\bstale\b"))
    assert mia.get_by_test_id("cadence").evaluate("e => getComputedStyle(e).color") != fresh
    assert int(mia.get_by_test_id("age").inner_text().partition(" ")[0]) >= 5


def test_a_hub_that_cannot_be_read_says_so_and_recovers(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    trouble = page.get_by_test_id("trouble")
    expect(trouble).to_be_hidden()
    hub.broken = True
    expect(trouble).to_have_text("These numbers are not being refreshed: hub.db: disk is full (free some space)")
    expect(card(page, "mia")).to_have_class(re.compile(r"\bstale\b"))
    hub.broken = False
    expect(trouble).to_be_hidden()
    hub.problem = "the broker does not answer (start it)"
    expect(trouble).to_have_text("These numbers are not being refreshed: the broker does not answer (start it)")
    hub.problem = None
    expect(trouble).to_be_hidden()
    hub.change("mia", age_s=0.2)
    expect(card(page, "mia")).not_to_have_class(re.compile(r"\bstale\b"))


@pytest.mark.parametrize("viewport", [NARROW, DESK], ids=["narrow", "desk"])
def test_a_tile_above_a_limit_is_never_called_near(
    look: Look, url: str, hub: ScriptedHub, viewport: dict[str, int]
) -> None:
    page = opened(look, url, viewport)
    word = card(page, "jon").get_by_test_id("state")
    expect(word).to_have_text("Near limit")
    hub.change("jon", findings=(finding("jon", certainty="too-close", probability=0.6, severity="info"),))
    expect(word).to_have_text("Too close to call")
    hub.change("jon", findings=(finding("jon", confidence="learning", severity="info"),))
    expect(word).to_have_text("Above limit, still learning")
    expect(page.get_by_role("link", name="Jonas Okafor: Above limit, still learning. Open details.")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


# --- alerts ----------------------------------------------------------------------------------------------------------


def test_an_alert_appears_and_is_spoken_once(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    ada = card(page, "ada")
    expect(ada.get_by_test_id("alert")).to_be_hidden()
    spoken = page.get_by_test_id("live")
    expect(spoken).to_have_text("")
    expect(page).to_have_title("(1) Runners · sensor_hub")
    hub.change("ada", state="alert", findings=(finding("ada"),))
    expect(ada.get_by_test_id("alert")).to_have_text("Push-off load 22 % above their highest run of 30 days")
    expect(spoken).to_contain_text("Ada Brandt: This run's modelled push-off load (12.4 eq-km)")
    expect(page).to_have_title("(2) Runners · sensor_hub")
    hub.change("ada", findings=(finding("ada", value=12.9),))
    expect(ada.get_by_test_id("alert")).to_contain_text("26 % above")
    expect(spoken).to_contain_text("(12.4 eq-km)")
    hub.change("ada", state="ok", findings=(finding("ada", withdrawn=True),))
    expect(ada.get_by_test_id("alert")).to_be_hidden()
    expect(page).to_have_title("(1) Runners · sensor_hub")


def test_a_tone_sounds_only_when_asked_for_and_once_for_what_is_new(
    browser: Browser, url: str, hub: ScriptedHub
) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.add_init_script(WATCHED)
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    button = page.get_by_test_id("sound")
    expect(card(page, "mia").get_by_test_id("state")).to_have_text("Above limit")
    expect(button).to_have_text("Alert sound: off")
    expect(button).to_have_attribute("aria-pressed", "false")
    hub.change("ada", state="alert", findings=(finding("ada"),))
    expect(page.get_by_test_id("live")).to_contain_text("Ada Brandt")
    assert page.evaluate("tones") == 0, "off until somebody asks"
    button.click()
    expect(button).to_have_text("Alert sound: on")
    page.wait_for_function("() => tones > 0")  # so that it is heard how loud it is
    heard = page.evaluate("tones")
    hub.change("sim", state="alert", findings=(finding("sim"),))
    page.wait_for_function(f"() => tones === {2 * heard}")
    hub.change("sim", findings=(finding("sim", value=13.0),))
    expect(card(page, "sim").get_by_test_id("alert")).to_contain_text("27 %")
    hub.change("sim", findings=(finding("sim", value=21.0, level="over-100"),))
    page.wait_for_function(f"() => tones === {3 * heard}")  # the level rose: that is news
    hub.change("jon", state="alert", findings=(finding("jon"),), quiet=True)
    expect(card(page, "jon")).to_have_class(re.compile(r"\bquiet\b"))
    hub.change("sim", state="ok", findings=())
    expect(card(page, "sim").get_by_test_id("state")).to_have_text("Within limits")
    hub.change("sim", state="alert", findings=(finding("sim"),))
    expect(card(page, "sim").get_by_test_id("state")).to_have_text("Above limit")
    assert page.evaluate("tones") == 3 * heard, "neither a quiet one nor one that was there before"
    page.reload(wait_until="domcontentloaded")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("on")
    expect(card(page, "mia").get_by_test_id("state")).to_have_text("Above limit")
    assert page.evaluate("tones") == 0, "what stood there at load is not new"
    context.close()


def test_the_screen_is_kept_on_only_when_asked_for(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.add_init_script(WATCHED)
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    button = page.get_by_test_id("awake")
    expect(button).to_have_text("Screen kept on: no")
    assert page.evaluate("kept") == 0
    button.click()
    expect(button).to_have_text("Screen kept on: yes")
    assert page.evaluate("kept") == 1
    page.reload(wait_until="domcontentloaded")
    expect(button).to_have_text("Screen kept on: yes")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("kept") == 0
    context.close()


# --- whom it shows ---------------------------------------------------------------------------------------------------


def test_squads_and_tonight_choose_whom_the_page_shows_and_the_address_keeps_it(
    look: Look, url: str, hub: ScriptedHub, squads: ScriptedSquads
) -> None:
    squads.held.clear()
    for name in ("Sprint", "Marathon"):
        squads.add(name)
    hub.roster = fifty()
    page = opened(look, url, DESK)
    summary = page.get_by_test_id("summary")
    expect(summary).to_have_text("8 above limit · 8 near or unsure · 35 running · 50 in all")
    page.get_by_test_id("squad-sprint").click()
    expect(page.get_by_test_id("squad-sprint")).to_have_attribute("aria-pressed", "true")
    in_sprint = [t for t in hub.roster if "sprint" in t.squads]
    expect(summary).to_contain_text(f"· {len(in_sprint)} in all")
    expect(card(page, key(7))).to_be_hidden()
    assert page.url.endswith("/?squad=sprint")
    page.reload(wait_until="domcontentloaded")
    expect(summary).to_contain_text(f"· {len(in_sprint)} in all")
    page.get_by_test_id("squad-tonight").click()
    expect(summary).to_contain_text(f"· {sum(t.tonight for t in hub.roster)} in all")
    assert page.url.endswith("/?squad=tonight")
    page.get_by_test_id("squad-all").click()
    expect(summary).to_contain_text("· 50 in all")
    assert page.url.rstrip("/") == url.rstrip("/")


def test_a_name_is_found_without_case_or_accents(look: Look, url: str) -> None:
    page = opened(look, url)
    page.get_by_test_id("search").fill("montalban-quin")
    expect(card(page, "new")).to_be_visible()
    expect(card(page, "mia")).to_be_hidden()
    expect(page.get_by_test_id("summary")).to_contain_text("· 1 in all")
    page.get_by_test_id("search").fill("nobody of this name")
    expect(page.get_by_test_id("none")).to_be_visible()
    page.get_by_role("button", name="Show everybody").click()
    expect(card(page, "mia")).to_be_visible()


def test_a_squad_made_meanwhile_becomes_a_button_without_a_reload(
    look: Look, url: str, hub: ScriptedHub, squads: ScriptedSquads
) -> None:
    page = opened(look, url)
    expect(page.get_by_test_id("squad-hurdles")).to_have_count(0)
    made = squads.add("Hurdles", ["ada"])
    hub.change("ada", squads=(made.id,))
    expect(page.get_by_test_id("squad-hurdles")).to_have_text("Hurdles")


def test_an_empty_hub_says_so(look: Look, url: str, hub: ScriptedHub) -> None:
    hub.roster = []
    page = look(url + "/")
    expect(page.get_by_test_id("empty")).to_contain_text("No runner yet.")


# --- a hub that goes and comes back ----------------------------------------------------------------------------------


def test_a_browser_that_is_offline_says_so_at_once_and_goes_on_by_itself(
    browser: Browser, url: str, hub: ScriptedHub
) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    expect(card(page, "mia").get_by_test_id("cadence")).to_have_text("172")
    page.evaluate("() => { window.survives = 'yes'; }")
    context.set_offline(True)
    expect(page.get_by_test_id("connection")).to_contain_text("No connection to the hub since", timeout=2000)
    hub.change("mia", cadence_spm=150.0)
    context.set_offline(False)
    expect(card(page, "mia").get_by_test_id("cadence")).to_have_text("150")
    expect(page.get_by_test_id("connection")).to_be_hidden()
    assert page.evaluate("window.survives") == "yes"
    context.close()


def test_a_browser_without_a_network_of_its_own_believes_a_hub_it_hears(
    browser: Browser, url: str, hub: ScriptedHub
) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.add_init_script("Object.defineProperty(navigator, 'onLine', {value: false})")  # a laptop beside the track
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    expect(card(page, "mia").get_by_test_id("cadence")).to_have_text("172")
    hub.change("mia", cadence_spm=150.0)
    expect(card(page, "mia").get_by_test_id("cadence")).to_have_text("150")
    page.wait_for_timeout(600)  # the page looks four times a second
    expect(page.get_by_test_id("connection")).to_be_hidden()
    context.close()


def test_a_press_whose_end_is_swallowed_holds_nobody_in_their_place(look: Look, url: str, hub: ScriptedHub) -> None:
    page = opened(look, url)
    ada = card(page, "ada").get_by_test_id("cadence")
    ada.dispatch_event("pointerdown", {"button": 2, "bubbles": True})  # of a right button, whose menu takes the rest
    hub.change("ada", state="alert", findings=(finding("ada"),))
    expect(card(page, "ada").get_by_test_id("state")).to_have_text("Above limit")
    assert order(page)[0] == "ada"
    ada.dispatch_event("pointerdown", {"button": 0, "bubbles": True})
    hub.change("sim", state="alert", findings=(finding("sim"),))
    expect(card(page, "sim").get_by_test_id("state")).to_have_text("Above limit")
    assert order(page).index("sim") > 2, "a finger is on its way"
    page.evaluate("dispatchEvent(new Event('blur'))")
    page.wait_for_function(f"() => ({TILES_IN_ORDER})().indexOf('tile-sim') === 2")


# --- for everybody ---------------------------------------------------------------------------------------------------


def test_a_keyboard_reaches_a_runner_and_comes_back(look: Look, url: str) -> None:
    page = opened(look, url, DESK)
    page.get_by_role("link", name="Mia Lindqvist: Above limit. Open details.").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mia Lindqvist")
    page.get_by_role("link", name="All runners").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Runners")


def test_anywhere_on_a_tile_opens_the_runner(look: Look, url: str) -> None:
    page = opened(look, url)
    card(page, "mia").click(position={"x": 200, "y": 120})
    expect(page.get_by_role("heading", level=1)).to_have_text("Mia Lindqvist")


def test_tab_goes_through_the_tiles_in_the_order_they_are_read_in(look: Look, url: str) -> None:
    page = opened(look, url)
    page.get_by_test_id("awake").focus()
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('.tile')?.dataset.testid"))
    assert reached == ["tile-mia", "tile-jon", "tile-new", "tile-ada", "tile-sim"]


def test_fifty_scroll_nowhere_sideways_and_everything_can_be_touched(look: Look, url: str, hub: ScriptedHub) -> None:
    hub.roster = fifty()
    page = opened(look, url, NARROW)
    page.get_by_test_id("fold").locator("summary").click()
    cut = (
        "() => [...document.querySelectorAll('.tile')].filter((t) => t.checkVisibility() && [...t.querySelectorAll("
        "'.value, .word, .room-value, h2, .alert-text, .beside')].some((e) => e.checkVisibility() && "
        "e.getBoundingClientRect().right > t.getBoundingClientRect().right + 0.5)).map((t) => t.innerText)"
    )
    low = (
        "() => [...document.querySelectorAll('.page a:not(.tile-link), .page button, .page summary, .page input')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.textContent, e.getBoundingClientRect().height])"
        ".filter((h) => h[1] < 44)"
    )
    assert everywhere(page, [cut, low], sizes=(NARROW, PHONE, TABLET, DESK), schemes=("light",)) == {}


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [
        pytest.param(PHONE, "light", id="phone-light"),
        pytest.param(DESK, "dark", id="desk-dark"),
        pytest.param(PHONE, "dark", id="phone-dark", marks=pytest.mark.thorough),
        pytest.param(DESK, "light", id="desk-light", marks=pytest.mark.thorough),
    ],
)
def test_axe_finds_nothing_serious(
    look: Look, url: str, hub: ScriptedHub, viewport: dict[str, int], scheme: str
) -> None:
    hub.roster = fifty()
    page = opened(look, url, viewport, color_scheme=scheme)
    page.get_by_test_id("fold").locator("summary").click()
    expect(card(page, key(1))).to_be_visible()
    assert serious(page) == []


def test_nothing_moves_for_who_wants_no_motion_nor_for_anybody_else(look: Look, url: str) -> None:
    page = opened(look, url)
    moving = page.evaluate(
        "[...document.querySelectorAll('.page, .page *')].filter((e) => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration !== '0s' }).map((e) => e.className)"
    )
    assert moving == []


def test_distances_are_shown_in_miles_to_who_asks_for_them(look: Look, url: str) -> None:
    page = opened(look, url)
    expect(card(page, "ada").get_by_test_id("headroom-distance_m")).to_contain_text("6.2 / 11.2 km")
    page.get_by_test_id("show-menu").get_by_label("Distances in").select_option("mi")
    expect(card(page, "ada").get_by_test_id("headroom-distance_m")).to_contain_text("3.9 / 7.0 mi")


def test_a_browser_is_given_no_cookie(look: Look, url: str) -> None:
    page = opened(look, url)
    assert page.context.cookies() == []


def test_the_page_says_nothing_that_the_hub_did_not_send_with_it(look: Look, url: str) -> None:
    page = opened(look, url)
    said = json.loads(page.locator("#said").text_content() or "")
    assert set(said) == {"words", "squads"}
    assert all(text for text in said["words"].values())
