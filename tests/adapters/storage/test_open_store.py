from pathlib import Path

import pytest

from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.errors import ConfigError, StoreError
from tests.adapters.storage.conftest import TOKEN
from tests.adapters.storage.runs import HEADER, all_steps, run
from tests.servers_influx import Front, free_port, influxd


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}"])
def test_a_path_or_an_sqlite_address_opens_a_file(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a" / "store.sqlite"
    store = open_store(form.format(path=path))
    assert isinstance(store, SqliteStore)
    store.close()
    assert path.exists()


def test_three_slashes_are_relative_to_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///store.sqlite").close()
    assert (tmp_path / "store.sqlite").exists()


def test_influx_addresses_open_both_kinds(influx_url: str, database: str, v2_front: Front) -> None:
    server = influx_url.removeprefix("http://")
    one = open_store(f"influx+v1://{server}/{database}")
    two = open_store(f"influx+v2://{v2_front.url.removeprefix('http://')}/{database}?org=home", token=TOKEN)
    assert isinstance(one, InfluxStore)
    assert isinstance(two, InfluxStore)
    two.commit(run(2))
    assert one.steps(HEADER.sid) == all_steps(2)
    one.close()
    two.close()


def test_user_and_password_are_checked_by_the_server_and_never_shown(tmp_path: Path) -> None:
    password = "p@ss/w:rd%"  # noqa: S105 (of a server in a test)
    with influxd(tmp_path / "influxd", admin=("anna", password)) as url:
        server = url.removeprefix("http://")
        store = open_store(f"influx+v1://anna:p%40ss%2Fw%3Ard%25@{server}/runs")
        store.commit(run(1))
        assert store.steps(HEADER.sid) == all_steps(1)
        assert password not in repr(store)
        store.close()
        with pytest.raises(StoreError, match="check both") as refused:
            open_store(f"influx+v1://anna:wrong-secret@{server}/runs")
    assert "wrong-secret" not in str(refused.value)
    assert "anna" not in repr(store)


@pytest.mark.parametrize(
    "url",
    [
        "", ":memory:", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgres://u:hidden@h/db", "influx://h/db",
        "influx+v1://u:hidden@/db", "influx+v1://u:hidden@h:99999/db", "influx+v1://u:hidden@h:x/db",
        "influx+v1://u:hidden@h", "influx+v1://u:hidden@h/", "influx+v1://u:hidden@h/a/b", "influx+v1://[::1/db",
        "influx+v1://u:hidden@h/db?tls=maybe", "influx+v1://u:hidden@h/db?nonsense=1", "influx+v2://u:hidden@h/db?org=o",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ConfigError, match="store") as refused:
        open_store(url)
    assert "hidden" not in str(refused.value)


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(StoreError, match=rf"127\.0\.0\.1:{port}.*is it running") as refused:
        open_store(f"influx+v1://anna:hidden@127.0.0.1:{port}/db")
    assert "hidden" not in str(refused.value)


def test_tls_and_an_ipv6_host_are_understood() -> None:
    with pytest.raises(StoreError, match=r"https://\[::1\]:1"):
        open_store("influx+v1://[::1]:1/db?tls=true")
