from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.ports import Store
from tests.servers_influx import influxd


@pytest.fixture(scope="session")
def influx_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with influxd(tmp_path_factory.mktemp("influxd")) as url:
        yield url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "influx"])
def either_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Each of the two stores, the second on a real server."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    url, name = request.getfixturevalue("influx_url"), f"t_{uuid4().hex}"
    httpx.post(f"{url}/query", data={"q": f"CREATE DATABASE {name}"}, trust_env=False).raise_for_status()
    opened = InfluxStore(url, database=name)
    yield opened
    opened.close()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        yield opened
