"""Even pieces of a session, and what each piece gets of rows that reach into it."""

from collections.abc import Sequence

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.unseen import Unseen


class Grid:
    """Even pieces of a session. begins_s : of the first, seconds since the session's start."""

    def __init__(self, width_s: float, n: int, begins_s: float = 0.0) -> None:
        self.width_s, self.n, self.begins_s = width_s, n, begins_s
        self.middles_s: FloatArray = begins_s + (np.arange(n, dtype=float) + 0.5) * width_s

    def covered_s(self, stretches: Sequence[Unseen]) -> FloatArray:
        """(n,) seconds of each piece that lie in any of the stretches."""
        ends: list[list[float]] = []
        for one in sorted(stretches, key=lambda s: s.begin_s):
            if ends and one.begin_s <= ends[-1][1]:
                ends[-1][1] = max(ends[-1][1], one.end_s)
            else:
                ends.append([one.begin_s, one.end_s])
        if not ends:
            return np.zeros(self.n)
        moments = np.array(ends).ravel()
        lengths = np.diff(np.array(ends), axis=1).ravel()
        so_far: FloatArray = np.repeat(np.cumsum(lengths), 2)
        so_far[::2] -= lengths
        edges = self.begins_s + np.arange(self.n + 1) * self.width_s
        covered: FloatArray = np.diff(np.interp(edges, moments, so_far))
        return covered


class Rows:
    """Rows of a run, shared out among the pieces they reach into.

    ends_at : a row's moment is the end of what it stands for. A row of no known length counts at its moment.
    """

    def __init__(self, steps: StepTable, grid: Grid, at_s: FloatArray, *, ends_at: bool) -> None:
        self.n_steps = steps.n_steps
        self.lasts_s: FloatArray = steps.n_steps * steps.step_time_s
        self._n = grid.n
        length = np.nan_to_num(self.lasts_s)
        whole_s = grid.n * grid.width_s
        begin = np.clip(at_s - length if ends_at else at_s, 0.0, whole_s)
        end = np.clip(at_s if ends_at else at_s + length, begin, whole_s)
        first = np.minimum((begin // grid.width_s).astype(np.int64), grid.n - 1)
        last = np.clip(np.ceil(end / grid.width_s).astype(np.int64) - 1, first, grid.n - 1)
        reach = last - first + 1
        self._row: IntArray = np.repeat(np.arange(len(first)), reach)
        before = np.repeat(np.cumsum(reach) - reach, reach)
        self._piece: IntArray = first[self._row] + np.arange(len(self._row)) - before
        inside = np.minimum(end[self._row], (self._piece + 1) * grid.width_s)
        inside = inside - np.maximum(begin[self._row], self._piece * grid.width_s)
        span = (end - begin)[self._row]
        self._share: FloatArray = np.divide(inside, span, out=np.ones(len(span)), where=reach[self._row] > 1)
        self._weight: FloatArray = np.nan_to_num(self.n_steps)[self._row] * self._share

    def total(self, values: FloatArray) -> FloatArray:
        """(pieces,) sums of what is known of (rows,) amounts."""
        return self._binned(np.nan_to_num(values)[self._row] * self._share)

    def number(self, chosen: BoolArray) -> FloatArray:
        """(pieces,) how many of (rows,) are chosen."""
        return self._binned(chosen[self._row] * self._share)

    def mean(self, values: FloatArray) -> FloatArray:
        """(pieces,) means over steps of (rows,) values that are known."""
        spread = values[self._row]
        weight = np.where(np.isnan(spread), 0.0, self._weight)
        return ratio(self._binned(np.nan_to_num(spread) * weight), self._binned(weight))

    def spread(self, values: FloatArray) -> FloatArray:
        """(pieces,) standard deviation of (rows,) values around the mean of their piece; unknown of a single row."""
        off = values[self._row] - self.mean(values)[self._piece]
        weight = np.where(np.isnan(off), 0.0, self._weight)
        variance = ratio(self._binned(np.nan_to_num(off * off) * weight), self._binned(weight))
        variance[self._binned((weight > 0).astype(float)) < 2] = np.nan
        return np.sqrt(variance)

    def _binned(self, amounts: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(self._piece, weights=amounts, minlength=self._n).astype(float)
        return sums


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """(n,) one over the other; unknown where there is nothing below."""
    found: FloatArray = np.full(len(above), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
