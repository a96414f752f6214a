"""How a simulated foot turns and moves.

Turning, in the order of a stride: the rotation of landing (a heel strike slaps flat, a forefoot strike lowers the
heel), flat, heel rise with its fastest plantarflexion around toe-off, a second slower one while the knee bends, and the
forward swing, whose size is what brings the foot to the pitch it lands with. Place: while the shoe touches the ground
the heel (toes up) or the metatarsal heads (heel up) rest on it; in between the metatarsal heads follow a polynomial of
the fifth order that meets the ground with the velocity of landing, which the sole takes up as a damped oscillation.
Every number below is ours, chosen to look like published curves; none is fitted.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.strides import Strides
from sensor_hub.simulation.turning import Pulses, Turning, turned
from sensor_hub.units import DEGREE_RAD

_CARRIED_RAD: Final = 4.0 * DEGREE_RAD  # toes up in late swing of those who land on the front of the foot
_LANDING_REARFOOT_MPS: Final = np.array([0.45, 0.0, -0.6])
_LANDING_FOREFOOT_MPS: Final = np.array([0.3, 0.0, -0.4])
FOOT_RING: Final = (45.0, 0.010)  # Hz and decay in s of the sole under a sensor on the foot
SHANK_RING: Final = (24.0, 0.016)


def foot_pulses(person: Person, s: Strides) -> list[Pulses]:
    """Return the plantarflexion of every swing and landing, about -y of the foot (toes down positive)."""
    off, lift, swing = s.toe_off_s[:-1], s.lift_s[:-1], s.swing_s
    contact, strike = s.initial_contact_s[1:], s.strike_rad[1:]
    speed, runs = s.speed_mps[:-1], s.runs[:-1]
    peak = off - s.lead_s[:-1]
    held = off - s.touch_s[:-1]
    rise = np.minimum(np.where(runs, 0.52, 0.42) * np.minimum(held, 0.7), peak - s.touch_s[:-1] - 0.075)
    height = np.where(runs, 300 + 110 * speed, 220 + 100 * speed) * DEGREE_RAD * person.swing_factor
    push = Pulses.of_height(peak - rise, peak, peak + np.minimum(0.05, 0.15 * swing), height)
    fold = Pulses.of_height(
        lift + 0.03 * swing, lift + 0.2 * swing, lift + 0.4 * swing, np.where(runs, 85 * speed, 40.0) * DEGREE_RAD
    )
    heel_first = strike > 3 * DEGREE_RAD
    before = np.where(heel_first, 0.0, _CARRIED_RAD - strike)
    early = Pulses(contact - 0.075, contact - 0.022, contact + 0.004, before)
    lag = s.lag_s[1:]
    slow = np.where(s.runs[1:], 0.0, 0.02)
    slap = Pulses(
        contact - np.where(heel_first, 0.010, 0.002),
        contact + np.where(heel_first, lag + slow, 0.010 + lag),
        contact + np.where(heel_first, lag + 0.030 + 2.5 * slow, lag + 0.045),
        strike,
    )
    share = np.where(heel_first, slap.share_before(contact), 0.0)
    slap = Pulses(slap.start_s, slap.peak_s, slap.end_s, strike / (1 - share))
    total = push.area_rad + fold.area_rad + early.area_rad + slap.area_rad
    forward = Pulses(lift + 0.28 * swing, lift + 0.66 * swing, lift + 0.955 * swing, -total)
    return [push, fold, early, slap, forward]


def foot_turning(person: Person, s: Strides, t_s: FloatArray) -> Turning:
    """Return the angles of the foot to the ground; roll and yaw have the sign of the side."""
    down, down_rate = turned(foot_pulses(person, s), t_s)
    lift, swing, touch = s.lift_s[:-1], s.swing_s, s.touch_s[1:]
    inwards = np.full(len(lift), person.pronation_rad)
    off = s.toe_off_s[:-1]
    roll, roll_rate = turned(
        [Pulses(touch, touch + 0.03, touch + 0.08, inwards), Pulses(off - 0.1, off - 0.03, off + 0.03, -inwards)], t_s
    )
    wide = np.full(len(lift), 6 * DEGREE_RAD)
    yaw, yaw_rate = turned(
        [
            Pulses(lift, lift + 0.2 * swing, lift + 0.45 * swing, wide),
            Pulses(lift + 0.5 * swing, lift + 0.7 * swing, lift + 0.95 * swing, -wide),
        ],
        t_s,
    )
    return Turning(
        pitch=-down,
        pitch_rate=-down_rate,
        roll=s.side * (roll + person.pronation_rad / 2),
        roll_rate=s.side * roll_rate,
        yaw=s.side * (yaw + person.toe_out_rad),
        yaw_rate=s.side * yaw_rate,
    )


def foot_pitch_rad(person: Person, s: Strides, t_s: FloatArray) -> FloatArray:
    """(n,) pitch of the sole to the ground."""
    return -turned(foot_pulses(person, s), t_s)[0]


def metatarsal_path_m(
    course: Course, person: Person, s: Strides, t_s: FloatArray, pitch: FloatArray, ring: tuple[float, float]
) -> FloatArray:
    """(n, 3) m of the metatarsal heads; the ring is the sole's oscillation after landing, Hz and decay s."""
    j = np.clip(np.searchsorted(s.touch_s, t_s, side="right") - 1, 0, None)
    landing = _landing_mps(person, s)
    path = _resting(person, s, j, pitch) + _ringing(t_s - s.touch_s[j], landing[j], ring)
    swings = (t_s > s.lift_s[j]) & (j < len(s.touch_s) - 1)
    if np.any(swings):
        path[swings] = _swinging(person, s, t_s[swings], j[swings], landing)
    return path


def _heading(person: Person, s: Strides) -> FloatArray:
    return np.array([np.cos(s.side * person.toe_out_rad), np.sin(s.side * person.toe_out_rad), 0.0])


def _resting(person: Person, s: Strides, j: IntArray, pitch: FloatArray) -> FloatArray:
    """(n, 3) where the metatarsal heads are while the foot's lowest point is at rest."""
    heading, up = _heading(person, s), np.maximum(pitch, 0.0)
    place = np.column_stack([s.place_m[j], np.full(len(j), 0.05 * s.side), np.zeros(len(j))])
    along = np.cos(up)[:, None] * heading
    along[:, 2] = np.sin(up)
    return place + person.foot_length_m * along


def _landing_mps(person: Person, s: Strides) -> FloatArray:
    """(m, 3) velocity with which the foot meets the ground."""
    heel_first: BoolArray = s.strike_rad > 3 * DEGREE_RAD
    way = np.where(heel_first[:, None], _LANDING_REARFOOT_MPS, _LANDING_FOREFOOT_MPS)
    return way * s.impact[:, None]


def _ringing(since_s: FloatArray, landing_mps: FloatArray, ring: tuple[float, float]) -> FloatArray:
    omega, decay_s = 2 * np.pi * ring[0], ring[1]
    u = np.clip(since_s, 0.0, 40 * decay_s)
    return landing_mps * (np.exp(-u / decay_s) * np.sin(omega * u) / omega)[:, None]


def _swinging(person: Person, s: Strides, t_s: FloatArray, j: IntArray, landing_mps: FloatArray) -> FloatArray:
    pulses, later = foot_pulses(person, s), np.arange(1, len(s.touch_s))
    small = 1e-4
    near = [_resting(person, s, later, -turned(pulses, s.touch_s[1:] + k * small)[0]) for k in range(2)]
    end_velocity = (near[1] - near[0]) / small + landing_mps[1:]
    begin = _resting(person, s, later - 1, -turned(pulses, s.lift_s[:-1])[0])
    duration = s.swing_s[j]
    u = ((t_s - s.lift_s[j]) / duration)[:, None]
    path = begin[j] + (near[0] - begin)[j] * (u**3 * (10 - 15 * u + 6 * u**2))
    path += end_velocity[j] * duration[:, None] * (u**3 * (-4 + 7 * u - 3 * u**2))
    height = np.where(s.runs[j], 0.02 + 0.055 * s.speed_mps[j], 0.03)
    path[:, 2] += height * (64 * u**3 * (1 - u) ** 3)[:, 0]
    path[:, 1] += s.side * 0.02 * (64 * u**3 * (1 - u) ** 3)[:, 0]
    return path
