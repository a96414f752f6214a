"""A registry in a PostgreSQL database of its own (pg8000): several machines may share it.

Transactions that write take one lock of the database, so they come one after the other, as on a file. Those that only
read see one moment and wait for nobody.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.databases import BUSY_TIMEOUT_S, WRITES, remember
from sensor_hub.adapters.registry.postgres_address import PostgresAddress
from sensor_hub.errors import ConfigError, RegistryError

LOCK: Final = 0x53_48_52_47  # ours: any number that nothing else in this database locks
SILENCE_S: Final = 60.0  # a server that says nothing for so long is gone
STUCK_S: Final = 300  # a writer that does nothing for so long is ended by the server, or nobody else could write
READERS_END_WITHIN_S: Final = 10.0
_ALONE: Final = "AUTOCOMMIT"  # VACUUM is no part of a transaction
_LOCKED: Final = ("55P03", "40001", "40P01")
_ABSENT: Final = {"3D000": "make it first: createdb -E UTF8 -T template0 NAME", "28P01": "check user and password"}
_BUSY: Final = {
    "57P01": "it is being stopped or started: try again",
    "57P02": "it is being stopped or started: try again",
    "57P03": "it is being stopped or started: try again",
    "53300": "too many are connected: let the server take more (max_connections), or run fewer hubs",
    "53100": "its disk is full: free some space",
}
_RIGHTS: Final = "the user must own the database: ALTER DATABASE NAME OWNER TO USER"
_AS_ON_SQLITE: Final = text(
    "SELECT table_name, column_name, format_type(a.atttypid, a.atttypmod)"
    " FROM information_schema.columns c"
    " JOIN pg_attribute a ON a.attrelid = format('%I.%I', c.table_schema, c.table_name)::regclass"
    " AND a.attname = c.column_name"
    " WHERE c.table_schema = current_schema() AND c.data_type IN ('character varying', 'text')"
    " AND c.table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = current_schema())"
    " AND c.collation_name IS DISTINCT FROM 'C'"
)


class Postgres:
    """One database of a server."""

    def __init__(self, url: URL) -> None:
        """Take ``postgresql+pg8000://USER:PASSWORD@HOST[:PORT]/DATABASE``; ConfigError if it says what cannot be."""
        self._address = PostgresAddress.of(url)

    @property
    def shown(self) -> str:
        """Return host and database."""
        return self._address.shown

    @property
    def url(self) -> str:
        """Return where it is, with the password."""
        return self._address.url

    def connect(self) -> Engine:
        """Return an engine on it; ConfigError without the driver."""
        options = {
            "default_transaction_isolation": "repeatable read",
            "default_transaction_read_only": "on",
            "lock_timeout": f"{BUSY_TIMEOUT_S:.0f}s",
            "idle_in_transaction_session_timeout": f"{STUCK_S}s",
        }
        how = {"timeout": SILENCE_S, "application_name": "sensor-hub", "startup_params": options}
        try:
            engine = create_engine(
                self._address.bare, connect_args=self._address.connect_args() | how, pool_pre_ping=True
            )
        except ModuleNotFoundError:
            raise ConfigError(
                "a registry on PostgreSQL needs pg8000: install it with pip install 'sensor-hub[postgres]'"
            ) from None
        event.listen(engine, "begin", _on_begin)
        return remember(engine, self)

    @contextmanager
    def migrating(self, engine: Engine) -> Iterator[Connection]:
        """Open a transaction in which tables may change; texts then sort as on SQLite, whatever the server's locale."""
        with engine.execution_options(**{WRITES: True}).connect() as connection, connection.begin():
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
            if encoding != "UTF8":
                raise RegistryError(
                    f"registry {self.shown}: its encoding is {encoding}, and names need UTF8"
                    " (make another: createdb -E UTF8 -T template0 NAME)"
                )
            yield connection
            quote = connection.dialect.identifier_preparer.quote
            for table, column, kind in connection.execute(_AS_ON_SQLITE).all():
                connection.exec_driver_sql(
                    f'ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)} TYPE {kind} COLLATE "C"'
                )

    def why(self, error: Exception) -> str:
        """Return what server or driver said, and the mend; never a value of a row."""
        told = _told(error)
        if told is None:
            reason = str(_cause(error))
            return f"it cannot be reached: {reason} (is the server running? try again, or check SENSOR_HUB_REGISTRY)"
        code, message = told
        if code in _LOCKED:
            mend = "another program holds it: try again"
        elif code == "42501":
            mend = _RIGHTS
        else:
            mend = (_ABSENT | _BUSY).get(code, "check the database, or restore it")
        return f"{message} ({mend})"

    def rewrite(self, engine: Engine) -> None:
        """Write the tables' files anew without what was deleted, once nobody reads what was before.

        The server's log (WAL), its replicas and its backups keep it until they are overwritten.
        """
        failed = "the registry's tables could not be written anew"
        try:
            with engine.connect() as connection:
                _end_ping(connection)
                connection.execution_options(isolation_level=_ALONE)
                connection.exec_driver_sql("SET default_transaction_read_only TO off")
                try:
                    _wait_for_readers(connection)
                    tables = connection.exec_driver_sql(
                        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
                    )
                    quote = connection.dialect.identifier_preparer.quote
                    for table in tables.scalars().all():
                        connection.exec_driver_sql(f"VACUUM (FULL) {quote(table)}")
                finally:
                    connection.exec_driver_sql("SET default_transaction_read_only TO on")
        except (SQLAlchemyError, OSError) as error:
            raise RegistryError(f"{failed}: {self.why(error)}; call this again") from error

    def last_number(self, session: Session | Connection, table: str, column: str) -> int:
        """Return the highest number that was ever given to a row of a table."""
        sequence = session.execute(
            text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table, "c": column}
        ).scalar_one()
        last, is_given = session.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
        return int(last) if is_given else 0

    def number_after(self, session: Session | Connection, table: str, column: str, number: int) -> None:
        """Let the next row have a number above this one; that stays so if the transaction is undone."""
        query = text("SELECT setval(pg_get_serial_sequence(:t, :c), :number)")
        session.execute(query, {"t": table, "c": column, "number": number})


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(WRITES, False) and options.get("isolation_level") != _ALONE:
        _end_ping(connection)
        # Each statement sees what was committed before it, and behind the lock nobody else commits.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def _end_ping(connection: Connection) -> None:
    """End the transaction that asking "are you there?" began: in it, isolation can no longer be chosen."""
    driver = connection.connection.driver_connection
    if driver is None:  # pragma: no cover - a connection just made has one
        raise ValueError("no connection")
    driver.rollback()


def _wait_for_readers(connection: Connection) -> None:
    """Wait until transactions that began before this moment are over: what they may still read is not let go of."""
    began = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND xact_start < :began"
    )
    end_s = time.monotonic() + READERS_END_WITHIN_S
    while connection.execute(query, {"began": began}).scalar_one():
        if time.monotonic() > end_s:
            raise RegistryError(
                "somebody has been reading the registry since before it was changed (a dump, or a console?):"
                " wait for their end and call this again"
            )
        time.sleep(0.05)


def _told(error: Exception) -> tuple[str, str] | None:
    """Return the server's code and sentence; None where it was not the server that refused."""
    told = getattr(getattr(error, "orig", None), "args", None) or ()
    if told and isinstance(told[0], dict):
        found: dict[str, Any] = told[0]
        return str(found.get("C", "")), str(found.get("M", "it refuses"))
    return None


def _cause(error: BaseException) -> BaseException:
    """Return the innermost reason: the driver tells of its own parameters, the system of what happened."""
    orig = getattr(error, "orig", None) or error
    while orig.__cause__ is not None:
        orig = orig.__cause__
    return orig


__all__ = ["Postgres"]
