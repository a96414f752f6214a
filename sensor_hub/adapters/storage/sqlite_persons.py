"""A person's or a session's rows as a whole: erased, handed over, put back. Each inside the caller's transaction."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sensor_hub.adapters.storage import schema, sqlite_sealing
from sensor_hub.adapters.storage.naming import SID_GATEWAYS, bears, named_in, names
from sensor_hub.adapters.storage.progress import Progress, check_same_athlete
from sensor_hub.adapters.storage.rows import clean, gap_row, pause_row, session_row, step_rows
from sensor_hub.model.gait import StepTable
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary
from sensor_hub.units import utc_us

OF_A_SESSION: Final = ("steps", "sealed", "minutes", "sessions", "gaps", "pauses", "decode_failures")
_NUMBERS: Final = {("sealed", "columns"), ("minutes", "columns")}  # deflated, and no text but the names of columns
_AFTER_EVERY_TEXT: Final = "\U0010ffff"


def erase(db: sqlite3.Connection, athlete: str, sids: Sequence[str]) -> int:
    """Delete what is a person's, or names them or their sessions; return the number of rows."""
    (who,) = clean([athlete])
    people = {who, *(old for (old,) in db.execute("SELECT old FROM reassigned WHERE new = ?", (who,)))}
    theirs = set(clean(sids))
    for one in people:
        theirs |= {sid for (sid,) in db.execute("SELECT sid FROM sessions WHERE athlete = ?", (one,))}
    n_rows = sum(_delete(db, table, "athlete", people) for table in (*OF_A_SESSION, "findings"))
    n_rows += sum(_delete(db, table, "sid", theirs) for table in (*OF_A_SESSION, "replaced"))
    n_rows += _delete(db, "findings", "scope", {f"session:{sid}" for sid in theirs})
    n_rows += _delete(db, "reassigned", "old", people) + _delete(db, "reassigned", "new", people)
    pattern = named_in(people | theirs)
    letters = db.execute("SELECT n, topic, payload, reason, coalesce(gw, '') FROM dead_letters").fetchall()
    n_rows += _delete(db, "dead_letters", "n", {n for n, *texts in letters if names(pattern, *texts)})
    gateways = [gw for (gw,) in db.execute("SELECT DISTINCT gw FROM received").fetchall()]
    n_rows += _delete(db, "received", "gw", {gw for gw in gateways if names(pattern, gw)})
    return n_rows + _leave_out_of_warnings(db, named_in(people))


def hand_over(db: sqlite3.Connection, sid: str, new_athlete: str) -> None:
    """Give the rows of one session to another athlete."""
    sqlite_sealing.unseal_if_shared(db, sid)
    pair = clean((new_athlete, sid))
    for table in OF_A_SESSION:
        db.execute(f"UPDATE OR REPLACE {table} SET athlete = ? WHERE sid = ?", pair)  # noqa: S608 (names above)


def marks(db: sqlite3.Connection, sid: str) -> list[tuple[str, int, int]]:
    """Ranges received from gateways that are one session's own."""
    (ours,) = clean([sid])
    query = "SELECT gw, first, last FROM received WHERE gw >= ? AND gw < ? ORDER BY gw, first"
    prefixes = (f"{way}-{ours}" for way in SID_GATEWAYS)
    found = [row for prefix in prefixes for row in db.execute(query, (prefix, prefix + _AFTER_EVERY_TEXT))]
    return sorted(row for row in found if bears(row[0], ours))


def restore(
    db: sqlite3.Connection,
    known: SessionSummary | None,
    summary: SessionSummary,
    rows: tuple[StepTable, Sequence[GapFound], Sequence[SessionPaused]],
) -> None:
    """Put a session in place of whatever is stored under its sid; StoreError if that is another athlete's."""
    check_same_athlete(known, summary)
    header, (steps, gaps, pauses) = summary.header, rows
    key = clean([header.sid])
    for table in ("steps", "sealed", "minutes", "sessions", "gaps", "pauses"):
        db.execute(f"DELETE FROM {table} WHERE sid = ?", key)  # noqa: S608 (names above)
    db.executemany(schema.PUT_STEPS, step_rows(header, steps))
    db.executemany(schema.PUT_GAP, [gap_row(replace(gap, header=header)) for gap in gaps])
    db.executemany(schema.PUT_PAUSE, [pause_row(replace(pause, header=header)) for pause in pauses])
    batch_us = None
    if not summary.ended:
        batch_us = int(steps.time_utc_us.max()) if len(steps) else utc_us(summary.start_utc)
    db.execute(schema.PUT_SESSION, session_row(Progress(summary, batch_us)))
    if summary.ended:
        db.execute("INSERT OR IGNORE INTO replaced VALUES (?)", key)


def texts(db: sqlite3.Connection) -> Iterator[tuple[str, str | bytes]]:
    """Yield (table, text) of every text in the file, each once a column; of each table an empty one first."""
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for table in tables:
        yield table, ""
        for _, column, *_ in db.execute(f'PRAGMA table_info("{table}")').fetchall():
            if (table, column) in _NUMBERS:
                continue
            query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE typeof("{column}") IN (\'text\', \'blob\')'  # noqa: S608
            for (text,) in db.execute(query):
                yield table, text


def _delete(db: sqlite3.Connection, table: str, column: str, values: set[str] | set[int]) -> int:
    """Delete the rows that have one of the values; return how many there were."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (value PRIMARY KEY)")
    db.execute("DELETE FROM temp.chosen")
    db.executemany("INSERT INTO temp.chosen VALUES (?)", [(value,) for value in values])
    query = f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM temp.chosen)"  # noqa: S608 (our own names)
    n_rows = db.execute(query).rowcount
    db.execute("DELETE FROM temp.chosen")
    return n_rows


def _leave_out_of_warnings(db: sqlite3.Connection, pattern: re.Pattern[bytes] | None) -> int:
    """Take warnings that name the person from other people's sessions: a pod may have looked like theirs."""
    n_rows = 0
    for sid, text in db.execute("SELECT sid, warnings FROM sessions").fetchall():
        if names(pattern, text):
            kept = json.dumps(tuple(warning for warning in json.loads(text) if not names(pattern, warning)))
            db.execute("UPDATE sessions SET warnings = ? WHERE sid = ?", (kept, sid))
            n_rows += 1
    return n_rows
