"""The only reader of the environment and of ``sensor_hub.toml``."""

import os
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from sensor_hub.errors import ConfigError

APP: Final = "sensor-hub"
LONGEST_SECRET: Final = 4096


class Settings(BaseSettings):
    """Settings, from ``SENSOR_HUB_…`` in the environment, else ``sensor_hub.toml``, else these defaults.

    Each that is a secret, X, may stand in a file that ``SENSOR_HUB_X_FILE`` names: never both.

    data_dir : registry, store, outbox, recordings and the broker's passwords; readable by its owner only.
    profiles_dir : the user's own firmware profiles, which go before those shipped.
    site : first word of every topic, ``[a-z0-9-]``.
    units, language : how this program speaks to whoever chose nothing else on the page: lengths, and a catalogue.
    mqtt : URL of an external broker with user and password; empty for the embedded one on ``mqtt_port``.
    store : ``sqlite:///PATH``, ``influx+v1://…`` or ``influx+v2://…``; empty for SQLite in data_dir.
    influx_token : token of InfluxDB 2.x; never logged.
    registry : ``sqlite:///PATH`` or ``postgresql+pg8000://USER:PASSWORD@HOST/DATABASE``; empty for SQLite in data_dir.
    shared : several hubs work on one store and one registry: each takes its share of an external broker's messages.
    keep_steps_days : single steps of sessions that ended longer ago are let go of; their minutes and sums stay. 0 keeps
        everything.
    mqtt_host : address the embedded broker listens on; beyond loopback only with mqtt_cert and mqtt_key.
    mqtt_cert, mqtt_key : the embedded broker's certificate and key (PEM); with them it speaks TLS.
    mqtt_access_dir : folder where the hub keeps access lists and passwords for an external mosquitto, which has to be
        told to read them again (SIGHUP); empty for none.
    mqtt_ca : certificate of the authority of a broker (PEM); empty for those this machine trusts.
    admin_password : makes the account ``admin`` at a hub's first start, while nobody has one; changes nothing later.
    web_cert, web_key : the page's certificate and key (PEM); with them it is https only.
    web_names : names besides localhost under which the page may be asked, separated by commas, such as ``hub.local``.
    metrics_port : where an edge serves its metrics to this machine, 0 for nowhere; a hub has /metrics on its page.
    log_format, log_level : one line of text, or one JSON object, a record; from which weight on.
    adapter : Bluetooth adapters by address (a name ``hciN`` may change), separated by commas; empty for the first one.
    edge_commands : whether an edge pairs, checks and lets go of sensors when its hub asks; false refuses all of it.
    drop_per_mm : fraction by which a shoe's drop beyond 10 mm is assumed to lower the load, a millimetre; 0 is off. An
        assumption without a table: loads with it are never held against loads without.
    web_proxy : addresses or networks of proxies in front of the page, separated by commas, whose X-Forwarded-For and
        X-Forwarded-Proto are believed.
    page_url : address of the page as phones reach it, such as ``https://hub.local``, for links in messages; empty for
        messages without links.
    notify_private : messages may go to addresses in private networks and on this machine, such as a ntfy of one's own;
        of anybody who may add an address, so it is for a hub whose people you know.
    home_assistant : the hub tells a Home Assistant on its broker of its athletes and sensors (MQTT discovery).
    home_assistant_names : with their names, which anybody who reads the broker then sees; else by pseudonym.
    web_edits : gone; who may change what goes by accounts.
    """

    model_config = SettingsConfigDict(env_prefix="SENSOR_HUB_", extra="ignore", toml_file="")

    data_dir: Path = Field(default_factory=lambda: user_data_path(APP))
    profiles_dir: Path = Field(default_factory=lambda: user_config_path(APP) / "firmware_profiles")
    site: str = Field(default="home", pattern=r"^[a-z0-9-]{1,64}$")
    zone: str = ""
    units: Literal["km", "mi"] = "km"
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")
    mqtt: SecretStr = SecretStr("")
    mqtt_port: int = Field(default=1883, ge=0, le=65535)
    store: SecretStr = SecretStr("")
    influx_token: SecretStr = SecretStr("")
    registry: SecretStr = SecretStr("")
    shared: bool = False
    keep_steps_days: int = Field(default=0, ge=0, le=36_500)
    mqtt_host: str = "127.0.0.1"
    mqtt_cert: Path | None = None
    mqtt_key: Path | None = None
    mqtt_ca: Path | None = None
    mqtt_access_dir: Path | None = None
    admin_password: SecretStr = SecretStr("")
    web_cert: Path | None = None
    web_key: Path | None = None
    web_names: str = ""
    metrics_port: int = Field(default=0, ge=0, le=65535)
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    adapter: str = ""
    edge_commands: bool = True
    drop_per_mm: float = Field(default=0.0, ge=-0.05, le=0.05)
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    web_proxy: str = ""
    page_url: str = ""
    notify_private: bool = False
    home_assistant: bool = False
    home_assistant_names: bool = False
    web_edits: Literal[""] = ""

    @field_validator("page_url")
    @classmethod
    def _page_url(cls, value: str) -> str:
        """What phones are sent is an address of a page and nothing else."""
        parts = urlsplit(value)
        is_page = parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
        if value and (not is_page or parts.username is not None or not value.isprintable() or " " in value):
            raise ValueError("give an address such as https://hub.local, or http://192.168.1.20:8080")
        return value.rstrip("/")

    @field_validator("mqtt_cert", "mqtt_key", "mqtt_ca", "mqtt_access_dir", "web_cert", "web_key", mode="before")
    @classmethod
    def _no_path(cls, value: object) -> object:
        """An empty path is none, and not the folder one happens to be in."""
        return None if value == "" else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before file."""
        del dotenv_settings, file_secret_settings
        secrets = _SecretsInFiles(settings_cls)
        return init_settings, env_settings, secrets, TomlConfigSettingsSource(settings_cls, _toml_path())


class _SecretsInFiles(PydanticBaseSettingsSource):
    """``SENSOR_HUB_X_FILE`` : a file that holds the secret X, such as /run/secrets/influx_token."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """Return (secret, name, whether it is still to be parsed); None where no file is named.

        ConfigError if the setting itself is there too, or the file is not what it must be.
        """
        variable = f"SENSOR_HUB_{field_name.upper()}"
        said = os.environ.get(f"{variable}_FILE", "")
        if field.annotation is not SecretStr or not said:
            return None, field_name, False
        if os.environ.get(variable):
            raise ConfigError(f"{variable} and {variable}_FILE are both set: unset one of them")
        return secret_in(Path(said), f"{variable}_FILE: "), field_name, False

    def __call__(self) -> dict[str, str]:
        """Return the secrets that are in files, by the setting's name."""
        fields = self.settings_cls.model_fields
        found = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: secret for name, secret in found.items() if secret is not None}


def secret_in(path: Path, who: str = "") -> str:
    """Return the one line of a file; ConfigError, begun by ``who``, that never shows it, if it has none or more."""
    try:
        with path.expanduser().open("rb") as file:
            text = file.read(LONGEST_SECRET + 1).decode().strip()
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(f"{who}{path}: cannot be read: {told}") from None
    if not text or len(text) > LONGEST_SECRET or not text.isprintable():
        raise ConfigError(f"{who}{path}: it must hold the secret as one line, and nothing else")
    return text


def _toml_path() -> Path:
    return user_config_path(APP) / "sensor_hub.toml"


def load_settings(**changes: object) -> Settings:
    """Read the settings; ConfigError names the setting and what it must be. ``changes`` that are None do not count."""
    try:
        return Settings(**{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if name == "web_edits":
            raise ConfigError(
                f"setting 'web_edits' (SENSOR_HUB_WEB_EDITS or {_toml_path()}) is gone: remove it, and make accounts "
                "(sensor-hub user add NAME --role admin)"
            ) from None
        raise ConfigError(
            f"setting {name!r} (SENSOR_HUB_{name.upper()} or {_toml_path()}): {first['msg'].lower()}"
        ) from None
    except (ValueError, OSError) as error:
        raise ConfigError(f"{_toml_path()}: {error}") from None
