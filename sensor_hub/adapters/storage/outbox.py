"""The edge's outbox: what a hub has not yet said it has committed.

An event goes in once and leaves on the hub's application ack only; a broker's PUBACK is no proof of anything. What has
been sent is kept in memory, because it is only true of the present connection.
"""

import re
import secrets
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sensor_hub.adapters.storage.naming import names
from sensor_hub.errors import StoreError
from sensor_hub.model.message import Outgoing
from sensor_hub.model.session import Event, LiveReading
from sensor_hub.wire import Topics, encode

_SCHEMA_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE gateway (gw TEXT NOT NULL, last_seq INTEGER NOT NULL);
CREATE TABLE waiting (seq INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL);
CREATE TABLE taken (sid TEXT PRIMARY KEY, next_index INTEGER NOT NULL) WITHOUT ROWID;
"""
_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"
_BUSY_S: Final = 10.0
# SQLite takes at most 999 parameters a statement in its oldest supported builds.
_CHUNK: Final = 500


class Outbox:
    """A durable queue of encoded events, numbered from 1 without ever using a number twice.

    ``gw`` is random and made with the file, so that a lost file cannot restart an old sequence. Every method may be
    called from any thread and raises StoreError if the disk refuses. When ``append`` returns, its events are on disk.
    """

    def __init__(self, path: Path | str, topics: Topics) -> None:
        self.path, self._topics = Path(path), topics
        self._lock = threading.RLock()
        self._sent: dict[int, float] = {}
        self._again: set[int] = set()
        self._newest_sent = 0
        with self._explained("cannot be opened"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Readings of a person's body: nobody else on the machine reads them.
            self.path.touch(mode=0o600)
            self._db = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            try:
                self.gw = self._open()
            except BaseException:
                self._db.close()
                raise

    def append(self, events: Sequence[Event], *, first_index: int, sid: str) -> int:
        """Keep the events that this session has not given yet; return how many were new in the queue.

        Events of a session are numbered from 0; ``first_index`` is the number of ``events[0]``. What was taken before
        is passed over, so replaying a recording adds nothing twice. A LiveReading counts as a number and is not kept.
        ValueError if events between the last one taken and ``first_index`` are missing.
        """
        with self._transaction("cannot take events"):
            taken = self.taken(sid)
            if first_index > taken:
                raise ValueError(f"session {sid}: events {taken} to {first_index - 1} were never appended")
            new = events[taken - first_index :]
            if not new:
                return 0
            last_seq = int(self._db.execute("SELECT last_seq FROM gateway").fetchone()[0])
            rows = []
            for event in new:
                if isinstance(event, LiveReading):
                    continue
                last_seq += 1
                message = encode(event, topics=self._topics, gw=self.gw, seq=last_seq)
                rows.append((last_seq, message.topic, message.payload))
            self._db.executemany("INSERT INTO waiting VALUES (?, ?, ?)", rows)
            self._db.execute("UPDATE gateway SET last_seq = ?", (last_seq,))
            self._db.execute("INSERT OR REPLACE INTO taken VALUES (?, ?)", (sid, first_index + len(events)))
            return len(rows)

    def taken(self, sid: str) -> int:
        """Return the number of the next event expected of a session; 0 if it is unknown."""
        with self._locked("cannot be read"):
            row = self._db.execute("SELECT next_index FROM taken WHERE sid = ?", (sid,)).fetchone()
        return 0 if row is None else int(row[0])

    def pending(self, limit: int, resend_before_s: float = float("-inf")) -> list[Outgoing]:
        """Return at most ``limit`` messages to send now, oldest first: never sent, or sent before that moment."""
        with self._locked("cannot be read"):
            if resend_before_s == float("-inf"):
                return self._never_sent(limit)
            # Numbers first: the payloads of what is on its way need not be read again.
            numbers = self._db.execute("SELECT seq FROM waiting ORDER BY seq LIMIT ?", (limit + len(self._sent),))
            due = [seq for (seq,) in numbers if self._sent.get(seq, float("-inf")) <= resend_before_s][:limit]
            return self._rows(due)

    def _never_sent(self, limit: int) -> list[Outgoing]:
        """Messages not sent on this connection: after the newest that was, as a rule, and found fast there."""
        again = self._rows(sorted(self._again)[:limit])
        found = self._db.execute(
            "SELECT seq, topic, payload FROM waiting WHERE seq > ? ORDER BY seq LIMIT ?",
            (self._newest_sent, limit - len(again)),
        ).fetchall()
        if again or found or self.depth() <= len(self._sent):
            return [*again, *(Outgoing(*row) for row in found)]
        # put back from a copy
        numbers = self._db.execute("SELECT seq FROM waiting ORDER BY seq")
        return self._rows([seq for (seq,) in numbers if seq not in self._sent][:limit])

    def _rows(self, seqs: list[int]) -> list[Outgoing]:
        rows: list[Outgoing] = []
        for chunk in _chunks(seqs):
            marks = ",".join("?" * len(chunk))
            found = self._db.execute(
                f"SELECT seq, topic, payload FROM waiting WHERE seq IN ({marks}) ORDER BY seq",  # noqa: S608
                chunk,
            )
            rows += [Outgoing(*row) for row in found]
        return rows

    def mark_sent(self, seqs: Iterable[int], at_s: float) -> None:
        """Remember that these were given to the broker at a moment of the monotonic clock."""
        with self._lock:
            sent = dict.fromkeys(seqs, at_s)
            self._sent.update(sent)
            self._again -= sent.keys()
            self._newest_sent = max(self._newest_sent, *sent) if sent else self._newest_sent

    def forget_sent(self, seqs: Iterable[int] | None = None) -> None:
        """Count these as unsent, or everything: the connection it went out on is gone."""
        with self._lock:
            if seqs is None:
                self._sent.clear()
                self._again.clear()
                self._newest_sent = 0
            else:
                self._again |= {seq for seq in seqs if self._sent.pop(seq, None) is not None}

    def delete(self, seqs: Iterable[int]) -> None:
        """Let go of what the hub has committed; numbers that are not here are fine."""
        gone = [(seq,) for seq in seqs]
        with self._transaction("cannot let go of acknowledged messages"):
            self._db.executemany("DELETE FROM waiting WHERE seq = ?", gone)
        with self._lock:
            for (seq,) in gone:
                self._sent.pop(seq, None)
                self._again.discard(seq)

    def erase(self, pattern: re.Pattern[bytes]) -> int:
        """Delete what names one of a pattern's names, so that no byte of it stays; return the number of rows."""
        with self._transaction("cannot be erased from"):
            waiting = self._db.execute("SELECT seq, topic, payload FROM waiting").fetchall()
            seqs = [(seq,) for seq, topic, payload in waiting if names(pattern, topic, payload)]
            taken = [(sid,) for (sid,) in self._db.execute("SELECT sid FROM taken").fetchall() if names(pattern, sid)]
            self._db.executemany("DELETE FROM waiting WHERE seq = ?", seqs)
            self._db.executemany("DELETE FROM taken WHERE sid = ?", taken)
        with self._locked("cannot be written anew"):
            for (seq,) in seqs:
                self._sent.pop(seq, None)
                self._again.discard(seq)
            self._db.execute("VACUUM")
            (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError(f"outbox {self.path}: it is in use all the time, its log could not be emptied: try again")
        return len(seqs) + len(taken)

    def sids_of(self, athletes: Collection[str]) -> set[str]:
        """Return the sessions of some athletes that wait here; a hub may not have heard of them yet."""
        with self._locked("cannot be read"):
            topics = [topic for (topic,) in self._db.execute("SELECT DISTINCT topic FROM waiting")]
        abouts = [topic.partition("/ath/")[2].split("/") for topic in topics]
        return {about[2] for about in abouts if len(about) > 2 and about[0] in athletes and about[1] == "s"}

    def depth(self) -> int:
        """Return how many messages no hub has acknowledged yet."""
        with self._locked("cannot be read"):
            return int(self._db.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def close(self) -> None:
        """Release the file; safe to call twice."""
        with self._lock:
            self._db.close()

    def _open(self) -> str:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        with self._transaction("cannot be created"):
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                gw = "edge-" + "".join(secrets.choice(_BASE32) for _ in range(10))
                self._db.execute("INSERT INTO gateway VALUES (?, 0)", (gw,))
                self._db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            elif version != _SCHEMA_VERSION:
                raise StoreError(
                    f"outbox {self.path}: has format {version}, this version reads {_SCHEMA_VERSION}; update sensor-hub"
                )
            return str(self._db.execute("SELECT gw FROM gateway").fetchone()[0])

    @contextmanager
    def _explained(self, problem: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"outbox {self.path}: {problem}: {error}; "
                "check the disk's free space and the file's rights, or move the file away to begin a new one"
            ) from error

    @contextmanager
    def _locked(self, problem: str) -> Iterator[None]:
        with self._lock, self._explained(problem):
            yield

    @contextmanager
    def _transaction(self, problem: str) -> Iterator[None]:
        with self._locked(problem):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
