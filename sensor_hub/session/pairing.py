"""One sample of acceleration and angular velocity, for sensors that send the two in frames of their own.

The times are those of the acceleration. The angular velocity there is interpolated between its neighbours, and unknown
where they are more than ``LONGEST_PAIR_S`` apart. An acceleration waits for the angular velocity after it until
``LONGEST_WAIT_S`` of later accelerations have come; where there never was any, only during the first ``HOPE_S``.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from sensor_hub.decoders.samples import ACCELERATION
from sensor_hub.model.arrays import FloatArray
from sensor_hub.session.timed_samples import MEASURED_BOTH, TimedSamples, concatenated

LONGEST_PAIR_S: Final = 0.1
LONGEST_WAIT_S: Final = 0.5
HOPE_S: Final = 2.0
KEPT_S: Final = 5.0  # of angular velocity, for accelerations that come late


class Pairing:
    """Joins the two kinds of samples of one device. Samples that carry both go through as they are.

    However the samples are cut into calls, what comes out is the same.
    """

    def __init__(self) -> None:
        self._waiting: list[TimedSamples] = []  # accelerations, in order
        self._gyro_s: FloatArray = np.empty(0)
        self._gyro: FloatArray = np.empty((0, 3))
        self._heard_gyro = False
        self._first_s: float | None = None
        self._newest_s = -np.inf  # of the accelerations
        self._flushed_s = -np.inf  # newest acceleration before the last flush, if no gyroscope was heard since
        self._released_s = -np.inf

    @property
    def is_waiting(self) -> bool:
        """Whether an acceleration waits for its angular velocity."""
        return bool(self._waiting)

    def receive(self, samples: TimedSamples) -> list[TimedSamples]:
        """Take samples with their times; return those that are complete, in order."""
        kinds = samples.measured
        if kinds[0] == MEASURED_BOTH and not self._waiting and (len(kinds) == 1 or (kinds == MEASURED_BOTH).all()):
            return [samples]
        found: list[TimedSamples] = []
        edges = np.nonzero((np.diff(kinds) != 0) | ~(np.diff(samples.t_s) >= 0))[0] + 1
        for begin, end in pairwise([0, *edges.tolist(), len(samples)]):
            run = samples.only(slice(begin, end))
            if kinds[begin] == MEASURED_BOTH:
                found += [*self.flush(), run]
            elif kinds[begin] == ACCELERATION:
                found += self._accelerations(run)
            elif kinds[begin]:
                self._rotations(run)
                found += self._release(-np.inf)
                self._forget()
        return found

    def flush(self) -> list[TimedSamples]:
        """Return what waits, with what is known: nothing more will come, or a clock began anew."""
        found = self._paired(concatenated(self._waiting)) if self._waiting else None
        self._waiting = []
        self._flushed_s = max(self._flushed_s, self._newest_s)
        self._newest_s = self._released_s = -np.inf
        return [] if found is None else [found]

    def _accelerations(self, run: TimedSamples) -> list[TimedSamples]:
        found: list[TimedSamples] = []
        # a clock that ran backwards: what came before belongs to another time
        if run.t_s[0] < max(self._newest_s, self._flushed_s):
            found = self.flush()
            self._gyro_s, self._gyro = np.empty(0), np.empty((0, 3))
        self._flushed_s = -np.inf
        if self._first_s is None:
            self._first_s = float(run.t_s[0])
        self._newest_s = float(run.t_s[-1])
        self._waiting.append(run)
        until_s = self._newest_s - LONGEST_WAIT_S
        if not self._heard_gyro:
            until_s = self._newest_s if self._newest_s - self._first_s > HOPE_S else -np.inf
        return found + self._release(until_s)

    def _rotations(self, run: TimedSamples) -> None:
        self._heard_gyro = True
        self._flushed_s = -np.inf
        if len(self._gyro_s) and run.t_s[0] < self._gyro_s[-1]:
            self._gyro_s, self._gyro = run.t_s, run.angular_velocity_radps
            return
        self._gyro_s = np.concatenate([self._gyro_s, run.t_s])
        self._gyro = np.concatenate([self._gyro, run.angular_velocity_radps])

    def _release(self, until_s: float) -> list[TimedSamples]:
        """Return the accelerations up to a time, and those that have an angular velocity after them."""
        if not self._waiting:
            return []
        if len(self._gyro_s):
            until_s = max(until_s, float(self._gyro_s[-1]))
        if self._waiting[0].t_s[0] > until_s:
            return []
        waiting = concatenated(self._waiting)
        n = int(np.searchsorted(waiting.t_s, until_s, side="right"))
        self._waiting = [waiting.only(slice(n, None))] if n < len(waiting) else []
        return [self._paired(waiting.only(slice(0, n)))]

    def _paired(self, run: TimedSamples) -> TimedSamples:
        rotation = _between(self._gyro_s, self._gyro, run.t_s)
        self._released_s = float(run.t_s[-1])
        self._forget()
        both = np.full(len(run), MEASURED_BOTH, np.uint8)
        return TimedSamples(run.t_s, run.acceleration_mps2, rotation, both, run.arrival_us, run.offset_us)

    def _forget(self) -> None:
        """Drop what lies before the neighbours of anything still to come."""
        if not len(self._gyro_s):
            return
        needed_s = max(self._released_s, float(self._gyro_s[-1]) - KEPT_S)
        n = int(np.searchsorted(self._gyro_s, needed_s, side="right")) - 1
        if n > 0:
            self._gyro_s, self._gyro = self._gyro_s[n:], self._gyro[n:]


def _between(known_s: FloatArray, known: FloatArray, t_s: FloatArray) -> FloatArray:
    """(n, 3) linear between neighbours that are close enough, NaN elsewhere."""
    found = np.full((len(t_s), 3), np.nan)
    if not len(known_s):
        return found
    right = np.searchsorted(known_s, t_s, side="left")  # the first at or after
    is_exact = (right < len(known_s)) & (known_s[np.minimum(right, len(known_s) - 1)] == t_s)
    left = np.where(is_exact, right, right - 1)
    has_both = (left >= 0) & (right < len(known_s))
    left, right = left[has_both], right[has_both]
    apart_s = known_s[right] - known_s[left]
    weight = np.where(apart_s > 0, (t_s[has_both] - known_s[left]) / np.where(apart_s > 0, apart_s, 1.0), 0.0)
    values = known[left] + weight[:, None] * (known[right] - known[left])
    values[apart_s > LONGEST_PAIR_S] = np.nan
    found[has_both] = values
    return found
