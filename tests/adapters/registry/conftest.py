"""Both kinds of database: a test that asks for ``registry_url`` runs on a file and on a real PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from sensor_hub.adapters.registry import Registry
from tests.servers_postgres import Postgres

MODEL: Final = "model"  # a database with the newest tables, of which a test can have a copy
EMPTIED: Final = "emptied"  # one that the tests have one after the other: a copy takes longer than most of them
_COPIES: Final = count(1)
_OTHERS_LEAVE: Final = (
    "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_TABLES: Final = (
    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
_NUMBERS: Final = (
    "SELECT format('SELECT setval(%L, %s, %L)', quote_ident(sequencename), coalesce(last_value, 1),"
    " last_value IS NOT NULL) FROM pg_sequences WHERE schemaname = 'public'"
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        server.sql(f"CREATE DATABASE {MODEL} TEMPLATE template0")
        Registry(server.url(MODEL)).close()
        yield server
    finally:
        server.remove()


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """Name of a database of its own with empty tables, for a test that changes more than rows."""
    name = f"of_a_test_{next(_COPIES)}"
    postgres.sql(f"CREATE DATABASE {name} TEMPLATE {MODEL}")
    yield name
    postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def at_the_emptied(postgres: Postgres) -> Iterator[Connection]:
    postgres.sql(f"CREATE DATABASE {EMPTIED} TEMPLATE {MODEL}")
    engine = create_engine(postgres.url(EMPTIED), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role TO replica")  # rows go in any order of tables
        yield connection


@pytest.fixture(scope="session")
def emptying(at_the_emptied: Connection) -> str:
    """Statements that leave what the migrations left: a few tables have a row from the beginning."""

    def asked(query: str) -> list[str]:
        return list(at_the_emptied.exec_driver_sql(query).scalars().all())

    at_the_emptied.exec_driver_sql("CREATE SCHEMA first")
    statements = []
    for table in asked(_TABLES):
        statements.append(f"DELETE FROM {table}")  # noqa: S608 (a name from the server's own list)
        if asked(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608
            at_the_emptied.exec_driver_sql(f"CREATE TABLE first.{table} AS TABLE {table}")
            statements.append(f"INSERT INTO {table} SELECT * FROM first.{table}")  # noqa: S608
    return "; ".join([*statements, *asked(_NUMBERS)])


@pytest.fixture
def emptied(at_the_emptied: Connection, emptying: str) -> str:
    """Name of a database as if it were new and with nobody connected, for a test that changes rows only."""
    at_the_emptied.exec_driver_sql(_OTHERS_LEAVE)
    at_the_emptied.exec_driver_sql(emptying)
    return EMPTIED


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server("postgresql"))])
def registry_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(request.getfixturevalue("emptied"))
