"""A whole registry from one database into another: between SQLite and PostgreSQL, both ways, or into a backup."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, func, inspect, select

from sensor_hub.adapters.registry.databases import FAILURES, Database, database_of, refusal
from sensor_hub.adapters.registry.opening import open_engine, reading, writing
from sensor_hub.adapters.registry.tables import Base
from sensor_hub.errors import RegistryError

AT_ONCE: Final = 500  # rows of one statement
_ALEMBIC: Final = "alembic_version"
_SEEDED: Final = ("account_state",)  # has rows in a registry that nobody has used


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """What of a table is in both now. sha256 : of its rows in the order of their keys."""

    name: str
    n_rows: int
    sha256: str


def copy_registry(source: str, target: str, *, replace: bool = False) -> list[CopiedTable]:
    """Copy every row of every table in one transaction, read it back, and compare numbers and checksums.

    Parameters
    ----------
    source, target : addresses; each is brought to the newest tables. Numbers that were given once are not given again.
    replace : what is in the target goes; else there must be nothing.

    Raises
    ------
    RegistryError
        If the target is not empty, or what was read back differs; then nothing of the target has changed.
    """
    with ExitStack() as stack:
        old = open_engine(source)
        stack.callback(old.dispose)
        into = open_engine(target)
        stack.callback(into.dispose)
        theirs, ours = database_of(old), database_of(into)
        if theirs.url == ours.url:
            raise RegistryError(f"registry {ours.shown}: it cannot be copied into itself: name another")
        try:
            with reading(old) as reads, writing(into).begin() as writes:
                return _copy(reads, theirs, writes, ours, replace=replace)
        except FAILURES as error:
            raise refusal(ours, error) from error


def _copy(
    reads: Connection, theirs: Database, writes: Connection, ours: Database, *, replace: bool
) -> list[CopiedTable]:
    tables = Base.metadata.sorted_tables
    unknown = set(inspect(reads).get_table_names()) - {table.name for table in tables} - {_ALEMBIC, "sqlite_sequence"}
    if unknown:
        raise RegistryError(f"registry {theirs.shown}: table {sorted(unknown)[0]} is none of ours: update sensor-hub")
    for table in reversed(tables):
        if not replace and table.name not in _SEEDED and writes.scalar(select(func.count()).select_from(table)):
            raise RegistryError(f"registry {ours.shown}: it is not empty ({table.name}): give an empty database")
        writes.execute(table.delete())
    done = []
    for table in tables:
        for some in _some(row._asdict() for row in reads.execute(_rows(table))):
            writes.execute(table.insert().values(some))
        _carry_numbers(table, reads, theirs, writes, ours)
        before, after = _seen(table, reads), _seen(table, writes)
        if before != after:
            raise RegistryError(
                f"registry {ours.shown}: table {table.name} is not what it was ({before.n_rows} rows, {after.n_rows}"
                " read back): nothing was changed"
            )
        done.append(after)
    return done


def _rows(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def _some(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _carry_numbers(table: Table, reads: Connection, theirs: Database, writes: Connection, ours: Database) -> None:
    """A number that a deleted row had is given to no other row, also in the copy."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return
    (column,) = table.primary_key.columns
    last = theirs.last_number(reads, table.name, column.name)
    if last > ours.last_number(writes, table.name, column.name):
        ours.number_after(writes, table.name, column.name, last)


def _seen(table: Table, connection: Connection) -> CopiedTable:
    """Count and sum up what a table holds; the same for every kind of database."""
    digest, n_rows = hashlib.sha256(), 0
    for row in connection.execute(_rows(table)):
        digest.update(json.dumps(list(row), default=str, ensure_ascii=True).encode() + b"\n")
        n_rows += 1
    return CopiedTable(table.name, n_rows, digest.hexdigest())


__all__ = ["CopiedTable", "copy_registry"]
