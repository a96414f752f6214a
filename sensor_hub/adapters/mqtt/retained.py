"""What a broker keeps for whoever subscribes: listed and cleared, over a connection that leaves nothing behind."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final
from uuid import uuid4

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.tls import client_context, why
from sensor_hub.errors import BrokerError

_ANSWER_S: Final = 10.0
_KEEPALIVE_S: Final = 20


class Retained:
    """The retained messages of a broker; use it as a context.

    BrokerError if the broker cannot be reached, or refuses.
    """

    def __init__(self, client: paho.Client, address: BrokerAddress) -> None:
        self._client, self._address = client, address
        self._changed = threading.Condition()
        self._held: dict[str, bytes] = {}
        self._newest_s = 0.0
        self._subscribed = 0
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe

    @classmethod
    @contextmanager
    def of(cls, url: str) -> Iterator["Retained"]:
        """Connect to a broker, and leave it at the end."""
        address = BrokerAddress.parse(url)
        # 3.1.1, for every broker speaks it; a clean session is gone when we are
        client = paho.Client(
            CallbackAPIVersion.VERSION2, f"sensor-hub-{uuid4().hex[:10]}", clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311, reconnect_on_failure=False,
        )  # fmt: skip
        if address.user is not None:
            client.username_pw_set(address.user, address.password)
        if address.tls:
            client.tls_set_context(client_context(address.ca))
        answer: list[ReasonCode] = []
        answered = threading.Event()

        def on_connect(_client: object, _data: object, _flags: object, reason: ReasonCode, _props: object) -> None:
            answer.append(reason)
            answered.set()

        client.on_connect = on_connect
        try:
            client.connect(address.host, address.port, _KEEPALIVE_S)
        except OSError as error:
            told = why(error, address) or f"cannot reach the broker {address}: {error}; is it running?"
            raise BrokerError(told) from error
        client.loop_start()
        try:
            if not answered.wait(_ANSWER_S):
                raise BrokerError(f"the broker {address} gives no answer")
            if answer[0].is_failure:
                raise BrokerError(f"the broker {address} refuses us ({answer[0]}); check user and password")
            yield cls(client, address)
        finally:
            with suppress(OSError):
                client.disconnect()
            client.loop_stop()

    def held(self, topic_filters: Sequence[str], *, quiet_s: float = 1.0) -> dict[str, bytes]:
        """Return topic → payload of what the broker keeps; complete when nothing more has come for ``quiet_s``."""
        with self._changed:
            self._held, self._subscribed = {}, 0
        self._client.unsubscribe(list(topic_filters))
        self._client.subscribe([(topic_filter, 1) for topic_filter in topic_filters])
        with self._changed:
            if not self._changed.wait_for(lambda: self._subscribed > 0, _ANSWER_S):
                raise BrokerError(f"the broker {self._address} does not let us subscribe; check its access rules")
            self._newest_s = time.monotonic()
            while (left_s := self._newest_s + quiet_s - time.monotonic()) > 0:
                self._changed.wait(left_s)
            return dict(self._held)

    def clear(self, topics: Sequence[str]) -> None:
        """Let the broker forget what it keeps on these topics; BrokerError if it does not take that in."""
        for topic in topics:
            info = self._client.publish(topic, b"", qos=1, retain=True)
            with suppress(RuntimeError, ValueError):  # not connected: told below
                info.wait_for_publish(_ANSWER_S)
            if not info.is_published():
                raise BrokerError(f"the broker {self._address} did not take in that a topic is cleared")

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        if not message.retain:
            return
        with self._changed:
            self._newest_s = time.monotonic()
            if message.payload:
                self._held[message.topic] = bytes(message.payload)

    def _on_subscribe(self, _client: object, _data: object, _mid: int, codes: list[ReasonCode], _props: object) -> None:
        with self._changed:
            if not all(code.is_failure for code in codes):
                self._subscribed += 1
            self._changed.notify_all()
