"""Steps for a screen on their way from the broker to the board: they wait for no commit, and one may be lost."""

import logging
import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final

from sensor_hub.adapters.mqtt.subscriber import Incoming
from sensor_hub.errors import SensorHubError

_LOG = logging.getLogger(__name__)
LINGER_S: Final = 0.02  # between two rounds: each asks who was erased and who may speak
MOST_WAITING: Final = 5000  # then the oldest go: they are the least worth


class LiveInbox:
    """Hands on what came since the last time, in a thread of its own.

    A commit waits for the disk, which takes a tenth of a second on a small machine, and messages wait for the commit
    before them. take : is given messages in the order they came; SensorHubError loses them, as they are no history.
    """

    def __init__(self, take: Callable[[list[Incoming]], None]) -> None:
        self._take = take
        self._waiting: deque[Incoming] = deque(maxlen=MOST_WAITING)
        self._changed = Condition()
        self._stopping = False
        self._has_failed = False
        self._thread = Thread(target=self._run, name="hub-live", daemon=True)

    def start(self) -> None:
        """Begin to hand on."""
        self._thread.start()

    def stop(self) -> None:
        """End; safe to call twice, and on one that never began."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def hear(self, incoming: Incoming) -> None:
        """Take a message, at once."""
        with self._changed:
            self._waiting.append(incoming)
            self._changed.notify()

    def _run(self) -> None:
        not_before_s = float("-inf")
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                if not self._stopping:
                    self._changed.wait_for(lambda: self._stopping, not_before_s - time.monotonic())
                if self._stopping:
                    return
                came = list(self._waiting)
                self._waiting.clear()
            not_before_s = time.monotonic() + LINGER_S
            try:
                self._take(came)
                self._has_failed = False
            except SensorHubError as problem:
                if not self._has_failed:
                    _LOG.warning("live steps cannot be shown: %s", problem)
                self._has_failed = True
            except Exception:
                # Composition root: a screen that stood still for ever would look like nobody running.
                _LOG.exception("%d live steps could not be shown", len(came))
