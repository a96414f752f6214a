"""True and found contacts of one recording → errors as columns that can be pooled."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.signal.contacts import Contacts
from tests.validation.matching import matched

EDGE_S: Final = 0.35  # a contact this close to an end of the recording may be cut by it, and is not scored


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One row for each true contact that was found and timed; and how many were not.

    group : (n,) whose contact it is (a person, a trial). speed_mps, step_rate_hz : (n,) true; NaN where unknown.
    truth_s : (n,) true contact time. contact_error_s, initial_contact_error_s, toe_off_error_s : (n,) found - true.
    claimed_sd_s, quality, foot_pitch_error_rad, clipped : (n,) as found.
    n_truth, n_found, n_matched : contacts scored; a found one counts as matched beside any true contact.
    """

    group: IntArray
    speed_mps: FloatArray
    step_rate_hz: FloatArray
    truth_s: FloatArray
    contact_error_s: FloatArray
    initial_contact_error_s: FloatArray
    toe_off_error_s: FloatArray
    claimed_sd_s: FloatArray
    quality: FloatArray
    foot_pitch_error_rad: FloatArray
    clipped: BoolArray
    n_truth: int
    n_found: int
    n_matched: int

    def __len__(self) -> int:
        return len(self.group)

    def only(self, chosen: BoolArray) -> "Scored":
        """Rows chosen; the counts of the whole no longer mean anything, so they become the rows'."""
        n = int(np.count_nonzero(chosen))
        columns: dict[str, Any] = {
            f.name: getattr(self, f.name)[chosen] for f in fields(self) if not f.name.startswith("n_")
        }
        return Scored(**columns, n_truth=n, n_found=n, n_matched=n)

    @classmethod
    def pooled(cls, parts: Sequence[Self]) -> Self:
        """Return all rows and the sums of all counts."""
        columns: dict[str, Any] = {
            f.name: sum(getattr(p, f.name) for p in parts)
            if f.name.startswith("n_")
            else np.concatenate([getattr(p, f.name) for p in parts])
            for f in fields(cls)
        }
        return cls(**columns)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What really happened, as columns over contacts in order; NaN is unknown.

    wanted : (n,) False for contacts the method is not asked to find (walking, where running is scored): a found
        contact beside one is neither right nor wrong.
    """

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    speed_mps: FloatArray
    step_rate_hz: FloatArray
    foot_pitch_rad: FloatArray
    wanted: BoolArray

    @classmethod
    def of_events(cls, initial_contact_s: FloatArray, toe_off_s: FloatArray, speed_mps: float = np.nan) -> Self:
        """Return the truth of a recording of nothing but running, whose cadence follows from its contacts."""
        n = len(initial_contact_s)
        step_rate_hz = 1.0 / float(np.median(np.diff(initial_contact_s))) if n > 1 else np.nan
        unknown = np.full(n, np.nan)
        return cls(
            initial_contact_s,
            toe_off_s,
            np.full(n, speed_mps),
            np.full(n, step_rate_hz),
            unknown,
            np.ones(n, dtype=bool),
        )


def scored(truth: Truth, found: Contacts, span_s: tuple[float, float], group: int) -> Scored:
    """Score what was found against the truth, away from the ends of the recording ``span_s``."""
    begin_s, end_s = span_s[0] + EDGE_S, span_s[1] - EDGE_S
    inside = (truth.initial_contact_s >= begin_s) & (truth.toe_off_s <= end_s)
    i, j = matched(truth.initial_contact_s, found.initial_contact_s)
    matching = np.zeros(len(found), dtype=bool)
    matching[j] = True
    # beside a contact that is not scored a found one is not scored either
    spare = np.zeros(len(found), dtype=bool)
    spare[j[~(inside & truth.wanted)[i]]] = True
    counted = (found.initial_contact_s >= begin_s) & (found.initial_contact_s <= end_s) & ~spare
    counted |= matching & ~spare
    rows = (inside & truth.wanted)[i] & np.isfinite(found.toe_off_s[j])
    i, j = i[rows], j[rows]
    contact_s = found.initial_contact_s[j] - truth.initial_contact_s[i]
    toe_off_s = found.toe_off_s[j] - truth.toe_off_s[i]
    return Scored(
        group=np.full(len(i), group, dtype=np.int64),
        speed_mps=truth.speed_mps[i],
        step_rate_hz=truth.step_rate_hz[i],
        truth_s=(truth.toe_off_s - truth.initial_contact_s)[i],
        contact_error_s=toe_off_s - contact_s,
        initial_contact_error_s=contact_s,
        toe_off_error_s=toe_off_s,
        claimed_sd_s=found.contact_time_sd[j],
        quality=found.quality[j],
        foot_pitch_error_rad=found.foot_pitch_rad[j] - truth.foot_pitch_rad[i],
        clipped=found.clipped[j],
        n_truth=int(np.count_nonzero(inside & truth.wanted)),
        n_found=int(np.count_nonzero(counted)),
        n_matched=int(np.count_nonzero(counted & matching)),
    )
