"""Device counters that wrap, made continuous."""

import numpy as np

from sensor_hub.model.arrays import FloatArray


class WrappedClock:
    """Unwraps a counter with a known period, block after block.

    A fall of more than half the period is a wrap; a smaller fall is the device running backwards and is left as it is,
    so that gap detection can see it.
    """

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._last_s: float | None = None
        self._turns = 0

    def unwrap(self, counter_s: FloatArray) -> FloatArray:
        """Return (n,) continuous seconds for (n,) seconds as the device counts them."""
        if not len(counter_s):
            return counter_s
        previous = counter_s[0] if self._last_s is None else self._last_s
        falls = np.diff(counter_s, prepend=previous) < -self._period_s / 2
        rises = np.diff(counter_s, prepend=previous) > self._period_s / 2
        turns = self._turns + np.cumsum(falls.astype(np.int64) - rises.astype(np.int64))
        self._last_s, self._turns = float(counter_s[-1]), int(turns[-1])
        unwrapped: FloatArray = counter_s + turns * self._period_s
        return unwrapped
