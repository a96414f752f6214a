"""Initial contact and toe-off from vertical ground reaction force, as a treadmill or a force plate gives it.

A contact is where the force rises above a threshold and falls below it again. The threshold decides the figure: on the
same file 50 N gives contacts 12 ms shorter than 20 N, so every figure has to name it. So does the zero of the belt: a
belt reads some newtons with nobody on it, and on public files each of them moves a contact time at 20 N by about half
a millisecond, where a foot leaves slowly by more than one.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray

THRESHOLD_N: Final = 20.0
# Ours: what a belt's own zero leaves unknown of a mean contact time at 20 N. Taking the zero from the flights moved the
# means of 16 public trials by SD 7 ms.
ZERO_ERROR_S: Final = 0.010
# Ours: noise of a belt lies above, a rising or falling force below. The public set we compare with used the same.
SMOOTHING_HZ: Final = 60.0
# Ours: nobody's running or walking contact is shorter, and a stone on a belt is.
SHORTEST_CONTACT_S: Final = 0.08
LOADED_SHARE: Final = 0.25  # ours: of the usual peak; a contact reaches it, no belt's noise does
SHORTEST_FLIGHT_S: Final = 0.03  # below the loaded share; walking on one belt has none
FEWEST_FLIGHTS: Final = 3
LARGEST_HOLE: Final = 1.5  # sample intervals
PADDING_S: Final = 0.25  # mirrored at both ends, many times what the smoothing remembers


@dataclass(frozen=True, slots=True, eq=False)
class ForceContacts:
    """Contacts seen by force, in order.

    initial_contact_s, toe_off_s : (n,) clock of the force. peak_n : (n,) largest force between the two.
    offset_n : what was taken off as the belt's zero. threshold_n : where the events lie, above that zero.
    """

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    peak_n: FloatArray
    offset_n: float
    threshold_n: float

    def __len__(self) -> int:
        return len(self.initial_contact_s)

    @property
    def contact_time_s(self) -> FloatArray:
        """(n,) s."""
        return self.toe_off_s - self.initial_contact_s


def force_events(
    t_s: FloatArray,
    force_n: FloatArray,
    *,
    threshold_n: float = THRESHOLD_N,
    offset_n: float | None = None,
    smoothing_hz: float | None = SMOOTHING_HZ,
    shortest_contact_s: float = SHORTEST_CONTACT_S,
) -> ForceContacts:
    """Find the contacts in a vertical force.

    Parameters
    ----------
    t_s : (n,)
        Sample times, s, growing; a hole ends what stood before it.
    force_n : (n,)
        Vertical force, N, upwards on the runner; of a split belt the sum. NaN is a hole. A force that counts downwards
        is turned round.
    threshold_n : float
        Height of the events above the belt's zero.
    offset_n : float or None
        The belt's zero; None takes the median of the flights. 0.0 where it was removed already.
    smoothing_hz : float or None
        Corner of a zero-phase Butterworth low-pass (order 2, twice); None leaves the force as it is.
    shortest_contact_s : float
        What is shorter is no contact.

    Returns
    -------
    ForceContacts
        Whole contacts only: one that begins before the file, or ends after it or in a hole, is left out. Crossings are
        interpolated between samples. Two feet on a summed belt at once, as in walking, are one contact.

    Raises
    ------
    ValueError
        If shapes differ, times do not grow, the threshold is not positive, nobody ever stands on the belt, or its zero
        is asked for and there is no flight to take it from.

    Notes
    -----
    Validity: running, 200 Hz and more; below, the crossing of 20 N lies between samples that are far apart.
    """
    if t_s.ndim != 1 or t_s.shape != force_n.shape:
        raise ValueError(f"times {t_s.shape} and force {force_n.shape} are not two columns of one length")
    if not threshold_n > 0:
        raise ValueError(f"the threshold {threshold_n:g} N is not above zero")
    known = np.isfinite(force_n)
    t_s, force_n = t_s[known], force_n[known]
    if len(t_s) < 2 or not (np.diff(t_s) > 0).all():
        raise ValueError("the times of the force do not grow from sample to sample")
    force_n = upwards(force_n)
    parts = _stretches(t_s)
    if smoothing_hz is not None:
        force_n = np.concatenate([_smoothed(t_s[part], force_n[part], smoothing_hz) for part in parts])
    loaded_n = _loaded_n(force_n, threshold_n)
    if offset_n is None:
        offset_n = _offset_n(t_s, force_n, parts, loaded_n)
    found = [_contacts(t_s[part], force_n[part] - offset_n, threshold_n, loaded_n - offset_n) for part in parts]
    on_s, off_s, peak_n = (np.concatenate(column) for column in zip(*found, strict=True))
    whole: BoolArray = off_s - on_s >= shortest_contact_s
    return ForceContacts(on_s[whole], off_s[whole], peak_n[whole], offset_n, threshold_n)


def upwards(force: FloatArray) -> FloatArray:
    """(n,) the force with the runner's weight counting positive; half of the plates in use count it negative."""
    return -force if abs(np.min(force)) > abs(np.max(force)) else force


def _stretches(t_s: FloatArray) -> list[slice]:
    step_s = np.diff(t_s)
    ends = [0, *(np.nonzero(step_s > LARGEST_HOLE * np.median(step_s))[0] + 1).tolist(), len(t_s)]
    return [slice(a, b) for a, b in pairwise(ends)]


def _loaded_n(force_n: FloatArray, threshold_n: float) -> float:
    """Force that only a foot on the belt reaches."""
    low_n, high_n = np.percentile(force_n, [2.0, 98.0])
    loaded_n = float(low_n + LOADED_SHARE * (high_n - low_n))
    if high_n - low_n < 5 * threshold_n:
        raise ValueError(f"the force lies between {low_n:.0f} and {high_n:.0f} N: nobody runs on it")
    return loaded_n


def _offset_n(t_s: FloatArray, force_n: FloatArray, parts: list[slice], loaded_n: float) -> float:
    """The belt's zero: median of the middle thirds of the flights, where the force has neither to fall nor to rise."""
    levels = []
    for part in parts:
        loaded = force_n[part] > loaded_n
        edges = np.nonzero(loaded[1:] != loaded[:-1])[0] + 1
        for a, b in pairwise(edges.tolist()):
            if not loaded[a] and t_s[part][b] - t_s[part][a] >= SHORTEST_FLIGHT_S:
                third = (b - a) // 3
                levels.append(float(np.median(force_n[part][a + third : b - third])))
    if len(levels) < FEWEST_FLIGHTS:
        raise ValueError(f"{len(levels)} flights are too few to tell the belt's zero from: give it")
    return float(np.median(levels))


def _contacts(
    t_s: FloatArray, force_n: FloatArray, threshold_n: float, loaded_n: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Beginning, end and peak of every contact whose both ends are in this stretch."""
    above = force_n > threshold_n
    i = np.nonzero(above[1:] != above[:-1])[0]
    crossing_s = t_s[i] + (threshold_n - force_n[i]) / (force_n[i + 1] - force_n[i]) * (t_s[i + 1] - t_s[i])
    if len(i) and above[0]:
        i, crossing_s = i[1:], crossing_s[1:]  # begins in the middle of a contact
    n = len(i) // 2
    first, last = i[: 2 * n : 2] + 1, i[1 : 2 * n : 2] + 1
    peak_n = np.array([force_n[a:b].max() for a, b in zip(first.tolist(), last.tolist(), strict=True)])
    real = peak_n > loaded_n
    return crossing_s[: 2 * n : 2][real], crossing_s[1 : 2 * n : 2][real], peak_n[real]


def _smoothed(t_s: FloatArray, force_n: FloatArray, corner_hz: float) -> FloatArray:
    """(n,) through a Butterworth low-pass of order 2 forwards and backwards, applied as its response to each frequency.

    The bilinear transform's frequency axis is used, so the result is that of the usual recursive filter.
    """
    if len(t_s) < 3:
        return force_n
    interval_s = float(np.median(np.diff(t_s)))
    if corner_hz * interval_s >= 0.5:
        return force_n  # the samples hold nothing to take away
    n = min(len(force_n) - 1, round(PADDING_S / interval_s))
    padded = np.concatenate([2 * force_n[0] - force_n[n:0:-1], force_n, 2 * force_n[-1] - force_n[-2 : -n - 2 : -1]])
    frequency = np.fft.rfftfreq(len(padded))
    warped = np.tan(np.pi * np.minimum(frequency, 0.4999)) / np.tan(np.pi * corner_hz * interval_s)
    smooth: FloatArray = np.fft.irfft(np.fft.rfft(padded) / (1 + warped**4), len(padded))
    return smooth[n : n + len(force_n)]
