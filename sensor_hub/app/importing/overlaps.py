"""Sessions of one athlete at overlapping times: nobody runs twice at once, so one of them is a repetition."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sensor_hub.adapters.recordings.session_log import KIND, LONGEST_S
from sensor_hub.edits.same_run import is_likely
from sensor_hub.model.ports import Store
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import SessionSummary

UNTIL: Final = "until you answer: sensor-hub session offers"
NONE_S: Final = timedelta(0)


def near(store: Store, sessions: Iterable[SessionSummary]) -> list[SessionSummary]:
    """Stored sessions of the athlete of ``sessions`` that may overlap one of them; ascending by start."""
    sessions = list(sessions)
    if not sessions:
        return []
    since_utc = min(session.start_utc for session in sessions) - timedelta(seconds=LONGEST_S)
    return store.sessions(sessions[0].header.athlete, since_utc=since_utc)


def logged_at(summary: SessionSummary, stored: Iterable[SessionSummary]) -> SessionSummary | None:
    """Return the session out of a log that overlaps ``summary`` in time and is of its ledger, or None."""
    return next(
        (s for s in stored if s.source == KIND and _is_other(s, summary) and _shared(s, summary) > NONE_S), None
    )


def counted_twice(summary: SessionSummary, stored: Iterable[SessionSummary], place: str = "session") -> list[Fault]:
    """Say which stored session is most likely the same run from another source, and how many are.

    stored : those that count beside it until somebody answers (``HistoryView.offers``).
    """
    others = [other for other in stored if is_likely(summary, other)]
    if not others:
        return []
    first, n_more = others[0], len(others) - 1
    which = f"{first.header.sid} of {first.start_utc:%Y-%m-%d %H:%MZ} (source {first.source})"
    if n_more:
        problem = f"overlaps {which} and {n_more} more: the same run from several sources? all count {UNTIL}"
    else:
        problem = f"overlaps {which}: the same run from two sources? both count {UNTIL}"
    return [Fault(place, problem, lost=False)]


def _is_other(one: SessionSummary, other: SessionSummary) -> bool:
    return one.header.sid != other.header.sid and one.header.ledger == other.header.ledger


def _shared(one: SessionSummary, other: SessionSummary) -> timedelta:
    return min(one.end_utc, other.end_utc) - max(one.start_utc, other.start_utc)
