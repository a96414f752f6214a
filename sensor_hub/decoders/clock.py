"""Device counters that wrap, made continuous."""

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import US_PER_S


class WrappedClock:
    """Unwraps a counter with a known period, block after block.

    A fall of more than half the period is a wrap; a smaller fall is the device running backwards and is left as it is,
    so that gap detection can see it. Where nothing arrived for longer than half the period, the number of wraps is the
    one that comes closest to the time that passed.
    """

    def __init__(self, period_s: float) -> None:
        self.period_s = period_s
        self._last_s: float | None = None
        self._last_arrival_us: float | None = None
        self._turns = 0

    def unwrap(self, counter_s: FloatArray, arrival_us: FloatArray | None = None) -> FloatArray:
        """Return (n,) continuous seconds for (n,) seconds as the device counts them; they may have arrived (n,) µs."""
        if not len(counter_s):
            return counter_s
        half_s = self.period_s / 2
        if _within(counter_s, self._last_s, half_s) and (
            arrival_us is None or _within(arrival_us, self._last_arrival_us, half_s * US_PER_S)
        ):  # no two of them are that far apart, so nothing wrapped
            self._last_s = float(counter_s[-1])
            self._last_arrival_us = self._last_arrival_us if arrival_us is None else float(arrival_us[-1])
            return counter_s + self._turns * self.period_s if self._turns else counter_s
        step_s = _steps(counter_s, self._last_s)
        turns = (step_s < -half_s).astype(np.int64) - (step_s > half_s)
        if arrival_us is not None:
            passed_s = _steps(arrival_us, self._last_arrival_us) / US_PER_S
            long = passed_s > half_s
            if long.any():
                turns[long] = np.round((passed_s[long] - step_s[long]) / self.period_s)
            self._last_arrival_us = float(arrival_us[-1])
        self._last_s = float(counter_s[-1])
        if not self._turns and not turns.any():
            return counter_s
        turns = self._turns + np.cumsum(turns)
        self._turns = int(turns[-1])
        unwrapped: FloatArray = counter_s + turns * self.period_s
        return unwrapped

    def unwrap_rising(
        self, first_s: float, last_s: float, earliest_us: float, latest_us: float, last_us: float
    ) -> float | None:
        """Return what ``unwrap`` adds to samples that rise from the first to the last.

        earliest_us, latest_us, last_us : of their arrivals. None, with nothing done, where it may have wrapped.
        """
        half_s, before_s, before_us = self.period_s / 2, self._last_s, self._last_arrival_us
        if not last_s - (first_s if before_s is None else min(first_s, before_s)) <= half_s:
            return None
        if before_s is not None and not before_s - first_s <= half_s:
            return None
        if before_us is not None:
            earliest_us, latest_us = min(earliest_us, before_us), max(latest_us, before_us)
        if not latest_us - earliest_us <= half_s * US_PER_S:
            return None
        self._last_s, self._last_arrival_us = last_s, last_us
        return self._turns * self.period_s


def _within(values: FloatArray, previous: float | None, span: float) -> bool:
    """Whether all values, and the one before them, lie within a span; NaN does not."""
    least, most = float(values.min()), float(values.max())
    if previous is not None:
        least, most = min(least, previous), max(most, previous)
    return most - least <= span


def _steps(values: FloatArray, previous: float | None) -> FloatArray:
    """(n,) difference to the value before; zero for the very first."""
    steps = np.empty(len(values))
    steps[0] = 0.0 if previous is None else values[0] - previous
    np.subtract(values[1:], values[:-1], out=steps[1:])
    return steps
