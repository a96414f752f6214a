"""FIT files by hand: just enough of the format to say what a test needs to say."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

EPOCH_UTC = datetime(1989, 12, 31, tzinfo=UTC)
ENUM, UINT8, STRING, BYTE, UINT16, UINT32, SINT32 = 0x00, 0x02, 0x07, 0x0D, 0x84, 0x86, 0x85
CODES = {ENUM: "B", UINT8: "B", UINT16: "H", UINT32: "I", SINT32: "i"}
FILE_ID, SESSION, RECORD, EVENT, FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 0, 18, 20, 21, 206, 207
RUNNING, CYCLING, WALKING = 1, 2, 11
GENERIC, TREADMILL, TRAIL, INDOOR_RUNNING, VIRTUAL_ACTIVITY = 0, 1, 3, 45, 58
TIMER, START, STOP_ALL = 0, 0, 4
NONE16, NONE32, NONE8 = 0xFFFF, 0xFFFFFFFF, 0xFF


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0xA001 if byte & 1 else 0)
    return byte


_CRC = [_crc_of_byte(byte) for byte in range(256)]


def crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value = (value >> 8) ^ _CRC[(value ^ byte) & 0xFF]
    return value


def fit_time(time_utc: datetime) -> int:
    return int((time_utc - EPOCH_UTC).total_seconds())


def definition(
    local: int, message: int, fields: Sequence[tuple[int, int, int]], developer: Sequence[tuple[int, int, int]] = ()
) -> bytes:
    """Fields are (number, size in bytes, base type); developer fields (number, size, developer index)."""
    body = struct.pack("<BBBHB", 0x40 | (0x20 if developer else 0) | local, 0, 0, message, len(fields))
    body += b"".join(struct.pack("BBB", *f) for f in fields)
    if developer:
        body += bytes([len(developer)]) + b"".join(struct.pack("BBB", *f) for f in developer)
    return body


def message(local: int, number: int, *values: tuple[int, int, int]) -> bytes:
    """A definition and one data message; values are (field number, base type, value)."""
    fields = [(n, struct.calcsize("<" + CODES[kind]), kind) for n, kind, _ in values]
    return definition(local, number, fields) + data(local, *((kind, value) for _, kind, value in values))


def data(local: int, *values: tuple[int, int]) -> bytes:
    return bytes([local]) + b"".join(struct.pack("<" + CODES[kind], value) for kind, value in values)


def file_id(manufacturer: int = 1, product: int = 2050) -> bytes:
    return message(0, FILE_ID, (0, ENUM, 4), (1, UINT16, manufacturer), (2, UINT16, product))


def session(sport: int, sub_sport: int = GENERIC) -> bytes:
    return message(2, SESSION, (5, ENUM, sport), (6, ENUM, sub_sport))


def timer(time: int, kind: int) -> bytes:
    return message(3, EVENT, (253, UINT32, time), (0, ENUM, TIMER), (1, ENUM, kind))


def record(
    time: int,
    *,
    cadence: int = 85,
    fractional: int = 64,
    stance: int = 2500,
    speed: int = 3000,
    distance: int = 1000,
) -> bytes:
    """Raw numbers: strides/min, 1/128 of one, 0.1 ms, mm/s, cm."""
    return message(
        1, RECORD, (253, UINT32, time), (4, UINT8, cadence), (53, UINT8, fractional), (41, UINT16, stance),
        (73, UINT32, speed), (5, UINT32, distance),
    )  # fmt: skip


def placed_record(time: int, *, altitude: int = NONE16, enhanced_altitude: int = NONE32) -> bytes:
    """A record with a position; altitudes are raw: 0.2 m above -500 m."""
    return message(
        1, RECORD, (253, UINT32, time), (0, SINT32, 2**29), (1, SINT32, 2**28), (2, UINT16, altitude),
        (78, UINT32, enhanced_altitude),
    )  # fmt: skip


def ground_time_field(name: bytes = b"Ground Time\0") -> bytes:
    """Describe developer field 0 of developer 0: a u16 of this name."""
    developer = definition(4, DEVELOPER_DATA_ID, [(3, 1, UINT8), (1, 16, BYTE)]) + bytes([4, 0]) + bytes(range(16))
    fields = [(0, 1, UINT8), (1, 1, UINT8), (2, 1, UINT8), (3, len(name), STRING)]
    return developer + definition(5, FIELD_DESCRIPTION, fields) + bytes([5, 0, 0, UINT16]) + name


def record_with_pod(time: int, *ground_time_ms: int, stance: int = NONE16) -> bytes:
    """A record whose developer field holds one or several contact times, beside the watch's own."""
    fields = [(253, 4, UINT32), (41, 2, UINT16)]
    own = definition(1, RECORD, fields, [(0, 2 * len(ground_time_ms), 0)])
    return own + data(1, (UINT32, time), (UINT16, stance)) + struct.pack(f"<{len(ground_time_ms)}H", *ground_time_ms)


def fit_file(*messages: bytes) -> bytes:
    body = b"".join(messages)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    header += struct.pack("<H", crc(header))
    return header + body + struct.pack("<H", crc(header + body))
