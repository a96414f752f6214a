"""A registry in one SQLite file, for its owner's eyes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.databases import BUSY_TIMEOUT_S, WRITES, remember
from sensor_hub.errors import RegistryError


class SqliteFile:
    """One file. Transactions that write take its lock at once, so none fails half-way."""

    def __init__(self, url: URL) -> None:
        """Take ``sqlite:///PATH``."""
        self._url, self.path = url, Path(str(url.database))

    @property
    def shown(self) -> str:
        """Return its path."""
        return str(self.path)

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"sqlite:///{self.path}"

    def connect(self) -> Engine:
        """Return an engine on it; made if it is not there, for its owner only."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)  # names and addresses: for the owner's eyes
        except OSError as error:
            raise RegistryError(
                f"registry {self.path}: {error.strerror}: choose a place that can be written"
            ) from error
        engine = create_engine(self._url, connect_args={"timeout": BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return remember(engine, self)

    @contextmanager
    def migrating(self, engine: Engine) -> Iterator[Connection]:
        """Open a transaction that may rebuild tables; foreign keys are off, as that needs."""
        with engine.execution_options(**{WRITES: True}).connect() as connection:
            driver = _driver(connection)
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def why(self, error: Exception) -> str:
        """Return what SQLite said, and the mend."""
        reason = str(getattr(error, "orig", None) or error)
        is_held = "locked" in reason
        mend = "another program holds it: close it and try again" if is_held else "check the file, or restore it"
        return f"{reason} ({mend})"

    def rewrite(self, engine: Engine) -> None:
        """Write the file anew without what was deleted, and empty its log."""
        try:
            with engine.connect() as connection:
                driver = _driver(connection)
                driver.execute("VACUUM")
                (busy, *_) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
            raise RegistryError(f"the registry's file could not be written anew: {error} (call this again)") from error
        if busy:
            raise RegistryError("the registry is read all the time, and its log could not be emptied: call this again")

    def last_number(self, session: Session | Connection, table: str, column: str) -> int:
        """Return the highest number a row of a table ever had."""
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return session.execute(query, {"table": table}).scalar() or 0

    def number_after(self, session: Session | Connection, table: str, column: str, number: int) -> None:
        """Let the next row have a number above this one."""
        values = {"table": table, "number": number}
        done = session.execute(
            text("UPDATE sqlite_sequence SET seq = :number WHERE name = :table RETURNING seq"), values
        )
        if done.first() is None:  # no row was ever put into it
            session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)"), values)


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if driver is None:  # pragma: no cover - a connection just made has one
        raise ValueError("no connection")
    return driver


def _on_connect(connection: Any, _record: object) -> None:
    # None leaves BEGIN to us; the driver's own way leaves DDL outside transactions.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
    finally:
        cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


__all__ = ["SqliteFile"]
