"""Who is told, in a real browser: an address typed in, tried out and removed; on a phone and at a desk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sensor_hub.adapters.web import WebServer
from tests.adapters.web.world import World
from tests.e2e.axe import serious, serious_everywhere
from tests.e2e.conftest import DESK, PHONE, Look
from tests.e2e.faults import everywhere

pytestmark = pytest.mark.browser
SECRET = "ntfys://ntfy.sh/a-s3cret-topic"  # noqa: S105 (of nobody)
SMALL = """() => [...document.querySelectorAll('[data-testid=notify] :is(button, summary, input:not([type=checkbox]))')]
  .filter((e) => e.offsetParent && (e.getBoundingClientRect().height < 43.5)).map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[World, str]]:
    world = World()
    server = WebServer(world.app, port=0)
    server.start()
    yield world, server.url
    server.stop()


@pytest.fixture
def served(running: tuple[World, str]) -> tuple[World, str]:
    running[0].begin_anew()
    return running


def fill(page: Page) -> None:
    page.get_by_text("Add an address").click()
    page.get_by_label("Address", exact=False).first.fill(SECRET)
    page.get_by_label("What you call it").fill("Watch")
    page.get_by_label("Quiet from").fill("21:30")


def test_a_runner_says_where_to_be_told(look: Look, served: tuple[World, str]) -> None:
    world, url = served
    world.addressees.of_athlete("mia")
    world.addressees.fail("to-mia", "ntfy answered 403 and did not take it")
    page = look(f"{url}/athlete/mia/notify")
    expect(page.get_by_test_id("addressee-to-mia")).to_contain_text("ntfy answered 403")
    fill(page)
    assert everywhere(page, [SMALL]) == {}
    assert serious_everywhere(page) == {}
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_test_id("outcome-text")).to_contain_text("Added Watch")
    expect(page.get_by_test_id("addressees")).to_contain_text("quiet from 21:30 to 07:00 (Europe/Berlin)")
    assert world.addressees.urls == [SECRET]
    assert "s3cret" not in page.content()
    assert serious_everywhere(page) == {}


def test_by_keyboard_alone_a_test_is_sent_and_an_address_removed(look: Look, served: tuple[World, str]) -> None:
    world, url = served
    page = look(f"{url}/athlete/mia/notify")
    page.get_by_role("button", name="Send a test: My phone").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("outcome-text")).to_contain_text("handed over for My phone")
    assert world.addressees.tried == ["to-mia"]
    page.get_by_role("button", name="Remove: My phone").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("addressees")).to_have_text("Nobody is told yet.")


def test_a_refusal_stands_beneath_the_form_and_what_was_typed_stays(look: Look, served: tuple[World, str]) -> None:
    world, url = served
    page = look(f"{url}/athlete/mia/notify")
    fill(page)
    world.addressees.refused = "no service is known by that address"
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".form-problem")).to_have_text("no service is known by that address")
    expect(page.get_by_label("What you call it")).to_have_value("Watch")


def test_of_a_simulated_runner_nobody_is_told(look: Look, served: tuple[World, str]) -> None:
    page = look(f"{served[1]}/athlete/sim/notify")
    expect(page.get_by_test_id("refusal")).to_contain_text("simulated")
    expect(page.get_by_test_id("notify")).to_have_count(0)


def test_a_coach_has_the_card_on_their_account(look: Look, served: tuple[World, str]) -> None:
    # nobody has an account: whoever sits here coaches
    page = look(f"{served[1]}/account", timezone_id="Pacific/Auckland")
    expect(page.get_by_test_id("notify")).to_contain_text("somebody you coach")
    fill(page)
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_test_id("addressees")).to_contain_text("(Pacific/Auckland)")


@pytest.mark.parametrize(("name", "n"), [("coach-mia", 1), ("mia", 0), ("boss", 0)])
def test_only_who_coaches_has_the_card_there(look: Look, served: tuple[World, str], name: str, n: int) -> None:
    world, url = served
    world.fill()
    secret = world.signed_in(name)["Cookie"].partition("=")[2]
    page = look(f"{url}/account", cookies=[{"name": "sensor-hub", "value": secret, "url": url}])
    expect(page.get_by_test_id("who")).to_have_text(re.compile(name))
    expect(page.get_by_test_id("notify")).to_have_count(n)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert serious(page) == []
