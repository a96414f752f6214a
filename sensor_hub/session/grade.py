"""The slope under a runner, told from altitude and the way that was run.

A least-squares line of altitude over way, through the ``WINDOW_M`` just behind. It looks back only, so it is the same
live and replayed, and a slope is told about 40 m late: half of the window. It is unknown where it cannot be told: over
too little way, with the newest altitude too far behind, where altitude or odometer jumped, after a pause, a silence or
a rest, where the altitudes lie too far from any line, where the line is steeper than anybody runs, and as long as the
altitude has never changed: a file that has none may say 0 throughout, and no barometer is that still.

Measured on simulated hills (pieces of 100-500 m, SD 4 %, 3 m/s, a record a second in steps of 0.2 m, six hours): SD of
the error 1.8 %, half of which is that it is late. On the flat: 0.5-0.6 % with a barometer that wanders by 0.3-0.5 m
within 20-60 s, 2.6-4.2 % with a receiver's altitude that wanders by 3 m within 40-120 s. So a barometer's slopes are
good for hills and a receiver's for long ones only; a file does not say which it has. Over a run the errors do not add
up: grade times way came to the climb within 5 m an hour.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from sensor_hub.units import US_PER_S

UNKNOWN: Final = float("nan")

# All ours.
WINDOW_M: Final = 80.0
LEAST_WAY_M: Final = 40.0
LEAST_POINTS: Final = 4
APART_M: Final = 2.0  # points nearer than that would let a runner who hardly moves weigh most
FRESH_M: Final = 10.0  # way since the newest altitude
LONGEST_REST_US: Final = 30 * US_PER_S  # without APART_M of way: air pressure drifts meanwhile
JUMP_M: Final = 3.0  # between two points, beside half of the way between them: a receiver that found itself
JUMP_PER_M: Final = 0.5
ROUGHEST_M: Final = 2.0  # root mean square distance from the line; over the crest between two slopes of 15 % it is 1.7
STEEPEST: Final = 0.40


@dataclass(frozen=True, slots=True)
class _Point:
    way_m: float
    altitude_m: float
    at_us: int


class Grade:
    """Follows one source of altitudes; a pure function of what it is told, in order."""

    def __init__(self) -> None:
        self._points: deque[_Point] = deque()
        self._way_m = 0.0
        self._fitted = UNKNOWN
        self._first_m: float | None = None
        self._varies = False

    def begin(self) -> None:
        """Forget the way behind: what follows is not connected with it."""
        self._points.clear()
        self._fitted = UNKNOWN

    def take(self, at_us: int, moved_m: float, altitude_m: float | None) -> float:
        """Return rise over run of the way just behind; NaN is unknown.

        at_us : UTC microsecond. moved_m : way since it was told last, m. altitude_m : above any level, None is unknown.
        """
        self._way_m += moved_m
        if altitude_m is not None:
            self._first_m = altitude_m if self._first_m is None else self._first_m
            self._varies = self._varies or altitude_m != self._first_m
            self._add(_Point(self._way_m, altitude_m, at_us))
        is_fresh = bool(self._points) and self._way_m - self._points[-1].way_m <= FRESH_M
        return self._fitted if is_fresh and self._varies else UNKNOWN

    def _add(self, point: _Point) -> None:
        if self._points:
            newest = self._points[-1]
            moved_m = point.way_m - newest.way_m
            jumped = abs(point.altitude_m - newest.altitude_m) > JUMP_M + JUMP_PER_M * moved_m
            if jumped or point.at_us - newest.at_us > LONGEST_REST_US:
                self.begin()
            elif moved_m < APART_M:
                return
        self._points.append(point)
        while point.way_m - self._points[0].way_m > WINDOW_M:
            self._points.popleft()
        self._fitted = self._line()

    def _line(self) -> float:
        """Slope of the line through the points; NaN where they do not tell one."""
        points, n = self._points, len(self._points)
        if n < LEAST_POINTS or points[-1].way_m - points[0].way_m < LEAST_WAY_M:
            return UNKNOWN
        mean_way_m = sum(p.way_m for p in points) / n
        mean_altitude_m = sum(p.altitude_m for p in points) / n
        ways = [p.way_m - mean_way_m for p in points]
        rises = [p.altitude_m - mean_altitude_m for p in points]
        spread = sum(way * way for way in ways)
        slope = sum(way * rise for way, rise in zip(ways, rises, strict=True)) / spread
        beside = sum((rise - slope * way) ** 2 for way, rise in zip(ways, rises, strict=True))
        if abs(slope) > STEEPEST or beside > n * ROUGHEST_M**2:
            return UNKNOWN
        return slope
