"""What the shoe rules say now."""

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice


def shoe_notices(case: Case) -> list[Notice]:
    """Return what the shoe rules say."""
    return []
