"""Values that sensors sent over the Attribute Protocol, out of captured packets of the host controller interface.

Connections are followed by their handle, packets put together again (L2CAP, fixed channel 4), and attribute handles
named by the discovery in the capture. Kept are notifications, indications, answers to reads, and links that come up or
go down; writes are not.
Source: Bluetooth Core Specification 5.4, volume 3 parts A and F, volume 4 part E. Validity: the phone is the client;
enhanced ATT bearers (channels made on demand) are not followed.
"""

import struct
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sensor_hub.adapters.recordings.btsnoop_file import ACL, EVENT, Packet
from sensor_hub.model.link import LINK, LinkChange
from sensor_hub.model.recording import Fault

ATT_CHANNEL: Final = 4
_DISCONNECTED, _LE_META = 0x05, 0x3E
_CONNECTED, _CONNECTED_ENHANCED, _CONNECTED_ENHANCED_2 = 0x01, 0x0A, 0x29
_CONTINUES: Final = 0b01
_ERROR, _MTU_REQUEST, _MTU_RESPONSE, _FOUND = 0x01, 0x02, 0x03, 0x05
_READ_BY_TYPE, _TYPES_READ, _READ, _READ_DONE, _READ_ON, _READ_ON_DONE = 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D
_NOTIFIED, _INDICATED, _NOTIFIED_MANY = 0x1B, 0x1D, 0x23
_DECLARATION: Final = "2803"
_SMALLEST_MTU: Final = 23
_BASE_UUID_TAIL: Final = "-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an attribute as it arrived; ``uuid`` None where only the handle is known."""

    device: str
    at_utc: datetime
    handle: int
    payload: bytes
    uuid: str | None = None


@dataclass(slots=True)
class _Connection:
    device: str
    pending: dict[bool, bytearray] = field(default_factory=dict)  # by direction
    mtu: int = _SMALLEST_MTU
    client_mtu: int = _SMALLEST_MTU
    read_handle: int | None = None
    read_type: str | None = None
    long_read: tuple[datetime, int, bytearray] | None = None


@dataclass(slots=True)
class Capture:
    """What the packets said, in their order.

    handles : device → attribute handle → UUID, from discovery. unnamed : devices of connections made before.
    """

    values: list[Value] = field(default_factory=list)
    handles: dict[str, dict[int, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    _devices: dict[bytes, str] = field(default_factory=dict)
    _links: dict[int, _Connection] = field(default_factory=dict)
    _n_devices: int = 0
    _n_broken: int = 0
    _first_broken: int = 0

    def take(self, packet: Packet) -> None:
        """Take the next packet; what cannot be understood in it is counted, never raised."""
        try:
            if packet.kind == EVENT:
                self._event(packet.body, packet.at_utc)
            elif packet.kind == ACL:
                self._acl(packet)
        except (struct.error, IndexError, ValueError):
            self._broken(packet)

    def finish(self) -> None:
        """Close what is open, and say what was broken."""
        for link in self._links.values():
            self._end_long_read(link)
        if self._n_broken:
            problem = f"{self._n_broken} packets of the Attribute Protocol from here on are damaged or incomplete"
            self.faults.append(Fault(f"packet {self._first_broken}", problem, lost=True))

    def _broken(self, packet: Packet) -> None:
        self._n_broken += 1
        self._first_broken = self._first_broken or packet.number

    def _event(self, body: bytes, at_utc: datetime) -> None:
        if body[0] == _DISCONNECTED:
            status, handle = struct.unpack_from("<BH", body, 2)
            link = self._links.pop(handle & 0xFFF, None) if status == 0 else None
            if link is not None:
                self._end_long_read(link)
                self._link(LinkChange(link.device, at_utc, "down", "disconnected"))
        elif body[0] == _LE_META and body[2] in {_CONNECTED, _CONNECTED_ENHANCED, _CONNECTED_ENHANCED_2}:
            status, handle, _role, kind = struct.unpack_from("<BHBB", body, 3)
            address = body[8:14]
            if status == 0 and len(address) == 6:
                link = self._links[handle & 0xFFF] = _Connection(self._device(bytes([kind & 1]) + address))
                self._link(LinkChange(link.device, at_utc, "up"))

    def _link(self, change: LinkChange) -> None:
        raw = change.to_notification()
        self.values.append(Value(raw.device, raw.arrival_utc, 0, raw.payload, LINK))

    def _device(self, address: bytes | None) -> str:
        """Return the pseudonym of an address; a new one each time for a connection made before the capture began."""
        if address is not None and address in self._devices:
            return self._devices[address]
        self._n_devices += 1
        name = f"pod-{self._n_devices}"
        if address is not None:
            self._devices[address] = name
        else:
            self.unnamed.append(name)
        return name

    def _acl(self, packet: Packet) -> None:
        handle_and_flags, _length = struct.unpack_from("<HH", packet.body)
        handle, boundary, data = handle_and_flags & 0xFFF, handle_and_flags >> 12 & 0b11, packet.body[4:]
        link = self._links.get(handle)
        if boundary != _CONTINUES:
            if link is not None and packet.received in link.pending:
                del link.pending[packet.received]
                self._broken(packet)
            if not packet.cut and len(data) >= 4 and int.from_bytes(data[2:4], "little") != ATT_CHANNEL:
                return
            if link is None:
                link = self._links[handle] = _Connection(self._device(None))
            part = link.pending[packet.received] = bytearray(data)
        else:
            if link is None or packet.received not in link.pending:
                return  # of another channel, or its beginning came before the capture
            part = link.pending[packet.received]
            part += data
        if packet.cut:
            del link.pending[packet.received]
            return
        if len(part) < 4 or len(part) < 4 + int.from_bytes(part[:2], "little"):
            return
        del link.pending[packet.received]
        unit = bytes(part[4 : 4 + int.from_bytes(part[:2], "little")])
        if int.from_bytes(part[2:4], "little") == ATT_CHANNEL and unit:
            (self._heard if packet.received else self._asked)(link, unit, packet.at_utc)

    def _asked(self, link: _Connection, unit: bytes, _at_utc: datetime) -> None:
        opcode = unit[0]
        if opcode == _READ_ON:
            link.read_handle = struct.unpack_from("<H", unit, 1)[0]
            return
        if opcode not in {_MTU_REQUEST, _READ_BY_TYPE, _READ}:
            return
        self._end_long_read(link)
        if opcode == _MTU_REQUEST:
            link.client_mtu = struct.unpack_from("<H", unit, 1)[0]
        elif opcode == _READ_BY_TYPE:
            link.read_type = uuid_of(unit[5:])
        else:
            link.read_handle = struct.unpack_from("<H", unit, 1)[0]

    def _heard(self, link: _Connection, unit: bytes, at_utc: datetime) -> None:
        opcode = unit[0]
        if opcode in {_NOTIFIED, _INDICATED}:
            self._keep(link, at_utc, struct.unpack_from("<H", unit, 1)[0], unit[3:])
        elif opcode == _NOTIFIED_MANY:
            self._many(link, unit, at_utc)
        elif opcode in {_READ_DONE, _READ_ON_DONE}:
            self._read(link, unit, at_utc)
        elif opcode == _TYPES_READ and link.read_type is not None:
            self._types(link, unit, at_utc)
        elif opcode == _FOUND:
            self._found(link, unit)
        elif opcode == _MTU_RESPONSE:
            link.mtu = max(_SMALLEST_MTU, min(link.client_mtu, struct.unpack_from("<H", unit, 1)[0]))
        elif opcode == _ERROR:
            self._end_long_read(link)
            link.read_handle = link.read_type = None

    def _keep(self, link: _Connection, at_utc: datetime, handle: int, payload: bytes, uuid: str | None = None) -> None:
        self.values.append(Value(link.device, at_utc, handle, payload, uuid))

    def _many(self, link: _Connection, unit: bytes, at_utc: datetime) -> None:
        at = 1
        while at < len(unit):
            handle, length = struct.unpack_from("<HH", unit, at)
            payload = unit[at + 4 : at + 4 + length]
            if len(payload) < length:
                raise ValueError("a value that is cut off")
            self._keep(link, at_utc, handle, payload)
            at += 4 + length

    def _read(self, link: _Connection, unit: bytes, at_utc: datetime) -> None:
        """An answer as long as a packet may go on in the next one."""
        handle, value = link.read_handle, unit[1:]
        link.read_handle = None
        if handle is None:
            return
        if unit[0] == _READ_ON_DONE and link.long_read is not None and link.long_read[1] == handle:
            link.long_read[2].extend(value)
        elif unit[0] == _READ_DONE:
            self._end_long_read(link)
            link.long_read = (at_utc, handle, bytearray(value))
        else:
            return  # its beginning is not in the capture
        if len(value) < link.mtu - 1:
            self._end_long_read(link)

    def _end_long_read(self, link: _Connection) -> None:
        if link.long_read is not None:
            at_utc, handle, value = link.long_read
            link.long_read = None
            self._keep(link, at_utc, handle, bytes(value))

    def _types(self, link: _Connection, unit: bytes, at_utc: datetime) -> None:
        names = self.handles.setdefault(link.device, {})
        size, uuid = unit[1], link.read_type
        link.read_type = None
        if size < 2:
            raise ValueError("attributes without handles")
        for at in range(2, len(unit) - size + 1, size):
            handle = struct.unpack_from("<H", unit, at)[0]
            if uuid == _DECLARATION and size in {7, 21}:
                names[struct.unpack_from("<H", unit, at + 3)[0]] = uuid_of(unit[at + 5 : at + size])
            elif uuid != _DECLARATION:
                self._keep(link, at_utc, handle, unit[at + 2 : at + size], uuid)

    def _found(self, link: _Connection, unit: bytes) -> None:
        names = self.handles.setdefault(link.device, {})
        size = {1: 2, 2: 16}[unit[1]] + 2 if unit[1] in {1, 2} else 0
        if not size:
            raise ValueError("a format nobody knows")
        for at in range(2, len(unit) - size + 1, size):
            names.setdefault(struct.unpack_from("<H", unit, at)[0], uuid_of(unit[at + 2 : at + size]))


def uuid_of(little_endian: bytes) -> str:
    """UUID as text: 4 hex digits for adopted numbers, else 36 characters; ValueError for any other length."""
    if len(little_endian) not in {2, 16}:
        raise ValueError(f"a UUID of {len(little_endian)} bytes")
    return short_uuid(little_endian[::-1].hex())


def short_uuid(text: str) -> str:
    """Return a UUID in the form of ``RawNotification``; ValueError if it is none."""
    digits = text.strip().lower().removeprefix("0x").replace("-", "")
    if len(digits) not in {4, 8, 32} or not all(c in "0123456789abcdef" for c in digits):
        raise ValueError(f"{text!r} is not a UUID")
    if len(digits) == 4:
        return digits
    if len(digits) == 8:
        digits += _BASE_UUID_TAIL.replace("-", "")
    whole = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return whole[4:8] if whole.startswith("0000") and whole.endswith(_BASE_UUID_TAIL) else whole
