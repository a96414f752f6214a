"""SQLite files copied while others use them, and written back under those who have them open.

A copy is of one moment: what was committed before it began is in it. Writing back is one transaction: whoever has the
file open sees the old content or the new one, and goes on with the new one. A kill leaves either.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from sensor_hub.errors import StoreError

BUSY_S: Final = 30.0
PAGES: Final = 2000  # a step, and how often progress is told; 8 MB
ALL: Final = -1
Progress = Callable[[int, int], None]


def copy_out(source: Path, target: Path, each: Progress = lambda _done, _all: None) -> None:
    """Copy a database that may be in use into a new file, mode 0600.

    each : told pages done and pages in all. Raises StoreError if either file is refused; the target is removed then.
    """
    try:
        with closing(_open(source)) as old, closing(sqlite3.connect(_made(target))) as new:
            old.execute("BEGIN")  # of one moment: without it, every commit of others would begin it again
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            new.execute("PRAGMA synchronous=OFF")  # the bundle it goes into is synced
            old.backup(new, pages=PAGES, progress=lambda _status, left, n: each(n - left, n), sleep=0)
            old.execute("ROLLBACK")
            new.execute("PRAGMA journal_mode=DELETE")  # one file, without its -wal
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        if "full" in str(error):  # only what is written can be
            mend = "make room there, or choose another place"
            raise StoreError(f"{target}: no room for a copy of {source.name} ({mend})") from error
        raise _refused(source, error) from error


def copy_into(source: Path, target: Path) -> None:
    """Put a database in the place of another one that may be in use, in one transaction; StoreError if refused.

    A target that is not there is made, mode 0600.
    """
    try:
        if not target.exists():
            _made(target)
        with closing(_open(source)) as old, closing(_open(target)) as new:
            new.execute("PRAGMA journal_mode=WAL")
            new.execute("PRAGMA synchronous=FULL")
            old.backup(new, pages=ALL)
    except (sqlite3.Error, OSError) as error:
        raise _refused(target, error) from error


def check_whole(path: Path) -> None:
    """Have SQLite look through a file; StoreError if it is damaged."""
    try:
        with closing(_open(path)) as db:
            (answer,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise _refused(path, error) from error
    if answer != "ok":
        raise StoreError(f"{path.name}: the database is damaged: {answer.splitlines()[-1]} (take another backup)")


def _made(path: Path) -> Path:
    """Make a new file for its owner's eyes."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def _open(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise StoreError(f"{path}: there is no such database")
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)


def _refused(path: Path, error: Exception) -> StoreError:
    mend = "close the program that holds it" if "locked" in str(error) else "check the disk's room and the file"
    return StoreError(f"{path}: cannot be copied: {error} ({mend})")
