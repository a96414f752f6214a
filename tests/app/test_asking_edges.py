"""A hub asks its edges over a broker, and edges on virtual sensors answer: scan, pair, collect, check, unpair."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import paho.mqtt.client as paho
import pytest

from sensor_hub.adapters.mqtt.passwords import hash_password
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import rsc_pod, shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app import serving
from sensor_hub.app.collecting import radios
from sensor_hub.app.collecting.answering import Answering
from sensor_hub.app.collecting.on_air import OnAir
from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import EdgeError
from sensor_hub.model.asking import VERBS, Request, ScanAir
from sensor_hub.model.sensor_view import HeardSensor
from sensor_hub.simulation.squad import RSC_PROFILE
from sensor_hub.wire import Topics, encode_request
from tests.app.on_air import LEFT, RIGHT, air_of, radio_of
from tests.app.test_collecting import soon

RSC_FRAME = b"\x04\x00\x03\xaa"  # running, 3 m/s, 170 steps a minute
SHORT_S = 1.0  # the least that the contract allows


def running(pod: VirtualPod, seconds: int = 3600) -> VirtualPod:
    """Let a pod send a reading a second of somebody who runs."""
    pod.play([(float(at_s), "2a53", RSC_FRAME) for at_s in range(seconds)])
    return pod


class Heard:
    """Everything that goes over a broker, as bytes: what an address is looked for in."""

    def __init__(self, url: str) -> None:
        self.messages: list[tuple[str, bytes, bool]] = []
        user, _, at = url.removeprefix("mqtt://").rpartition("@")
        host, _, port = at.rpartition(":")
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2)  # type: ignore[attr-defined]
        if user:
            self.client.username_pw_set(*user.split(":"))
        self.client.on_message = lambda _c, _u, m: self.messages.append((m.topic, bytes(m.payload), m.retain))
        up = Event()
        self.client.on_subscribe = lambda *_: up.set()
        self.client.connect(host, int(port))
        self.client.loop_start()
        self.client.subscribe("sensorhub/#", qos=1)
        assert up.wait(10.0)

    def on(self, part: str) -> list[tuple[str, bytes, bool]]:
        return [message for message in self.messages if part in message[0]]

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10.0)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@dataclass
class EdgeBeside:
    """An edge with its own registry, in threads of this process."""

    settings: Settings
    edge: Edge
    lines: list[str]

    @property
    def gw(self) -> str:
        return self.edge.outbox.gw

    def registry(self) -> Registry:
        return Registry(Place.at(self.settings.data_dir).registry_url)


@contextmanager
def edge_on(folder: Path, url: str, *, answers: bool = True, now_utc: Callable[[], datetime] | None = None
            ) -> Iterator[EdgeBeside]:  # fmt: skip
    settings = load_settings(data_dir=folder, mqtt=url, zone="UTC")
    place, stop, lines = Place.at(folder), Event(), list[str]()
    with ExitStack() as ending:
        edge = Edge(place.outbox, url, Topics(settings.site), resend_after_s=2.0)
        ending.callback(edge.stop, 0.0)
        on_air = OnAir(settings, place)
        if answers:
            clock = {} if now_utc is None else {"now_utc": now_utc}
            ending.enter_context(Answering(settings, place, edge, on_air, **clock))
        edge.start()
        on_pod, on_ended = lambda _pod, _state: None, lambda _summary, _names: None
        what = (settings, place, edge, on_air, stop, lines.append, on_pod, on_ended)
        thread = Thread(target=serving._collect, args=what)
        thread.start()
        ending.callback(thread.join, 40.0)
        ending.callback(stop.set)
        edge.publisher.wait_connected(10.0)
        yield EdgeBeside(settings, edge, lines)
    assert not thread.is_alive()


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> VirtualRadio:
    """What every edge of this process hears."""
    air = VirtualRadio([running(rsc_pod(LEFT, "Stride 1"))])
    monkeypatch.setattr(radios, "radios", lambda _settings: (radio_of(air),))
    monkeypatch.setattr(radios, "air", lambda _settings: air_of(air))
    return air


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    settings = load_settings(
        data_dir=tmp_path / "hub", web_port=0, mqtt_port=0, mqtt="", store="", zone="Europe/Lisbon"
    )
    hub = Hub(settings, Place.at(tmp_path / "hub"), web=False)
    hub.registry.add_athlete("Ana Example", "Europe/Lisbon")
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def heard(hub: Hub) -> Iterator[Heard]:
    from sensor_hub.app.place import broker_url

    listener = Heard(broker_url(hub.settings, hub.place, "hub", hub._broker.inner_port if hub._broker else None))
    yield listener
    listener.close()


@pytest.fixture(autouse=True)
def soon_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Edges of this process look often for what was paired, and begin anew at once."""
    for where in ("collecting", "live"):
        monkeypatch.setattr(f"sensor_hub.app.collecting.{where}.FOLLOW_S", 0.2)
    monkeypatch.setattr(serving, "RETRY_S", 0.5)


def scanned(hub: Hub, gw: str, n: int = 1) -> list[HeardSensor]:
    """Let an edge listen, as often as it takes, until it hears so many; by name."""
    end_s = time.monotonic() + 30.0
    while len(found := hub.sensors.scan(gw, SHORT_S)) < n:
        assert time.monotonic() < end_s, found
    return sorted(found, key=lambda heard: heard.name)


def ready(hub: Hub, gw: str) -> None:
    assert soon(lambda: any(e.gw == gw and e.takes_requests for e in hub.sensors.edges()))


def no_address(heard: Heard) -> None:
    """No address of a sensor in anything that went over the broker, however it is written."""
    for address in (LEFT, RIGHT):
        plain = address.replace(":", "")
        for topic, payload, _ in heard.messages:
            told = (topic.encode() + payload).upper()
            for spelled in (address, plain, address.replace(":", "-"), address.replace(":", "_")):
                assert spelled.encode() not in told, topic
            assert bytes.fromhex(plain) not in payload, topic


def test_a_pod_is_found_paired_collected_checked_and_let_go_of_from_the_hub(
    hub: Hub, radio: VirtualRadio, heard: Heard, tmp_path: Path
) -> None:
    (ana,) = hub.registry.athletes()
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        (found,) = scanned(hub, edge.gw)
        assert (found.name, found.profile, found.paired) == ("Stride 1", RSC_PROFILE, None)
        paired = hub.sensors.pair(edge.gw, found.key, ana.id, side="L", mount=None)
        assert (paired.name, paired.athlete, paired.side) == ("Stride 1", ana.id, "L")
        assert soon(lambda: [s for s in hub.sensors.all(ana.id) if s.state == "streaming"] != [])
        with edge.registry() as registry:
            (known,) = [a for a in registry.athletes() if a.id == ana.id]
        assert (known.display_name, known.zone) == (ana.id, "Europe/Lisbon"), "the edge learns no name"
        assert soon(lambda: any(t.cadence_spm for t in hub.board.tiles())), "steps of hers arrive"
        check = hub.sensors.check(edge.gw, paired.device, 1.5)
        assert check.device == paired.device
        assert "not-heard" not in dict(check.found)
        assert hub.registry.sensor_checks.all() == {paired.device: check}
        with pytest.raises(EdgeError, match="in a run now"):
            hub.sensors.unpair(edge.gw, paired.device)
    assert soon(lambda: hub.sensors.all(ana.id)[0].state is None), "of an edge that is gone nothing is known"
    no_address(heard)
    assert len(heard.on("/cmd/")) >= 4
    assert all(not retained for _, _, retained in heard.on("/cmd/") + heard.on("/reply/"))


def test_a_pod_of_the_box_is_checked_beside_what_is_collected_and_unpaired(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, heard: Heard, tmp_path: Path
) -> None:
    air = VirtualRadio([rsc_pod(LEFT, "Stride A"), shank_pod(RIGHT, "Still 2")])
    monkeypatch.setattr(radios, "air", lambda _settings: air_of(air))
    (ana,) = hub.registry.athletes()
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        by_name = {found.name: found for found in scanned(hub, edge.gw, 2)}
        assert by_name["Still 2"].mounts == () or by_name["Still 2"].asks_side is False
        mine = hub.sensors.pair(edge.gw, by_name["Stride A"].key, ana.id, side="U", mount=None, name="Left one")
        assert mine.name == "Left one"
        assert soon(lambda: any(s.state == "streaming" for s in hub.sensors.all()))
        boxed = hub.sensors.pair(edge.gw, by_name["Still 2"].key, None, side="U", mount=None)
        assert (boxed.athlete, boxed.owner) == (None, None)
        found = hub.sensors.check(edge.gw, boxed.device, 1.0)
        assert "not-heard" not in dict(found.found), "it was linked for the check alone"
        again = hub.sensors.scan(edge.gw, SHORT_S)
        assert [h.name for h in again if h.paired is None] == []
        hub.sensors.unpair(edge.gw, mine.device)
        assert soon(lambda: [s.device for s in hub.sensors.all()] == [boxed.device])
        assert mine.device not in hub.registry.sensor_checks.all()
        assert soon(lambda: heard.on(f"dev/{mine.device}/state")[-1][1] == b""), "nothing of it stays at the broker"
    no_address(heard)


def test_what_cannot_be_says_why_and_what_to_do(hub: Hub, radio: VirtualRadio, tmp_path: Path) -> None:
    (ana,) = hub.registry.athletes()
    with pytest.raises(EdgeError, match="not connected now"):
        hub.sensors.scan("edge-nobody", SHORT_S)
    with (
        edge_on(tmp_path / "edge", hub.mqtt_url) as edge,
        edge_on(tmp_path / "silent", hub.mqtt_url, answers=False) as silent,
    ):
        ready(hub, edge.gw)
        assert soon(lambda: len(hub.sensors.edges()) == 2)
        assert [e.takes_requests for e in hub.sensors.edges()] == [True, False]
        with pytest.raises(EdgeError, match="edge_commands is false"):
            hub.sensors.scan(silent.gw, SHORT_S)
        with pytest.raises(EdgeError, match="heard too long ago"):
            hub.sensors.pair(edge.gw, "gone", ana.id, side="L", mount=None)
        with pytest.raises(EdgeError, match="does not know that sensor"):
            hub.sensors.check(edge.gw, "pod-nobody", SHORT_S)


def test_a_sensor_that_is_somebody_elses_is_not_taken_from_them_by_pairing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    air = VirtualRadio([rsc_pod(LEFT, "Stride 1"), rsc_pod(RIGHT, "Stride 2")])
    monkeypatch.setattr(radios, "air", lambda _settings: air_of(air))
    (ana,) = hub.registry.athletes()
    ben = hub.registry.add_athlete("Ben Example", "UTC")
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        first, second = scanned(hub, edge.gw, 2)
        boxed = hub.sensors.pair(edge.gw, second.key, None, side="U", mount=None)
        hub.sensors.pair(edge.gw, first.key, ana.id, side="L", mount=None)
        for key, who in ((first.key, ben.id), (first.key, None), (second.key, ben.id)):
            with pytest.raises(EdgeError, match="for somebody else or for the box"):
                hub.sensors.pair(edge.gw, key, who, side="L", mount=None)
        again = hub.sensors.pair(edge.gw, second.key, None, side="R", mount=None)
        assert (again.device, again.side, again.owner) == (boxed.device, "R", None)
        assert hub.sensors.all(ben.id) == []


def test_a_gateway_is_not_believed_about_people_it_is_not_about(hub: Hub, radio: VirtualRadio, tmp_path: Path) -> None:
    (ana,) = hub.registry.athletes()
    ben = hub.registry.add_athlete("Ben Example", "UTC")
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        (found,) = scanned(hub, edge.gw)
        paired = hub.sensors.pair(edge.gw, found.key, ana.id, side="L", mount=None)
        assert [view.device for view in hub.sensors.all(ana.id)] == [paired.device]
        hub.registry.gateways.add(
            edge.gw, "gateway", hash_password("a-password-0123456789"), athletes=[ben.id], now_utc=datetime.now(UTC)
        )
        assert hub.sensors.all(ana.id) == []
        with pytest.raises(EdgeError, match="may not speak for Ana Example"):
            hub.sensors.pair(edge.gw, found.key, ana.id, side="L", mount=None)


def test_what_an_edge_forgot_while_it_was_off_is_gone_once_it_is_let_go_of(
    hub: Hub, radio: VirtualRadio, heard: Heard, tmp_path: Path
) -> None:
    """As after a kill between forgetting a sensor and clearing what the broker keeps of it."""
    (ana,) = hub.registry.athletes()
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        (found,) = scanned(hub, edge.gw)
        paired = hub.sensors.pair(edge.gw, found.key, ana.id, side="L", mount=None)
        assert soon(lambda: bool(heard.on(f"dev/{paired.device}/state")))
    with edge.registry() as registry:
        registry.remove_device(paired.device)
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        assert soon(lambda: [view.athlete for view in hub.sensors.all()] == [None]), "its state stands at the broker"
        with pytest.raises(EdgeError, match="does not know that sensor"):
            hub.sensors.unpair(edge.gw, paired.device)
        assert soon(lambda: hub.sensors.all() == [])
        assert heard.on(f"dev/{paired.device}/state")[-1][1] == b""


def test_what_is_let_go_of_by_a_command_beside_the_edge_is_gone_from_the_page(
    hub: Hub, radio: VirtualRadio, heard: Heard, tmp_path: Path
) -> None:
    (ana,) = hub.registry.athletes()
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        (found,) = scanned(hub, edge.gw)
        paired = hub.sensors.pair(edge.gw, found.key, ana.id, side="L", mount=None)
        assert soon(lambda: bool(heard.on(f"dev/{paired.device}/state")))
        with edge.registry() as registry:
            registry.remove_device(paired.device)
        hub._edges.refresh(edge.gw)
        assert soon(lambda: hub.sensors.all() == [])
        assert heard.on(f"dev/{paired.device}/state")[-1][1] == b""


def test_a_place_that_is_taken_is_told_with_who_is_there(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    air = VirtualRadio([rsc_pod(LEFT, "One"), rsc_pod(RIGHT, "Two")])
    monkeypatch.setattr(radios, "air", lambda _settings: air_of(air))
    (ana,) = hub.registry.athletes()
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        one, two = scanned(hub, edge.gw, 2)
        hub.sensors.pair(edge.gw, one.key, ana.id, side="L", mount=None)
        with pytest.raises(EdgeError, match="another sensor at that place already: One"):
            hub.sensors.pair(edge.gw, two.key, ana.id, side="L", mount=None)
        with edge.registry() as registry:
            assert [device.name for device in registry.devices()] == ["One"]


def request_of(edge: EdgeBeside, at_utc: datetime, request: str = "r-1") -> Any:
    return encode_request(Request(request, edge.gw, ScanAir(1.0), at_utc), Topics())


def test_a_request_is_answered_once_and_one_that_lay_about_is_refused(
    hub: Hub, radio: VirtualRadio, heard: Heard, tmp_path: Path
) -> None:
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        fresh = request_of(edge, datetime.now(UTC))
        for _ in range(3):
            heard.say(fresh.topic, fresh.payload)
        for age_s, request in ((31.0, "old"), (-31.0, "early")):
            late = request_of(edge, datetime.now(UTC) - timedelta(seconds=age_s), request)
            heard.say(late.topic, late.payload)
        kept = request_of(edge, datetime.now(UTC), "kept")
        heard.say(kept.topic, b"{", retain=False)
        other = encode_request(Request("r-9", "edge-other", ScanAir(1.0), datetime.now(UTC)), Topics())
        heard.say(fresh.topic, other.payload)  # of another gateway, on this one's topic
        assert soon(lambda: len(heard.on("/reply/")) >= 3)
        last = request_of(edge, datetime.now(UTC), "last")
        assert soon(lambda: bool(heard.on("/reply/r-1")))
        heard.say(last.topic, last.payload)
        assert soon(lambda: bool(heard.on("/reply/last")))
        answers = {topic.rpartition("/")[2]: json.loads(said) for topic, said, _ in heard.on("/reply/")
                   if topic.rpartition("/")[2] in {"r-1", "old", "early", "last", "r-9", "kept"}}  # fmt: skip
        assert set(answers) == {"r-1", "old", "early", "last"}
        assert answers["old"]["refusal"]["code"] == answers["early"]["refusal"]["code"] == "too-old"
        assert "refusal" not in answers["r-1"]
        assert len(heard.on("/reply/r-1")) == 1


def test_a_retained_request_does_nothing_to_an_edge_that_comes_later(
    hub: Hub, radio: VirtualRadio, heard: Heard, tmp_path: Path
) -> None:
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        gw = edge.gw
        left = request_of(edge, datetime.now(UTC), "left")
    heard.say(left.topic, left.payload, retain=True)
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        assert edge.gw == gw
        ready(hub, gw)
        assert scanned(hub, gw)
        assert not heard.on("/reply/left")
    heard.say(left.topic, b"", retain=True)


def test_a_clock_that_is_wrong_is_told_with_its_difference(hub: Hub, radio: VirtualRadio, tmp_path: Path) -> None:
    with edge_on(tmp_path / "edge", hub.mqtt_url, now_utc=lambda: datetime.now(UTC) + timedelta(minutes=5)) as edge:
        ready(hub, edge.gw)
        with pytest.raises(EdgeError, match=r"differs from the hub's by (29\d|30\d) s"):
            hub.sensors.scan(edge.gw, SHORT_S)


def test_an_edge_that_goes_away_ends_the_waiting_at_once(
    hub: Hub, radio: VirtualRadio, heard: Heard, tmp_path: Path
) -> None:
    told: list[str] = []

    def scan(gw: str) -> None:
        try:
            hub.sensors.scan(gw, 25.0)
        except EdgeError as error:
            told.append(str(error))

    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        asks = Thread(target=scan, args=(edge.gw,))
        asks.start()
        assert soon(lambda: bool(heard.on("/cmd/scan")))
        with pytest.raises(EdgeError, match="something else with its radio"):
            hub.sensors.scan(edge.gw, SHORT_S)
    asks.join(20.0)  # less than it would have listened
    assert len(told) == 1
    (gone,) = hub.sensors.edges()
    assert not gone.is_ready


def test_states_outlive_the_hub_that_heard_them(tmp_path: Path, radio: VirtualRadio) -> None:
    settings = load_settings(data_dir=tmp_path / "hub", mqtt_port=0, mqtt="", store="", zone="UTC")
    first = Hub(settings, Place.at(tmp_path / "hub"), web=False)
    ana = first.registry.add_athlete("Ana Example", "UTC")
    first.start()
    assert first._broker is not None
    port = first._broker.port
    try:
        with edge_on(tmp_path / "edge", first.mqtt_url) as edge:
            ready(first, edge.gw)
            (found,) = scanned(first, edge.gw)
            paired = first.sensors.pair(edge.gw, found.key, ana.id, side="L", mount=None)
            assert soon(lambda: any(s.state == "streaming" for s in first.sensors.all()))
            first.stop()
            again = Hub(settings.model_copy(update={"mqtt_port": port}), Place.at(tmp_path / "hub"), web=False)
            again.start()
            try:
                ready(again, edge.gw)
                assert soon(
                    lambda: (
                        [(s.device, s.name, s.athlete, s.state) for s in again.sensors.all()]
                        == [(paired.device, "Stride 1", ana.id, "streaming")]
                    )
                )
            finally:
                again.stop()
    finally:
        first.stop()


def test_an_edge_offers_every_verb_of_the_contract(hub: Hub, radio: VirtualRadio, tmp_path: Path) -> None:
    with edge_on(tmp_path / "edge", hub.mqtt_url) as edge:
        ready(hub, edge.gw)
        said = hub._edges.said.gateway(edge.gw)
        assert said is not None
        assert said.takes == frozenset(VERBS)
