"""The page of squads in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from sensor_hub.adapters.web import WebServer, WriteSide, create_app
from tests.adapters.web.hub import ScriptedHub
from tests.adapters.web.squads import ScriptedSquads
from tests.e2e.conftest import PHONE, Look

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def squads() -> ScriptedSquads:
    return ScriptedSquads()


@pytest.fixture(scope="module")
def url(squads: ScriptedSquads) -> Iterator[str]:
    server = WebServer(create_app(ScriptedHub(), WriteSide(squads=squads)), port=0)
    server.start()
    yield server.url
    server.stop()


def test_squads_are_made_filled_and_removed_on_a_page_of_their_own(
    look: Look, url: str, squads: ScriptedSquads
) -> None:
    page = look(f"{url}/squads", PHONE)
    form = page.get_by_test_id("add-squad")
    form.get_by_label("Name of the squad").fill("Hurdles")
    form.get_by_role("button", name="Make the squad").click()
    made = page.get_by_test_id("squad-hurdles")
    expect(made.get_by_test_id("members")).to_have_text("Nobody yet.")
    made.locator("summary").click()
    made.get_by_label("Ada Brandt").check()
    made.get_by_role("button", name="Save").click()
    expect(made.get_by_test_id("members")).to_have_text("Ada Brandt")
    assert squads.held["hurdles"].athletes == ("ada",)
    made.get_by_label("Jonas Okafor").check()
    squads.change("hurdles", joining=["mia"])  # by somebody else
    expect(made.get_by_test_id("members")).to_have_text("Ada Brandt, Mia Lindqvist")
    expect(made.get_by_label("Jonas Okafor")).to_be_checked()
    made.get_by_role("button", name="Save").click()
    expect(made.get_by_test_id("members")).to_have_text("Ada Brandt, Jonas Okafor, Mia Lindqvist")
    squads.remove("hurdles")  # by somebody else
    expect(made).to_have_count(0, timeout=8000)
