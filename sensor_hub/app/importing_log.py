"""``session import`` of a log with one session a line: distance and duration count, the load stays unknown.

Each line is a session of its own; its sid is a hash of what it says and of the athlete, so the same log again, or a
longer one that has the same lines, adds only what is new. A line about a time that another log has already told of is
left out.
"""

import hashlib
from dataclasses import replace
from datetime import datetime
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
from sensor_hub.app.column_maps import map_text
from sensor_hub.app.imported import Imported
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.overlaps import counted_twice, logged_at, near
from sensor_hub.app.sids import CROCKFORD
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
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
    path: Path, athlete: Athlete, ingest: Ingest, told: list[Finding], *, columns: Path | str | None = None
) -> list[Imported]:
    """Import every line of a log; what ``ingest`` tells goes to ``told``, and from there to the line it is about.

    RecordingError if nothing of it can be read.
    """
    how = parse_session_map(map_text(columns), str(columns)) if columns is not None else OWN_MAP
    sessions, faults = read_session_log(path, how, zone=ZoneInfo(athlete.zone))
    lines = [(session.line, _summary(session, athlete)) for session in sessions]
    stored = near(ingest.store, [summary for _, summary in lines])
    results, fresh, overlaps = [], [], []
    for line, summary in lines:
        sid = summary.header.sid
        known = ingest.store.session(sid)
        if known is None and (known := logged_at(summary, stored)) is not None:
            if not _says_the_same(summary, known):
                overlaps.append(Fault(f"line {line}", f"overlaps {_of(known)}, from another log; left out", lost=False))
            sid = known.header.sid
        if known is None:
            fresh.append(Envelope(f"import-{sid}-log", 1, summary))
            overlaps += counted_twice(summary, stored, f"line {line}")
        results.append(Imported(path, sid, known is None, known or summary, line=line))
    if fresh:
        ingest.commit(fresh)
        _judge(athlete, ingest, [e.event.start_utc for e in fresh if isinstance(e.event, SessionSummary)])
    about = {f"session:{r.sid}": i for i, r in enumerate(results)}
    for i in range(len(results)):
        mine = tuple(f for f in told if about.get(f.scope, len(results) - 1) == i)
        results[i] = replace(results[i], findings=mine)
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


def _judge(athlete: Athlete, ingest: Ingest, starts_utc: list[datetime]) -> None:
    """Judge the days from the first new session to the last at once."""
    first, last = local_day(min(starts_utc), athlete.zone), local_day(max(starts_utc), athlete.zone)
    ingest.judge(athlete, first, reach=last - first + REACH)


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
