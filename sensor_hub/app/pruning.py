"""``data prune``: what of old sessions would be let go of, and doing so. Sums, minutes and findings stay."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.edge import numbered_as
from sensor_hub.app.history.letting_go import parts_of
from sensor_hub.app.people import Archive
from sensor_hub.edits.made import has_steps
from sensor_hub.errors import RecordingError
from sensor_hub.model.session import SessionSummary
from sensor_hub.wire import Topics


@dataclass(frozen=True, slots=True)
class OldSessions:
    """Sessions whose single steps are older than asked for.

    going : those whose steps go, oldest first. needed : those whose steps stay, because an edit is computed from them.
    """

    going: tuple[SessionSummary, ...]
    needed: tuple[SessionSummary, ...]


@dataclass(frozen=True, slots=True)
class OldRecordings:
    """Recordings of sessions that are older than asked for.

    going : files whose sessions are stored whole. staying : (file, why it stays).
    """

    going: tuple[Path, ...]
    staying: tuple[tuple[Path, str], ...]

    @property
    def n_bytes(self) -> int:
        """Size of the files that go."""
        return sum(path.stat().st_size for path in self.going)


def old_sessions(archive: Archive, before_utc: datetime) -> OldSessions:
    """Return what ``prune`` would let go of."""
    recorded, needed = archive.recorded, parts_of(archive.store.journal.now())
    found = sorted(
        (s for who in recorded.athletes() for s in recorded.sessions(who)), key=lambda s: (s.end_utc, s.header.sid)
    )
    old = [
        s for s in found
        if s.ended and s.end_utc < before_utc and has_steps(s) and not recorded.pruned(s.header.sid)
    ]  # fmt: skip
    return OldSessions(
        tuple(s for s in old if s.header.sid not in needed), tuple(s for s in old if s.header.sid in needed)
    )


def prune(archive: Archive, before_utc: datetime) -> int:
    """Let go of the single steps; return of how many sessions. Stopped in between, call it again."""
    return archive.store.prune(before_utc)


def old_recordings(archive: Archive, recordings: Path, outbox: Path, site: str, before_utc: datetime) -> OldRecordings:
    """Return which recordings may go: those whose sessions ended, are stored, and of which nothing waits to be sent."""
    if not outbox.exists():
        told = "this folder has no outbox, so nobody knows whether its session is stored whole"
        old = ((path, told) for path, *_ in _old(archive, recordings, before_utc))
        return OldRecordings((), tuple(old))
    going, staying = [], []
    with closing(Outbox(outbox, Topics(site))) as waiting:
        for path, athlete, session in _old(archive, recordings, before_utc):
            sid = session.header.sid
            if sid in waiting.sids_of({athlete, session.header.athlete}):
                staying.append((path, "some of its session waits to be sent"))
            elif not waiting.taken(numbered_as(sid, session.header.origin)):
                staying.append((path, "its session was not sent from here"))
            else:
                going.append(path)
    return OldRecordings(tuple(going), tuple(staying))


def _old(archive: Archive, recordings: Path, before_utc: datetime) -> Iterator[tuple[Path, str, SessionSummary]]:
    """Yield recordings whose session ended before a moment: the file, whom it says it is of, and the session."""
    for path in sorted(recordings.glob("*.mcap")):
        try:
            info = open_mcap(path).info
        except RecordingError:
            continue  # none of ours, or cut off within its head: a person has to look at it
        session = archive.recorded.session(info.sid) if info.sid else None
        if session is not None and session.ended and session.end_utc < before_utc:
            yield path, info.athlete or "", session


def delete(found: OldRecordings, each: Callable[[Path], None] = lambda _path: None) -> None:
    """Delete the recordings that may go; RecordingError names one that cannot be deleted."""
    for path in found.going:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise RecordingError(
                str(path), "file", f"cannot be deleted: {error.strerror}", "check its folder"
            ) from error
        each(path)


def answer(sessions: OldSessions, recordings: OldRecordings | None) -> dict[str, Any]:
    """Return both as JSON values."""
    told: dict[str, Any] = {
        "sessions": [
            {
                "sid": s.header.sid,
                "athlete": s.header.athlete,
                "end": s.end_utc.isoformat(),
                "n_steps": s.totals.n_steps,
            }
            for s in sessions.going
        ],
        "kept_for_edits": [s.header.sid for s in sessions.needed],
    }
    if recordings is not None:
        told["recordings"] = [str(path) for path in recordings.going]
        told["recordings_bytes"] = recordings.n_bytes
        told["recordings_kept"] = [{"file": str(path), "why": why} for path, why in recordings.staying]
    return told
