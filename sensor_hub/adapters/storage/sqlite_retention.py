"""What stays in the SQLite store of sessions whose single steps were let go of. Inside the caller's transaction."""

import sqlite3
from collections.abc import Collection, Iterable

from sensor_hub.adapters.storage import sqlite_sealing
from sensor_hub.adapters.storage.column_codec import CODEC, pack
from sensor_hub.adapters.storage.rows import clean
from sensor_hub.model.minutes import MINUTE_COLUMNS, MinuteTable, minutes_of

_HAS_STEPS = """(
    EXISTS (SELECT 1 FROM sealed WHERE sid = s.sid AND athlete = s.athlete)
    OR EXISTS (SELECT 1 FROM steps WHERE athlete = s.athlete AND sid = s.sid)
)"""
_DUE = f"FROM sessions AS s WHERE ended AND end_us < ? AND {_HAS_STEPS}"


def is_pruned(db: sqlite3.Connection, sid: str) -> bool:
    """Whether a session's steps were let go of."""
    return bool(pruned_of(db, [sid]))


def pruned_of(db: sqlite3.Connection, sids: Iterable[str]) -> set[str]:
    """Return those of the sessions whose steps were let go of."""
    query = "SELECT sid FROM minutes WHERE sid = ?"
    return {sid for one in sids for (sid,) in db.execute(query, clean([one]))}


def minutes(db: sqlite3.Connection, sid: str) -> MinuteTable:
    """Return a session's minutes: of its steps, or what was kept of them."""
    kept = db.execute("SELECT codec, columns FROM minutes WHERE sid = ?", clean([sid])).fetchone()
    if kept is None:
        return minutes_of(sqlite_sealing.steps_of(db, sid))
    return MinuteTable(**sqlite_sealing.of_columns(*kept))


def put_minutes(db: sqlite3.Connection, athlete: str, sid: str, table: MinuteTable) -> None:
    """Keep the minutes of a session whose steps are let go of."""
    packed = pack({name: getattr(table, name) for name in MINUTE_COLUMNS})
    row = (*clean((sid, athlete)), len(table), CODEC, packed)
    db.execute("INSERT OR REPLACE INTO minutes VALUES (?, ?, ?, ?, ?)", row)


def forget_minutes(db: sqlite3.Connection, sid: str) -> None:
    """Forget that a session's steps were let go of: there are some again."""
    db.execute("DELETE FROM minutes WHERE sid = ?", clean([sid]))


def due(db: sqlite3.Connection, before_us: int, keep: Collection[str]) -> list[str]:
    """Return the sessions that ended before a moment and have steps, oldest first, without those of ``keep``."""
    kept = set(clean(keep))
    found = db.execute(f"SELECT sid {_DUE} ORDER BY end_us, sid", (before_us,))
    return [sid for (sid,) in found if sid not in kept]


def prune(db: sqlite3.Connection, sid: str, before_us: int) -> bool:
    """Keep a session's minutes in place of its steps; False if it is no longer one that ended before the moment."""
    row = db.execute(f"SELECT athlete {_DUE} AND sid = ?", (before_us, sid)).fetchone()
    if row is None:
        return False
    put_minutes(db, row[0], sid, minutes(db, sid))
    sqlite_sealing.delete(db, row[0], sid)
    return True
