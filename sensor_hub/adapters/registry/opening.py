"""Opening the registry's database, and bringing it to the newest schema."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from sensor_hub.adapters.registry.addresses import database_at
from sensor_hub.adapters.registry.databases import FAILURES, WRITES, Database, database_of, refusal
from sensor_hub.errors import RegistryError

_MIGRATION: Final = threading.Lock()  # alembic's context is one for the whole process


def migrations_config() -> Config:
    """Return Alembic's configuration; it needs no file, so it works from an installed wheel."""
    config = Config()
    config.set_main_option("script_location", "sensor_hub.adapters.registry:migrations")
    return config


def open_engine(url: str) -> Engine:
    """Return an engine on a database with the newest schema; RegistryError if there is no way to one."""
    database = database_at(url)
    engine = database.connect()
    try:
        with _MIGRATION:
            _migrate(engine, database)
    except CommandError as error:
        engine.dispose()
        raise RegistryError(
            f"registry {database.shown} was written by another version of sensor-hub ({error}): update sensor-hub"
        ) from error
    except RegistryError:
        engine.dispose()
        raise
    except FAILURES as error:
        engine.dispose()
        raise refusal(database, error) from error
    return engine


def is_newest(url: str) -> bool:
    """Return whether a database has the newest schema, so that opening it changes nothing; RegistryError as above."""
    database = database_at(url)
    engine = database.connect()
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == _head()
    except FAILURES as error:
        raise refusal(database, error) from error
    finally:
        engine.dispose()


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write: they take the lock at once, so none fails half-way."""
    return engine.execution_options(**{WRITES: True})


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, without a session: for what is asked with every batch, at a third of the cost."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except FAILURES as error:
        raise refusal(database_of(engine), error) from error


def _head() -> str | None:
    return ScriptDirectory.from_config(migrations_config()).get_current_head()


def _migrate(engine: Engine, database: Database) -> None:
    """Bring the schema to the newest revision in one transaction; two programs that open it at once do it once."""
    config = migrations_config()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == _head():
            return
    with database.migrating(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


__all__ = ["is_newest", "migrations_config", "open_engine", "reading", "writing"]
