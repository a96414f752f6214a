"""New registries at once: an empty file gets a copy of one that was migrated, not every migration again.

What is migrated from an older schema goes its own way as ever, and so does a database that is no SQLite file.
"""

import sqlite3
import tempfile
from functools import cache

import pytest
from sqlalchemy import Engine

from sensor_hub.adapters.registry import Registry, opening
from sensor_hub.adapters.registry.databases import Database
from sensor_hub.adapters.registry.sqlite import SqliteFile

_migrate, _head = opening._migrate, cache(opening._head)


@cache
def _newest() -> sqlite3.Connection:
    """An empty registry in memory, as the migrations make it."""
    with tempfile.TemporaryDirectory() as folder:
        Registry(f"sqlite:///{folder}/registry.db").close()
        made = sqlite3.connect(":memory:", check_same_thread=False)
        file = sqlite3.connect(f"{folder}/registry.db")
        file.backup(made)
        file.close()
    return made


def _copied(engine: Engine, database: Database) -> None:
    if isinstance(database, SqliteFile):
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            (n_tables,) = driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not n_tables:
                _newest().backup(driver)
                return
    _migrate(engine, database)


def are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every registry that this process makes from now on be a copy."""
    _newest()
    monkeypatch.setattr(opening, "_migrate", _copied)
    monkeypatch.setattr(opening, "_head", _head)


def are_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let registries be made by their migrations again, where those are what is tested."""
    monkeypatch.setattr(opening, "_migrate", _migrate)
