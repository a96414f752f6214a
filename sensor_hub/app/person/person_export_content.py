"""What of the history is a person's own: recorded sessions, and the entries of the journal that made it so.

A session that was given to them by an edit is theirs as it stands now, and nothing says whose it was before; one that
they gave away is not. So an export names nobody else, and put back it makes the same history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sensor_hub.app.history.journal_view import sids_of, without_sessions
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.edits.made import Folded, Made
from sensor_hub.model.edit import AddRun, Change, Delete, Distinct, Edit, Entry, Link, Merge, Split, Tell, Trim, Undo
from sensor_hub.model.gait import StepTable
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.ports import Store
from sensor_hub.model.session import GapFound, SessionHeader, SessionPaused, SessionSummary

SHAPING: Final = (Trim, Split, Merge, Change, AddRun)  # of a session that is told as it stands, they are in it


@dataclass(frozen=True, slots=True)
class OwnHistory:
    """A person's own part of the history.

    as_recorded : ids of sessions told as they were recorded. as_it_stands : of those told as the edits left them,
    because somebody else has a part in them. entries : theirs, in the order they were made. not_theirs : ids of
    recorded sessions that are, in whole or in part, somebody else's. Lines of the diary come after edits.
    """

    as_recorded: tuple[str, ...]
    as_it_stands: tuple[str, ...]
    entries: tuple[Entry, ...]
    not_theirs: frozenset[str]

    @property
    def sids(self) -> list[str]:
        """All of their sessions, in one order."""
        return sorted((*self.as_recorded, *self.as_it_stands))


@dataclass(frozen=True, slots=True)
class WholeSession:
    """A session with what is stored of it beside its steps. marks : (gateway, first, last) of imports that made it."""

    summary: SessionSummary
    gaps: Sequence[GapFound]
    pauses: Sequence[SessionPaused]
    marks: Sequence[tuple[str, int, int]]


def own_history(kept: KeptStore, who: str, shoes: Iterable[str]) -> OwnHistory:
    """Return what of the history is an athlete's own (a pseudonym); ``shoes`` are the ids of their pairs."""
    found = kept.folded(who)
    now = kept.journal.now()
    entries = now.of_group(now.group(who))
    made = {sid: one for sid in {*found.sources, *found.made} if (one := found.of(sid)) is not None}
    by_hand = {entry.edit.sid for entry in entries if isinstance(entry.edit, AddRun)}
    users: dict[str, set[str]] = {}
    for one in made.values():
        for piece in one.pieces:
            users.setdefault(piece.sid, set()).add(one.athlete)
    mine = {sid: one for sid, one in made.items() if one.athlete == who}
    own = {sid for sid, one in mine.items() if _is_own(found, one, who, users)}
    whole_by_hand = {
        sid for sid, one in mine.items() if sid in by_hand and one.pieces[0].sid == sid and len(one.pieces) == 1
    }
    stands = {sid for sid, one in mine.items() if sid not in own | whole_by_hand and one.standing != "merged"}
    sources = {piece.sid for sid in own for piece in made[sid].pieces} - by_hand
    shared = frozenset(sid for sid, owners in users.items() if owners != {who})
    told = _entries(entries, who, set(mine), made, stands, set(shoes))
    others = made.keys() - mine.keys()
    told += tuple(without_sessions(line, others) for line in kept.journal.diary(who))
    return OwnHistory(tuple(sorted(sources)), tuple(sorted(stands)), told, shared)


def whole_session(
    kept: KeptStore, recorded: Store, own: OwnHistory, sid: str, who: str, names: Mapping[str, str] | None = None
) -> WholeSession | None:
    """Return one of a person's sessions; None if it is gone since. names : of references, where they are others."""
    store: Store = recorded if sid in own.as_recorded else kept
    summary = store.session(sid)
    if summary is None:
        return None

    def told(header: SessionHeader) -> SessionHeader:
        return replace(header, athlete=who, reference=(names or {}).get(header.reference, header.reference))

    header = told(summary.header)
    gaps = [replace(gap, header=told(gap.header)) for gap in store.gaps(sid)]
    pauses = [replace(pause, header=header) for pause in store.pauses(sid)]
    marks = recorded.marks(sid) if sid in own.as_recorded else []
    return WholeSession(replace(summary, header=header), gaps, pauses, marks)


def steps_of(kept: KeptStore, recorded: Store, own: OwnHistory, sid: str) -> StepTable:
    """Return the steps of one of a person's sessions."""
    return (recorded if sid in own.as_recorded else kept).steps(sid)


def minutes_kept(kept: KeptStore, recorded: Store, own: OwnHistory, sid: str) -> MinuteTable | None:
    """Return what is kept of one of a person's sessions whose steps were let go of; None of any other."""
    store: Store = recorded if sid in own.as_recorded else kept
    return store.minutes(sid) if store.pruned(sid) else None


def _is_own(found: Folded, one: Made, who: str, users: dict[str, set[str]]) -> bool:
    return all(found.sources[piece.sid].header.athlete == who and users[piece.sid] == {who} for piece in one.pieces)


def _entries(
    entries: Iterable[Entry], who: str, mine: set[str], made: dict[str, Made], stands: set[str], shoes: set[str]
) -> tuple[Entry, ...]:
    """Return the entries that are theirs, without a word of anybody else."""
    told: dict[str, Entry] = {}
    for entry in entries:
        edit = entry.edit
        named = set(sids_of(edit))
        if isinstance(edit, Undo):
            theirs = edit.entry in told
        elif entry.athlete == who:
            theirs = not (named & made.keys()) - mine
        else:  # said of a session before it was given to them
            theirs = isinstance(edit, Tell | AddRun | Delete | Link | Distinct) and bool(named) and named <= mine
        cleared = _without_others(edit, shoes) if theirs else None
        if cleared is None or (isinstance(cleared, SHAPING) and named & stands):
            continue
        told[entry.id] = replace(entry, athlete=who, other=None, edit=cleared)
    return tuple(told.values())


def _without_others(edit: Edit, shoes: set[str]) -> Edit | None:
    """Return an edit without whom a session went to and without others' shoes; None if nothing is left."""
    if isinstance(edit, Change) and edit.athlete is not None:
        edit = replace(edit, athlete=None)
        return None if edit.ledger is None and edit.surface is None else edit
    if isinstance(edit, Tell) and edit.shoe and edit.shoe not in shoes:
        edit = replace(edit, shoe=None)
        return None if edit.effort is None and edit.note is None and not edit.forget else edit
    return edit


__all__ = ["OwnHistory", "WholeSession", "minutes_kept", "own_history", "steps_of", "whole_session"]
