"""How a paho client is made, connected and let go."""

import socket
from dataclasses import dataclass
from typing import Any, Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.tls import client_context
from sensor_hub.model.message import Message

_KEEPALIVE_S: Final = 20
_WILL_DELAY_S: Final = 10
_LARGEST_WINDOW: Final = 65535


@dataclass(frozen=True, slots=True)
class Identity:
    """Who connects where, and on what terms; ``Connection`` explains them."""

    address: BrokerAddress
    client_id: str
    window: int
    session_expiry_s: int
    manual_ack: bool
    will: Message | None


def new_client(identity: Identity, protocol: MQTTProtocolVersion) -> paho.Client:
    """Return a client that is not connected yet; all its writing happens in ``loop``.

    BrokerError if the certificate of the broker's authority cannot be read.
    """
    v5 = protocol == MQTTProtocolVersion.MQTTv5
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=identity.client_id,
        clean_session=None if v5 else identity.session_expiry_s == 0,  # 3.1.1 knows for ever or not at all
        protocol=protocol,
        reconnect_on_failure=False,
        manual_ack=identity.manual_ack,
    )
    # paho's default of 20 under way caps throughput at 20 messages per commit of the receiver.
    client.max_inflight_messages_set(identity.window)
    client.max_queued_messages_set(0)
    if identity.address.user is not None:
        client.username_pw_set(identity.address.user, identity.address.password)
    if identity.address.tls:
        client.tls_set_context(client_context(identity.address.ca))
    if identity.will is not None:
        will = identity.will
        properties = properties_of(PacketTypes.WILLMESSAGE, WillDelayInterval=_WILL_DELAY_S) if v5 else None
        client.will_set(will.topic, will.payload, will.qos, will.retain, properties)
    client.on_socket_open = _no_delay
    # With this set, other threads only queue; all writing is done in the loop, so packets cannot interleave.
    client.on_socket_register_write = _leave_writing_to_the_loop
    return client


def dial(client: paho.Client, identity: Identity) -> None:
    """Connect the socket and queue CONNECT, for a session that outlives the connection; OSError if that fails."""
    host, port = identity.address.host, identity.address.port
    if client.protocol == MQTTProtocolVersion.MQTTv5:
        properties = properties_of(
            PacketTypes.CONNECT,
            SessionExpiryInterval=identity.session_expiry_s,
            ReceiveMaximum=min(identity.window, _LARGEST_WINDOW),
        )
        client.connect(host, port, _KEEPALIVE_S, clean_start=False, properties=properties)
    else:
        client.connect(host, port, _KEEPALIVE_S)


def release(client: paho.Client) -> None:
    """Close the socket, and untie the client from us, so that it goes now and not at some garbage collection."""
    client.on_connect = client.on_message = client.on_socket_open = client.on_socket_register_write = None
    sock = client.socket()
    if sock is not None:
        sock.close()


def properties_of(packet_type: int, **values: int) -> Properties:
    """Return the MQTT 5 properties of a packet."""
    properties = Properties(packet_type)  # type: ignore[no-untyped-call]
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


def _no_delay(_client: paho.Client, _userdata: Any, sock: Any) -> None:
    # Nagle's algorithm holds back the second of two small packets: 12.6 ms instead of 0.2 measured.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _leave_writing_to_the_loop(_client: paho.Client, _userdata: Any, _sock: Any) -> None:
    pass
