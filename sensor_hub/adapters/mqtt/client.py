"""One endpoint of MQTT that stays connected: what publisher and subscriber share.

Every connection gets a paho client of its own. So nothing of an old connection (message ids, half-sent packets) can
leak into a new one, and each attempt is free to choose the protocol: MQTT 5 first, then 3.1.1 where a broker does not
answer to 5.
"""

import logging
import ssl
import struct
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import paho.mqtt.client as paho
from paho.mqtt import MQTTException
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.dial import Identity, dial, new_client, properties_of, release
from sensor_hub.adapters.mqtt.tls import is_loopback, needs_a_person, why
from sensor_hub.errors import BrokerError
from sensor_hub.model.message import Message

_LOG = logging.getLogger(__name__)
_BACKOFF_S: Final = (0.2, 2.0)
# A refusal needs a person; asking more often only fills the broker's log.
_REFUSED_RETRY_S: Final = 10.0
_CONNACK_TIMEOUT_S: Final = 3.0
_SILENCES: Final = 3
_FLUSH_S: Final = 2.0
_LOOP_S: Final = 0.2
_BAD_CREDENTIALS: Final = frozenset({134, 135})  # "bad user name or password", "not authorized"
_BAD_PROTOCOL: Final = 132
# So many connections in a row that end so soon: another client comes with our id, and each throws the other out. MQTT 5
# has a word for it, which neither mosquitto 2.0.11 nor a broker of 3.1.1 says.
_SOON_S: Final = 3.0
_THROWN_OUT: Final = 5
# What paho raises on bytes that are not MQTT.
_NOT_MQTT: Final = (MQTTException, struct.error, ValueError, IndexError, KeyError)


class Connection:
    """Keeps a client connected until ``stop``; its callbacks run in its own thread and must not raise.

    address, client_id : who connects where. on_up : called on each new connection, to subscribe. on_message : each
    message, with the generation of its connection; with ``manual_ack`` it stays unacknowledged until ``ack``.
    will : published by the broker if we vanish. window : messages under way in either direction.
    session_expiry_s : how long an MQTT 5 broker keeps our subscriptions while we are away.
    quiet : nothing is logged: whoever tries a connection out is told by an error.
    """

    def __init__(
        self,
        address: BrokerAddress,
        client_id: str,
        *,
        on_up: Callable[[], None],
        on_message: Callable[[int, paho.MQTTMessage], None],
        window: int,
        session_expiry_s: int,
        manual_ack: bool = False,
        will: Message | None = None,
        quiet: bool = False,
    ) -> None:
        self.address, self._quiet = address, quiet
        self._on_up, self._on_received = on_up, on_message
        self._identity = Identity(address, client_id, window, session_expiry_s, manual_ack, will)
        self._protocol = MQTTProtocolVersion.MQTTv5
        self._spoken: MQTTProtocolVersion | None = None
        self._n_silent = 0
        self._client: paho.Client | None = None
        self._answer: ReasonCode | None = None
        self._generation = 0
        self._changed = threading.Condition()
        self._problem: BrokerError | None = None
        self._refused = False
        self._up = self._dropping = self._stopping = False
        self._up_s, self._n_soon = 0.0, 0
        self._thread: threading.Thread | None = None
        if address.password and not address.tls and not is_loopback(address.host) and not quiet:
            _LOG.warning("the password for %s goes over the network readable: use mqtts:// and TLS", address)

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted us, and we still want it."""
        return self._up and not self._dropping

    @property
    def generation(self) -> int:
        """Number of the present connection, from 1; it rises with every new one."""
        return self._generation

    @property
    def problem(self) -> BrokerError | None:
        """Why there is no connection; None while there is one or before the first attempt has ended."""
        return self._problem

    def start(self) -> None:
        """Begin to connect, in the background; it goes on until ``stop``."""
        if self._thread is not None:
            raise ValueError("a connection is started once")
        self._thread = threading.Thread(target=self._run, name=f"mqtt-{self._identity.client_id}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send what is queued, take leave of the broker and end; safe to call twice."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def wait_connected(self, timeout_s: float) -> None:
        """Return once connected; BrokerError at once if the broker refuses us, else when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._up or self._refused or self._stopping, timeout_s)
            if not self._up:
                raise self._problem or BrokerError(f"no connection to {self.address} within {timeout_s:g} s")

    def spoken(self) -> tuple[str | None, str]:
        """Return what protects the present connection, None for nothing, and which MQTT it speaks."""
        client = self._client
        sock = None if client is None else client.socket()
        cipher = sock.cipher() if isinstance(sock, ssl.SSLSocket) else None
        tls = None if cipher is None else f"{cipher[1]}, {cipher[0]}"
        return tls, "5" if self._spoken == MQTTProtocolVersion.MQTTv5 else "3.1.1"

    def drop(self) -> None:
        """Give up the present connection and make a new one."""
        self._dropping = True

    def publish(self, message: Message, expiry_s: int | None = None) -> bool:
        """Hand a message to the present connection; False if there is none. Brokers of MQTT 5 honour the expiry."""
        client = self._client
        if client is None or not self.connected:
            return False
        properties = None
        if expiry_s is not None and client.protocol == MQTTProtocolVersion.MQTTv5:
            properties = properties_of(PacketTypes.PUBLISH, MessageExpiryInterval=expiry_s)
        info = client.publish(message.topic, message.payload, message.qos, message.retain, properties)
        return info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def subscribe(self, topic_filter: str) -> None:
        """Subscribe at QoS 1; meant for ``on_up``."""
        client = self._client
        if client is not None:
            client.subscribe(topic_filter, qos=1)

    def ack(self, generation: int, mid: int, qos: int) -> None:
        """Acknowledge a message of that connection; a message id of an older one means something else by now."""
        client = self._client
        if client is not None and generation == self._generation and self._up:
            client.ack(mid, qos)

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        pause_s = _BACKOFF_S[0]
        while not self._stopping:
            protocol = self._protocol
            if self._one_connection():
                pause_s = _BACKOFF_S[0]
            with self._changed:
                if self._protocol == MQTTProtocolVersion.MQTTv311 != protocol:
                    continue  # the fallback is tried at once
                self._changed.wait_for(lambda: self._stopping, _REFUSED_RETRY_S if self._refused else pause_s)
            pause_s = min(pause_s * 2, _BACKOFF_S[1])

    def _one_connection(self) -> bool:
        """Connect and serve until the connection ends; return whether the broker had accepted us."""
        self._answer, self._dropping = None, False
        try:
            client = self._client = new_client(self._identity, self._protocol)
        except BrokerError as error:
            self._fail(str(error), refused=True)
            return False
        try:
            client.on_connect, client.on_message = self._on_connect, self._on_message
            client.on_subscribe = self._on_subscribe
            dial(client, self._identity)
            self._serve(client)
        except OSError as error:
            where = "is anything listening there? check host and port"
            told = why(error, self.address) or f"cannot reach the broker {self.address}: {error}; {where}"
            self._fail(told, refused=needs_a_person(error))
            return False
        except _NOT_MQTT as error:
            self._fail(f"{self.address} does not speak MQTT: {error}; check the port")
            return False
        finally:
            was_up = self._up
            with self._changed:
                self._up, self._client = False, None
            release(client)
        self._judge(was_up)
        return was_up

    def _serve(self, client: paho.Client) -> None:
        answer_by_s = time.monotonic() + _CONNACK_TIMEOUT_S
        while not self._dropping and not self._stopping:
            if client.loop(_LOOP_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
            if self._answer is None and time.monotonic() > answer_by_s:
                return
        client.disconnect()
        leave_by_s = time.monotonic() + _FLUSH_S
        while time.monotonic() < leave_by_s and client.socket() is not None:
            if client.loop(0.05) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return

    def _judge(self, was_up: bool) -> None:
        """Say why the connection is over, and choose the protocol of the next."""
        answer = self._answer
        self._n_soon = self._n_soon + 1 if was_up and time.monotonic() - self._up_s < _SOON_S else 0
        if self._n_soon >= _THROWN_OUT and not self._stopping:
            # of two that number alike, a hub drops one's messages
            self._n_soon = 0
            self._fail(
                f"{self.address} ends every connection of ours at once. Either another client has our id "
                f"{self._identity.client_id!r}: was the data folder or the outbox copied to another machine? Move the "
                "outbox away on one of them, so that it begins a new one. Or it refuses what we say (mosquitto 2.0 "
                "ends the connection then): `sensor-hub mqtt list` on the hub tells what this user may",
                refused=True,
            )
        elif was_up:
            self._fail(f"the connection to {self.address} broke; trying again")
        elif answer is None or answer.value == _BAD_PROTOCOL:
            v5 = self._protocol == MQTTProtocolVersion.MQTTv5
            self._n_silent += 1
            # A broker that has spoken it before is more likely just starting or stopping.
            if answer is not None or self._spoken != self._protocol or self._n_silent >= _SILENCES:
                self._protocol = MQTTProtocolVersion.MQTTv311 if v5 else MQTTProtocolVersion.MQTTv5
                self._n_silent = 0
            what = "gives no answer to" if answer is None else "does not speak"
            mend = "is it an MQTT broker?" if self.address.tls else "is it an MQTT broker, and one without TLS?"
            self._fail(f"{self.address} {what} MQTT {'5' if v5 else '3.1.1'}; {mend}")
        elif answer.value in _BAD_CREDENTIALS:
            who = "without a user" if self.address.user is None else f"as user {self.address.user!r}"
            self._fail(
                f"the broker {self.address} refuses us {who} ({answer}); check user and password in the broker URL",
                refused=True,
            )
        else:
            self._fail(f"the broker {self.address} refuses the connection: {answer}", refused=True)

    def _fail(self, text: str, refused: bool = False) -> None:
        with self._changed:
            news = self._problem is None or str(self._problem) != text
            self._problem, self._refused = BrokerError(text), refused
            self._changed.notify_all()
        if news and not self._stopping and not self._quiet:
            _LOG.log(logging.WARNING if refused else logging.INFO, text)

    def _on_connect(
        self, _client: paho.Client, _userdata: Any, _flags: paho.ConnectFlags, reason: ReasonCode, _props: Any
    ) -> None:
        self._answer = reason
        if reason.is_failure:
            return
        with self._changed:
            self._generation += 1
            self._spoken, self._n_silent, self._up_s = self._protocol, 0, time.monotonic()
            self._up, self._refused, self._problem = True, False, None
            self._changed.notify_all()
        self._on_up()

    def _on_subscribe(
        self, _client: paho.Client, _userdata: Any, _mid: int, reasons: list[ReasonCode], _props: Any
    ) -> None:
        """What is refused never comes, and a connection that stands must not look as if all were well."""
        refused = next((reason for reason in reasons if reason.is_failure), None)
        if refused is not None:
            self._fail(
                f"the broker {self.address} refuses what we want to hear ({refused}), so nothing of it comes in: give"
                " this user the rights that `sensor-hub mqtt acl` tells of; hubs that share need a broker with $share"
            )

    def _on_message(self, _client: paho.Client, _userdata: Any, message: paho.MQTTMessage) -> None:
        self._on_received(self._generation, message)
