"""Names for sensors on the air that mean nothing elsewhere: what leaves an edge in place of an address."""

import secrets
import time
from collections.abc import Callable
from typing import Final

from sensor_hub.app.collecting.pairing import Heard

KEPT_S: Final = 600.0  # ours: somebody looks for a pod, reads, and taps
MOST_KEPT: Final = 2000


class HeardKeys:
    """Random keys for what was heard, valid for some minutes; the same sensor keeps its key while it is valid."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._kept: dict[str, tuple[Heard, float]] = {}  # by key

    def key_of(self, heard: Heard) -> str:
        """Return the key of a sensor that was heard just now."""
        self._forget()
        known = next((k for k, (h, _) in self._kept.items() if h.found.address == heard.found.address), None)
        key = known or secrets.token_hex(8)
        self._kept.pop(key, None)
        self._kept[key] = heard, self._clock_s()
        return key

    def heard(self, key: str) -> Heard | None:
        """Return what a key means; None if it is none, or no longer."""
        self._forget()
        found = self._kept.get(key)
        return None if found is None else found[0]

    def _forget(self) -> None:
        oldest_s = self._clock_s() - KEPT_S
        kept = [(key, held) for key, held in self._kept.items() if held[1] > oldest_s]
        self._kept = dict(kept[-MOST_KEPT:])
