"""The write side of histories."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sensor_hub.model.edit import Edit, Entry
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import HistoryView, KeptSession


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit did.

    entries : as they stand in the journal. sessions : those it concerns, as they are now. findings : those that are new
    or changed, and those that no longer hold, withdrawn.
    """

    entries: tuple[Entry, ...]
    sessions: tuple[KeptSession, ...]
    findings: tuple[Finding, ...]


class Keeping(Protocol):
    """The write side of a history: for the command line, pages and REST alike.

    Every method that changes something is audited, judges what it can reach, and raises EditError, saying why, where it
    cannot be; then nothing has changed. athlete : pseudonym or name.
    """

    def history(self, athlete: str) -> HistoryView:
        """An athlete's history with its edits; RegistryError if nobody knows them."""
        ...

    def kept(self, sid: str) -> KeptSession | None:
        """One session as it stands, or None."""
        ...

    def edit(self, athlete: str, edits: Sequence[Edit], *, by: str) -> Outcome:
        """Make edits, all or none of them."""
        ...

    def undo(self, athlete: str, *, by: str, entry: str | None = None) -> Outcome:
        """Take back an entry, or all that one call said last and is in force; of one that is undone, do it again."""
        ...
