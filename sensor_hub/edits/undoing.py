"""Which entries of a journal an undo is about: a person thinks of what they did, not of entries."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sensor_hub.errors import EditError
from sensor_hub.model.edit import Entry, Undo

MILLISECOND: Final = 10  # characters of an id that say when it was made


def moment_of(name: str) -> str:
    """Return the part of an entry's id that those made in one call have in common, and no others of their journal."""
    return name[:MILLISECOND]


def newest_made_together(journal: Sequence[Entry], gone: Collection[str]) -> list[str]:
    """Return ids of the newest entry in force and of those made with it, newest first; EditError if there is none.

    What one call says may be several entries. journal : in the order they were made. gone : what was taken back.
    """
    standing = [entry for entry in reversed(journal) if entry.id not in gone and not isinstance(entry.edit, Undo)]
    if not standing:
        raise EditError("there is no edit to take back ('sensor-hub session journal' shows what was edited)")
    newest = standing[0]
    of_newest = (moment_of(newest.id), newest.by, newest.athlete)
    return [e.id for e in standing if (moment_of(e.id), e.by, e.athlete) == of_newest]


def owner_of(journal: Iterable[Entry], entries: Collection[str]) -> str:
    """Return whose journal some entries are in: what gave a session away stands in the giver's.

    EditError if they are in several.
    """
    owners = {entry.athlete for entry in journal if entry.id in entries}
    if len(owners) != 1:
        raise EditError("these entries are of several people's journals: undo them one after the other")
    return owners.pop()


def the_other_way(journal: Sequence[Entry], gone: Collection[str], entry: str) -> Undo:
    """Return the edit that takes an entry back, or brings one in force that was taken back."""
    if entry not in gone:
        return Undo(entry)
    return Undo(next(e.id for e in reversed(journal) if e.id not in gone and e.edit == Undo(entry)))
