"""Samples at a sensor's range, where the range is known only from what came.

A value is at the range when it equals a common full scale and no earlier value was larger. That looks back only, so it
does not depend on how the stream was cut.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

ACCELEROMETER_RANGES_MPS2: Final = STANDARD_GRAVITY_MPS2 * np.array([8.0, 16.0, 32.0, 64.0, 100.0, 200.0])
GYROSCOPE_RANGES_RADPS: Final = DEGREE_RAD * np.array([500.0, 1000.0, 2000.0, 4000.0])
TOLERANCE: Final = 2e-3  # a real logger of 16 g stops at 15.98 g one way and at 15.998 g the other


class RangeWatch:
    """Finds the samples of one sensor that are at its range."""

    def __init__(self, full_scales: FloatArray) -> None:
        self._full_scales = full_scales
        self._largest = float(full_scales[0])  # of what may be at a range

    def receive(self, values: FloatArray) -> IntArray:
        """Take (n, 3) values; return the samples with an axis at the range, in order."""
        largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
        enough = self._largest * (1 - TOLERANCE)
        reached = (self._full_scales * (1 - TOLERANCE) <= largest) & (self._full_scales * (1 + TOLERANCE) >= enough)
        if not reached.any():
            self._largest = max(self._largest, largest)
            return np.empty(0, dtype=np.int64)
        size = np.abs(values).reshape(-1)
        high = np.flatnonzero(size >= enough)
        size = size[high]
        before = np.maximum.accumulate(np.concatenate([[self._largest], size]))[:-1]
        self._largest = max(self._largest, largest)
        nearest = self._full_scales[:, None]
        at_range = (np.abs(size - nearest) <= TOLERANCE * nearest).any(axis=0) & (size >= before * (1 - TOLERANCE))
        return np.unique(high[at_range] // 3)


class ClippedTimes:
    """When samples were at the range; forgets what is older than asked for."""

    def __init__(self) -> None:
        self._acceleration = RangeWatch(ACCELEROMETER_RANGES_MPS2)
        self._rotation = RangeWatch(GYROSCOPE_RANGES_RADPS)
        self._t_s = np.empty(0)

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> None:
        """Take (n,), (n, 3), (n, 3) samples."""
        at_range = self._acceleration.receive(acceleration_mps2), self._rotation.receive(rotation_radps)
        if len(at_range[0]) or len(at_range[1]):
            self._t_s = np.concatenate([self._t_s, t_s[np.union1d(*at_range)]])

    def between(self, begin_s: FloatArray, end_s: FloatArray) -> BoolArray:
        """(n,) True where one lies in ``[begin, end]``; NaN has none."""
        if not len(self._t_s):
            return np.zeros(len(begin_s), dtype=bool)
        found: BoolArray = np.searchsorted(self._t_s, end_s, side="right") > np.searchsorted(self._t_s, begin_s)
        return found & ~np.isnan(end_s)

    def drop_before(self, t_s: float) -> None:
        """Forget what is older."""
        if len(self._t_s) and self._t_s[0] < t_s:
            self._t_s = self._t_s[np.searchsorted(self._t_s, t_s) :]

    def clear(self) -> None:
        """Forget all times; the range stays known."""
        self._t_s = np.empty(0)
