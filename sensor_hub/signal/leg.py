"""Contacts of one leg, from an IMU on the foot or the shank in any orientation: what the two have in common.

Idea: the angular velocity about the swing axis shows the swings (``swings``). The foot lands between the fastest moment
of a swing and a little after its end; there the acceleration jolts. It leaves the ground about when the leg turns
backwards fastest in push-off, which is certain as soon as that has slowed down by a fraction: no waiting for the next
swing. How these events lie to those of a force plate at 20 N says ``event_offsets``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.signal.swings import LEVEL_RADPS, Phases, ranges

LONGEST_CONTACT_S: Final = 1.5  # walking slowly; longer is standing
LATEST_CERTAIN_S: Final = 0.06  # ours: a turning that slows down later than this after its fastest is another one
SAMPLES_AT_ONCE: Final = 28  # fastest at 200 Hz; any number gives the same
JOLT_LAG: Final = 0.25  # of the sample interval: a jolt shows that much later in coarser samples; simulated
LATE_SWING: Final = 0.4  # ours: of its fastest turning; a foot lands when it has slowed down to less


@dataclass(frozen=True, slots=True)
class Features:
    """What a mount's method looks for; all ours, chosen on simulated strides and one real recording.

    landing_s : after the swing has slowed down the foot lands within this.
    landing_share : it does so at the first jolt larger than this share of the largest there.
    earliest_toe_off_s : after initial contact. push_share : of the swing's fastest turning that push-off reaches.
    push_rad : how far the leg turns backwards in a contact before it has pushed off.
    slowed : share of its fastest backward turning that is gone when push-off is certain.
    """

    landing_s: float
    landing_share: float
    earliest_toe_off_s: float
    push_share: float
    push_rad: float
    slowed: float


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What the search works on.

    t_s : (n,). about_radps : (n,) about the swing axis. jolt_squared : (n,) (m/s²)², of the second difference of the
    acceleration: what changes smoothly, however fast, has none, and a blow has, whatever its direction.
    """

    t_s: FloatArray
    about_radps: FloatArray
    jolt_squared: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Landings:
    """(n,) the sample of each jolt, its moment, the time between the samples there, and how it stood out (0 to 1)."""

    sample: IntArray
    at_s: FloatArray
    interval_s: FloatArray
    strength: FloatArray

    def only(self, chosen: BoolArray) -> "Landings":
        """Return those chosen."""
        return Landings(self.sample[chosen], self.at_s[chosen], self.interval_s[chosen], self.strength[chosen])


def slowed_down(columns: Columns, swings: Phases) -> IntArray:
    """(n,) the sample from which each swing is slower than ``LATE_SWING`` of its fastest, else its last."""
    about, length = columns.about_radps, swings.end - swings.peak
    flat, starts = ranges(swings.peak, length)
    slow = np.flatnonzero(about[flat] < np.repeat(LATE_SWING * about[swings.peak], length))
    at = np.concatenate([slow, [len(flat)]])[np.searchsorted(slow, starts)]
    found: IntArray = swings.peak + np.minimum(at - starts, length)
    return np.minimum(found, len(about) - 1)


def landings(columns: Columns, slowed: IntArray, features: Features) -> Landings:
    """Find the jolt of each landing; samples reach to ``landing_s`` after a swing has slowed down, or to the end."""
    t_s, squared = columns.t_s, columns.jolt_squared
    length = np.searchsorted(t_s, t_s[slowed] + features.landing_s, side="right") - slowed
    flat, starts = ranges(slowed, length)
    jolts = np.sqrt(squared[flat])
    largest = np.maximum.reduceat(jolts, starts)
    enough = features.landing_share * largest
    over = np.flatnonzero(jolts >= np.repeat(enough, length))
    sample = flat[over[np.searchsorted(over, starts)]]
    before = np.maximum(sample - 1, 0)
    interval_s = t_s[sample] - t_s[before]
    lower, higher = np.sqrt(squared[before]), np.sqrt(squared[sample])
    rise = np.clip((enough - lower) / np.maximum(higher - lower, 1e-9), 0.0, 1.0)
    at_s = t_s[before] + (rise - JOLT_LAG) * interval_s
    calm = np.add.reduceat(jolts, starts) / length
    strength = np.clip(1.0 - calm / np.maximum(largest, 1e-9), 0.0, 1.0)
    return Landings(sample, at_s, interval_s, strength)


@dataclass(frozen=True, slots=True, eq=False)
class PushOffs:
    """(n,) the sample of fastest backward turning, -1 where there is none, its moment, NaN there, and the interval."""

    sample: IntArray
    at_s: FloatArray
    interval_s: FloatArray

    def only(self, chosen: BoolArray) -> "PushOffs":
        """Return those chosen."""
        return PushOffs(self.sample[chosen], self.at_s[chosen], self.interval_s[chosen])


def push_offs(columns: Columns, swings: Phases, landed: Landings, until: IntArray, features: Features) -> PushOffs:
    """Find the fastest backward turning between each landing and sample ``until``.

    All contacts are walked through at once, some samples at a time, each until it is certain.
    """
    t_s, about = columns.t_s, columns.about_radps
    n = len(swings)
    enough = np.minimum(-features.push_share * about[swings.peak], -LEVEL_RADPS)
    turns = np.append(np.flatnonzero(about < -LEVEL_RADPS), len(t_s))  # nothing slower than this is enough
    at = turns[np.searchsorted(turns, np.searchsorted(t_s, landed.at_s + features.earliest_toe_off_s))]
    swept = _turned_back(t_s, about, landed.sample, np.minimum(at, until))
    fastest, fastest_s, sample = np.zeros(n), np.full(n, -np.inf), np.full(n, -1)
    fastest_at = at.copy()
    active = np.flatnonzero(at < until)
    while len(active):
        here = at[active] + np.arange(-1, SAMPLES_AT_ONCE)[:, None]  # a column a contact
        outside = here[1:] >= until[active]
        np.minimum(here, len(t_s) - 1, out=here)
        here_s, turning = t_s[here], about[here[1:]]
        turning[outside] = 0.0
        back = np.minimum(turning, 0.0)
        back *= here_s[:-1] - here_s[1:]
        back[0] += swept[active]
        np.cumsum(back, axis=0, out=back)
        lowest = np.minimum.accumulate(np.concatenate([fastest[active, None].T, turning]), axis=0)
        fresh_s = np.where(lowest[1:] < lowest[:-1], here_s[1:], fastest_s[active])
        lowest, lowest_s = lowest[1:], np.maximum.accumulate(fresh_s, axis=0)
        certain = turning >= (1 - features.slowed) * lowest
        certain &= (lowest <= enough[active]) & (back >= features.push_rad)
        certain &= (here_s[1:] <= lowest_s + LATEST_CERTAIN_S) & ~outside
        row, column = _first(certain), np.arange(len(active))
        is_found = certain[row, column]
        row[~is_found] = -1
        low = lowest[row, column]
        at_low = at[active] + _first(turning == low)
        fastest_at[active] = np.where(low < fastest[active], at_low, fastest_at[active])
        sample[active[is_found]] = fastest_at[active[is_found]]
        fastest[active], fastest_s[active], swept[active] = low, lowest_s[-1], back[-1]
        at[active] += SAMPLES_AT_ONCE
        active = active[~is_found & (at[active] < until[active])]
    found = sample >= 0
    at_s, interval_s = np.full(n, np.nan), np.zeros(n)
    at_s[found], interval_s[found] = vertex(t_s, about, sample[found])
    return PushOffs(sample, at_s, interval_s)


def _first(chosen: BoolArray) -> IntArray:
    """(n,) the first True row of each column, 0 where there is none; turned, because a search down columns is slow."""
    found: IntArray = np.ascontiguousarray(chosen.T).argmax(axis=1)
    return found


def _turned_back(t_s: FloatArray, about: FloatArray, begin: IntArray, end: IntArray) -> FloatArray:
    """(n,) rad turned backwards in samples ``[begin, end)``."""
    swept = np.zeros(len(begin))
    some = np.flatnonzero(end > begin)
    flat, starts = ranges(begin[some], (end - begin)[some])
    if len(some):
        back = np.maximum(-about[flat], 0.0) * (t_s[flat] - t_s[np.maximum(flat - 1, 0)])
        swept[some] = np.add.reduceat(back, starts)
    return swept


def vertex(t_s: FloatArray, values: FloatArray, sample: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return when a parabola through each extreme sample and its neighbours is extreme, and half their distance, s."""
    before, after = np.maximum(sample - 1, 0), np.minimum(sample + 1, len(t_s) - 1)
    left_s, right_s = t_s[sample] - t_s[before], t_s[after] - t_s[sample]
    left, right = (values[sample] - values[before]) * right_s, (values[after] - values[sample]) * left_s
    curve = right - left
    shift_s = np.where(curve == 0, 0.0, -(right * left_s + left * right_s) / np.where(curve == 0, 1.0, 2 * curve))
    return t_s[sample] + np.clip(shift_s, -left_s / 2, right_s / 2), (left_s + right_s) / 2
