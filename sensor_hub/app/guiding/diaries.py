"""Diaries as they stand in the journal: read again only when somebody has written, and never mixed with edits."""

import threading
import time
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.history.journal_view import diary_lines
from sensor_hub.edits.in_force import in_force
from sensor_hub.model.edit import Entry
from sensor_hub.wire.edits import DIARY_KINDS

FRESH_S: Final = 0.25  # how long the journal is believed unchanged: another process may write
HELD_S: Final = 2.0  # how long lines are believed while nothing is written: a merge hands them over without a new one
_KINDS: Final = (*DIARY_KINDS, "undo")


class Diaries:
    """Reads a registry's diaries for one process; safe from any thread."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._version: tuple[int, int] = (-1, -1)
        self._asked_s = float("-inf")
        self._held: dict[str, tuple[tuple[int, int], float, tuple[Entry, ...]]] = {}

    def version(self) -> tuple[int, int]:
        """Return what changes with every line that anybody writes; RegistryError if it cannot be read."""
        with self._lock:
            now_s = time.monotonic()
            if now_s - self._asked_s >= FRESH_S:
                self._version, self._asked_s = self._registry.journal.version(), now_s
            return self._version

    def lines(self, athlete: str) -> tuple[Entry, ...]:
        """Return all lines of an athlete (a pseudonym) in the order they were made, also those taken back."""
        version, now_s = self.version(), time.monotonic()
        with self._lock:
            held = self._held.get(athlete)
        if held is not None and held[0] == version and now_s - held[1] < HELD_S:
            return held[2]
        found = diary_lines(e for e in self._registry.journal.entries([athlete], kinds=_KINDS) if e.athlete == athlete)
        with self._lock:
            self._held[athlete] = version, now_s, found
        return found

    def standing(self, athlete: str) -> list[Entry]:
        """Return the lines that are in force."""
        return in_force(self.lines(athlete))

    def unjudged(self) -> list[Entry]:
        """Return lines after which findings were to be judged and were not, of everybody."""
        left = self._registry.journal.unjudged(_KINDS)
        people = {entry.athlete for entry in left}
        known = {entry.id for who in people for entry in self.lines(who)}
        return [entry for entry in left if entry.id in known]

    def wrote(self, athlete: str, before: tuple[int, int], lines: tuple[Entry, ...], n: int) -> None:
        """Take over what was just written, ``n`` lines of it, unless somebody else wrote too since ``before``."""
        version = self._registry.journal.version()
        with self._lock:
            self._version, self._asked_s = version, time.monotonic()
            self._held.clear()
            if version[1] == before[1] + n:
                self._held[athlete] = version, time.monotonic(), lines

    def forget(self) -> None:
        """Read again the next time."""
        with self._lock:
            self._asked_s = float("-inf")
            self._held.clear()
