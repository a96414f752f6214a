"""What a session's load is measured with, in one word: the key under which loads may be held against each other.

Devices differ by up to 50 ms in the contact time they report (public recordings of the same runs), and a method of ours on
another part of the body differs too. So a load belongs to tier, place and method, or to tier and device; loads of two
instruments are never in one baseline.
"""

from typing import Final

from sensor_hub.model.gait import Mount
from sensor_hub.model.session import BoundDevice, SessionSetup
from sensor_hub.signal.detectors import detector_for

NO_PROFILE: Final = "file"


def instrument_of(setup: SessionSetup) -> str:
    """Return such as "imu/foot/foot-1.0", "imu/feet/foot-1.0", "contact/stryd" or "speed/standard-rsc"."""
    if setup.tier == "imu":
        return _imu(setup)
    records = [d for d in setup.devices if d.profile is None or d.profile.kind != "imu"]
    first = next((d for d in records if d.profile is None or d.profile.kind == "records"), None)
    if first is None:
        return f"{setup.tier}/{NO_PROFILE}"
    return f"{setup.tier}/{first.device if first.profile is None else first.profile.id}"


def _imu(setup: SessionSetup) -> str:
    imus = [d for d in setup.devices if d.profile is None or d.profile.kind == "imu"]
    if not imus:
        return f"imu/{NO_PROFILE}"
    feet = {"L", "R"} <= {d.side for d in imus}
    mount = _mount(imus[0])
    place = "feet" if feet and mount == "foot" else "shanks" if feet and mount == "shank" else mount
    return f"imu/{place}/{detector_for(mount).method.name}"


def _mount(device: BoundDevice) -> Mount:
    return device.mount or (device.profile.mount if device.profile is not None else None) or "shank"
