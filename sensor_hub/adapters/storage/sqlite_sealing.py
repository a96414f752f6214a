"""Steps of a session in the SQLite store, wherever they stand: rows that came one by one, columns that were sealed.

A row and a sealed step of the same side and time are the same step, and the row is the newer one. Everything here runs
inside the caller's transaction.
"""

import sqlite3
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sensor_hub.adapters.storage import schema
from sensor_hub.adapters.storage.column_codec import CODEC, Column, pack, unpack
from sensor_hub.adapters.storage.rows import Row, clean, rows_of, step_table
from sensor_hub.errors import StoreError
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable

_COLUMNS: Final = tuple(f.name for f in fields(StepTable))
_ROWS: Final = (
    f"SELECT time_utc_us, side, {', '.join(FLOAT_COLUMNS)}, step_time_origin, gait FROM steps "  # noqa: S608 (our own column names)
    "WHERE athlete = ? AND sid = ? ORDER BY time_utc_us, side"
)
_SEALED: Final = "SELECT codec, columns FROM sealed WHERE athlete = ? AND sid = ?"
_NEXT: Final = "SELECT athlete, sid FROM steps WHERE (athlete, sid) > (?, ?) ORDER BY athlete, sid LIMIT 1"
_ENDED: Final = "SELECT 1 FROM sessions WHERE sid = ? AND athlete = ? AND ended"


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A session that has ended, with rows that are not sealed yet: as it stands, and as it is to be stored."""

    athlete: str
    sid: str
    rows: list[Row]
    before: bytes | None
    n_steps: int
    columns: bytes


def steps_of(db: sqlite3.Connection, sid: str) -> StepTable:
    """Return the steps of a session in time order; empty if there are none."""
    key = _key(db, sid)
    if key is None:
        return StepTable.empty()
    sealed = db.execute(_SEALED, key).fetchone()
    rows = db.execute(_ROWS, key).fetchall()
    return step_table(rows) if sealed is None else _joined(_table(*sealed), rows)


def next_unsealed(db: sqlite3.Connection, after: tuple[str, str]) -> Unsealed | None:
    """Return the next session that is to be sealed, by athlete and sid; None after the last one."""
    while (key := db.execute(_NEXT, after).fetchone()) is not None:
        athlete, sid = after = key
        if db.execute(_ENDED, (sid, athlete)).fetchone() is None:
            continue  # it still runs, or is somebody else's now
        rows, sealed = db.execute(_ROWS, key).fetchall(), db.execute(_SEALED, key).fetchone()
        steps = step_table(rows) if sealed is None else _joined(_table(*sealed), rows)
        columns = pack({name: getattr(steps, name) for name in _COLUMNS})
        return Unsealed(athlete, sid, rows, sealed and sealed[1], len(steps), columns)
    return None


def seal(db: sqlite3.Connection, found: Unsealed) -> bool:
    """Put a session's columns in place of its rows; False, and nothing is done, if it is not as it was found."""
    key = (found.athlete, found.sid)
    sealed = db.execute(_SEALED, key).fetchone()
    if (sealed and sealed[1]) != found.before or db.execute(_ENDED, key[::-1]).fetchone() is None:
        return False
    if db.execute(_ROWS, key).fetchall() != found.rows:
        return False
    _put_sealed(db, key, found.n_steps, found.columns)
    db.execute("DELETE FROM steps WHERE athlete = ? AND sid = ?", key)
    return True


def unseal(db: sqlite3.Connection, sid: str) -> None:
    """Put a session's sealed steps back as rows, whosesoever they are; rows of it that are there stay as they are."""
    put = schema.PUT_STEPS.replace("INSERT OR REPLACE", "INSERT OR IGNORE", 1)
    (sid,) = clean([sid])
    query = "SELECT athlete, codec, columns FROM sealed WHERE sid = ?"
    for athlete, codec, columns in db.execute(query, (sid,)).fetchall():
        db.executemany(put, rows_of(athlete, sid, _table(codec, columns)))
    db.execute("DELETE FROM sealed WHERE sid = ?", (sid,))


def unseal_if_shared(db: sqlite3.Connection, sid: str) -> None:
    """Put a session's sealed steps back as rows if some of its sid are stored for more than one athlete."""
    (n_sealed,) = db.execute("SELECT count(*) FROM sealed WHERE sid = ?", clean([sid])).fetchone()
    whose = "SELECT athlete FROM sealed WHERE sid = ?1 UNION SELECT athlete FROM steps WHERE sid = ?1"
    if n_sealed and len(db.execute(whose, clean([sid])).fetchall()) > 1:
        unseal(db, sid)


def unseal_where_two_meet(db: sqlite3.Connection, one: str, other: str) -> None:
    """Put back as rows what is stored of one sid for both of two athletes, of which either is sealed."""
    both = """
    SELECT sid FROM sealed WHERE athlete = ?1 AND (
        EXISTS (SELECT 1 FROM sealed AS o WHERE o.sid = sealed.sid AND o.athlete = ?2)
        OR EXISTS (SELECT 1 FROM steps WHERE athlete = ?2 AND sid = sealed.sid)
    )
    """
    for pair in ((one, other), (other, one)):
        for (sid,) in db.execute(both, pair).fetchall():
            unseal(db, sid)


def delete(db: sqlite3.Connection, athlete: str, sid: str) -> None:
    """Delete the steps of one athlete's session."""
    for table in ("steps", "sealed"):
        db.execute(f"DELETE FROM {table} WHERE athlete = ? AND sid = ?", clean((athlete, sid)))  # noqa: S608 (names above)


def of_columns(codec: int, columns: bytes) -> dict[str, Column]:
    """Return columns that were stored; StoreError if a newer program stored them, or they are damaged."""
    if codec != CODEC:
        raise StoreError(f"columns were stored in layout {codec}, and this sensor-hub reads {CODEC}; update it")
    return unpack(columns)


def _table(codec: int, columns: bytes) -> StepTable:
    found = of_columns(codec, columns)
    n = len(found["time_utc_us"])
    # a column that the model has got since is unknown
    since = {name: np.full(n, np.nan) for name in FLOAT_COLUMNS if name not in found}
    return StepTable(**{name: column for name, column in (found | since).items() if name in _COLUMNS})


def _joined(sealed: StepTable, rows: list[Row]) -> StepTable:
    """Steps that were sealed, and the rows that came since in their places or beside them, in time order."""
    if not rows:
        return sealed
    late = step_table(rows)
    at_once = np.flatnonzero(np.isin(sealed.time_utc_us, late.time_utc_us))
    newer = set(zip(late.time_utc_us.tolist(), late.side.tolist(), strict=True))
    older = zip(sealed.time_utc_us[at_once].tolist(), sealed.side[at_once].tolist(), strict=True)
    stays = np.ones(len(sealed), dtype=bool)
    stays[at_once] = [step not in newer for step in older]
    both = StepTable.concatenate((sealed.only(stays), late))
    return both.only(np.lexsort((both.side, both.time_utc_us)))


def _key(db: sqlite3.Connection, sid: str) -> tuple[str, str] | None:
    """(athlete, sid) of a session's steps: those under another athlete are none of it."""
    (sid,) = clean([sid])
    row = db.execute("SELECT athlete FROM sessions WHERE sid = ?", (sid,)).fetchone()
    return None if row is None else (row[0], sid)


def _put_sealed(db: sqlite3.Connection, key: tuple[str, str], n_steps: int, columns: bytes) -> None:
    db.execute("DELETE FROM sealed WHERE athlete = ? AND sid = ?", key)
    put = "INSERT INTO sealed (athlete, sid, n_steps, codec, columns) VALUES (?, ?, ?, ?, ?)"
    db.execute(put, (*key, n_steps, CODEC, columns))
