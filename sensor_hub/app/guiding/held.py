"""Headroom held back: under a stop or worse nothing is left to be run, whatever a limit says."""

from dataclasses import replace
from typing import Final

from sensor_hub.model.load import LoadStatus

HELD: Final = "held"  # neutral: it goes over MQTT, and the reason is health data


def held_back(status: LoadStatus) -> LoadStatus:
    """Return a load status whose headroom is unknown with the reason "held"; what was done stays."""
    held = (replace(h, reference=None, limit=None, left=None, probability=None, reason=HELD) for h in status.headroom)
    return replace(status, headroom=tuple(held))
