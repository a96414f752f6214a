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
from sensor_hub.signal.leg.parts import sums, windows

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


def _bounds(t_s: FloatArray, about_radps: FloatArray) -> tuple[IntArray, IntArray]:
    """Return where each phase begins and ends; before the samples there was none, and an end of n is none yet."""
    n = len(t_s)
    above = about_radps > LEVEL_RADPS
    changes = (above[1:] != above[:-1]).nonzero()[0]
    changes += 1
    if above[0] or above[-1]:
        changes = np.concatenate([[0] * bool(above[0]), changes, [n] * bool(above[-1])]).astype(np.int64)
    begin, leaves = changes[::2], changes[1::2] - 1  # last sample above
    if not len(begin):
        return begin, begin
    below = about_radps < -LEVEL_RADPS
    falls = np.concatenate([(below[1:] > below[:-1]).nonzero()[0], (n - 1,)])
    falls += 1
    fallen = falls.searchsorted(begin)
    if len(begin) > 1:
        first = np.ones(len(begin) + 1, dtype=bool)  # and one that is not there
        first[1:-1] = (fallen[1:] > fallen[:-1]) | (t_s[begin[1:]] > t_s[leaves[:-1]] + QUIET_S)
        begin, fallen, leaves = begin[first[:-1]], fallen[first[:-1]], leaves[first[1:]]
    end = falls[fallen]
    until_s = t_s[leaves] + QUIET_S
    quiet = (t_s.take(end, mode="clip") > until_s).nonzero()[0]
    if len(quiet):
        end[quiet] = t_s.searchsorted(until_s[quiet], side="right")
    return begin, end


def phases_in(t_s: FloatArray, about_radps: FloatArray) -> Phases:
    """Find what may be swings: t_s, about_radps (n,), n > 0, forwards positive; only the last may not have ended.

    Whole phases shorter than ``SHORTEST_SWING_S`` or longer than ``LONGEST_SWING_S``, or of less than half of
    ``SMALLEST_TURN_RAD``, are left out.
    """
    n = len(t_s)
    begin, end = _bounds(t_s, about_radps)
    took_s = t_s.take(end, mode="clip") - t_s[begin]
    kept = ((took_s >= SHORTEST_SWING_S) & (took_s <= LONGEST_SWING_S)) | (end == n)
    begin, end, took_s = begin[kept], end[kept], took_s[kept]
    if not len(begin):
        return Phases(begin, end, begin, took_s)
    whole = slice(len(begin) - int(end[-1] == n))
    length = end - begin
    turn_rad, peak = np.empty(len(begin)), begin.copy()
    turn_rad[whole] = sums(about_radps, begin[whole], end[whole])
    peak[whole] += _fastest(about_radps, begin[whole], length[whole])
    if whole.stop < len(begin):
        opened = about_radps[begin[-1] :]
        turn_rad[-1:] = np.add.reduceat(opened, [0])
        peak[-1] += opened.argmax()
    turn_rad = turn_rad / length * took_s
    return Phases(begin, end, peak, turn_rad).only((turn_rad >= SMALLEST_TURN_RAD / 2) | (end == n))


def _fastest(about_radps: FloatArray, begin: IntArray, length: IntArray) -> IntArray:
    """(m,) after how many samples of each phase the leg turns fastest."""
    if not len(begin):
        return begin
    turning = windows(about_radps, begin, int(length.max()))
    found: IntArray = turning.argmax(axis=1)
    for late in (found >= length).nonzero()[0].tolist():  # a shorter phase, and soon a faster one
        found[late] = turning[late, : length[late]].argmax()
    return found


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
        n, begin_s = len(phases), t_s[phases.begin]
        peaks, turns = np.concatenate([self.peak_s, t_s[phases.peak]]), np.concatenate([self.turn_rad, phases.turn_rad])
        before = np.arange(N_HISTORY)[:, None] + np.arange(n)
        recent = peaks[N_HISTORY:] - peaks[before] <= HISTORY_S
        largest = np.maximum(np.where(recent, turns[before], 0.0).max(axis=0), SMALLEST_TURN_RAD / LARGEST_SHARE)
        apart = begin_s - peaks[N_HISTORY - 1 : N_HISTORY - 1 + n] >= SHORTEST_PERIOD_S
        found: BoolArray = (phases.turn_rad >= LARGEST_SHARE * largest) & apart
        return found
