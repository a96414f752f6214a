"""What a session's load is measured with, in one word: the key under which loads may be held against each other.

Devices are told to differ by up to 50 ms in the contact time they report, and a method of ours on another part of the
body differs too. So a load belongs to place, method and calibration of the IMUs that count, or to the device that
counts and, where a file has two, to the contact times that were used of it. Loads of two instruments are never in one
baseline. A calibration moves contact times, so each begins an instrument of its own. The leg that a single sensor is
worn on is no part of it.
"""

from typing import Final

from sensor_hub.model.session import BoundDevice, SessionSetup
from sensor_hub.session.primary import mount_of, primary_devices
from sensor_hub.signal.detectors import detector_for

NO_DEVICE: Final = "file"
_BOTH: Final = {"foot": "feet", "shank": "shanks", "sacrum": "sacrum"}


def instrument_of(setup: SessionSetup) -> str:
    """Return the instrument of the devices whose rows count.

    Such as "imu/foot/foot-1.0", "imu/feet/foot-1.0+cal-2026-11-20", "contact/garmin-2431/stance-time", "speed/tcx" or
    "speed/standard-rsc".
    """
    primary = primary_devices(setup)
    if not primary:
        return f"{setup.tier}/{NO_DEVICE}"
    if setup.tier == "imu":
        return f"imu/{_imus(primary)}"
    device = primary[0]
    name = device.device if device.profile is None else device.profile.id
    used = device.contact_stream if setup.tier == "contact" else ""
    return "/".join(part for part in (setup.tier, name, used) if part)


def _imus(primary: tuple[BoundDevice, ...]) -> str:
    """Place and method of one IMU, or of both feet; of two that differ, both."""
    ways = [(mount_of(device), _method(device)) for device in primary]
    (mount, method), *others = ways
    if not others:
        return f"{mount}/{method}"
    if others == [(mount, method)]:
        return f"{_BOTH[mount]}/{method}"
    return "+".join(f"{mount}/{method}" for mount, method in ways)


def _method(device: BoundDevice) -> str:
    method, calibration = detector_for(mount_of(device)).method.name, device.calibration
    if calibration is None or calibration.method != method:  # one of another method is void
        return method
    return f"{method}+cal-{calibration.made_on.isoformat()}"
