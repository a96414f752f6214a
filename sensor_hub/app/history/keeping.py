"""The write side of a history: an edit is checked, written into the journal, and judged. For CLI, REST and pages alike.

An entry is decided on one state of the journal and written only if nobody has written since; so two people may edit at
once. Between entry and judgement a process may be killed: whoever comes next judges what was left (``catch_up``).
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.history.checked_edits import checked
from sensor_hub.app.history.journal_view import Snapshot, made_sids, sids_of
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.history.letting_go import why_not_without_steps
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.sids import new_sid
from sensor_hub.edits.fold import fold
from sensor_hub.edits.in_force import undone
from sensor_hub.edits.made import Folded
from sensor_hub.edits.reasons import why_not
from sensor_hub.edits.undoing import moment_of, newest_made_together, owner_of, the_other_way
from sensor_hub.errors import EditError, RegistryError
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.guidelines.history import week_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import SayExercise
from sensor_hub.model.edit import Delete, Edit, Entry, MarkDays, Prefer, Tell, Undo, WearShoe
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import HistoryView, KeptSession
from sensor_hub.model.ports import Outcome
from sensor_hub.wire.edits import HISTORY_KINDS

TRIES: Final = 20
LEFT_BEHIND: Final = timedelta(seconds=30)  # an entry that old and unjudged: its process is gone
DAY: Final = timedelta(days=1)
A_MILLISECOND: Final = timedelta(milliseconds=1)


def _nobody(_athlete: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Reached:
    """Whom and which days an edit reaches, and which sessions."""

    people: frozenset[str]
    first: date
    last: date
    sids: frozenset[str]


class HistoryKeeping:
    """``model.ports.Keeping`` of a hub's memory.

    ingest : judges, and tells whom findings concern. on_change : told each athlete whose history changed.
    """

    def __init__(
        self,
        store: KeptStore,
        registry: Registry,
        ingest: Ingest,
        *,
        on_change: Callable[[str], None] = _nobody,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._registry, self._ingest = store, registry, ingest
        self._on_change, self._clock = on_change, clock
        self._lock = threading.Lock()

    def history(self, athlete: str) -> HistoryView:
        """An athlete's history with its edits; RegistryError if nobody knows them."""
        return self._store.history(athlete, self._clock())

    def kept(self, sid: str) -> KeptSession | None:
        """One session as it stands, or None."""
        return self._store.kept(sid)

    def edit(self, athlete: str, edits: Sequence[Edit], *, by: str) -> Outcome:
        """Make edits, all or none of them; EditError says why one cannot be."""
        person = self._registry.athlete(athlete)
        with self._lock:
            entries, before = self._written(person, edits, by)
            return self._judged(entries, before)

    def undo(self, athlete: str, *, by: str, entry: str | None = None) -> Outcome:
        """Take back an entry, or all that was said with the newest in force; of one that is undone, do it again."""
        person = self._registry.athlete(athlete)
        with self._lock:
            self._store.journal.forget()
            entries = [e for e in self._store.journal.now().entries if person.id in {e.athlete, e.other}]
            if entry is not None and all(e.id != entry for e in entries):
                raise EditError(f"there is no entry {entry} in {person.display_name}'s journal")
            gone = undone(entries)
            wanted = newest_made_together(entries, gone) if entry is None else [entry]
            owner = self._registry.athlete(owner_of(entries, wanted))
            written, before = self._written(owner, [the_other_way(entries, gone, one) for one in wanted], by)
            return self._judged(written, before)

    def catch_up(self) -> list[str]:
        """Judge after entries whose process was killed before it did; return whom they concern."""
        now_utc = self._clock()
        left = [e for e in self._registry.journal.unjudged(HISTORY_KINDS) if e.made_utc < now_utc - LEFT_BEHIND]
        if not left:
            return []
        with self._lock:
            self._store.journal.forget()
            people = {who for e in left for who in _people(e)}
            self._judged(left, self._store.folded(*people))
        return sorted(people)

    # --- writing -----------------------------------------------------------------------------------------------------

    def _written(self, person: Athlete, edits: Sequence[Edit], by: str) -> tuple[list[Entry], Folded]:
        """Write entries; return them, and what stood before them."""
        if not edits:
            raise EditError("there is nothing to change: name an edit at least")
        for _ in range(TRIES):
            self._store.journal.forget()
            version = self._registry.journal.version()
            now = self._store.journal.now()
            made = self._entries(person, edits, by, now)
            group = frozenset().union(*(now.group(who) for e in made for who in _people(e)))
            recorded = [s for who in sorted(group) for s in self._store.recorded.sessions(who)]
            entries = now.of_group(group)
            people = {a.id: a for a in self._registry.athletes()}
            before = fold(recorded, entries, people)
            for place, entry in enumerate(made):
                standing = before if place == 0 else fold(recorded, [*entries, *made[:place]], people)
                self._check_free(entry)
                _check(standing, entry, people, [*entries, *made[:place]])
                if reason := why_not_without_steps(standing, entry.edit, self._store.recorded.pruned):
                    raise EditError(reason)
                self._check_said(entry, entries)
            if self._registry.journal.append(made, after=version):
                self._store.journal.forget()
                return made, before
        raise EditError("the history is being edited by somebody else: try again in a moment")

    def _entries(self, person: Athlete, edits: Sequence[Edit], by: str, now: Snapshot) -> list[Entry]:
        """Return entries that share their moment with each other, and with no others: they are undone together."""
        now_utc = self._clock()
        at_utc, taken = now_utc, {moment_of(entry.id) for entry in now.entries}
        while moment_of(new_sid(at_utc)) in taken:
            at_utc += A_MILLISECOND
        return [self._entry(person, edit, by, now_utc, new_sid(at_utc)) for edit in edits]

    def _entry(self, person: Athlete, edit: Edit, by: str, now_utc: datetime, name: str) -> Entry:
        ready, other = checked(edit, person, self._registry, now_utc)
        if isinstance(ready, Undo):
            target = next((e for e in self._store.journal.now().entries if e.id == ready.entry), None)
            other = None if target is None else target.other
        return Entry(name, person.id, now_utc.replace(microsecond=0), by, ready, other)

    def _check_said(self, entry: Entry, entries: Iterable[Entry]) -> None:
        """Refuse to bring back an exercise that its diary does not tell of any more."""
        targets = [e for e in entries if isinstance(entry.edit, Undo) and e.id == entry.edit.entry]
        for target in (e for e in targets if isinstance(e.edit, Delete)):
            lines = self._store.journal.diary(target.athlete)
            named = [e.id for e in lines if isinstance(e.edit, SayExercise) and e.edit.sid in sids_of(target.edit)]
            if named and undone(lines).issuperset(named):
                raise EditError(f"that exercise was taken back in the diary: 'diary undo {named[-1]}' says it again")

    def _check_free(self, entry: Entry) -> None:
        """Refuse an id that is in use, if only in the history of somebody else."""
        if taken := [sid for sid in made_sids(entry.edit) if self._store.session(sid) is not None]:
            raise EditError(f"there is a session {taken[0]} already")

    # --- judging -----------------------------------------------------------------------------------------------------

    def _judged(self, entries: Sequence[Entry], before: Folded) -> Outcome:
        people = {who for entry in entries for who in _people(entry)}
        after = self._store.folded(*people)
        reached = self._reach(entries, before, after)
        changed: list[Finding] = []
        if reached is not None:
            for who in sorted(reached.people):
                changed += self._judge(who, reached)
        self._registry.journal.set_judged(entries)
        for who in sorted(people):
            self._on_change(who)
        named = {sid for e in self._with_targets(entries) for sid in (*sids_of(e.edit), *made_sids(e.edit))}
        sessions = [kept for sid in sorted(named) if (kept := self._store.kept(sid)) is not None]
        return Outcome(tuple(entries), tuple(sessions), tuple(changed))

    def _judge(self, who: str, reached: _Reached) -> list[Finding]:
        try:
            person = self._registry.athlete(who)
        except RegistryError:  # erased meanwhile
            return []
        first, last = reached.first - DAY, reached.last + DAY
        days = (first + n * DAY for n in range((last - first + REACH).days))
        weeks = {f"week:{week_of(day, person.week_start).isoformat()}" for day in days}
        anew = weeks | {f"session:{sid}" for sid in reached.sids}
        return self._ingest.judge(person, first, reach=last - first + REACH, anew=anew)

    def _with_targets(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries with those that they take back, and those take back, and so on."""
        known = {e.id: e for e in self._store.journal.now().entries}
        found: dict[str, Entry] = {}
        waiting = list(entries)
        while waiting:
            entry = waiting.pop()
            found[entry.id] = entry
            if isinstance(entry.edit, Undo) and (target := known.get(entry.edit.entry)) is not None:
                waiting.append(target)
        return list(found.values())

    def _reach(self, entries: Sequence[Entry], before: Folded, after: Folded) -> _Reached | None:
        """Return what the entries can change; None where no rule looks at it."""
        days: list[date] = []
        sids: set[str] = set()
        for entry in self._with_targets(entries):
            if isinstance(entry.edit, Tell | WearShoe):
                continue
            zone = self._registry.athlete(entry.athlete).zone
            if isinstance(entry.edit, MarkDays):
                days += [entry.edit.first, entry.edit.last]
            elif isinstance(entry.edit, Prefer):
                mine = [s for s in after.sources.values() if s.header.athlete == entry.athlete]
                days += [local_day(s.start_utc, zone) for s in mine]
            for sid in (*sids_of(entry.edit), *made_sids(entry.edit)):
                sids.add(sid)
                for found in (before, after):
                    if (made := found.of(sid)) is not None:
                        days += [local_day(found.start_utc(made), zone), local_day(found.end_utc(made), zone)]
        if not days:
            return None
        people = frozenset(who for entry in self._with_targets(entries) for who in _people(entry))
        return _Reached(people, min(days), max(days), frozenset(sids))


def _people(entry: Entry) -> tuple[str, ...]:
    return (entry.athlete,) if entry.other is None else (entry.athlete, entry.other)


def _check(standing: Folded, entry: Entry, people: dict[str, Athlete], entries: Sequence[Entry]) -> None:
    """Raise EditError where an entry would have no effect."""
    if isinstance(entry.edit, Undo):
        if not any(e.id == entry.edit.entry and e.athlete == entry.athlete for e in entries):
            raise EditError(f"there is no entry {entry.edit.entry} in their journal")
        return
    reason = why_not(standing, entry, people)
    if reason is not None:
        raise EditError(reason)
