"""What the rules of profile, medicines, care, episodes and too little load say now."""

from collections.abc import Sequence

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice, RunResponse


def person_notices(case: Case, answered: Sequence[RunResponse]) -> list[Notice]:
    """Return what these rules say."""
    return []
