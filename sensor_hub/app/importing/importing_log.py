"""``session import`` of a log with one session a line: distance and duration count, the load stays unknown.

Each line is a session of its own; its sid is a hash of what it says and of the athlete, so the same log again, or a
longer one that has the same lines, adds only what is new. A line about a time that another log has already told of is
left out.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.recordings.session_log import (
    FAULTS_NAMED,
    KIND,
    OWN_MAP,
    LoggedSession,
    is_session_log,
    is_session_map,
    parse_session_map,
    read_session_log,
)
from sensor_hub.app.importing.column_maps import map_text
from sensor_hub.app.importing.imported import Imported
from sensor_hub.app.importing.overlaps import logged_at, near
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.sids import CROCKFORD
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import SessionHeader, SessionSummary

HEAD_BYTES: Final = 4096
WARNINGS: Final = ("summary-only",)


def is_log(path: Path, columns: Path | str | None) -> bool:
    """Whether a file is a log of sessions: its header says so, or the map it is to be read with."""
    if columns is not None:
        return is_session_map(map_text(columns))
    try:
        with path.open("rb") as file:
            return is_session_log(file.read(HEAD_BYTES))
    except OSError:
        return False  # opening it as a recording says why


def import_log(
    path: Path, athlete: Athlete, ingest: Ingest, recorded: Store, *, columns: Path | str | None = None
) -> list[Imported]:
    """Import every line of a log; judging is left to the caller. RecordingError if nothing of it can be read.

    recorded : the store of what was recorded, before any edit: what is there is asked of it.
    """
    how = parse_session_map(map_text(columns), str(columns)) if columns is not None else OWN_MAP
    sessions, faults = read_session_log(path, how, zone=ZoneInfo(athlete.zone))
    return import_lines(path, sessions, faults, athlete, ingest, recorded)


def import_lines(
    path: Path,
    sessions: Sequence[LoggedSession],
    faults: Sequence[Fault],
    athlete: Athlete,
    ingest: Ingest,
    recorded: Store,
) -> list[Imported]:
    """Import sessions that a log tells of; the faults of the log go to the first of them."""
    lines = [(session, _summary(session, athlete)) for session in sessions]
    stored = near(recorded, [summary for _, summary in lines])
    results, fresh, overlaps = [], [], []
    for session, summary in lines:
        place, sid = f"line {session.line}", summary.header.sid
        known = recorded.session(sid)
        if known is None and (known := logged_at(summary, stored)) is not None:
            if not _says_the_same(summary, known):
                overlaps.append(Fault(place, f"overlaps {_of(known)}, from another log; left out", lost=False))
            sid = known.header.sid
        if known is None:
            fresh.append(Envelope(f"import-{sid}-log", 1, summary))
        results.append(Imported(path, sid, known is None, known or summary, line=session.line, n_lines=session.n_lines))
    if fresh:
        ingest.commit(fresh)
    if results:
        results[0] = replace(results[0], faults=(*faults, *_first(overlaps)))
    return results


def _says_the_same(one: SessionSummary, other: SessionSummary) -> bool:
    return (one.start_utc, one.totals) == (other.start_utc, other.totals)


def _of(session: SessionSummary) -> str:
    return f"session {session.header.sid} of {session.start_utc:%Y-%m-%d %H:%MZ}"


def _first(faults: list[Fault]) -> list[Fault]:
    """Some faults, and how many more there are."""
    if (n_more := len(faults) - FAULTS_NAMED) <= 0:
        return faults
    return [*faults[:FAULTS_NAMED], Fault(faults[-1].place, f"and {n_more} more like these", lost=False)]


def _summary(session: LoggedSession, athlete: Athlete) -> SessionSummary:
    model = ACHILLES_1
    header = SessionHeader(
        sid=_sid(session, athlete.id),
        athlete=athlete.id,
        zone=athlete.zone,
        origin="import",
        tier="speed",
        model=model.version,
        reference=model.reference.id,
        profile="file",
        ledger=session.ledger,
    )
    totals = Totals(duration_s=session.duration_s, distance_m=session.distance_m)
    return SessionSummary(header, session.start_utc, session.end_utc, totals, source=KIND, warnings=WARNINGS)


def _sid(session: LoggedSession, athlete: str) -> str:
    digest = hashlib.sha256(f"{athlete}\0{session.content}".encode()).digest()
    number = int.from_bytes(digest[:17]) & ((1 << 130) - 1)
    return "".join(CROCKFORD[(number >> 5 * (25 - i)) & 31] for i in range(26))
