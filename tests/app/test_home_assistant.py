"""A hub that tells a Home Assistant of its runners: on a real mosquitto and on its own broker, and takes it back."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.adapters.mqtt.retained import Retained
from sensor_hub.app.broker_access import BrokerAccess, credentials
from sensor_hub.app.home_assistant import MARKER
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.wire import Topics
from sensor_hub.wire.home_assistant import encode_status
from tests.app.test_hub_sharing import AFTERNOON, batch, ran, soon
from tests.home_assistant import available, checked, state
from tests.servers_mqtt import start_mosquitto

pytestmark = pytest.mark.usefixtures("quick_rounds")
DEVICES = "homeassistant/device/+/config"


@pytest.fixture(params=["embedded", pytest.param("mosquitto", marks=pytest.mark.server("mosquitto"))])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Of a hub that wants it."""
    plain = {"data_dir": tmp_path / "data", "web_port": 0, "home_assistant": True, "page_url": "https://hub.example"}
    if request.param == "embedded":
        yield load_settings(**plain, mqtt_port=0)
        return
    server = start_mosquitto(tmp_path)
    yield load_settings(**plain, mqtt=server.url)
    server.stop()


@contextmanager
def running(settings: Settings, **changes: Any) -> Iterator[Hub]:
    hub = Hub(settings.model_copy(update=changes), Place.at(settings.data_dir), web=False)
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


def hub_url(hub: Hub) -> str:
    """The broker, as the hub's own user."""
    from sensor_hub.app.place import broker_url

    return broker_url(hub.settings, hub.place, "hub", hub._broker.inner_port if hub._broker else None)


def readers_url(hub: Hub) -> str:
    """The broker, as somebody's Home Assistant, a reader; the mosquitto of these tests asks for no name."""
    if hub._broker is None:
        return hub_url(hub)
    given = BrokerAccess(hub.registry, hub.settings).add("home", "reader", athletes=(), everybody=True)
    hub._broker.know(credentials(hub.registry.gateways.all()))
    return f"mqtt://home:{given.password}@127.0.0.1:{hub._broker.port}"


def held(hub: Hub, *filters: str) -> dict[str, bytes]:
    with Retained.of(hub_url(hub)) as broker:
        return broker.held(filters, quiet_s=0.3)


def until(hub: Hub, holds: Callable[[dict[str, bytes]], bool], *filters: str) -> dict[str, bytes]:
    """What the broker keeps, once it is so."""
    end_s = time.monotonic() + 40
    while not holds(found := held(hub, *filters)):
        assert time.monotonic() < end_s, sorted(found)
    return found


def config_of(athlete: str) -> str:
    return f"homeassistant/device/sensorhub_{athlete}/config"


def test_a_runner_appears_with_values_from_the_hubs_own_messages_and_a_simulated_one_does_not(
    settings: Settings,
) -> None:
    with running(settings) as hub:
        ana = hub.registry.add_athlete("Ana", AFTERNOON)
        sim = hub.registry.add_athlete("Sim", "UTC", simulated=True)
        pod = hub.registry.add_device("C0:FF:EE:00:00:01", "Ana's left pod", "p@1", athlete=ana.id, side="L")
        hub._on_batch(batch(hub, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))
        base = hub.topics.base
        stands = {
            config_of(ana.id): b"battery_",
            f"{base}/ath/{ana.id}/status": b'"status":"alert"',
            f"{base}/ath/{ana.id}/load": b'"today_distance_m":20000',
        }
        found = until(
            hub,
            lambda kept: all(word in kept.get(topic, b"") for topic, word in stands.items()),
            DEVICES,
            f"{base}/#",
        )
        assert config_of(sim.id) not in found
        body = checked(found[config_of(ana.id)])
        assert body["dev"]["name"] == f"Runner {ana.id}"
        assert body["dev"]["cu"] == f"https://hub.example/athlete/{ana.id}"
        assert b"Ana" not in found[config_of(ana.id)]
        parts = body["cmps"]
        shows = {name: state(part, found[part["stat_t"]]) for name, part in parts.items() if part["stat_t"] in found}
        assert shows["distance_today"] == 20_000
        assert shows["status"] == "alert"
        assert float(shows["alerts"] or 0) >= 1
        assert float(shows["distance_left"] or 0) < 0
        assert shows["hard_left"] is None
        assert parts[f"battery_{pod.id}"]["stat_t"] == hub.topics.device_state(pod.id)
        assert available(body, found[body["avty"][0]["t"]])


def test_what_somebody_has_seen_asks_for_attention_no_more_and_another_hubs_word_does_not_stay(
    settings: Settings,
) -> None:
    with running(settings) as hub:
        ana = hub.registry.add_athlete("Ana", AFTERNOON)
        hub._on_batch(batch(hub, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))
        topic = hub.topics.status(ana.id)
        until(hub, lambda kept: b'"status":"alert"' in kept.get(topic, b""), topic)
        for finding in hub.store.findings(ana.id):
            hub.marks.acknowledge(finding, by="coach")
        seen = until(hub, lambda kept: b'"n_alerts":0' in kept[topic], topic)[topic]
        hub._publish(encode_status(ana.id, "idle", 3, hub.topics))  # of another hub, whose turn it was meanwhile
        hub._on_turn()
        until(hub, lambda kept: kept[topic] == seen, topic)


def test_with_names_they_are_told_by_name(settings: Settings) -> None:
    with running(settings, home_assistant_names=True) as hub:
        ana = hub.registry.add_athlete("Ana", "UTC")
        found = until(hub, lambda kept: config_of(ana.id) in kept, DEVICES)
        assert checked(found[config_of(ana.id)])["dev"]["name"] == "Ana"


def test_who_is_erased_or_merged_is_gone_from_there(settings: Settings) -> None:
    with running(settings) as hub:
        ana, ben, old = (hub.registry.add_athlete(name, "UTC") for name in ("Ana", "Ben", "Ben (old)"))
        every = {config_of(who.id) for who in (ana, ben, old)}
        until(hub, lambda kept: every <= set(kept), DEVICES)
        hub.registry.merge_athletes(old.id, ben.id)
        hub.registry.erasing.begin([ana.id])
        hub.registry.erasing.finish(ana.id)
        gone = {of(who.id) for who in (ana, old) for of in (config_of, hub.topics.status)}
        left = until(hub, lambda kept: not gone & set(kept), "homeassistant/#", f"{hub.topics.base}/#")
        assert config_of(ben.id) in left


def test_once_the_setting_is_off_nothing_of_it_is_left_also_after_a_kill(settings: Settings) -> None:
    with running(settings) as hub:
        ana = hub.registry.add_athlete("Ana", "UTC")
        until(hub, lambda kept: config_of(ana.id) in kept, DEVICES)
        embedded = hub._broker is not None
    marker = settings.data_dir / MARKER
    assert marker.exists()
    with running(settings, home_assistant=False) as hub:
        left = until(hub, lambda kept: config_of(ana.id) not in kept, "homeassistant/#", f"{hub.topics.base}/#")
        assert soon(lambda: not marker.exists())
        assert embedded or f"{hub.topics.base}/ath/{ana.id}/status" not in left
        assert hub._home.topic_filters == ()


def test_a_home_assistant_that_comes_back_is_told_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(settings) as hub:
        ana = hub.registry.add_athlete("Ana", "UTC")
        until(hub, lambda kept: config_of(ana.id) in kept, DEVICES)
        told: list[str] = []
        publish = hub._home._publish
        hub._home._publish = lambda message: told.append(message.topic) or publish(message)  # type: ignore[func-returns-value]
        looks: list[object] = []
        shown = hub._home._shown
        monkeypatch.setattr(hub._home, "_shown", lambda athlete: looks.append(athlete) or shown(athlete))  # type: ignore[func-returns-value]
        assert soon(lambda: len(looks) >= 3)
        assert config_of(ana.id) not in told, "what stands is not said again"
        with Retained.of(readers_url(hub)) as broker:
            broker._client.publish("homeassistant/status", b"online", qos=1)
            assert soon(lambda: config_of(ana.id) in told)


def test_a_hub_that_ends_is_lost_and_one_that_does_not_want_it_says_nothing(settings: Settings, tmp_path: Path) -> None:
    if not settings.mqtt.get_secret_value():
        with running(settings, home_assistant=False) as hub:
            hub.registry.add_athlete("Ana", "UTC")
            time.sleep(0)
            assert hub._home.topic_filters == ()
            assert hub._home.chores() == []
            assert hub._home.will() is None
        return
    with running(settings) as hub:
        hub.registry.add_athlete("Ana", "UTC")
        topic, url = hub.topics.hub_state(hub.place.hub_id()), hub_url(hub)
        until(hub, lambda kept: b"ready" in kept.get(topic, b""), topic)
    with Retained.of(url) as broker:
        assert json.loads(broker.held([topic])[topic])["state"] == "lost"
    assert Topics(settings.site).base in topic
