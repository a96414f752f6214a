"""Everything the guidelines look at, read from store and registry."""

from datetime import date, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.guiding.diaries import Diaries
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import Diary, diary_of
from sensor_hub.guidelines.evaluate import local_day, standing
from sensor_hub.guidelines.history import is_history, runs_of
from sensor_hub.guidelines.plans.courses import courses_now
from sensor_hub.guidelines.plans.walk_run import WalkRun, spans_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import SAID
from sensor_hub.model.session import SessionSummary
from sensor_hub.units import utc_us

BACK: Final = timedelta(days=400)  # ours: rules look at a year, and a bit before its first run
BY_TURNS: Final = timedelta(minutes=90)  # ours: a session of walking and running by turns is no longer


class Cases:
    """Puts a ``Case`` together."""

    def __init__(self, store: KeptStore, registry: Registry, diaries: Diaries) -> None:
        self._store, self._registry, self._diaries = store, registry, diaries
        self._turns: dict[str, tuple[datetime, WalkRun]] = {}

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
            walk_runs=self._walk_runs(sessions, diary, local_day(now_utc, person.zone), person.zone),
        )

    def _walk_runs(self, sessions: list[SessionSummary], diary: Diary, today: date, zone: str) -> tuple[WalkRun, ...]:
        """How the runs of a plan that leads back to running went by turns, of those whose steps are stored."""
        begun = [course.started for course in courses_now(diary, today) if course.plan == "return-to-running"]
        if not begun:
            return ()
        runs = [s for s in sessions if s.header.ledger == "run" and s.ended and s.totals.n_steps]
        of_plan = [
            s for s in runs if local_day(s.start_utc, zone) >= min(begun) and s.end_utc - s.start_utc <= BY_TURNS
        ]
        return tuple(self._walk_run(s) for s in of_plan if not self._store.pruned(s.header.sid))

    def _walk_run(self, session: SessionSummary) -> WalkRun:
        sid = session.header.sid
        known = self._turns.get(sid)
        if known is not None and known[0] == session.end_utc:
            return known[1]
        steps = self._store.steps(sid)
        start_us = utc_us(session.start_utc)
        spans = spans_of([(us - start_us) / 1e6 for us in steps.time_utc_us.tolist()], steps.gait.tolist())
        turns = WalkRun(sid, spans, (utc_us(session.end_utc) - start_us) / 1e6)
        self._turns[sid] = session.end_utc, turns
        return turns


def _in_progress(sessions: list[SessionSummary]) -> str | None:
    """The run that goes on, if the newest one does."""
    runs = [s for s in sessions if s.header.ledger == "run"]
    return runs[-1].header.sid if runs and not runs[-1].ended else None
