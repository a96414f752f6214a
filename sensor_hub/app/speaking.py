"""Whose numbers a message may use. A broker's rights know topics, and a message names its gateway inside.

Without this a gateway could say, of an athlete it may speak for, that it is another one with such a number: the hub
would acknowledge that number, and the other gateway let go of a message that nobody has stored.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError, StoreError

_LOOK_S: Final = 2.0  # as soon as the broker knows of a change


class Speakers:
    """Knows the gateways that were added here, and whom each is about; may be asked from any thread.

    A gateway that nobody added is as free as the broker lets it be: an edge on the hub's own machine, or a broker whose
    users are somebody else's.
    """

    def __init__(self, registry: Registry, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._registry, self._clock_s = registry, clock_s
        self._bound: dict[str, frozenset[str]] = {}
        self._looked_s = float("-inf")
        self._lock = Lock()

    def may(self, gw: str, athlete: str) -> bool:
        """Whether a gateway is about an athlete; StoreError where that cannot be told, so that a batch waits."""
        with self._lock:
            now_s = self._clock_s()
            if now_s - self._looked_s >= _LOOK_S:
                self._bound = self._look()
                self._looked_s = now_s
            return gw not in self._bound or athlete in self._bound[gw]

    def _look(self) -> dict[str, frozenset[str]]:
        try:
            known = self._registry.gateways.all(also_retired=True)
        except RegistryError as error:
            raise StoreError(str(error)) from error
        return {one.name: frozenset(one.spoken) for one in known if one.kind == "gateway" and not one.everybody}


__all__ = ["Speakers"]
