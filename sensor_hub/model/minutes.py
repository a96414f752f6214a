"""A session minute by minute: what stays when its single steps are let go of, and what a chart of years reads."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.gait import StepTable
from sensor_hub.units import US_PER_S

US_PER_MINUTE: Final = 60 * US_PER_S
# means over steps of the run, weighted by the steps a row stands for
MEANS: Final = (
    "step_time_s", "contact_time_s", "flight_time_s", "vgrf_peak_bw", "achilles_peak_bw", "speed_mps", "grade",
    "quality",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class MinuteTable:
    """Minutes as columns, ascending; a minute without a row of a step is not there, and NaN is unknown.

    minute_utc_us : (m,) start of the UTC minute, microseconds since 1970. n_steps, n_walk_steps : (m,) steps of the
    run and walking ones. achilles_impulse_bw_s, achilles_push_off_bw_s : (m,) sums over the run's steps of both feet,
    NaN if one of them is unknown. The others: (m,) means over the run's steps that are known.
    """

    minute_utc_us: IntArray
    n_steps: FloatArray
    n_walk_steps: FloatArray
    achilles_impulse_bw_s: FloatArray
    achilles_push_off_bw_s: FloatArray
    step_time_s: FloatArray
    contact_time_s: FloatArray
    flight_time_s: FloatArray
    vgrf_peak_bw: FloatArray
    achilles_peak_bw: FloatArray
    speed_mps: FloatArray
    grade: FloatArray
    quality: FloatArray

    def __len__(self) -> int:
        return int(self.minute_utc_us.shape[0])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MinuteTable):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name), equal_nan=f.name != "minute_utc_us")
            for f in fields(self)
        )

    __hash__ = None  # type: ignore[assignment]


MINUTE_COLUMNS: Final = tuple(f.name for f in fields(MinuteTable))


def minutes_of(steps: StepTable) -> MinuteTable:
    """Return a session's minutes from its steps, which are in time order."""
    minute_us = steps.time_utc_us // US_PER_MINUTE * US_PER_MINUTE
    starts, row = np.unique(minute_us, return_inverse=True)
    n, is_walk = len(starts), steps.gait == "walk"
    running = np.where(is_walk, 0.0, steps.n_steps)

    def total(values: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(row, weights=values, minlength=n).astype(float)
        return sums

    def mean(values: FloatArray) -> FloatArray:
        weights = np.where(np.isnan(values), 0.0, running)
        sums, weight = total(np.where(weights > 0, values, 0.0) * weights), total(weights)
        found: FloatArray = np.full(n, np.nan)
        np.divide(sums, weight, out=found, where=weight > 0)
        return found

    def load(values: FloatArray) -> FloatArray:
        # times zero a NaN stays NaN: a walking step's unknown force is none of the run's
        return total(np.where(running > 0, values * running, 0.0))

    return MinuteTable(
        minute_utc_us=starts,
        n_steps=total(running),
        n_walk_steps=total(np.where(is_walk, steps.n_steps, 0.0)),
        achilles_impulse_bw_s=load(steps.achilles_impulse_bw_s),
        achilles_push_off_bw_s=load(steps.achilles_push_off_bw_s),
        **{name: mean(getattr(steps, name)) for name in MEANS},
    )
