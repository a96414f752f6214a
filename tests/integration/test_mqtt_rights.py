"""Every user of the broker against every topic, over TLS: on a real mosquitto with the lists we make, and on our own.

A cell is a user, a verb and a topic. To write means that the hub, which hears all of its site, hears it; to read, that
the user hears what the hub, or a user of the other site, says there. The table of ``wire.access`` is what is expected;
``tests/test_wire_access.py`` says what is expected of it.
"""

import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from sensor_hub.adapters import certificates
from sensor_hub.adapters.mqtt.access_files import write_access
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.doorkeeper import Credential
from sensor_hub.adapters.mqtt.passwords import hash_password
from sensor_hub.adapters.mqtt.tls import server_context
from sensor_hub.wire.access import BrokerUser, allows, may_hear
from tests import need
from tests.servers_mqtt import free_port, wait_listening

SITE: Final = "home"
BASE: Final = f"sensorhub/v1/{SITE}"
AWAY: Final = "sensorhub/v1/away"
PATIENCE_S: Final = 20.0
ANA, BEN = "aaaaaaaa", "bbbbbbbb"
USERS: Final = {
    user.name: user
    for user in (
        BrokerUser("hub", "hub"),
        BrokerUser("edge-1", "gateway", (ANA,)),
        BrokerUser("edge-2", "gateway", everybody=True),
        BrokerUser("edge-3", "gateway"),
        BrokerUser("wall", "reader", everybody=True),
        BrokerUser("hers", "reader", (ANA,)),
    )
}
STRANGER: Final = BrokerUser("away", "hub")  # the hub of the other site, on the same mosquitto
PASSWORDS: Final = {name: f"{name}-password-0123456789" for name in (*USERS, "away")}
TOPICS: Final = [
    *(f"{BASE}/ath/{ath}/{leaf}" for ath in (ANA, BEN) for leaf in (
        "live", "load", "status", "alert/f00d", "s/01jd/steps", "s/01jd/raw", "s/01jd/event", "s/01jd/summary",
        "s/01jd/other")),
    *(f"{BASE}/gw/{gw}/{leaf}" for gw in ("edge-1", "edge-2", "edge-3") for leaf in (
        "state", "reply/r1", "cmd/scan", "cmd/record-start")),
    *(f"{BASE}/ack/{gw}" for gw in ("edge-1", "edge-2", "edge-3")),
    f"{BASE}/dev/pod-1/state", f"{BASE}/dev/pod-1/other", f"{BASE}/dlq/unreadable", f"{BASE}/elsewhere", BASE,
    f"{AWAY}/ath/{ANA}/live", f"{AWAY}/ath/{ANA}/s/01jd/steps", f"{AWAY}/ack/edge-1", f"{AWAY}/gw/edge-1/state",
    "sensorhub/v2/home/ack/edge-1", "somewhere/else", f"{BASE}/hub/cafe/state",
    *(f"homeassistant/device/sensorhub_{ath}/config" for ath in (ANA, BEN)), "homeassistant/status",
]  # fmt: skip
WIDE: Final = ["#", "+/#", "sensorhub/#", f"{BASE}/#", f"{BASE}/ath/#", f"{BASE}/+/+/+", f"{BASE}/ack/+", f"{AWAY}/#"]


class Server(Protocol):
    """A broker of either kind; ``without_rights`` says something that anybody could hear who is allowed to."""

    port: int
    ca: Path
    mqtt: MQTTProtocolVersion
    has_sites: bool


@dataclass
class Mosquitto:
    port: int
    ca: Path
    process: "subprocess.Popen[bytes]"
    folder: Path
    mqtt: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5
    has_sites: bool = True


@dataclass
class Own:
    port: int
    ca: Path
    broker: EmbeddedBroker
    mqtt: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv311
    has_sites: bool = False


CREDENTIALS: Final = [Credential(user, hash_password(PASSWORDS[user.name])) for user in USERS.values()]


@contextmanager
def mosquitto(folder: Path) -> Iterator[Mosquitto]:
    folder.mkdir(exist_ok=True)
    certificates.init(folder / "tls", ["localhost"], now_utc=datetime.now(UTC).replace(microsecond=0))
    access, away = folder / "access", folder / "away"
    write_access(access, CREDENTIALS, SITE)
    # the other site's lists stand in the same files, as on a broker that two clubs share
    write_access(away, [Credential(STRANGER, hash_password(PASSWORDS["away"]))], "away")
    for name in ("acl", "passwords"):
        with (access / name).open("a", encoding="utf-8") as file:
            file.write((away / name).read_text(encoding="utf-8"))
    port = free_port()
    config = folder / "mosquitto.conf"
    config.write_text(
        f"user root\nlistener {port} 127.0.0.1\ncertfile {folder}/tls/server.crt\nkeyfile {folder}/tls/server.key\n"
        f"tls_version tlsv1.2\nallow_anonymous false\npassword_file {access}/passwords\nacl_file {access}/acl\n"
        f"log_dest file {folder}/log\nsys_interval 1\nset_tcp_nodelay true\nmax_queued_messages 0\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([need.command("mosquitto"), "-c", config], stderr=subprocess.DEVNULL)
    try:
        wait_listening(port)
        yield Mosquitto(port, folder / "tls/ca.crt", process, folder)
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def own(folder: Path) -> Iterator[Own]:
    certificates.init(folder / "tls", ["localhost"], now_utc=datetime.now(UTC).replace(microsecond=0))
    tls = server_context(folder / "tls/server.crt", folder / "tls/server.key")
    broker = EmbeddedBroker(port=0, users={"hub": PASSWORDS["hub"]}, site=SITE, tls=tls)
    broker.know([one for one in CREDENTIALS if one.user.name != "hub"])
    broker.start()
    try:
        yield Own(broker.port, folder / "tls/ca.crt", broker)
    finally:
        broker.stop()


@pytest.fixture(scope="module", params=["mosquitto", "own"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto | Own]:
    folder = tmp_path_factory.mktemp(str(request.param))
    with (mosquitto if request.param == "mosquitto" else own)(folder) as made:
        yield made


def until(condition: Callable[[], object], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, f"{what}: not within {PATIENCE_S} s"
        time.sleep(0.005)


@dataclass
class Client:
    """A connected client: what it has heard, as (topic, payload)."""

    paho: paho.Client
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    granted: dict[int, list[bool]] = field(default_factory=dict)
    closed: threading.Event = field(default_factory=threading.Event)

    def say(self, *topics: str, payload: bytes = b"x", retain: bool = False) -> None:
        """Publish at QoS 1; wait until the broker has answered, one way or the other."""
        infos = [self.paho.publish(topic, payload, 1, retain) for topic in topics]
        until(lambda: self.closed.is_set() or all(map(is_answered, infos)), f"an answer to {topics}")

    def listen(self, *topic_filters: str) -> list[bool]:
        """Subscribe to all of them at once; whether the broker granted each."""
        _, mid = self.paho.subscribe([(topic_filter, 1) for topic_filter in topic_filters])
        assert mid is not None
        until(lambda: mid in self.granted or self.closed.is_set(), f"an answer to subscriptions to {topic_filters}")
        return self.granted.get(mid, [])


def is_answered(info: paho.MQTTMessageInfo) -> bool:
    """Whether the broker has answered a message; of a connection that it has cut ``closed`` tells, a moment later."""
    try:
        return info.is_published()
    except RuntimeError:
        return False


def no_delay(_client: paho.Client, _userdata: object, sock: object) -> None:
    assert isinstance(sock, socket.socket)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@cache
def trusting(ca: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca))


@contextmanager
def client(server: Server, user: str, *, will: str | None = None, client_id: str = "") -> Iterator[Client]:
    answer: list[ReasonCode] = []
    made = paho.Client(
        CallbackAPIVersion.VERSION2, client_id or f"c-{uuid4().hex[:8]}", protocol=server.mqtt,
        clean_session=None if server.mqtt == MQTTProtocolVersion.MQTTv5 else True, reconnect_on_failure=False,
    )  # fmt: skip
    me = Client(made)
    made.on_connect = lambda _c, _u, _f, reason, _p: answer.append(reason)
    made.on_disconnect = lambda _c, _u, _f, _reason, _p: me.closed.set()
    made.on_message = lambda _c, _u, message: me.heard.append((message.topic, bytes(message.payload)))
    made.on_subscribe = lambda _c, _u, mid, codes, _p: me.granted.update({mid: [not code.is_failure for code in codes]})
    made.username_pw_set(user, PASSWORDS[user])
    made.tls_set_context(trusting(server.ca))
    if will is not None:
        made.will_set(will, b"will", 1, retain=False)
    made.on_socket_open = no_delay
    made.connect("localhost", server.port)
    made.loop_start()
    try:
        until(lambda: answer, f"an answer to {user}'s CONNECT")
        assert not answer[0].is_failure, (user, answer[0])
        yield me
    finally:
        made.disconnect()
        made.loop_stop()


def heard_of(listener: Client, payload: bytes) -> set[str]:
    return {topic for topic, said in list(listener.heard) if said == payload}


def tell(name: str, server: Server, allowed: int, refused: int) -> None:
    kind = type(server).__name__.lower()
    print(f"\n{kind}, {name}: {allowed + refused} cells: {allowed} allowed and delivered, {refused} refused")


def listening(server: Server, user: str, stack: ExitStack, topics: Sequence[str]) -> Client:
    """A client that has asked for these; where a subscription is refused it hears nothing of it."""
    made = stack.enter_context(client(server, user))
    made.listen(*topics)
    return made


def say_each(server: Server, user: str, topics: Sequence[str], payload: bytes) -> None:
    """Say it on one topic after the other; mosquitto 2.0.11 closes a connection that is refused a second time."""
    with ExitStack() as stack:
        sender = stack.enter_context(client(server, user))
        for topic in topics:
            sender.say(topic, payload=payload)
            if sender.closed.is_set():
                sender = stack.enter_context(client(server, user))
                sender.say(topic, payload=payload)


def test_who_may_write_what(server: Mosquitto | Own) -> None:
    allowed = refused = 0
    with ExitStack() as stack:
        witnesses = [listening(server, "hub", stack, ["#"])]
        if server.has_sites:
            witnesses.append(listening(server, "away", stack, ["#"]))
        for user in USERS.values():
            payload = f"from {user.name}".encode()
            say_each(server, user.name, TOPICS, payload)
            mark = f"mark after {user.name}".encode()
            for name, witness in zip(("hub", "away"), witnesses, strict=False):
                with client(server, name) as marker:
                    marker.say(f"{BASE if name == 'hub' else AWAY}/mark", payload=mark)
                until(lambda w=witness, m=mark: heard_of(w, m), "the mark")  # type: ignore[misc]
            heard = set().union(*(heard_of(witness, payload) for witness in witnesses))
            expected = {topic for topic in TOPICS if allows(user, SITE, "write", topic)}
            assert heard == expected, user.name
            allowed, refused = allowed + len(expected), refused + len(TOPICS) - len(expected)
    assert refused > 100
    tell("write", server, allowed, refused)


@pytest.mark.parametrize("how", ["each topic", "wide", "shared"])
@pytest.mark.parametrize("retained", [False, True], ids=["said now", "retained"])
def test_who_may_read_what(server: Mosquitto | Own, how: str, retained: bool) -> None:
    asked = {"each topic": TOPICS, "wide": WIDE, "shared": [f"$share/g-{{}}/{wide}" for wide in WIDE]}[how]
    if how == "shared" and retained:
        asked = [*asked, *(f"$share/g-{{}}/{topic}" for topic in TOPICS)]
    payload = f"{how} {retained} {uuid4().hex}".encode()
    speakers = ["hub", "away"] if server.has_sites else ["hub"]
    sites = {"hub": (BASE, "homeassistant/device/"), "away": (AWAY,)}
    says = {name: [t for t in TOPICS if t.startswith(sites[name])] for name in speakers}
    allowed = refused = 0

    def say_all() -> None:
        for name in speakers:
            with client(server, name) as speaker:
                speaker.say(*says[name], payload=payload, retain=retained)

    with ExitStack() as stack:
        if retained:
            say_all()
        readers = {
            user.name: listening(server, user.name, stack, [topic.format(user.name) for topic in asked])
            for user in USERS.values()
        }
        if not retained:
            say_all()
        # what everybody hears last: their own ack, or a state, each by a way that is asked for by name
        for user in USERS.values():
            last = {"gateway": f"{BASE}/ack/{user.name}", "reader": f"{BASE}/dev/{user.name}/state"}.get(
                user.role, f"{BASE}/last"
            )
            readers[user.name].listen(last)
            mark = f"last {payload.decode()} {user.name}".encode()
            with client(server, "hub") as marker:
                marker.say(last, payload=mark)
            until(lambda u=user, m=mark: heard_of(readers[u.name], m), f"the last for {user.name}")  # type: ignore[misc]
    said = {topic for name in speakers for topic in says[name]}
    for user in USERS.values():
        heard = heard_of(readers[user.name], payload)
        may = {topic for topic in said if allows(user, SITE, "read", topic)}
        assert heard <= may, f"{user.name} heard what it may not"
        if how != "shared":
            assert heard == may, user.name
        elif type(server).__name__ == "Mosquitto" and user.role == "hub" and not retained:
            assert heard == may
        allowed, refused = allowed + len(heard), refused + len(said - may)
    tell(f"read, {how}, {'retained' if retained else 'said now'}", server, allowed, refused)
    if retained:
        for name in speakers:
            with client(server, name) as speaker:
                speaker.say(*says[name], payload=b"", retain=True)


def test_a_will_reaches_only_where_its_user_may_write(server: Mosquitto | Own) -> None:
    wills = [
        f"{BASE}/gw/edge-1/state", f"{BASE}/gw/edge-2/state", f"{BASE}/ack/edge-1", f"{BASE}/ath/{ANA}/load",
        f"{BASE}/ath/{ANA}/alert/f00d", f"{BASE}/ath/{BEN}/s/01jd/event", f"{BASE}/gw/edge-1/cmd/scan",
    ]  # fmt: skip
    allowed = 0
    with client(server, "hub") as hub:
        hub.listen(f"{BASE}/#")
        for topic in wills:
            try:
                with client(server, "edge-1", will=topic) as edge:
                    sock = edge.paho.socket()
                    assert isinstance(sock, socket.socket)
                    sock.shutdown(socket.SHUT_RDWR)  # it vanishes without a word
            except AssertionError:  # refused at once, which is fine too
                assert not allows(USERS["edge-1"], SITE, "write", topic)
        until(lambda: heard_of(hub, b"will"), "the one will that is allowed")
        hub.say(f"{BASE}/after", payload=b"after")
        until(lambda: heard_of(hub, b"after"), "what follows")
        heard = heard_of(hub, b"will")
        allowed = len(heard)
        assert heard == {topic for topic in wills if allows(USERS["edge-1"], SITE, "write", topic)}
    tell("wills", server, allowed, len(wills) - allowed)


def test_what_the_broker_says_of_itself_is_for_nobody_here(server: Mosquitto | Own) -> None:
    with ExitStack() as stack:
        asked = ["$SYS/#", "$SYS/broker/uptime", "$SYS/broker/clients/connected"]
        readers = [listening(server, name, stack, asked) for name in USERS]
        time.sleep(1.5)  # mosquitto says it every second here
        assert [topic for reader in readers for topic, _ in reader.heard if topic.startswith("$SYS")] == []


def test_our_own_broker_refuses_a_subscription_that_could_bring_nothing(server: Mosquitto | Own) -> None:
    if isinstance(server, Mosquitto):  # mosquitto grants them all, and delivers nothing: the cells above
        return
    asked = [*TOPICS, *WIDE, "$SYS/#", "$share/g/#"]
    for user in USERS.values():
        expected = [may_hear(user, SITE, topic) and not topic.startswith("$share") for topic in asked]
        with client(server, user.name) as asker:
            assert asker.listen(*asked) == expected, user.name


def lasting(server: Server, user: str, topic: str, heard: list[bytes]) -> paho.Client:
    """A connected client called hub-1 with a session that outlives it."""
    made = paho.Client(CallbackAPIVersion.VERSION2, "hub-1", protocol=MQTTProtocolVersion.MQTTv311, clean_session=False)
    made.username_pw_set(user, PASSWORDS[user])
    made.tls_set_context(ssl.create_default_context(cafile=str(server.ca)))
    subscribed = threading.Event()
    made.on_subscribe = lambda *_: subscribed.set()
    made.on_message = lambda _c, _u, message: heard.append(bytes(message.payload))
    made.on_connect = lambda c, *_: c.subscribe(topic, 1) and None
    made.connect("localhost", server.port)
    made.loop_start()
    assert subscribed.wait(PATIENCE_S)
    return made


def leave(made: paho.Client) -> None:
    made.disconnect()
    made.loop_stop()


def test_a_client_id_of_the_hub_gives_nobody_the_hubs_messages(server: Mosquitto | Own) -> None:
    topic, heard = f"{BASE}/ath/{ANA}/s/01jd/steps", list[bytes]()
    leave(lasting(server, "hub", topic, []))
    with client(server, "hub") as speaker:
        speaker.say(topic, payload=b"for the hub")
        thief = lasting(server, "edge-2", f"{BASE}/ack/edge-2", heard)
        speaker.say(f"{BASE}/ack/edge-2", payload=b"last")
        until(lambda: b"last" in heard, "the last")
        leave(thief)
    assert heard == [b"last"]


def test_on_mosquitto_a_gateway_in_the_hubs_shared_group_hears_nothing_and_swallows_its_share(
    server: Mosquitto | Own,
) -> None:
    """What an access list of mosquitto cannot forbid: said in the docs, and mended by the outbox, which sends again."""
    if isinstance(server, Own):
        return
    shared, n_said = f"$share/hubs/{BASE}/ath/+/s/#", 20
    with client(server, "hub") as hub, client(server, "edge-2") as thief, client(server, "hub") as speaker:
        hub.listen(shared)
        thief.listen(shared, f"{BASE}/ack/edge-2")
        for n in range(n_said):
            speaker.say(f"{BASE}/ath/{ANA}/s/01jd/steps", payload=f"{n}".encode())
        speaker.say(f"{BASE}/ack/edge-2", payload=b"last")
        until(lambda: heard_of(thief, b"last"), "the last")
        assert {said for _, said in thief.heard} == {b"last"}
        assert 0 < len(hub.heard) <= n_said


def test_users_who_come_and_go_are_known_without_a_restart(server: Mosquitto | Own) -> None:
    late = BrokerUser("late", "gateway", (BEN,))
    PASSWORDS["late"] = "late-password-0123456789"

    def know(people: list[Credential]) -> None:
        if isinstance(server, Own):
            server.broker.know([one for one in people if one.user.name != "hub"])
        else:
            write_access(server.folder / "access", people, SITE)
            server.process.send_signal(signal.SIGHUP)

    def gets_in() -> bool:
        try:
            with client(server, "late"):
                return True
        except (AssertionError, OSError):
            return False

    assert not gets_in()
    know([*CREDENTIALS, Credential(late, hash_password(PASSWORDS["late"]))])
    until(gets_in, "the new gateway")
    with client(server, "hub") as hub, client(server, "late") as here:
        hub.listen(f"{BASE}/ath/#")
        here.say(f"{BASE}/ath/{BEN}/live", payload=b"of Ben")
        until(lambda: heard_of(hub, b"of Ben"), "what the new gateway says")
        know(CREDENTIALS)
        until(here.closed.is_set, "the end of one who is gone")
    assert not gets_in()
