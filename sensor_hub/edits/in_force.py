"""Which entries of a journal are in force: those that no entry in force takes back."""

from collections.abc import Sequence

from sensor_hub.model.edit import Entry, Undo


def undone(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the ids of entries that were taken back.

    An ``Undo`` reaches only what was made before it in the same history, and one that is itself undone reaches nothing.
    So what happened last decides, and undoing an undo brings the edit back in its old place.
    """
    at = {entry.id: (place, entry.athlete) for place, entry in enumerate(entries)}
    gone: set[str] = set()
    for place, entry in reversed(list(enumerate(entries))):
        if not isinstance(entry.edit, Undo) or entry.id in gone:
            continue
        target = at.get(entry.edit.entry)
        if target is not None and target[0] < place and target[1] == entry.athlete:
            gone.add(entry.edit.entry)
    return frozenset(gone)


def in_force(entries: Sequence[Entry]) -> list[Entry]:
    """Return the edits that hold, in the order they were made, without the ``Undo`` entries themselves."""
    gone = undone(entries)
    return [entry for entry in entries if entry.id not in gone and not isinstance(entry.edit, Undo)]
