"""Contacts of one leg, from an IMU on the foot or the shank in any orientation: what the two have in common.

Idea: the angular velocity about the swing axis shows the swings (``swings``). The foot lands between the fastest moment
of a swing and a little after its end; there the acceleration jolts. It leaves the ground about when the leg turns
backwards fastest in push-off, which is certain as soon as that has slowed down by a fraction: no waiting for the next
swing. How these events lie to those of a force plate at 20 N says ``event_offsets``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.signal.leg.parts import first_from, running, sums, windows
from sensor_hub.signal.leg.swings import LEVEL_RADPS, Phases

LONGEST_CONTACT_S: Final = 1.5  # walking slowly; longer is standing
LATEST_CERTAIN_S: Final = 0.06  # ours: a turning that slows down later than this after its fastest is another one
SAMPLES_AT_ONCE: Final = 28  # looked at together: fastest at 200 Hz, and any number gives the same
ROWS: Final = 256  # as many jolts are worked out together as stay in the cache
BEFORE: Final = 3  # samples the search needs before one: a jolt and the jolt before it
JOLT_LAG: Final = 0.25  # of the sample interval: a jolt shows that much later in coarser samples; simulated
BESIDE: Final = np.array([[-1], [0], [1]])
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

    t_s : (n,). about_radps : (n,) about the swing axis. acceleration_mps2, rotation_radps : (n, 3), sensor axes.
    """

    t_s: FloatArray
    about_radps: FloatArray
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Landings:
    """(n,) the sample of each jolt, its moment, the time between the samples there, and how it stood out (0 to 1)."""

    sample: IntArray
    at_s: FloatArray
    interval_s: FloatArray
    strength: FloatArray

    def only(self, chosen: slice) -> "Landings":
        """Return those chosen."""
        return Landings(self.sample[chosen], self.at_s[chosen], self.interval_s[chosen], self.strength[chosen])


def slowed_down(columns: Columns, swings: Phases) -> IntArray:
    """(n,) the sample from which each swing is slower than ``LATE_SWING`` of its fastest, else its last; n > 0."""
    about, length = columns.about_radps, swings.end - swings.peak
    turning = windows(about, swings.peak, int(length.max()) + 1)
    slow = turning < LATE_SWING * turning[:, :1]
    slow[np.arange(len(length)), length] = True
    found: IntArray = np.minimum(swings.peak + slow.argmax(axis=1), len(about) - 1)
    return found


def _jolts(acceleration_mps2: FloatArray, begin: IntArray, width: int) -> FloatArray:
    """(m, width + ``BEFORE``) m/s² from the sample before each ``begin`` on; the last two columns are zero.

    A jolt is the length of the second difference of the acceleration: what changes smoothly, however fast, has none,
    and a blow has, whatever its direction.
    """
    found = np.empty((len(begin), width + BEFORE))
    for a in range(0, len(begin), ROWS):
        near = windows(acceleration_mps2, begin[a : a + ROWS] - BEFORE, width + BEFORE).reshape(-1)
        step = near[3:] - near[:-3]  # a row after the other: fewer loops
        jolt = step[3:] - step[:-3]
        jolt *= jolt
        length = found[a : a + ROWS].reshape(-1)[:-2]
        np.add(jolt[0::3], jolt[1::3], out=length)
        length += jolt[2::3]
        np.sqrt(length, out=length)
    found[:, -2:] = 0.0  # from one row to the next
    return found


def landings(columns: Columns, slowed: IntArray, features: Features) -> Landings:
    """Find the jolt of each landing; samples reach to ``landing_s`` after a swing has slowed down, or to the end."""
    t_s, n = columns.t_s, len(slowed)
    if not n:
        return Landings(slowed, t_s[:0], t_s[:0], t_s[:0])
    begin = np.maximum(slowed, BEFORE)  # sooner only where samples begin
    begin_s, before_s = t_s[slowed], t_s[np.maximum(slowed - 1, 0)]
    stop = first_from(t_s, np.nextafter(begin_s + features.landing_s, np.inf), slowed, begin_s - before_s)
    length = np.maximum(stop - begin, 1)
    width = int(length.max())
    found = _jolts(columns.acceleration_mps2, begin, width)
    row, jolts = np.arange(n), found[:, 1:-2]
    shortest = int(length.min())
    if width > shortest:
        jolts[:, shortest:] *= np.arange(shortest, width) < length[:, None]
    largest = jolts.max(axis=1)
    enough = features.landing_share * largest
    first = (jolts >= enough[:, None]).argmax(axis=1)
    starts = (width + BEFORE) * row + 1
    calm = sums(found.reshape(-1), starts, starts + length) / length
    sample = np.minimum(begin + first, len(t_s) - 1)
    before_s = t_s[np.maximum(sample - 1, 0)]
    interval_s = t_s[sample] - before_s
    lower, higher = found[row, first], found[row, first + 1]
    rise = np.minimum(np.maximum((enough - lower) / np.maximum(higher - lower, 1e-9), 0.0), 1.0)
    at_s = before_s + (rise - JOLT_LAG) * interval_s
    strength = np.minimum(np.maximum(1.0 - calm / np.maximum(largest, 1e-9), 0.0), 1.0)
    return Landings(sample, at_s, interval_s, strength)


@dataclass(frozen=True, slots=True, eq=False)
class PushOffs:
    """(n,) the sample of fastest backward turning, -1 where there is none, its moment, NaN there, and the interval."""

    sample: IntArray
    at_s: FloatArray
    interval_s: FloatArray

    def only(self, chosen: slice) -> "PushOffs":
        """Return those chosen."""
        return PushOffs(self.sample[chosen], self.at_s[chosen], self.interval_s[chosen])


def _push_begins(columns: Columns, begin: IntArray, until: IntArray, enough: FloatArray) -> IntArray:
    """(n,) the first sample from ``begin`` on that turns backwards fast enough; ``until`` where there is none."""
    at = np.minimum(begin, until)
    active = (at < until).nonzero()[0]
    while len(active):
        fast = windows(columns.about_radps, at[active], SAMPLES_AT_ONCE) <= enough[active, None]
        first = fast.argmax(axis=1)
        is_found = fast[np.arange(len(active)), first]
        at[active] = np.minimum(at[active] + np.where(is_found, first, SAMPLES_AT_ONCE), until[active])
        active = active[~is_found & (at[active] < until[active])]
    return at


def _turned_back(columns: Columns, begin: IntArray, end: IntArray) -> tuple[FloatArray, FloatArray]:
    """(n,) rad turned backwards in samples ``[begin, end)``, ``end`` being later, and their mean interval in s."""
    if not len(begin):
        return np.empty(0), np.empty(0)
    interval_s = (columns.t_s[end] - columns.t_s[begin]) / np.maximum(end - begin, 1)
    return -sums(columns.about_radps, begin, end) * interval_s, interval_s


def push_offs(columns: Columns, swings: Phases, landed: Landings, until: IntArray, features: Features) -> PushOffs:
    """Find the fastest backward turning between each landing and sample ``until``.

    All contacts are walked through at once, some samples at a time, each until it is certain.
    """
    t_s, about = columns.t_s, columns.about_radps
    n, width = len(swings), SAMPLES_AT_ONCE
    enough = np.minimum(-features.push_share * about[swings.peak], -LEVEL_RADPS)
    latest_s = landed.at_s + LONGEST_CONTACT_S
    too_long = (t_s[until - 1] >= latest_s).nonzero()[0]
    if len(too_long):
        until = until.copy()
        until[too_long] = t_s.searchsorted(latest_s[too_long])
    earliest = first_from(t_s, landed.at_s + features.earliest_toe_off_s, landed.sample, landed.interval_s)
    at = _push_begins(columns, earliest, until, enough)
    sample = np.full(n, -1)
    active = (at < until).nonzero()[0]
    begin, until, lowest, lowest_at = at[active], until[active], np.zeros(len(active)), at[active]
    swept, interval_s = _turned_back(columns, landed.sample[active], begin)
    while len(active):
        turning = np.ascontiguousarray(windows(about, begin, width).T)
        low = running(np.minimum, np.minimum(turning, lowest))
        back = running(np.add, turning) * -interval_s + swept
        has_slowed = (turning >= (1 - features.slowed) * low) & (back >= features.push_rad)
        row, column = has_slowed.argmax(axis=0), np.arange(len(active))
        is_certain = has_slowed[row, column] & (begin + row < until)
        row[~is_certain] = width - 1
        before, lowest, swept = lowest, low[row, column], back[row, column]
        lowest_at = np.where(lowest < before, begin + (turning == lowest).argmax(axis=0), lowest_at)
        begin = begin + row + 1
        is_found = is_certain & (t_s.take(begin - 1, mode="clip") <= t_s[lowest_at] + LATEST_CERTAIN_S)
        sample[active[is_found]] = lowest_at[is_found]
        other = (is_certain & ~is_found).nonzero()[0]  # another turning: a push-off is faster
        if len(other):
            begin[other] = _push_begins(columns, begin[other], until[other], np.nextafter(lowest[other], -np.inf))
            other = other[begin[other] < until[other]]
            swept[other], interval_s[other] = _turned_back(columns, landed.sample[active[other]], begin[other])
        goes_on = (~is_found & (begin < until)).nonzero()[0]
        state = active, begin, until, lowest, lowest_at, swept, interval_s
        active, begin, until, lowest, lowest_at, swept, interval_s = (column[goes_on] for column in state)
    return _timed(columns, sample)


def _timed(columns: Columns, sample: IntArray) -> PushOffs:
    """Return the push-offs at these samples, -1 where there is none."""
    at_s, interval_s = vertex(columns.t_s, columns.about_radps, sample)
    missing = sample < 0
    if missing.any():
        at_s[missing], interval_s[missing] = np.nan, 0.0
    return PushOffs(sample, at_s, interval_s)


def vertex(t_s: FloatArray, values: FloatArray, sample: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return when a parabola through each extreme sample and its neighbours is extreme, and half their distance, s."""
    near = sample + BESIDE
    near_s, high = t_s.take(near, mode="clip"), values.take(near, mode="clip")
    left_s, right_s = near_s[1:] - near_s[:-1]
    left, right = high[1:] - high[:-1]
    left, right = left * right_s, right * left_s
    twice = 2 * (right - left)
    is_flat = twice == 0
    twice[is_flat] = 1.0
    shift_s = -(right * left_s + left * right_s) / twice
    shift_s[is_flat] = 0.0
    return near_s[1] + np.minimum(np.maximum(shift_s, -left_s / 2), right_s / 2), (left_s + right_s) / 2
