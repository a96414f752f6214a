"""What decides the numbers of an imported file beside its bytes, as a hash: read in another way it would be another."""

import hashlib
import json
from dataclasses import asdict
from typing import Final

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.session import SessionSetup, SessionSummary

BEFORE_SURFACES: Final = "achilles-0.1"  # the model of a program that was not told the surface
WORDS_OF_A_PROFILE: Final = ("name", "status", "evidence", "notes")  # decide no number


def way_of_reading(setup: SessionSetup, interpretation: str) -> str:
    """Hash of what decides the numbers beside the file: profiles, mounts, start, surface, model, how it was asked for.

    Height and shoes are of the athlete and may become known later, so they are no part of it, like what was learned.
    """
    return _way_with(AchillesModel(None, setup.conditions).version, setup, interpretation)


def ways_of_older_models(stored: SessionSummary, setup: SessionSetup, interpretation: str) -> list[str]:
    """The same with the model a session was made with; its additions, which somebody chose, must be today's."""
    today, made = (name.split("+")[1:] for name in (AchillesModel(None, setup.conditions).version, stored.header.model))
    older = [stored.header.model] if today == made else []
    older += [BEFORE_SURFACES] if not today and setup.conditions.surface == "unknown" else []
    return [_way_with(model, setup, interpretation) for model in older]


def _way_with(model: str, setup: SessionSetup, interpretation: str) -> str:
    devices = [(device.mount, numbers_of(device.profile)) for device in setup.devices]
    surface = () if model == BEFORE_SURFACES else (setup.conditions.surface,)
    decisive: tuple[object, ...] = (devices, setup.start_utc, setup.tier, *surface, model, interpretation)
    return hashlib.sha256(repr(decisive).encode()).hexdigest()[:8]


def numbers_of(profile: DeviceProfile | None) -> str:
    """Everything of a profile that can decide a number, in one order."""
    if profile is None:
        return ""
    fields = {name: value for name, value in asdict(profile).items() if name not in WORDS_OF_A_PROFILE}
    return json.dumps(fields, sort_keys=True, default=repr)
