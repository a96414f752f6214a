"""How the tendon answered each run: what was said before, during and after it, and what the 24-hour table says."""

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import RunResponse


def responses(case: Case, n_days: int = 60) -> tuple[RunResponse, ...]:
    """Return one response for each run of the last days, oldest first."""
    return ()
