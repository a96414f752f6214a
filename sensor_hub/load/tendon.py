"""The Achilles tendon's force through stance, and the few numbers of it that a step needs.

The ankle's moment is the vertical force times how far the centre of pressure lies ahead of the ankle; the tendon's
force is that over its own lever:

    F_Achilles(u) = F(u) · max(x(u), 0) / r,  x(u) = ball - (ball - start) · exp(-u / tau),   u = 0 .. 1 through contact

r, the tendon's lever: 5 cm, 4 to 6 cm as prior (Baxter et al. 2021 use 5 cm); it alone moves an absolute force by about
20 % either way. Start: at the heel for a rearfoot strike, further ahead for the others; ball: 13 cm ahead of the ankle.
The start of midfoot and forefoot are *effective*: they are set so that their mean impulse is 11 % above a rearfoot's
(Almonroeder et al. 2013), in the order fore > mid > rear (J Sports Sci Med 2025), and stand for the whole way, not
for the place where a shoe touched. tau = 0.32 sets a rearfoot's peak at 3.33 m/s to 5.1 body weights (moment over a 5
cm lever in the data of Fukuchi et al. 2017: about 5, up to 7). Walking: Alexander and Jayes' two humps
(doi:10.1016/0021-9290(80)90019-6, q = 0.5), centre of pressure moving evenly from heel to toes (16 cm): peak 2.7 body
weights, the mean of the same data.

So absolute forces are fitted to means and are worth ±40 %; what is used is how a step compares with others of its
runner. The curve's shape does not change with speed or grade; they scale the whole of it (``achilles``). That is an
assumption, and it is what makes the rise of the peak with speed agree with Starbuck et al. 2021, to which nothing was
fitted.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.load.vgrf import force_shape
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.foot_strike import FOREFOOT_BELOW_RAD, REARFOOT_ABOVE_RAD

TENDON_LEVER_M: Final = 0.05
BALL_M: Final = 0.13
WALK_TOES_M: Final = 0.16
HEEL_M: Final = -0.05
APPROACH: Final = 0.32
WALK_HUMP: Final = 0.5


@dataclass(frozen=True, slots=True)
class TendonCurve:
    """What a step needs of a curve.

    start_m : effective place of the centre of pressure at initial contact, ahead of the ankle. lever : Achilles impulse
    over vertical impulse. peak_over_mean : of the Achilles force through contact. push_off : part of the impulse after
    the peak.
    """

    start_m: float
    lever: float
    peak_over_mean: float
    push_off: float


# Numbers and not a sum at import, so that they are the same on every machine; a test makes them anew from the curve.
REARFOOT: Final = TendonCurve(-0.05, 1.6771, 1.9179, 0.4907)
MIDFOOT: Final = TendonCurve(-0.025, 1.8009, 1.8608, 0.4876)
FOREFOOT: Final = TendonCurve(0.0, 1.9291, 1.8099, 0.4857)
WALK: Final = TendonCurve(HEEL_M, 1.1854, 2.8665, 0.3514)
HOP: Final = TendonCurve(BALL_M, 2.6000, 1.6601, 0.5000)

# Between the middles of the classes the numbers run on, so that no step jumps when its angle crosses a border.
_MIDDLE_RAD: Final = (FOREFOOT_BELOW_RAD + REARFOOT_ABOVE_RAD) / 2
_WIDTH_RAD: Final = REARFOOT_ABOVE_RAD - FOREFOOT_BELOW_RAD
_PITCH_RAD: Final = np.array([_MIDDLE_RAD - _WIDTH_RAD, _MIDDLE_RAD, _MIDDLE_RAD + _WIDTH_RAD])
_BY_PITCH: Final = (FOREFOOT, MIDFOOT, REARFOOT)
_LEVERS: Final = np.array([c.lever for c in _BY_PITCH])
_PEAKS: Final = np.array([c.peak_over_mean for c in _BY_PITCH])
_PUSH_OFFS: Final = np.array([c.push_off for c in _BY_PITCH])


def curve_numbers(foot_pitch_rad: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(n,) each: lever, peak over mean and push-off part, for a sole's angle at initial contact, toes up positive.

    Where the angle is unknown the strike is taken for a rearfoot's, as most runners' is; of one runner and one sensor
    it stays unknown, so nothing jumps.
    """
    pitch_rad = np.where(np.isnan(foot_pitch_rad), _PITCH_RAD[2], foot_pitch_rad)
    levers = np.interp(pitch_rad, _PITCH_RAD, _LEVERS)
    return levers, np.interp(pitch_rad, _PITCH_RAD, _PEAKS), np.interp(pitch_rad, _PITCH_RAD, _PUSH_OFFS)


def peak_over_mean_of(*, lever_factor: float) -> float:
    """Peak over mean of a foot whose lever is this much of a rearfoot's."""
    factors = _LEVERS[::-1] / REARFOOT.lever
    return float(np.interp(lever_factor, factors, _PEAKS[::-1]))


def lever_m(phase: FloatArray, curve: TendonCurve) -> FloatArray:
    """(n,) m, how far ahead of the ankle the centre of pressure lies, at these parts of contact (0 to 1)."""
    if curve is WALK:
        even: FloatArray = HEEL_M + (WALK_TOES_M - HEEL_M) * phase
        return even
    ahead_m: FloatArray = BALL_M - (BALL_M - curve.start_m) * np.exp(-phase / APPROACH)
    return ahead_m


def walking_shape(phase: FloatArray) -> FloatArray:
    """(n,) vertical force of a walking step over its mean: two humps."""
    turn = np.pi * (phase - 0.5)
    mean = 2.0 / np.pi * (1.0 + WALK_HUMP / 3.0)
    shape: FloatArray = (np.cos(turn) - WALK_HUMP * np.cos(3.0 * turn)) / mean
    return np.maximum(shape, 0.0)


def achilles_curve(phase: FloatArray, curve: TendonCurve) -> FloatArray:
    """(n,) modelled Achilles force over the mean *vertical* force of the contact, at these parts of it (0 to 1)."""
    force = walking_shape(phase) if curve is WALK else force_shape(phase)
    relative: FloatArray = force * np.maximum(lever_m(phase, curve), 0.0) / TENDON_LEVER_M
    return relative
