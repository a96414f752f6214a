"""A server made ready for a hub, and where the passwords go that are drawn for it."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sensor_hub.adapters.storage import Address, address_of
from sensor_hub.adapters.storage.influx_set_up import HUB, READER, Found, SetUp, SetUpV1, SetUpV2
from sensor_hub.config import secret_in
from sensor_hub.errors import ConfigError

FILES: Final = {("v1", HUB): "store-url", ("v2", HUB): "influx-token"}
READERS_FILE: Final = "grafana-password"


@dataclass(slots=True)
class Drawn:
    """Passwords and tokens as they are drawn: into files of a folder, or kept to be told once.

    address : of the server, as the hub's settings name it. told : by file name; empty where they are in files.
    """

    address: Address
    folder: Path | None
    told: dict[str, str] = field(default_factory=dict, repr=False)
    files: list[Path] = field(default_factory=list)

    def draw(self, who: str) -> str:
        """Return a new password; one that stands in its file already was drawn by a call that was stopped."""
        password = secrets.token_urlsafe(24)
        if self.folder is None:
            self.told[self._name(who)] = self._said(who, password)
            return password
        path = self.folder / self._name(who)
        if path.exists():
            said = secret_in(path)
            begins, ends = self._said(who, "\0").split("\0")
            if not (said.startswith(begins) and said.endswith(ends)):
                raise ConfigError(f"{path}: holds something else; move it away and call this again")
            self.files.append(path)
            return said[len(begins) : len(said) - len(ends)]
        self._write(path, self._said(who, password))
        return password

    def keep(self, who: str, secret: str) -> None:
        """Keep what the server drew."""
        if self.folder is None:
            self.told[self._name(who)] = secret
        else:
            self._write(self.folder / self._name(who), secret)

    def _name(self, who: str) -> str:
        return FILES[self.address.api, who] if who == HUB else READERS_FILE

    def _said(self, who: str, password: str) -> str:
        """What goes into the file: of the hub's user of a 1.x the whole address, as SENSOR_HUB_STORE_FILE needs it."""
        if who != HUB:
            return password
        a = self.address
        return f"influx+v1://{HUB}:{password}@{a.host_port}/{quote(a.database, safe='')}{'?tls=true' if a.tls else ''}"

    def _write(self, path: Path, text: str) -> None:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            raise ConfigError(f"{path}: is there already; move it away and call this again") from None
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
        self.files.append(path)


def prepare(
    url: str, *, admin_file: Path | None, token: str, folder: Path | None, check: bool, each: Callable[[Found], None]
) -> Drawn:
    """Make a server ready, or with ``check`` only look; ``each`` is told of every thing as it is found.

    Parameters
    ----------
    url : of the store, as in the settings.
    admin_file : of a 1.x "USER:PASSWORD" of an administrator; of a 2.x a token that may manage the organization.
    token : of a 2.x, where there is no ``admin_file``.
    folder : where secrets go as files, mode 0600; None to have them told.

    Raises
    ------
    ConfigError
        If the store is none of a server, or a file cannot be read or written.
    StoreError
        If the server does not answer or refuses.
    """
    address = address_of(url)
    admin = None if admin_file is None else secret_in(admin_file)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigError(f"{folder}: cannot be made: {error.strerror}") from error
    drawn = Drawn(address, folder)
    for found in _set_up(address, admin, token).run(None if check else drawn):
        each(found)
    return drawn


def _set_up(address: Address, admin: str | None, token: str) -> SetUp:
    if address.api == "v2":
        if not (admin or token):
            raise ConfigError("an InfluxDB 2 needs a token that may manage the organization: --admin-file FILE")
        return SetUpV2(address.server, address.database, address.org, admin or token)
    if admin is None:
        return SetUpV1(address.server, address.database, None)
    user, colon, password = admin.partition(":")
    if not (user and colon and password):
        raise ConfigError("the administrator's file must hold USER:PASSWORD in one line")
    return SetUpV1(address.server, address.database, (user, password))


__all__ = ["HUB", "READER", "Drawn", "Found", "prepare"]
