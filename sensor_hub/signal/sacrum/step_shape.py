"""What a step of running looks like at the sacrum: how long, how peaked, how much fore and aft.

Up is where the impulse of the last two stances points, so what the pelvis does in flight does not matter: the
recordings the correction rests on were cut off at zero there. A step is cut into parts of equal time, so nothing here
knows a sampling rate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import STANDARD_GRAVITY_MPS2

SHORTEST_STEP_S: Final = 0.2
LONGEST_STEP_S: Final = 0.5
PARTS: Final = 12  # of a step, 30 ms each: what rings faster does not count
COSINE: Final = np.cos(4 * np.pi * np.arange(PARTS // 2) / PARTS) * (2 / PARTS)  # of the second harmonic: half a step
SINE: Final = np.sin(4 * np.pi * np.arange(PARTS // 2) / PARTS) * (2 / PARTS)
TIME, PEAKEDNESS, CARRIED, PUSH, WAVE, ROWS = 0, 1, 2, slice(3, 6), slice(6, 12), 12  # of a step's column


@dataclass(frozen=True, slots=True, eq=False)
class Stances:
    """Stances as columns, in order; NaN is unknown.

    rise_s, fall_s : (n,) device clock; the smoothed vertical passes half a body weight upwards out of a flight, and one
        body weight downwards at the end.
    step_time_s : (n,) from fall to fall, mean of the last two steps; NaN where the step before was not seen.
    peakedness_bw : (n,) cubic mean of the vertical acceleration over those steps; what is below zero counts as zero.
    surge_bw : (n,) amplitude of the second harmonic of a step in the horizontal acceleration. What sways to the left
        on one step and to the right on the next cancels in two of them, so fore and aft are left.
    carried_bw : (n,) mean of what peakedness is the cubic mean of: 1 where the pelvis moves as the body's centre does,
        more where it moves further.
    interval_s : (n,) mean time between samples.
    """

    rise_s: FloatArray
    fall_s: FloatArray
    step_time_s: FloatArray
    peakedness_bw: FloatArray
    surge_bw: FloatArray
    carried_bw: FloatArray
    interval_s: FloatArray

    def __len__(self) -> int:
        return len(self.rise_s)

    @classmethod
    def none(cls) -> "Stances":
        """Return no stance."""
        return cls(*(np.empty(0) for _ in range(7)))


class StepDescriber:
    """Describes one step after the other; remembers the last."""

    def __init__(self) -> None:
        self._last_fall_s = np.nan
        self._previous = np.full(ROWS, np.nan)

    def begins_after(self, fall_s: float) -> None:
        """Take the end of a stance whose beginning was not seen: the first step is counted from it."""
        self._last_fall_s = fall_s

    def describe(
        self,
        rise_s: FloatArray,
        fall_s: FloatArray,
        interval_s: FloatArray,
        impulse_at: Callable[[FloatArray], FloatArray],
    ) -> Stances:
        """Return stances with what their steps looked like.

        rise_s, fall_s, interval_s : (n,). impulse_at : times (...) s -> (3, ...) m/s.
        """
        step_s = fall_s - np.concatenate([[self._last_fall_s], fall_s[:-1]])
        self._last_fall_s = float(fall_s[-1])
        known = (step_s >= SHORTEST_STEP_S) & (step_s <= LONGEST_STEP_S)
        step_s = step_s[known]
        part = np.arange(PARTS + 1)[:, None] / PARTS
        impulse = impulse_at(fall_s[known] - step_s + part * step_s)
        shape = (impulse[:, 1:] - impulse[:, :-1]) * (PARTS / STANDARD_GRAVITY_MPS2 / step_s)
        steps = np.full((ROWS, len(rise_s)), np.nan)
        steps[TIME, known] = step_s
        steps[PUSH, known] = impulse[:, -1] - impulse_at(rise_s[known])
        halves = (shape[:, : PARTS // 2] + shape[:, PARTS // 2 :]).swapaxes(0, 1)
        steps[WAVE, known] = np.concatenate([added(halves * wave[:, None, None]) for wave in (COSINE, SINE)])
        up = unit(self._with_previous(PUSH, steps))
        loaded = np.maximum(added(shape * up[:, None, known]), 0.0)
        steps[PEAKEDNESS, known] = np.cbrt(added(loaded * loaded * loaded) / PARTS)
        steps[CARRIED, known] = added(loaded) / PARTS
        wave = self._with_previous(WAVE, steps).reshape(2, 3, -1)
        wave = wave - added((wave * up).swapaxes(0, 1))[:, None] * up
        time_s, peakedness, carried = (self._with_previous(row, steps) for row in (TIME, PEAKEDNESS, CARRIED))
        self._previous = steps[:, -1]
        surge = np.where(np.isnan(time_s), np.nan, np.sqrt(added((wave * wave).reshape(6, -1))))
        return Stances(rise_s, fall_s, time_s, peakedness, surge, carried, interval_s)

    def _with_previous(self, row: int | slice, steps: FloatArray) -> FloatArray:
        """Mean of each step and the one before it, of the step alone where that is unknown."""
        own = steps[row]
        before = np.concatenate([self._previous[row, None], own[..., :-1]], axis=-1)
        return np.where(np.isnan(before), own, 0.5 * (own + before))


def added(rows: FloatArray) -> FloatArray:
    """Sum over the first axis, one row after the other: numpy's own sum takes another order for another shape."""
    total: FloatArray = rows[0] + rows[1]
    for row in rows[2:]:
        total += row
    return total


def unit(direction: FloatArray) -> FloatArray:
    """(3,) or (3, n) of length one; the sensor's z axis where there is no direction."""
    length = np.sqrt(added(direction * direction))
    up = np.array([0.0, 0.0, 1.0]).reshape(3, *(1,) * (direction.ndim - 1))
    known: FloatArray = np.where(length > 0, direction / np.where(length > 0, length, 1.0), up)
    return known
