"""What a database must answer to hold a registry, and how an engine knows its own."""

from contextlib import AbstractContextManager
from typing import Final, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sensor_hub.errors import RegistryError

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
    "WRITES",
    "Database",
    "database_in",
    "database_of",
    "refusal",
    "remember",
]
