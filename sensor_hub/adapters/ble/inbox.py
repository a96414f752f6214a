"""The one crossing from the Bluetooth thread to whoever records."""

from collections import deque
from threading import Condition
from typing import Final

from sensor_hub.model.link import LINK, LinkChange
from sensor_hub.model.raw import RawNotification

CAPACITY: Final = 100_000  # ours: a minute of eight pods at 200 Hz, some 20 MB


class Inbox:
    """Bounded, first in first out; when full the oldest notification goes, and its place says so.

    ``put`` never waits, so it may run inside the Bluetooth stack's callback. A loss is told as ``lost overflow N`` of
    the device, where the lost notifications would have been. Link changes are never dropped. Safe between threads.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 1:
            raise ValueError("an inbox holds at least one notification")
        self.capacity = capacity
        self._queue: deque[RawNotification] = deque()
        self._told: deque[RawNotification | LinkChange] = deque()  # older than the queue: link changes and losses
        self._dropped: dict[str, int] = {}
        self._filled = Condition()

    def put(self, raw: RawNotification) -> None:
        """Add one; drops the oldest if there is no room."""
        with self._filled:
            self._queue.append(raw)
            while len(self._queue) > self.capacity:
                self._drop_oldest()
            self._filled.notify()

    def _drop_oldest(self) -> None:
        oldest = self._queue.popleft()
        if oldest.characteristic == LINK:
            self._told.append(oldest)
            return
        self._dropped[oldest.device] = self._dropped.get(oldest.device, 0) + 1
        for i in range(len(self._told) - 1, -1, -1):
            told = self._told[i]
            if told.device == oldest.device:
                if isinstance(told, LinkChange):
                    self._told[i] = _lost(oldest, told.n_lost + 1)
                    return
                break
        self._told.append(_lost(oldest, 1))

    def take(self, timeout_s: float) -> list[RawNotification]:
        """Return all that is there, oldest first; waits at most ``timeout_s`` for the first, then returns nothing."""
        with self._filled:
            self._filled.wait_for(lambda: bool(self._queue), timeout_s)
            told = [t.to_notification() if isinstance(t, LinkChange) else t for t in self._told]
            taken = told + list(self._queue)
            self._told.clear()
            self._queue.clear()
            return taken

    @property
    def dropped(self) -> int:
        """How many notifications were dropped since the start."""
        with self._filled:
            return sum(self._dropped.values())

    def dropped_of(self, device: str) -> int:
        """How many of one device were dropped since the start."""
        with self._filled:
            return self._dropped.get(device, 0)


def _lost(last: RawNotification, n_lost: int) -> LinkChange:
    return LinkChange(last.device, last.arrival_utc, "lost", "overflow", n_lost)
