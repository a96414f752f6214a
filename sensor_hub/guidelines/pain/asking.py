"""Which questions are due: the morning after a run, 24 hours after it, every day, and after a week without a record."""

from collections.abc import Sequence

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Ask, RunResponse


def asks(case: Case, answered: Sequence[RunResponse]) -> tuple[Ask, ...]:
    """Return the questions that are due now, the most pressing first."""
    return ()
