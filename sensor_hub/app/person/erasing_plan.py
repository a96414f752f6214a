"""What of a history is one person's, and what somebody else has a part in, before the person is erased. Pure.

A session goes with whose it is now. One that was given away stays, as it stands, under whom it was given to; of one
that two people share, each part is its own person's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sensor_hub.app.history.journal_view import Snapshot, made_sids, sids_of
from sensor_hub.app.person.person_export_content import OwnHistory
from sensor_hub.edits.made import Folded, Made
from sensor_hub.model.edit import Entry, Undo


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a history.

    sids : of the person's sessions, recorded ones and those that edits made. taken : recorded sessions of others that
    are wholly the person's now. given : recorded sessions of the person that are wholly somebody else's now, by id.
    stands : sessions of others, by id, that are to be stored as the edits left them. parts : recorded sessions that
    are in those, and nobody's any more. shared : recorded sessions that the person and somebody else have parts of.
    entries : of the journal, what those that concern others say from now on; None takes one out.
    """

    sids: frozenset[str] = frozenset()
    taken: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    stands: Mapping[str, str] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    entries: Mapping[str, Entry | None] = field(default_factory=dict)


def plan_of(who: str, found: Folded, now: Snapshot, own: Mapping[str, OwnHistory]) -> Plan:
    """Return the plan for a person (a pseudonym).

    found : everything the journal makes of their history and of those they share sessions with. own : what of it is
    the others' own, by pseudonym.
    """
    made = {sid: one for sid in {*found.sources, *found.made} if (one := found.of(sid)) is not None}
    users: dict[str, set[str]] = {}
    for one in made.values():
        for piece in one.pieces:
            users.setdefault(piece.sid, set()).add(one.athlete)
    recorded_of = {sid: source.header.athlete for sid, source in found.sources.items()}
    stands = _touching(who, found, now, own, made, users)
    sources = {piece.sid for sid in stands for piece in made[sid].pieces}
    by_edit = {sid for e in now.of_group(now.group(who)) if e.athlete == who for sid in made_sids(e.edit)}
    mine = {sid for sid, one in made.items() if one.athlete == who}
    alone = {sid for sid, people in users.items() if people == {who}}
    whole_given = {sid for sid in stands if recorded_of.get(sid) == who and users.get(sid) == {stands[sid]}}
    # what entries of or about the person still name, and nobody has: a call before this one erased it
    gone = {sid for e in now.entries if who in {e.athlete, e.other} for sid in sids_of(e.edit) if sid not in made}
    theirs = (
        mine | alone | gone | (by_edit - {sid for sid, one in made.items() if one.athlete != who})
    ) - stands.keys()
    return Plan(
        sids=frozenset(theirs),
        taken=tuple(sorted(sid for sid in alone if recorded_of.get(sid) not in {who, None})),
        given={sid: stands[sid] for sid in sorted(whole_given)},
        stands=stands,
        parts=frozenset(sources - stands.keys() - mine),
        shared=frozenset(sid for sid, people in users.items() if who in people and len(people) > 1),
        entries=_entries(who, now, own, touched=set(stands) | sources, theirs=theirs),
    )


def _touching(
    who: str,
    found: Folded,
    now: Snapshot,
    own: Mapping[str, OwnHistory],
    made: Mapping[str, Made],
    users: Mapping[str, set[str]],
) -> dict[str, str]:
    """Sessions of others that the person's recordings or edits are in, and those that share a recording with these."""
    theirs = {e.id for e in now.entries if who in {e.athlete, e.other}}
    stands = {sid: other for other, history in own.items() for sid in history.as_it_stands}

    def touches(one: Made) -> bool:
        sources = [piece.sid for piece in one.pieces]
        recorded = any(found.sources[sid].header.athlete == who or who in users[sid] for sid in sources)
        return recorded or not theirs.isdisjoint(one.entries)

    chosen = {sid for sid in stands if touches(made[sid])}
    while True:
        sources = {piece.sid for sid in chosen for piece in made[sid].pieces}
        more = {s for s in stands.keys() - chosen if not sources.isdisjoint(p.sid for p in made[s].pieces)}
        if not more:
            return {sid: stands[sid] for sid in sorted(chosen)}
        chosen |= more


def _entries(
    who: str, now: Snapshot, own: Mapping[str, OwnHistory], *, touched: set[str], theirs: set[str]
) -> dict[str, Entry | None]:
    """What entries by the person, about them, or about sessions they had a part in, say from now on."""
    told = {entry.id: entry for history in own.values() for entry in history.entries}
    said: dict[str, Entry | None] = {}
    for entry in now.entries:
        undoes_nothing = isinstance(entry.edit, Undo) and said.get(entry.edit.entry, entry) is None
        named = sids_of(entry.edit)
        about = who in {entry.athlete, entry.other} or not touched.isdisjoint(named)
        if not theirs.isdisjoint(named):
            said[entry.id] = None
        elif (about or undoes_nothing) and told.get(entry.id) != entry:
            said[entry.id] = told.get(entry.id)
    return said


__all__ = ["Plan", "plan_of"]
