"""What a page does when its server goes away; apart, because NiceGUI serves one application a process at a time."""

import pytest
from playwright.sync_api import Browser, expect

from sensor_hub.adapters.web import WebServer, create_app
from tests.adapters.web.hub import ScriptedHub
from tests.e2e.conftest import PHONE

pytestmark = pytest.mark.browser


def test_numbers_turn_grey_when_the_server_is_gone_and_live_again_when_it_is_back(browser: Browser) -> None:
    hub = ScriptedHub()
    server = WebServer(create_app(hub), port=0)
    server.start()
    port = server.port
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    try:
        page.goto(f"{server.url}/athlete/mia", wait_until="domcontentloaded")
        digits = page.get_by_test_id("tile-mia").get_by_test_id("cadence")
        expect(digits).to_have_text("172")
        page.wait_for_function("() => window.did_handshake")
    finally:
        server.stop()
    expect(digits).to_have_css("color", "rgb(123, 132, 140)")
    hub.change("mia", cadence_spm=163.0)
    again = WebServer(create_app(hub), port=port)
    again.start()
    try:
        expect(digits).to_have_text("163")
        expect(digits).not_to_have_css("color", "rgb(123, 132, 140)")
        hub.change("mia", cadence_spm=164.0)
        expect(digits).to_have_text("164")
    finally:
        page.close()
        again.stop()
