"""Both kinds of database: a test that asks for ``registry_url`` runs on a file and on a real PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from tests.servers_postgres import Postgres

MODEL = "model"  # a database with the newest tables, of which each test has a copy
_COPIES = count(1)


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
    """Name of a database with empty tables."""
    name = f"of_a_test_{next(_COPIES)}"
    postgres.sql(f"CREATE DATABASE {name} TEMPLATE {MODEL}")
    yield name
    postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server("postgresql"))])
def registry_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(request.getfixturevalue("database"))
