"""The newest samples of one leg as columns, with what the search needs of them."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.alignment import SwingAxis
from sensor_hub.signal.leg import Columns

CACHED: Final = 8_192  # samples turned into columns at a time: they stay in the cache


class LegSamples:
    """The columns of the newest samples; grows at the end, is cut at the beginning."""

    def __init__(self) -> None:
        self._rows = np.empty((3, 512))  # time, angular velocity about the axis, squared jolt
        self._acceleration: FloatArray | None = None  # of the newest sample
        self._step: FloatArray | float = 0.0  # from the one before to it
        self._begin = self._end = 0

    def __len__(self) -> int:
        return self._end - self._begin

    def columns(self) -> Columns:
        """Return what is held; good until the next change."""
        t_s, about_radps, jolt_squared = self._rows[:, self._begin : self._end]
        return Columns(t_s, about_radps, jolt_squared)

    def append(
        self, t_s: FloatArray, rotation_radps: FloatArray, acceleration_mps2: FloatArray, axis: SwingAxis
    ) -> FloatArray:
        """Add (n,), (n, 3), (n, 3) samples, n > 0; return (n,) rad/s about the axis, good until the next change."""
        n = len(t_s)
        if self._end + n > self._rows.shape[1]:
            self._make_room(n)
        place = self._rows[:, self._end : self._end + n]
        place[0] = t_s
        for a in range(0, n, CACHED):
            part = slice(a, min(a + CACHED, n))
            axis.about(rotation_radps[part], out=place[1, part])
            self._jolts(acceleration_mps2[part], place[2, part])
        self._end += n
        about_radps: FloatArray = place[1]
        return about_radps

    def _jolts(self, acceleration_mps2: FloatArray, out: FloatArray) -> None:
        if self._acceleration is None:
            self._acceleration = acceleration_mps2[0]
        step = np.empty((len(out) + 1, 3))
        step[0] = self._step
        step[1] = acceleration_mps2[0] - self._acceleration
        np.subtract(acceleration_mps2[1:], acceleration_mps2[:-1], out=step[2:])
        self._acceleration, self._step = acceleration_mps2[-1].copy(), step[-1].copy()
        jolt = step[1:] - step[:-1]
        jolt *= jolt
        np.add(jolt[:, 0], jolt[:, 1], out=out)
        out += jolt[:, 2]

    def _make_room(self, n: int) -> None:
        held = self._rows[:, self._begin : self._end]
        rows = self._rows
        if 2 * (len(self) + n) > rows.shape[1]:
            rows = np.empty((3, 2 * (len(self) + n)))
        rows[:, : len(self)] = held
        self._rows, self._begin, self._end = rows, 0, len(self)

    def drop_last(self, n: int) -> None:
        """Let go of the newest n samples; no more may follow."""
        self._end -= n

    def keep_from(self, first: int) -> None:
        """Let go of the samples before one."""
        self._begin += first

    def clear(self) -> None:
        """Let go of all."""
        self._begin = self._end = 0
        self._acceleration, self._step = None, 0.0
