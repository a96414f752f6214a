"""Which entries of a journal an undo is about."""

from collections.abc import Sequence
from typing import Final

from sensor_hub.errors import EditError
from sensor_hub.model.edit import Entry, Undo
from sensor_hub.model.history import HistoryView

MILLISECOND: Final = 10  # characters of an id that say when it was made


def newest_made_together(view: HistoryView) -> list[str]:
    """Return ids of the newest entry in force and of those made with it, newest first; EditError if there is none.

    What one command says may be several entries. Their ids begin with the millisecond they were made in.
    """
    standing = [entry for entry in view.journal if entry.id not in view.undone and not isinstance(entry.edit, Undo)]
    if not standing:
        raise EditError("there is no edit to take back ('sensor-hub session journal' shows what was edited)")
    newest = standing[0]
    return [entry.id for entry in standing if _made(entry) == _made(newest)]


def _made(entry: Entry) -> tuple[str, str, str]:
    return entry.id[:MILLISECOND], entry.by, entry.athlete


def owner_of(view: HistoryView, entries: Sequence[str]) -> str:
    """Return whose journal some entries are in: what gave a session away stands in the giver's.

    EditError if they are in several.
    """
    owners = {entry.athlete for entry in view.journal if entry.id in entries}
    if len(owners) != 1:
        raise EditError("these entries are of several people's journals: undo them one after the other")
    return owners.pop()


def the_other_way(view: HistoryView, entry: str) -> Undo:
    """Return the edit that takes an entry back, or brings one in force that was taken back."""
    if entry not in view.undone:
        return Undo(entry)
    return Undo(next(each.id for each in view.journal if _takes_back(each, entry) and each.id not in view.undone))


def _takes_back(each: Entry, entry: str) -> bool:
    return isinstance(each.edit, Undo) and each.edit.entry == entry
