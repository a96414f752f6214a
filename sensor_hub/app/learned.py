"""What the registry has learned of an athlete's gait, given to the sensors of a new session."""

from dataclasses import replace

from sensor_hub.adapters.registry import Registry
from sensor_hub.model.gait import Mount
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.detectors import detector_for


def with_learned(
    bound: BoundDevice, registry: Registry, athlete: str, *, otherwise: Mount | None = None
) -> BoundDevice:
    """Return an IMU with the calibration and the usual pattern of its athlete, mount and side, where there are any.

    A calibration counts for the method that will find the contacts, and for no other. What is no IMU stays as it is.
    otherwise : mount a session takes where none is told; None where a sensor without one is no IMU.
    """
    mount = bound.mount or (bound.profile.mount if bound.profile is not None else None) or otherwise
    if mount is None or (bound.profile is not None and bound.profile.kind != "imu"):
        return bound
    calibration = registry.learned.calibration(athlete, mount, detector_for(mount).method.name)
    return replace(bound, calibration=calibration, usual=registry.learned.pattern(athlete, mount, bound.side))
