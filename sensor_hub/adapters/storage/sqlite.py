"""The default store: one SQLite file, WAL, synchronous=FULL.

A commit is one transaction; it returns when the disk has it. (gw, seq) decides what is new, so a redelivery changes
nothing, even after a merge of athletes.
"""

import math
import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sensor_hub.adapters.storage import (
    schema,
    sqlite_keeping,
    sqlite_moving,
    sqlite_persons,
    sqlite_retention,
    sqlite_sealing,
)
from sensor_hub.adapters.storage.progress import (
    Progress,
    check_replaceable,
    of_new_athlete,
)
from sensor_hub.adapters.storage.rows import (
    clean,
    dead_letter_row,
    finding_of,
    finding_row,
    gap_of,
    gap_row,
    pause_of,
    progress_of,
    session_row,
    step_rows,
)
from sensor_hub.adapters.storage.sqlite_file import StoreFile
from sensor_hub.adapters.storage.sqlite_received import Received
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.moving import Whole
from sensor_hub.model.session import (
    GapFound,
    LiveReading,
    SessionPaused,
    SessionSummary,
)
from sensor_hub.units import utc_us

TIDY_S: Final = 1.0  # no other session is begun after so long


class SqliteStore:
    """``model.ports.Store`` in one file.

    Parameters
    ----------
    path : the file; made with its folder if it is not there.

    Raises
    ------
    StoreError
        If it cannot be opened, is damaged, or was made by a newer version.
    """

    def __init__(self, path: Path | str) -> None:
        self._file = StoreFile(Path(path))

    def __repr__(self) -> str:
        return f"SqliteStore({str(self._file.path)!r})"

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """Keep everything in one transaction; what is there already is left alone."""
        with self._file.writing() as db:
            seen = Received(db)
            aliases: dict[str, str] = dict(db.execute("SELECT old, new FROM reassigned"))
            fresh = [e.event for e in envelopes if not isinstance(e.event, LiveReading) and seen.add_all(e)]
            sqlite_keeping.keep(db, [of_new_athlete(event, aliases) for event in fresh])
            for letter in dead:
                db.execute(schema.PUT_DEAD_LETTER, dead_letter_row(letter))
                if letter.gw is not None and letter.seq is not None:
                    seen.add(letter.gw, letter.seq)
            seen.write()

    def received(self, gw: str) -> list[tuple[int, int]]:
        """Return closed ranges of sequence numbers received from a gateway, ascending."""
        with self._file.reading() as db:
            return db.execute("SELECT first, last FROM received WHERE gw = ? ORDER BY first", clean([gw])).fetchall()

    def sessions(self, athlete: str, since_utc: datetime | None = None) -> list[SessionSummary]:
        """Sessions of an athlete that started at ``since_utc`` or later, oldest first."""
        since_us = -(2**63) if since_utc is None else utc_us(since_utc)
        query = f"{schema.SELECT_SESSIONS} WHERE athlete = ? AND start_us >= ? ORDER BY start_us, sid"
        with self._file.reading() as db:
            return [progress_of(row).summary for row in db.execute(query, clean([athlete, since_us]))]

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        with self._file.reading() as db:
            known = sqlite_keeping.progress(db, sid)
        return known.summary if known else None

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order; empty if there are none."""
        with self._file.reading() as db:
            return sqlite_sealing.steps_of(db, sid)

    def gaps(self, sid: str) -> list[GapFound]:
        """Gaps of a session in time order."""
        with self._file.reading() as db:
            rows = db.execute(f"{schema.SELECT_GAPS} WHERE sid = ? ORDER BY start_us, device", clean([sid]))
            return [gap_of(row) for row in rows]

    def pauses(self, sid: str) -> list[SessionPaused]:
        """Pauses of a session in time order; empty if it is not here."""
        with self._file.reading() as db:
            known = sqlite_keeping.progress(db, sid)
            rows = db.execute("SELECT start_us, end_us FROM pauses WHERE sid = ? ORDER BY start_us", clean([sid]))
            return [pause_of(known.summary.header, row) for row in rows] if known else []

    def marks(self, sid: str) -> list[tuple[str, int, int]]:
        """Return (gateway, first, last) of what came from gateways that are this one session's own."""
        with self._file.reading() as db:
            return sqlite_persons.marks(db, sid)

    def replace_session(self, summary: SessionSummary, steps: StepTable, gaps: Sequence[GapFound]) -> None:
        """Put recomputed rows and totals in place of a session's in one transaction."""
        with self._file.writing() as db:
            event = of_new_athlete(summary, dict(db.execute("SELECT old, new FROM reassigned")))
            header = event.header
            known = sqlite_keeping.progress(db, header.sid)
            check_replaceable(known.summary if known else None, replace(summary, header=header))
            key = clean((header.athlete, header.sid))
            sqlite_sealing.delete(db, *key)
            if len(steps):
                sqlite_retention.forget_minutes(db, header.sid)
            db.execute("DELETE FROM gaps WHERE sid = ?", key[1:])
            db.executemany(schema.PUT_STEPS, step_rows(header, steps))
            db.executemany(schema.PUT_GAP, [gap_row(replace(gap, header=header)) for gap in gaps])
            ended = replace(summary, header=header, ended=True)
            db.execute(schema.PUT_SESSION, session_row(Progress(ended, known.batch_us if known else None)))
            db.execute("INSERT OR IGNORE INTO replaced VALUES (?)", key[1:])

    def save_finding(self, finding: Finding) -> None:
        """Insert or replace by ``finding.key``."""
        with self._file.writing() as db:
            db.execute(schema.PUT_FINDING, finding_row(finding))

    def findings(self, athlete: str | None = None) -> list[Finding]:
        """Findings of one athlete or of all, newest ``updated_utc`` first."""
        query = "SELECT * FROM findings WHERE ?1 IS NULL OR athlete = ?1 ORDER BY updated_us DESC, id"
        with self._file.reading() as db:
            return [finding_of(row) for row in db.execute(query, clean([athlete]))]

    def dead_letters(self) -> list[DeadLetter]:
        """All dead letters, oldest first."""
        query = "SELECT topic, payload, reason, gw, seq FROM dead_letters ORDER BY n"
        with self._file.reading() as db:
            return [DeadLetter(*row) for row in db.execute(query)]

    def reassign(self, old_athlete: str, new_athlete: str) -> None:
        """Give everything of one athlete to another, now and for messages that come late.

        Where both have the same finding, the newer ``updated_utc`` stays.
        """
        if old_athlete == new_athlete:
            return
        pair = clean((new_athlete, old_athlete))
        with self._file.writing() as db:
            db.execute("DELETE FROM reassigned WHERE old = ?", pair[:1])
            db.execute("UPDATE reassigned SET new = ? WHERE new = ?", pair)
            db.execute("INSERT OR REPLACE INTO reassigned (new, old) VALUES (?, ?)", pair)
            sqlite_sealing.unseal_where_two_meet(db, *pair)
            db.execute("UPDATE OR REPLACE steps SET athlete = ? WHERE athlete = ?", pair)
            for table in ("sealed", "minutes", "sessions", "gaps", "pauses", "decode_failures"):
                db.execute(f"UPDATE {table} SET athlete = ? WHERE athlete = ?", pair)  # noqa: S608 (names above)
            _reassign_findings(db, *pair)

    def restore(
        self,
        summary: SessionSummary,
        steps: StepTable,
        gaps: Sequence[GapFound],
        pauses: Sequence[SessionPaused],
        received: Sequence[tuple[str, int, int]] = (),
        minutes: MinuteTable | None = None,
    ) -> None:
        """Put a whole session back as it was, and what was received of it, in one transaction."""
        with self._file.writing() as db:
            event = of_new_athlete(summary, dict(db.execute("SELECT old, new FROM reassigned")))
            whole = replace(summary, header=event.header)
            known = sqlite_keeping.progress(db, summary.header.sid)
            sqlite_persons.restore(db, known.summary if known else None, whole, (steps, gaps, pauses))
            if minutes is not None and not len(steps):
                sqlite_retention.put_minutes(db, whole.header.athlete, whole.header.sid, minutes)
            seen = Received(db)
            for gw, first, last in received:
                seen.add_range(gw, first, last)
            seen.write()

    def hand_over(self, sid: str, new_athlete: str) -> None:
        """Give one session to another athlete, in one transaction."""
        with self._file.writing() as db:
            sqlite_persons.hand_over(db, sid, new_athlete)

    def erase(self, athlete: str, sids: Sequence[str] = ()) -> int:
        """Delete what is a person's, or names them, so that no byte of it stays in the file or its log."""
        with self._file.overwriting(), self._file.writing() as db:
            return sqlite_persons.erase(db, athlete, sids)

    def athletes(self) -> list[str]:
        """Pseudonyms that a session is stored of, ascending."""
        with self._file.reading() as db:
            return [who for (who,) in db.execute("SELECT DISTINCT athlete FROM sessions ORDER BY athlete")]

    def gateways(self) -> list[str]:
        """Gateways that something was received from, ascending."""
        with self._file.reading() as db:
            return [gw for (gw,) in db.execute("SELECT DISTINCT gw FROM received ORDER BY gw")]

    def minutes(self, sid: str) -> MinuteTable:
        """A session's minutes: of its steps, or what was kept of them."""
        with self._file.reading() as db:
            return sqlite_retention.minutes(db, sid)

    def tidy(self) -> int:
        """Seal sessions that have ended, one transaction each, for about a second; return how many.

        What takes long, reading and deflating, is done while others write; a session that changes meanwhile waits for
        the next call.
        """
        until_s, n_sealed, after = time.monotonic() + TIDY_S, 0, ("", "")
        while time.monotonic() < until_s:
            with self._file.reading() as db:
                found = sqlite_sealing.next_unsealed(db, after)
            if found is None:
                break
            with self._file.writing() as db:
                n_sealed += sqlite_sealing.seal(db, found)
            after = found.athlete, found.sid
        return n_sealed

    def prune(self, before_utc: datetime, keep: Collection[str] = (), *, within_s: float = math.inf) -> int:
        """Let go of the steps of sessions that ended before a moment, one transaction each; return how many."""
        before_us, n_pruned, until_s = utc_us(before_utc), 0, time.monotonic() + within_s
        with self._file.reading() as db:
            due = sqlite_retention.due(db, before_us, keep)
        for sid in due:
            if time.monotonic() > until_s:
                break
            with self._file.writing() as db:
                n_pruned += sqlite_retention.prune(db, sid, before_us)
        return n_pruned

    def pruned(self, sid: str) -> bool:
        """Whether a session's steps were let go of."""
        with self._file.reading() as db:
            return sqlite_retention.is_pruned(db, sid)

    def sids(self) -> list[str]:
        """Every session that anything is stored of, ascending."""
        with self._file.reading() as db:
            return sqlite_moving.sids(db)

    def whole(self, sid: str) -> Whole:
        """Everything that is stored of one session."""
        with self._file.reading() as db:
            return sqlite_moving.whole(db, sid)

    def put_whole(self, whole: Whole) -> None:
        """Put a session in place of whatever is stored of it, in one transaction."""
        with self._file.writing() as db:
            sqlite_moving.put_whole(db, whole)

    def reassigned(self) -> dict[str, str]:
        """Return the new pseudonym of each that was given to another."""
        with self._file.reading() as db:
            return sqlite_moving.reassigned(db)

    def put_rest(self, findings: Sequence[Finding], merged: Mapping[str, str]) -> None:
        """Put findings, each in place of the one of its key, and what was given to whom."""
        with self._file.writing() as db:
            sqlite_moving.put_rest(db, findings, merged)

    def mark_received(self, gw: str, marked: Sequence[tuple[int, int]]) -> None:
        """Mark closed ranges of a gateway's numbers as received."""
        with self._file.writing() as db:
            sqlite_moving.mark_received(db, gw, marked)

    def texts(self) -> list[tuple[str, str | bytes]]:
        """Return (table, text) of every text that is stored, for a search of what is left of somebody."""
        with self._file.reading() as db:
            return list(sqlite_persons.texts(db))

    def close(self) -> None:
        """Release the file; safe to call twice."""
        self._file.close()


def _reassign_findings(db: sqlite3.Connection, new: str, old: str) -> None:
    for row in db.execute("SELECT * FROM findings WHERE athlete = ?", (old,)).fetchall():
        moved = replace(finding_of(row), athlete=new)
        there = db.execute("SELECT updated_us FROM findings WHERE key = ?", (moved.key,)).fetchone()
        if there is None or there[0] < utc_us(moved.updated_utc):
            db.execute(schema.PUT_FINDING, finding_row(moved))
    db.execute("DELETE FROM findings WHERE athlete = ?", (old,))
