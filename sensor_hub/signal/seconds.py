"""What each second of a stream says of its sensor: too few samples for a contact, or the same values only.

A second is a whole one of the device's clock, so nothing depends on how samples come. It is judged when it has ended,
and what it says holds for the next: the first two seconds of a slow sensor are taken for good.

Validity: a sensor that holds its values while nothing moves, bit by bit and on all axes for a second, cannot be told
from one that hangs. Both are unknown.
"""

import math
from copy import copy
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray


class SecondWatch:
    """Watches one stream; samples are given in order, and a break is told."""

    def __init__(self, lowest_rate_hz: float) -> None:
        self._fewest: Final = lowest_rate_hz
        self._is_slow = False  # the newest whole second had too few samples
        self._held: FloatArray | None = None  # (6,) what did not change in the newest whole second, until it does
        self._ends_s = -math.inf  # where the open second ends
        self._is_whole = False  # it was heard from its beginning
        self._n = 0
        self._value: FloatArray | None = None  # (6,) its first values, as long as no others came

    def copy(self) -> "SecondWatch":
        """Return one in the same state."""
        return copy(self)  # arrays in it are replaced, never changed

    def begin(self) -> None:
        """Take note of a break: the seconds it touches say nothing."""
        self._ends_s = -math.inf

    def stays_calm(self, t_s: FloatArray, last_s: float) -> bool:
        """Whether these samples, less than a second of them, are usable without a look at each; changes nothing."""
        if self._is_slow or self._held is not None:
            return False
        if last_s < self._ends_s:
            return True
        if not last_s < self._ends_s + 1.0 or self._value is not None:
            return False
        return not self._is_whole or self._n + int(t_s.searchsorted(self._ends_s)) >= self._fewest

    def note(self, t_s: FloatArray, last_s: float, acceleration: FloatArray, rotation: FloatArray) -> None:
        """Take (n,), (n, 3), (n, 3) samples that ``stays_calm`` said are usable."""
        if last_s < self._ends_s:
            self._add(acceleration, rotation)
        else:
            self.unusable(t_s, acceleration, rotation)

    def unusable(
        self, t_s: FloatArray, acceleration: FloatArray, rotation: FloatArray
    ) -> tuple[BoolArray, BoolArray] | None:
        """Take (n,), (n, 3), (n, 3) samples, n > 0; return where they are too few, and where they only repeat.

        None where all are usable.
        """
        first_s, last_s = float(t_s[0]), float(t_s[-1])
        ends_s = math.floor(first_s) + 1.0 if self._ends_s == -math.inf else self._ends_s
        edges_s = np.arange(max(0, math.floor(last_s - ends_s) + 1), dtype=np.float64) + ends_s
        ends = t_s.searchsorted(edges_s)
        if self._are_calm(ends, acceleration):
            self._pass(ends, edges_s, acceleration, rotation)
            return None
        slow, stale = np.zeros(len(t_s), dtype=bool), np.zeros(len(t_s), dtype=bool)
        begin = 0
        for edge_s, end in zip([*edges_s.tolist(), math.inf], [*ends.tolist(), len(t_s)], strict=True):
            part = slice(begin, end)
            if self._ends_s == -math.inf:
                self._open(ends_s, is_whole=first_s == ends_s - 1.0)
            slow[part] = self._is_slow
            stale[part] = self._repeats(acceleration[part], rotation[part])
            self._add(acceleration[part], rotation[part])
            if edge_s < math.inf:
                self._close()
                self._open(edge_s + 1.0, is_whole=True)
            begin = end
        return slow, stale

    def _are_calm(self, ends: IntArray, acceleration: FloatArray) -> bool:
        """Whether all seconds that end have enough samples, and their first and last differ on the first axis."""
        if self._is_slow or self._held is not None or self._ends_s == -math.inf:
            return False
        if not len(ends):
            return True
        counts = ends.copy()
        counts[1:] -= ends[:-1]
        counts[0] += self._n
        if not self._is_whole:
            counts[0] = math.ceil(self._fewest)
        if counts.min() < self._fewest or self._value is not None:
            return False
        along = acceleration[:, 0]
        return bool((along[ends[:-1]] != along[ends[1:] - 1]).all())

    def _pass(self, ends: IntArray, edges_s: FloatArray, acceleration: FloatArray, rotation: FloatArray) -> None:
        if len(ends):
            begin = int(ends[-1])
            self._open(float(edges_s[-1]) + 1.0, is_whole=True)
            acceleration, rotation = acceleration[begin:], rotation[begin:]
        self._add(acceleration, rotation)

    def _open(self, ends_s: float, *, is_whole: bool) -> None:
        self._ends_s, self._is_whole, self._n, self._value = ends_s, is_whole, 0, None

    def _close(self) -> None:
        """Judge the second that has ended."""
        if self._is_whole:
            self._is_slow = self._n < self._fewest
            if self._value is not None and not self._is_slow:
                self._held = self._value

    def _add(self, acceleration: FloatArray, rotation: FloatArray) -> None:
        n = len(acceleration)
        if not n:
            return
        if self._n == 0:
            self._value = _first(acceleration, rotation)
        self._n += n
        value = self._value
        if value is not None and not (acceleration[-1, 0] == value[0] and _same(value, acceleration, rotation).all()):
            self._value = None

    def _repeats(self, acceleration: FloatArray, rotation: FloatArray) -> BoolArray:
        """(n,) True for the samples that are those held, up to the first that is not."""
        if self._held is None:
            return np.zeros(len(acceleration), dtype=bool)
        same = np.logical_and.accumulate(_same(self._held, acceleration, rotation))
        if len(same) and not same[-1]:
            self._held = None
        return same


def _first(acceleration: FloatArray, rotation: FloatArray) -> FloatArray:
    return np.concatenate([acceleration[0], rotation[0]])


def _same(value: FloatArray, acceleration: FloatArray, rotation: FloatArray) -> BoolArray:
    """(n,) True where all six values are these; an axis that is not measured (NaN) says nothing."""
    same: BoolArray = np.ones(len(acceleration), dtype=bool)
    for axis, column in enumerate([*acceleration.T, *rotation.T]):
        same &= (column == value[axis]) | (np.isnan(column) & np.isnan(value[axis]))
    return same
