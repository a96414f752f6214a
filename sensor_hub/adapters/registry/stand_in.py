"""The ``me`` that any command makes where there is none: while nothing is kept of it, whoever has the name comes in."""

from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import key_of
from sensor_hub.adapters.registry.tables import AthleteRow, Base, JournalRow

ME: Final = "me"


def empty_me(session: Session, name: str) -> AthleteRow | None:
    """Return the athlete ``me`` if that is the name asked for and the registry keeps nothing else of them."""
    if key_of(name) != ME:
        return None
    row = session.scalar(select(AthleteRow).where(AthleteRow.role == ME, AthleteRow.name_key == ME))
    if row is None or row.mass_kg is not None or row.height_m is not None:
        return None
    # every table that points at an athlete, also those that came later than this
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == AthleteRow.__tablename__ for key in column.foreign_keys)
    ]
    named = (JournalRow.other == row.id, *(column == row.id for column in columns))
    is_named = any(session.scalar(select(func.count()).where(condition)) for condition in named)
    return None if is_named else row


def remove_me(session: Session, pseudonym: str, name: str) -> None:
    """Take the empty ``me`` out; one that something is kept of by now stays, and so the name stays taken."""
    row = empty_me(session, name)
    if row is not None and row.id == pseudonym:
        session.execute(delete(AthleteRow).where(AthleteRow.id == pseudonym))
        session.expire_all()


__all__ = ["empty_me", "remove_me"]
