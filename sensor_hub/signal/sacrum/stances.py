"""Impulse at the sacrum → stances of running.

A stance is seen from the moment the low-passed vertical acceleration rises out of a flight until it falls below one
body weight. The vertical is the mean acceleration of the last seconds, taken anew at whole seconds of device time.
Where in that a force plate's 20 N lie is told by ``correction``.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.signal.sacrum.grid import LINES_PER_S
from sensor_hub.signal.sacrum.step_shape import SHORTEST_STEP_S, Stances, StepDescriber, unit
from sensor_hub.units import STANDARD_GRAVITY_MPS2

CALIBRATION_LINES: Final = 3 * LINES_PER_S  # eight steps: their mean points up within a few degrees
SHORTEST_LINES: Final = LINES_PER_S  # less than a stride may be one flight, whose mean points anywhere
VERTICAL_LINES: Final = 5 * LINES_PER_S  # a belt that slipped is found again after as long
# Means of so many bins of 10 ms, one over the other: the ringing of soft tissue goes, with 25 ms of delay.
SMOOTHING: Final = (3, 2, 2)
SMOOTHED_BINS: Final = sum(SMOOTHING) - len(SMOOTHING) + 1
DELAY_LINES: Final = SMOOTHED_BINS / 2  # from the newest line to the middle of what was smoothed
LOADED_BW: Final = 1.0  # the vertical passes it fastest, so its time is the surest (ours)
FLIGHT_BW: Final = 0.5  # running goes below it between two stances, walking does not (ours)
LANDING_LINES: Final = 20  # a soft shock may come and go before the push passes one body weight
SHORTEST_LOADED_S: Final = 0.09  # above one body weight; a sprinter's is longer, a shake's shorter (ours)
LONGEST_LOADED_S: Final = 0.45
LONGEST_NOTCH_S: Final = 0.06  # between the shock of landing and the push of the same stance (ours)
SMOOTH_HISTORY: Final = LINES_PER_S
HISTORY_LINES: Final = VERTICAL_LINES + 2 * LINES_PER_S
INTERVAL_LINES: Final = 30


class StanceFinder:
    """Finds stances in impulse on consecutive lines (``grid``)."""

    def __init__(self) -> None:
        self._vertical: FloatArray | None = None
        self._newest_vertical: FloatArray | None = None
        self.clear()

    def clear(self) -> None:
        """Forget the stretch; the vertical stays known."""
        self._vertical = self._newest_vertical
        self._first: int | None = None  # line of the stretch
        self._from = 0  # line of the first column kept
        self._impulse = np.empty((3, 0))
        self._n_samples = np.empty(0, dtype=np.int64)
        self._seen = 0  # newest line whose bin was projected
        self._up = np.empty(0)  # the newest bins, for those to come
        self._smooth = np.empty(0)  # its last value was smoothed up to line ``_seen``
        self._rises = np.empty(0)
        self._falls = np.empty(0)
        self._n_judged = 0
        self._last_start_s = -np.inf
        self._steps = StepDescriber()

    def receive(self, line: IntArray, impulse: FloatArray, n_samples: IntArray) -> Stances:
        """Take lines, (m,), (3, m) m/s, (m,); return the stances that ended."""
        if not len(line):
            return Stances.none()
        if self._first is None:
            self._first = self._from = self._seen = int(line[0])
        self._impulse = np.concatenate([self._impulse, impulse], axis=1)
        self._n_samples = np.concatenate([self._n_samples, n_samples])
        newest = int(line[-1])
        if self._vertical is None:
            if newest < self._first + CALIBRATION_LINES:
                return Stances.none()
            self._vertical = unit(self._between(self._first, self._first + CALIBRATION_LINES))
            self._newest_vertical = self._vertical
        return self._advance(newest)

    def finish(self) -> Stances:
        """Return the stances of a stretch that was too short to tell the vertical for good, by its own mean."""
        if self._first is None or self._vertical is not None:
            return Stances.none()
        newest = self._from + len(self._n_samples) - 1
        if newest < self._first + SHORTEST_LINES:
            return Stances.none()
        self._vertical = unit(self._between(self._first, newest))
        return self._advance(newest)

    def open_rise_s(self) -> float | None:
        """Return the beginning of a stance after a flight whose end is not here."""
        if len(self._rises) == len(self._falls):
            return None
        rise_s = self._rises[-1:]
        at_s = float(rise_s[0])
        apart = at_s - self._last_start_s >= SHORTEST_STEP_S
        begun = self._seen / LINES_PER_S - at_s <= LONGEST_LOADED_S  # longer is standing
        landed_s = float(self._landed_s(rise_s)[0])
        return landed_s if apart and begun and not np.isnan(landed_s) else None

    def _between(self, first: int, last: int) -> FloatArray:
        gained: FloatArray = self._impulse[:, last - self._from] - self._impulse[:, first - self._from]
        return gained

    def _advance(self, newest: int) -> Stances:
        up = np.concatenate([self._up, self._project(newest)])
        self._seen = newest
        self._up = up[1 - SMOOTHED_BINS :]
        if len(up) < SMOOTHED_BINS:
            return Stances.none()
        n_old = len(self._smooth)
        self._smooth = np.concatenate([self._smooth, _smoothed(up)])
        self._cross(max(n_old - 1, 0))
        found = self._judge()
        self._smooth = self._smooth[-SMOOTH_HISTORY:]
        drop = max(len(self._n_samples) - HISTORY_LINES, 0)
        self._impulse, self._n_samples = self._impulse[:, drop:], self._n_samples[drop:]
        self._from += drop
        return found

    def _verticals(self, second: IntArray) -> FloatArray:
        """(3, n) upward unit vectors for consecutive seconds of device time."""
        assert self._first is not None and self._vertical is not None  # noqa: S101, PT018 -- for the type checker
        end = second * LINES_PER_S
        start = np.maximum(end - VERTICAL_LINES, self._first)
        known = end - self._first >= CALIBRATION_LINES
        vertical = np.repeat(self._vertical[:, None], len(second), axis=1)
        gained = self._impulse[:, end[known] - self._from] - self._impulse[:, start[known] - self._from]
        vertical[:, known] = unit(gained)
        if known[-1]:
            self._newest_vertical = vertical[:, -1]
        return vertical

    def _project(self, newest: int) -> FloatArray:
        """(k,) BW, mean upward acceleration in the bins after line ``_seen``."""
        if newest == self._seen:
            return np.empty(0)
        second = np.arange(self._seen // LINES_PER_S, (newest - 1) // LINES_PER_S + 1)
        begin = np.maximum(second * LINES_PER_S, self._seen)
        n_bins = np.minimum((second + 1) * LINES_PER_S, newest) - begin
        vertical = self._verticals(second)
        at = self._seen - self._from
        bins = self._impulse[:, at + 1 :] - self._impulse[:, at:-1]
        bins *= np.repeat(vertical, n_bins, axis=1)
        up: FloatArray = bins[0] + bins[1]
        up += bins[2]
        up *= LINES_PER_S / STANDARD_GRAVITY_MPS2
        return up

    def _cross(self, start: int) -> None:
        """Add the times at which the smoothed vertical passes one body weight after sample ``start``."""
        smooth = self._smooth[start:]
        loaded = smooth > LOADED_BW
        i = np.nonzero(loaded[1:] != loaded[:-1])[0]
        if not len(i):
            return
        share = (LOADED_BW - smooth[i]) / (smooth[i + 1] - smooth[i])
        at_s = ((self._seen + 1 - len(smooth) + i) - DELAY_LINES + share) / LINES_PER_S
        rises = loaded[i + 1]
        if len(self._rises) == len(self._falls) and not rises[0]:
            self._steps.begins_after(float(at_s[0]))  # it was loaded when the stretch began
            at_s, rises = at_s[1:], rises[1:]
        self._rises = np.concatenate([self._rises, at_s[rises]])
        self._falls = np.concatenate([self._falls, at_s[~rises]])

    def _landed_s(self, start_s: FloatArray) -> FloatArray:
        """(n,) s, when the vertical last passed ``FLIGHT_BW`` upwards before; NaN where that is long ago: no flight."""
        first = self._seen + 1 - len(self._smooth)
        at = np.floor(start_s * LINES_PER_S + DELAY_LINES).astype(np.int64) - first
        before = np.clip(at[:, None] - np.arange(LANDING_LINES), 0, len(self._smooth) - 2)
        flying = self._smooth[before] < FLIGHT_BW
        last = before[np.arange(len(at)), flying.argmax(axis=1)]
        low, high = self._smooth[last], self._smooth[last + 1]
        line = (first + last) - DELAY_LINES + (FLIGHT_BW - low) / np.where(high > low, high - low, 1.0)
        return np.where(flying.any(axis=1), line / LINES_PER_S, np.nan)

    def _judge(self) -> Stances:
        n, old = len(self._falls), self._n_judged
        if n == old:
            return Stances.none()
        rise_s, fall_s = self._rises[old:n], self._falls[old:]
        before_rise_s, before_fall_s = np.full(n - old, -np.inf), np.full(n - old, -np.inf)
        skip = 0 if old else 1
        before_rise_s[skip:], before_fall_s[skip:] = (
            self._rises[old + skip - 1 : n - 1],
            self._falls[old + skip - 1 : n - 1],
        )
        with np.errstate(invalid="ignore"):  # there is none before the first
            joined = (before_fall_s - before_rise_s < SHORTEST_LOADED_S) & (rise_s - before_fall_s < LONGEST_NOTCH_S)
        start_s = np.where(joined, before_rise_s, rise_s)
        loaded_s = fall_s - start_s
        landed_s = self._landed_s(start_s)
        possible = (loaded_s >= SHORTEST_LOADED_S) & (loaded_s <= LONGEST_LOADED_S) & ~np.isnan(landed_s)
        if old == 0 and not possible[0]:
            self._steps.begins_after(float(fall_s[0]))  # what was before it is not known
        start_s, fall_s = landed_s[possible], fall_s[possible]
        self._rises, self._falls = self._rises[max(n - 2, 0) :], self._falls[max(n - 2, 0) :]
        self._n_judged = len(self._falls)
        if not len(start_s):
            return Stances.none()
        apart = start_s - np.concatenate([[self._last_start_s], start_s[:-1]]) >= SHORTEST_STEP_S
        self._last_start_s = float(start_s[-1])
        start_s, fall_s = start_s[apart], fall_s[apart]
        if not len(start_s):
            return Stances.none()
        return self._steps.describe(start_s, fall_s, self._interval(fall_s), self._impulse_at)

    def _impulse_at(self, t_s: FloatArray) -> FloatArray:
        """(3, ...) m/s, linear between lines."""
        line = t_s * LINES_PER_S
        low = np.clip(np.floor(line).astype(np.int64), self._from, self._seen - 1)
        share = line - low
        low -= self._from
        impulse = np.empty((3, *line.shape))
        for axis, column in enumerate(self._impulse):
            below = column[low]
            impulse[axis] = below + share * (column[low + 1] - below)
        return impulse

    def _interval(self, fall_s: FloatArray) -> FloatArray:
        """(n,) s, mean time between the samples before each fall."""
        at = np.floor(fall_s * LINES_PER_S).astype(np.int64) - self._from
        back = np.maximum(at - INTERVAL_LINES, 0)
        interval_s: FloatArray = (at - back) / LINES_PER_S / (self._n_samples[at] - self._n_samples[back])
        return interval_s


def _smoothed(up: FloatArray) -> FloatArray:
    """(n - ``SMOOTHED_BINS`` + 1,)."""
    for width in SMOOTHING:
        total = up[: len(up) - width + 1].copy()
        for later in range(1, width):
            total += up[later : len(up) - width + 1 + later]
        total /= width
        up = total
    return up
