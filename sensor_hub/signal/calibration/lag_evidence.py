"""Whether a lag between two recordings is the true one, or only one of many at which running fits running.

Two runs of one cadence fall together at some lag whatever they are, and scatter there by little more than the same run
does. What only the same run shares is which of its steps were a little longer than those around them. So the
deviations of single steps are correlated, at this lag and, for what chance and neighbours reach, one step to many
steps beside it and against the reference in the reverse order.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.signal.calibration.event_matching import Stances

AROUND_STEPS: Final = 10  # ours: either side; cadence changes over more, and any two runs may share that
LARGEST_DEVIATION: Final = 4.0  # robust standard deviations; one stumble must not carry a match
LARGEST_INTERVAL: Final = 1.5  # of the median; beyond, a break lies between two contacts
MOST_BESIDE: Final = 40  # steps
# Ours, in standard deviations of chance, set on simulated runs: of 2,400 unrelated pairs of one cadence none passes.
SMALLEST_EVIDENCE: Final = 4.0
SMALLEST_MARGIN: Final = 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Correlation at a lag, and the largest among the others, both in standard deviations of chance."""

    here: float
    elsewhere: float

    @property
    def needed(self) -> float:
        """What ``here`` must reach for the lag to be believed."""
        return max(SMALLEST_EVIDENCE, self.elsewhere + SMALLEST_MARGIN)


def lag_evidence(own: Stances, reference: Stances) -> Evidence:
    """Weigh a lag by the contacts that are pairs at it.

    own, reference : (n,) contacts, the k-th of one with the k-th of the other, each on its own clock. A step lasts from
    mid-stance to mid-stance: its noise is less than that of either event, and contact times differ between steps too.
    Evidence is 0 where no step differs from another, or where n is too small for anything to be beside.
    """
    a_s, b_s = (one.initial_contact_s + one.contact_time_s / 2 for one in (own, reference))
    usable = _usable(np.diff(a_s)) & _usable(np.diff(b_s))
    a, b = _deviations(np.diff(a_s), usable), _deviations(np.diff(b_s), usable)
    most = min(MOST_BESIDE, len(a) // 3)
    if most < 1:
        return Evidence(0.0, 0.0)
    shifts = range(-most, most + 1)
    beside = [_correlation(a, b, k) for k in shifts if k]
    elsewhere = np.array(beside + [_correlation(a, b[::-1], k) for k in shifts])
    chance = max(1.0, float(np.sqrt(np.mean(elsewhere**2))))
    return Evidence(_correlation(a, b, 0) / chance, float(elsewhere.max()) / chance)


def _usable(interval_s: FloatArray) -> BoolArray:
    """(n,) True for intervals that are one step, or one stride where one foot is seen; NaN is none."""
    known = interval_s[np.isfinite(interval_s)]
    median_s = float(np.median(known)) if len(known) else np.nan
    usable: BoolArray = (interval_s < LARGEST_INTERVAL * median_s) & (interval_s > median_s / LARGEST_INTERVAL)
    return usable


def _deviations(interval_s: FloatArray, usable: BoolArray) -> FloatArray:
    """(n,) intervals minus the mean of every second one around, as left and right differ; 0 where not usable."""
    n = len(interval_s)
    row = np.arange(n)
    first, last = _stretch(row, usable)
    low, high = np.maximum(row - AROUND_STEPS, first), np.minimum(row + AROUND_STEPS, last) + 1
    whole_s = np.where(usable, interval_s, 0.0)
    away_s = np.zeros(n)
    for foot in (0, 1):
        mine = row % 2 == foot
        sum_s = np.concatenate([[0.0], np.cumsum(np.where(mine, whole_s, 0.0))])
        count = np.concatenate([[0], np.cumsum(mine & usable)])
        chosen = mine & usable
        low_of, high_of = low[chosen], high[chosen]
        mean_s = (sum_s[high_of] - sum_s[low_of]) / (count[high_of] - count[low_of])
        away_s[chosen] = whole_s[chosen] - mean_s
    largest_s = LARGEST_DEVIATION * 1.4826 * float(np.median(np.abs(away_s[usable]))) if usable.any() else 0.0
    away_s = np.clip(away_s, -largest_s, largest_s)
    away_s[np.abs(away_s) < 1e-9] = 0.0  # a sum's rounding is no deviation
    return away_s


def _stretch(row: IntArray, usable: BoolArray) -> tuple[IntArray, IntArray]:
    """(n,) first and last row of the unbroken stretch each usable interval lies in."""
    n = len(row)
    first = np.maximum.accumulate(np.where(usable, -1, row)) + 1
    last = np.minimum.accumulate(np.where(usable, n, row)[::-1])[::-1] - 1
    return first.astype(np.int64), last.astype(np.int64)


def _correlation(a: FloatArray, b: FloatArray, shift: int) -> float:
    """Correlation of a with b ``shift`` rows later, in standard deviations of what unrelated ones have."""
    n = len(a)
    a, b = a[max(0, -shift) : n - max(0, shift)], b[max(0, shift) : n - max(0, -shift)]
    both = (a != 0) & (b != 0)
    a, b = a[both], b[both]
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size * float(np.sqrt(len(a))) if size > 0 else 0.0
