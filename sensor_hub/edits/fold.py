"""Entries in force, one after the other, over the recorded sessions: what each session is made of, whose, and whether.

An entry that cannot apply has no effect and is told as idle: it may be about a session that is deleted, merged into
another, or not here. The same question asked before an entry is made gives the reason (``reasons``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sensor_hub.edits.by_hand import session_of
from sensor_hub.edits.in_force import in_force, undone
from sensor_hub.edits.made import Folded, Made, by_start, cut
from sensor_hub.edits.reasons import why_not
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
from sensor_hub.model.history import Piece, Told
from sensor_hub.model.session import SessionSummary


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


def _apply(found: Folded, entry: Entry, people: Mapping[str, Athlete]) -> None:
    edit = entry.edit
    match edit:
        case AddRun():
            found.sources[edit.sid] = session_of(edit, people[entry.athlete])
            told = Told(effort=edit.effort)
            found.made[edit.sid] = Made(edit.sid, entry.athlete, (Piece(edit.sid),), told=told, entries=(entry.id,))
        case Trim():
            made = _made(found, edit.sid)
            _put(found, entry, replace(made, pieces=cut(found, made.pieces, edit.from_utc, edit.to_utc)))
        case Split():
            made = _made(found, edit.sid)
            second = replace(made, sid=edit.second_sid, pieces=cut(found, made.pieces, edit.at_utc, None))
            _put(found, entry, replace(made, pieces=cut(found, made.pieces, None, edit.at_utc)))
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


def _merge(found: Folded, entry: Entry, several: list[Made]) -> None:
    first, *others = by_start(found, several)
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
