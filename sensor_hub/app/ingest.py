"""What a hub does with what it was told: commit, evaluate, tell. The same for a broker's batch and for an import."""

from collections.abc import Callable, Container, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.notifying.noting import Noting
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.guidelines.evaluate import REACH, evaluate, local_day, says_more, should_notify
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.rule import DEFAULT_SETTINGS
from sensor_hub.model.session import (
    DecodeFailed,
    SessionHeader,
    SessionStarted,
    SessionSummary,
    StepBatch,
)

JUST_ENDED: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
HISTORY_DAYS: Final = 120  # what the rules and the pages look back on, with room


def _known_zone(zone: str) -> str:
    """Return the zone a foreign edge names, or UTC: its days must not stop the judgement of others."""
    try:
        return ZoneInfo(zone).key
    except (LookupError, ValueError, OSError):
        return "UTC"


@dataclass(frozen=True, slots=True)
class Change:
    """What a batch changed of an athlete: from which local day on, and whether one of their sessions has ended."""

    athlete: Athlete
    since: date
    final: bool


class Ingest:
    """Commits envelopes and judges what they change. ``on_finding`` is told every new or changed finding once.

    alone : entered with an athlete's pseudonym while they are judged; where several hubs judge, one at a time gets in.
    expect : told of a finding that a person will be told, before it is stored: a kill may come right after.
    known : the registry's answer to whom a message is about, where it need not be asked each time.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        *,
        on_finding: Callable[[Finding, bool], None] = lambda _finding, _notify: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        alone: Callable[[str], AbstractContextManager[object]] = lambda _athlete: nullcontext(),
        expect: Callable[[Finding], None] = lambda _finding: None,
        known: Callable[[str], Athlete | None] | None = None,
    ) -> None:
        self.store, self.registry = store, registry
        self._on_finding, self._alone, self._expect = on_finding, alone, expect
        self._clock = clock
        self._known = registry.known if known is None else known
        self._noting = Noting(registry, clock)

    @property
    def recorded(self) -> Store:
        """The sessions as they were recorded, whatever was edited of them."""
        return self.store.recorded if isinstance(self.store, KeptStore) else self.store

    def athlete(self, header: SessionHeader) -> Athlete:
        """Return the registry's athlete, or a stand-in for one that only the sending edge knows."""
        try:
            known = self._known(header.athlete)
            who = self.registry.resolve(header.athlete) if known is None else known.id
        except RegistryError as error:
            raise StoreError(str(error)) from error  # the registry is away: the batch comes again
        return known or Athlete(who, who, _known_zone(header.zone), simulated=header.origin == "simulated")

    def owners(self, header: SessionHeader) -> list[Athlete]:
        """Return whose a recorded session is: an edit may have given it, or a part of it, to somebody else."""
        store = self.store
        whose = store.owners(header.sid, header.athlete) if isinstance(store, KeptStore) else {header.athlete}
        return [
            self.athlete(header if who == header.athlete else replace(header, athlete=who)) for who in sorted(whose)
        ]

    def take(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> list[Athlete]:
        """Commit, then judge; return the athletes that changed. StoreError if nothing was kept."""
        self.commit(envelopes, dead)
        return self.judge_changes(envelopes)

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """Keep a batch durably: when this returns it may be acknowledged."""
        if envelopes or dead:
            self.store.commit(envelopes, dead)

    def judge_changes(self, envelopes: Sequence[Envelope]) -> list[Athlete]:
        """Evaluate whom a committed batch concerns; return them."""
        changes = self.changes(envelopes)
        for change in changes:
            self.judge(change.athlete, change.since, final=change.final)
        return [change.athlete for change in changes]

    def changes(self, envelopes: Sequence[Envelope]) -> list[Change]:
        """Return what a committed batch has changed, of each athlete once."""
        changed: dict[str, Athlete] = {}
        owners: dict[str, list[Athlete]] = {}
        since: dict[str, date] = {}
        ended: set[str] = set()
        for envelope in envelopes:
            event = envelope.event
            if isinstance(event, DecodeFailed):
                continue
            header = event.header
            if header.sid not in owners:
                owners[header.sid] = self.owners(header)
            for athlete in owners[header.sid]:
                changed[athlete.id] = athlete
                day = self._first_day(envelope, athlete)
                since[athlete.id] = min(day, since.get(athlete.id, day))
                if isinstance(event, SessionSummary):
                    ended.add(athlete.id)
        return [Change(athlete, since[who], who in ended) for who, athlete in changed.items()]

    def _first_day(self, envelope: Envelope, athlete: Athlete) -> date:
        """The local day that the event is about: that of its session's start."""
        event = envelope.event
        if isinstance(event, SessionStarted | StepBatch | SessionSummary):
            return local_day(event.start_utc, athlete.zone)
        session = self.store.session(event.header.sid)
        return local_day(session.start_utc if session else self._clock(), athlete.zone)

    def _dated(self, finding: Finding) -> Finding:
        """A finding that is withdrawn changes now; history says no time for it."""
        return replace(finding, updated_utc=self._clock()) if finding.withdrawn else finding

    def _note(self, finding: Finding, athlete: Athlete) -> None:
        """Write down whom to tell, before the finding itself: a kill in between must not keep it from them."""
        try:
            self._noting.finding(finding, athlete)
        except RegistryError as error:
            raise StoreError(str(error)) from error

    def _is_erased(self, athlete: str) -> bool:
        try:
            return athlete in self.registry.erasing.erasures()
        except RegistryError as error:
            raise StoreError(str(error)) from error

    def judge(
        self,
        athlete: Athlete,
        since: date,
        *,
        final: bool = True,
        reach: timedelta = REACH,
        notify: bool = True,
        anew: Container[str] = (),
    ) -> list[Finding]:
        """Evaluate what a change on a day can reach; store and tell what changed.

        That is the day before too: a session that began before midnight may be the same run, and count no more.
        While a run goes on (``final`` False) a finding that only grew by less than a percent of its reference is left
        as it was said. notify : False where only the way of expressing loads has changed: nobody ran. A run that goes
        on or has just ended may be told all the same, as this may come before the judgement of its own last batch.
        anew : scopes that an edit has changed (``evaluate``). Of a rule that looks at several measures of a run only
        the first that is above its limit notifies. Nobody who was erased is judged.
        """
        with self._alone(athlete.id):
            return self._judge(athlete, since, final=final, reach=reach, notify=notify, anew=anew)

    def _judge(
        self, athlete: Athlete, since: date, *, final: bool, reach: timedelta, notify: bool, anew: Container[str]
    ) -> list[Finding]:
        if self._is_erased(athlete.id):
            return []
        far_back = datetime.combine(since, datetime.min.time(), UTC) - timedelta(days=HISTORY_DAYS)
        sessions = self.store.sessions(athlete.id, since_utc=far_back)
        kept = self.store if isinstance(self.store, KeptStore) else None
        days = [] if kept is None else kept.days(athlete.id)
        settings = DEFAULT_SETTINGS if kept is None else kept.settings(athlete.id)
        stored = {f.key: f for f in self.store.findings(athlete.id)}
        changed = [
            self._dated(finding)
            for finding in evaluate(
                athlete,
                sessions,
                since - DAY,
                stored.values(),
                until=since + reach,
                anew=anew,
                days=days,
                settings=settings,
            )
            if final or says_more(stored.get(finding.key), finding)
        ]
        fresh = {f"session:{s.header.sid}" for s in sessions if not s.ended or s.end_utc >= self._clock() - JUST_ENDED}
        told = {(f.rule, f.scope) for f in stored.values() if f.severity == "alert"}
        for finding in changed:
            tells = (notify or finding.scope in fresh) and (finding.rule, finding.scope) not in told
            tells = tells and should_notify(stored.get(finding.key), finding, self._clock())
            if finding.severity == "alert":
                told.add((finding.rule, finding.scope))
            if tells:
                self._expect(finding)
                self._note(finding, athlete)
            self.store.save_finding(finding)
            self._on_finding(finding, tells)
        return changed
