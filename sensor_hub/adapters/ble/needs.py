"""What a profile needs of a sensor, in terms of services and characteristics."""

import hashlib
from collections.abc import Iterable
from typing import Final

from sensor_hub.adapters.ble.uuids import BATTERY_LEVEL, MODEL, SERVICE_OF, long_uuid
from sensor_hub.model.profile import DeviceProfile

RARELY: Final = {BATTERY_LEVEL, "2a05", "2a55", "2a5d"}  # notified now and then: their silence means nothing


def services_wanted(profile: DeviceProfile) -> list[str] | None:
    """Return the services to discover: all (None), or if some must be skipped those the profile is about."""
    if not profile.skip_services:
        return None
    asked = {*profile.subscribe, *profile.reads, *(c.characteristic for c in profile.start), BATTERY_LEVEL, MODEL}
    wanted = {*profile.services, *(SERVICE_OF[c] for c in asked if c in SERVICE_OF)} - set(profile.skip_services)
    return sorted(long_uuid(service) for service in wanted)


def answers_of(profile: DeviceProfile) -> list[str]:
    """Return the characteristics that answer commands, in order."""
    commands = (*profile.start, *profile.stop, *profile.keep_alive)
    return list(dict.fromkeys(c.reply_from for c in commands if c.reply_from is not None))


def needed_characteristics(profile: DeviceProfile) -> set[str]:
    """Return the characteristics without which the profile cannot be collected as it says."""
    commands = (*profile.start, *profile.stop, *profile.keep_alive)
    return {*profile.subscribe, *(c.characteristic for c in commands), *answers_of(profile)}


def streams_of(profile: DeviceProfile) -> frozenset[str]:
    """Return the characteristics whose silence means that something is wrong."""
    subscribed = set(profile.subscribe)
    return frozenset(subscribed - set(answers_of(profile)) - RARELY or subscribed - RARELY or subscribed)


def fingerprint_of(characteristics: Iterable[str]) -> str:
    """Return a short fingerprint of a set of characteristics; another one means another firmware, or a stale cache."""
    return hashlib.sha256(" ".join(sorted(set(characteristics))).encode()).hexdigest()[:16]
