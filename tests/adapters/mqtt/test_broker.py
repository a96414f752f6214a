import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import paho.mqtt.client as paho
import pytest

from sensor_hub.adapters.mqtt import broker_sessions
from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.client import Connection
from sensor_hub.adapters.mqtt.subscriber import Subscriber
from sensor_hub.adapters.mqtt.trial import try_out
from sensor_hub.errors import BrokerError
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics

PATIENCE_S = 20.0


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    made = EmbeddedBroker(port=0, users={"hub": "pässword", "page": "other"})
    made.start()
    yield made
    made.stop()


def url(broker: EmbeddedBroker, credentials: str = "hub:p%C3%A4ssword") -> str:
    return f"mqtt://{credentials}@127.0.0.1:{broker.port}"


def wait_for(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.01)


def connect_bytes(
    client_id: bytes, level: int = 4, keepalive_s: int = 0, will: bytes = b"", clean: bool = False
) -> bytes:
    """Return a CONNECT of user hub, with session unless ``clean``, as a client that never sends anything else."""

    def text(value: bytes) -> bytes:
        return len(value).to_bytes(2) + value

    flags = 0xC0 | (0x2C if will else 0) | (0x02 if clean else 0)
    fields = (
        text(client_id) + ((text(b"x/state") + text(will)) if will else b"") + text(b"hub") + text("pässword".encode())
    )
    body = text(b"MQTT") + bytes([level, flags]) + keepalive_s.to_bytes(2) + fields
    return bytes([0x10, len(body)]) + body


def test_port_zero_is_a_free_port(broker: EmbeddedBroker) -> None:
    assert broker.port > 0
    assert broker.url("hub") == f"mqtt://hub@127.0.0.1:{broker.port}"


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("::", "localhost"), ("fd00::1", "[fd00::1]")],  # noqa: S104
)
def test_its_address_is_one_that_a_person_can_use(host: str, shown: str) -> None:
    assert EmbeddedBroker(host, 8883, users={"hub": "x"}).url("edge") == f"mqtt://edge@{shown}:8883"


def test_a_taken_port_is_an_error_that_names_it_and_the_mend(broker: EmbeddedBroker) -> None:
    second = EmbeddedBroker(port=broker.port, users={"hub": "x"})
    with pytest.raises(BrokerError, match=rf"127\.0\.0\.1:{broker.port}.*choose another port"):
        second.start()
    second.stop()


def test_a_broker_without_users_is_a_programmer_error() -> None:
    with pytest.raises(ValueError, match="at least one user"):
        EmbeddedBroker(users={})


def test_stop_frees_the_port_and_start_may_follow(broker: EmbeddedBroker) -> None:
    port = broker.port
    broker.stop()
    broker.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    broker.start()
    assert broker.port == port


def test_a_client_that_asks_for_mqtt_5_is_told_so_at_once(broker: EmbeddedBroker) -> None:
    with socket.create_connection(("127.0.0.1", broker.port), PATIENCE_S) as sock:
        sock.sendall(connect_bytes(b"c", level=5))
        assert sock.recv(99) == bytes([0x20, 3, 0, 0x84, 0])
        assert sock.recv(99) == b""


@pytest.mark.parametrize(
    "junk", [b"", b"\x10", b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\xff\xff\xff", b"\x10\x04\x00\x04MQ"]
)
def test_junk_does_not_harm_the_broker_and_is_not_logged(
    broker: EmbeddedBroker, junk: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", broker.port), PATIENCE_S) as sock:
        sock.sendall(junk)
    client = Subscriber(url(broker), "c", [], lambda _batch: None)
    client.start()
    client.wait_connected(PATIENCE_S)
    client.stop()
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_a_client_that_comes_back_before_its_old_connection_is_known_dead_is_served(broker: EmbeddedBroker) -> None:
    got: list[bytes] = []
    with socket.create_connection(("127.0.0.1", broker.port), PATIENCE_S) as half_open:
        half_open.sendall(connect_bytes(b"hub-1"))
        assert half_open.recv(99)[:2] == bytes([0x20, 2])
        hub = Subscriber(url(broker), "hub-1", ["x/#"], lambda batch: got.extend(m.payload for m in batch))
        page = Subscriber(url(broker, "page:other"), "page-1", [], lambda _batch: None)
        for client in (hub, page):
            client.start()
            client.wait_connected(PATIENCE_S)
        wait_for(lambda: page.publish(Message("x/y", b"hello", 1)) and bool(got))
        hub.stop()
        page.stop()


def test_a_stranger_with_a_known_client_id_does_not_push_the_client_out(broker: EmbeddedBroker) -> None:
    got: list[bytes] = []
    hub = Subscriber(url(broker), "hub-1", ["x/#"], lambda batch: got.extend(m.payload for m in batch))
    hub.start()
    hub.wait_connected(PATIENCE_S)
    stranger = Subscriber(url(broker, "hub:wrong"), "hub-1", [], lambda _batch: None)
    stranger.start()
    with pytest.raises(BrokerError, match="check user and password"):
        stranger.wait_connected(PATIENCE_S)
    stranger.stop()
    hub.publish(Message("x/y", b"still here", 1))
    wait_for(lambda: got == [b"still here"])
    hub.stop()


@pytest.mark.parametrize("clean", [False, True], ids=["lasting", "clean"])
def test_of_two_connections_with_one_id_only_the_newer_lives(broker: EmbeddedBroker, clean: bool) -> None:
    """An older one that nobody knows of would outlive its user's password."""
    address = ("127.0.0.1", broker.port)
    with socket.create_connection(address, PATIENCE_S) as older, socket.create_connection(address, PATIENCE_S) as newer:
        for sock in (older, newer):
            sock.sendall(connect_bytes(b"hub-1", clean=clean))
            assert sock.recv(99)[:2] == bytes([0x20, 2])
        with suppress(ConnectionResetError):
            assert older.recv(99) == b""
        newer.sendall(bytes([0xC0, 0]))
        assert newer.recv(99) == bytes([0xD0, 0])


def test_a_client_that_begins_to_connect_and_says_no_more_is_let_go(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_sessions, "_CONNECT_S", 0.2)
    with socket.create_connection(("127.0.0.1", broker.port), PATIENCE_S) as sock:
        sock.sendall(connect_bytes(b"hub-1")[:-1])
        with suppress(ConnectionResetError):
            assert sock.recv(99) == b""


def test_who_tries_a_credential_leaves_no_session_behind(broker: EmbeddedBroker) -> None:
    assert try_out(url(broker), "home").heard
    sessions = broker._broker.sessions if broker._broker is not None else None
    assert sessions is not None
    wait_for(lambda: not sessions)


@pytest.mark.parametrize("keepalive_s", [0, 1])
def test_a_client_that_vanishes_is_announced_by_its_will(broker: EmbeddedBroker, keepalive_s: int) -> None:
    got: list[bytes] = []
    page = Subscriber(
        url(broker, "page:other"), "page-1", ["x/state"], lambda batch: got.extend(m.payload for m in batch)
    )
    page.start()
    page.wait_connected(PATIENCE_S)
    with socket.create_connection(("127.0.0.1", broker.port), PATIENCE_S) as sock:
        sock.sendall(connect_bytes(b"edge-1", keepalive_s=keepalive_s, will=b"lost"))
        assert sock.recv(99)[:2] == bytes([0x20, 2])
        if keepalive_s:  # silent, but not closed
            wait_for(lambda: got == [b"lost"])
    wait_for(lambda: got == [b"lost"])
    page.stop()


def test_a_message_id_of_an_old_connection_is_not_acknowledged_on_a_new_one(broker: EmbeddedBroker) -> None:
    got: list[tuple[int, paho.MQTTMessage]] = []
    n_up: list[int] = []

    def on_up() -> None:
        n_up.append(connection.generation)
        connection.subscribe("x/#")

    connection = Connection(
        BrokerAddress.parse(url(broker)), "c", on_up=on_up, on_message=lambda *received: got.append(received),
        window=10, session_expiry_s=60, manual_ack=True,
    )  # fmt: skip
    connection.start()
    connection.wait_connected(PATIENCE_S)
    connection.publish(Message("x/y", b"1", 1))
    wait_for(lambda: len(got) == 1)
    broker.stop()
    wait_for(lambda: not connection.connected)
    assert not connection.publish(Message("x/y", b"into the void", 1))
    connection.ack(1, got[0][1].mid, 1)
    broker.start()
    wait_for(lambda: n_up == [1, 2])
    acks: list[int] = []
    client = connection._client
    assert client is not None
    client.ack = lambda mid, _qos: acks.append(mid)  # type: ignore[method-assign,assignment,return-value]
    connection.ack(1, 7, 1)
    connection.ack(2, 8, 1)
    assert acks == [8]
    connection.stop()


def test_a_broker_that_is_away_is_an_error_that_says_where(broker: EmbeddedBroker) -> None:
    broker.stop()
    client = Subscriber(url(broker), "c", [], lambda _batch: None)
    client.start()
    with pytest.raises(BrokerError, match=rf"cannot reach the broker mqtt://hub@127\.0\.0\.1:{broker.port}"):
        client.wait_connected(1.0)
    broker.start()
    client.wait_connected(PATIENCE_S)
    assert client.problem is None
    client.stop()


def test_a_subscription_that_is_refused_is_no_well_being() -> None:
    broker = EmbeddedBroker(port=0, users={"hub": "x", "edge": "y"}, site="home")
    broker.start()
    hears = Subscriber(
        f"mqtt://edge:y@127.0.0.1:{broker.port}", "no-hub", Topics("home").from_edges, lambda _batch: None
    )
    try:
        hears.start()
        hears.wait_connected(PATIENCE_S)
        wait_for(lambda: hears.problem is not None)
        assert "refuses what we want to hear" in str(hears.problem)
        assert "mqtt acl" in str(hears.problem)
    finally:
        hears.stop()
        broker.stop()
