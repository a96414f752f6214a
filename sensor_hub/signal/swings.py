"""Where a leg swings: the forward swings in an angular velocity about the leg's swing axis.

A phase begins where the angular velocity rises above ``LEVEL_RADPS`` and ends where it falls below minus that, or has
not been above for ``QUIET_S`` (hysteresis: noise around zero splits nothing). It is a swing when the leg turned far
enough in it, in itself and beside the largest of the last seconds: the threshold follows a runner from a walk to a
sprint and back.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray

LEVEL_RADPS: Final = 1.0  # ours: above a gyroscope's bias and noise, far below the 5 rad/s of a slow walk
QUIET_S: Final = 0.5  # ours: whoever stands after a step ends its phase; longer than any pause within a swing
SMALLEST_TURN_RAD: Final = 0.5  # ours: a walking leg turns by 0.8 rad and more; one that shuffles or fidgets by less
SHORTEST_SWING_S: Final = 0.08
LARGEST_SHARE: Final = 0.4  # ours: of the largest before; a walking leg turns half as far as a sprinting one
HISTORY_S: Final = 3.0
N_HISTORY: Final = 4
LONGEST_SWING_S: Final = 1.5  # ours: ``QUIET_S`` after it included; a leg that turns for longer carries nobody
SHORTEST_PERIOD_S: Final = 0.3  # ours: from a swing's fastest moment to the next swing; a sprinter's are 0.4 s apart


@dataclass(frozen=True, slots=True, eq=False)
class Phases:
    """Forward turning as columns, in order; those that end before the samples do are whole.

    begin, end : (n,) sample indices, half open. peak : (n,) the fastest sample. turn_rad : (n,) how far the leg turned.
    """

    begin: IntArray
    end: IntArray
    peak: IntArray
    turn_rad: FloatArray

    def __len__(self) -> int:
        return len(self.begin)

    def only(self, chosen: BoolArray | slice) -> "Phases":
        """Return the phases chosen."""
        return Phases(self.begin[chosen], self.end[chosen], self.peak[chosen], self.turn_rad[chosen])


def ranges(begin: IntArray, length: IntArray) -> tuple[IntArray, IntArray]:
    """Return the indices ``begin[i]`` to ``begin[i] + length[i] - 1`` of all i in one row, and where each i starts."""
    stops = np.cumsum(length)
    starts = stops - length
    total = int(stops[-1]) if len(stops) else 0
    return np.repeat(begin - starts, length) + np.arange(total), starts


def windows(values: FloatArray, begin: IntArray, width: int) -> FloatArray:
    """(m, width, ...) copies of ``values[begin[i] : begin[i] + width]``; past the end the last value is repeated."""
    n = len(values)
    if n < width:
        few: FloatArray = values.take(np.minimum(begin[:, None] + np.arange(width), n - 1), axis=0)
        return few
    shape, strides = (n - width + 1, width, *values.shape[1:]), (values.strides[0], *values.strides)
    found: FloatArray = np.lib.stride_tricks.as_strided(values, shape, strides)[np.minimum(begin, n - width)]
    for late in np.flatnonzero(begin > n - width).tolist():
        held = max(n - int(begin[late]), 0)
        found[late, :held], found[late, held:] = values[n - held :], values[-1]
    return found


def _bounds(t_s: FloatArray, about_radps: FloatArray) -> tuple[IntArray, IntArray]:
    """Return where each phase begins and ends; before the samples there was none, and an end of n is none yet."""
    n = len(t_s)
    above = np.empty(n + 2, dtype=bool)  # with none above before and after
    above[0] = above[-1] = False
    np.greater(about_radps, LEVEL_RADPS, out=above[1:-1])
    changes = np.flatnonzero(above[1:] != above[:-1])
    rises, leaves = changes[::2], changes[1::2] - 1  # last sample above
    if not len(rises):
        return rises, rises
    below = about_radps < -LEVEL_RADPS
    falls = np.append(np.flatnonzero(below[1:] > below[:-1]) + 1, n)
    fallen = np.searchsorted(falls, rises)
    first = np.ones(len(rises), dtype=bool)
    first[1:] = (fallen[1:] > fallen[:-1]) | (t_s[rises[1:]] > t_s[leaves[:-1]] + QUIET_S)
    at = np.flatnonzero(first)
    begin, end = rises[at], falls[fallen[at]]
    until_s = t_s[leaves[np.append(at[1:] - 1, len(rises) - 1)]] + QUIET_S
    quiet = np.flatnonzero(t_s[np.minimum(end, n - 1)] > until_s)
    end[quiet] = np.searchsorted(t_s, until_s[quiet], side="right")
    return begin, end


def phases_in(t_s: FloatArray, about_radps: FloatArray) -> Phases:
    """Find what may be swings: t_s, about_radps (n,), n > 0, forwards positive.

    Whole phases shorter than ``SHORTEST_SWING_S`` or longer than ``LONGEST_SWING_S``, or of less than half of
    ``SMALLEST_TURN_RAD``, are left out.
    """
    n = len(t_s)
    begin, end = _bounds(t_s, about_radps)
    took_s = t_s[np.minimum(end, n - 1)] - t_s[begin]
    kept = ((took_s >= SHORTEST_SWING_S) & (took_s <= LONGEST_SWING_S)) | (end == n)
    begin, end, took_s = begin[kept], end[kept], took_s[kept]
    if not len(begin):
        return Phases(begin, end, begin, took_s)
    bounds = np.column_stack([begin, end]).ravel()
    bounds = bounds[:-1] if end[-1] == n else bounds
    turn_rad = np.add.reduceat(about_radps, bounds)[::2] / (end - begin) * took_s
    fastest = np.maximum.reduceat(about_radps, bounds)[::2]
    whole = end < n
    peak = np.full(len(begin), begin[-1] + about_radps[begin[-1] :].argmax())  # of the one that has not ended
    width = int((end - begin)[whole].max(initial=1))
    at_peak = windows(about_radps, begin[whole], width) == fastest[whole, None]
    peak[whole] = begin[whole] + at_peak.argmax(axis=1)
    return Phases(begin, end, peak, turn_rad).only((turn_rad >= SMALLEST_TURN_RAD / 2) | ~whole)


@dataclass(frozen=True, slots=True, eq=False)
class SwingHistory:
    """Fastest moments and turns of the last whole phases, oldest first: what a new one is measured against."""

    peak_s: FloatArray
    turn_rad: FloatArray

    @classmethod
    def empty(cls) -> "SwingHistory":
        """Return a history without phases."""
        return cls(np.full(N_HISTORY, -np.inf), np.zeros(N_HISTORY))

    def after(self, peak_s: FloatArray, turn_rad: FloatArray) -> "SwingHistory":
        """Return the history with later phases."""
        n = N_HISTORY
        return SwingHistory(np.concatenate([self.peak_s, peak_s])[-n:], np.concatenate([self.turn_rad, turn_rad])[-n:])

    def are_swings(self, t_s: FloatArray, phases: Phases) -> BoolArray:
        """(n,) True for the whole phases that are swings."""
        peak_s, begin_s = t_s[phases.peak], t_s[phases.begin]
        peaks, turns = np.concatenate([self.peak_s, peak_s]), np.concatenate([self.turn_rad, phases.turn_rad])
        n = len(phases)
        largest = np.full(n, SMALLEST_TURN_RAD / LARGEST_SHARE)
        for k in range(N_HISTORY):
            recent = peak_s - peaks[k : k + n] <= HISTORY_S
            np.maximum(largest, np.where(recent, turns[k : k + n], 0.0), out=largest)
        apart = begin_s - peaks[N_HISTORY - 1 : N_HISTORY - 1 + n] >= SHORTEST_PERIOD_S
        found: BoolArray = (phases.turn_rad >= LARGEST_SHARE * largest) & apart
        return found
