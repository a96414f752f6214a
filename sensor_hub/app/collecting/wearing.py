"""Who wears a sensor, and where.

A side is bound to the sensor, because no standard knows left and right. What cannot work is refused here, with the
mend, and not found out after the run.
"""

from dataclasses import dataclass
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import ProfileError, RegistryError
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.profile import DeviceProfile

SIDES: Final[dict[str, Side]] = {"left": "L", "right": "R", "l": "L", "r": "R", "both": "U", "unknown": "U"}
FEET: Final = ("foot", "shank")


@dataclass(frozen=True, slots=True)
class Wearing:
    """Who wears a sensor, and where. athlete : None of a sensor of a box, whose it is a roster says for an evening."""

    athlete: Athlete | None
    side: Side
    mount: Mount | None


def needs_mount(profile: DeviceProfile) -> bool:
    """Whether a person has to say where the sensor sits: contacts are found differently on foot, shank and sacrum."""
    return profile.kind == "imu" and profile.mount is None


def needs_side(profile: DeviceProfile, mount: Mount | None) -> bool:
    """Whether a person has to say on which side it sits."""
    return profile.kind == "imu" and (mount or profile.mount) in FEET


def check_wearing(
    registry: Registry,
    profiles: dict[str, DeviceProfile],
    profile: DeviceProfile,
    wearing: Wearing,
    *,
    but: str | None = None,
) -> None:
    """Refuse a place that cannot work, with the mend; ``but`` is the device that is being moved."""
    mount, wearer = wearing.mount or profile.mount, wearing.athlete
    if needs_mount(profile) and mount is None:
        raise RegistryError(f"{profile.name} can be worn in several places: give --mount foot, shank or sacrum")
    if wearer is not None and needs_side(profile, mount) and wearing.side == "U":
        raise RegistryError(f"{profile.name} on the {mount} measures one leg: give --side left or right")
    if mount == "sacrum" and wearing.side != "U":
        raise RegistryError("the sacrum has no side: leave --side out")
    other = worn_there(registry, profiles, profile, wearing, but=but)
    if wearer is not None and other is not None:
        where = {"L": "on the left", "R": "on the right", "U": "without a side"}[wearing.side]
        raise RegistryError(
            f"{wearer.display_name} wears {other.name!r} ({other.id}) {where} already, and every step"
            f" would be seen twice: give another --side, or `sensor-hub devices unpair {other.id}` first"
        )


def worn_there(
    registry: Registry,
    profiles: dict[str, DeviceProfile],
    profile: DeviceProfile,
    wearing: Wearing,
    *,
    but: str | None = None,
) -> Device | None:
    """Return the sensor of this kind that an athlete has on that side for good; ``but`` is the one being moved."""
    if wearing.athlete is None:
        return None
    for other in registry.devices(wearing.athlete.id):
        theirs = profiles.get(other.profile)
        if other.id != but and other.side == wearing.side and theirs is not None and theirs.kind == profile.kind:
            return other
    return None


def rebind(
    registry: Registry,
    profiles: dict[str, DeviceProfile],
    device: Device,
    athlete: Athlete,
    side: Side | None,
    mount: Mount | None,
) -> tuple[Device, Device | None]:
    """Give a paired sensor another athlete, side or mount; None leaves what is. RegistryError if that cannot work.

    Returns it, and the other of a pair with which it changed sides, if it did: left and right put on the wrong legs
    are told in one step.
    """
    if side in {"L", "R"} and mount is None and device.mount == "sacrum":
        raise RegistryError(f"{device.name} is worn on the sacrum until now: give --mount foot or shank too")
    wearing = Wearing(athlete, side or ("U" if mount == "sacrum" else device.side), mount or device.mount)
    profile = profiles.get(device.profile)
    if profile is None:
        raise ProfileError(
            f"{device.name}: its firmware profile {device.profile!r} is not here (add it, or pair again)"
        )
    place = wearing.mount or profile.mount
    other = _other_of_a_pair(registry, profiles, device, wearing)
    if other is None:
        check_wearing(registry, profiles, profile, wearing, but=device.id)
    else:
        other = registry.bind_device(other.id, athlete.id, device.side, other.mount)
    return registry.bind_device(device.id, athlete.id, wearing.side, place), other


def _other_of_a_pair(
    registry: Registry, profiles: dict[str, DeviceProfile], device: Device, wearing: Wearing
) -> Device | None:
    """Return the sensor of the same athlete and kind on the leg that this one is to go to, from the other leg."""
    if wearing.athlete is None or device.athlete != wearing.athlete.id or {device.side, wearing.side} != {"L", "R"}:
        return None
    kind = profiles[device.profile].kind
    there = [d for d in registry.devices(device.athlete) if d.side == wearing.side and d.profile in profiles]
    fitting = [d for d in there if profiles[d.profile].kind == kind]
    return fitting[0] if len(fitting) == 1 and (wearing.mount or "foot") != "sacrum" else None
