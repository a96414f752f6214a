"""One SQLite file: opened, checked, locked for one writer, pooled for readers, and its troubles put into words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final

from sensor_hub.adapters.storage.schema import APPLICATION_ID, DDL, MIGRATIONS, VERSION
from sensor_hub.errors import StoreError

_BUSY_S: Final = 10.0
_MENDS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space, nothing that was acknowledged is lost",
    sqlite3.SQLITE_BUSY: "another program keeps it locked; close that program, or give this one its own file",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; close that program, or give this one its own file",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; move it away and restore a copy, or try `sqlite3 FILE .recover`",
    sqlite3.SQLITE_NOTADB: "this is not a SQLite file; name another file for the store",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that the folder exists and may be written",
    sqlite3.SQLITE_READONLY: "it may not be written; check the owner and the permissions of file and folder",
    sqlite3.SQLITE_PERM: "it may not be written; check the owner and the permissions of file and folder",
    sqlite3.SQLITE_IOERR: "the disk gave an error; check the disk and its free space",
}


class StoreFile:
    """A store's file with one writing connection and as many reading ones as threads read at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        with self.in_words():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"store {path}: its folder cannot be made: {error.strerror}") from error
            self._make()
            self._writer = self._connect()
            try:
                self._prepare()
            except (sqlite3.Error, StoreError):
                self._writer.close()
                raise

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Turn what SQLite complains of into a StoreError with the file and the mend."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            mend = _MENDS.get(code, "see the message of SQLite")
            raise StoreError(f"store {self.path}: {mend} (SQLite: {error})") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone in it: on disk when the block ends, undone if it raises."""
        with self._lock, self.in_words():
            self._check_open()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself (disk full); the first error is the one to tell
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def overwriting(self) -> Iterator[None]:
        """Make sure that what is deleted inside, or ever was, leaves no byte behind in the file or in its log.

        StoreError if others read or write for so long that the log cannot be emptied; then it is to be done again.
        """
        with self._lock, self.in_words():
            self._check_open()
            self._writer.execute("PRAGMA secure_delete=ON")
            try:
                yield
                self._writer.execute("VACUUM")
                (busy, *_) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._writer.execute("PRAGMA secure_delete=OFF")
        if busy:
            raise StoreError(
                f"store {self.path}: rows were deleted, but others read it all the time and its log could not be "
                "emptied; call this again"
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the file, undisturbed by the writer."""
        with self.in_words():
            with self._lock:
                self._check_open()
                connection = self._idle.pop() if self._idle else None
            connection = connection or self._connect()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Close every connection; those in use are closed when their reader is done."""
        with self._lock, self.in_words():
            if self._closed:
                return
            self._closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"store {self.path}: it is closed")

    def _make(self) -> None:
        """Make an empty file, readings of a person's body: for its owner's eyes, and -wal and -shm take its mode.

        One that exists is not even opened: closing it again would drop the locks that SQLite holds in this process.
        """
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        try:
            os.close(os.open(os.path.realpath(self.path), flags, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            mend = _MENDS[sqlite3.SQLITE_CANTOPEN]
            raise StoreError(f"store {self.path}: {mend} ({error.strerror})") from error

    def _connect(self) -> sqlite3.Connection:
        # check_same_thread: one thread at a time uses a connection, yet any thread may close the store
        connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        """Make the tables of a new file, or bring older ones up to date; refuse a newer file or another program's."""
        db = self._writer
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StoreError(
                f"store {self.path}: it was made by a newer sensor-hub (tables version {version}, this one reads "
                f"{VERSION}); update sensor-hub, or name another file"
            )
        with self.writing():
            (application,) = db.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                self._make_tables(db)
            # again: another program may have opened the file since
            (version,) = db.execute("PRAGMA user_version").fetchone()
            for higher in range(version + 1, VERSION + 1):
                _run(db, MIGRATIONS[higher])
                db.execute(f"PRAGMA user_version={higher}")

    def _make_tables(self, db: sqlite3.Connection) -> None:
        (n_tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if n_tables:
            raise StoreError(f"store {self.path}: this SQLite file belongs to another program; name another file")
        _run(db, DDL)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=1")


def _run(db: sqlite3.Connection, statements: str) -> None:
    """Run them one by one: ``executescript`` would commit first."""
    for statement in filter(str.strip, statements.split(";")):
        db.execute(statement)
