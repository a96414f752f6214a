"""Metres of one source of records: from its odometer, or where it has none from speed and time."""

import math
from typing import Final

from sensor_hub.model.gait import RecordReading
from sensor_hub.units import US_PER_S

ODOMETER_JUMP_MPS: Final = 12.0  # faster than any runner over an interval: the odometer jumped
# What an odometer in steps of 0.1 m begins anew at: 16 bits in some pods, 32 in the standard.
ODOMETER_WRAPS_M: Final = (6_553.6, 429_496_729.6)
SPEED_COVERAGE: Final = 0.8  # ours: a distance from speed over less of the moving time is only a lower bound


class Odometer:
    """Adds up the way.

    is_ours : the file's own, which begins with its session; a pod's began some other day, may jump and may wrap.
    longest_interval_s : an odometer that was silent for longer was not heard all the while. has_total : it told one.
    """

    def __init__(self, *, is_ours: bool, longest_interval_s: float) -> None:
        self._is_pod, self._longest_interval_s = not is_ours, longest_interval_s
        self._total_m: float | None = 0.0 if is_ours else None
        self.has_total = False
        self._distance_m: float | None = None
        self._timed_s = self._untimed_s = 0.0  # moving time with and without a speed, while there is no odometer

    def distance_m(self, silent_us: int = 0) -> float | None:
        """Metres so far; None where nobody tells, or where too little of the time had a speed to tell them from.

        ``silent_us`` : how long the source has said nothing while others were heard.
        """
        if self.has_total or self._distance_m is None:
            return self._distance_m
        moving_s = self._timed_s + self._untimed_s + silent_us / US_PER_S
        return self._distance_m if self._timed_s >= SPEED_COVERAGE * moving_s else None

    def take(self, reading: RecordReading, interval_s: float, *, is_known: bool) -> float | None:
        """Add a record's way: of the odometer; where there is none speed times interval, unless that is unknown.

        Return the metres run since the record before; None where nobody knows them.
        """
        before, now = self._total_m, reading.distance_m
        if now is not None:
            self._total_m, self.has_total = now, True
            moved_m = None if before is None else self._moved_m(before, now, interval_s)
            self._distance_m = (self._distance_m or 0.0) + (moved_m or 0.0)
            jumped = moved_m is None or moved_m > ODOMETER_JUMP_MPS * max(interval_s, 1.0)
            return None if jumped else moved_m
        if not self.has_total and reading.speed_mps is not None and is_known:
            moved_m = reading.speed_mps * interval_s
            self._distance_m = (self._distance_m or 0.0) + moved_m
            self._timed_s += interval_s
            return moved_m
        self._untimed_s += interval_s
        return None

    def _moved_m(self, before_m: float, now_m: float, interval_s: float) -> float | None:
        """Return metres between two totals; None where the odometer jumped or began anew.

        It wrapped if it was within what anybody runs of its end, and heard from all the while: one that is back at
        nothing after a silence has begun anew.
        """
        farthest_m = ODOMETER_JUMP_MPS * max(interval_s, 1.0) if self._is_pod else math.inf
        may_wrap = self._is_pod and interval_s <= self._longest_interval_s
        wraps_m = [wrap_m for wrap_m in ODOMETER_WRAPS_M if may_wrap and before_m < wrap_m]
        moved_m = (now_m - before_m + wrap_m for wrap_m in (0.0, *wraps_m))
        return next((m for m in moved_m if 0 <= m <= farthest_m), None)
