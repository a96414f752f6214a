"""How a simulated foot turns and moves.

Turning, in the order of a stride: the rotation of landing (a heel strike slaps flat, a forefoot strike lowers the
heel), flat, heel rise with its fastest plantarflexion around toe-off, a second slower one while the knee bends, and the
forward swing, whose size is what brings the foot to the pitch it lands with. Place: while the shoe touches the ground
the heel (toes up) or the metatarsal heads (heel up) rest on it; in between the ankle follows a polynomial of the fifth
order that meets the ground with the velocity of landing, which the sole takes up as a damped oscillation.
Every number below is ours, chosen to look like published curves; none is fitted.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.strides import Strides
from sensor_hub.simulation.turning import Pulses, Turning, turned
from sensor_hub.units import DEGREE_RAD

RUN_LIFT_M: Final = 0.10  # height added to the ankle's path in mid-swing, and how it grows with speed
RUN_LIFT_S: Final = 0.05
WALK_LIFT_M: Final = 0.06
SIDEWAYS_M: Final = 0.02
_CARRIED_RAD: Final = 4.0 * DEGREE_RAD  # toes up in late swing of those who land on the front of the foot
_LANDING_REARFOOT_MPS: Final = np.array([0.45, 0.0, -0.6])
_LANDING_FOREFOOT_MPS: Final = np.array([0.22, 0.0, -0.3])
FOOT_RING: Final = (45.0, 0.010)  # Hz and decay in s of the sole under a sensor on the foot
SHANK_RING: Final = (24.0, 0.016)


def foot_pulses(person: Person, s: Strides) -> list[Pulses]:
    """Return the plantarflexion of every swing and landing, about -y of the foot (toes down positive)."""
    off, lift, swing = s.toe_off_s[:-1], s.lift_s[:-1], s.swing_s
    contact, strike = s.initial_contact_s[1:], s.strike_rad[1:]
    speed, runs = s.speed_mps[:-1], s.runs[:-1]
    peak = off - s.lead_s[:-1]
    held = off - s.touch_s[:-1]
    share = np.where(runs, 0.52, 0.42) * person.heel_rise_factor
    settled_s = np.where(runs, 0.075, 0.115)
    rise = np.minimum(share * np.minimum(held, 0.7), peak - s.touch_s[:-1] - settled_s)
    height = np.where(runs, 300 + 110 * speed, 220 + 100 * speed) * DEGREE_RAD * s.strength[:-1]
    push = Pulses.of_height(peak - rise, peak, peak + np.minimum(0.05, 0.15 * swing), height)
    fold = Pulses.of_height(
        lift + 0.03 * swing, lift + 0.2 * swing, lift + 0.4 * swing, np.where(runs, 100 * speed, 40.0) * DEGREE_RAD
    )
    heel_first = strike > 3 * DEGREE_RAD
    before = np.where(heel_first, 0.0, _CARRIED_RAD - strike)
    lag = s.lag_s[1:]
    early = Pulses(contact - 0.075, contact - 0.034 + lag, contact + 0.004, before)
    slow = np.where(s.runs[1:], 0.0, 0.02)
    slap = Pulses(
        contact - np.where(heel_first, 0.020, 0.002),
        contact + np.where(heel_first, lag + slow, 0.010 + lag),
        contact + np.where(heel_first, lag + 0.030 + 2.5 * slow, lag + 0.045),
        strike,
    )
    earlier = np.where(heel_first, slap.share_before(contact), 0.0)
    slap = Pulses(slap.start_s, slap.peak_s, slap.end_s, strike / (1 - earlier))
    total = push.area_rad + fold.area_rad + early.area_rad + slap.area_rad
    forward = Pulses(lift + 0.28 * swing, lift + 0.66 * swing, lift + 0.955 * swing, -total)
    return [push, fold, early, slap, forward]


def foot_turning(person: Person, s: Strides, t_s: FloatArray) -> Turning:
    """Return the angles of the foot to the ground; roll and yaw have the sign of the side."""
    down, down_rate = turned(foot_pulses(person, s), t_s)
    lift, swing, touch = s.lift_s[:-1], s.swing_s, s.touch_s[1:]
    inwards, slower = np.full(len(lift), person.pronation_rad), np.where(s.runs[1:], 1.0, 2.0)
    off = s.toe_off_s[:-1]
    roll, roll_rate = turned(
        [
            Pulses(touch, touch + 0.03 * slower, touch + 0.08 * slower, inwards),
            Pulses(off - 0.1, off - 0.03, off + 0.03, -inwards),
        ],
        t_s,
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


def ankle_path_m(
    person: Person, s: Strides, t_s: FloatArray, turning: Turning, ring: tuple[float, float]
) -> FloatArray:
    """(n, 3) m of the ankle of a foot that turns so; the ring is the oscillation after landing, Hz and decay in s."""
    j = np.clip(np.searchsorted(s.touch_s, t_s, side="right") - 1, 0, None)
    landing = _landing_mps(person, s)
    path = _grounded(person, s, j, turning) + _ringing(t_s - s.touch_s[j], landing[j], ring)
    swings = (t_s > s.lift_s[j]) & (j < len(s.touch_s) - 1)
    if np.any(swings):
        path[swings] = _swinging(person, s, t_s[swings], j[swings], landing)
    return path


def _grounded(person: Person, s: Strides, j: IntArray, turning: Turning) -> FloatArray:
    """(n, 3) m of the ankle while the lowest point of the sole is at rest."""
    forward, left, up = person.ankle_m
    of_metatarsals = np.array([forward - person.foot_length_m, s.side * left, up])
    place_m: FloatArray = _resting(person, s, j, turning.pitch) + turning.axes() @ of_metatarsals
    return place_m


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
    """(n, 3) m: from place, velocity and acceleration at lift to place and velocity at the next touch."""
    small_s, later = 1e-4, np.arange(1, len(s.touch_s))

    def near(moment_s: FloatArray, rows: IntArray, k: int) -> FloatArray:
        return _grounded(person, s, rows, foot_turning(person, s, moment_s + k * small_s))

    lifts = [near(s.lift_s[:-1], later - 1, k) for k in (0, -1, -2)]
    lands = [near(s.touch_s[1:], later, k) for k in (0, 1)]
    begin_velocity = (1.5 * lifts[0] - 2 * lifts[1] + 0.5 * lifts[2]) / small_s
    begin_acceleration = (lifts[0] - 2 * lifts[1] + lifts[2]) / small_s**2
    end_velocity = (lands[1] - lands[0]) / small_s + landing_mps[1:]
    duration_s = s.swing_s[j]
    u, whole_s = ((t_s - s.lift_s[j]) / duration_s)[:, None], duration_s[:, None]
    path = lifts[0][j] + (lands[0] - lifts[0])[j] * (u**3 * (10 - 15 * u + 6 * u**2))
    path += begin_velocity[j] * whole_s * (u - 6 * u**3 + 8 * u**4 - 3 * u**5)
    path += begin_acceleration[j] * whole_s**2 * (0.5 * u**2 - 1.5 * u**3 + 1.5 * u**4 - 0.5 * u**5)
    path += end_velocity[j] * whole_s * (u**3 * (-4 + 7 * u - 3 * u**2))
    hump = (64 * u**3 * (1 - u) ** 3)[:, 0]
    path[:, 2] += np.where(s.runs[j], RUN_LIFT_M + RUN_LIFT_S * s.speed_mps[j], WALK_LIFT_M) * hump
    path[:, 1] += s.side * SIDEWAYS_M * hump
    return path
