"""How long after a contact its record is there, in the device's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.contacts import ContactDetector
from sensor_hub.units import MS_PER_S
from tests.validation.detecting import Recording, told_of
from tests.validation.matching import matched
from tests.validation.measures import rounded
from tests.validation.scoring import Truth

PERCENTILES: Final = (1, 5, 25, 50, 75, 95, 99)


@dataclass(frozen=True, slots=True, eq=False)
class Delays:
    """When one person's records came.

    delay_s : (n,) from true toe-off to the sample on which the record was told: device time, the radio comes on top.
        Running contacts whose toe-off came after the first record only; before it the method was still finding out how
        the sensor sits, and what it held back came at once.
    start_s : from the first true running contact to the first record. n_held : contacts held back until then.
    """

    delay_s: FloatArray
    start_s: float
    n_held: int


def delays_of(recording: Recording, truth: Truth, detector: ContactDetector) -> Delays:
    """Return the delays of a recording's records, fed sample by sample."""
    found, told_s = told_of(recording, detector)
    i, j = matched(truth.initial_contact_s, found.initial_contact_s)
    chosen = truth.wanted[i] & np.isfinite(found.toe_off_s[j]) & np.isfinite(told_s[j])
    i, j = i[chosen], j[chosen]
    first_s = float(told_s[j].min()) if len(j) else np.nan
    after = truth.toe_off_s[i] > first_s
    start_s = first_s - float(truth.initial_contact_s[truth.wanted][0])
    return Delays((told_s[j] - truth.toe_off_s[i])[after], start_s, int(np.count_nonzero(~after)))


def delay_figures(everyone: Sequence[Delays]) -> dict[str, Any]:
    """Return percentiles of the delay, ms, and how long the start takes."""
    pooled = np.concatenate([one.delay_s for one in everyone])
    starts = np.array([one.start_s for one in everyone])
    told: dict[str, Any] = {
        "n": len(pooled),
        "start_s": rounded(float(np.median(starts[np.isfinite(starts)]))) if np.isfinite(starts).any() else None,
        "held_per_person": rounded(sum(one.n_held for one in everyone) / len(everyone), 1),
    }
    if len(pooled):
        told |= {f"p{p}_ms": rounded(MS_PER_S * float(np.percentile(pooled, p))) for p in PERCENTILES}
        told["largest_ms"] = rounded(MS_PER_S * float(pooled.max()))
    return told
