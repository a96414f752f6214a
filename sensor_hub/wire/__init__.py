"""Event ↔ (topic, payload): the MQTT contract, version 1.

One JSON object a message. Every message from an edge carries ``v``, ``type``, ``gw`` and ``seq``; what a session says
also carries its header, so that each message can be understood alone. Unknown fields are ignored; an unknown ``v`` or
``type`` is a ``DecodeError``, and the hub keeps such a message as a dead letter. Times are ISO 8601 UTC with
microseconds; numbers are SI, rounded to a millionth; null is unknown. The JSON Schemas are in ``sensor_hub/schemas``.
"""

from sensor_hub.wire.asking import (
    decode_device_state,
    decode_gateway_state,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)
from sensor_hub.wire.events import decode, encode, sender
from sensor_hub.wire.hub import (
    decode_ack,
    encode_ack,
    encode_dead_letter,
    encode_device_state,
    encode_finding,
    encode_gateway_state,
    encode_load,
)
from sensor_hub.wire.joining import Parcel, join
from sensor_hub.wire.reading import MOST_BYTES
from sensor_hub.wire.topics import ROOT, VERSION, Topics

__all__ = [
    "MOST_BYTES",
    "ROOT",
    "VERSION",
    "Parcel",
    "Topics",
    "decode",
    "decode_ack",
    "decode_device_state",
    "decode_gateway_state",
    "decode_reply",
    "decode_request",
    "encode",
    "encode_ack",
    "encode_dead_letter",
    "encode_device_state",
    "encode_finding",
    "encode_gateway_state",
    "encode_load",
    "encode_reply",
    "encode_request",
    "join",
    "sender",
]
