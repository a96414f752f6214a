from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.ports import Store
from tests.servers_influx import Front, RealV2, front_door, influxd

TOKEN = "a-token-that-must-not-be-shown"  # noqa: S105 (of a door in a test)
OpenStore = Callable[[], Store]
# The two ways into an InfluxDB differ in how they write and delete, which the contracts of a store and of persons show
# for both. Of the other contracts one way has everything and the other these; `make test-thorough` has all of both.
ALSO_BY_V2 = {
    "test_store_retention.py": {"test_minutes_go_where_their_session_goes"},
    "test_store_sealing.py": {
        "test_no_reader_can_tell_that_a_session_was_tidied",
        "test_a_tidied_session_is_put_back_given_away_and_erased_like_any_other",
    },
    "test_replace_session.py": {
        "test_a_replaced_session_is_the_new_one_and_nothing_of_the_old",
        "test_a_session_may_begin_at_another_moment_than_before",
    },
    "test_replays.py": {"test_a_run_and_its_replay_go_to_the_other_athlete_together"},
    "test_migrating.py": {"test_there_and_back_gives_the_same_value_for_value"},
    "test_joined.py": {"test_a_joined_message_of_which_a_part_is_there_brings_the_rest"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        wanted = ALSO_BY_V2.get(item.path.name)
        if wanted is None or not isinstance(item, pytest.Function) or item.path.parent != Path(__file__).parent:
            continue
        if "influx-v2" in item.name and item.originalname not in wanted:
            item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session")
def influx_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with influxd(tmp_path_factory.mktemp("influxd")) as url:
        yield url


@pytest.fixture
def v2_front(influx_url: str) -> Iterator[Front]:
    with front_door(influx_url, TOKEN) as front:
        yield front


@pytest.fixture
def database(influx_url: str) -> str:
    name = f"t_{uuid4().hex}"
    httpx.post(f"{influx_url}/query", data={"q": f"CREATE DATABASE {name}"}, trust_env=False).raise_for_status()
    return name


@pytest.fixture(params=["sqlite", "influx-v1", "influx-v2"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Open the same store again and again; all are closed in the end."""
    opened: list[Store] = []

    def open_sqlite() -> Store:
        return SqliteStore(tmp_path / "deep" / "store.sqlite")

    def open_v1() -> Store:
        return InfluxStore(request.getfixturevalue("influx_url"), database=request.getfixturevalue("database"))

    real = RealV2.given() if request.param == "influx-v2" else None
    bucket = f"t_{uuid4().hex}"
    if real is not None:
        real.new_bucket(bucket)

    def open_v2() -> Store:
        if real is not None:
            return InfluxStore(real.url, database=bucket, api="v2", token=real.token, org=real.org)
        front, name = request.getfixturevalue("v2_front"), request.getfixturevalue("database")
        return InfluxStore(front.url, database=name, api="v2", token=TOKEN, org="home")

    kinds = {"sqlite": open_sqlite, "influx-v1": open_v1, "influx-v2": open_v2}
    kinds[request.param]().close()  # a server that is missing skips here, before the test

    def open_again() -> Store:
        opened.append(kinds[request.param]())
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(opener: OpenStore) -> Store:
    return opener()
