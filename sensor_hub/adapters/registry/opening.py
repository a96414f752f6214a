"""Opening the registry's database: connection settings, and migration to the newest schema."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from sensor_hub.errors import RegistryError

BUSY_TIMEOUT_S: Final = 30.0
_WRITES: Final = "sensor_hub_writes"
_MIGRATION: Final = threading.Lock()  # alembic's context is one for the whole process


def migrations_config() -> Config:
    """Return Alembic's configuration; it needs no file, so it works from an installed wheel."""
    config = Config()
    config.set_main_option("script_location", "sensor_hub.adapters.registry:migrations")
    return config


def path_of(url: str) -> Path:
    """Return the file a URL names; RegistryError if it names none."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        shown = repr(parsed.render_as_string(hide_password=True)) if parsed is not None else "of that form"
        raise RegistryError(f"a registry address {shown} is not usable: give sqlite:///PATH")
    return Path(str(parsed.database))


def open_engine(url: str) -> Engine:
    """Return an engine on a database with the newest schema; RegistryError if there is no way to one."""
    path = path_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # names and addresses: for the owner's eyes
    except OSError as error:
        raise RegistryError(f"registry {path}: {error.strerror}: choose a place that can be written") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    try:
        with _MIGRATION:
            _migrate(engine)
    except CommandError as error:
        engine.dispose()
        raise RegistryError(
            f"registry {path} was written by another version of sensor-hub ({error}): update sensor-hub"
        ) from error
    except SQLAlchemyError as error:
        engine.dispose()
        raise refusal(path, error) from error
    return engine


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write: they take the lock at once, so none fails half-way."""
    return engine.execution_options(**{_WRITES: True})


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, without a session: for what is asked with every batch, at a third of the cost."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except SQLAlchemyError as error:
        raise refusal(Path(str(engine.url.database)), error) from error


def refusal(path: Path, error: SQLAlchemyError) -> RegistryError:
    """Return what the database said, for a person."""
    reason = str(getattr(error, "orig", None) or error)
    mend = "another program holds it: close it and try again" if "locked" in reason else "check the file, or restore it"
    return RegistryError(f"registry {path}: {reason} ({mend})")


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
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision in one transaction; with foreign keys off, as table rebuilds need."""
    config = migrations_config()
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with writing(engine).connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:  # pragma: no cover - a connection just made has one
            raise ValueError("no connection")
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
