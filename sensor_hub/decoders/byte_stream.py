"""Cuts frames out of bytes that run on over the borders of notifications."""

from collections.abc import Sequence

import numpy as np

from sensor_hub.decoders.layout_columns import fitting_rows
from sensor_hub.decoders.layout_frame import matches
from sensor_hub.model.arrays import IntArray
from sensor_hub.model.profile import Layout


class ByteStream:
    """Cuts frames of one length with constant first bytes; keeps the beginning of one until the rest has come."""

    def __init__(self, layout: Layout) -> None:
        if layout.frame_bytes is None or not layout.match or layout.match[0][0] != 0:
            raise ValueError(f"layout {layout.name}: resync needs frame_bytes and a match at byte 0")
        self._layout = layout
        self._size = layout.frame_bytes
        self._head = layout.match[0][1]
        self._tail = b""

    def frames(self, payloads: Sequence[bytes]) -> tuple[list[bytes], IntArray, dict[int, str]]:
        """Return whole frames, the notification each ended in, and the notifications in which bytes were skipped."""
        if not self._tail and self._are_frames(payloads):
            return list(payloads), np.arange(len(payloads)), {}
        found: list[bytes] = []
        owner: list[int] = []
        failures: dict[int, str] = {}
        for i, payload in enumerate(payloads):
            held = self._tail + payload if self._tail else payload
            at = 0
            while True:
                begin = self._begin(held, at)
                if begin > at and not self._layout.ignore_unmatched:
                    failures[i] = "bytes between two frames"
                at = begin
                if len(held) - at < self._size:
                    break
                frame = held[at : at + self._size]
                found.append(frame)
                owner.append(i)
                at += self._size
            self._tail = held[at:]
        return found, np.array(owner, np.int64), failures

    def _are_frames(self, payloads: Sequence[bytes]) -> bool:
        """Whether every notification is one frame, as a sensor in good order sends them."""
        if set(map(len, payloads)) != {self._size}:
            return False
        octets = np.frombuffer(b"".join(payloads), np.uint8).reshape(len(payloads), self._size)
        return bool(fitting_rows(self._layout, octets).all())

    def _begin(self, held: bytes, at: int) -> int:
        """Return where the next frame begins, or may begin once more bytes have come."""
        while True:
            begin = held.find(self._head, at)
            if begin < 0:
                longest = min(len(self._head) - 1, len(held) - at)
                return next(
                    (len(held) - k for k in range(longest, 0, -1) if self._head.startswith(held[-k:])), len(held)
                )
            if len(held) - begin < self._size or matches(self._layout, held[begin : begin + self._size]):
                return begin
            at = begin + 1
