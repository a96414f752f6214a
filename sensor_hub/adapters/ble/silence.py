"""When a link that is said to be connected is to be believed dead."""

from typing import Final

FIRST_DATA_S: Final = 2.0  # a sensor may need this longer for its first notification than between two
LONE_STREAM: Final = 4.0  # times the limit for one stream that stopped while others go on


class Silence:
    """Times of the last notification of each stream of one link, on any steady clock, s.

    A link is silent when nothing came for ``stale_s``, or one stream that had begun stopped for four times as long.
    """

    def __init__(self, streams: frozenset[str], stale_s: float, opened_s: float) -> None:
        self._streams, self._stale_s, self._opened_s = streams, stale_s, opened_s
        self._last_s: dict[str, float] = {}

    def heard(self, characteristic: str, at_s: float) -> None:
        """Take note of a notification."""
        if characteristic in self._streams:
            self._last_s[characteristic] = at_s

    def is_silent(self, now_s: float) -> bool:
        """Whether too long nothing came; never of a link that has no stream."""
        if not self._streams:
            return False
        if not self._last_s:
            return now_s - self._opened_s > self._stale_s + FIRST_DATA_S
        last_s = self._last_s.values()
        return now_s - max(last_s) > self._stale_s or now_s - min(last_s) > LONE_STREAM * self._stale_s
