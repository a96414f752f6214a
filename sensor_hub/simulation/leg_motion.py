"""How a simulated shank turns, and where sensors on foot and shank are.

The shank lands leaning back (top behind the ankle), turns forward over the foot, fastest around toe-off, folds on in
early swing and swings forward. Its ankle follows from the foot. Every number is ours, as in ``foot_motion``.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.foot_motion import FOOT_RING, SHANK_RING, foot_turning, metatarsal_path_m
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.strides import Strides
from sensor_hub.simulation.turning import Pulses, Turning, turned
from sensor_hub.units import DEGREE_RAD

_SETTLED_RAD: Final = -6.0 * DEGREE_RAD  # of standing, and after a landing
_SWAY_RAD: Final = 0.3 * DEGREE_RAD
_SWAY_HZ: Final = (0.23, 0.41)


def shank_pulses(person: Person, s: Strides) -> list[Pulses]:
    """Return the forward turning of every swing and contact (top forwards positive)."""
    touch, off, lift, swing = s.touch_s[:-1], s.toe_off_s[:-1], s.lift_s[:-1], s.swing_s
    landing, runs, speed = s.touch_s[1:], s.runs[:-1], s.speed_mps[:-1]
    size = person.swing_factor
    peak = off + person.shank_lag_s
    rise = np.minimum(np.where(runs, 0.8, 0.6) * np.minimum(off - touch, 0.7), peak - touch - 0.02)
    height = np.where(runs, 230 + 65 * speed, 110 + 60 * speed) * DEGREE_RAD * size
    push = Pulses.of_height(peak - rise, peak, peak + 0.28 * swing, height)
    folds = np.where(runs, 9.0 * speed, 5.0) * DEGREE_RAD * size
    fold = Pulses(lift + 0.02 * swing, lift + 0.18 * swing, lift + 0.38 * swing, folds)
    settle_rad = np.where(s.runs[1:], 14.0, 12.0) * DEGREE_RAD
    settle = Pulses(landing - 0.025, landing + 0.02, landing + 0.09, settle_rad)
    total = push.area_rad + fold.area_rad + settle.area_rad
    forward = Pulses(lift + 0.24 * swing, lift + 0.62 * swing, lift + 0.96 * swing, -total)
    return [push, fold, settle, forward]


def shank_turning(person: Person, s: Strides, t_s: FloatArray) -> Turning:
    """Return the angles of the shank to the ground."""
    pulses = shank_pulses(person, s)
    forward, rate = turned(pulses, t_s)
    sway, sway_rate = np.zeros(len(t_s)), np.zeros(len(t_s))
    for k, hz in enumerate(_SWAY_HZ):
        omega = 2 * np.pi * hz
        sway += _SWAY_RAD * np.sin(omega * t_s + k)
        sway_rate += _SWAY_RAD * omega * np.cos(omega * t_s + k)
    touch, off = s.touch_s[1:], s.toe_off_s[:-1]
    inwards = np.full(len(touch), 0.6 * person.pronation_rad)
    turn, turn_rate = turned(
        [Pulses(touch, touch + 0.035, touch + 0.09, inwards), Pulses(off - 0.12, off - 0.04, off + 0.04, -inwards)], t_s
    )
    return Turning(
        pitch=_SETTLED_RAD - forward + sway,
        pitch_rate=-rate + sway_rate,
        roll=s.side * 0.5 * turn,
        roll_rate=s.side * 0.5 * turn_rate,
        yaw=-s.side * (turn - person.toe_out_rad),
        yaw_rate=-s.side * turn_rate,
    )


def foot_motion(course: Course, person: Person, s: Strides, t_s: FloatArray) -> tuple[Turning, FloatArray]:
    """Return how the foot turns, and (n, 3) m of a sensor on it."""
    turning = foot_turning(person, s, t_s)
    path = metatarsal_path_m(course, person, s, t_s, turning.pitch, FOOT_RING)
    return turning, path + turning.axes() @ _from_metatarsals(person, person.foot_sensor_m, s.side)


def shank_motion(course: Course, person: Person, s: Strides, t_s: FloatArray) -> tuple[Turning, FloatArray]:
    """Return how the shank turns, and (n, 3) m of a sensor on it."""
    foot, shank = foot_turning(person, s, t_s), shank_turning(person, s, t_s)
    path = metatarsal_path_m(course, person, s, t_s, foot.pitch, SHANK_RING)
    ankle = path + foot.axes() @ _from_metatarsals(person, person.ankle_m, s.side)
    forward, left, up = person.shank_sensor_m
    return shank, ankle + shank.axes() @ np.array([forward, s.side * left, up])


def _from_metatarsals(person: Person, place_m: tuple[float, float, float], side: int) -> FloatArray:
    return np.array([place_m[0] - person.foot_length_m, side * place_m[1], place_m[2]])
