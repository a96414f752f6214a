"""What may be on a roster: wishes looked up, what cannot be refused, and what has to be agreed to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.wearing import needs_mount, needs_side
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.roster import RosterPod, RosterQuestion, Wish, place_of

_SIDES: Final[dict[Side, str]] = {"L": "on the left", "R": "on the right", "U": "without a side"}


def kinds_of(profiles: Mapping[str, DeviceProfile]) -> dict[str, str]:
    """Return the kind of every firmware profile."""
    return {name: profile.kind for name, profile in profiles.items()}


@dataclass(frozen=True, slots=True)
class Granted:
    """A wish with everything looked up."""

    device: Device
    athlete: Athlete
    side: Side
    mount: Mount | None

    def worn(self) -> Device:
        """Return the device as it would be worn."""
        return Device(
            self.device.id, self.device.address, self.device.name, self.device.profile,
            self.athlete.id, self.side, self.mount,
        )  # fmt: skip


def looked_up(registry: Registry, profiles: Mapping[str, DeviceProfile], wishes: Sequence[Wish]) -> list[Granted]:
    """Find who and what is meant. RegistryError where it cannot be, whatever holds now."""
    granted = []
    for wish in wishes:
        device, athlete = registry.device(wish.device), registry.athlete(wish.athlete)
        side: Side = wish.side or ("U" if wish.mount == "sacrum" else device.side)
        granted.append(Granted(device, athlete, side, wish.mount or device.mount))
        check_place(granted[-1], profiles)
    for device_id, n in Counter(g.device.id for g in granted).items():
        if n > 1:
            name = next(g.device.name for g in granted if g.device.id == device_id)
            raise RegistryError(f"{name} is named {n} times: one pod is one person's")
    kinds = kinds_of(profiles)
    for place, n in Counter(place_of(g.worn(), kinds) for g in granted).items():
        if n > 1:
            two = [g for g in granted if place_of(g.worn(), kinds) == place]
            names = " and ".join(g.device.name for g in two)
            raise RegistryError(
                f"{two[0].athlete.display_name} cannot wear {names} both {_SIDES[two[0].side]}:"
                " every step would be seen twice; say left and right, or leave one out"
            )
    return granted


def check_place(wish: Granted, profiles: Mapping[str, DeviceProfile]) -> None:
    """RegistryError where this sensor cannot be worn there."""
    name, profile = wish.device.name, profiles.get(wish.device.profile)
    if profile is None:
        raise RegistryError(f"{name}: its firmware profile {wish.device.profile!r} is not here: pair it again")
    mount = wish.mount or profile.mount
    if needs_mount(profile) and mount is None:
        raise RegistryError(f"{name} can be worn in several places: say foot, shank or sacrum, as in '{name}=Ana:foot'")
    if needs_side(profile, mount) and wish.side == "U":
        raise RegistryError(
            f"{name} on the {mount} measures one leg: say which, as in '{name}={wish.athlete.display_name}:left'"
        )
    if mount == "sacrum" and wish.side != "U":
        raise RegistryError(f"{name} sits on the sacrum, which has no side: leave the side out")


def questions(granted: Sequence[Granted], pods: Sequence[RosterPod], kinds: Mapping[str, str]) -> list[RosterQuestion]:
    """Return what has to be agreed to. RegistryError where somebody would wear two at one place tonight."""
    named = {g.device.id for g in granted}
    now = {pod.device.id: pod for pod in pods}
    asked = []
    for g in granted:
        name, who, pod = g.device.name, g.athlete.display_name, now[g.device.id]
        if pod.line is not None and pod.athlete is not None and pod.athlete.id != g.athlete.id:
            asked.append(RosterQuestion("is-taken", name, who, other=pod.athlete.display_name))
        elif pod.owner is not None and pod.owner.id != g.athlete.id:
            asked.append(RosterQuestion("is-lent", name, who, other=pod.owner.display_name))
        for other in pods:
            if other.device.id in named or place_of(other.device, kinds) != place_of(g.worn(), kinds):
                continue
            if other.line is not None:
                raise RegistryError(
                    f"{who} wears {other.device.name} {_SIDES[g.side]} tonight already: clear that one first"
                    f" (sensor-hub roster clear {other.device.name!r}), or give {name} another side"
                )
            if not other.set_aside:
                asked.append(RosterQuestion("has-another", name, who, instead=other.device.name))
    return asked
