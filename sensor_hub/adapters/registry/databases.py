"""The two kinds of database a registry may be in: what they must answer, and which one an address names."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from sensor_hub.errors import RegistryError

FORMS: Final = "give sqlite:///PATH or postgresql+pg8000://USER:PASSWORD@HOST[:PORT]/DATABASE"
BUSY_TIMEOUT_S: Final = 30.0
WRITES: Final = "sensor_hub_writes"  # option of a connection whose transactions write
_DATABASE: Final = "sensor_hub_database"


class Database(Protocol):
    """One database. ``shown`` names it to people; ``url`` may hold a password and is shown to nobody."""

    @property
    def shown(self) -> str:
        """Return its name in messages, without user and password."""
        ...

    @property
    def url(self) -> str:
        """Return where it is, for a process of its own that opens it too."""
        ...

    def connect(self) -> Engine:
        """Return an engine on it as it is; RegistryError or ConfigError if there is no way to one."""
        ...

    def migrating(self, engine: Engine) -> AbstractContextManager[Connection]:
        """Return one transaction in which tables may change; nobody else's may at the same time."""
        ...

    def why(self, error: Exception) -> str:
        """Return what it said, and the mend, for a person."""
        ...

    def rewrite(self, engine: Engine) -> None:
        """Write its files anew without what was deleted; RegistryError if that cannot be now."""
        ...

    def last_number(self, session: Session | Connection, table: str, column: str) -> int:
        """Return the highest number it ever gave a row of a table; 0 before the first."""
        ...

    def number_after(self, session: Session | Connection, table: str, column: str, number: int) -> None:
        """Let the next row of a table have a number above this one, which is higher than the last."""
        ...


def database_at(url: str) -> Database:
    """Return the database an address names; RegistryError if it names none. Nothing is opened yet."""
    from sensor_hub.adapters.registry.postgres import Postgres
    from sensor_hub.adapters.registry.sqlite import SqliteFile

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise RegistryError(f"a registry address of that form is not usable: {FORMS}") from None
    kind = parsed.drivername
    if kind in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}:
        return SqliteFile(parsed)
    if kind == "postgresql+pg8000":
        return Postgres(parsed)
    raise RegistryError(f"a registry address {without_secrets(parsed)!r} is not usable: {FORMS}")


def file_of(url: str) -> Path | None:
    """Return the file of a registry; None where it is in a PostgreSQL. RegistryError if the address names none."""
    path: Path | None = getattr(database_at(url), "path", None)
    return path


def with_password(url: str, password: str | None) -> str:
    """Return an address with a password that was given apart from it; RegistryError if it has one already."""
    database_at(url)
    parsed = make_url(url)
    if parsed.password is not None:
        raise RegistryError(
            f"{without_secrets(parsed)}: a password on a command line is there for everybody to read: leave it out of"
            " the address, and give --password-file, or type it when asked"
        )
    return url if password is None else parsed.set(password=password).render_as_string(hide_password=False)


def without_secrets(url: URL) -> str:
    """Return an address without its password, and without options, which may hold one too."""
    return url.set(query={}).render_as_string(hide_password=True)


def remember(engine: Engine, database: Database) -> Engine:
    """Return the engine, which from now on knows its database."""
    return engine.execution_options(**{_DATABASE: database})


def database_of(engine: Engine) -> Database:
    """Return the database of an engine that ``remember`` gave."""
    database: Database = engine.get_execution_options()[_DATABASE]
    return database


def database_in(session: Session) -> Database:
    """Return the database of a transaction."""
    database: Database = session.connection().get_execution_options()[_DATABASE]
    return database


def refusal(database: Database, error: Exception) -> RegistryError:
    """Return what a database said, for a person."""
    return RegistryError(f"registry {database.shown}: {database.why(error)}")


# A certificate that does not hold, and a server that does not listen, are not always told by the driver's own errors.
FAILURES: Final = (SQLAlchemyError, OSError)

__all__ = [
    "BUSY_TIMEOUT_S",
    "FAILURES",
    "FORMS",
    "WRITES",
    "Database",
    "database_at",
    "database_in",
    "database_of",
    "file_of",
    "refusal",
    "remember",
    "with_password",
]
