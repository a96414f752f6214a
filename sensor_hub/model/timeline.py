"""A session over its time, in as many pieces as a chart can draw."""

from dataclasses import dataclass
from datetime import datetime

from sensor_hub.model.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Unseen:
    """A stretch of which nothing is known, or in which the runner paused: seconds since the session's start.

    cause : a ``GapCause``, or "pause". device : None where it is about all of them.
    """

    begin_s: float
    end_s: float
    cause: str
    device: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Columns of one length n over the session, evenly ``bin_s`` wide; NaN is unknown, and never a zero.

    at_s : (n,) middle of each, seconds since start_utc. cadence_spm, contact_time_s, speed_mps, grade, balance_left
    (part of the left foot's contact time in both, 0 to 1) : means weighted by steps. load_eq_km_per_km : push-off load
    a kilometre. load_eq_km, hard_load_bw_s : running sums up to the end of each piece, a lower bound from the first gap
    on. contact_time_sd : between steps.
    from_minutes : single steps are no longer kept, so that the pieces are minutes.
    """

    sid: str
    start_utc: datetime
    end_utc: datetime
    bin_s: float
    at_s: FloatArray
    cadence_spm: FloatArray
    contact_time_s: FloatArray
    contact_time_sd: FloatArray
    speed_mps: FloatArray
    grade: FloatArray
    balance_left: FloatArray
    load_eq_km: FloatArray
    hard_load_bw_s: FloatArray
    load_eq_km_per_km: FloatArray
    unseen: tuple[Unseen, ...] = ()
    from_minutes: bool = False
