"""What the coach's page does when its hub goes away, or lets its visitor go.

Apart, because NiceGUI serves one application a process at a time: what a second one starts, the first one's pages miss.
"""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from sensor_hub.adapters.web import WebServer, create_app
from tests.adapters.web.fifty import FIRST, fifty, key
from tests.adapters.web.hub import ScriptedHub, finding
from tests.adapters.web.world import World
from tests.e2e.coach import WATCHED, card
from tests.e2e.conftest import PHONE

pytestmark = pytest.mark.browser


def test_a_hub_that_is_restarted_is_found_again_without_a_reload(browser: Browser) -> None:
    hub = ScriptedHub()
    hub.roster = fifty()
    server = WebServer(create_app(hub), port=0)
    server.start()
    port = int(server.url.rpartition(":")[2])
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.add_init_script(WATCHED)
    page = context.new_page()
    page.goto(f"{server.url}/?squad=tonight", wait_until="domcontentloaded")
    first = card(page, FIRST)
    expect(first.get_by_test_id("cadence")).to_have_text("172")
    page.evaluate("() => { window.survives = 'yes'; }")
    page.get_by_test_id("sound").click()
    page.wait_for_function("() => tones > 0")
    page.evaluate("() => scrollTo(0, 500)")
    shown, tones = page.get_by_test_id("summary").inner_text(), page.evaluate("tones")
    connection = page.get_by_test_id("connection")
    expect(connection).to_be_hidden()
    server.stop()
    expect(connection).to_contain_text("No connection to the hub since", timeout=4000)
    expect(first).to_have_class(re.compile(r"\bstale\b"))
    expect(page.locator(".tile.running:not(.stale)")).to_have_count(0)
    again = ScriptedHub()
    again.roster = [replace(t, cadence_spm=155.0) if t.athlete.id == FIRST else t for t in fifty()]
    server = WebServer(create_app(again), port=port)
    server.start()
    try:
        expect(first.get_by_test_id("cadence")).to_have_text("155")
        expect(connection).to_be_hidden()
        expect(first).not_to_have_class(re.compile(r"\bstale\b"))
        assert page.evaluate("window.survives") == "yes"
        assert page.get_by_test_id("summary").inner_text() == shown
        assert page.url.endswith("?squad=tonight")
        assert page.evaluate("scrollY") == 500
        assert page.evaluate("tones") == tones, "what was above a limit before the restart is no news"
        again.change(key(2), state="alert", findings=(finding(key(2)),))
        page.wait_for_function(f"() => tones > {tones}")
    finally:
        context.close()
        server.stop()


def test_who_is_signed_out_elsewhere_sees_nobody_any_more(browser: Browser) -> None:
    world = World()
    world.fill()
    server = WebServer(world.app, port=0)
    server.start()
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    cookie = world.signed_in("coach-all")["Cookie"].partition("=")
    context.add_cookies([{"name": cookie[0], "value": cookie[2], "url": server.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    try:
        page.goto(server.url, wait_until="domcontentloaded")
        expect(page.get_by_test_id("visitor")).to_contain_text("coach-all")
        expect(card(page, "mia")).to_be_visible()
        world.accounts.change("coach-all", disabled=True)
        expect(page.get_by_test_id("ended")).to_be_visible(timeout=8000)
        expect(page.locator(".tile")).to_have_count(0)
        assert "Mia" not in page.content()
        assert "Mia" not in page.title()
        page.locator("h1").click()
        page.wait_for_timeout(600)  # two rounds of what looked after the tiles
        assert faults == []
    finally:
        context.close()
        server.stop()
