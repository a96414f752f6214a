"""Everything the guidelines look at, read from store and registry."""

from datetime import datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.guiding.diaries import Diaries
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import Diary, diary_of
from sensor_hub.guidelines.evaluate import local_day, standing
from sensor_hub.guidelines.history import is_history, runs_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import SAID
from sensor_hub.model.session import SessionSummary

BACK: Final = timedelta(days=400)  # ours: rules look at a year, and a bit before its first run


class Cases:
    """Puts a ``Case`` together."""

    def __init__(self, store: KeptStore, registry: Registry, diaries: Diaries) -> None:
        self._store, self._registry, self._diaries = store, registry, diaries

    def diary(self, person: Athlete) -> Diary:
        """Return what somebody said and did not take back."""
        return diary_of(e.edit for e in self._diaries.standing(person.id) if isinstance(e.edit, SAID))

    def case(self, person: Athlete, now_utc: datetime) -> Case:
        """Return somebody's case; StoreError or RegistryError if it cannot be read."""
        sessions = [
            s for s in self._store.sessions(person.id, now_utc - BACK) if is_history(s, simulated=person.simulated)
        ]
        days = self._store.days(person.id)
        diary = self.diary(person)
        sid = _in_progress(sessions)
        status = standing(person, sessions, now_utc, sid, days=days, settings=diary.settings).status
        return Case(
            athlete=person,
            now_utc=now_utc,
            runs=tuple(runs_of(sessions, person.zone, simulated=person.simulated)),
            days=tuple(days),
            diary=diary,
            findings=tuple(f for f in self._store.findings(person.id) if not f.withdrawn),
            headroom=status.headroom,
            shoes=tuple(self._registry.shoes.all(person.id)),
            worn=self._store.pairs(person.id, now_utc - BACK),
            recorded=frozenset(local_day(s.start_utc, person.zone) for s in sessions),
        )


def _in_progress(sessions: list[SessionSummary]) -> str | None:
    """The run that goes on, if the newest one does."""
    runs = [s for s in sessions if s.header.ledger == "run"]
    return runs[-1].header.sid if runs and not runs[-1].ended else None
