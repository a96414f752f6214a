"""Outbox, publisher, broker, subscriber: the same contract over the embedded broker and a real mosquitto."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest

from sensor_hub import wire
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.mqtt.subscriber import Incoming, Subscriber
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.errors import BrokerError, StoreError
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Ack, Message
from sensor_hub.model.session import DecodeFailed, LiveReading, SessionHeader
from sensor_hub.wire import Topics
from tests.servers_mqtt import PASSWORD, USER, Mosquitto, free_port, start_mosquitto

TOPICS = Topics("home")
HEADER = SessionHeader("sid1", "ath1", "Europe/Lisbon", "live", "imu", "m", "r", "p")
T0 = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
PATIENCE_S = 30.0


def event(i: int) -> DecodeFailed:
    return DecodeFailed(HEADER, "pod", "2a53", T0, f"number {i}")


class Embedded:
    """The embedded broker behind the handle that mosquitto has."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.broker = EmbeddedBroker(port=port, users={USER: PASSWORD})
        self.url = self.url_for(f"{USER}:{PASSWORD.replace(' ', '%20')}@")
        self.broker.start()

    def url_for(self, credentials: str) -> str:
        return f"mqtt://{credentials}127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.broker.stop()

    def restart(self) -> None:
        self.broker.stop()
        self.broker.start()


class Hub:
    """A subscriber with a store in memory: drops duplicates, acknowledges what it has."""

    def __init__(self, url: str, fails: int = 0, client_id: str = "hub-1") -> None:
        self.fails = fails
        self.stored: dict[tuple[str, int], str] = {}
        self.n_received = self.n_batches = 0
        self.live: list[bytes] = []
        self.subscriber = Subscriber(url, client_id, TOPICS.from_edges, self.take)
        self.subscriber.start()

    def take(self, batch: list[Incoming]) -> None:
        if self.fails > 0:
            self.fails -= 1
            raise StoreError("the disk is full")
        self.n_batches += 1
        acks: dict[str, list[int]] = {}
        for incoming in batch:
            if incoming.topic.endswith("/live"):
                self.live.append(incoming.payload)
                continue
            envelope = wire.decode(incoming.payload)
            assert isinstance(envelope.event, DecodeFailed)
            self.stored.setdefault((envelope.gw, envelope.seq), envelope.event.problem)
            self.n_received += 1
            acks.setdefault(envelope.gw, []).append(envelope.seq)
        for gw, seqs in acks.items():
            self.subscriber.publish(wire.encode_ack(Ack(gw, seqs), TOPICS))

    @property
    def problems(self) -> list[str]:
        return [self.stored[key] for key in sorted(self.stored)]


Broker: TypeAlias = Embedded | Mosquitto


@pytest.fixture(params=["embedded", "mosquitto"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    handle: Broker = Embedded(free_port()) if request.param == "embedded" else start_mosquitto(tmp_path)
    yield handle
    handle.stop()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "edge.outbox", TOPICS)
    yield box
    box.close()


class Chain:
    """Starts hubs and edges that end with the test."""

    def __init__(self, url: str, outbox: Outbox) -> None:
        self.url, self.outbox = url, outbox
        self.running: list[Callable[[], object]] = []

    def hub(self, fails: int = 0) -> Hub:
        hub = Hub(self.url, fails)
        self.running.append(hub.subscriber.stop)
        hub.subscriber.wait_connected(PATIENCE_S)
        return hub

    def edge(self, resend_after_s: float = 1.0, max_inflight: int = 500) -> OutboxPublisher:
        edge = OutboxPublisher(self.outbox, self.url, TOPICS, resend_after_s=resend_after_s, max_inflight=max_inflight)
        self.running.append(edge.stop)
        edge.start()
        return edge


@pytest.fixture
def chain(broker: Broker, outbox: Outbox) -> Iterator[Chain]:
    made = Chain(broker.url, outbox)
    yield made
    for stop in reversed(made.running):
        stop()


def wait_for(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.01)


def test_what_the_hub_acknowledges_leaves_the_outbox(outbox: Outbox, chain: Chain) -> None:
    hub = chain.hub()
    edge = chain.edge()
    outbox.append([event(i) for i in range(5)], first_index=0, sid="sid1")
    assert edge.wait_drained(PATIENCE_S)
    assert hub.problems == [f"number {i}" for i in range(5)]


def test_nothing_leaves_the_outbox_without_a_hub(outbox: Outbox, chain: Chain) -> None:
    edge = chain.edge()
    outbox.append([event(0)], first_index=0, sid="sid1")
    edge.wait_connected(PATIENCE_S)
    wait_for(lambda: outbox.pending(1) == [])  # sent, and the broker has had time to say PUBACK
    assert not edge.wait_drained(0.5)
    assert outbox.depth() == 1


def test_a_hub_that_comes_later_gets_everything(outbox: Outbox, chain: Chain) -> None:
    edge = chain.edge(0.2, 5)
    outbox.append([event(i) for i in range(40)], first_index=0, sid="sid1")
    edge.wait_connected(PATIENCE_S)
    assert not edge.wait_drained(0.7)
    hub = chain.hub()
    assert edge.wait_drained(PATIENCE_S)
    assert hub.problems == [f"number {i}" for i in range(40)]


def test_what_was_published_while_the_hub_was_away_is_not_lost(outbox: Outbox, chain: Chain) -> None:
    first = chain.hub()
    edge = chain.edge()
    outbox.append([event(0)], first_index=0, sid="sid1")
    assert edge.wait_drained(PATIENCE_S)
    first.subscriber.stop()
    outbox.append([event(i) for i in range(1, 50)], first_index=1, sid="sid1")
    wait_for(lambda: outbox.pending(50) == [])
    second = chain.hub()
    assert edge.wait_drained(PATIENCE_S)
    assert first.problems + second.problems == [f"number {i}" for i in range(50)]


def test_a_broker_that_goes_away_in_the_middle_loses_nothing(broker: Broker, outbox: Outbox, chain: Chain) -> None:
    hub = chain.hub()
    edge = chain.edge()
    for i in range(300):
        outbox.append([event(i)], first_index=i, sid="sid1")
        if i == 100:
            broker.stop()
        elif i == 200:
            broker.restart()
    assert edge.wait_drained(PATIENCE_S)
    assert hub.problems == [f"number {i}" for i in range(300)]


def test_a_store_that_fails_twice_loses_nothing_and_keeps_the_order(outbox: Outbox, chain: Chain) -> None:
    hub = chain.hub(2)
    edge = chain.edge()
    outbox.append([event(i) for i in range(20)], first_index=0, sid="sid1")
    assert edge.wait_drained(PATIENCE_S)
    assert hub.fails == 0
    assert hub.problems == [f"number {i}" for i in range(20)]
    assert hub.subscriber.problem is None


def test_nothing_is_acknowledged_while_the_store_fails(outbox: Outbox, chain: Chain) -> None:
    hub = chain.hub(1_000_000)
    chain.edge()
    outbox.append([event(0)], first_index=0, sid="sid1")
    wait_for(lambda: isinstance(hub.subscriber.problem, StoreError))
    assert outbox.depth() == 1


def test_a_thousand_messages_arrive_once_each_and_in_order(outbox: Outbox, chain: Chain) -> None:
    hub = chain.hub()
    edge = chain.edge(PATIENCE_S)
    outbox.append([event(i) for i in range(1000)], first_index=0, sid="sid1")
    assert edge.wait_drained(PATIENCE_S)
    assert hub.problems == [f"number {i}" for i in range(1000)]
    assert hub.n_received == 1000
    assert hub.n_batches < 500


def test_a_live_reading_goes_straight_through(outbox: Outbox, chain: Chain) -> None:
    hub = chain.hub()
    edge = chain.edge()
    edge.wait_connected(PATIENCE_S)
    message = wire.encode(LiveReading(HEADER, T0, "L", 180.0, 0.2, Totals()), topics=TOPICS, gw=outbox.gw, seq=0)
    assert edge.publish_live(message)
    wait_for(lambda: hub.live == [message.payload])
    assert outbox.depth() == 0


@pytest.mark.parametrize(
    ("credentials", "who"),
    [(f"{USER}:wrong-word@", repr(USER)), ("stranger:wrong-word@", "'stranger'"), ("", "without a user")],
)
def test_bad_credentials_are_an_error_that_names_the_user_and_not_the_password(
    broker: Broker, credentials: str, who: str
) -> None:
    subscriber = Subscriber(broker.url_for(credentials), "hub-1", ["#"], lambda _batch: None)
    subscriber.start()
    with pytest.raises(BrokerError, match="check user and password") as caught:
        subscriber.wait_connected(PATIENCE_S)
    subscriber.stop()
    assert who in str(caught.value)
    assert "wrong-word" not in str(caught.value) + repr(vars(subscriber)) + repr(vars(subscriber._connection))


def test_retained_messages_reach_late_subscribers_also_after_the_broker_was_restarted(broker: Broker) -> None:
    got: dict[str, bytes] = {}
    speaker = Subscriber(broker.url, "hub-1", [], lambda _batch: None)
    listener = Subscriber(broker.url, "page-1", ["x/#"], lambda batch: got.update({m.topic: m.payload for m in batch}))
    speaker.start()
    speaker.wait_connected(PATIENCE_S)
    speaker.publish(Message("x/load", b"old", 1, True))
    speaker.publish(Message("x/load", b"new", 1, True))
    speaker.publish(Message("y/other", b"not for the page", 1, True))
    broker.restart()
    listener.start()
    wait_for(lambda: got == {"x/load": b"new"})
    speaker.publish(Message("x/load", b"", 1, True))
    wait_for(lambda: got == {"x/load": b""})
    listener.stop()
    speaker.stop()


def test_the_state_of_the_gateway_is_retained_and_ends_as_lost(broker: Broker, outbox: Outbox, chain: Chain) -> None:
    got: list[bytes] = []
    topic = TOPICS.gateway_state(outbox.gw)
    listener = Subscriber(broker.url, "page-1", [topic], lambda batch: got.extend(m.payload for m in batch))
    edge = chain.edge()
    edge.wait_connected(PATIENCE_S)
    listener.start()
    ready, lost = (wire.encode_gateway_state(outbox.gw, state, TOPICS).payload for state in ("ready", "lost"))
    wait_for(lambda: got == [ready])
    edge.stop()
    wait_for(lambda: got == [ready, lost])
    listener.stop()


def test_a_retained_state_is_told_once_there_is_a_broker_and_again_to_a_new_one(
    broker: Broker, outbox: Outbox, chain: Chain
) -> None:
    edge = OutboxPublisher(outbox, broker.url, TOPICS)
    state = Message(TOPICS.device_state("pod23456"), b'{"state":"sleeping"}', 1, retain=True)
    edge.publish_retained(Message(state.topic, b'{"state":"init"}', 1, retain=True))
    edge.publish_retained(state)
    edge.start()
    chain.running.append(edge.stop)
    heard: list[Incoming] = []
    watcher = Subscriber(broker.url, "watcher", [state.topic], heard.extend)
    watcher.start()
    chain.running.append(watcher.stop)
    wait_for(lambda: any(incoming.payload == state.payload for incoming in heard))
    assert {incoming.topic for incoming in heard} == {state.topic}
    heard.clear()
    broker.restart()
    wait_for(lambda: any(incoming.payload == state.payload for incoming in heard))


def test_a_full_inbox_loses_nothing(broker: Broker, outbox: Outbox, chain: Chain) -> None:
    gate = threading.Event()
    seen: dict[int, str] = {}

    def take(batch: list[Incoming]) -> None:
        gate.wait(PATIENCE_S)
        envelopes = [wire.decode(m.payload) for m in batch]
        for envelope in envelopes:
            assert isinstance(envelope.event, DecodeFailed)
            seen.setdefault(envelope.seq, envelope.event.problem)
        subscriber.publish(wire.encode_ack(Ack(outbox.gw, [e.seq for e in envelopes]), TOPICS))

    subscriber = Subscriber(broker.url, "hub-1", TOPICS.from_edges, take, inbox_size=10, max_batch=5)
    subscriber.start()
    subscriber.wait_connected(PATIENCE_S)
    edge = chain.edge(0.2)
    outbox.append([event(i) for i in range(30)], first_index=0, sid="sid1")
    wait_for(lambda: subscriber.dropped > 0)
    gate.set()
    assert edge.wait_drained(PATIENCE_S)
    assert [seen[seq] for seq in sorted(seen)] == [f"number {i}" for i in range(30)]
    subscriber.stop()


def test_an_absent_hub_is_probed_for_and_not_flooded(broker: Broker, outbox: Outbox, chain: Chain) -> None:
    seen: Counter[int] = Counter()

    def look(batch: list[Incoming]) -> None:
        seen.update(wire.decode(m.payload).seq for m in batch)

    deaf = Subscriber(broker.url, "deaf-1", TOPICS.from_edges, look)
    deaf.start()
    deaf.wait_connected(PATIENCE_S)
    chain.edge(0.05)
    outbox.append([event(i) for i in range(50)], first_index=0, sid="sid1")
    wait_for(lambda: seen[1] >= 4)
    assert seen[10] >= 3
    assert seen[50] <= 2
    deaf.stop()
    hub = chain.hub()
    wait_for(lambda: outbox.depth() == 0)
    assert hub.problems == [f"number {i}" for i in range(50)]


def test_mqtt_5_is_spoken_where_the_broker_does(broker: Broker) -> None:
    subscriber = Subscriber(broker.url, "hub-1", [], lambda _batch: None)
    subscriber.start()
    subscriber.wait_connected(PATIENCE_S)
    client = subscriber._connection._client
    assert client is not None
    assert int(client.protocol) == (4 if isinstance(broker, Embedded) else 5)
    subscriber.stop()


def test_an_acknowledgement_that_cannot_be_read_changes_nothing(
    broker: Broker, outbox: Outbox, chain: Chain, caplog: pytest.LogCaptureFixture
) -> None:
    speaker = Subscriber(broker.url, "odd-1", [], lambda _batch: None)
    speaker.start()
    speaker.wait_connected(PATIENCE_S)
    chain.edge().wait_connected(PATIENCE_S)
    outbox.append([event(0)], first_index=0, sid="sid1")
    wait_for(lambda: speaker.publish(Message(TOPICS.ack(outbox.gw), b"{", 1)) and "cannot be read" in caplog.text)
    assert outbox.depth() == 1
    speaker.stop()


def test_a_disk_that_refuses_for_a_while_stops_the_edge_only_for_that_while(
    broker: Broker, tmp_path: Path, chain: Chain
) -> None:
    class Refusing(Outbox):
        refusals = 1

        def delete(self, seqs: Iterable[int]) -> None:
            if self.refusals:
                self.refusals -= 1
                raise StoreError("the disk is full")
            super().delete(seqs)

    refusing = Refusing(tmp_path / "refusing.outbox", TOPICS)
    hub = chain.hub()
    edge = OutboxPublisher(refusing, broker.url, TOPICS)
    edge.start()
    refusing.append([event(0)], first_index=0, sid="sid1")
    wait_for(lambda: isinstance(edge.problem, StoreError))
    assert edge.stop(PATIENCE_S)
    assert hub.problems == ["number 0"]
    assert refusing.refusals == 0
    refusing.close()


def test_a_fault_in_the_hub_is_seen_and_acknowledges_nothing(
    broker: Broker, outbox: Outbox, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)

    def take(_batch: list[Incoming]) -> None:
        raise KeyError("a bug")

    subscriber = Subscriber(broker.url, "hub-1", TOPICS.from_edges, take)
    subscriber.start()
    subscriber.wait_connected(PATIENCE_S)
    chain.edge()
    outbox.append([event(0)], first_index=0, sid="sid1")
    wait_for(lambda: "fault of this program" in str(subscriber.problem) and bool(faults))
    wait_for(lambda: not subscriber.connected)
    assert faults[0].exc_type is KeyError
    subscriber.stop()
    assert outbox.depth() == 1
    hub = chain.hub()
    wait_for(lambda: hub.problems == ["number 0"])
