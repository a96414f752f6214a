"""Why an entry has no effect on a history as it stands: asked before an edit is made, and of every entry again."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Final

from sensor_hub.edits.made import Folded, Made, by_start, cut
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Entry,
    Link,
    Merge,
    Split,
    Tell,
    Trim,
)

MOST_OVERLAP: Final = timedelta(seconds=60)  # of sessions that follow each other: clocks of two devices differ
MOST_APART: Final = timedelta(hours=12)  # ours: what lies further apart is no one run
LONGEST_MERGED: Final = timedelta(hours=48)
LINKED_APART: Final = timedelta(hours=24)  # ours: of a run by hand only the day may be known, and clocks are set wrong


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
    kept = cut(found, made.pieces, edit.from_utc, edit.to_utc)
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
    for one, other in pairwise(by_start(found, several)):
        if found.start_utc(other) - found.end_utc(one) > LINKED_APART:
            mend = "delete the one that is wrong"
            return f"sessions {one.sid} and {other.sid} lie more than a day apart: they are no one run ({mend})"
    return None


def _why_not_joined(found: Folded, several: list[Made]) -> str | None:
    if running := [made.sid for made in several if not found.is_over(made)]:
        return f"session {running[0]} still runs: wait for its end"
    ordered = by_start(found, several)
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
