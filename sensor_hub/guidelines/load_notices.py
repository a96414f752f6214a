"""What load and diary say together: too little load, more of it while pain is unknown, what stands of the rules."""

from collections.abc import Sequence

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice, RunResponse


def load_notices(case: Case, answered: Sequence[RunResponse]) -> list[Notice]:
    """Return what the rules say that need load and diary, and a notice for each alert of the load rules that stands."""
    return []
