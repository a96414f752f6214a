"""What a hub keeps in memory of its edges: the newest, bounded, and nothing that an edge has let go of."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.mqtt.subscriber import Incoming
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.sensors import HubSensors
from sensor_hub.app.sensors import said as said_module
from sensor_hub.app.sensors.edges import Edges
from sensor_hub.app.sensors.said import Said
from sensor_hub.errors import EdgeError
from sensor_hub.model.asking import VERBS, PairedSensor, Refusal, Reply, ScanAir, Verb
from sensor_hub.model.message import Message
from sensor_hub.model.sensor_view import DeviceReport, GatewayReport
from sensor_hub.wire import Topics

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
HASH = "$7$20000$c2FsdA==$aGFzaA=="
READY = GatewayReport("edge-1", True, frozenset(VERBS))


def report(device: str, gw: str = "edge-1") -> DeviceReport:
    return DeviceReport(device, gw, "streaming", "x@1", "L", 80)


def sensor(device: str) -> PairedSensor:
    return PairedSensor(device, device, "x", "L", None, None, None)


def reply(verb: Verb, *devices: str, refusal: Refusal | None = None) -> Reply:
    return Reply("r", "edge-1", verb, NOW, refusal, tuple(sensor(device) for device in devices))


def test_an_edge_is_asked_for_its_sensors_when_it_comes_and_when_one_is_new() -> None:
    said = Said()
    assert said.hear_gateway(READY)
    assert not said.hear_gateway(READY), "it was there already"
    assert said.hear_sensor(report("pod-1")), "nobody has listed it"
    said.take(reply("list", "pod-1"), 0.0)
    assert not said.hear_sensor(report("pod-1"))
    said.hear_gateway(GatewayReport("edge-1", False))
    assert not said.hear_sensor(report("pod-2")), "it is gone"
    assert said.hear_gateway(READY)


def test_answers_to_whomever_change_the_list_in_their_order_and_refusals_do_not() -> None:
    said = Said()
    said.hear_gateway(READY)
    said.take(reply("list", "pod-1", "pod-2"), 0.0)
    said.take(reply("pair", "pod-3"), 1.0)
    said.hear_sensor(report("pod-2"))
    said.take(reply("unpair", "pod-2"), 2.0)
    said.take(reply("list", refusal=Refusal("failed")), 3.0)
    assert sorted(sensor.device for _gw, sensor in said.listed()) == ["pod-1", "pod-3"]
    assert said.states() == {}


def test_an_edge_is_asked_again_after_a_while_also_if_it_told_nothing() -> None:
    said = Said()
    said.hear_gateway(READY)
    assert said.outdated(0.0) == ["edge-1"]
    said.tried("edge-1", 0.0)
    assert said.outdated(said_module.BELIEVED_S) == []
    assert said.outdated(said_module.BELIEVED_S + 1) == ["edge-1"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=120))
def test_only_so_many_are_kept_and_those_that_were_heard_last(numbers: list[int]) -> None:
    said = Said()
    before = said_module.MOST_SENSORS, said_module.MOST_EDGES
    said_module.MOST_SENSORS, said_module.MOST_EDGES = 5, 3  # type: ignore[misc]
    try:
        for number in numbers:
            said.hear_sensor(report(f"pod-{number}"))
            said.hear_gateway(GatewayReport(f"edge-{number}", True))
    finally:
        said_module.MOST_SENSORS, said_module.MOST_EDGES = before  # type: ignore[misc]
    newest = list(dict.fromkeys(f"pod-{number}" for number in reversed(numbers)))[:5]
    assert set(said.states()) == set(newest)
    assert len(said.gateways()) == min(3, len(set(numbers)))


def test_what_a_gateway_says_under_anothers_topic_is_passed_over() -> None:
    topics, said = Topics(), Said()
    edges = Edges(topics, lambda _message, _expiry_s: False, said)
    state = b'{"v":1,"type":"state","gw":"edge-1","state":"ready","takes":["list","scan"]}'
    edges.hear(Incoming(topics.gateway_state("edge-2"), state))
    edges.hear(Incoming(topics.gateway_state("edge-3"), b"{"))
    edges.hear(Incoming(topics.reply("edge-2", "r"), b'{"v":1,"type":"reply"}'))
    edges.hear(Incoming(f"{topics.base}/gw/edge-1", state))
    assert said.gateways() == []
    edges.hear(Incoming(topics.gateway_state("edge-1"), state))
    assert [gateway.gw for gateway in said.gateways()] == ["edge-1"]


def test_of_a_hub_that_has_ended_nobody_waits_for_an_edge() -> None:
    said = Said()
    said.hear_gateway(READY)
    edges = Edges(Topics(), lambda _message, _expiry_s: True, said)
    edges.stop()
    with pytest.raises(EdgeError, match="no connection to its broker"):
        edges.ask("edge-1", ScanAir(1.0))


def test_an_edge_is_asked_for_one_thing_at_a_time_beside_its_list() -> None:
    said, asked = Said(), list[Message]()
    said.hear_gateway(READY)

    def publish(message: Message, _expiry_s: int) -> bool:
        asked.append(message)
        return True

    edges = Edges(Topics(), publish, said)
    refused = list[str]()

    def scan() -> None:
        try:
            edges.ask("edge-1", ScanAir(1.0))
        except EdgeError as error:
            refused.append(str(error))

    first = Thread(target=scan)
    first.start()
    while not asked:
        first.join(0.01)
    with pytest.raises(EdgeError, match="something else with its radio"):
        edges.ask("edge-1", ScanAir(1.0))
    assert len(asked) == 1, "the edge heard of one alone"
    edges.stop()
    first.join(10.0)
    assert len(refused) == 1


def test_a_gateway_with_limits_takes_nobody_elses_sensor_from_the_page(tmp_path: Path) -> None:
    """It lists it as its own, says how it is, and was removed since: what it says counts for its own people alone."""
    topics, said = Topics(), Said()
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        ana, ben = (registry.add_athlete(name, "UTC") for name in ("Ana", "Ben"))
        anas = registry.add_device("C0:FF:EE:00:00:01", "Ana's", "p@1", athlete=ana.id, side="L")
        registry.gateways.add("edge-2", "gateway", HASH, athletes=[ben.id], now_utc=NOW)
        sensors = HubSensors(registry, Edges(topics, lambda _message, _expiry_s: False, said), dict, "UTC")
        for gw in ("edge-1", "edge-2"):
            said.hear_gateway(GatewayReport(gw, True, frozenset(VERBS)))
            told = tuple(
                PairedSensor(device, f"of {gw}", "p@1", "L", None, who, None, 5)
                for device, who in ((anas.id, ben.id), ("pod-edge-1", ana.id))
            )
            said.take(Reply("r", gw, "list", NOW, None, told), 0.0)
        said.hear_sensor(replace(report(anas.id, "edge-2"), battery_percent=1))
        for is_retired in (False, True):
            if is_retired:
                registry.gateways.retire("edge-2", NOW)
            seen = {view.device: (view.gw, view.state, view.name) for view in sensors.all(ana.id)}
            assert seen == {anas.id: ("edge-1", None, "Ana's"), "pod-edge-1": ("edge-1", None, "of edge-1")}
            assert sensors.all(ben.id) == []
