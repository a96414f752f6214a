"""What the load model of a new session is told that no sensor tells: settings, the athlete's height, their shoes."""

from dataclasses import replace
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.load.stiffness import LEG_LENGTH_OF_HEIGHT
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Conditions

UNTOLD: Final = Conditions()


def conditions_of(told: Conditions, athlete: Athlete, registry: Registry | None) -> Conditions:
    """Return what was told of a session, with what is known of its athlete: the length of their legs, and the drop.

    The drop is known where one pair of their shoes is in use; of several nobody says which it was.
    """
    shoes = [] if registry is None else [s for s in registry.shoes(athlete.id) if s.retired_utc is None]
    drop_mm = shoes[0].drop_mm if len(shoes) == 1 else None
    return replace(told, shoe_drop_mm=drop_mm, leg_length_m=leg_length_m(athlete))


def leg_length_m(athlete: Athlete) -> float | None:
    """Hip to floor of an athlete who said how tall they are, m."""
    return None if athlete.height_m is None else LEG_LENGTH_OF_HEIGHT * athlete.height_m
