"""A runner's own runs among their sessions: which are their past, for how long they have run, and how much one was."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub import words
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.session import SessionSummary

LEARNING_DAYS: Final = 14


def own_runs(sessions: Iterable[SessionSummary], athlete: Athlete) -> list[SessionSummary]:
    """Return the runs that are somebody's past, in their order: no walk, no replay, nothing simulated of a real one."""
    others = {"replay"} if athlete.simulated else {"replay", "simulated"}
    return [s for s in sessions if s.header.ledger == "run" and s.header.origin not in others]


def days_of(runs: Sequence[SessionSummary], today: date) -> int | None:
    """Days from the first run to today, both counted, where they are fewer than 14; None where there is no run."""
    if not runs:
        return None
    first = min(s.start_utc.astimezone(ZoneInfo(s.header.zone)).date() for s in runs)
    n_days = (today - first).days + 1
    return n_days if n_days < LEARNING_DAYS else None


def amount_of(summary: SessionSummary) -> str:
    """How much a run was: its distance and its load, as far as they are known; of one partly recorded at least."""
    totals = summary.totals
    parts = [words.quantity(totals.distance_m, "distance_m")]
    if words.known(totals.load_eq_km):
        at_least = is_partly_recorded(totals.coverage)
        parts.append(words.bounded(totals.load_eq_km, "load_eq_km", lower_bound=at_least))
    return ", ".join(parts)
