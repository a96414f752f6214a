"""How a simulated shank turns, and where sensors on foot and shank are.

The shank lands leaning back (top behind the ankle), turns forward over the foot, fastest around toe-off, folds on in
early swing and swings forward. Its ankle follows from the foot. Every number is ours, as in ``foot_motion``.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.simulation.foot_motion import FOOT_RING, SHANK_RING, ankle_path_m, foot_turning
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
    held = np.minimum(off - touch, 0.7)
    peak = off + person.shank_lag_s
    rise = np.minimum(np.where(runs, 0.8, 0.55) * held, peak - touch - 0.02)
    height = np.where(runs, 230 + 65 * speed, 90 + 70 * speed) * DEGREE_RAD * s.strength[:-1]
    push = Pulses.of_height(peak - rise, peak, peak + 0.2 * swing, height)
    rolled = np.where(runs, 3.0, 14.0) * DEGREE_RAD
    roll = Pulses(off - 0.9 * held, off - 0.6 * held, off - 0.15 * held, rolled)
    folds = np.where(runs, 5.5 * speed, 5.0) * DEGREE_RAD * s.strength[:-1]
    fold = Pulses(lift + 0.1 * swing, lift + 0.25 * swing, lift + 0.42 * swing, folds)
    settle_rad = np.where(s.runs[1:], 13.0, 10.0) * DEGREE_RAD
    settle = Pulses(landing - 0.025, landing + 0.02, landing + 0.09, settle_rad)
    total = push.area_rad + roll.area_rad + fold.area_rad + settle.area_rad
    forward = Pulses(lift + 0.24 * swing, lift + 0.62 * swing, lift + 0.96 * swing, -total)
    return [push, roll, fold, settle, forward]


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


def foot_motion(person: Person, s: Strides, t_s: FloatArray) -> tuple[Turning, FloatArray]:
    """Return how the foot turns, and (n, 3) m of a sensor on it."""
    foot = foot_turning(person, s, t_s)
    ankle = ankle_path_m(person, s, t_s, foot, FOOT_RING)
    place = np.array(person.foot_sensor_m) - np.array(person.ankle_m)
    return foot, ankle + foot.axes() @ (place * np.array([1.0, s.side, 1.0]))


def shank_motion(person: Person, s: Strides, t_s: FloatArray) -> tuple[Turning, FloatArray]:
    """Return how the shank turns, and (n, 3) m of a sensor on it."""
    shank = shank_turning(person, s, t_s)
    ankle = ankle_path_m(person, s, t_s, foot_turning(person, s, t_s), SHANK_RING)
    return shank, ankle + shank.axes() @ (np.array(person.shank_sensor_m) * np.array([1.0, s.side, 1.0]))
