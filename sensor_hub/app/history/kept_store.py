"""A store that answers with the history after its edits; what was recorded stays as it is, behind ``recorded``.

Sessions nobody edited are passed on as they are. Of the others only totals of parts cost anything: they are computed
from stored steps once, and kept while nothing they are made of changes.
"""

import math
import threading
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.history.journal_view import JournalView, Snapshot
from sensor_hub.app.history.letting_go import parts_of
from sensor_hub.app.loads.conditions import leg_length_m
from sensor_hub.edits.fold import fold
from sensor_hub.edits.history import counting, days_of, kept_session, pairs_of, view
from sensor_hub.edits.made import Folded, Made
from sensor_hub.edits.parts import Asked, Rows, gaps_of, is_as_recorded, pauses_of, steps_of, summary_of
from sensor_hub.edits.same_run import are_apart
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.history import DaySpan, HistoryView, KeptSession
from sensor_hub.model.load import LoadReference
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.minutes import MinuteTable, minutes_of
from sensor_hub.model.ports import Store
from sensor_hub.model.rule import RuleSettings
from sensor_hub.model.session import GapFound, SessionHeader, SessionPaused, SessionSummary

# A session may be a part of one that began so long before, or the same run as it.
AROUND: Final = timedelta(days=8)
KEPT_TOTALS: Final = 2000
FAR_BACK: Final = datetime(1900, 1, 1, tzinfo=UTC)


class KeptStore:
    """``model.ports.Store`` over a recorded one and the journal of a registry; closing it closes the recorded one.

    shared : another process commits to the same store, so no totals are kept: its late steps would not be in them.
    """

    def __init__(
        self, recorded: Store, registry: Registry, *, journal: JournalView | None = None, shared: bool = False
    ) -> None:
        self.recorded, self._registry, self._shared = recorded, registry, shared
        self.journal = JournalView(registry) if journal is None else journal
        self._lock = threading.Lock()
        self._totals: dict[object, SessionSummary] = {}
        self._made_of: dict[object, frozenset[str]] = {}
        self._n_commits = 0
        self._people: dict[str, Athlete] = {}  # as the journal's newest snapshot knows them
        self._asked = Asked(
            rows=lambda sid: Rows(recorded.steps(sid), recorded.gaps(sid)),
            reference=self.reference,
            leg_length_m=self._leg_length_m,
        )

    # --- history -----------------------------------------------------------------------------------------------------

    def sessions(self, athlete: str, since_utc: datetime | None = None) -> list[SessionSummary]:
        """Sessions of an athlete that count, and started at ``since_utc`` or later, oldest first."""
        now = self._now()
        if athlete in now.edited:
            mine = counting(self._around(now, athlete, since_utc), athlete, self._summary)
        else:
            mine = self.recorded.sessions(athlete, _around(since_utc))
            if not are_apart(mine):
                mine = counting(fold(mine, [], now.people), athlete, self._summary)
        return mine if since_utc is None else [s for s in mine if s.start_utc >= since_utc]

    def session(self, sid: str) -> SessionSummary | None:
        """One session as the edits left it, whether it counts or not; None where there is none."""
        found = self._component(sid)
        if found is None:
            return self.recorded.session(sid)
        made = found.of(sid)
        return None if made is None else self._summary(found, made)

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order; empty if there are none."""
        found = self._component(sid)
        if found is None:
            return self.recorded.steps(sid)
        made = found.of(sid)
        if made is None:
            return StepTable.empty()
        if is_as_recorded(found, made):  # of what was merged another recorded session may be all that is left
            return self.recorded.steps(made.pieces[0].sid)
        return steps_of(found, made, self._asked)

    def gaps(self, sid: str) -> list[GapFound]:
        """Gaps of a session in time order."""
        found = self._component(sid)
        if found is None:
            return self.recorded.gaps(sid)
        made = found.of(sid)
        return [] if made is None else gaps_of(found, made, self._summary(found, made).header, self._asked)

    def pauses(self, sid: str) -> list[SessionPaused]:
        """Pauses of a session in time order."""
        found = self._component(sid)
        if found is None:
            return self.recorded.pauses(sid)
        made = found.of(sid)
        return [] if made is None else pauses_of(found, made, self._summary(found, made).header, self.recorded.pauses)

    def minutes(self, sid: str) -> MinuteTable:
        """A session's minutes: of its steps, or what was kept of them."""
        found = self._component(sid)
        if found is None:
            return self.recorded.minutes(sid)
        made = found.of(sid)
        if made is not None and is_as_recorded(found, made):
            return self.recorded.minutes(made.pieces[0].sid)
        return minutes_of(self.steps(sid))

    def pruned(self, sid: str) -> bool:
        """Whether single steps of a session, or of one that it is made of, were let go of."""
        found = self._component(sid)
        if found is None:
            return self.recorded.pruned(sid)
        made = found.of(sid)
        return made is not None and any(self.recorded.pruned(piece.sid) for piece in made.pieces)

    def kept(self, sid: str) -> KeptSession | None:
        """One session with what was said of it, and whether it counts; None where there is none."""
        now, found = self._now(), self._component(sid)
        if found is None:
            recorded = self.recorded.session(sid)
            found = None if recorded is None else self._around(now, recorded.header.athlete, recorded.start_utc)
        elif (made := found.of(sid)) is not None:
            found = self._around(now, made.athlete, found.start_utc(made))
        zones = {who: athlete.zone for who, athlete in now.people.items()}
        return None if found is None else kept_session(found, sid, zones, self._summary)

    def owners(self, sid: str, otherwise: str) -> frozenset[str]:
        """Return whose sessions are made of a recorded one: a part of it may have been given to somebody else."""
        found = self._component(sid)
        if found is None:
            return frozenset((otherwise,))
        parts = (made for one in (*found.sources, *found.made) if (made := found.of(one)) is not None)
        of_it = (made.athlete for made in parts if any(piece.sid == sid for piece in made.pieces))
        return frozenset(of_it) or frozenset((otherwise,))

    def days(self, athlete: str) -> list[DaySpan]:
        """Return what was answered for an athlete's days without a session."""
        now = self._now()
        return days_of(fold([], now.of_group(now.group(athlete)), now.people), athlete)

    def pairs(self, athlete: str, since_utc: datetime) -> tuple[tuple[str, str], ...]:
        """Return (session, pair) of an athlete's sessions from ``since_utc`` on of which the pair is known."""
        now = self._now()
        if athlete not in now.edited:
            return ()
        zone = now.people[athlete].zone if athlete in now.people else "UTC"
        return pairs_of(self._around(now, athlete, since_utc), athlete, zone)

    def is_edited(self, athlete: str) -> bool:
        """Whether the journal has entries about an athlete's history."""
        return athlete in self._now().edited

    def settings(self, athlete: str) -> RuleSettings:
        """Return what an athlete has set of the rules."""
        return self._now().settings(athlete)

    def folded(self, *athletes: str) -> Folded:
        """Return everything the journal makes of the whole histories of some athletes."""
        now = self._now()
        group = frozenset[str]().union(*(now.group(who) for who in athletes))
        return fold(self._recorded(group, None), now.of_group(group), now.people)

    def history(self, athlete: str, now_utc: datetime) -> HistoryView:
        """Return everything there is to see of it; RegistryError if nobody knows the athlete."""
        now, person = self._now(), self._registry.athlete(athlete)
        found = self._around(now, person.id, None)
        shoes = self._registry.shoes.all(person.id)
        return view(found, person, now.of_group(now.group(person.id)), shoes, now_utc, self._summary)

    # --- what is passed on -------------------------------------------------------------------------------------------

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """As the recorded store does; totals of parts of sessions that got messages are forgotten."""
        self.recorded.commit(envelopes, dead)
        heard = {e.event.header.sid for e in envelopes}
        with self._lock:
            # Steps may come after the end of their session was told: its summary, by which totals are kept, stays then.
            self._n_commits += 1
            for key in [key for key, sids in self._made_of.items() if not heard.isdisjoint(sids)]:
                del self._totals[key], self._made_of[key]

    def received(self, gw: str) -> list[tuple[int, int]]:
        """As the recorded store does."""
        return self.recorded.received(gw)

    def marks(self, sid: str) -> list[tuple[str, int, int]]:
        """As the recorded store does."""
        return self.recorded.marks(sid)

    def replace_session(self, summary: SessionSummary, steps: StepTable, gaps: Sequence[GapFound]) -> None:
        """Refuse: what an edit made of a session must never take the place of what was recorded."""
        raise ValueError(f"session {summary.header.sid}: replace it in the recorded store")

    def save_finding(self, finding: Finding) -> None:
        """As the recorded store does."""
        self.recorded.save_finding(finding)

    def findings(self, athlete: str | None = None) -> list[Finding]:
        """As the recorded store does."""
        return self.recorded.findings(athlete)

    def dead_letters(self) -> list[DeadLetter]:
        """As the recorded store does."""
        return self.recorded.dead_letters()

    def reassign(self, old_athlete: str, new_athlete: str) -> None:
        """As the recorded store does."""
        self.recorded.reassign(old_athlete, new_athlete)

    def restore(
        self,
        summary: SessionSummary,
        steps: StepTable,
        gaps: Sequence[GapFound],
        pauses: Sequence[SessionPaused],
        received: Sequence[tuple[str, int, int]] = (),
        minutes: MinuteTable | None = None,
    ) -> None:
        """As the recorded store does."""
        self.recorded.restore(summary, steps, gaps, pauses, received, minutes)

    def hand_over(self, sid: str, new_athlete: str) -> None:
        """As the recorded store does."""
        self.recorded.hand_over(sid, new_athlete)

    def erase(self, athlete: str, sids: Sequence[str] = ()) -> int:
        """As the recorded store does; totals of parts are forgotten too."""
        with self._lock:
            self._totals.clear()
            self._made_of.clear()
        self.journal.forget()
        return self.recorded.erase(athlete, sids)

    def athletes(self) -> list[str]:
        """As the recorded store does."""
        return self.recorded.athletes()

    def gateways(self) -> list[str]:
        """As the recorded store does."""
        return self.recorded.gateways()

    def tidy(self) -> int:
        """As the recorded store does."""
        return self.recorded.tidy()

    def prune(self, before_utc: datetime, keep: Collection[str] = (), *, within_s: float = math.inf) -> int:
        """As the recorded store does; steps that totals of parts are computed from stay, also where that is undone."""
        return self.recorded.prune(before_utc, {*keep, *parts_of(self._now())}, within_s=within_s)

    def texts(self) -> list[tuple[str, str | bytes]]:
        """As the recorded store does."""
        return self.recorded.texts()

    def close(self) -> None:
        """Close the recorded store."""
        self.recorded.close()

    # --- putting together --------------------------------------------------------------------------------------------

    def _now(self) -> Snapshot:
        try:
            now = self.journal.now()
        except RegistryError as error:
            raise StoreError(str(error)) from error  # without its edits a history would be another one
        self._people = now.people
        return now

    def _around(self, now: Snapshot, athlete: str, since_utc: datetime | None) -> Folded:
        """Fold what lies from some days before ``since_utc`` on."""
        group = now.group(athlete)
        return fold(self._recorded(group, _around(since_utc)), now.of_group(group), now.people)

    def _recorded(self, group: Iterable[str], since_utc: datetime | None) -> list[SessionSummary]:
        return [s for who in sorted(group) for s in self.recorded.sessions(who, since_utc)]

    def _component(self, sid: str) -> Folded | None:
        """Fold what the entries that name a session are about; None where none names it."""
        now = self._now()
        sids = now.about.get(sid)
        if sids is None:
            return None
        recorded = [s for one in sorted(sids) if (s := self.recorded.session(one)) is not None]
        return fold(recorded, now.of_sids(sids), now.people)

    def _summary(self, found: Folded, made: Made) -> SessionSummary:
        if is_as_recorded(found, made):
            return summary_of(found, made, self._asked)
        sources = tuple(found.sources[piece.sid] for piece in made.pieces)
        leg_length = self._leg_length_m(made.athlete)  # somebody may say later how tall they are
        key = (made.sid, made.athlete, made.pieces, made.ledger, made.surface, sources, leg_length)
        with self._lock:
            known, n_commits = self._totals.get(key), self._n_commits
        if known is not None:
            return known
        made_new = summary_of(found, made, self._asked)
        with self._lock:
            if self._shared or n_commits != self._n_commits:
                return made_new  # steps may have come while it was computed
            if len(self._totals) >= KEPT_TOTALS:
                self._totals.clear()
                self._made_of.clear()
            self._totals[key] = made_new
            self._made_of[key] = frozenset(piece.sid for piece in made.pieces)
        return made_new

    def reference(self, header: SessionHeader) -> LoadReference | None:
        """Return an athlete's own reference that a session is expressed in; None of the population's, or unknown."""
        if header.reference == REFERENCE_ID:
            return None
        try:
            own = self._registry.references.all(header.athlete)
        except RegistryError:  # an athlete whom only the sending edge knows
            return None
        return next((kept.reference for kept in own if kept.reference.id == header.reference), None)

    def _leg_length_m(self, athlete: str) -> float | None:
        person = self._people.get(athlete)
        return None if person is None else leg_length_m(person)


def _around(since_utc: datetime | None) -> datetime | None:
    """Return from when on sessions decide what counts from ``since_utc`` on."""
    return None if since_utc is None else max(since_utc, FAR_BACK + AROUND) - AROUND
