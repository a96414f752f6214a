"""``mqtt`` and ``tls`` through the command line, and a broker that keeps to what was said there."""

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.trial import try_out
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place, broker_url
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import BrokerError, ConfigError
from tests.cli.conftest import Cli

PATIENCE_S = 20.0


@pytest.fixture
def home(cli: Cli) -> Cli:
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        registry.add_athlete("Ana", "UTC", pseudonym="aaaaaaaa")
        registry.add_athlete("Ben", "UTC", pseudonym="bbbbbbbb")
    return cli


def until(condition: Callable[[], object]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.05)


def test_a_gateways_password_is_shown_once_and_stands_nowhere(home: Cli) -> None:
    told = home.ok("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana", "--label", "Pi in the hall", "--json").json
    assert (told["name"], told["athletes"], told["everybody"]) == ("edge-1", ["aaaaaaaa"], False)
    password = told["password"]
    assert len(password) >= 32
    for words in (("list",), ("list", "--json"), ("acl",), ("acl", "--out", home.data_dir / "acl")):
        answer = home.ok("mqtt", *words)
        assert password not in answer.out + answer.err
    assert not [path for path in home.data_dir.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]


def test_it_has_to_be_said_whom_a_gateway_is_about(home: Cli) -> None:
    assert "--everybody" in home.refused("mqtt", "gateway", "add", "edge-1")
    assert "not both" in home.refused("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana", "--everybody")
    assert "no athlete 'Zed'" in home.refused("mqtt", "gateway", "add", "edge-1", "--athlete", "Zed")
    assert home.ok("mqtt", "list", "--json").json == []
    assert "nobody yet" in home.ok("mqtt", "list").out


@pytest.mark.parametrize("name", ["hub", "Edge", "a/b", "+", "a b"])
def test_a_name_that_could_open_a_door_is_refused(home: Cli, name: str) -> None:
    for kind in ("gateway", "reader"):
        assert repr(name) in home.refused("mqtt", kind, "add", name, "--everybody")


def test_a_password_may_be_typed_in_and_is_not_repeated(home: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("my-own-password-1234\n"))
    told = home.ok("mqtt", "reader", "add", "wall", "--everybody", "--password-stdin")
    assert "my-own-password-1234" not in told.out
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert "16 characters" in home.refused("mqtt", "password", "wall", "--password-stdin")


def test_users_are_changed_listed_and_removed(home: Cli) -> None:
    home.ok("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana")
    assert "about Ana, Ben" in home.ok("mqtt", "athletes", "edge-1", "--athlete", "Ana", "--athlete", "Ben").out
    first = home.ok("mqtt", "password", "edge-1", "--json").json["password"]
    assert home.ok("mqtt", "password", "edge-1", "--json").json["password"] != first
    assert "let in no more" in home.ok("mqtt", "remove", "edge-1").out
    assert home.ok("mqtt", "list", "--json").json == []
    assert [one["removed"] is not None for one in home.ok("mqtt", "list", "--all", "--json").json] == [True]
    assert "no user 'edge-1'" in home.refused("mqtt", "remove", "edge-1")


def test_files_for_mosquitto_have_the_hubs_user_where_its_url_is_known(
    home: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.ok("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana")
    without = home.ok("mqtt", "acl", "--out", tmp_path / "one")
    assert "SENSOR_HUB_MQTT" in without.err
    assert "HUP" in without.out
    monkeypatch.setenv("SENSOR_HUB_MQTT", "mqtts://hub:secret-of-the-hub@broker")
    assert home.ok("mqtt", "acl", "--out", tmp_path / "two", "--json").json["n_users"] == 2
    for path in (tmp_path / "two").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert "secret-of-the-hub" not in path.read_text()
    assert "user hub\n" in (tmp_path / "two/acl").read_text()
    assert (tmp_path / "two/passwords").read_text().startswith("edge-1:$7$")


def test_a_folder_that_hands_its_group_on_lets_the_group_read(home: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "access"
    folder.mkdir()
    folder.chmod(0o2750)
    home.ok("mqtt", "acl", "--out", folder)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o640}


def test_a_folder_that_gets_its_group_later_has_it_for_the_files_that_are_there(home: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "access"
    home.ok("mqtt", "acl", "--out", folder)
    folder.chmod(0o2750)
    home.ok("mqtt", "acl", "--out", folder)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o640}


def test_no_gateway_gets_the_rights_of_a_hub_because_the_settings_name_it(
    home: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.ok("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana")
    monkeypatch.setenv("SENSOR_HUB_MQTT", "mqtts://edge-1:secret-of-the-edge@broker")
    for words in (("acl",), ("acl", "--out", tmp_path / "access")):
        said = home.refused("mqtt", *words)
        assert "edge-1, which is a gateway" in said
        assert "secret-of-the-edge" not in said
    assert not (tmp_path / "access").exists()


def test_what_is_told_of_a_new_user_suits_a_gateway_or_a_reader(home: Cli) -> None:
    assert "mqtt test" in home.ok("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana").out
    told = home.ok("mqtt", "reader", "add", "wall", "--athlete", "Ana").out
    assert "user wall" in told
    assert "SENSOR_HUB_MQTT" not in told


def test_the_id_of_a_gateway_stays(cli: Cli) -> None:
    first = cli.ok("mqtt", "id").out.strip()
    assert first.startswith("edge-")
    assert cli.ok("mqtt", "id", "--json").json == {"gateway": first}


def test_certificates_are_made_shown_and_never_overwritten(cli: Cli, tmp_path: Path) -> None:
    tls = tmp_path / "tls"
    made = cli.ok("tls", "init", "--name", "hub.local", "--ip", "192.168.1.2", "--out", tls)
    assert "SENSOR_HUB_MQTT_CERT" in made.out
    assert cli.ok("tls", "show", "--out", tls, "--json").json["names"][:2] == ["hub.local", "192.168.1.2"]
    assert "is there already" in cli.refused("tls", "init", "--name", "hub.local", "--out", tls)
    assert "hub.club" in cli.ok("tls", "renew", "--name", "hub.club", "--out", tls).out
    cli.ok("tls", "renew", "--days", "20", "--out", tls)
    soon = cli("tls", "show", "--out", tls)
    assert (soon.code, "renew it" in soon.out) == (1, True)


# --- with a hub that runs --------------------------------------------------------------------------------------------


@pytest.fixture
def settings(home: Cli, tmp_path: Path) -> Settings:
    tls = tmp_path / "tls"
    home.ok("tls", "init", "--name", "hub.local", "--out", tls)
    paths = {"mqtt_cert": tls / "server.crt", "mqtt_key": tls / "server.key", "mqtt_ca": tls / "ca.crt"}
    access = {"mqtt_access_dir": tmp_path / "access"}
    return load_settings(data_dir=home.data_dir, mqtt_port=0, web_port=0, **paths, **access)


def test_a_running_hub_lets_in_whoever_was_added_and_cuts_who_was_removed(
    home: Cli, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.rounds.TICK_S", 0.1)  # its chores come ten times as often
    monkeypatch.setattr("sensor_hub.adapters.mqtt.trial._ANSWER_S", 0.2)  # a gateway does not hear what it says
    hub = Hub(settings, Place.at(home.data_dir), web=False)
    hub.start()
    try:
        port = hub.broker_shown.rpartition(":")[2]
        assert hub.broker_shown.startswith("mqtts://")
        local = broker_url(settings.model_copy(update={"mqtt_port": int(port)}), Place.at(home.data_dir), "edge")
        assert try_out(local, "home").tls is not None
        password = home.ok("mqtt", "gateway", "add", "edge-1", "--athlete", "Ana", "--json").json["password"]
        url = f"mqtts://edge-1:{password}@localhost:{port}?ca={settings.mqtt_ca}"

        def let_in() -> bool:
            try:
                return try_out(url, "home", timeout_s=2.0).user == "edge-1"
            except BrokerError:
                return False

        until(let_in)
        mine = home.ok("mqtt", "id").out.strip()
        monkeypatch.setenv("SENSOR_HUB_MQTT", url)
        tried = home.ok("mqtt", "test")
        assert f"this machine's gateway is {mine}" in tried.err
        assert password not in tried.out + tried.err
        assert home.ok("mqtt", "test", "--json").json["gateway"] == mine
        monkeypatch.delenv("SENSOR_HUB_MQTT")
        assert settings.mqtt_access_dir is not None
        acl = settings.mqtt_access_dir / "acl"
        until(lambda: "ath/aaaaaaaa/live" in acl.read_text())
        hub.registry.merge_athletes("Ana", "Ben")
        until(lambda: "ath/bbbbbbbb/live" in acl.read_text())
        assert "ath/aaaaaaaa/live" in acl.read_text(), "the gateway still knows them under the old one"
        hub.registry.erasing.finish("bbbbbbbb")
        until(lambda: "/ath/" not in acl.read_text())
        home.ok("mqtt", "remove", "edge-1")
        until(lambda: not let_in())
    finally:
        hub.stop()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mqtt_host": "0.0.0.0"}, "without TLS"),  # noqa: S104
        ({"mqtt_host": "hub.local"}, "without TLS"),
        ({"mqtt_cert": Path("server.crt")}, "go together"),
        ({"mqtt_cert": Path("/nowhere"), "mqtt_key": Path("/nowhere")}, "tls init"),
    ],
)
def test_a_broker_that_would_be_open_to_a_network_does_not_start(
    home: Cli, changes: dict[str, object], said: str
) -> None:
    settings = load_settings(data_dir=home.data_dir, mqtt_port=0, **changes)
    with pytest.raises(ConfigError, match=said):
        Hub(settings, Place.at(home.data_dir), web=False).start()


def test_an_empty_path_in_the_environment_is_none(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    del cli
    monkeypatch.setenv("SENSOR_HUB_MQTT_CA", "")
    assert load_settings().mqtt_ca is None
