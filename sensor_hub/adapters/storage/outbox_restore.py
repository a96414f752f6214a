"""An outbox put back from a copy: its messages wait again, and no number is ever used twice."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sensor_hub.adapters.storage.sqlite_backup import BUSY_S, copy_into
from sensor_hub.errors import StoreError

NUMBERS_LEFT_OUT: Final = 1_000_000  # ours: what may have been numbered since the copy was made, with much room


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of an outbox's messages: how many wait (again), and how many are another gateway's and do not."""

    n_waiting: int
    n_left: int


def put_back_outbox(copy: Path, live: Path) -> PutBack:
    """Put the messages of a copy of an outbox back into the live one, in one transaction; its edge may go on.

    A hub that has them already drops them by their numbers. Without a live one the copy takes its place. Where the live
    one is another gateway's, nothing is put back: its numbers mean something else. StoreError if a file is refused.
    """
    try:
        with closing(sqlite3.connect(copy, timeout=BUSY_S, isolation_level=None)) as old:
            gw, last_seq = old.execute("SELECT gw, last_seq FROM gateway").fetchone()
            waiting = old.execute("SELECT seq, topic, payload FROM waiting").fetchall()
            taken = old.execute("SELECT sid, next_index FROM taken").fetchall()
            if not live.exists():
                old.execute("UPDATE gateway SET last_seq = last_seq + ?", (NUMBERS_LEFT_OUT,))
        if not live.exists():
            copy_into(copy, live)
            return PutBack(len(waiting), 0)
        with closing(sqlite3.connect(live, timeout=BUSY_S, isolation_level=None)) as now:
            now.execute("PRAGMA synchronous=FULL")
            now.execute("BEGIN IMMEDIATE")
            if now.execute("SELECT gw FROM gateway").fetchone()[0] != gw:
                now.execute("ROLLBACK")
                return PutBack(0, len(waiting))
            now.executemany("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?)", waiting)
            now.execute("UPDATE gateway SET last_seq = max(last_seq, ?)", (last_seq,))
            now.executemany(
                "INSERT INTO taken VALUES (?, ?) ON CONFLICT (sid) DO UPDATE SET next_index = max(next_index, "
                "excluded.next_index)",
                taken,
            )
            now.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreError(f"outbox {live}: cannot be put back: {error} (call this again)") from error
    return PutBack(len(waiting), 0)
