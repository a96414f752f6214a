"""A session over its time, in as many pieces as a chart can draw."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.unseen import PAUSE, Unseen


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Columns of one length n over the session, evenly ``bin_s`` wide; NaN is unknown, and never a zero.

    at_s : (n,) middle of each, seconds since start_utc; of minutes the first may lie before it, for they are the
    clock's. cadence_spm, contact_time_s, speed_mps, grade : means over running, weighted by steps. contact_time_sd :
    between the rows of a piece (steps, or records of a 1-Hz source), both feet together. balance_left : part of the
    left in the left and the right mean contact time, 0 to 1. load_eq_km_per_km : push-off load a kilometre.

    Running sums up to the end of each piece, unknown in a gap and a lower bound after the first: load_eq_km,
    hard_load_bw_s, and distance_m (with the metres that a device counted on through gaps).
    load_eq_km_sd, hard_load_sd : one standard deviation of them, in proportion to the session's: most of it is the
    day's, and the same for every step.
    from_minutes : single steps are no longer kept, so that the pieces are minutes of the clock, or several of a run of
    more than twelve hours.
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
    load_eq_km_sd: FloatArray
    hard_load_bw_s: FloatArray
    hard_load_sd: FloatArray
    load_eq_km_per_km: FloatArray
    distance_m: FloatArray
    unseen: tuple[Unseen, ...] = ()
    from_minutes: bool = False

    def __len__(self) -> int:
        return int(self.at_s.shape[0])

    @property
    def gaps(self) -> tuple[Unseen, ...]:
        """Stretches of which nothing is known."""
        return tuple(one for one in self.unseen if one.cause != PAUSE)


COLUMNS: Final = tuple(f.name for f in fields(Timeline) if f.type == FloatArray)
LOADS: Final = ("load_eq_km", "load_eq_km_sd", "hard_load_bw_s", "hard_load_sd", "load_eq_km_per_km")
SUMS: Final = ("load_eq_km", "load_eq_km_sd", "hard_load_bw_s", "hard_load_sd", "distance_m")


def without_loads(timeline: Timeline) -> Timeline:
    """Return the same with unknown loads, of a session whose totals have none: those of two instruments have no sum."""
    columns: dict[str, Any] = dict.fromkeys(LOADS, np.full(len(timeline), np.nan))
    return replace(timeline, **columns)


def coarser(timeline: Timeline, width_s: float) -> Timeline:
    """Return the same in fewer pieces, for a table: means of what is known in each, sums as each ends."""
    n_each = max(1, round(width_s / timeline.bin_s))
    n = -(-len(timeline) // n_each)

    def in_rows(values: FloatArray) -> FloatArray:
        padded: FloatArray = np.full(n * n_each, np.nan)
        padded[: len(values)] = values
        return padded.reshape(n, n_each)

    def mean(values: FloatArray) -> FloatArray:
        rows = in_rows(values)
        found: FloatArray = np.full(n, np.nan)
        n_known = np.count_nonzero(~np.isnan(rows), axis=1)
        np.divide(np.nansum(rows, axis=1), n_known, out=found, where=n_known > 0)
        return found

    ends = np.minimum(np.arange(1, n + 1) * n_each, len(timeline)) - 1
    begins_s = timeline.at_s[0] - timeline.bin_s / 2
    of = {name: getattr(timeline, name) for name in COLUMNS}
    columns: dict[str, Any] = {name: values[ends] if name in SUMS else mean(values) for name, values in of.items()}
    columns["at_s"] = begins_s + (np.arange(n) + 0.5) * n_each * timeline.bin_s
    return replace(timeline, bin_s=n_each * timeline.bin_s, **columns)
