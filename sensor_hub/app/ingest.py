"""What a hub does with messages: decode, commit, evaluate, tell. The same for a broker's batch and for an import."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import DecodeError, RegistryError
from sensor_hub.guidelines.evaluate import evaluate, local_day, should_notify
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Ack, DeadLetter, Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import DecodeFailed, LiveReading, SessionStarted, SessionSummary, StepBatch
from sensor_hub.wire import decode, sender

HISTORY_DAYS: Final = 120  # what the rules and the pages look back on, with room


@dataclass(slots=True)
class Digest:
    """What a batch held: durable envelopes, dead letters, live readings, and the acks that are due after commit."""

    envelopes: list[Envelope] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    live: list[LiveReading] = field(default_factory=list)
    acks: dict[str, list[int]] = field(default_factory=dict)

    def due(self) -> list[Ack]:
        """One ack a gateway."""
        return [Ack(gw, seqs) for gw, seqs in self.acks.items()]


def digest(messages: Iterable[tuple[str, bytes]]) -> Digest:
    """Sort a batch of (topic, payload); what cannot be decoded becomes a dead letter, which is acked too."""
    found = Digest()
    for topic, payload in messages:
        try:
            envelope = decode(payload)
        except DecodeError as error:
            gw, seq = sender(payload)
            found.dead.append(DeadLetter(topic, payload, f"{error.wire_format}: {error.problem}", gw, seq))
            if gw is not None and seq is not None:
                found.acks.setdefault(gw, []).append(seq)
            continue
        if isinstance(envelope.event, LiveReading):
            found.live.append(envelope.event)
            continue
        found.envelopes.append(envelope)
        found.acks.setdefault(envelope.gw, []).append(envelope.seq)
    return found


def _known_zone(zone: str) -> str:
    """Return the zone a foreign edge names, or UTC: its days must not stop the judgement of others."""
    try:
        return ZoneInfo(zone).key
    except (LookupError, ValueError, OSError):
        return "UTC"


class Ingest:
    """Commits envelopes and judges what they change. ``on_finding`` is told every new or changed finding once."""

    def __init__(
        self,
        store: Store,
        registry: Registry,
        *,
        on_finding: Callable[[Finding, bool], None] = lambda _finding, _notify: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store, self.registry = store, registry
        self._on_finding = on_finding
        self._clock = clock

    def athlete(self, pseudonym: str, zone: str) -> Athlete:
        """Return the registry's athlete, or a stand-in for one that only the sending edge knows."""
        try:
            return self.registry.athlete(self.registry.resolve(pseudonym))
        except RegistryError:
            return Athlete(pseudonym, pseudonym, _known_zone(zone))

    def take(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> set[str]:
        """Commit, then judge; return the athletes that changed. StoreError if nothing was kept."""
        self.commit(envelopes, dead)
        return self.judge_changes(envelopes)

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """Keep a batch durably: when this returns it may be acknowledged."""
        if envelopes or dead:
            self.store.commit(envelopes, dead)

    def judge_changes(self, envelopes: Sequence[Envelope]) -> set[str]:
        """Evaluate whom a committed batch concerns; return them."""
        changed: dict[str, tuple[Athlete, date]] = {}
        people: dict[str, Athlete] = {}
        for envelope in envelopes:
            if isinstance(envelope.event, DecodeFailed):
                continue
            header = envelope.event.header
            if header.athlete not in people:
                people[header.athlete] = self.athlete(header.athlete, header.zone)
            athlete = people[header.athlete]
            day = self._first_day(envelope, athlete)
            known = changed.get(athlete.id)
            changed[athlete.id] = (athlete, day if known is None else min(day, known[1]))
        for athlete, since in changed.values():
            self.judge(athlete, since)
        return set(changed)

    def _first_day(self, envelope: Envelope, athlete: Athlete) -> date:
        """First local day whose judgement the event can change: that of its session's start."""
        event = envelope.event
        if isinstance(event, SessionStarted | StepBatch | SessionSummary):
            return local_day(event.start_utc, athlete.zone)
        session = self.store.session(event.header.sid)
        return local_day(session.start_utc if session else self._clock(), athlete.zone)

    def judge(self, athlete: Athlete, since: date) -> list[Finding]:
        """Evaluate an athlete from a day on; store and tell what changed."""
        far_back = datetime.combine(since, datetime.min.time(), UTC) - timedelta(days=HISTORY_DAYS)
        sessions = self.store.sessions(athlete.id, since_utc=far_back)
        stored = {f.key: f for f in self.store.findings(athlete.id)}
        changed = evaluate(athlete, sessions, since, stored.values())
        for finding in changed:
            self.store.save_finding(finding)
            self._on_finding(finding, should_notify(stored.get(finding.key), finding, self._clock()))
        return changed
