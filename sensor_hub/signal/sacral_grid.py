"""Samples at any rate → impulse on a grid of device time.

The integral of acceleration over time is kept at lines every 10 ms of device time, so what is computed from it knows
neither the sampling rate nor its jitter, means over any interval are differences of two values, and a line is the same
number however the stream was cut: the sum runs sample by sample.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray

LINES_PER_S: Final = 100
CHUNK: Final = 16_384  # samples; what is computed in between stays in the processor's cache


class ImpulseGrid:
    """Integrates acceleration from the first sample of a stretch on; time only grows."""

    def __init__(self) -> None:
        self._t_s = np.empty(0)
        self._acceleration = np.empty((0, 3))
        self._sums = (0.0, 0.0, 0.0)
        self._n = 0

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray) -> tuple[IntArray, FloatArray, IntArray]:
        """Take samples, (n,), (n, 3); return the lines passed.

        Returns
        -------
        line : (m,) their numbers; line k lies at k / ``LINES_PER_S`` s of device time.
        impulse : (3, m) m/s, integral of each axis from the first sample to the line.
        n_samples : (m,) samples before each line.
        """
        t = np.concatenate([self._t_s, t_s])
        acceleration = np.concatenate([self._acceleration, acceleration_mps2])
        if len(t) < 2:
            self._t_s, self._acceleration = t, acceleration
            return np.empty(0, dtype=np.int64), np.empty((3, 0)), np.empty(0, dtype=np.int64)
        self._t_s, self._acceleration = t[-1:].copy(), acceleration[-1:].copy()
        interval_s = t[1:] - t[:-1]
        half_s = 0.5 * interval_s
        passed = np.floor(t * LINES_PER_S).astype(np.int64)
        before = np.nonzero(passed[1:] != passed[:-1])[0]
        n_lines = passed[before + 1] - passed[before]
        line = passed[before] + 1
        if len(n_lines) and int(n_lines.max()) > 1:
            first = np.cumsum(n_lines) - n_lines
            line = np.repeat(line - first, n_lines) + np.arange(int(n_lines.sum()))
            before = np.repeat(before, n_lines)
        after = before + 1
        share = line / LINES_PER_S
        share -= t[before]
        share /= interval_s[before]
        impulse = np.empty((3, len(line)))
        sums = []
        total = np.empty(len(t))
        for axis, start in enumerate(self._sums):
            a = np.ascontiguousarray(acceleration[:, axis])
            np.add(a[1:], a[:-1], out=total[1:])
            total[1:] *= half_s
            total[0] = start
            np.add.accumulate(total, out=total)
            low = total[before]
            rise = total[after]
            rise -= low
            rise *= share
            np.add(low, rise, out=impulse[axis])
            sums.append(float(total[-1]))
        self._sums = (sums[0], sums[1], sums[2])
        n_samples = before + (self._n + 1)
        self._n += len(t) - 1
        return line, impulse, n_samples
