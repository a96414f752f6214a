"""All that the diary rules say now: red flags, referrals, stops, cautions, patterns, advice."""

from collections.abc import Sequence

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice, RunResponse


def diary_notices(case: Case, answered: Sequence[RunResponse]) -> list[Notice]:
    """Return what the diary rules say, heaviest first."""
    return []
