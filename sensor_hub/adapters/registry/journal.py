"""The journal of edits: appended to, read, and handed over when athletes are merged. No entry is ever changed."""

import json
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.tables import AthleteRow, JournalRow
from sensor_hub.errors import DecodeError, RegistryError
from sensor_hub.model.edit import Entry
from sensor_hub.wire.edits import edit_body, edit_of, kind_of


class Journal:
    """The registry's part for edits of histories. Every method is one transaction of its own, from any thread."""

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def append(self, entries: Sequence[Entry], *, after: tuple[int, int] | None = None, judged: bool = False) -> bool:
        """Write entries at the end, all or none.

        judged : findings are judged after them already. after : ``version`` they were decided on; where the journal has
        gone on since, nothing is written and the answer is False. RegistryError if an id is there already, or an
        athlete is not known.
        """
        with self._transaction(writes=True) as session:
            if after is not None and _version(session) != after:
                return False
            for entry in entries:
                self._athlete(session, entry.athlete)
                if session.scalar(select(JournalRow.seq).where(JournalRow.id == entry.id)) is not None:
                    raise RegistryError(f"an entry {entry.id!r} is in the journal already: read it again")
                session.add(row_of(entry, judged=judged))
                session.flush()  # the database numbers them in this order
            return True

    def entries(self, athletes: Iterable[str] | None = None, *, kinds: Iterable[str] | None = None) -> list[Entry]:
        """Return the entries, all or about some athletes (pseudonyms) or of some kinds, in the order they were made."""
        query = select(JournalRow).order_by(JournalRow.seq)
        if kinds is not None:
            query = query.where(JournalRow.kind.in_(list(kinds)))
        if athletes is not None:
            wanted = list(athletes)
            query = query.where(or_(JournalRow.athlete.in_(wanted), JournalRow.other.in_(wanted)))
        with self._transaction(writes=False) as session:
            return [_entry(row) for row in session.scalars(query)]

    def unjudged(self, kinds: Iterable[str] | None = None) -> list[Entry]:
        """Return the entries, all or of some kinds, after which nothing was judged, in the order they were made."""
        query = select(JournalRow).where(JournalRow.judged.is_(False)).order_by(JournalRow.seq)
        if kinds is not None:
            query = query.where(JournalRow.kind.in_(list(kinds)))
        with self._transaction(writes=False) as session:
            return [_entry(row) for row in session.scalars(query)]

    def set_judged(self, entries: Iterable[Entry]) -> None:
        """Say that findings were judged after these entries."""
        ids = [entry.id for entry in entries]
        with self._transaction(writes=True) as session:
            session.execute(update(JournalRow).where(JournalRow.id.in_(ids)).values(judged=True))

    def version(self) -> tuple[int, int]:
        """Return what changes with every entry: the newest number, and how many there are."""
        with self._transaction(writes=False) as session:
            return _version(session)


def hand_over_journal(session: Session, gone: str, kept: str) -> None:
    """Give one athlete's entries to another."""
    session.execute(update(JournalRow).where(JournalRow.athlete == gone).values(athlete=kept))
    session.execute(update(JournalRow).where(JournalRow.other == gone).values(other=kept))


def _version(session: Session) -> tuple[int, int]:
    newest, n = session.execute(select(func.max(JournalRow.seq), func.count())).one()
    return newest or 0, n


def row_of(entry: Entry, *, judged: bool = False) -> JournalRow:
    """Return an entry as it stands in the table."""
    return JournalRow(
        id=entry.id,
        athlete=entry.athlete,
        other=entry.other,
        made_utc=entry.made_utc,
        by=entry.by,
        kind=kind_of(entry.edit),
        body=json.dumps(edit_body(entry.edit), separators=(",", ":"), allow_nan=False),
        judged=judged,
    )


def _entry(row: JournalRow) -> Entry:
    try:
        edit = edit_of(json.loads(row.body))
    except (DecodeError, ValueError) as error:
        raise RegistryError(f"entry {row.id} of the journal cannot be read: {error} (update sensor-hub)") from error
    return Entry(row.id, row.athlete, row.made_utc, row.by, edit, row.other)
