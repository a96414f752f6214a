"""The data folder: rights, room, and whether its databases are whole. Nothing is made that is not there."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sensor_hub.app.doctor.check import Check
from sensor_hub.errors import StoreError

LITTLE_ROOM: Final = 1_000_000_000  # bytes: about fifty hours of two recorded pods
NO_ROOM: Final = 100_000_000
DATABASES: Final = ("registry.db", "store.db", "outbox.db")


def look_at_files(root: Path) -> Iterator[Check]:
    """Look at a data folder that may not be there."""
    if not root.is_dir():
        yield Check("data folder", "warn", f"{root} is not there yet", "start a hub or an edge once, or set --data-dir")
        return
    yield _rights(root)
    yield _room(root)
    for name in DATABASES:
        path = root / name
        if path.exists():
            yield _whole(path)


def schema_of(path: Path) -> int:
    """Return the version of a store's tables without opening it as a store, which would bring them up."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"store {path}: it cannot be read ({error}): restore a backup") from error
    return int(version)


def _rights(root: Path) -> Check:
    open_ones = [
        path.name for path in (root, *sorted(root.iterdir()))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077 and not path.name.endswith(".lock")
    ]  # fmt: skip
    if stat.S_IMODE(root.stat().st_mode) & 0o077 == 0:  # nobody else gets in at all
        return Check("rights", "ok", f"only its owner can read {root}")
    shown = ", ".join(open_ones[:5])
    return Check("rights", "warn", f"others on this machine can read {shown}", f"chmod -R go-rwx {root}")


def _room(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    text = f"{free / 1e9:.1f} GB free below {root}"
    if free < NO_ROOM:
        return Check("disk", "fail", text, "free some space: recording stops when the disk is full")
    if free < LITTLE_ROOM:
        return Check("disk", "warn", text, "free some space, or let go of old recordings: sensor-hub data prune")
    return Check("disk", "ok", text)


def _whole(path: Path) -> Check:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)) as db:
            (answer,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return Check(path.name, "fail", f"cannot be read: {error}", "restore a backup: sensor-hub data restore FILE")
    if answer != "ok":
        return Check(path.name, "fail", f"is damaged: {answer}", "restore a backup: sensor-hub data restore FILE")
    return Check(path.name, "ok", f"whole, {path.stat().st_size / 1e6:.1f} MB")
