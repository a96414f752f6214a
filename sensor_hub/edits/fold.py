"""Entries in force, one after the other, over the recorded sessions: what each session is made of, whose, and whether.

An entry that cannot apply has no effect and is told as idle: it may be about a session that is deleted, merged into
another, or not here. The same question asked before an entry is made gives the reason (``why_not``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sensor_hub.edits.by_hand import session_of
from sensor_hub.edits.in_force import in_force, undone
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Entry,
    Link,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
)
from sensor_hub.model.history import Piece, Standing, Told
from sensor_hub.model.load import Surface
from sensor_hub.model.session import Ledger, SessionSummary

MOST_OVERLAP: Final = timedelta(seconds=60)  # of sessions that follow each other: clocks of two devices differ
MOST_APART: Final = timedelta(hours=12)  # ours: what lies further apart is no one run
LONGEST_MERGED: Final = timedelta(hours=48)
LINKED_APART: Final = timedelta(hours=24)  # ours: of a run by hand only the day may be known, and clocks are set wrong


@dataclass(frozen=True, slots=True)
class Made:
    """A session as the edits left it; ``surface`` and ``ledger`` are None where nobody said another."""

    sid: str
    athlete: str
    pieces: tuple[Piece, ...]
    ledger: Ledger | None = None
    surface: Surface | None = None
    told: Told = field(default_factory=Told)
    standing: Standing = "counts"
    instead: str | None = None
    entries: tuple[str, ...] = ()


@dataclass(slots=True)
class Folded:
    """What a journal makes of recorded sessions.

    sources : by id, those recorded and those put in by hand. made : the sessions that some entry touched, by id; every
    other source is a session as it was recorded. said : ``Link`` and ``Distinct`` in the order they were made.
    idle, undone : ids of entries without effect.
    """

    sources: dict[str, SessionSummary]
    made: dict[str, Made] = field(default_factory=dict)
    said: list[Link | Distinct] = field(default_factory=list)
    prefer: dict[str, Prefer] = field(default_factory=dict)
    in_force: list[Entry] = field(default_factory=list)
    idle: set[str] = field(default_factory=set)
    undone: frozenset[str] = frozenset()

    def of(self, sid: str) -> Made | None:
        """Return one session, touched or not; None where there is none."""
        known = self.made.get(sid)
        if known is not None or (source := self.sources.get(sid)) is None:
            return known
        return Made(sid, source.header.athlete, (Piece(sid),))

    def start_utc(self, made: Made) -> datetime:
        """When it begins."""
        return min(self.window(piece)[0] for piece in made.pieces)

    def end_utc(self, made: Made) -> datetime:
        """When it ends."""
        return max(self.window(piece)[1] for piece in made.pieces)

    def window(self, piece: Piece) -> tuple[datetime, datetime]:
        """Return from when to when a piece goes."""
        source = self.sources[piece.sid]
        return piece.from_utc or source.start_utc, piece.to_utc or source.end_utc

    def ledger(self, made: Made) -> Ledger:
        """Return the ledger it belongs to."""
        return made.ledger or self.sources[made.pieces[0].sid].header.ledger

    def is_over(self, made: Made) -> bool:
        """Whether all of its sources have ended."""
        return all(self.sources[piece.sid].ended for piece in made.pieces)

    def has_steps(self, made: Made) -> bool:
        """Whether its steps were counted, run or walked: without them no part of it can be told from another."""
        totals = (self.sources[piece.sid].totals for piece in made.pieces)
        return all(of.n_steps > 0 or (of.n_walk_steps or 0.0) > 0 for of in totals)


def fold(recorded: Iterable[SessionSummary], entries: list[Entry], people: Mapping[str, Athlete]) -> Folded:
    """Return what the entries make of the recorded sessions.

    Parameters
    ----------
    recorded : iterable of SessionSummary
        Of everybody whom the entries concern, in any order.
    entries : list of Entry
        In the order they were made.
    people : mapping of str to Athlete
        By pseudonym; what was put in by hand for somebody who is not among them is left out.
    """
    found = Folded({session.header.sid: session for session in recorded})
    found.undone, found.in_force = undone(entries), in_force(entries)
    for entry in found.in_force:
        if why_not(found, entry, people) is not None:
            found.idle.add(entry.id)
        else:
            _apply(found, entry, people)
    return found


def why_not(found: Folded, entry: Entry, people: Mapping[str, Athlete]) -> str | None:
    """Return why an entry has no effect on what stands, in words; None where it has."""
    edit = entry.edit
    match edit:
        case AddRun():
            if edit.sid in found.sources or edit.sid in found.made:
                return f"there is a session {edit.sid} already"
            return None if entry.athlete in people else f"nobody here is {entry.athlete}"
        case Trim() | Split() | Delete() | Change() | Tell():
            return _why_not_one(found, entry, edit)
        case Merge() | Link() | Distinct():
            return _why_not_several(found, entry, edit)
        case _:
            return None


def _why_not_one(found: Folded, entry: Entry, edit: Trim | Split | Delete | Change | Tell) -> str | None:
    made, reason = _standing(found, entry, edit.sid)
    if made is None:
        return reason
    if isinstance(edit, Tell):
        return None
    if isinstance(edit, Change):
        here = edit.athlete is not None and (entry.other or edit.athlete) == made.athlete
        return f"session {edit.sid} is theirs already" if here and (edit.ledger, edit.surface) == (None, None) else None
    if not found.is_over(made):
        return f"session {edit.sid} still runs: wait for its end"
    return None if isinstance(edit, Delete) else _why_not_cut(found, made, edit)


def _why_not_cut(found: Folded, made: Made, edit: Trim | Split) -> str | None:
    if not found.has_steps(made):
        mend = "delete it and put it in by hand as it was"
        return f"no steps are stored of session {edit.sid}, so no part of it is known ({mend})"
    start_utc, end_utc = found.start_utc(made), found.end_utc(made)
    lasts = f"it lasts from {start_utc:%Y-%m-%d %H:%M:%S} to {end_utc:%H:%M:%S} UTC"
    if isinstance(edit, Split):
        if edit.second_sid in found.sources or edit.second_sid in found.made:
            return f"there is a session {edit.second_sid} already"
        return None if start_utc < edit.at_utc < end_utc else f"session {edit.sid} cannot be split there: {lasts}"
    kept = _cut(found, made.pieces, edit.from_utc, edit.to_utc)
    return None if kept else f"nothing would be left of session {edit.sid}: {lasts}"


def _why_not_several(found: Folded, entry: Entry, edit: Merge | Link | Distinct) -> str | None:
    sids = tuple(dict.fromkeys(edit.sids))
    if len(sids) < 2:
        return "it needs two sessions at least"
    several = []
    for sid in sids:
        made, reason = _standing(found, entry, sid)
        if made is None:
            return reason
        several.append(made)
    if isinstance(edit, Link) and edit.counts is not None and edit.counts not in sids:
        return f"session {edit.counts} is none of those that are linked"
    if len({found.ledger(made) for made in several}) > 1:
        return "they belong to different ledgers (run, walk, other): change that first"
    if isinstance(edit, Link):
        return _why_not_same(found, several)
    return _why_not_joined(found, several) if isinstance(edit, Merge) else None


def _why_not_same(found: Folded, several: list[Made]) -> str | None:
    """A history is read from some days before a day on: what decides of a session whether it counts is never far."""
    for one, other in pairwise(_by_start(found, several)):
        if found.start_utc(other) - found.end_utc(one) > LINKED_APART:
            mend = "delete the one that is wrong"
            return f"sessions {one.sid} and {other.sid} lie more than a day apart: they are no one run ({mend})"
    return None


def _why_not_joined(found: Folded, several: list[Made]) -> str | None:
    if running := [made.sid for made in several if not found.is_over(made)]:
        return f"session {running[0]} still runs: wait for its end"
    ordered = _by_start(found, several)
    for one, other in pairwise(ordered):
        apart = found.start_utc(other) - found.end_utc(one)
        if apart < -MOST_OVERLAP:
            return f"sessions {one.sid} and {other.sid} overlap: are they the same run (link them)?"
        if apart > MOST_APART:
            return f"sessions {one.sid} and {other.sid} lie more than 12 hours apart"
    if found.end_utc(ordered[-1]) - found.start_utc(ordered[0]) > LONGEST_MERGED:
        return "together they last more than two days"
    return None


def _standing(found: Folded, entry: Entry, sid: str) -> tuple[Made | None, str]:
    """Return a session that can be edited, or why it cannot."""
    made = found.of(sid)
    if made is None or made.athlete != entry.athlete:
        return None, f"there is no session {sid} of theirs"
    if made.standing == "deleted":
        return None, f"session {sid} is deleted: undo that first"
    if made.standing == "merged":
        return None, f"session {sid} is a part of {made.instead} now"
    return made, ""


def _apply(found: Folded, entry: Entry, people: Mapping[str, Athlete]) -> None:
    edit = entry.edit
    match edit:
        case AddRun():
            found.sources[edit.sid] = session_of(edit, people[entry.athlete])
            told = Told(effort=edit.effort)
            found.made[edit.sid] = Made(edit.sid, entry.athlete, (Piece(edit.sid),), told=told, entries=(entry.id,))
        case Trim():
            made = _made(found, edit.sid)
            _put(found, entry, replace(made, pieces=_cut(found, made.pieces, edit.from_utc, edit.to_utc)))
        case Split():
            made = _made(found, edit.sid)
            second = replace(made, sid=edit.second_sid, pieces=_cut(found, made.pieces, edit.at_utc, None))
            _put(found, entry, replace(made, pieces=_cut(found, made.pieces, None, edit.at_utc)))
            _put(found, entry, second)
        case Merge():
            _merge(found, entry, [_made(found, sid) for sid in dict.fromkeys(edit.sids)])
        case Delete():
            _put(found, entry, replace(_made(found, edit.sid), standing="deleted"))
        case Change():
            _put(found, entry, _changed(_made(found, edit.sid), edit, entry.other))
        case Tell():
            made = _made(found, edit.sid)
            _put(found, entry, replace(made, told=_told(made.told, edit)))
        case Link() | Distinct():
            found.said.append(edit)
            for sid in dict.fromkeys(edit.sids):
                _put(found, entry, _made(found, sid))
        case Prefer():
            found.prefer[entry.athlete] = edit
        case _:  # days and pairs are read from the entries in force themselves
            pass


def _made(found: Folded, sid: str) -> Made:
    made = found.of(sid)
    if made is None:
        raise ValueError(f"no session {sid}")
    return made


def _put(found: Folded, entry: Entry, made: Made) -> None:
    found.made[made.sid] = replace(made, entries=(*made.entries, entry.id))


def _cut(
    found: Folded, pieces: tuple[Piece, ...], from_utc: datetime | None, to_utc: datetime | None
) -> tuple[Piece, ...]:
    """Return what of the pieces lies in ``[from_utc, to_utc)``; a bound that cuts nothing off changes nothing."""
    kept = []
    for piece in pieces:
        start_utc, end_utc = found.window(piece)
        first = start_utc if from_utc is None else max(start_utc, from_utc)
        last = end_utc if to_utc is None else min(end_utc, to_utc)
        if first >= last:
            continue
        kept.append(
            Piece(
                piece.sid,
                piece.from_utc if first == start_utc else first,
                piece.to_utc if last == end_utc else last,
            )
        )
    return tuple(kept)


def _merge(found: Folded, entry: Entry, several: list[Made]) -> None:
    first, *others = _by_start(found, several)
    told = first.told
    for other in others:
        told = Told(
            shoe=told.shoe or other.told.shoe,
            shoe_said=told.shoe_said or other.told.shoe_said,
            effort=told.effort if told.effort is not None else other.told.effort,
            note=told.note or other.told.note,
        )
        _put(found, entry, replace(other, standing="merged", instead=first.sid))
    pieces = tuple(piece for made in (first, *others) for piece in made.pieces)
    ordered = tuple(sorted(pieces, key=lambda piece: (found.window(piece)[0], piece.sid)))
    _put(found, entry, replace(first, pieces=ordered, told=told))


def _by_start(found: Folded, several: Iterable[Made]) -> list[Made]:
    return sorted(several, key=lambda made: (found.start_utc(made), made.sid))


def _changed(made: Made, edit: Change, other: str | None) -> Made:
    """Whom a session was given to stands in the entry: they may have been merged with somebody since.

    The pair that was said of it stays with the giver: it is none of the receiver's.
    """
    athlete = made.athlete if edit.athlete is None else other or edit.athlete
    is_given = athlete != made.athlete
    return replace(
        made,
        athlete=athlete,
        told=replace(made.told, shoe=None, shoe_said=False) if is_given else made.told,
        ledger=edit.ledger or made.ledger,
        surface=edit.surface or made.surface,
    )


def _told(told: Told, edit: Tell) -> Told:
    if edit.shoe is not None:
        told = replace(told, shoe=edit.shoe or None, shoe_said=True)
    if edit.effort is not None:
        told = replace(told, effort=edit.effort)
    if edit.note is not None:
        told = replace(told, note=edit.note)
    if "shoe" in edit.forget:
        told = replace(told, shoe=None, shoe_said=False)
    if "effort" in edit.forget:
        told = replace(told, effort=None)
    return replace(told, note="") if "note" in edit.forget else told


__all__ = ["Folded", "Made", "fold", "why_not"]
