"""Everything the registry has of one person, forgotten; and of whom it has forgotten everything, without knowing them.

Of an erased person only a salted hash of each pseudonym is kept: enough to know a late message of theirs when it comes,
and too little to tell who they were.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, String, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from sensor_hub.adapters.registry.account_rows import forget_accounts_of
from sensor_hub.adapters.registry.checks import key_of
from sensor_hub.adapters.registry.databases import database_of
from sensor_hub.adapters.registry.journal import row_of
from sensor_hub.adapters.registry.judging import forget_work
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import SensorCheckRow
from sensor_hub.adapters.registry.opening import reading
from sensor_hub.adapters.registry.tables import AliasRow, AthleteRow, Base, DeviceRow, JournalRow
from sensor_hub.model.edit import Entry

SALT_BYTES: Final = 16


class ErasedRow(Base):
    """An erased pseudonym as SHA-256 of salt and pseudonym; the salt is drawn once in a registry."""

    __tablename__ = "erased"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[str] = mapped_column(String(2 * SALT_BYTES))


_ERASED: Final = select(ErasedRow.digest, ErasedRow.salt)


@dataclass(frozen=True, slots=True)
class Erasures:
    """Whose pseudonyms were erased: ``in`` tells it of a pseudonym, and nothing tells the pseudonyms."""

    salt: str = ""
    digests: frozenset[str] = frozenset()

    def __contains__(self, pseudonym: object) -> bool:
        return bool(self.digests) and digest_of(str(pseudonym), self.salt) in self.digests


def digest_of(pseudonym: str, salt: str) -> str:
    """Return what is kept of a pseudonym."""
    return hashlib.sha256(f"{salt}\0{pseudonym}".encode("utf-8", "replace")).hexdigest()


class Erasing:
    """The registry's part that forgets. Every method is one transaction of its own, from any thread."""

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow], engine: Engine) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete, self._engine = transaction, athlete, engine

    def erasures(self) -> Erasures:
        """Return whose pseudonyms were erased here, and have not come back since."""
        with reading(self._engine) as connection:
            rows = connection.execute(_ERASED).all()
            return Erasures(rows[0].salt, frozenset(row.digest for row in rows)) if rows else Erasures()

    def begin(self, pseudonyms: Iterable[str]) -> None:
        """Note that these are erased from now on: what comes late for them is dropped."""
        with self._transaction(writes=True) as session:
            salt = session.scalar(select(ErasedRow.salt).limit(1)) or secrets.token_hex(SALT_BYTES)
            for pseudonym in pseudonyms:
                session.merge(ErasedRow(digest=digest_of(pseudonym, salt), salt=salt))

    def lift(self, pseudonyms: Iterable[str]) -> None:
        """Take people in again whom this registry had forgotten: they brought their own export."""
        with self._transaction(writes=True) as session:
            for row in session.scalars(select(ErasedRow)).all():
                if row.digest in {digest_of(pseudonym, row.salt) for pseudonym in pseudonyms}:
                    session.delete(row)

    def finish(
        self, athlete: str, *, others: Mapping[str, Entry | None] | None = None, with_devices: bool = False
    ) -> None:
        """Forget an athlete (a pseudonym): nothing of them is left in a row, nor a byte of it in the files of tables.

        others : entries of the journal that concern somebody else too, by id: what they say from now on, without a
        word of the one who is gone; None takes it out. with_devices : their sensors go too; else these stay, as
        nobody's, and one whose name has the athlete's in it is called by its id. Their runner's account goes, with its
        sessions and tokens. Nobody of that pseudonym is fine.
        """
        with self._transaction(writes=True) as session:
            row = session.get(AthleteRow, athlete)
            forget_accounts_of(session, athlete)
            _rewrite_journal(session, others or {})
            both = or_(JournalRow.athlete == athlete, JournalRow.other == athlete)
            session.execute(delete(JournalRow).where(both))
            theirs = select(DeviceRow.id).where(DeviceRow.athlete == athlete)
            session.execute(delete(SensorCheckRow).where(SensorCheckRow.device.in_(theirs)))  # how their leg moved it
            if with_devices:
                session.execute(delete(DeviceRow).where(DeviceRow.athlete == athlete))
            elif row is not None:
                _leave_devices(session, row)
            session.execute(update(DeviceRow).where(DeviceRow.athlete == athlete).values(athlete=None))
            session.execute(delete(AliasRow).where(or_(AliasRow.new == athlete, AliasRow.old == athlete)))
            # every table that points at an athlete, also those that came later than this
            for table in reversed(Base.metadata.sorted_tables):
                for column in table.columns:
                    if any(key.column.table.name == AthleteRow.__tablename__ for key in column.foreign_keys):
                        session.execute(table.delete().where(column == athlete))
            forget_work(session, athlete)
            session.execute(delete(AthleteRow).where(AthleteRow.id == athlete))
        database_of(self._engine).rewrite(self._engine)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table, for a search of what is left."""
        with self._transaction(writes=False) as session:
            return {
                table.name: [tuple(row) for row in session.execute(select(table))]
                for table in Base.metadata.sorted_tables
            }


def _rewrite_journal(session: Session, others: Mapping[str, Entry | None]) -> None:
    for row in session.scalars(select(JournalRow).where(JournalRow.id.in_(list(others)))).all():
        entry = others[row.id]
        if entry is None:
            session.delete(row)
            continue
        told = row_of(entry)
        row.athlete, row.other, row.body, row.kind = told.athlete, told.other, told.body, told.kind
    session.flush()


def _leave_devices(session: Session, owner: AthleteRow) -> None:
    for device in session.scalars(select(DeviceRow).where(DeviceRow.athlete == owner.id)):
        if owner.name_key in key_of(device.name):
            device.name = f"sensor {device.id}"
        device.swing = None  # how their leg swung it


__all__ = ["ErasedRow", "Erasing", "Erasures", "digest_of"]
