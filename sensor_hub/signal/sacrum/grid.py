"""Samples at any rate → impulse on a grid of device time.

The integral of acceleration over time is kept at lines every 10 ms of device time, so what is computed from it knows
neither the sampling rate nor its jitter, means over any interval are differences of two values, and a line is the same
number however the stream was cut: the sum runs sample by sample.
"""

from typing import Final, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray

LINES_PER_S: Final = 100
CHUNK: Final = 32_768  # samples; what is computed in between stays in the processor's cache

Lines: TypeAlias = tuple[IntArray, FloatArray, IntArray]
_NOTHING: Final = np.empty(0, dtype=np.int64), np.empty((3, 0)), np.empty(0, dtype=np.int64)


class ImpulseGrid:
    """Integrates acceleration from the first sample of a stretch on; time only grows."""

    def __init__(self) -> None:
        self._last: tuple[float, FloatArray] | None = None  # newest time and sample
        self._sums = np.zeros(3)
        self._n = 0

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray) -> Lines:
        """Take samples, (n,), (n, 3); return the lines passed.

        Returns
        -------
        line : (m,) their numbers; line k lies at k / ``LINES_PER_S`` s of device time.
        impulse : (3, m) m/s, integral of each axis from the first sample to the line.
        n_samples : (m,) samples before each line.
        """
        if self._last is None:
            if not len(t_s):
                return _NOTHING
            self._last = float(t_s[0]), acceleration_mps2[0].copy()
            t_s, acceleration_mps2 = t_s[1:], acceleration_mps2[1:]
        if not len(t_s):
            return _NOTHING
        last_s, last_mps2 = self._last
        n = len(t_s)
        t = np.empty(n + 1)
        t[0], t[1:] = last_s, t_s
        interval_s = t_s - t[:-1]
        half_s = 0.5 * interval_s
        passed = np.floor(t * LINES_PER_S).astype(np.int64)
        before = np.nonzero(passed[1:] != passed[:-1])[0]
        line = np.arange(passed[0] + 1, passed[-1] + 1)
        if len(line) > len(before):
            before = np.repeat(before, passed[before + 1] - passed[before])
        after = before + 1
        share = line / LINES_PER_S
        share -= t[before]
        share /= interval_s[before]
        impulse = np.empty((3, len(line)))
        total, felt = np.empty(n + 1), np.empty(n + 1)
        for axis in range(3):
            felt[0], felt[1:] = last_mps2[axis], acceleration_mps2[:, axis]
            np.add(felt[1:], felt[:-1], out=total[1:])
            total[1:] *= half_s
            total[0] = self._sums[axis]
            np.add.accumulate(total, out=total)
            low, gained = total[before], total[after]
            gained -= low
            gained *= share
            np.add(low, gained, out=impulse[axis])
            self._sums[axis] = total[-1]
        n_samples = after + self._n
        self._n += n
        self._last = float(t[-1]), acceleration_mps2[-1].copy()
        return line, impulse, n_samples
