"""What store, journal and registry say of whom, read again only when it may be another.

A commit of a run in progress comes twice a second and changes one session: then that one alone is read, and not more
often than the eye would notice.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import HISTORY_DAYS
from sensor_hub.edits.same_run import are_apart
from sensor_hub.errors import SensorHubError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.ports import Store
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.model.session import SessionSummary

KNOWN_S: Final = 5.0  # how long a history is believed: another process may import or merge
RUNNING_S: Final = 20.0  # the same of somebody who runs just now: of them nobody imports anything
GROWN_S: Final = 1.0  # how long a run in progress is believed, whose steps go on being shown by themselves


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an athlete on a day; the same object as long as nothing of it changes."""

    sessions: list[SessionSummary]
    findings: list[Finding]
    day: str
    days: list[DaySpan]
    settings: RuleSettings
    marks: Mapping[str, FindingMark]


@dataclass(slots=True)
class _Held:
    """known, as it was read at read_s, believed for so long. grown : sessions that grew since grown_s."""

    known: Known
    read_s: float
    grown_s: float
    believed_s: float = KNOWN_S
    grown: set[str] = field(default_factory=set)


class Histories:
    """Of everybody, by pseudonym. Safe from any thread; StoreError or RegistryError if it cannot be read."""

    def __init__(self, store: Store, registry: Registry, clock_s: Callable[[], float]) -> None:
        self._store, self._registry, self._clock_s = store, registry, clock_s
        self._kept = store if isinstance(store, KeptStore) else None
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}
        self._touched: dict[str, int] = {}

    def touch(self, athlete: str) -> None:
        """Something may be another: all of it is read the next time."""
        with self._lock:
            self._touched[athlete] = self._touched.get(athlete, 0) + 1
            held = self._held.get(athlete)
            if held is not None:
                held.read_s = float("-inf")

    def grew(self, athlete: str, sids: Iterable[str]) -> None:
        """More was committed of runs in progress, and nothing else has changed."""
        with self._lock:
            self._touched[athlete] = self._touched.get(athlete, 0) + 1
            held = self._held.get(athlete)
            if held is not None:
                held.grown.update(sids)
                held.believed_s = RUNNING_S

    def version(self, athlete: str) -> int:
        """Return what is another whenever something was committed or changed."""
        with self._lock:
            return self._touched.get(athlete, 0)

    def people(self) -> set[str]:
        """Everybody of whom something is held."""
        with self._lock:
            return {*self._held, *self._touched}

    def forget(self, athlete: str) -> None:
        """Let go of somebody."""
        with self._lock:
            self._held.pop(athlete, None)
            self._touched.pop(athlete, None)

    def of(self, athlete: Athlete, now_utc: datetime) -> Known:
        """Return what is known of somebody at a moment."""
        day, now_s = local_day(now_utc, athlete.zone).isoformat(), self._clock_s()
        with self._lock:
            held, touched = self._held.get(athlete.id), self._touched.get(athlete.id, 0)
            grown = set[str]()
            if held is not None and held.known.day == day and now_s - held.read_s < held.believed_s:
                if not held.grown or now_s - held.grown_s < GROWN_S:
                    return held.known
                grown, held.grown, held.grown_s = held.grown, set(), now_s
        if held is None or not grown:
            return self._whole(athlete, now_utc, day, held, touched)
        try:
            return self._grown(athlete, held, grown) or self._whole(athlete, now_utc, day, held, touched)
        except SensorHubError:
            with self._lock:
                held.grown |= grown  # it is still to be read
            raise

    def _whole(self, athlete: Athlete, now_utc: datetime, day: str, held: _Held | None, touched: int) -> Known:
        read_s, kept = self._clock_s(), self._kept
        since_utc = now_utc - timedelta(days=HISTORY_DAYS)
        days = [] if kept is None else kept.days(athlete.id)
        settings = DEFAULT_SETTINGS if kept is None else kept.settings(athlete.id)
        sessions, findings = self._store.sessions(athlete.id, since_utc), self._store.findings(athlete.id)
        marks = self._registry.marks.of(athlete.id) if findings else {}
        known = Known(sessions, findings, day, days, settings, marks)
        if held is not None and held.known == known:
            known = held.known  # what was made of it holds
        with self._lock:
            if touched == self._touched.get(athlete.id, 0):  # else a commit came in between, and this is old already
                self._held[athlete.id] = _Held(known, read_s, read_s)
        return known

    def _grown(self, athlete: Athlete, held: _Held, grown: set[str]) -> Known | None:
        """Return what is known with these sessions as they are now; None where only all of it can tell."""
        known, kept = held.known, self._kept
        there = {s.header.sid: s for s in known.sessions}
        if not grown <= there.keys() or (kept is not None and kept.is_edited(athlete.id)):
            return None
        found = {sid: self._store.session(sid) for sid in grown}
        if any(s is None or s.ended or s.start_utc != there[sid].start_utc for sid, s in found.items()):
            return None
        sessions = [found.get(s.header.sid) or s for s in known.sessions]
        if kept is not None and not are_apart(sessions):
            return None
        known = replace(known, sessions=sessions)
        with self._lock:
            if self._held.get(athlete.id) is held and held.read_s > float("-inf"):
                held.known = known
        return known
