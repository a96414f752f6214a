"""Where a hub keeps its things, and the passwords of its embedded broker."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sensor_hub.errors import ConfigError

USERS: Final = ("hub", "edge")


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
            raise ConfigError(f"{root}: cannot be made: {error.strerror} (set SENSOR_HUB_DATA_DIR)") from error
        return cls(root)

    @property
    def registry_url(self) -> str:
        """URL of the registry."""
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

    @property
    def profiles(self) -> Path:
        """Folder of the user's own firmware profiles."""
        return self.root / "firmware_profiles"

    def broker_users(self) -> dict[str, str]:
        """Passwords of the embedded broker's users, drawn at random the first time and kept, mode 0600."""
        path = self.root / "broker-users.json"
        try:
            if not path.exists():
                fresh = {user: secrets.token_urlsafe(24) for user in USERS}
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(fresh, file)
                return fresh
            users = json.loads(path.read_text(encoding="utf-8"))
        except FileExistsError:
            return self.broker_users()
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: {error} (remove the file and start again)") from error
        if not isinstance(users, dict) or not all(isinstance(users.get(user), str) for user in USERS):
            raise ConfigError(f"{path}: needs passwords for {' and '.join(USERS)} (remove the file and start again)")
        return {user: users[user] for user in USERS}
