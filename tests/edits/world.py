"""A store and a registry on disk, with what keeps histories: edited as a person does, and judged after each edit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.history.journal_view import JournalView
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.people import Archive
from sensor_hub.errors import EditError
from sensor_hub.model.edit import Edit, Entry, Undo
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import Outcome, Store
from sensor_hub.model.session import GapFound, SessionSummary
from tests.edits.recorded import Recorded
from tests.edits.strategies import MADE_UTC, PEOPLE

ZONES = ("Europe/Berlin", "America/New_York")


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything there is to see of some people's histories."""

    sessions: dict[str, list[SessionSummary]]
    views: dict[str, HistoryView]
    steps: dict[str, StepTable]
    gaps: dict[str, list[GapFound]]
    findings: dict[str, Finding]


@dataclass(slots=True)
class World:
    """One hub's memory. ``reopened`` gives the next one on the same files."""

    folder: Path
    people: Sequence[str] = PEOPLE
    recorded: Store | None = None  # another store than SQLite's
    _made: dict[str, str] = field(default_factory=dict)  # id in a story → id in the journal

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._now_utc = MADE_UTC
        self._open()
        there = {athlete.id for athlete in self.registry.athletes()}
        for who, zone in zip(self.people, ZONES, strict=False):
            if who not in there:
                self.registry.add_athlete(f"Runner {who}", zone, pseudonym=who)

    registry: Registry = field(init=False)
    store: KeptStore = field(init=False)
    ingest: Ingest = field(init=False)
    keeping: HistoryKeeping = field(init=False)
    _now_utc: datetime = field(init=False)

    def _open(self) -> None:
        self.registry = Registry(f"sqlite:///{self.folder / 'registry.db'}")
        recorded = self.recorded or SqliteStore(self.folder / "store.db")
        self.store = KeptStore(recorded, self.registry, journal=JournalView(self.registry, fresh_s=0.0))
        self.ingest = Ingest(self.store, self.registry, clock=self.now)
        self.keeping = HistoryKeeping(self.store, self.registry, self.ingest, clock=self.now)

    def now(self) -> datetime:
        """A second later each time."""
        self._now_utc += timedelta(seconds=1)
        return self._now_utc

    def pass_time(self, to_utc: datetime) -> None:
        """Let it be as late as that at least."""
        self._now_utc = max(self._now_utc, to_utc)

    def close(self) -> None:
        self.store.close()
        self.registry.close()

    def reopen(self) -> None:
        """As a process does that was started anew."""
        self.close()
        self._open()

    @property
    def archive(self) -> Archive:
        return Archive(self.registry, self.store, "UTC")

    # --- what happens ------------------------------------------------------------------------------------------------

    def keep(self, sessions: Iterable[Recorded]) -> None:
        """Store sessions without a word about them."""
        for session in sessions:
            self.store.recorded.commit(session.envelopes())

    def judge(self) -> None:
        """Judge everybody's whole history."""
        for athlete in self.registry.athletes():
            self.archive.judge_again(athlete)

    def take(self, session: Recorded) -> None:
        """Store a session and judge what it changes, as an ingest does."""
        self.ingest.take(session.envelopes())

    def say(self, entry: Entry) -> Outcome | None:
        """Make an edit of a story, or take one back; None where it is refused."""
        try:
            if isinstance(entry.edit, Undo):
                wanted = self._made.get(entry.edit.entry, entry.edit.entry)
                outcome = self.keeping.undo(entry.athlete, by=entry.by, entry=wanted)
            else:
                outcome = self.keeping.edit(entry.athlete, [entry.edit], by=entry.by)
        except EditError:
            return None
        self._made[entry.id] = outcome.entries[-1].id
        return outcome

    def edit(self, who: str, *edits: Edit) -> Outcome:
        return self.keeping.edit(who, edits, by="cli")

    def undo_everything(self) -> int:
        """Take back edits, the newest first, until there are none; return how many there were."""
        n = 0
        for who in self.people:
            while True:
                try:
                    self.keeping.undo(who, by="cli")
                except EditError:
                    break
                n += 1
        return n

    # --- what there is to see ----------------------------------------------------------------------------------------

    def findings(self) -> dict[str, Finding]:
        """What holds."""
        return {finding.key: finding for finding in self.store.findings() if not finding.withdrawn}

    def seen(self) -> Seen:
        now_utc = MADE_UTC + timedelta(days=1)
        views = {who: self.store.history(who, now_utc) for who in self.people}
        sids = {kept.summary.header.sid for view in views.values() for kept in view.sessions}
        return Seen(
            {who: self.store.sessions(who) for who in self.people},
            views,
            {sid: self.store.steps(sid) for sid in sids},
            {sid: self.store.gaps(sid) for sid in sids},
            self.findings(),
        )


def from_scratch(folder: Path, sessions: Iterable[Recorded], journal: Sequence[Entry]) -> World:
    """A world that gets all sessions, then the whole journal, and is judged once."""
    world = World(folder)
    world.keep(sessions)
    world.registry.journal.append(journal)
    world.registry.journal.set_judged(journal)
    world.judge()
    return world
