"""JSON → typed fields: whatever is wrong ends as DecodeError."""

import json
import math
import re
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime
from itertools import chain
from types import NoneType
from typing import Any, Final

import numpy as np

from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray, TextArray
from sensor_hub.model.gait import UNKNOWN_TEXT
from sensor_hub.wire.topics import VERSION
from sensor_hub.wire.writing import Body

_ID: Final = re.compile(r"[a-z0-9-]{1,64}")
MOST_BYTES: Final = 8_000_000  # ours, of a message: a joined one of an edge has some tens of thousands
LONGEST_LABEL: Final = 500  # ours
_LONGEST_PROBLEM: Final = 500
_FLOATS: Final = frozenset((float, NoneType))
_NUMBERS: Final = _FLOATS | {int}  # a bool is none
_LISTS: Final = frozenset((list,))
# Of what no clock says by itself: days of a zone, and sums over a history, are beyond what a date can hold.
YEARS: Final = (1970, 2200)


def is_unicode(text: str) -> bool:
    """Return False for a lone surrogate: JSON can spell one, but no store or encoder takes it."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def are_among(values: Iterable[object], allowed: Set[object]) -> bool:
    """Whether every value is one of the allowed."""
    try:
        return allowed >= set(values)
    except TypeError:  # a list or an object among them
        return False


class Fields:
    """A JSON object that is asked for typed fields; the first wrong one raises DecodeError."""

    def __init__(self, body: Body, payload: bytes, wire_format: str) -> None:
        self.body, self.payload, self.wire_format = body, payload, wire_format

    def fail(self, problem: str) -> DecodeError:
        """Return the error to raise; what is quoted in it may be of any length."""
        told = problem if len(problem) <= _LONGEST_PROBLEM else f"{problem[:_LONGEST_PROBLEM]}…"
        return DecodeError(self.wire_format, told, self.payload)

    def text(self, name: str, default: str | None = None) -> str:
        """Text."""
        value = self.body.get(name, default)
        if not isinstance(value, str):
            raise self.fail(f"{name!r} is not text")
        if not is_unicode(value):
            raise self.fail(f"{name!r} holds half a character")
        return value

    def label(self, name: str, default: str | None = None) -> str:
        """Short text: what names a thing becomes part of a key, which no store takes at any length."""
        value = self.text(name, default)
        if len(value) > LONGEST_LABEL:
            raise self.fail(f"{name!r} has {len(value)} characters, more than {LONGEST_LABEL}")
        return value

    def choice(self, name: str, allowed: frozenset[str], default: str | None = None) -> Any:
        """One of the allowed words."""
        value = self.text(name, default)
        if value not in allowed:
            raise self.fail(f"{name!r} is {value!r}, not one of {sorted(allowed)}")
        return value

    def maybe_choice(self, name: str, allowed: frozenset[str]) -> Any:
        """One of the allowed words, or None."""
        return None if self.body.get(name) is None else self.choice(name, allowed)

    def ident(self, name: str) -> str:
        """An id, ``[a-z0-9-]``."""
        value = self.text(name)
        if not _ID.fullmatch(value):
            raise self.fail(f"{name!r} is not an id ([a-z0-9-])")
        return value

    def integer(self, name: str) -> int:
        """A whole number, 0 or more."""
        value = self.body.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
            raise self.fail(f"{name!r} is not a whole number")
        return value

    def maybe(self, name: str) -> float | None:
        """A finite number, or None."""
        value = self.body.get(name)
        if value is None:
            return None
        return self._finite(value, name)

    def maybes(self, names: Sequence[str]) -> dict[str, float | None]:
        """Finite numbers, or None, by name: as ``maybe`` of each, and faster."""
        values = list(map(self.body.get, names))
        # a sum is finite only of finite ones
        if _FLOATS.issuperset(map(type, values)) and math.isfinite(sum(filter(None, values))):
            return dict(zip(names, values, strict=True))
        return {name: self.maybe(name) for name in names}

    def _finite(self, value: object, name: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(f"{name!r} is not a number")
        try:
            number = float(value)
        except OverflowError:
            raise self.fail(f"{name!r} is too large") from None
        if not math.isfinite(number):
            raise self.fail(f"{name!r} is not finite")
        return number

    def moment(self, name: str) -> datetime:
        """An aware UTC time."""
        try:
            moment = datetime.fromisoformat(self.text(name))
            if moment.tzinfo is None:
                raise self.fail(f"{name!r} has no time zone")
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.fail(f"{name!r} is not an ISO 8601 time") from None
        if not YEARS[0] <= moment.year < YEARS[1]:
            raise self.fail(f"{name!r} is a time of the year {moment.year}; is the sender's clock set?")
        return moment

    def list_of(self, name: str, length: int | None = None) -> list[Any]:
        """A list, of this length if given."""
        value = self.body.get(name)
        if not isinstance(value, list):
            raise self.fail(f"{name!r} is not a list")
        if length is not None and len(value) != length:
            raise self.fail(f"{name!r} has {len(value)} entries, not {length}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.list_of(name)
        if not all(isinstance(v, str) and is_unicode(v) for v in values):
            raise self.fail(f"{name!r} has an entry that is not text")
        return tuple(values)

    def column(self, name: str, length: int) -> FloatArray:
        """(n,) numbers, NaN where null or absent."""
        if name not in self.body:
            return np.full(length, np.nan)
        values = self.list_of(name, length)
        return np.array([np.nan if v is None else self._finite(v, name) for v in values], dtype=float)

    def columns(self, names: Sequence[str], length: int) -> FloatArray:
        """(m, n) numbers of each name, NaN where null or absent: as ``column`` of each, and faster."""
        absent = [None] * length
        values = [self.body.get(name, absent) for name in names]
        if _LISTS.issuperset(map(type, values)) and {length}.issuperset(map(len, values)):
            flat = list(chain.from_iterable(values))
            try:
                if _NUMBERS.issuperset(map(type, flat)):
                    table = np.array(flat, dtype=float)
                    if np.count_nonzero(np.isfinite(table)) == table.size - flat.count(None):  # JSON can spell NaN
                        return table.reshape(len(names), length)
            except OverflowError:
                pass  # told below, by its name
        return np.stack([self.column(name, length) for name in names])

    def word_column(self, name: str, length: int, allowed: frozenset[str], dtype: str) -> TextArray:
        """(n,) words, ``UNKNOWN_TEXT`` where null or absent."""
        values = self.list_of(name, length) if name in self.body else [None] * length
        if not are_among(values, allowed | {None}):
            raise self.fail(f"{name!r} has an entry that is not one of {sorted(allowed)}")
        return np.array([UNKNOWN_TEXT if v is None else v for v in values], dtype=dtype)

    def inner(self, name: str) -> "Fields":
        """An object inside this one."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise self.fail(f"{name!r} is not an object")
        return Fields(value, self.payload, f"{self.wire_format}.{name}")


def parse(payload: bytes, wire_format: str) -> Fields:
    """Return the fields of a message of our version; DecodeError otherwise."""
    if len(payload) > MOST_BYTES:
        raise DecodeError(wire_format, f"it has {len(payload)} bytes, more than {MOST_BYTES}", payload)
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        raise DecodeError(wire_format, "not JSON", payload) from None
    if not isinstance(body, dict):
        raise DecodeError(wire_format, "not a JSON object", payload)
    fields = Fields(body, payload, wire_format)
    if body.get("v") != VERSION or isinstance(body["v"], bool):
        raise fields.fail(f"unknown version {body.get('v')!r}")
    return fields
