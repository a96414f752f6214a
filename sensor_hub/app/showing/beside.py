"""What stands on a tile beside load and steps: squads, the sensors' charge, who is on tonight's roster."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from sensor_hub.adapters.registry import Registry

BELIEVED_S: Final = 2.0  # how long it is believed: another process may write, and nobody is told of a charge

SquadsOf: TypeAlias = Callable[[], Mapping[str, tuple[str, ...]]]
BatteriesOf: TypeAlias = Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class BesideNow:
    """squads : ids by athlete. battery_percent : the lowest of the sensors worn, by athlete."""

    squads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    battery_percent: Mapping[str, int] = field(default_factory=dict)
    tonight: frozenset[str] = frozenset()


class Beside:
    """Asks for all of it at once, and not more often than every two seconds. Safe from any thread."""

    def __init__(self, registry: Registry, clock: Callable[[], datetime], clock_s: Callable[[], float]) -> None:
        self._registry, self._clock, self._clock_s = registry, clock, clock_s
        self._squads: SquadsOf = dict
        self._batteries: BatteriesOf = dict
        self._lock = threading.Lock()
        self._held = BesideNow()
        self._read_s = float("-inf")

    def ask_squads_of(self, squads: SquadsOf) -> None:
        """Say who knows the squads: their ids by athlete."""
        self._squads = squads
        self.forget()

    def ask_batteries_of(self, batteries: BatteriesOf) -> None:
        """Say who knows the charge: by athlete, in percent, the lowest of the sensors they wear."""
        self._batteries = batteries
        self.forget()

    def forget(self) -> None:
        """Ask again the next time."""
        with self._lock:
            self._read_s = float("-inf")

    def now(self) -> BesideNow:
        """Return it; RegistryError if it cannot be read."""
        with self._lock:
            if self._clock_s() - self._read_s < BELIEVED_S:
                return self._held
            read_s, now_utc = self._clock_s(), self._clock()
        lines = self._registry.rosters.lines(since_utc=now_utc)
        tonight = frozenset(line.athlete for line in lines if line.holds(now_utc))
        found = BesideNow(self._squads(), self._batteries(), tonight)
        with self._lock:
            self._held, self._read_s = found, read_s
        return found
