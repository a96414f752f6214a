"""The journal as a process sees it: read again only when it has changed, and by whom and what each entry is."""

import threading
import time
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.edits.in_force import in_force
from sensor_hub.guidelines.diary import settings_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import SAID, Said, SayExercise, SayPain
from sensor_hub.model.edit import AddRun, Edit, Entry, Prefer, Split, Undo
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.wire.edits import DIARY_KINDS, HISTORY_KINDS

FRESH_S: Final = 0.25  # how long the journal is believed unchanged: another process may edit
PEOPLE_S: Final = 2.0  # and zones, heights
SETTINGS_KINDS: Final = ("set-policy", "set-rule", "profile", "undo")
_DIARY: Final = (*DIARY_KINDS, "undo")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The journal at one moment.

    together : by pseudonym, everybody whose histories are one question because a session went from one to another.
    about : by session id, the ids of all sessions that its entries name with it. edited : whose history has entries.
    rules : by pseudonym, what somebody has set of the rules.
    """

    entries: tuple[Entry, ...] = ()
    people: dict[str, Athlete] = field(default_factory=dict)
    together: dict[str, frozenset[str]] = field(default_factory=dict)
    about: dict[str, frozenset[str]] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()
    rules: dict[str, RuleSettings] = field(default_factory=dict)

    @classmethod
    def of(
        cls, entries: Iterable[Entry], people: Iterable[Athlete], rules: dict[str, RuleSettings] | None = None
    ) -> "Snapshot":
        """Put it together."""
        entries = tuple(entries)
        given = [frozenset((e.athlete, e.other)) for e in entries if e.other is not None]
        named = [frozenset(sids) for e in entries if (sids := sids_of(e.edit))]
        edited = frozenset(who for e in entries for who in (e.athlete, e.other) if who is not None)
        return cls(entries, {a.id: a for a in people}, _joined(given), _joined(named), edited, rules or {})

    def settings(self, athlete: str) -> RuleSettings:
        """Return what an athlete has set of the rules; by default everything is as the rules have it."""
        return self.rules.get(athlete, DEFAULT_SETTINGS)

    def group(self, athlete: str) -> frozenset[str]:
        """Return the athlete and everybody sessions went to or came from."""
        return self.together.get(athlete, frozenset((athlete,)))

    def of_group(self, group: frozenset[str]) -> list[Entry]:
        """Return the entries about a group."""
        return [e for e in self.entries if e.athlete in group]

    def of_sids(self, sids: frozenset[str]) -> list[Entry]:
        """Return the entries that name one of the sessions, and what takes them back."""
        mine = {e.id for e in self.entries if not sids.isdisjoint(sids_of(e.edit))}
        for entry in self.entries:
            if isinstance(entry.edit, Undo) and entry.edit.entry in mine:
                mine.add(entry.id)
        return [e for e in self.entries if e.id in mine or isinstance(e.edit, Prefer)]


def sids_of(edit: Edit) -> tuple[str, ...]:
    """Return the sessions an edit names."""
    if isinstance(edit, Split):
        return edit.sid, edit.second_sid
    sid: str | None = getattr(edit, "sid", None)
    several: tuple[str, ...] = getattr(edit, "sids", ())
    return several if sid is None else (sid,)


def made_sids(edit: Edit) -> tuple[str, ...]:
    """Return the sessions an edit brings into being."""
    if isinstance(edit, Split):
        return (edit.second_sid,)
    return (edit.sid,) if isinstance(edit, AddRun) else ()


def _of_history(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out what takes back a line of the diary, which stands in the same journal."""
    entries, known = list(entries), set[str]()
    for entry in entries:
        if not isinstance(entry.edit, Undo) or entry.edit.entry in known:
            known.add(entry.id)
    return [entry for entry in entries if entry.id in known]


def diary_lines(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the lines of diaries, and what takes them back; an undo of an edit of the history is none."""
    found, known = list[Entry](), set[str]()
    for entry in entries:
        if entry.edit.entry in known if isinstance(entry.edit, Undo) else isinstance(entry.edit, SAID):
            found.append(entry)
            known.add(entry.id)
    return tuple(found)


def without_sessions(line: Entry, sids: Container[str]) -> Entry:
    """Return a line of a diary that names none of these sessions: they are somebody else's, or gone."""
    named = getattr(line.edit, "sid", None)
    if not isinstance(line.edit, SayPain | SayExercise) or named is None or named not in sids:
        return line
    return replace(line, edit=replace(line.edit, sid=None))


def _joined(sets: Iterable[frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return of each name all it is connected with, through however many sets."""
    group: dict[str, set[str]] = {}
    for names in sets:
        together = set(names).union(*(group.get(name, ()) for name in names))
        for name in together:
            group[name] = together
    frozen = {id(names): frozenset(names) for names in group.values()}
    return {name: frozen[id(names)] for name, names in group.items()}


class JournalView:
    """Reads a registry's journal for one process; safe from any thread."""

    def __init__(self, registry: Registry, *, fresh_s: float = FRESH_S) -> None:
        self._registry, self._fresh_s = registry, fresh_s
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._version: tuple[int, int] | None = None
        self._asked_s = self._people_s = float("-inf")

    def now(self) -> Snapshot:
        """Return the journal; RegistryError if it cannot be read."""
        with self._lock:
            now_s = time.monotonic()
            if now_s - self._asked_s < self._fresh_s:
                return self._snapshot
            version = self._registry.journal.version()
            if version != self._version:
                entries = _of_history(self._registry.journal.entries(kinds=HISTORY_KINDS))
                self._snapshot = Snapshot.of(entries, self._registry.athletes(), self._rules())
                self._people_s = now_s
            elif (self._snapshot.entries or self._snapshot.rules) and now_s - self._people_s >= PEOPLE_S:
                self._snapshot = Snapshot.of(self._snapshot.entries, self._registry.athletes(), self._rules())
                self._people_s = now_s
            self._version, self._asked_s = version, now_s
            return self._snapshot

    def diary(self, athlete: str) -> tuple[Entry, ...]:
        """Return all lines of an athlete's diary, also those taken back; read anew. RegistryError if it cannot be."""
        entries = self._registry.journal.entries([athlete], kinds=_DIARY)
        return diary_lines(entry for entry in entries if entry.athlete == athlete)

    def _rules(self) -> dict[str, RuleSettings]:
        lines = diary_lines(self._registry.journal.entries(kinds=SETTINGS_KINDS))
        said: dict[str, list[Said]] = {}
        for line in in_force(lines):
            if isinstance(line.edit, SAID):
                said.setdefault(line.athlete, []).append(line.edit)
        return {who: settings_of(edits) for who, edits in said.items()}

    def forget(self) -> None:
        """Read it again the next time: it was just written, or the whole registry was put in place anew."""
        with self._lock:
            self._version = None
            self._asked_s = self._people_s = float("-inf")
