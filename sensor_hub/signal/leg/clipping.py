"""Samples at a sensor's range, where the range is known only from what came.

A contact's largest value is at the range when it equals a common full scale and none of an earlier contact was larger.
That looks back only, and at samples near events only: it does not depend on how the stream was cut.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

ACCELEROMETER_RANGES_MPS2: Final = STANDARD_GRAVITY_MPS2 * np.array([8.0, 16.0, 32.0, 64.0, 100.0, 200.0])
GYROSCOPE_RANGES_RADPS: Final = DEGREE_RAD * np.array([125.0, 245.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0])
TOLERANCE: Final = 2e-3  # a real logger of 16 g stops at 15.98 g one way and at 15.998 g the other
NEAR: Final = np.arange(-2, 3)[:, None]  # samples before and after an event that it rests on


class RangeWatch:
    """Finds the contacts of which one sensor's samples were at its range."""

    def __init__(self, full_scales: FloatArray) -> None:
        self._full_scales = full_scales[:, None]
        self._largest = 0.0

    def receive(self, largest: FloatArray) -> BoolArray:
        """Take the (n,) largest values of further contacts; return which were at the range."""
        before = np.maximum.accumulate(np.concatenate([(self._largest,), largest]))
        self._largest = float(before[-1])
        found: BoolArray = largest >= before[:-1] * (1 - TOLERANCE)
        if found.any():
            near = np.abs(largest - self._full_scales) <= TOLERANCE * self._full_scales
            found &= near.any(axis=0)
        return found


def largest_near(values: FloatArray, samples: IntArray) -> FloatArray:
    """(m,) the largest of (n, 3) values, whatever its axis and sign, near each sample; 0 where it is negative: none."""
    near = values.take(samples + NEAR, axis=0, mode="clip")
    x, y, z = np.abs(near, out=near).max(axis=0).T
    found: FloatArray = np.maximum(np.maximum(x, y), z)
    found[samples < 0] = 0.0
    return found
