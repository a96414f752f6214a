"""What an athlete's loads are expressed in: given to new sessions, learned by itself once, made anew when asked.

With a new version the stored sessions of its instrument and model are expressed in it, back to 90 days before it was
learned, so that what is compared is of one reference. Older ones keep theirs. It may be done again at any time: what is
expressed already is passed over, so a kill in between is made good by the next time. A kill before they were judged is
made good when a hub starts. Nobody is notified of what only another reference makes of an old run.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.ingest import Ingest
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.load.achilles import VERSION, AchillesModel, population_reference
from sensor_hub.load.expressing import expressed
from sensor_hub.load.learning import LEAST_COVERAGE, LEAST_SESSIONS, WINDOW, Change, PastSession, change, learn
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import LoadReference
from sensor_hub.model.ports import Store
from sensor_hub.model.reference import KeptReference, Learned, NotYet
from sensor_hub.model.session import SessionSetup, SessionSummary
from sensor_hub.session.instrument import instrument_of
from sensor_hub.words.references import reference_line

_LOG: Final = logging.getLogger(__name__)
EXPRESSED_ANEW: Final = timedelta(days=90)
A_DAY: Final = timedelta(days=1)  # by which the days of two people's zones differ at most
SHOWN: Final = timedelta(days=30)  # the session rule's window: what a new reference does to it is shown


@dataclass(frozen=True, slots=True)
class Yard:
    """What a reference belongs to: an instrument and a version of the model."""

    instrument: str
    model: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an athlete's loads of one instrument are expressed in now, and what would be learned today.

    kept : the version in use, None for the population's. n_shown : runs of the last 30 days with that instrument;
    eq_km_before, eq_km_after : of them, in what is in use and in what would be learned; None where unknown.
    """

    athlete: Athlete
    yard: Yard
    kept: KeptReference | None
    found: Learned | NotYet
    n_shown: int
    eq_km_before: float | None
    eq_km_after: float | None

    @property
    def in_use(self) -> LoadReference:
        """The reference in use."""
        return population_reference() if self.kept is None else self.kept.reference

    @property
    def easy_km_bw_s(self) -> tuple[float, float | None]:
        """Modelled Achilles impulse a leg of an easy kilometre, BW·s: in use, and what would be learned."""
        after = AchillesModel(self.found.reference).eq_km_bw_s if isinstance(self.found, Learned) else None
        return AchillesModel(self.in_use).eq_km_bw_s, after

    @property
    def change(self) -> Change | None:
        """What the new one does beside the one in use; None where none can be learned."""
        return change(self.in_use, self.found.reference) if isinstance(self.found, Learned) else None

    @property
    def is_same(self) -> bool:
        """Whether what would be learned is the version in use again, number for number."""
        if self.kept is None or not isinstance(self.found, Learned):
            return False
        old, new = (replace(one, id="", learned_on=None) for one in (self.kept.reference, self.found.reference))
        return old == new and self.kept.at_easy_speed == self.found.at_easy_speed


@dataclass(frozen=True, slots=True)
class Anew:
    """Stored sessions that were expressed in another reference.

    left : those that stay in theirs, because not all of their steps are stored.
    """

    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def with_reference(setup: SessionSetup, registry: Registry) -> SessionSetup:
    """Return a new session's setup with its athlete's own reference for its instrument, or the population's."""
    model = AchillesModel(None, setup.conditions).version
    kept = registry.references.active(setup.athlete, instrument_of(setup), model)
    return replace(setup, load_reference=None if kept is None else kept.reference)


def with_known_reference(setup: SessionSetup, registry: Registry) -> SessionSetup:
    """Return a recorded session's setup with the reference it was made with, if that is known here.

    One that was learned elsewhere would bear the name of another one here, so the one in use takes its place.
    """
    recorded = setup.load_reference
    if recorded is None or any(kept.reference == recorded for kept in registry.references.all(setup.athlete)):
        return setup
    return with_reference(setup, registry)


def with_reference_of(stored: SessionSummary, setup: SessionSetup, registry: Registry) -> SessionSetup:
    """Return a setup with the reference that its session is expressed in since; as it is where nobody knows that."""
    name, own = stored.header.reference, registry.references.all(stored.header.athlete)
    known: dict[str, LoadReference | None] = {population_reference().id: None}
    known |= {kept.reference.id: kept.reference for kept in own}
    return replace(setup, load_reference=known[name]) if name in known else setup


def history(store: Store, athlete: Athlete) -> list[SessionSummary]:
    """Return an athlete's runs that are over and count, oldest first; simulated ones for the simulated only."""
    return [
        s for s in store.sessions(athlete.id)
        if s.ended and s.header.ledger == "run" and s.header.origin != "replay"
        and (athlete.simulated or s.header.origin != "simulated")
    ]  # fmt: skip


def yards(sessions: Iterable[SessionSummary]) -> list[Yard]:
    """Return what runs were measured with, that of the newest first; a run without a load with nothing.

    Runs of an older program say no instrument: they come last.
    """
    newest = sorted(sessions, key=lambda s: (s.start_utc, s.header.sid), reverse=True)
    told = dict.fromkeys(_yard(s) for s in newest if (s.totals.load_bw_s, s.totals.load_eq_km) != (None, None))
    return sorted(told, key=lambda yard: yard.instrument == "")


def propose(
    store: Store, registry: Registry, athlete: Athlete, yard: Yard, now_utc: datetime, runs: list[SessionSummary]
) -> Proposal:
    """Return what is in use and what would be learned now; ``runs`` is the athlete's ``history``."""
    kept = registry.references.active(athlete.id, yard.instrument, yard.model)
    found = _learn(store, athlete, yard, local_day(now_utc, athlete.zone), runs)
    shown = [s for s in runs if _yard(s) == yard and s.start_utc > now_utc - SHOWN]
    loads = [s.totals.load_bw_s for s in shown]
    load_bw_s = None if any(load is None for load in loads) else sum(load or 0.0 for load in loads)
    in_use = population_reference() if kept is None else kept.reference
    before = None if load_bw_s is None else load_bw_s / AchillesModel(in_use).eq_km_bw_s
    after = None
    if load_bw_s is not None and isinstance(found, Learned):
        after = load_bw_s / AchillesModel(found.reference).eq_km_bw_s
    return Proposal(athlete, yard, kept, found, len(shown), before, after)


def express_anew(
    ingest: Ingest, athlete: Athlete, kept: KeptReference, runs: Iterable[SessionSummary], *, judge_all: bool = False
) -> Anew:
    """Express stored runs of a reference's instrument and model in it, and judge what that changes.

    runs : as they were recorded; what edits made of them follows.
    judge_all : judge also where nothing is left to express; whoever expressed it may have been stopped before.
    """
    reference, store = kept.reference, ingest.recorded
    model, yard = AchillesModel(reference), Yard(reference.instrument, reference.model)
    since = (reference.learned_on or date.max) - EXPRESSED_ANEW
    done, left = [], []
    days = []
    given_to: dict[str, Athlete] = {}
    for run in runs:
        day, header = local_day(run.start_utc, athlete.zone), run.header
        if _yard(run) != yard or day < since:
            continue
        if header.reference == reference.id:
            days.append(day)
            given_to |= {who.id: who for who in ingest.owners(header)}
            continue
        steps = store.steps(header.sid)
        totals = expressed(run.totals, steps, model, header.tier)
        if totals is None:
            left.append(header.sid)
            continue
        anew = replace(run, header=replace(header, reference=reference.id), totals=totals)
        store.replace_session(anew, steps, store.gaps(header.sid))
        done.append(header.sid)
        days.append(day)
        given_to |= {who.id: who for who in ingest.owners(header)}
    if days and (done or judge_all):
        first, last = min(days), max(days)
        ingest.judge(athlete, first, reach=last - first + REACH, notify=False)
        given_to.pop(athlete.id, None)
        for other in given_to.values():
            ingest.judge(other, first - A_DAY, reach=last - first + 2 * A_DAY + REACH, notify=False)
    return Anew(tuple(done), tuple(left))


def express_all_anew(
    ingest: Ingest, athlete: Athlete, runs: Iterable[SessionSummary], *, judge_all: bool = False
) -> Anew:
    """Express stored runs in the references in use, each of its own instrument and model."""
    runs = list(runs)
    in_use = [kept for kept in ingest.registry.references.all(athlete.id) if kept.active]
    anew = [express_anew(ingest, athlete, kept, runs, judge_all=judge_all) for kept in in_use]
    return Anew(tuple(s for one in anew for s in one.done), tuple(s for one in anew for s in one.left))


class OwnReferences:
    """What a hub does by itself: the first reference of an instrument, and stored runs expressed in the one in use.

    Athletes are noted as ``due`` from any thread; ``work`` does it in the caller's.
    """

    def __init__(self, ingest: Ingest, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ingest, self._clock = ingest, clock
        self._due: set[str] = set()
        self._judged: set[str] = set()  # whose stored runs were judged in their references since this hub started
        self._lock = Lock()

    def note(self, athlete: str) -> None:
        """Look after an athlete the next time: one of their runs has ended."""
        with self._lock:
            self._due.add(athlete)

    def work(self) -> list[Athlete]:
        """Look after those who are due; return whose stored sessions changed.

        StoreError or RegistryError leaves the rest of them due.
        """
        known = {athlete.id: athlete for athlete in self._ingest.registry.athletes()} if self._due else {}
        changed = []
        while (who := self._next()) is not None:
            if who not in known:  # only the edge that sent the run knows them
                continue
            try:
                if self._look_after(known[who]):
                    changed.append(known[who])
            except BaseException:
                self.note(who)
                raise
        return changed

    def _next(self) -> str | None:
        with self._lock:
            return self._due.pop() if self._due else None

    def _look_after(self, athlete: Athlete) -> bool:
        store, registry, now_utc = self._ingest.store, self._ingest.registry, self._clock()
        runs = history(store, athlete)
        # Of others nothing can be learned yet, and their steps need not be read to know it.
        recent = [s for s in runs if s.start_utc > now_utc - WINDOW and s.totals.contact_time_s is not None]
        for yard in yards(recent):
            if (
                sum(_yard(s) == yard for s in recent) < LEAST_SESSIONS
                or registry.references.active(athlete.id, yard.instrument, yard.model) is not None
            ):
                continue
            found = _learn(store, athlete, yard, local_day(now_utc, athlete.zone), runs)
            if isinstance(found, Learned):
                kept = registry.references.keep(athlete.id, found, asked=False)
                # A warning, because stored sessions change: a person should see it once without asking for logs.
                _LOG.warning("%s: %s", athlete.display_name, reference_line(kept))
        judge_all = athlete.id not in self._judged
        self._judged.discard(athlete.id)  # a full disk may come in between
        recorded = history(self._ingest.recorded, athlete)
        done = express_all_anew(self._ingest, athlete, recorded, judge_all=judge_all).done
        self._judged.add(athlete.id)
        return bool(done)


def _yard(session: SessionSummary) -> Yard:
    return Yard(session.header.instrument, session.header.model)


def _learn(store: Store, athlete: Athlete, yard: Yard, today: date, runs: Iterable[SessionSummary]) -> Learned | NotYet:
    """Learn from stored runs; steps are read of those only that can count."""
    if yard.model.split("+")[0] != VERSION:  # its peaks are another model's
        return NotYet(yard.instrument, ("instrument",))
    own = [(local_day(s.start_utc, athlete.zone), s) for s in runs if s.header.instrument == yard.instrument]
    past = [
        PastSession(s.header.sid, day, s.totals.coverage, store.steps(s.header.sid))
        for day, s in own
        if _yard(s) == yard and timedelta(0) <= today - day < WINDOW and (s.totals.coverage or 0.0) >= LEAST_COVERAGE
    ]
    first_day = min((day for day, _ in own), default=today)
    return learn(past, instrument=yard.instrument, model=yard.model, first_day=first_day, today=today)
