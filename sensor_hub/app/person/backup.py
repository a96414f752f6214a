"""``data backup``: everything that a data folder holds, as one file, while hub and edge go on.

Each database is copied as it was at one moment: the outbox first, then the store, so that no message is in neither.
A registry in a PostgreSQL is in it as a file that any hub can be given, whatever its registry is in.
With the store in an InfluxDB, everybody's history is in it as an export each: an InfluxDB has its own backups.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sensor_hub.adapters.bundle.manifest import Kind
from sensor_hub.adapters.bundle.scratch import scratch_in
from sensor_hub.adapters.bundle.writing import Part, write_bundle
from sensor_hub.adapters.registry.addresses import file_of
from sensor_hub.adapters.registry.copying import copy_registry
from sensor_hub.adapters.storage.sqlite_backup import copy_out
from sensor_hub.app.people import open_archive
from sensor_hub.app.person.person_export import export_person
from sensor_hub.app.place import Place, own_profiles, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import RecordingError

KIND: Final = Kind("sensor-hub-backup", 1, "a backup")
REGISTRY, STORE, OUTBOX = "registry.db", "store.db", "outbox.db"
FILES: Final = ("broker-users.json", "hub-id", "reanalysed.jsonl")
PEOPLE, PROFILES, RECORDINGS = "people/", "profiles/", "recordings/"
Each = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was written. store : "sqlite" as a file, or "influx" as an export of everybody."""

    path: Path
    size: int
    store: str
    n_recordings: int
    n_people: int

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "file": str(self.path),
            "bytes": self.size,
            "store": self.store,
            "athletes": self.n_people,
            "recordings": self.n_recordings,
        }


def registry_path(settings: Settings, place: Place) -> Path | None:
    """Return the file of the registry; None where it is in a PostgreSQL."""
    return file_of(registry_in_use(settings, place))


def store_path(settings: Settings, place: Place) -> Path | None:
    """Return the file of the store; None where it is in an InfluxDB."""
    url = settings.store.get_secret_value()
    if not url:
        return place.root / STORE
    if "://" not in url:
        return Path(url).expanduser()
    parts = urlsplit(url)
    return Path(url.partition("://")[2].removeprefix("/")).expanduser() if parts.scheme == "sqlite" else None


def write_backup(
    settings: Settings, out: Path, *, force: bool = False, each: Each = lambda _what, _done, _all: None
) -> BackedUp:
    """Write a backup of the settings' data folder; it appears whole or not at all, with mode 0600.

    each : told what is being copied, how much of it is done, and how much there is.

    Raises
    ------
    RecordingError
        If the file is there already and ``force`` is not given, or cannot be written.
    StoreError, RegistryError
        If a database cannot be read.
    """
    place = Place.at(settings.data_dir)
    if out.is_dir() or (out.exists() and not force):
        problem = "is a folder" if out.is_dir() else "is already there"
        raise RecordingError(str(out), "writing", problem, "give another name, or --force to replace a file")
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_in(out.parent))
        except OSError as error:
            raise RecordingError(str(out), "writing", error.strerror or str(error), "choose another place") from error
        with open_archive(settings) as archive:  # brings the databases to today's tables
            people = archive.registry.athletes()
            store = _copy_databases(settings, place, folder, each)
            if store is None:
                (folder / PEOPLE).mkdir()
                for done, person in enumerate(people, start=1):
                    export_person(archive, None, person.id, folder / PEOPLE / f"{person.id}.zip")
                    each("people", done, len(people))
        parts = list(_parts(place, settings, folder))
        done = 0

        def tell(_part: str) -> None:
            nonlocal done
            done += 1
            each("parts", done, len(parts))

        kind = "sqlite" if store is not None else "influx"
        n_recordings = sum(part.name.startswith(RECORDINGS) for part in parts)
        counts = {"athletes": len(people), "recordings": n_recordings}
        write_bundle(out, KIND, parts, lambda: {"store": kind, "counts": counts}, force=force, each=tell)
    return BackedUp(out, out.stat().st_size, kind, n_recordings, len(people))


def _copy_databases(settings: Settings, place: Place, folder: Path, each: Each) -> Path | None:
    """Copy outbox, store and registry, in this order; return the store's file, None where it is none."""
    store, registry = store_path(settings, place), registry_path(settings, place)
    for name, source in ((OUTBOX, place.outbox), (STORE, store), (REGISTRY, registry)):
        if source is not None and source.exists():
            copy_out(source, folder / name, lambda done, n, name=name: each(name, done, n))  # type: ignore[misc]
    if registry is None:
        copy_registry(registry_in_use(settings, place), f"sqlite:///{folder / REGISTRY}")
        each(REGISTRY, 1, 1)
    return store


def _parts(place: Place, settings: Settings, folder: Path) -> Iterator[Part]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    found |= {name: path for name in FILES if (path := place.root / name).is_file()}
    found |= {f"{RECORDINGS}{path.name}": path for path in place.recordings.glob("[!.]*") if path.is_file()}
    profiles = own_profiles(settings)
    if profiles.is_dir():
        found |= {f"{PROFILES}{path.name}": path for path in profiles.glob("[!.]*.toml")}
    for name in sorted(found):
        yield Part(name, found[name])


__all__ = ["KIND", "BackedUp", "registry_path", "store_path", "write_backup"]
