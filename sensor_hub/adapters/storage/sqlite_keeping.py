"""Events into the rows of the SQLite store. Inside the caller's transaction."""

import sqlite3
from collections.abc import Sequence

from sensor_hub.adapters.storage import schema, sqlite_retention
from sensor_hub.adapters.storage.progress import Progress, advance, is_outdated, is_replay
from sensor_hub.adapters.storage.rows import (
    batch_rows,
    clean,
    decode_failure_row,
    gap_row,
    pause_row,
    progress_of,
    session_row,
)
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    GapFound,
    LiveReading,
    SessionHeader,
    SessionPaused,
    SessionStarted,
    SessionSummary,
    StepBatch,
)


def progress(db: sqlite3.Connection, sid: str) -> Progress | None:
    """Return what is known of a session so far; None if it is not here."""
    row = db.execute(f"{schema.SELECT_SESSIONS} WHERE sid = ?", clean([sid])).fetchone()
    return None if row is None else progress_of(row)


def keep(db: sqlite3.Connection, events: Sequence[Event]) -> None:
    """Write events, whose numbers are new, in the order given."""
    batches: list[StepBatch] = []
    reached: dict[str, Progress | None] = {}
    replaced = _replaced(db, events)
    for event in events:
        if is_outdated(event, replaced.get(event.header.sid)):
            continue
        match event:
            case SessionStarted() | StepBatch() | SessionSummary():
                sid = event.header.sid
                known = reached[sid] if sid in reached else progress(db, sid)
                now = reached[sid] = advance(known, event)
                if known is not None and is_replay(known.summary.header) and not is_replay(now.summary.header):
                    sqlite_retention.forget_minutes(db, sid)  # the replay's steps were let go of, not the run's
                if isinstance(event, StepBatch):
                    batches.append(event)
            case GapFound():
                db.execute(schema.PUT_GAP, gap_row(event))
            case SessionPaused():
                db.execute(schema.PUT_PAUSE, pause_row(event))
            case DecodeFailed():
                db.execute(schema.PUT_DECODE_FAILURE, decode_failure_row(event))
            case LiveReading():
                pass
    gone = sqlite_retention.pruned_of(db, {batch.header.sid for batch in batches})
    db.executemany(schema.PUT_STEPS, batch_rows([batch for batch in batches if batch.header.sid not in gone]))
    db.executemany(schema.PUT_SESSION, [session_row(known) for known in reached.values() if known])


def _replaced(db: sqlite3.Connection, events: Sequence[Event]) -> dict[str, SessionHeader]:
    """Headers of those sessions of the events that were replaced by what another model made of them."""
    found = {}
    for sid in {event.header.sid for event in events}:
        if db.execute("SELECT 1 FROM replaced WHERE sid = ?", clean([sid])).fetchone() is not None:
            known = progress(db, sid)
            if known is not None:
                found[sid] = known.summary.header
    return found
