"""The frame of a btsnoop file (Android bug report, bumble): packets of the host controller interface."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.model.recording import Fault

SIGNATURE: Final = b"btsnoop\0"
HEADER_BYTES: Final = 16
COMMAND, ACL, EVENT = 1, 2, 4  # packet types of H4
_RECORD: Final = struct.Struct(">IIIIq")  # original length, included length, flags, drops, time
_UNENCAPSULATED, _H4 = 1001, 1002
_RECEIVED, _COMMAND_OR_EVENT = 1, 2  # flags
_LARGEST_PACKET: Final = 1 << 17
_EPOCH_US: Final = 0x00DCDDB30F2F8000  # 1970 in microseconds since year 0, the zero of this format
_EPOCH_UTC: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_US: Final = 4102444800 * 1_000_000  # 2100; later or before 1970 is damage


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. ``received`` from the controller; ``cut`` if the capture kept only its beginning."""

    number: int
    at_utc: datetime
    received: bool
    kind: int
    body: bytes
    cut: bool


def is_btsnoop(data: bytes) -> bool:
    """True if the file has the signature of the format."""
    return data.startswith(SIGNATURE)


def data_link(data: bytes) -> int | None:
    """Data link type of the header; None if the header is cut off."""
    return int.from_bytes(data[12:16], "big") if len(data) >= HEADER_BYTES else None


def is_known_link(link: int | None) -> bool:
    """Whether packets of this data link type can be read: HCI with or without its H4 type byte."""
    return link in {_H4, _UNENCAPSULATED}


def packets(data: bytes, faults: list[Fault]) -> Iterator[Packet]:
    """Yield the packets of a file; what is damaged becomes a fault, and the rest after a damaged length is lost."""
    encapsulated = data_link(data) == _H4
    at, number, n_undated, n_cut = HEADER_BYTES, 0, 0, 0
    while at < len(data):
        number += 1
        if at + _RECORD.size > len(data):
            faults.append(Fault(f"byte {at}", f"the file ends inside packet {number}", lost=True))
            break
        original, included, flags, _drops, time_us = _RECORD.unpack_from(data, at)
        body_at = at + _RECORD.size
        if included > _LARGEST_PACKET or included > original:
            faults.append(
                Fault(f"byte {at}", f"damaged from here on: packet {number} claims {included} bytes", lost=True)
            )
            break
        body = data[body_at : body_at + included]
        if len(body) < included:
            faults.append(Fault(f"byte {at}", f"the file ends inside packet {number}", lost=True))
            break
        at = body_at + included
        since_us = time_us - _EPOCH_US
        if not 0 <= since_us < _LATEST_US:
            n_undated += 1
            continue
        received = bool(flags & _RECEIVED)
        kind, body = _kind(body, flags, received=received, encapsulated=encapsulated)
        n_cut += included < original and kind == ACL
        at_utc = _EPOCH_UTC + timedelta(microseconds=since_us)
        yield Packet(number, at_utc, received, kind, body, cut=included < original)
    if n_undated:
        faults.append(Fault("packets", f"{n_undated} have no usable time and are left out", lost=True))
    if n_cut:
        problem = (
            f"{n_cut} were captured in part only (switch on the full Bluetooth HCI snoop log, not the filtered one)"
        )
        faults.append(Fault("packets", problem, lost=True))


def _kind(body: bytes, flags: int, *, received: bool, encapsulated: bool) -> tuple[int, bytes]:
    if encapsulated:
        return (body[0], body[1:]) if body else (0, b"")
    if flags & _COMMAND_OR_EVENT:
        return (EVENT if received else COMMAND), body
    return ACL, body
