"""A credential tried out at a broker: what works with it, without a trace."""

import threading
import time
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import paho.mqtt.client as paho

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.client import Connection
from sensor_hub.errors import BrokerError
from sensor_hub.model.message import Message
from sensor_hub.wire.topics import Topics

_ANSWER_S: Final = 2.0
_LOOK_S: Final = 0.05
_TOPIC_LEAF: Final = "mqtt-test"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a broker let us do. tls : its version and cipher, None without. heard : our own word came back to us."""

    broker: str
    user: str | None
    tls: str | None
    mqtt: str
    heard: bool


def try_out(url: str, site: str, *, timeout_s: float = 10.0) -> Trial:
    """Connect, publish one answer to a question nobody asked, and listen for it; BrokerError if that gets nowhere.

    Only a hub hears it: a gateway may say it, and reads nothing but its acks and commands.
    """
    address = BrokerAddress.parse(url)
    user = address.user or "nobody"
    topic = f"{Topics(site).base}/gw/{user}/reply/{_TOPIC_LEAF}"
    said = uuid4().hex.encode()
    heard = threading.Event()

    def on_message(_generation: int, message: paho.MQTTMessage) -> None:
        if message.payload == said:
            heard.set()

    connection = Connection(
        address, f"{user}-{_TOPIC_LEAF}-{uuid4().hex[:8]}", on_up=lambda: connection.subscribe(topic),
        on_message=on_message, window=20, session_expiry_s=0, quiet=True,
    )  # fmt: skip
    connection.start()
    try:
        connection.wait_connected(timeout_s)
        tls, mqtt = connection.spoken()
        generation, end_s = connection.generation, time.monotonic() + _ANSWER_S
        connection.publish(Message(topic, said, 1))
        while not heard.wait(_LOOK_S) and time.monotonic() < end_s:
            if not connection.connected or connection.generation != generation:  # it may be back by now
                raise BrokerError(f"{address} cut the connection when something was published; see its log")
        return Trial(str(address), address.user, tls, mqtt, heard.is_set())
    finally:
        connection.stop()


__all__ = ["Trial", "try_out"]
