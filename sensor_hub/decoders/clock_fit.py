"""When a device's seconds happened, in UTC, learned from when its notifications arrived.

A notification arrives after its newest sample was taken, never before: by the time the radio needed, which has a
smallest value and a long tail (retransmissions, a busy host). So the truth lies along the lower envelope of arrival
minus device time. Every ``window_s`` of device time gives one point, the smallest difference heard in it; the line
under all points of the last ``history_s`` that comes closest to them (the edge of their lower convex hull over the
middle of that time) is the fit: offset and skew.

The mapping is made of straight pieces and follows the fit with a delay: only at the border of a window is a new piece
begun, which would meet the fit at the next border, and it is never steeper or flatter than ``largest_slew`` allows.
So it is continuous, never steps back, and does not depend on how notifications were grouped. A fit that is less than
``DEAD_BAND_US`` away changes nothing.

A difference that rises by more than a second for half a minute says that the device's clock stood still; the fit then
begins anew, and if it is ``FAR_US`` away or more, ``is_behind`` asks for a new start. A difference that falls by
``FAR_US`` in mid-stream is the host's clock put back, which concerns no device: it is left out from then on.

Source: S. B. Moon, P. Skelly, D. Towsley, "Estimation and removal of clock skew from network delay measurements"
(INFOCOM 1999), whose linear programme the hull's edge over the mean time solves.
Validity: the smallest delay of the radio itself (a few ms) cannot be told from an offset and stays in the result.
"""

import math
from collections import deque
from copy import copy
from itertools import islice
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.session import ClockQuality
from sensor_hub.units import US_PER_S

FAR_US: Final = 5_000_000.0  # nobody catches up with that by running a little faster
DEAD_BAND_US: Final = 2000.0  # counters of milliseconds cannot be followed more closely
LATE_US: Final = 1_000_000.0  # a clock this late for STOOD_WINDOWS windows on end has stood still meanwhile
STOOD_WINDOWS: Final = 6
FARTHEST_US: Final = 253_402_300_799_999_999  # the last microsecond of a calendar
FEW: Final = 4  # as many are faster one by one
_KNOTS: Final = 128  # pieces that are remembered: what is timed later than that was never still open


class ClockFit:
    """Maps the unwrapped seconds of one device to UTC microseconds.

    Without ``observe`` it is a plain offset, which is all that a file without arrivals can have.

    Parameters
    ----------
    window_s : float
        Device seconds of one point of the envelope.
    history_s : float
        How far back the points go.
    shortest_s : float
        Span of points from which on a skew is believed.
    largest_skew, largest_slew : float
        Bounds of the clock's error of rate, and of the rate at which the mapping may run to catch up, as shares of 1.
    """

    def __init__(
        self,
        *,
        window_s: float = 5.0,
        history_s: float = 600.0,
        shortest_s: float = 20.0,
        largest_skew: float = 0.02,
        largest_slew: float = 0.1,
    ) -> None:
        self._window_s, self._history_s, self._shortest_s = window_s, history_s, shortest_s
        self._largest_skew, self._largest_slew = largest_skew, largest_slew
        self._n_resets = -1
        self._knots: deque[tuple[float, int, float]] = deque(maxlen=_KNOTS)  # device s, UTC µs, µs a device s
        self._newest_knot = math.nan, 0, 0.0
        self._points: deque[tuple[float, float]] = deque()
        self._hull: deque[tuple[float, float]] = deque()
        self._fit: tuple[float, float, float] | None = None  # the line; None until it is asked for again
        self._late: list[tuple[float, float]] = []
        self._best: tuple[float, float] | None = None  # device s and smallest difference of the open window
        self._put_back_us = 0.0  # by how much the host's clock was put back since the start
        self.window_end_s = math.inf
        self.is_behind = False

    @property
    def is_started(self) -> bool:
        """Whether it can tell the time."""
        return bool(self._knots)

    def start(self, device_s: float, utc_us: int) -> None:
        """Begin anew: this device second was that UTC microsecond, and what was learned before no longer holds."""
        self._n_resets += 1
        self._knots.clear()
        self._add_knot((device_s, utc_us, float(US_PER_S)))
        self._points.clear()
        self._hull.clear()
        self._fit = None
        self._late.clear()
        self._best = None
        self._put_back_us = 0.0
        self.window_end_s = math.inf
        self.is_behind = False

    def copy(self) -> "ClockFit":
        """Return one that knows the same, to see what would become of it."""
        twin = copy(self)
        twin._knots, twin._points, twin._hull = self._knots.copy(), self._points.copy(), self._hull.copy()
        twin._late = self._late.copy()
        return twin

    def time_us(self, device_s: float) -> int:
        """Return the UTC microsecond of a device second, within the calendar."""
        knot_s, knot_us, rate = self._newest_knot
        since_us = (device_s - knot_s) * rate
        if 0.0 <= since_us < FARTHEST_US:
            at_us = knot_us + round(since_us)
            return at_us if at_us < FARTHEST_US else FARTHEST_US
        return self._earlier_us(device_s)

    def _earlier_us(self, device_s: float) -> int:
        if not self._knots:
            raise ValueError("a clock must be started before it can tell the time")
        at = len(self._knots) - 1
        while at and device_s < self._knots[at][0]:
            at -= 1
        knot_s, knot_us, rate = self._knots[at]
        since_us = (device_s - knot_s) * rate
        return min(knot_us + round(min(max(since_us, -FARTHEST_US), FARTHEST_US)), FARTHEST_US)

    def times_us(self, device_s: FloatArray) -> IntArray:
        """(n,) UTC microseconds of (n,) device seconds, each as ``time_us`` tells it."""
        if len(device_s) <= FEW:
            return np.array([self.time_us(at_s) for at_s in device_s.tolist()], dtype=np.int64)
        knot_s, knot_us, rate = (np.array(column) for column in zip(*self._knots, strict=True))
        at = np.maximum(np.searchsorted(knot_s, device_s, side="right") - 1, 0)
        since_us = np.clip((device_s - knot_s[at]) * rate[at], -FARTHEST_US, FARTHEST_US)
        whole_us = np.clip(np.rint(since_us).astype(np.int64), -FARTHEST_US, FARTHEST_US)  # the float rounds the bound
        found: IntArray = np.minimum(knot_us[at] + whole_us, FARTHEST_US)
        return found

    def reaches(self, device_s: FloatArray, utc_us: int) -> BoolArray:
        """(n,) whether device seconds of the open window are at or after a UTC microsecond; as ``time_us`` rounds."""
        knot_s, knot_us, rate = self._newest_knot
        with np.errstate(over="ignore"):
            reached: BoolArray = np.round((device_s - knot_s) * rate) >= utc_us - knot_us
        return reached

    def observe(self, device_s: FloatArray, offset_us: FloatArray) -> None:
        """Take (n,) samples of the open window and (n,) arrival minus device time of their notifications, in µs."""
        at = 0 if len(offset_us) == 1 else int(offset_us.argmin())
        self.observe_single(float(device_s[at]), float(offset_us[at]))

    def observe_single(self, device_s: float, offset_us: float) -> None:
        """Take samples of the open window from one notification, the first of them at ``device_s``."""
        if self._best is None or offset_us < self._best[1]:
            self._best = device_s, offset_us
            if self.window_end_s == math.inf:
                self.window_end_s = self._newest_knot[0] + self._window_s

    def follow(self, device_s: FloatArray, offset_us: FloatArray) -> int:
        """Observe (n,) samples that rise, the first in the open window, and roll from window to window.

        Return how many were observed: all, unless the clock ``is_behind`` before them.
        """
        if self.window_end_s == math.inf:
            self.observe(device_s[:1], offset_us[:1])  # the first sample of all opens the first window
        n, begin = len(device_s), 0
        n_windows = max(0, math.ceil((float(device_s[-1]) - self.window_end_s) / self._window_s)) + 2
        ends_s = np.full(n_windows, self._window_s)
        ends_s[0] = self.window_end_s
        for end in device_s.searchsorted(np.add.accumulate(ends_s)).tolist():  # added one by one, as ``roll`` does
            self.observe(device_s[begin:end], offset_us[begin:end])
            begin = end
            if end == n:
                break
            self.roll(float(device_s[end]))
            if self.is_behind:
                break
        return begin

    def roll(self, device_s: float) -> None:
        """Close the windows that end at or before a device second, and steer by what they say."""
        if device_s < self.window_end_s:
            return
        border_s, window_s = self.window_end_s, self._window_s
        n_passed = math.floor((device_s - border_s) / window_s)
        self.window_end_s = border_s + (n_passed + 1) * window_s
        if self._best is not None:
            self._add((self._best[0], self._best[1] + self._put_back_us))
        self._best = None
        self._steer(border_s)
        if n_passed:
            self._steer(border_s + window_s)
        if n_passed > 1:
            self._steer(border_s + n_passed * window_s)

    def fitted_us(self, device_s: float) -> float | None:
        """Return where the fit, which the mapping follows, puts a device second; None before the first window."""
        return device_s * US_PER_S + self._on_line(device_s) if self._hull else None

    def quality(self) -> ClockQuality:
        """Return what is known of the clock so far; None where nothing arrived with it."""
        if not self._points:
            return ClockQuality(None, None, max(0, self._n_resets))
        x_s, y_us, skew_us = self._line()
        apart_us = [y - (y_us + (x - x_s) * skew_us) for x, y in self._points]
        residual_s = math.sqrt(sum(a * a for a in apart_us) / len(apart_us)) / US_PER_S
        is_long = self._points[-1][0] - self._points[0][0] >= self._shortest_s
        # the arrival gains on a device that is slow: its own rate is the inverse
        return ClockQuality(-skew_us if is_long else None, residual_s, self._n_resets)

    def _add(self, point: tuple[float, float]) -> None:
        late_us = point[1] - self._on_line(point[0]) if self._points else 0.0
        if late_us < -FAR_US:
            self._put_back_us -= late_us
            point = point[0], point[1] - late_us
        if late_us > LATE_US:
            self._late.append(point)
            if len(self._late) < STOOD_WINDOWS:
                return
            self._points.clear()  # nothing is that late for so long: the clock stood still
            self._hull.clear()
            late, self._late = self._late, []
            for one in late:
                self._append(one)
            return
        self._late.clear()
        self._append(point)

    def _append(self, point: tuple[float, float]) -> None:
        points, hull, self._fit = self._points, self._hull, None
        points.append(point)
        oldest_s = point[0] - self._history_s
        while points[0][0] < oldest_s:
            points.popleft()
        while hull and hull[0][0] < oldest_s:
            hull.popleft()  # the rest of the hull stays; what this one hid is looked at when it is needed
        self._extend_hull(point)
        if len(hull) <= 2:
            self._complete_hull()

    def _complete_hull(self) -> None:
        """Build the hull anew where its beginning was forgotten."""
        if self._hull[0] is self._points[0]:
            return
        self._hull.clear()
        self._extend_hull(*self._points)

    def _extend_hull(self, *points: tuple[float, float]) -> None:
        hull = self._hull
        for point in points:
            x_s, y_us = point
            while len(hull) > 1:
                (x0_s, y0_us), (x1_s, y1_us) = hull[-2], hull[-1]
                if (x1_s - x0_s) * (y_us - y0_us) > (y1_us - y0_us) * (x_s - x0_s):  # it turns up there
                    break
                hull.pop()
            hull.append(point)

    def _line(self) -> tuple[float, float, float]:
        """Return device s, difference in µs and µs of difference a device second of the fit."""
        if self._fit is None:
            self._fit = self._fitted()
        return self._fit

    def _fitted(self) -> tuple[float, float, float]:
        hull, bound = self._hull, self._largest_skew * US_PER_S
        oldest_s, newest_s = self._points[0][0], hull[-1][0]
        middle_s = (oldest_s + newest_s) / 2
        is_short = newest_s - oldest_s < self._shortest_s or len(hull) == 1
        if is_short or hull[0][0] >= middle_s:
            self._complete_hull()
        if is_short:
            x_s, y_us = min(hull, key=lambda point: point[1])
            return x_s, y_us, 0.0
        x0, y0 = hull[0]
        for x1, y1 in islice(hull, 1, None):
            if x1 >= middle_s:
                break
            x0, y0 = x1, y1
        return x1, y1, min(max((y1 - y0) / (x1 - x0), -bound), bound)

    def _on_line(self, device_s: float) -> float:
        x_s, y_us, skew_us = self._line()
        return y_us + (device_s - x_s) * skew_us

    def _steer(self, border_s: float) -> None:
        """Begin a piece at a border that meets the fit one window later."""
        if not self._hull:
            return
        next_s = border_s + self._window_s
        target_us = next_s * US_PER_S + self._on_line(next_s)
        knot_s, knot_us, rate = self._newest_knot
        ahead_us = target_us - (knot_us + (next_s - knot_s) * rate)
        self.is_behind = ahead_us > FAR_US
        if abs(ahead_us) < DEAD_BAND_US or self.is_behind:
            return
        border_us = self.time_us(border_s)
        slew = self._largest_slew
        rate = min(max((target_us - border_us) / self._window_s / US_PER_S, 1 - slew), 1 + slew) * US_PER_S
        self._add_knot((border_s, border_us, rate))

    def _add_knot(self, knot: tuple[float, int, float]) -> None:
        self._knots.append(knot)
        self._newest_knot = knot
