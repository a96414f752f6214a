"""Which store is meant on a command line: by its address, by a file that holds it, or the hub's own."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sensor_hub.adapters.storage import open_store
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, secret_in
from sensor_hub.errors import ConfigError, StoreError
from sensor_hub.model.ports import Movable

HERE: Final = "here"


@dataclass(frozen=True, slots=True)
class End:
    """A store: its address, which may hold a password, and as it may be shown. file : of an SQLite store."""

    url: str = field(repr=False)
    shown: str
    file: Path | None


def end_of(said: str, settings: Settings, place: Place) -> End:
    """Return the store that is meant by ``here``, ``@FILE`` or an address; ConfigError if it holds a password."""
    return _end(address_said(said, settings) or place.store_url)


def address_said(said: str, settings: Settings) -> str:
    """Return the address that is meant, "" for SQLite in the data folder; ConfigError if a password is in it."""
    if said == HERE:
        return settings.store.get_secret_value()
    if said.startswith("@"):
        return secret_in(Path(said[1:]))
    if "://" in said and not said.startswith("sqlite:") and _password(said):
        raise ConfigError(
            "a password on a command line can be read by everybody on this machine: write the store's address into a "
            "file only you can read, and give @FILE"
        )
    return said


@contextmanager
def both_open(source: End, target: End, settings: Settings, place: Place) -> Iterator[tuple[Movable, Movable]]:
    """Open two stores while no hub of this folder, or of an SQLite store's, runs.

    Raises
    ------
    ConfigError
        If a hub runs there, or both are the same store.
    StoreError
        If the source is no file, or either cannot be opened.
    """
    if source.shown == target.shown:
        raise ConfigError(f"both are the same store: {source.shown}")
    if source.file is not None and not source.file.is_file():
        raise StoreError(f"{source.file}: there is no such store")
    token = settings.influx_token.get_secret_value() or None
    with ExitStack() as stack:
        stack.enter_context(place.lock_for_hub())
        stack.enter_context(place.lock_for_reanalysing())
        for folder in {end.file.parent for end in (source, target) if end.file is not None} - {place.root.resolve()}:
            if (folder / "hub.lock").exists():
                stack.enter_context(Place(folder).lock_for_hub())
        one = open_store(source.url, token=token)
        stack.callback(one.close)
        other = open_store(target.url, token=token)
        stack.callback(other.close)
        yield one, other


def mark_of(source: End, target: End, place: Place) -> Path:
    """File that stands while a migration from one store to another is under way."""
    told = f"{source.shown} {target.shown}"
    return place.root / f"store-migration-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _end(url: str) -> End:
    scheme, there, rest = url.partition("://")
    if not there or scheme == "sqlite":
        file = Path(rest.removeprefix("/") if there else url).expanduser().resolve()
        return End(url, f"sqlite:///{file}", file)
    try:
        parts = urlsplit(url)
        where = parts.hostname or "", parts.port or 8086
    except ValueError:
        raise ConfigError(f"store {scheme}: its host or port is unusable") from None
    return End(url, f"{scheme}://{where[0]}:{where[1]}{parts.path.rstrip('/')}", None)


def _password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return True
