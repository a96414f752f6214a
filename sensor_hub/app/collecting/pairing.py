"""Sensors on the air: hearing, choosing, pairing, forgetting."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sensor_hub.adapters.ble.pair import PairingFacts, pair, unpair
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.ble.scan import scan
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.checks import checked_text
from sensor_hub.app.collecting.firmware import recognise
from sensor_hub.app.collecting.wearing import Wearing, check_wearing
from sensor_hub.errors import BluetoothError, ProfileError, RegistryError
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.link import Found
from sensor_hub.model.profile import DeviceProfile

CONTACT_RATE_HZ: Final = 100.0  # ours: below it a contact of 200 ms has fewer than 20 samples


@dataclass(frozen=True, slots=True)
class Heard:
    """A sensor on the air. profile : what it was recognised as. paired : who it is here already."""

    found: Found
    profile: DeviceProfile | None
    paired: Device | None

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values. Only the owner of this machine sees the address."""
        return {
            "name": self.found.name,
            "address": self.found.address,
            "rssi_dbm": self.found.rssi_dbm,
            "services": list(self.found.services),
            "company_ids": list(self.found.company_ids),
            "profile": self.profile.id if self.profile else None,
            "paired": self.paired.id if self.paired else None,
        }


async def hear(radio: Radio, seconds: float, registry: Registry, profiles: dict[str, DeviceProfile]) -> list[Heard]:
    """Listen and return who was heard, the loudest first. BluetoothError if there is no usable adapter."""
    known = {device.address.upper(): device for device in await asyncio.to_thread(registry.devices)}
    heard = []
    for found in await scan(radio, seconds):
        device = known.get(found.address.upper())
        heard.append(Heard(found, _profile_of(found, device, profiles), device))
    return heard


def _profile_of(found: Found, device: Device | None, profiles: dict[str, DeviceProfile]) -> DeviceProfile | None:
    if device is not None and device.profile in profiles:
        return profiles[device.profile]
    fitting = recognise(found.name, found.services, found.company_ids, profiles)
    return fitting[0] if fitting else None


def choose(heard: Sequence[Heard], wanted: str) -> Heard:
    """Return the sensor with this name (or a part of it) or address; BluetoothError if none or several fit."""
    key = wanted.casefold()
    exact = [h for h in heard if key in {h.found.address.casefold(), h.found.name.casefold()}]
    fitting = exact or [h for h in heard if h.found.name and key in h.found.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(f"{h.found.name} {h.found.address}" for h in fitting)
        raise BluetoothError(f"{wanted!r} fits {len(fitting)} sensors: give an address ({names})")
    others = ", ".join(h.found.name for h in heard if h.found.name) or "nobody"
    raise BluetoothError(
        f"{wanted!r} was not heard (heard: {others}): switch it on, move it, and end its link to a phone or a watch"
    )


def profile_for(heard: Heard, wanted: str | None, profiles: dict[str, DeviceProfile]) -> DeviceProfile:
    """Return the profile to pair with; ProfileError with the mend if none fits or the wanted one is not here."""
    if wanted is not None:
        if wanted not in profiles:
            raise ProfileError(f"no firmware profile {wanted!r}: see `sensor-hub devices profiles`")
        return profiles[wanted]
    if heard.profile is None:
        raise ProfileError(
            f"no firmware profile fits {heard.found.name or heard.found.address!r}: give one with --profile, or write"
            " one (sensor-hub devices profiles new ID --name NAME)"
        )
    return heard.profile


@dataclass(frozen=True, slots=True)
class Paired:
    """A sensor that was just paired, and what is known of it. athlete : None of one of a box."""

    device: Device
    profile: DeviceProfile
    athlete: Athlete | None
    facts: PairingFacts

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        name = None if self.athlete is None else self.athlete.display_name
        return device_answer(self.device, self.profile, name) | {
            "battery_percent": self.facts.battery_percent,
            "manufacturer": self.facts.manufacturer or None,
            "model": self.facts.model or None,
            "firmware": self.facts.firmware or None,
            "bonded": self.facts.bonded,
        }


def gives(profile: DeviceProfile) -> str:
    """Return what a sensor of this kind can give: contact, contact-as-reported, coarse, cadence or nothing."""
    if profile.kind == "companion":
        return "companion"
    if profile.kind == "imu":
        rate_hz = profile.sampling_rate_hz or profile.largest_rate_hz
        return "coarse" if rate_hz is not None and rate_hz < CONTACT_RATE_HZ else "contact"
    return "contact-as-reported" if profile.gives_contact_time else "cadence"


def device_answer(device: Device, profile: DeviceProfile | None, athlete: str | None) -> dict[str, Any]:
    """Return a paired sensor as JSON values; its address stays in the registry."""
    return {
        "id": device.id,
        "name": device.name,
        "athlete": athlete,
        "side": device.side,
        "mount": device.mount or (profile.mount if profile else None),
        "profile": device.profile,
        "status": profile.status if profile else None,
        "gives": gives(profile) if profile else None,
    }


async def pair_pod(
    radio: Radio,
    registry: Registry,
    profiles: dict[str, DeviceProfile],
    heard: Heard,
    profile: DeviceProfile,
    wearing: Wearing,
    *,
    ask_passkey: Callable[[], int] | None,
    name: str | None = None,
) -> Paired:
    """Pair a sensor and bind it; one that is paired here already is bound anew. Nothing is kept if it refuses.

    name : what to call it here; without one it is what it calls itself.
    """
    known = heard.paired
    given = checked_text(name, "device name") if name is not None else None
    if given is not None and known is not None and known.profile == profile.id and known.name != given:
        raise RegistryError(f"it is called {known.name!r} here: `sensor-hub devices unpair {known.id}` first")
    but = known.id if known else None
    await asyncio.to_thread(check_wearing, registry, profiles, profile, wearing, but=but)
    facts = await pair(radio, heard.found.address, ask_passkey=ask_passkey, skip_services=profile.skip_services)
    lacking = sorted(set(profile.subscribe) - set(facts.characteristics))
    if lacking:
        raise ProfileError(
            f"{heard.found.name or heard.found.address} is no {profile.name}: it has no characteristic"
            f" {', '.join(lacking)} (choose another with --profile)"
        )
    device = await asyncio.to_thread(_bound, registry, heard, profile, wearing, given, facts)
    return Paired(device, profile, wearing.athlete, facts)


def _bound(
    registry: Registry, heard: Heard, profile: DeviceProfile, wearing: Wearing, given: str | None, facts: PairingFacts
) -> Device:
    """Write down whose it is; not in a loop in which others are collected."""
    known = heard.paired
    mount, owner = wearing.mount or profile.mount, None if wearing.athlete is None else wearing.athlete.id
    if known is not None and known.profile != profile.id:
        registry.remove_device(known.id)
        known = None
    if known is not None:
        return registry.bind_device(known.id, owner, wearing.side, mount)
    called = given or acceptable_name(heard.found.name, facts.model, profile.name)
    return registry.add_device(heard.found.address, called, profile.id, athlete=owner, side=wearing.side, mount=mount)


def acceptable_name(*names: str) -> str:
    """Return the first name that the registry takes; a sensor without one is a sensor."""
    for name in names:
        with suppress(RegistryError):
            return checked_text(name, "device name")
    return "sensor"


async def unpair_pod(radio: Radio, registry: Registry, device: str) -> tuple[Device, str | None]:
    """Forget a sensor here and in the system; return it, and why the system could not forget it, if so."""
    gone = registry.device(device)
    problem = None
    try:
        await unpair(radio, gone.address)
    except BluetoothError as error:
        problem = str(error)
    registry.remove_device(gone.id)
    return gone, problem
