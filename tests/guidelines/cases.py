"""Cases of one runner: what they ran, what they said, what they wear."""

from collections.abc import Iterable, Sequence
from datetime import date

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.guidelines.evaluate import evaluate, standing
from sensor_hub.guidelines.history import runs_of
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.diary import Said
from sensor_hub.model.history import DaySpan
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import NOW_UTC, RUNNER, TODAY


def case_of(
    sessions: Iterable[SessionSummary] = (),
    said: Iterable[Said] = (),
    *,
    days: Sequence[DaySpan] = (),
    shoes: Sequence[Shoe] = (),
    worn: Sequence[tuple[str, str]] = (),
    judged: bool = False,
) -> Case:
    """A case at the evening of the day of these histories; judged : with findings and headroom."""
    sessions = list(sessions)
    diary = diary_of(said)
    now = standing(RUNNER, sessions, NOW_UTC, days=days, settings=diary.settings) if judged else None
    found = evaluate(RUNNER, sessions, date(2025, 1, 1), days=days, settings=diary.settings) if judged else []
    return Case(
        RUNNER,
        NOW_UTC,
        runs=tuple(runs_of(sessions, RUNNER.zone)),
        days=tuple(days),
        diary=diary,
        findings=tuple(found),
        headroom=() if now is None else now.headroom,
        shoes=tuple(shoes),
        worn=tuple(worn),
        recorded=frozenset(s.start_utc.date() for s in sessions),
    )


__all__ = ["NOW_UTC", "RUNNER", "TODAY", "case_of"]
