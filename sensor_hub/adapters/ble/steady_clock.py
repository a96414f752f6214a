"""The one clock of a collector: UTC as it was read once, plus the time that has passed since.

A host may learn in mid-run that its clock was wrong: a small computer without a battery for it starts with yesterday's
time and asks the network a minute later. No run may become days longer by that. So the wall clock is read at the start
of the collector and then not again, until no sensor has said anything for ``RESTED_S``: no run is under way then, and
the next one begins with the right date.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

RESTED_S: Final = 900.0  # ours: longer than any session waits for its next step


def _wall_utc() -> datetime:
    return datetime.now(UTC)


def _elapsed_s() -> float:
    """Seconds since some moment, those of a computer asleep included where the system counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class SteadyClock:
    """UTC that never jumps while sensors are heard; safe to read from any thread."""

    def __init__(
        self, wall_utc: Callable[[], datetime] = _wall_utc, elapsed_s: Callable[[], float] = _elapsed_s
    ) -> None:
        self._wall_utc, self._elapsed_s = wall_utc, elapsed_s
        self._heard_s = elapsed_s()
        self._begin = wall_utc(), self._heard_s

    def now_utc(self) -> datetime:
        """Return what it is now, by the clock that dates what sensors say."""
        begin_utc, begin_s = self._begin
        return begin_utc + timedelta(seconds=self._elapsed_s() - begin_s)

    def stamp_utc(self) -> datetime:
        """Return the same for something that was just heard; the first after a long rest has the wall clock read."""
        at_s = self._elapsed_s()
        if at_s - self._heard_s > RESTED_S:
            self._begin = self._wall_utc(), at_s
        self._heard_s = at_s
        return self.now_utc()
