"""Steps, and the readings of devices that report gait themselves.

NaN in a column (None in a scalar) means unknown; it is never zero and never the last value.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal, Self, TypeAlias

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray, TextArray
from sensor_hub.model.foot_strike import FOREFOOT_BELOW_RAD, REARFOOT_ABOVE_RAD, FootStrike
from sensor_hub.units import US_PER_S

Side: TypeAlias = Literal["L", "R", "U"]  # U: unknown or both
Tier: TypeAlias = Literal["imu", "contact", "speed"]
Mount: TypeAlias = Literal["foot", "shank", "sacrum"]
ValueOrigin: TypeAlias = Literal["measured", "estimated"]
Gait: TypeAlias = Literal["run", "walk"]

UNKNOWN_TEXT: Final = ""  # in a column of text
ORIGIN_DTYPE: Final = "<U9"
GAIT_DTYPE: Final = "<U4"


@dataclass(frozen=True, slots=True)
class RecordReading:
    """One record of a source that reports about once a second (FIT, RSC).

    It stands for the interval that ends at ``end_utc``; its length is the time since the previous record, which the
    session knows. ``cadence_spm`` counts both feet. ``distance_m`` is the device's own running total since any origin.
    ``altitude_m`` is above any level that stays the same.
    """

    device: str
    end_utc: datetime
    cadence_spm: float | None = None
    contact_time_s: float | None = None
    speed_mps: float | None = None
    distance_m: float | None = None
    altitude_m: float | None = None


@dataclass(frozen=True, slots=True)
class PauseReading:
    """The runner's watch was paused over ``[start_utc, end_utc)``: neither running nor a gap."""

    device: str
    start_utc: datetime
    end_utc: datetime


@dataclass(frozen=True, slots=True, eq=False)
class StepTable:
    """Steps as columns; row i of every column is the same step (or the same record interval).

    time_utc_us : (n,) initial contact (end of the record interval for 1-Hz sources), microseconds since 1970, UTC.
    side : (n,) "L", "R" or "U".
    n_steps : (n,) steps of both feet the row stands for: 1 with a pod on each foot, 2 with one pod, any fraction for a
        record interval.
    step_time_s, contact_time_s, flight_time_s : (n,) s; of the mean step where a row stands for several.
    contact_time_sd : (n,) s, one standard deviation of contact_time_s.
    vgrf_peak_bw, vgrf_impulse_bw_s : (n,) vertical ground reaction force of one step, body weights.
    vgrf_peak_sd : (n,) body weights, one standard deviation of vgrf_peak_bw beside a force plate, were the contact
        time free of bias: how far that may be off is not in it (``Totals.contact_time_bias_s``).
    achilles_peak_bw, achilles_impulse_bw_s : (n,) modelled tendon force of one step, body weights; within 40 % as a
        force, so it is compared with the same runner's own steps and not believed.
    achilles_push_off_bw_s : (n,) part of the impulse from the peak to toe-off.
    achilles_peak_sd, achilles_impulse_sd : (n,) one standard deviation of a comparison with the same runner's steps
        from the same instrument; the 40 % are not in it.
    speed_mps : (n,) m/s where the source has it.
    grade : (n,) rise over run, 0.03 is 3 % uphill, where the source tells altitude.
    quality : (n,) 0 to 1: how well the samples showed the two events of a contact; of a record interval 1, and 0 where
        it stands for no time.
    foot_pitch_rad : (n,) angle of the sole to the ground at initial contact, rad, toes up positive.
    step_time_origin : (n,) a ``ValueOrigin`` of step_time_s and flight_time_s: "measured" from foot to foot, or
        "estimated" from half a stride or a cadence; ``UNKNOWN_TEXT`` where nobody says.
    gait : (n,) a ``Gait``: "run" counts into the run's load, "walk" into the ledger of walking, ``UNKNOWN_TEXT`` into
        none.
    """

    time_utc_us: IntArray
    side: TextArray
    n_steps: FloatArray
    step_time_s: FloatArray
    contact_time_s: FloatArray
    contact_time_sd: FloatArray
    flight_time_s: FloatArray
    vgrf_peak_bw: FloatArray
    vgrf_impulse_bw_s: FloatArray
    achilles_peak_bw: FloatArray
    achilles_impulse_bw_s: FloatArray
    speed_mps: FloatArray
    quality: FloatArray
    foot_pitch_rad: FloatArray
    step_time_origin: TextArray
    vgrf_peak_sd: FloatArray
    achilles_peak_sd: FloatArray
    achilles_impulse_sd: FloatArray
    achilles_push_off_bw_s: FloatArray
    grade: FloatArray
    gait: TextArray

    @property
    def duty_factor(self) -> FloatArray:
        """(n,) contact time over stride time (two steps), 0 to 1; below 0.5 there is a flight."""
        duty_factor: FloatArray = np.full(len(self), np.nan)
        np.divide(self.contact_time_s, 2 * self.step_time_s, out=duty_factor, where=self.step_time_s > 0)
        return duty_factor

    def __len__(self) -> int:
        return int(self.time_utc_us.shape[0])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StepTable):
            return NotImplemented
        return (
            np.array_equal(self.time_utc_us, other.time_utc_us)
            and all(np.array_equal(getattr(self, name), getattr(other, name)) for name in TEXT_COLUMNS)
            and all(np.array_equal(getattr(self, name), getattr(other, name), equal_nan=True) for name in FLOAT_COLUMNS)
        )

    __hash__ = None  # type: ignore[assignment]

    def slice(self, start: int, stop: int) -> "StepTable":
        """Rows ``[start, stop)``."""
        return StepTable(**{f.name: getattr(self, f.name)[start:stop] for f in fields(self)})

    def only(self, chosen: BoolArray | IntArray) -> "StepTable":
        """Rows where ``chosen``, (n,), is True; or the rows of these numbers, in this order."""
        return StepTable(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    def seconds_since(self, start_utc_us: int) -> FloatArray:
        """(n,) s of each row after the given UTC microsecond."""
        return (self.time_utc_us - start_utc_us) / US_PER_S

    @classmethod
    def concatenate(cls, tables: Iterable[Self]) -> Self:
        """Rows of all tables, in the order given."""
        parts = list(tables)
        if not parts:
            return cls.empty()
        return cls(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)})

    @classmethod
    def empty(cls) -> Self:
        """Return a table without rows."""
        none = np.empty(0)
        columns = dict.fromkeys(FLOAT_COLUMNS, none)
        return cls(
            time_utc_us=np.empty(0, np.int64),
            side=np.empty(0, "<U1"),
            step_time_origin=np.empty(0, ORIGIN_DTYPE),
            gait=np.empty(0, GAIT_DTYPE),
            **columns,
        )


TEXT_COLUMNS: tuple[str, ...] = ("side", "step_time_origin", "gait")
FLOAT_COLUMNS: tuple[str, ...] = tuple(
    f.name for f in fields(StepTable) if f.name not in {"time_utc_us", *TEXT_COLUMNS}
)


def foot_strike(foot_pitch_rad: FloatArray) -> TextArray:
    """(n,) a ``FootStrike`` for each pitch at initial contact, rad, toes up positive; ``UNKNOWN_TEXT`` where NaN."""
    struck = np.where(foot_pitch_rad > REARFOOT_ABOVE_RAD, "rearfoot", "midfoot")
    struck = np.where(foot_pitch_rad < FOREFOOT_BELOW_RAD, "forefoot", struck)
    return np.where(np.isnan(foot_pitch_rad), UNKNOWN_TEXT, struck)


def count_strikes(foot_pitch_rad: FloatArray) -> dict[FootStrike, int]:
    """How many of (n,) pitches at initial contact ``foot_strike`` puts into each class."""
    n_rearfoot = int(np.count_nonzero(foot_pitch_rad > REARFOOT_ABOVE_RAD))
    n_forefoot = int(np.count_nonzero(foot_pitch_rad < FOREFOOT_BELOW_RAD))
    n_known = len(foot_pitch_rad) - int(np.count_nonzero(np.isnan(foot_pitch_rad)))
    return {"rearfoot": n_rearfoot, "midfoot": n_known - n_rearfoot - n_forefoot, "forefoot": n_forefoot}
