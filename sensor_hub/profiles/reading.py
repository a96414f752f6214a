"""One table of a profile's TOML, asked for typed values; whatever is wrong names the file and the key."""

import math
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from sensor_hub.errors import ProfileError

_UUID: Final = re.compile(r"[0-9a-f]{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX: Final = re.compile(r"([0-9a-fA-F]{2})( ?[0-9a-fA-F]{2})*")
_FRACTION: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?/[1-9][0-9]{0,12}")
_TOML_NAMES: Final = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}
_REQUIRED: Final[Any] = object()
T = TypeVar("T")


class Table:
    """A TOML table that knows its own name and its keys.

    Parameters
    ----------
    body : Mapping
        What TOML gave.
    source, path : str
        The file, and the table in it, for errors.
    known : set of str
        Keys it may have; ProfileError for any other.
    """

    def __init__(self, body: object, source: str, path: str, known: set[str]) -> None:
        self.source, self.path = source, path
        if not isinstance(body, dict):
            raise ProfileError(f"{source}: {path} must be a table, not {body!r}")
        self.body: Mapping[str, Any] = body
        for key in body:
            if key not in known:
                raise ProfileError(f"{source}: unknown key {self.name(key)}; known: {', '.join(sorted(known))}")

    def name(self, key: str) -> str:
        """Return the full name of a key."""
        return f"{self.path}.{key}"

    def wrong(self, key: str, problem: str) -> ProfileError:
        """Return the error that a key is not right."""
        return ProfileError(f"{self.source}: {self.name(key)} {problem}")

    def has(self, key: str) -> bool:
        """Tell whether the file has the key."""
        return key in self.body

    def get(self, key: str, kind: type[T], default: T = _REQUIRED) -> T:
        """Return a value of a kind; without a default it must be there."""
        if key not in self.body:
            if default is _REQUIRED:
                raise self.wrong(key, f"is missing; it must be {_TOML_NAMES[kind]}")
            return default
        value = self.body[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            if abs(value) > 2**64:
                raise self.wrong(key, f"is {value!r}; that is too large")
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f"must be {_TOML_NAMES[kind]}, not {value!r}")
        return value

    def whole(self, key: str, low: int, high: int) -> int | None:
        """Return a whole number within bounds; None if it is not there."""
        if not self.has(key):
            return None
        value = self.get(key, int)
        if not low <= value <= high:
            raise self.wrong(key, f"is {value}; allowed: {low} to {high}")
        return value

    def above_zero(self, key: str, default: float) -> float:
        """Return a number above zero."""
        value = self.get(key, float, default)
        if not 0 < value < math.inf:
            raise self.wrong(key, f"is {value!r}; it must be above zero")
        return value

    def number(self, key: str) -> float | None:
        """Return a finite number; None if it is not there."""
        if not self.has(key):
            return None
        value = self.get(key, float)
        if not math.isfinite(value):
            raise self.wrong(key, f"is {value!r}; it must be a finite number")
        return value

    def ratio(self, key: str, default: float) -> float:
        """Return a finite number other than zero, which may be written as a fraction such as "16/32768"."""
        value = self.body.get(key, default)
        if isinstance(value, str):
            if not _FRACTION.fullmatch(value):
                raise self.wrong(key, f'is {value!r}; it must be a number or a fraction such as "1/256"')
            above, below = value.split("/")
            value = float(above) / int(below)
        else:
            value = self.get(key, float, default)
        if not math.isfinite(value) or value == 0:
            raise self.wrong(key, f"is {value!r}; it must be a finite number other than zero")
        return float(value)

    def words(self, key: str, default: str = _REQUIRED) -> str:
        """Return a text that says something."""
        value = self.get(key, str, default)
        if self.has(key) and not value.strip():
            raise self.wrong(key, "is empty")
        return value

    def choice(self, key: str, allowed: tuple[Any, ...], default: str = _REQUIRED) -> Any:
        """Return one of a few words."""
        value = self.get(key, str, default)
        if value not in allowed:
            raise self.wrong(key, f"is {value!r}; allowed: {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts that are not empty; none if it is not there."""
        values: list[Any] = self.get(key, list, [])
        if not all(isinstance(v, str) and v.strip() for v in values):
            raise self.wrong(key, f"must be a list of texts, not {values!r}")
        return tuple(values)

    def wholes(self, key: str, high: int) -> tuple[int, ...]:
        """Return a list of whole numbers from 0 on; none if it is not there."""
        values: list[Any] = self.get(key, list, [])
        if not all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= high for v in values):
            raise self.wrong(key, f"must be a list of whole numbers from 0 to {high}, not {values!r}")
        return tuple(values)

    def uuid(self, key: str) -> str:
        """Return a UUID in lower case."""
        return self.as_uuid(key, self.get(key, str))

    def uuids(self, key: str) -> tuple[str, ...]:
        """Return a list of different UUIDs."""
        found = tuple(self.as_uuid(key, v) for v in self.texts(key))
        if len(set(found)) < len(found):
            raise self.wrong(key, "names a UUID twice")
        return found

    def as_uuid(self, key: str, text: str) -> str:
        """Return a text as a UUID."""
        if not _UUID.fullmatch(text.lower()):
            raise self.wrong(key, f"is {text!r}; that is not a UUID (4 hex digits, or 36 characters)")
        return text.lower()

    def octets(self, key: str) -> bytes:
        """Return bytes written as hex; none if they are not there."""
        value = self.get(key, str, "")
        if self.has(key) and not _HEX.fullmatch(value):
            raise self.wrong(key, f'is {value!r}; it must be bytes in hex such as "02 1c"')
        return bytes.fromhex(value)

    def tables(self, key: str, known: set[str]) -> list["Table"]:
        """Return a list of tables; none if it is not there."""
        values: list[Any] = self.get(key, list, [])
        return [Table(v, self.source, f"{self.name(key)}[{i}]", known) for i, v in enumerate(values)]
