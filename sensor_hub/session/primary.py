"""Whose rows a session counts: told from its setup, so that it does not depend on who is heard first.

A second sensor that sees the same feet would count every step twice, and sources that differ would mix.
"""

from collections.abc import Sequence

from sensor_hub.model.gait import Mount
from sensor_hub.model.session import BoundDevice, SessionSetup


def primary_devices(setup: SessionSetup) -> tuple[BoundDevice, ...]:
    """Return a pod on each foot or the first IMU (tier ``imu``), else the first source of records that gives the tier.

    Empty where the setup names none: then the first that is heard counts.
    """
    if setup.tier == "imu":
        imus = imus_of(setup)
        return a_pod_on_each_foot(imus) or imus[:1]
    records = [d for d in setup.devices if d.profile is None or d.profile.kind == "records"]
    giving = [d for d in records if d.profile is None or d.profile.gives_contact_time or setup.tier == "speed"]
    return tuple((giving or records)[:1])


def imus_of(setup: SessionSetup) -> tuple[BoundDevice, ...]:
    """Return the devices that may be IMUs; what comes decoded may be one."""
    return tuple(d for d in setup.devices if d.profile is None or d.profile.kind == "imu")


def a_pod_on_each_foot(imus: Sequence[BoundDevice]) -> tuple[BoundDevice, ...]:
    """Return the devices of the left and the right foot, or nothing if there is only one side."""
    feet = [next((d for d in imus if d.side == side), None) for side in ("L", "R")]
    known = tuple(device for device in feet if device is not None)
    return known if len(known) == 2 else ()


def mount_of(device: BoundDevice) -> Mount:
    """Where an IMU sits: as it is bound, else as its profile says, else at the shank."""
    return device.mount or (device.profile.mount if device.profile is not None else None) or "shank"
