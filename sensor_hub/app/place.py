"""Where a hub keeps its things, and the passwords of its embedded broker."""

import fcntl
import json
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.tls import is_loopback
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError

USERS: Final = ("hub", "edge")
_ANYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared with, never listened on)


@dataclass(frozen=True, slots=True)
class Place:
    """Paths below one folder that only its owner may read."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Place":
        """Make the folder; ConfigError if that cannot be."""
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            (root / "recordings").mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            mend = "give another folder: --data-dir, or SENSOR_HUB_DATA_DIR"
            raise ConfigError(f"{root}: cannot be made: {error.strerror} ({mend})") from error
        return cls(root)

    @property
    def registry_url(self) -> str:
        """URL of the registry in this folder; which one is in use the settings say (``registry_in_use``)."""
        return f"sqlite:///{self.root / 'registry.db'}"

    @property
    def store_url(self) -> str:
        """URL of the embedded store."""
        return f"sqlite:///{self.root / 'store.db'}"

    @property
    def outbox(self) -> Path:
        """The edge's outbox."""
        return self.root / "outbox.db"

    @property
    def recordings(self) -> Path:
        """Folder of raw recordings."""
        return self.root / "recordings"

    def lock_for_hub(self) -> IO[str]:
        """Keep a second hub out of this folder until the returned file is closed; ConfigError if one is there."""
        return self._lock("hub.lock", "another hub runs on this folder (give it another --data-dir)")

    def lock_for_collecting(self) -> IO[str]:
        """Keep others from the paired sensors until the returned file is closed; ConfigError if one collects."""
        return self._lock("collect.lock", "its sensors are being collected by another sensor-hub: end that one first")

    def lock_for_reanalysing(self) -> IO[str]:
        """Let one at a time recompute stored sessions, until the returned file is closed; ConfigError if one does."""
        return self._lock("reanalyse.lock", "its sessions are being recomputed by another sensor-hub: wait for its end")

    def _lock(self, name: str, taken: str) -> IO[str]:
        file = (self.root / name).open("a", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise ConfigError(f"{self.root}: {taken}") from None
        return file

    def hub_id(self) -> str:
        """Random id of the hub of this folder: two hubs on one broker must not take each other for themselves."""
        path = self.root / "hub-id"
        if not path.exists():
            path.write_text(secrets.token_hex(4), encoding="ascii")
        return path.read_text(encoding="ascii").strip()

    def broker_users(self) -> dict[str, str]:
        """Passwords of the embedded broker's users, drawn at random the first time and kept, mode 0600."""
        path = self.root / "broker-users.json"
        try:
            if not path.exists():
                _draw_users(path)
            users = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: {error} (remove the file and start again)") from error
        if not isinstance(users, dict) or not all(isinstance(users.get(user), str) for user in USERS):
            raise ConfigError(f"{path}: needs passwords for {' and '.join(USERS)} (remove the file and start again)")
        return {user: users[user] for user in USERS}


def broker_url(settings: Settings, place: Place, user: str, port: int | None = None) -> str:
    """URL of the broker with credentials: the external one if set, else the embedded one's.

    port : the hub's own way to its broker, which has no TLS and leaves this machine nowhere.
    """
    ca = "" if settings.mqtt_ca is None else str(settings.mqtt_ca)
    external = settings.mqtt.get_secret_value()
    if external:
        return BrokerAddress.with_ca(external, ca) if ca else external
    password = place.broker_users()[user]
    if settings.mqtt_cert is None or port is not None:
        return f"mqtt://{user}:{password}@127.0.0.1:{settings.mqtt_port if port is None else port}"
    host = "localhost" if settings.mqtt_host in _ANYWHERE or is_loopback(settings.mqtt_host) else settings.mqtt_host
    url = f"mqtts://{user}:{password}@{f'[{host}]' if ':' in host else host}:{settings.mqtt_port}"
    return BrokerAddress.with_ca(url, ca) if ca else url


def registry_in_use(settings: Settings, place: Place) -> str:
    """URL of the registry in use, with its password: the one of the settings, else that of the folder."""
    return settings.registry.get_secret_value() or place.registry_url


def own_profiles(settings: Settings) -> Path:
    """Folder of the user's own firmware profiles; nobody makes it but they."""
    return settings.profiles_dir


def _draw_users(path: Path) -> None:
    """Put fresh passwords in place whole: a hub and an edge may do this at the same time, and the first one wins."""
    descriptor, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({user: secrets.token_urlsafe(24) for user in USERS}, file)
        with suppress(FileExistsError):
            os.link(scratch, path)
    finally:
        Path(scratch).unlink(missing_ok=True)
