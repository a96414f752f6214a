"""SENSOR_HUB_X_FILE: every setting that is a secret, from a file."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import ConfigError

SECRETS = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]


def test_there_are_some() -> None:
    assert {"store", "mqtt", "influx_token", "registry"} <= set(SECRETS)


@pytest.mark.parametrize("name", SECRETS)
def test_each_can_stand_in_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("geheim ü\n")
    monkeypatch.setenv(f"SENSOR_HUB_{name.upper()}_FILE", str(tmp_path / "secret"))
    settings = load_settings()
    assert getattr(settings, name).get_secret_value() == "geheim ü"
    assert "geheim" not in repr(settings)


def test_never_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("geheim")
    monkeypatch.setenv("SENSOR_HUB_STORE_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("SENSOR_HUB_STORE", "sqlite:///x.db")
    with pytest.raises(ConfigError, match="SENSOR_HUB_STORE and SENSOR_HUB_STORE_FILE are both set"):
        load_settings()


def test_what_is_said_on_the_command_line_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("geheim")
    monkeypatch.setenv("SENSOR_HUB_STORE_FILE", str(tmp_path / "secret"))
    assert load_settings(store="sqlite:///y.db").store.get_secret_value() == "sqlite:///y.db"


@pytest.mark.parametrize("held", [b"", b"\n", b"geheim\nsecond", b"\xff\xfe", b"geheim" * 1000, b"geh\0eim"])
def test_a_file_that_holds_anything_but_one_line_is_named_and_not_shown(
    held: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(held)
    monkeypatch.setenv("SENSOR_HUB_INFLUX_TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(ConfigError, match=f"SENSOR_HUB_INFLUX_TOKEN_FILE: {tmp_path / 'secret'}") as refused:
        load_settings()
    assert "geh" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSOR_HUB_MQTT_FILE", "/nowhere/secret")
    with pytest.raises(ConfigError, match="SENSOR_HUB_MQTT_FILE: /nowhere/secret: cannot be read"):
        load_settings()


def test_a_setting_that_is_no_secret_has_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").write_text("elsewhere")
    monkeypatch.setenv("SENSOR_HUB_SITE_FILE", str(tmp_path / "site"))
    assert load_settings().site == "home"
