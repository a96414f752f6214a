"""Hears what one pod sends for a while, beside what becomes of it."""

from collections.abc import Sequence

from sensor_hub.model.raw import RawNotification


class Tap:
    """What one pod said on its present link, and what it sends from now on. Filled in the thread that takes it."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.heard: list[RawNotification] = []
        self._begun = False

    def begin(self, said: Sequence[RawNotification]) -> None:
        """Take what was said before, once: without it what comes may mean nothing."""
        if not self._begun:
            self._begun = True
            self.heard = [*said]

    def hear(self, items: Sequence[RawNotification]) -> None:
        """Take this pod's share of what came."""
        self.heard += [raw for raw in items if raw.device == self.device]
