"""``data restore``: a backup put back under a running hub. What is here is kept as a backup of its own before.

The databases are written through SQLite into the files that are open, a registry in a PostgreSQL in one transaction:
whoever has them open goes on with the restored content. Each is old or new after a kill; the same call finishes the
rest. Recordings are only added.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.bundle.reading import Bundle
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.copying import copy_registry
from sensor_hub.adapters.storage.outbox_restore import put_back_outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.adapters.storage.sqlite_backup import check_whole, copy_into
from sensor_hub.app.people import open_archive
from sensor_hub.app.person.backup import (
    FILES,
    KIND,
    OUTBOX,
    PEOPLE,
    PROFILES,
    RECORDINGS,
    REGISTRY,
    STORE,
    Each,
    registry_path,
    store_path,
    write_backup,
)
from sensor_hub.app.person.backup_marker import alone, mark, marked, unmark
from sensor_hub.app.person.erasing import erase_athlete
from sensor_hub.app.person.person_import import import_person
from sensor_hub.app.place import Place, own_profiles, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError, RecordingError

SCRATCH: Final = ".restore-"


@dataclass(slots=True)
class Restored:
    """What a restore came to, or would come to.

    safety : backup of what was here before, None where nothing was. stays : what is here otherwise and stays so.
    """

    path: Path
    dry_run: bool
    safety: Path | None = None
    databases: list[str] = field(default_factory=list)
    n_recordings: int = 0
    n_people: int = 0
    n_waiting: int = 0
    stays: list[str] = field(default_factory=list)
    n_erased_again: int = 0

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "file": str(self.path),
            "dry_run": self.dry_run,
            "safety_backup": None if self.safety is None else str(self.safety),
            "databases": self.databases,
            "recordings_added": self.n_recordings,
            "athletes_put_back": self.n_people,
            "messages_waiting": self.n_waiting,
            "stays": self.stays,
            "erased_again": self.n_erased_again,
        }


def restore_backup(
    settings: Settings,
    path: Path,
    *,
    dry_run: bool = False,
    with_erased: bool = False,
    each: Each = lambda _what, _done, _all: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Restored:
    """Put a backup into the settings' data folder, after making one of what is there.

    A hub and an edge may go on meanwhile. What a hub took in after the backup was made is in the safety backup only.
    Who was erased here since the backup was made is erased again, unless ``with_erased``: then they are back.

    Raises
    ------
    RecordingError
        If the file is damaged, no backup, or of a newer version; then nothing has changed.
    ConfigError
        If another restore is at work, or the backup is of another kind of store.
    StoreError, RegistryError
        If a database is damaged or refuses; a message says how to go on.
    """
    place = Place.at(settings.data_dir)
    done = Restored(path, dry_run)
    with alone(place), Bundle(path, KIND) as bundle:
        names = bundle.names()
        for n, _ in enumerate(_verified(bundle), start=1):
            each("verified", n, len(names))
        store = store_path(settings, place)
        _check_store(bundle, store)
        with _unpacked(place, bundle, names) as folder:
            plan = _Plan(place, settings, bundle, folder, store, done)
            plan.files()
            back = [] if with_erased else _erased_since(settings, place, folder / REGISTRY)
            done.n_erased_again = len(back)
            if dry_run:
                return done
            done.safety = _keep_what_is_here(settings, place, path, clock(), each)
            mark(place, path, done.safety)
            plan.apply(each)
            for n, who in enumerate(back, start=1):
                erase_athlete(settings, who)
                each("erased again", n, len(back))
        unmark(place)
    return done


class _Plan:
    """What a backup puts where."""

    def __init__(
        self, place: Place, settings: Settings, bundle: Bundle, folder: Path, store: Path | None, done: Restored
    ) -> None:
        self._place, self._settings, self._bundle = place, settings, bundle
        self._folder, self._store, self._done = folder, store, done
        self._copies: list[tuple[str, Path]] = []
        done.databases = [name for name in (REGISTRY, STORE, OUTBOX) if name in bundle.manifest.parts]
        done.n_people = len(bundle.names(PEOPLE))

    def files(self) -> None:
        """Find the files that are missing; what is here stays as it is."""
        targets = {
            name: self._place.recordings / name.removeprefix(RECORDINGS) for name in self._bundle.names(RECORDINGS)
        }
        profiles = own_profiles(self._settings)
        targets |= {name: profiles / name.removeprefix(PROFILES) for name in self._bundle.names(PROFILES)}
        targets |= {name: self._place.root / name for name in FILES if name in self._bundle.manifest.parts}
        for name, target in targets.items():
            if not target.exists():
                self._copies.append((name, target))
            elif not self._bundle.is_same(name, target):  # such as one that was cut off then, and is whole now
                self._done.stays.append(f"{name}: another one is here")
        self._done.n_recordings = sum(name.startswith(RECORDINGS) for name, _ in self._copies)

    def apply(self, each: Each) -> None:
        """Put all of it in its place."""
        registry = registry_path(self._settings, self._place)
        if registry is None:
            copied = f"sqlite:///{self._folder / REGISTRY}"
            copy_registry(copied, registry_in_use(self._settings, self._place), replace=True)
        else:
            copy_into(self._folder / REGISTRY, registry)
        each(REGISTRY, 1, 1)
        if self._store is not None and (self._folder / STORE).exists():
            copy_into(self._folder / STORE, self._store)
            each(STORE, 1, 1)
        if (self._folder / OUTBOX).exists():
            found = put_back_outbox(self._folder / OUTBOX, self._place.outbox)
            self._done.n_waiting = found.n_waiting
            if found.n_left:
                told = f"{OUTBOX}: {found.n_left} messages of another gateway stay in the backup"
                self._done.stays.append(told)
        for n, (name, target) in enumerate(self._copies, start=1):
            _put(self._bundle, name, target)
            each("files", n, len(self._copies))
        self._people(each)

    def _people(self, each: Each) -> None:
        """Histories that were exported from an InfluxDB: what is missing of them is added."""
        names = self._bundle.names(PEOPLE)
        if not names:
            return
        with open_archive(self._settings) as archive:
            for n, name in enumerate(names, start=1):
                try:
                    import_person(archive, self._place.recordings, self._folder / name)
                except RecordingError as error:
                    self._done.stays.append(f"{name}: {error.problem}")
                each("people", n, len(names))


def _verified(bundle: Bundle) -> Iterator[None]:
    """Verify part after part."""
    for name in bundle.names():
        bundle.verify_one(name)
        yield


def _check_store(bundle: Bundle, store: Path | None) -> None:
    kind = bundle.manifest.about.get("store")
    here = "influx" if store is None else "sqlite"
    if kind != here:
        names = {"influx": "an InfluxDB", "sqlite": "a SQLite file"}
        problem = f"{bundle.path}: it is of a hub with its store in {names.get(str(kind), kind)}"
        raise ConfigError(f"{problem}, and the store here is {names[here]} (set SENSOR_HUB_STORE as it was there)")


@contextmanager
def _unpacked(place: Place, bundle: Bundle, names: list[str]) -> Iterator[Path]:
    """Unpack the databases, look through them and bring them to today's tables; refused here, nothing has changed."""
    if REGISTRY not in names:
        raise RecordingError(str(bundle.path), REGISTRY, "is missing", "give another backup")
    for left in place.root.glob(f"{SCRATCH}*"):  # of a restore that was killed; nobody else restores now
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=place.root) as name:
        folder = Path(name)
        (folder / PEOPLE).mkdir()
        for part in names:
            if part in {REGISTRY, STORE, OUTBOX} or part.startswith(PEOPLE):
                bundle.copy(part, folder / part)
        for part in (REGISTRY, STORE, OUTBOX):
            if (folder / part).exists():
                check_whole(folder / part)
        with Registry(f"sqlite:///{folder / REGISTRY}") as registry:
            if registry.accounts.in_use():  # who signed out since, or was signed out, stays so
                registry.sign_ins.end_everybodys_sessions()
        if (folder / STORE).exists():
            SqliteStore(folder / STORE).close()
        yield folder


def _erased_since(settings: Settings, place: Place, copy: Path) -> list[str]:
    """Have a copied registry know who was erased here since, so that no hub shows them; return who is in it."""
    path = registry_path(settings, place)
    if path is not None and not path.exists():
        return []
    with Registry(registry_in_use(settings, place)) as live, Registry(f"sqlite:///{copy}") as restored:
        erasures = live.erasing.erasures()
        restored.persons.keep_erasures(erasures)
        return [athlete.id for athlete in restored.athletes() if athlete.id in erasures]


def _keep_what_is_here(settings: Settings, place: Place, path: Path, now_utc: datetime, each: Each) -> Path | None:
    """Make a backup beside the data folder; the call that finishes a stopped restore keeps the one of that."""
    before = marked(place)
    if before is not None and before["backup"] == str(path.resolve()) and Path(before["safety"]).is_file():
        return Path(before["safety"])
    store, registry = store_path(settings, place), registry_path(settings, place)
    databases = [place.outbox, *(path for path in (store, registry) if path is not None)]
    if registry is not None and not any(path.exists() for path in databases):
        return None
    root = place.root.resolve()
    return write_backup(settings, _free_name(root, now_utc), each=each).path


def _free_name(root: Path, now_utc: datetime) -> Path:
    """Name of a backup beside the data folder that nobody has; two restores may begin within a second."""
    stem = f"{root.name}-before-restore-{now_utc:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}.zip" if n == 1 else f"{stem}-{n}.zip" for n in count(1))
    return next(path for name in names if not (path := root.with_name(name)).exists())


def _put(bundle: Bundle, name: str, target: Path) -> None:
    """Write a file beside its place and move it there, so that nobody finds half of it."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = target.with_name(f".{target.name}.restore")
    scratch.unlink(missing_ok=True)  # of a process that died over it
    bundle.copy(name, scratch)
    scratch.replace(target)


__all__ = ["Restored", "restore_backup"]
