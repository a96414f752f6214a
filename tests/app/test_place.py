"""Where a hub keeps its things: for its owner's eyes only."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from sensor_hub.app.place import Place
from sensor_hub.errors import ConfigError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o022, 0o000, 0o077])
def umask(request: pytest.FixtureRequest) -> object:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_folders_are_0700_and_passwords_0600(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "deep" / "hub")
    place.broker_users()
    assert mode(place.root) == 0o700
    assert mode(place.recordings) == 0o700
    assert mode(place.root / "broker-users.json") == 0o600


def test_a_place_is_made_once_and_found_again(tmp_path: Path) -> None:
    users = Place.at(tmp_path / "hub").broker_users()
    assert Place.at(tmp_path / "hub").broker_users() == users
    assert sorted(p.name for p in (tmp_path / "hub").iterdir()) == ["broker-users.json", "recordings"]


def test_passwords_are_long_and_each_user_s_own(tmp_path: Path) -> None:
    here, there = Place.at(tmp_path / "a").broker_users(), Place.at(tmp_path / "b").broker_users()
    assert set(here) == {"hub", "edge"}
    assert len({*here.values(), *there.values()}) == 4
    assert all(len(password) >= 32 for password in here.values())


def test_hub_and_edge_that_start_together_agree_on_the_passwords(tmp_path: Path) -> None:
    place, n = Place.at(tmp_path / "hub"), 8
    for _ in range(20):
        together = Barrier(n)

        def read(_i: int, together: Barrier = together) -> dict[str, str]:
            together.wait()
            return place.broker_users()

        with ThreadPoolExecutor(n) as pool:
            found = list(pool.map(read, range(n)))
        assert all(users == found[0] for users in found)
        assert [p.name for p in place.root.iterdir() if p.is_file()] == ["broker-users.json"]
        (place.root / "broker-users.json").unlink()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"hub": "x"}', '{"hub": "x", "edge": 7}', '{"hub": "x", "edge": null}', "\0"]
)
def test_passwords_that_cannot_be_read_say_the_file_and_the_mend(tmp_path: Path, text: str) -> None:
    place = Place.at(tmp_path / "hub")
    (place.root / "broker-users.json").write_text(text)
    with pytest.raises(ConfigError, match=r"broker-users\.json.*remove the file"):
        place.broker_users()


def test_passwords_that_are_not_text_or_no_file_say_so_too(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "hub")
    path = place.root / "broker-users.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="remove the file"):
        place.broker_users()
    path.unlink()
    path.mkdir()
    with pytest.raises(ConfigError, match="remove the file"):
        place.broker_users()


def test_more_users_than_needed_do_no_harm(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "hub")
    users = {"hub": "a", "edge": "b", "old": "c"}
    (place.root / "broker-users.json").write_text(json.dumps(users))
    assert place.broker_users() == {"hub": "a", "edge": "b"}


def test_a_place_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="SENSOR_HUB_DATA_DIR"):
        Place.at(tmp_path / "file" / "hub")


def test_registry_and_store_lie_below_the_place(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "hub")
    assert place.registry_url == f"sqlite:///{tmp_path}/hub/registry.db"
    assert place.store_url == f"sqlite:///{tmp_path}/hub/store.db"
    assert place.outbox.parent == place.root
