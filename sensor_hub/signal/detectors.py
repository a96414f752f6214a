"""Which contact detector belongs to which mount."""

from sensor_hub.model.gait import Mount
from sensor_hub.signal.contacts import ContactDetector
from sensor_hub.signal.leg.foot import FootDetector
from sensor_hub.signal.leg.shank import ShankDetector
from sensor_hub.signal.sacrum.detector import SacralDetector


def detector_for(mount: Mount) -> ContactDetector:
    """Return a new detector for where the sensor sits."""
    if mount == "sacrum":
        return SacralDetector()
    return FootDetector() if mount == "foot" else ShankDetector()
