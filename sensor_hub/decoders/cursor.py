"""A reader of little-endian fields that cannot run off the end and refuses leftovers."""

import struct
from functools import lru_cache
from typing import Any

from sensor_hub.errors import DecodeError


@lru_cache(maxsize=64)
def _layout(fmt: str) -> struct.Struct:
    return struct.Struct(fmt if fmt[0] in "<>" else "<" + fmt)


class Cursor:
    """Takes fields from a payload one after another; every fault is a DecodeError that carries the payload."""

    def __init__(self, payload: bytes, wire_format: str) -> None:
        self._payload, self._wire_format, self._at = payload, wire_format, 0

    def take(self, fmt: str) -> Any:
        """Return the next field (a ``struct`` code, little-endian)."""
        layout = _layout(fmt)
        if self._at + layout.size > len(self._payload):
            problem = f"ends at byte {len(self._payload)}, {layout.size} more needed at byte {self._at}"
            raise DecodeError(self._wire_format, problem, self._payload)
        (value,) = layout.unpack_from(self._payload, self._at)
        self._at += layout.size
        return value

    @property
    def left(self) -> int:
        """How many bytes have not been taken."""
        return len(self._payload) - self._at

    def finish(self) -> None:
        """Raise unless every byte was taken."""
        if self.left:
            raise DecodeError(self._wire_format, f"{self.left} bytes left over", self._payload)
