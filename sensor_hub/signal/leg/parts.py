"""Parts of a column, many at a time: what a search over all strides of a block is made of.

Each function gives for one part the same bits as for a thousand, and costs few calls for one.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray

FEW: Final = 300  # parts, measured: what costs many calls is worth it for more
FIRST: Final = np.zeros(1, dtype=np.int64)


def ranges(begin: IntArray, length: IntArray) -> tuple[IntArray, IntArray]:
    """Return the indices ``begin[i]`` to ``begin[i] + length[i] - 1`` of all i in one row, and where each i starts."""
    stops = np.cumsum(length)
    starts = stops - length
    total = int(stops[-1]) if len(stops) else 0
    return np.repeat(begin - starts, length) + np.arange(total), starts


def windows(values: FloatArray, begin: IntArray, width: int) -> FloatArray:
    """(m, width, ...) of ``values[begin[i] : begin[i] + width]``, to be read only.

    Past the end the last value is repeated.
    """
    n = len(values)
    if len(begin) == 1 and int(begin[0]) + width <= n:
        start = int(begin[0])
        one: FloatArray = values[None, start : start + width]
        return one
    if n < width or len(begin) == 1:
        few: FloatArray = values.take(begin[:, None] + np.arange(width), axis=0, mode="clip")
        return few
    shape, strides = (n - width + 1, width, *values.shape[1:]), (values.strides[0], *values.strides)
    if values.flags.c_contiguous:  # without the detour of ``as_strided``, which costs more than the rest for few parts
        rows: FloatArray = np.ndarray(shape, values.dtype, values, 0, strides)
    else:
        rows = np.lib.stride_tricks.as_strided(values, shape, strides)
    latest = n - width
    if begin.max(initial=0) <= latest:
        found: FloatArray = rows[begin]
        return found
    found = rows[np.minimum(begin, latest)]
    for late in (begin > latest).nonzero()[0].tolist():
        held = max(n - int(begin[late]), 0)
        found[late, :held], found[late, held:] = values[n - held :], values[-1]
    return found


def sums(values: FloatArray, begin: IntArray, end: IntArray) -> FloatArray:
    """(m,) of ``values[begin[i] : end[i]]``, for begins in order and ends within the values; of one where it is empty.

    The parts are added up from the last to the first: so ``reduceat`` adds up nothing between them.
    """
    if len(begin) == 1:
        start, stop = int(begin[0]), int(end[0])
        one: FloatArray = np.add.reduceat(values[start : max(stop, start + 1)], FIRST)
        return one
    bounds = np.empty((len(begin), 2), dtype=np.int64)
    bounds[:, 0], bounds[:, 1] = begin[::-1], end[::-1]
    found: FloatArray = np.add.reduceat(values, bounds.reshape(-1))[::2][::-1]
    return found


def first_from(t_s: FloatArray, key_s: FloatArray, near: IntArray, interval_s: FloatArray) -> IntArray:
    """(m,) the first sample at or after each time, n where there is none: ``t_s.searchsorted(key_s)``, only sooner.

    near, interval_s : a sample in its neighbourhood, and the time between samples there.
    """
    if len(key_s) < FEW:
        return t_s.searchsorted(key_s)
    guess = near + np.ceil((key_s - t_s[near]) / np.maximum(interval_s, 1e-6) - 1e-3)  # rather one less
    found = np.minimum(np.maximum(guess, 1), len(t_s) - 1).astype(np.int64)
    late = (t_s[found] < key_s).nonzero()[0]
    found[late] = np.minimum(found[late] + 1, len(t_s) - 1)
    missed = ((t_s[found - 1] >= key_s) | (t_s[found] < key_s)).nonzero()[0]
    if len(missed):
        found[missed] = t_s.searchsorted(key_s[missed])
    return found


def running(step: np.ufunc, values: FloatArray) -> FloatArray:
    """(width, m) of ``step`` over all values down to each: as its ``accumulate``, which is slow for many columns."""
    if values.shape[1] < FEW:
        few: FloatArray = step.accumulate(values)
        return few
    found = values.copy()
    for above, row in pairwise(found):
        step(above, row, out=row)
    return found
