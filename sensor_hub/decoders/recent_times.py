"""Times of a device's newest frames: whether a frame was told before.

A link that was not cleaned up delivers everything twice, one copy after the other or crossed (1 2 1 2), so a frame must
be compared with more than the one before. Bluetooth keeps the order of what is sent: a frame that is a little older
than the newest can only be such a copy.
"""

from collections import deque
from typing import Final

COPIES: Final = 4  # frames may be as long as 2.7 s, so that time alone would not find their copies
LATE_S: Final = 2  # a clock that falls by more was set anew


class RecentTimes:
    """Times of the newest frames of one stream, in whole ticks of a counter of ``wrap_bits``."""

    def __init__(self, ticks_per_s: int, wrap_bits: int) -> None:
        self._late = LATE_S * ticks_per_s
        self._mask = (1 << wrap_bits) - 1
        self._recent: deque[int] = deque(maxlen=COPIES)
        self.newest: int | None = None

    def has_told(self, at: int) -> bool:
        """Whether a frame of this time is one of the newest ``COPIES``, or less than ``LATE_S`` older than the last."""
        if self.newest is None:
            return False
        return (self.newest - at) & self._mask < self._late or at in self._recent

    def remember(self, at: int) -> None:
        """Take the time of a frame that is told now."""
        self._recent.append(at)
        self.newest = at
