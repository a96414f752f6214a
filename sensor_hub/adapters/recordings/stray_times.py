"""Which lines of a file stand at a time that cannot be theirs."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray

LONGEST_JUMP_S: Final = 7 * 24 * 3600.0
# Fewer lines than this at another time are damage; more are a clock that was set, which the session deals with.
CLOCK_SET_LINES: Final = 20


def stray_times(t_s: FloatArray) -> BoolArray:
    """(n,) True where the time jumps by more than ``LONGEST_JUMP_S`` away from the lines around it; times are finite.

    The longest part without such a jump is always right, and so is what lies within reach of a right part.
    """
    stray = np.zeros(len(t_s), dtype=np.bool_)
    with np.errstate(over="ignore"):
        jumps = np.nonzero(np.abs(np.diff(t_s)) > LONGEST_JUMP_S)[0] + 1
    if not len(jumps):
        return stray
    edges = np.concatenate([[0], jumps, [len(t_s)]])
    starts, stops = edges[:-1].tolist(), edges[1:].tolist()
    length = np.diff(edges)
    right = length >= CLOCK_SET_LINES
    right[int(np.argmax(length))] = True
    next_s = _first_of_next(t_s, starts, right)
    before_s: float | None = None
    for i, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        near_before = before_s is not None and abs(float(t_s[start]) - before_s) <= LONGEST_JUMP_S
        near_next = abs(next_s[i] - float(t_s[stop - 1])) <= LONGEST_JUMP_S
        if right[i] or near_before or near_next:
            before_s = float(t_s[stop - 1])
        else:
            stray[start:stop] = True
    return stray


def _first_of_next(t_s: FloatArray, starts: list[int], right: BoolArray) -> list[float]:
    """Return, for each part, the time at which the next right part begins; infinite after the last."""
    found, at_s = [], float("inf")
    for start, is_right in zip(reversed(starts), reversed(right.tolist()), strict=True):
        found.append(at_s)
        if is_right:
            at_s = float(t_s[start])
    return found[::-1]
