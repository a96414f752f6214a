"""A session of the SQLite store as a whole, on its way to or from another store. Inside the caller's transaction."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from sensor_hub.adapters.storage import schema, sqlite_retention, sqlite_sealing
from sensor_hub.adapters.storage.progress import Progress
from sensor_hub.adapters.storage.rows import clean, finding_row, gap_of, gap_row, progress_of, session_row, step_rows
from sensor_hub.adapters.storage.sqlite_received import Received
from sensor_hub.model.finding import Finding
from sensor_hub.model.moving import StoredFailure, StoredPause, Whole

_OF_A_SESSION: Final = ("steps", "sealed", "minutes", "sessions", "gaps", "pauses", "decode_failures", "replaced")
_SAY_OF_ONE: Final = ("sessions", "gaps", "pauses", "decode_failures")
_FAILURES: Final = (
    "SELECT athlete, device, characteristic, arrival_us, problem FROM decode_failures WHERE sid = ? "
    "ORDER BY arrival_us, device, characteristic"
)


def sids(db: sqlite3.Connection) -> list[str]:
    """Return every session that anything is stored of, ascending."""
    query = " UNION ".join(f"SELECT sid FROM {table}" for table in _SAY_OF_ONE)  # noqa: S608 (names above)
    return [sid for (sid,) in db.execute(f"{query} ORDER BY sid")]


def whole(db: sqlite3.Connection, sid: str) -> Whole:
    """Return everything that is stored of one session."""
    key = clean([sid])
    row = db.execute(f"{schema.SELECT_SESSIONS} WHERE sid = ?", key).fetchone()
    known = None if row is None else progress_of(row)
    gaps = db.execute(f"{schema.SELECT_GAPS} WHERE sid = ? ORDER BY start_us, device", key)
    pauses = db.execute("SELECT athlete, start_us, end_us FROM pauses WHERE sid = ? ORDER BY start_us", key)
    is_pruned = sqlite_retention.is_pruned(db, sid)
    return Whole(
        sid=key[0],
        summary=known.summary if known else None,
        steps=sqlite_sealing.steps_of(db, sid),
        gaps=tuple(gap_of(gap) for gap in gaps.fetchall()),
        pauses=tuple(StoredPause(*pause) for pause in pauses.fetchall()),
        failures=tuple(StoredFailure(*failure) for failure in db.execute(_FAILURES, key)),
        batch_us=known.batch_us if known else None,
        replaced=db.execute("SELECT 1 FROM replaced WHERE sid = ?", key).fetchone() is not None,
        minutes=sqlite_retention.minutes(db, sid) if is_pruned else None,
    )


def put_whole(db: sqlite3.Connection, new: Whole) -> None:
    """Put a session in place of whatever is stored of it."""
    key = clean([new.sid])
    for table in _OF_A_SESSION:
        db.execute(f"DELETE FROM {table} WHERE sid = ?", key)  # noqa: S608 (names above)
    db.executemany(schema.PUT_GAP, [gap_row(gap) for gap in new.gaps])
    pauses = [clean((p.athlete, *key, p.start_us, p.end_us)) for p in new.pauses]
    db.executemany(schema.PUT_PAUSE, pauses)
    failures = [clean((f.athlete, *key, f.device, f.characteristic, f.arrival_us, f.problem)) for f in new.failures]
    db.executemany(schema.PUT_DECODE_FAILURE, failures)
    if new.summary is None:
        return
    header = new.summary.header
    db.executemany(schema.PUT_STEPS, step_rows(header, new.steps))
    db.execute(schema.PUT_SESSION, session_row(Progress(new.summary, new.batch_us)))
    if new.replaced:
        db.execute("INSERT OR IGNORE INTO replaced VALUES (?)", key)
    if new.minutes is not None:
        sqlite_retention.put_minutes(db, header.athlete, new.sid, new.minutes)


def reassigned(db: sqlite3.Connection) -> dict[str, str]:
    """Return the new pseudonym of each that was given to another."""
    return dict(db.execute("SELECT old, new FROM reassigned ORDER BY old"))


def put_rest(db: sqlite3.Connection, findings: Iterable[Finding], merged: Mapping[str, str]) -> None:
    """Put findings, each in place of the one of its key, and what was given to whom."""
    db.executemany(schema.PUT_FINDING, [finding_row(finding) for finding in findings])
    db.executemany(
        "INSERT OR REPLACE INTO reassigned (old, new) VALUES (?, ?)", [clean(pair) for pair in merged.items()]
    )


def mark_received(db: sqlite3.Connection, gw: str, marked: Iterable[tuple[int, int]]) -> None:
    """Mark closed ranges of a gateway's numbers as received."""
    seen = Received(db)
    for first, last in marked:
        seen.add_range(gw, first, last)
    seen.write()
