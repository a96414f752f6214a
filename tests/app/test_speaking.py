"""A gateway with a password cannot make another one let go of its messages, by saying that it is that other one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.passwords import hash_password
from sensor_hub.adapters.mqtt.subscriber import Subscriber
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.digest import digest
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.speaking import Speakers
from sensor_hub.config import load_settings
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics, encode
from tests.adapters.mqtt.test_chain import wait_for
from tests.adapters.mqtt.test_in_vain import PASSWORD
from tests.app.histories import header, started

NOW_UTC = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
TOPICS = Topics("home")
ANA, BEN = "aaaaaaaa", "bbbbbbbb"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry(f"sqlite:///{tmp_path / 'registry.db'}")
    for name, pseudonym in (("Ana", ANA), ("Ben", BEN)):
        made.add_athlete(name, "UTC", pseudonym=pseudonym)
    add(made, "edge-ana", ANA)
    add(made, "edge-ben", BEN)
    return made


def add(registry: Registry, name: str, *athletes: str) -> None:
    registry.gateways.add(
        name, "gateway", hash_password(PASSWORD), athletes=athletes, everybody=not athletes, now_utc=NOW_UTC
    )


def said(athlete: str, gw: str, seq: int, sid: str = "01jd") -> tuple[str, bytes]:
    message = encode(started(header(athlete, sid), NOW_UTC), topics=TOPICS, gw=gw, seq=seq)
    return message.topic, message.payload


def test_a_message_under_another_gateways_number_is_kept_as_unusable_and_acknowledged_to_nobody(
    registry: Registry,
) -> None:
    may = Speakers(registry).may
    topic, broken = TOPICS.session(ANA, "01jd", "steps"), json.dumps({"gw": "edge-ben", "seq": 7}).encode()
    found = digest([said(ANA, "edge-ben", 5), (topic, broken)], may)
    assert found.envelopes == []
    assert found.due() == []
    assert [(dead.gw, dead.seq) for dead in found.dead] == [(None, None)] * 2
    assert "edge-ben" in found.dead[0].reason


def test_who_speaks_for_whom_it_may_is_taken_and_acknowledged(registry: Registry) -> None:
    add(registry, "edge-all")
    mine = [said(ANA, "edge-ana", 1), said(BEN, "edge-ben", 2), said(ANA, "edge-all", 3), said(BEN, "edge-here", 4)]
    found = digest(mine, Speakers(registry).may)
    assert found.dead == []
    assert {ack.gw: list(ack.seqs) for ack in found.due()} == {
        "edge-ana": [1], "edge-ben": [2], "edge-all": [3], "edge-here": [4],
    }  # fmt: skip


def test_a_change_holds_within_seconds_and_a_merged_athlete_is_known_by_both_names(registry: Registry) -> None:
    now_s = [0.0]
    speakers = Speakers(registry, lambda: now_s[0])
    assert not speakers.may("edge-ana", BEN)
    registry.merge_athletes("Ana", "Ben")
    assert not speakers.may("edge-ana", BEN)
    now_s[0] = 2.0
    assert speakers.may("edge-ana", BEN)
    assert speakers.may("edge-ana", ANA)


def test_while_the_registry_is_away_a_batch_waits(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_how: bool) -> None:
        raise RegistryError("away")

    monkeypatch.setattr(registry.gateways, "all", away)
    with pytest.raises(StoreError, match="away"):
        Speakers(registry).may("edge-ana", ANA)


def test_a_hub_marks_no_number_of_a_gateway_that_did_not_say_it(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0)
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    for name, pseudonym in (("Ana", ANA), ("Ben", BEN)):
        hub.registry.add_athlete(name, "UTC", pseudonym=pseudonym)
    add(hub.registry, "edge-ana", ANA)
    add(hub.registry, "edge-ben", BEN)
    hub.start()
    try:
        port = hub.broker_shown.rpartition(":")[2]
        thief = Subscriber(f"mqtt://edge-ana:{PASSWORD}@127.0.0.1:{port}", "thief", [], lambda _batch: None)
        thief.start()
        thief.wait_connected(20.0)
        for topic, payload in (said(ANA, "edge-ben", 5), said(ANA, "edge-ana", 1)):
            thief.publish(Message(topic, payload, 1))
        wait_for(lambda: hub.store.received("edge-ana") == [(1, 1)])
        thief.stop()
        assert hub.store.received("edge-ben") == []
        assert len(hub.store.dead_letters()) == 1
    finally:
        hub.stop()
