"""The records of a FIT file in columns, where the file is as files should be: a hundred times faster than one by one.

Nearly all of an activity are records of one shape, one after the other. They are taken out here, by their shape, and
what is left of the messages we read goes to fitdecode. Of a file with anything unusual (damage, a wrong checksum,
several parts, compressed times, other types than the profile's) nothing is taken out: then fitdecode reads it all.
Both ways have the same contents.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

RECORD: Final = 20
FIELD_DESCRIPTION: Final = 206
KEPT: Final = frozenset({0, 12, 18, 21, FIELD_DESCRIPTION, 207})  # file_id, sport, session, event, developer data
SHORTEST_HEADER: Final = 12
DATE_MIN: Final = 0x10000000  # below it a time is one since power-on
COMPRESSED, DEFINITION, DEVELOPER, LOCAL = 0x80, 0x40, 0x20, 0x0F
NAME: Final = 3  # of a field description; 0 and 1 say which field it is, 2 its type, 6 and 7 how it is scaled
UTF8: Final = 0x07

# number of a field → base type it must have, its value for "nothing", by what it is divided, and what is taken off
FIELDS: Final[dict[int, tuple[int, int, float, float]]] = {
    253: (0x86, 0xFFFFFFFF, 1.0, 0.0),
    4: (0x02, 0xFF, 1.0, 0.0),
    53: (0x02, 0xFF, 128.0, 0.0),
    41: (0x84, 0xFFFF, 10.0, 0.0),
    73: (0x86, 0xFFFFFFFF, 1000.0, 0.0),
    6: (0x84, 0xFFFF, 1000.0, 0.0),
    5: (0x86, 0xFFFFFFFF, 100.0, 0.0),
    78: (0x86, 0xFFFFFFFF, 5.0, 500.0),
    2: (0x84, 0xFFFF, 5.0, 500.0),
    0: (0x85, 0x7FFFFFFF, 1.0, 0.0),
    42: (0x00, 0xFF, 1.0, 0.0),
}
UNUSUAL: Final = frozenset({8})  # speed and distance packed into one field
TYPES: Final = {
    0x00: ("u1", 0xFF), 0x01: ("i1", 0x7F), 0x02: ("u1", 0xFF), 0x83: ("i2", 0x7FFF), 0x84: ("u2", 0xFFFF),
    0x85: ("i4", 0x7FFFFFFF), 0x86: ("u4", 0xFFFFFFFF),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordRun:
    """Records that follow each other: field → a value each, None where there is none; a developer's by its name."""

    n: int
    native: dict[int, list[Any]]
    developer: dict[str, list[Any]]


@dataclass(slots=True)
class TakenOut:
    """A file in two. rest : for fitdecode. runs : the records, and before which data message of the rest they stand."""

    rest: bytes = b""
    runs: list[tuple[int, RecordRun]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A definition: of which message, how long, and of records where their fields stand."""

    message: int
    n_bytes: int
    dtype: np.dtype[Any] | None
    native: tuple[int, ...]
    developer: tuple[tuple[str, int], ...]  # name, and its value for "nothing"
    order: str
    fields: tuple[tuple[int, int, int], ...]


class _Unusual(Exception):  # noqa: N818 (no error: the other way is taken)
    """Something that this module leaves to fitdecode."""


def taken_out(data: bytes, developer_names: frozenset[str]) -> TakenOut | None:
    """Take the records out of a whole, clean file; None where it is anything else.

    developer_names : of the developer fields that are wanted.
    """
    try:
        return _Scan(data, developer_names).found()
    except (_Unusual, struct.error, UnicodeDecodeError):
        return None


class _Scan:
    def __init__(self, data: bytes, developer_names: frozenset[str]) -> None:
        self._data, self._wanted = data, developer_names
        self._shapes: dict[int, _Shape] = {}
        self._described: dict[tuple[int, int], tuple[str, int, bool]] = {}
        self._rest = bytearray()
        self._runs: list[tuple[int, RecordRun]] = []
        self._n_messages = 0

    def found(self) -> TakenOut:
        begin, end = self._frame()
        at = begin
        while at < end:
            head = self._data[at]
            if head & COMPRESSED:
                raise _Unusual
            at = self._definition(at, end) if head & DEFINITION else self._message(at, end)
        if at != end:
            raise _Unusual
        return TakenOut(_file(bytes(self._rest)), self._runs)

    def _frame(self) -> tuple[int, int]:
        """Where the messages begin and end; both checksums must be right."""
        data = self._data
        (n_body,) = struct.unpack_from("<I", data, 4)
        size = data[0]
        end: int = size + n_body
        if size not in {SHORTEST_HEADER, SHORTEST_HEADER + 2} or len(data) != end + 2:
            raise _Unusual
        if size > SHORTEST_HEADER:
            (told,) = struct.unpack_from("<H", data, SHORTEST_HEADER)
            if told and told != crc(data[:SHORTEST_HEADER]):
                raise _Unusual
        if struct.unpack_from("<H", data, end)[0] != crc(data[:end]):
            raise _Unusual
        return size, end

    def _definition(self, at: int, end: int) -> int:
        data, head = self._data, self._data[at]
        after: int
        order = ">" if data[at + 2] else "<"
        message, n_fields = struct.unpack_from(f"{order}HB", data, at + 3)
        after = at + 6 + 3 * n_fields
        fields = tuple(struct.iter_unpack("3B", data[at + 6 : after]))
        developer: tuple[tuple[int, ...], ...] = ()
        if head & DEVELOPER:
            first = after + 1
            after = first + 3 * data[after]
            developer = tuple(struct.iter_unpack("3B", data[first:after]))
        if after > end or not all(size for _, size, *_ in (*fields, *developer)):
            raise _Unusual
        n_bytes = sum(f[1] for f in (*fields, *developer))
        shape = _Shape(message, n_bytes, None, (), (), order, fields)
        if message == RECORD:
            shape = self._record_shape(shape, developer)
        self._shapes[head & LOCAL] = shape
        if message in KEPT:
            self._rest += data[at:after]
        return after

    def _record_shape(self, shape: _Shape, developer: tuple[tuple[int, ...], ...]) -> _Shape:
        names, formats, offsets, native = [], [], [], list[int]()
        of_developer: list[tuple[str, int]] = []
        offset = 0
        for number, size, base in shape.fields:
            if number in UNUSUAL or number in native:
                raise _Unusual
            if number in FIELDS:
                self._check_type(base, FIELDS[number][0], size)
                native.append(number)
                names.append(str(number))
                formats.append(f"{shape.order}{TYPES[base][0]}")
                offsets.append(offset)
            offset += size
        for number, size, index in developer:
            if (index, number) not in self._described:
                raise _Unusual
            name, base, is_scaled = self._described[index, number]
            if name in self._wanted:
                if is_scaled or name in (known for known, _ in of_developer):
                    raise _Unusual
                self._check_type(base, base, size)
                of_developer.append((name, TYPES[base][1]))
                names.append(name)
                formats.append(f"{shape.order}{TYPES[base][0]}")
                offsets.append(offset)
            offset += size
        if 253 not in native:
            raise _Unusual
        dtype = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": offset})
        return _Shape(
            shape.message, shape.n_bytes, dtype, tuple(native), tuple(of_developer), shape.order, shape.fields
        )

    def _check_type(self, base: int, must: int, size: int) -> None:
        if base != must or base not in TYPES or size != np.dtype(TYPES[base][0]).itemsize:
            raise _Unusual

    def _message(self, at: int, end: int) -> int:
        shape = self._shapes.get(self._data[at] & LOCAL)
        if shape is None:
            raise _Unusual
        stride = shape.n_bytes + 1
        if shape.dtype is not None:
            return self._records(at, end, shape, shape.dtype)
        if at + stride > end:
            raise _Unusual
        if shape.message == FIELD_DESCRIPTION:
            self._describe(at + 1, shape)
        if shape.message in KEPT:
            self._rest += self._data[at : at + stride]
            self._n_messages += 1
        return at + stride

    def _records(self, at: int, end: int, shape: _Shape, dtype: np.dtype[Any]) -> int:
        stride = shape.n_bytes + 1
        most = (end - at) // stride
        if not most:
            raise _Unusual
        heads = np.frombuffer(self._data, np.uint8, most * stride, at)[::stride]
        others = np.nonzero(heads != self._data[at])[0]
        n = int(others[0]) if len(others) else most
        body = np.frombuffer(self._data, np.uint8, n * stride, at).reshape(n, stride)[:, 1:]
        rows = np.ascontiguousarray(body).view(dtype)[:, 0]
        native = {number: _values(rows[str(number)], *FIELDS[number][1:]) for number in shape.native}
        if any(time is None or time < DATE_MIN for time in native[253]):
            raise _Unusual
        developer = {name: _values(rows[name], nothing, 1.0, 0.0) for name, nothing in shape.developer}
        self._runs.append((self._n_messages, RecordRun(n, native, developer)))
        return at + n * stride

    def _describe(self, at: int, shape: _Shape) -> None:
        """Note what a developer's field is called and how it is written."""
        said: dict[int, bytes] = {}
        for number, size, base in shape.fields:
            if number == NAME and base != UTF8:
                raise _Unusual
            said[number] = self._data[at : at + size]
            at += size
        if not {0, 1, 2, NAME} <= said.keys() or not all(len(said[n]) == 1 for n in (0, 1, 2)):
            raise _Unusual
        name = said[NAME].split(b"\0", 1)[0].decode("utf-8")
        is_scaled = any(set(said.get(number, b"\xff")) not in ({0xFF}, {0x7F}) for number in (6, 7))
        self._described[said[0][0], said[1][0]] = name, said[2][0], is_scaled


def _values(column: Any, nothing: int, per_unit: float, taken_off: float) -> list[Any]:
    """Return the values in the profile's units, None for nothing; whole numbers stay whole if nothing scales them."""
    is_known = column != nothing
    scaled = column if per_unit == 1.0 else column / per_unit - taken_off if taken_off else column / per_unit
    values: list[Any] = scaled.tolist()
    if is_known.all():
        return values
    return [value if known else None for value, known in zip(values, is_known.tolist(), strict=True)]


def _file(body: bytes) -> bytes:
    head = struct.pack("<BBHI4s", SHORTEST_HEADER, 0x20, 2132, len(body), b".FIT")
    return head + body + struct.pack("<H", crc(head + body))


def _crc_bytes() -> Iterator[int]:
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
        yield value


_CRC: Final = tuple(_crc_bytes())


def crc(data: bytes) -> int:
    """Checksum of FIT files."""
    value, table = 0, _CRC
    for byte in data:
        value = (value >> 8) ^ table[(value ^ byte) & 0xFF]
    return value
