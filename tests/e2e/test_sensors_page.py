"""Pairing over the page: a hub, an edge, a virtual pod, and somebody who taps; then what a scripted hub shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sensor_hub.adapters.virtual.pods import rsc_pod, shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.adapters.web import create_app
from sensor_hub.adapters.web.server import WebServer
from sensor_hub.app.collecting import radios
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from sensor_hub.model.sensor_view import EdgeView
from tests import need
from tests.adapters.web.world import World
from tests.app.on_air import LEFT, RIGHT, air_of
from tests.app.test_asking_edges import edge_on, ready
from tests.e2e.axe import serious, serious_everywhere
from tests.e2e.conftest import DESK, Look
from tests.e2e.faults import everywhere

pytestmark = pytest.mark.browser
# Buttons and fields in the main part that a thumb would miss.
TOO_LOW = """
() => [...document.querySelectorAll('main button, main select, main summary')]
  .filter((e) => e.checkVisibility()).filter((e) => e.getBoundingClientRect().height < 43.5)
  .map((e) => e.outerHTML.slice(0, 80))
"""
SLOW_MS = 60_000  # a scan, a link and a check, on a machine that does other things


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    need.command("chromium")
    still = [(float(at_s), "2a53", b"\x00\x00\x00\x00") for at_s in range(3600)]  # so that no run begins
    air = VirtualRadio([rsc_pod(LEFT, "Stride 1", still), shank_pod(RIGHT, "MyFoot 7")])
    monkeypatch.setattr(radios, "air", lambda _settings: air_of(air))
    settings = load_settings(
        data_dir=tmp_path / "hub", web_port=0, mqtt_port=0, mqtt="", store="", zone="Europe/Berlin"
    )
    hub = Hub(settings, Place.at(tmp_path / "hub"))
    hub.registry.add_athlete("Ana Example", "Europe/Berlin")
    hub.start()
    yield hub
    hub.stop()


def test_a_pod_is_paired_checked_and_unpaired_by_taps(hub: Hub, look: Look, tmp_path: Path) -> None:
    (ana,) = hub.registry.athletes()
    page = look(f"{hub.page_url}/athlete/{ana.id}/sensors")
    expect(page.get_by_test_id("no-edge")).to_contain_text("sensor-hub edge")
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        page.get_by_role("button", name="Listen").click()
        expect(page.get_by_test_id("listening")).to_contain_text("Listening")
        expect(page.get_by_test_id("heard-one")).to_have_count(2, timeout=SLOW_MS)
        assert serious_everywhere(page) == {}
        assert everywhere(page, []) == {}
        page.get_by_role("button", name="Choose Stride 1").press("Enter")
        form = page.get_by_test_id("pair")
        form.locator("[name=side]").select_option("L")
        form.locator("[name=name]").fill("Ana's left")
        assert everywhere(page, [TOO_LOW]) == {}
        form.get_by_role("button", name="Pair", exact=True).click()
        expect(page.get_by_test_id("paired")).to_contain_text("Ana's left is paired", timeout=SLOW_MS)
        page.get_by_test_id("check-now").click()
        expect(page.get_by_test_id("verdict")).to_have_text("Fit for a run", timeout=SLOW_MS)
        expect(page.get_by_test_id("state")).to_have_text("Sending", timeout=SLOW_MS)
        (paired,) = hub.sensors.all(ana.id)
        card = page.get_by_test_id(f"sensor-{paired.device}")
        expect(card).to_contain_text("left")
        expect(card).to_contain_text("Battery 87 %")
        assert serious_everywhere(page) == {}
        assert everywhere(page, [TOO_LOW]) == {}
        page.get_by_test_id("do-unpair").click()
        expect(page.get_by_test_id("really")).to_contain_text("Unpair Ana's left?")
        page.get_by_test_id("yes-unpair").click()
        expect(page.get_by_test_id("outcome-text")).to_have_text("Ana's left is unpaired.", timeout=SLOW_MS)
        expect(card).to_have_count(0, timeout=SLOW_MS)
        assert hub.sensors.all(ana.id) == []
    expect(page.get_by_test_id("no-edge")).to_contain_text("No edge", timeout=SLOW_MS)


@pytest.fixture(scope="module")
def scripted() -> Iterator[tuple[World, str]]:
    need.command("chromium")
    world = World()
    server = WebServer(create_app(world.hub, world.writing), port=0)
    server.start()
    yield world, server.url
    server.stop()


def test_a_leg_sensor_asks_where_it_sits_and_on_which_side(look: Look, scripted: tuple[World, str]) -> None:
    world, url = scripted
    world.sensors.begin_anew()
    page = look(f"{url}/athlete/mia/sensors")
    page.get_by_role("button", name="Listen").click()
    page.get_by_role("button", name="Choose MyFoot 7").click()
    form = page.get_by_test_id("pair")
    send = form.get_by_role("button", name="Pair", exact=True)
    send.click()
    expect(form.get_by_role("alert")).to_contain_text("Say where it sits")
    form.locator("[name=mount]").select_option("shank")
    send.click()
    expect(form.get_by_role("alert")).to_contain_text("Say on which side")
    form.locator("[name=side]").select_option("R")
    send.click()
    expect(page.get_by_test_id("paired")).to_contain_text("is paired")
    assert world.sensors.asked[-1] == ("pair", "edge-1", "key-2", "mia", "R", "shank", None)
    assert serious(page) == []


def test_what_an_edge_refuses_is_told_and_one_can_begin_again(look: Look, scripted: tuple[World, str]) -> None:
    world, url = scripted
    world.sensors.begin_anew()
    world.sensors.refuses = "Bluetooth on the edge's machine: the adapter is off"
    page = look(f"{url}/athlete/mia/sensors")
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_test_id("pair-problem")).to_contain_text("the adapter is off")
    world.sensors.refuses = None
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_test_id("heard-one")).to_have_count(2)
    expect(page.get_by_text("Show what no profile fits")).to_be_visible()


def test_the_box_has_its_page_and_the_roster_leads_there(look: Look, scripted: tuple[World, str]) -> None:
    world, url = scripted
    world.sensors.begin_anew()
    world.sensors.known_edges = [EdgeView("edge-1", True, "Track", True), EdgeView("edge-2", True, "", True)]
    page = look(f"{url}/roster", DESK)
    page.get_by_test_id("to-sensors").click()
    expect(page.get_by_test_id("sensor-pod-box")).to_contain_text("Tonight it is on Mia Lindqvist")
    expect(page.get_by_test_id("sensor-pod-free")).to_contain_text("Lost")
    assert page.get_by_test_id("sensor-pod-mia").count() == 0
    page.locator("[name=gw]").select_option("edge-2")
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_test_id("heard-one").first).to_be_visible()
    assert world.sensors.asked == [("scan", "edge-2", 8.0)]
    page.get_by_role("button", name="Unpair: Pod-Free").click()
    page.get_by_test_id("keep-it").click()
    page.get_by_role("button", name="Check: Pod-Free").click()
    expect(page.get_by_test_id("sensor-pod-free").get_by_test_id("working")).to_have_count(0)
    assert world.sensors.asked[-1] == ("check", "edge-1", "pod-free", 10.0)
    assert serious(page) == []
