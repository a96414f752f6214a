"""Who there is: the athletes of the registry, and those whom only a sending edge knows."""

import threading
from collections.abc import Callable
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete

ROSTER_S: Final = 2.0  # how long the list of athletes is believed


class Everybody:
    """Safe from any thread; RegistryError if the registry cannot be read."""

    def __init__(self, registry: Registry, clock_s: Callable[[], float]) -> None:
        self._registry, self._clock_s = registry, clock_s
        self._lock = threading.Lock()
        self._strangers: dict[str, Athlete] = {}
        self._people: dict[str, Athlete] = {}
        self._read_s = float("-inf")

    def now(self) -> dict[str, Athlete]:
        """Return everybody by pseudonym, those of the registry by name."""
        with self._lock:
            if self._clock_s() - self._read_s > ROSTER_S:
                read_s = self._clock_s()
                self._people = self._strangers | {athlete.id: athlete for athlete in self._registry.athletes()}
                self._read_s = read_s
            return self._people

    def of(self, pseudonym: str) -> Athlete | None:
        """Return who has a pseudonym now, also one that was merged away; asks the registry, by name too."""
        now = self._registry.resolve(pseudonym)  # an error here means that it cannot be read, and not that it is nobody
        try:
            return self._registry.athlete(now)
        except RegistryError:
            return self._strangers.get(pseudonym)

    def resolved(self, pseudonym: str) -> str:
        """Return the pseudonym that somebody has now."""
        return pseudonym if pseudonym in self.now() else self._registry.resolve(pseudonym)

    def welcome(self, athlete: Athlete) -> bool:
        """Take in somebody whom only a sending edge knows; False of somebody who is there."""
        if athlete.id in self.now():
            return False
        with self._lock:
            self._strangers[athlete.id] = athlete
            self._read_s = float("-inf")
        return True

    def strangers(self) -> set[str]:
        """Pseudonyms of those whom only an edge knows."""
        with self._lock:
            return set(self._strangers)

    def forget(self, athlete: str | None = None) -> None:
        """Read again the next time; of somebody who was erased nothing is left."""
        with self._lock:
            if athlete is not None:
                self._strangers.pop(athlete, None)
            self._read_s = float("-inf")
