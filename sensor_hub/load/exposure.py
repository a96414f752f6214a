"""What a run exposed the tendon to beside its load: how fast, how long uphill, how far up.

Everything is counted in whole numbers (microseconds in bins of speed, micrometres climbed), so the same rows give the
same bits however they came, one by one or all at once. Only running rows belong in here.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals

LEAST_KNOWN: Final = 0.8  # of the running time; with less of it known, the rest may have been anything (ours)
UPHILL_GRADE: Final = 0.03  # from here on it is a hill (ours)
LEAST_CLIMB: Final = 0.01  # ours: a barometer's slope wanders by 0.6 % on the flat, and would climb 20 m in 10 km
HELD_US: Final = 300_000_000  # five minutes
BIN_MPS: Final = 0.01
FASTEST_MPS: Final = 12.0  # ours: what is faster is in the last bin
_BINS_A_MPS: Final = 100.0
_N_BINS: Final = 1201
_US_PER_S: Final = 1e6
_UM_PER_M: Final = 1e6
_LONGEST_ROW_US: Final = 3.6e9  # an hour: nobody takes so long a step, and a whole number can hold it


class Exposure:
    """Adds up a session's running rows; the order and the grouping of them do not matter."""

    def __init__(self) -> None:
        self._at_speed_us: IntArray = np.zeros(_N_BINS, dtype=np.int64)
        self._running_us = 0
        self._sped_us = 0
        self._graded_us = 0
        self._uphill_us = 0
        self._climb_known_us = 0
        self._climbed_um = 0

    def add(self, steps: StepTable) -> None:
        """Add running rows; one without a step time stands for no time."""
        row_us = _whole_us(steps)
        self._running_us += int(row_us.sum())
        # fmin and fmax take NaN for the other number: such a row weighs nothing
        sped_us = row_us * ~np.isnan(steps.speed_mps)
        sum_us = int(sped_us.sum())
        if sum_us:
            self._sped_us += sum_us
            bins = np.rint(_held(steps.speed_mps, FASTEST_MPS) * _BINS_A_MPS).astype(np.int64)
            np.add.at(self._at_speed_us, bins, sped_us)
        graded_us = int((row_us * ~np.isnan(steps.grade)).sum())
        if graded_us:
            self._graded_us += graded_us
            self._uphill_us += int((row_us * (steps.grade >= UPHILL_GRADE)).sum())
            self._climb(steps, sped_us)

    def _climb(self, steps: StepTable, sped_us: IntArray) -> None:
        self._climb_known_us += int((sped_us * ~np.isnan(steps.grade)).sum())
        climbed_us = sped_us * (steps.grade >= LEAST_CLIMB)
        way_um = _held(steps.speed_mps, FASTEST_MPS) * climbed_us  # m/s times microseconds
        self._climbed_um += int(np.rint(_held(steps.grade, 1.0) * way_um).astype(np.int64).sum())

    def put_into(self, totals: Totals) -> Totals:
        """Return the totals with what was added up here."""
        return replace(
            totals,
            median_speed_mps=self.median_speed_mps(),
            speed_5min_mps=self.speed_5min_mps(),
            uphill_s=self.uphill_s(),
            ascent_m=self.ascent_m(),
        )

    def _is_known(self, known_us: int) -> bool:
        return self._running_us > 0 and known_us >= LEAST_KNOWN * self._running_us

    def median_speed_mps(self) -> float | None:
        """Return the speed that was not exceeded for half of the time, in bins of ``BIN_MPS``; None is unknown."""
        if not self._is_known(self._sped_us):
            return None
        by_then_us = np.cumsum(self._at_speed_us)
        return int(np.searchsorted(by_then_us, -(-self._sped_us // 2))) / _BINS_A_MPS

    def speed_5min_mps(self) -> float | None:
        """Return the highest speed that was held or exceeded for five minutes in all.

        0 where less than five minutes were run at a known speed; None is unknown.
        """
        if not self._is_known(self._sped_us):
            return None
        if self._sped_us < HELD_US:
            return 0.0
        slower_us = np.cumsum(self._at_speed_us) - self._at_speed_us
        return int(np.searchsorted(slower_us, self._sped_us - HELD_US, side="right") - 1) / _BINS_A_MPS

    def uphill_s(self) -> float | None:
        """Return the time on slopes of ``UPHILL_GRADE`` and more, s; None is unknown."""
        return self._uphill_us / _US_PER_S if self._is_known(self._graded_us) else None

    def ascent_m(self) -> float | None:
        """Return the metres climbed on slopes of ``LEAST_CLIMB`` and more; None is unknown."""
        return self._climbed_um / _UM_PER_M if self._is_known(self._climb_known_us) else None


def _held(values: FloatArray, most: float) -> FloatArray:
    """(n,) the values between 0 and ``most``; 0 where unknown."""
    held: FloatArray = np.fmin(np.fmax(values, 0.0), most)
    return held


def _whole_us(steps: StepTable) -> IntArray:
    """(n,) microseconds each row stands for; 0 where its step time is unknown."""
    row_us = _held(steps.step_time_s * steps.n_steps * _US_PER_S, _LONGEST_ROW_US)
    whole: IntArray = np.rint(row_us).astype(np.int64)
    return whole
