"""Two edges on a real mosquitto: each is asked for its own, and a hub that comes later finds what is retained."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting import radios
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from sensor_hub.errors import EdgeError
from tests.app.on_air import LEFT, RIGHT, air_of
from tests.app.test_asking_edges import SHORT_S, edge_on, ready, running
from tests.app.test_collecting import soon
from tests.servers_mqtt import Mosquitto, start_mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    server = start_mosquitto(tmp_path)
    yield server
    server.stop()


def hub_on(folder: Path, url: str) -> Hub:
    settings = load_settings(data_dir=folder, mqtt=url, store="", zone="UTC")
    return Hub(settings, Place.at(folder), web=False)


def test_two_edges_are_asked_each_for_its_own_also_after_broker_and_hub_went_away(
    mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = {
        "one": VirtualRadio([running(rsc_pod(LEFT, "Stride 1"))]),
        "two": VirtualRadio([rsc_pod(RIGHT, "Stride 2")]),
    }
    monkeypatch.setattr(radios, "air", lambda settings: air_of(heard[settings.data_dir.name]))
    hub = hub_on(tmp_path / "hub", mosquitto.url)
    ana = hub.registry.add_athlete("Ana Example", "UTC")
    hub.start()
    try:
        with edge_on(tmp_path / "one", mosquitto.url) as one, edge_on(tmp_path / "two", mosquitto.url) as two:
            ready(hub, one.gw)
            ready(hub, two.gw)
            (first,), (second,) = hub.sensors.scan(one.gw, SHORT_S), hub.sensors.scan(two.gw, SHORT_S)
            assert (first.name, second.name) == ("Stride 1", "Stride 2")
            with pytest.raises(EdgeError, match="heard too long ago"):
                hub.sensors.pair(two.gw, first.key, ana.id, side="L", mount=None)
            paired = hub.sensors.pair(one.gw, first.key, ana.id, side="L", mount=None)
            assert paired.gw == one.gw
            assert soon(lambda: any(tile.cadence_spm for tile in hub.board.tiles()))
            with pytest.raises(EdgeError, match="does not know that sensor"):
                hub.sensors.check(two.gw, paired.device, SHORT_S)
            mosquitto.stop()
            assert soon(lambda: hub.trouble() is not None)
            with pytest.raises(EdgeError, match=r"no connection to its broker|not connected now"):
                hub.sensors.scan(one.gw, SHORT_S)
            mosquitto.restart()
            assert soon(lambda: hub.trouble() is None)
            assert soon(lambda: one.edge.publisher.connected and two.edge.publisher.connected)
            hub.stop()
            hub = hub_on(tmp_path / "hub", mosquitto.url)
            hub.start()
            ready(hub, one.gw)
            ready(hub, two.gw)
            assert soon(lambda: [view.name for view in hub.sensors.all(ana.id)] == ["Stride 1"])
            assert soon(lambda: hub.sensors.all(ana.id)[0].state == "streaming")
            assert hub.sensors.scan(two.gw, SHORT_S)[0].name == "Stride 2"
            assert soon(lambda: hub.sensors.batteries() == {ana.id: 87})
        assert soon(lambda: not any(edge.is_ready for edge in hub.sensors.edges()))
        assert hub.sensors.batteries() == {}, "what an edge that is gone has said holds no longer"
    finally:
        hub.stop()
