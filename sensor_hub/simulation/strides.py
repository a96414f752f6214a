"""Contacts of one simulated foot as its segments see them: what was drawn for each, and the swings between."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.footfalls import Footfalls
from sensor_hub.simulation.person import Person
from sensor_hub.units import DEGREE_RAD

STRENGTH_SD: Final = 0.03  # of push-off from stride to stride, a fraction; ours
_STRIDES: Final = 13  # stream of random numbers
WALK_STRIKE_RAD: Final = 18.0 * DEGREE_RAD  # everybody walks heel first; ours
FLATTER_UPHILL: Final = 0.6  # of the slope is taken off the angle of landing; ours
_GETTING_UP_S: Final = 0.45  # a standing foot leaves the ground this long before it first lands


@dataclass(frozen=True, slots=True, eq=False)
class Strides:
    """Contacts of one foot, standing included; row j and j + 1 have a swing between them.

    side : +1 left, -1 right. runs : (m,). speed_mps : (m,).
    touch_s, initial_contact_s, toe_off_s, lift_s : (m,); the ends of standing are made up, and no truth of gait.
    place_m : (m,) of the heel along the ground. strike_rad : (m,) pitch at initial contact, toes up positive.
    lead_s : (m,) of fastest plantarflexion before toe-off. lag_s : (m,) of the rotation of landing.
    impact : (m,) factor of the speed at which the foot meets the ground. strength : (m,) of the rotation of push-off.
    """

    side: int
    runs: BoolArray
    speed_mps: FloatArray
    touch_s: FloatArray
    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    lift_s: FloatArray
    place_m: FloatArray
    strike_rad: FloatArray
    lead_s: FloatArray
    lag_s: FloatArray
    impact: FloatArray
    strength: FloatArray

    @property
    def swing_s(self) -> FloatArray:
        """(m - 1,) from lift to the next touch."""
        return self.touch_s[1:] - self.lift_s[:-1]


def strides(course: Course, person: Person, steps: Footfalls, side: int, seed: int) -> Strides:
    """Return the contacts of one foot after one of standing; where it stops, a contact lasts until it sets off."""
    mine = np.nonzero(steps.side == side)[0]
    if not len(mine):
        return _still(course, person, side)
    touch, lift, toe_off = steps.touch_s[mine], steps.lift_s[mine].copy(), steps.toe_off_s[mine].copy()
    contact = steps.initial_contact_s[mine]
    nominal_off = np.where(np.isnan(toe_off), lift - 0.002, toe_off)
    # A foot that stops stays until the next bout begins, or for ever.
    stops = np.nonzero(steps.stops[mine])[0]
    for j in stops.tolist():
        lift[j] = touch[j + 1] - _GETTING_UP_S if j + 1 < len(mine) else course.duration_s + 1000.0
        nominal_off[j] = lift[j] - 0.004
    begins = touch[0] - _GETTING_UP_S
    order = np.concatenate([[0], np.arange(len(mine))])  # the standing contact takes what the next one has
    speed = steps.speed_mps[mine]
    # By order of landing, not by side: whoever begins with the other foot is the mirror image
    rng = np.random.default_rng([seed, _STRIDES, int(side == steps.side[0])])
    n = len(mine)
    runs = steps.runs[mine]
    slope = course.slope_rad(contact)
    level_strike = np.where(runs, person.strike_rad, WALK_STRIKE_RAD)
    strike = level_strike - FLATTER_UPHILL * slope + rng.normal(0, 1, n) * person.strike_sd_rad
    strike = np.where(level_strike > 3 * DEGREE_RAD, np.maximum(strike, 4 * DEGREE_RAD), strike)
    lead = person.push_off_lead_s + person.push_off_lead_slope * (np.maximum(speed, 1.0) - 3.0)
    lead = lead + rng.normal(0, 1, n) * person.push_off_lead_sd_s
    lag = np.maximum(person.landing_lag_s + rng.normal(0, 1, n) * person.landing_lag_sd_s, 0.003)
    impact = person.impact_factor * np.clip(rng.normal(1.0, 0.1, n), 0.6, 1.4)
    # A walker's heel meets the ground slowly.
    impact *= np.where(runs, (np.maximum(speed, 1.6) / 3.0) ** 0.6, 0.1 + 0.15 * speed)
    strength = person.swing_factor * np.clip(rng.normal(1.0, STRENGTH_SD, n), 0.8, 1.2)
    middle = touch + (steps.lift_s[mine] - touch) / 2
    place = course.distance_m(middle) - person.foot_length_m / 2
    start = course.distance_m(np.array([begins]))[0] - person.foot_length_m / 2
    return Strides(
        side=side,
        runs=runs[order],
        speed_mps=speed[order],
        touch_s=np.append(-1000.0, touch),
        initial_contact_s=np.append(-1000.0, contact),
        toe_off_s=np.append(begins - 0.004, nominal_off),
        lift_s=np.append(begins, lift),
        place_m=np.append(start, place),
        strike_rad=np.append(0.0, strike),
        lead_s=lead[order],
        lag_s=lag[order],
        impact=impact[order],
        strength=strength[order],
    )


def _still(course: Course, person: Person, side: int) -> Strides:
    """Return one contact that lasts for ever."""
    one = np.zeros(1)
    late = np.full(1, course.duration_s + 1000.0)
    early = -np.full(1, 1000.0)
    return Strides(
        side, np.zeros(1, bool), one, early, early, late, late, one - person.foot_length_m / 2, one, one, one, one, one
    )
