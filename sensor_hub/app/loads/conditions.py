"""What the load model of a new session is told that no sensor tells: settings, the athlete's height, their shoes."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.edits.in_force import in_force
from sensor_hub.edits.shoes import Worn
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.load.stiffness import LEG_LENGTH_OF_HEIGHT
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.load import Conditions

UNTOLD: Final = Conditions()


def conditions_of(
    told: Conditions, athlete: Athlete, registry: Registry | None, at_utc: datetime | None = None
) -> Conditions:
    """Return what was told of a session, with what is known of its athlete: the length of their legs, and the drop.

    The drop is that of the pair somebody said is worn on the session's day, else of the only one in use; of several
    nobody says which it was. at_utc : when the session began; None where that is not known yet.
    """
    shoe = None if registry is None else _pair_of(registry, athlete, at_utc)
    drop_mm = None if shoe is None else shoe.drop_mm
    return replace(told, shoe_drop_mm=drop_mm, leg_length_m=leg_length_m(athlete))


def _pair_of(registry: Registry, athlete: Athlete, at_utc: datetime | None) -> Shoe | None:
    shoes = registry.shoes.all(athlete.id)
    if at_utc is not None and shoes:
        worn = Worn.of(in_force(registry.journal.entries([athlete.id])), athlete.id)
        of_day = worn.on(local_day(at_utc, athlete.zone))
        if of_day is not None:
            return next((shoe for shoe in shoes if shoe.id == of_day), None)
    in_use = [s for s in shoes if s.retired_utc is None or (at_utc is not None and at_utc < s.retired_utc)]
    return in_use[0] if len(in_use) == 1 else None


def leg_length_m(athlete: Athlete) -> float | None:
    """Hip to floor of an athlete who said how tall they are, m."""
    return None if athlete.height_m is None else LEG_LENGTH_OF_HEIGHT * athlete.height_m
