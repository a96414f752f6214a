"""Settings: arguments before environment before file; what is wrong is named, and what is secret is not shown."""

import os
from pathlib import Path

import pytest

from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import ConfigError

SECRET = "a-password-nobody-may-see"  # noqa: S105 (of a test)


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file of settings would be; the environment has none."""
    for name in [name for name in os.environ if name.upper().startswith("SENSOR_HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    path = tmp_path / "config" / "sensor-hub" / "sensor_hub.toml"
    path.parent.mkdir(parents=True)
    return path


def test_without_anything_there_are_defaults_on_this_machine_only(toml: Path, tmp_path: Path) -> None:
    found = load_settings()
    assert not toml.exists()
    assert found.data_dir == tmp_path / "share" / "sensor-hub"
    assert (found.site, found.web_host, found.web_port, found.mqtt_port) == ("home", "127.0.0.1", 8080, 1883)
    assert found.mqtt.get_secret_value() == found.store.get_secret_value() == ""


def test_an_argument_goes_before_the_environment_and_that_before_the_file(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml.write_text('web_port = 1111\nsite = "file"\nweb_host = "::1"\n')
    monkeypatch.setenv("SENSOR_HUB_WEB_PORT", "2222")
    monkeypatch.setenv("SENSOR_HUB_SITE", "environment")
    found = load_settings(web_port=3333)
    assert (found.web_port, found.site, found.web_host) == (3333, "environment", "::1")
    assert load_settings(web_port=None).web_port == 2222


@pytest.mark.usefixtures("toml")
@pytest.mark.parametrize(
    ("name", "value"),
    [("web_port", "eighty"), ("web_port", "65536"), ("mqtt_port", "-1"), ("site", "My Site"), ("site", ""),
     ("site", "a\n"), ("site", "a/b")],
)  # fmt: skip
def test_a_value_that_cannot_be_names_setting_variable_and_file(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SENSOR_HUB_{name.upper()}", value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    said = str(caught.value)
    assert name in said
    assert f"SENSOR_HUB_{name.upper()}" in said
    assert "sensor_hub.toml" in said
    assert said.count("\n") == 0


def test_a_value_of_the_file_is_checked_too(toml: Path) -> None:
    toml.write_text("web_port = true\nsite = 7\n")
    with pytest.raises(ConfigError, match=r"sensor_hub\.toml"):
        load_settings()


@pytest.mark.parametrize("content", [b"web_port = ", b"\xff\xfe", b"web_port = 1\nweb_port = 2\n"])
def test_a_file_that_is_not_toml_is_named(toml: Path, content: bytes) -> None:
    toml.write_bytes(content)
    with pytest.raises(ConfigError, match=r"sensor_hub\.toml"):
        load_settings()


def test_secrets_are_in_no_text_of_the_settings(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml.write_text(f'influx_token = "{SECRET}"\n')
    monkeypatch.setenv("SENSOR_HUB_MQTT", f"mqtt://edge:{SECRET}@192.0.2.7:1883")
    monkeypatch.setenv("SENSOR_HUB_STORE", f"influx+v1://hub:{SECRET}@127.0.0.1/runs")
    found = load_settings()
    assert found.influx_token.get_secret_value() == SECRET
    assert SECRET in found.mqtt.get_secret_value()
    assert SECRET in found.store.get_secret_value()
    for text in (repr(found), str(found), repr(found.model_dump()), found.model_dump_json()):
        assert SECRET not in text


def test_a_secret_of_the_wrong_kind_is_not_repeated(toml: Path) -> None:
    toml.write_text(f'influx_token = ["{SECRET}"]\n')
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "influx_token" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__, "the error behind it would show the value"


@pytest.mark.usefixtures("toml")
def test_every_setting_can_be_given_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"data_dir": "/d", "site": "s", "zone": "UTC", "mqtt": "m", "mqtt_port": "1", "store": "t",
             "influx_token": "i", "web_host": "h", "web_port": "2"}  # fmt: skip
    assert set(given) <= set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"SENSOR_HUB_{name.upper()}", value)
    found = load_settings()
    assert found.data_dir == Path("/d")
    assert (found.site, found.zone, found.mqtt_port, found.web_host, found.web_port) == ("s", "UTC", 1, "h", 2)
