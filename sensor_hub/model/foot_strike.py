"""Which part of the foot meets the ground first, from its pitch at initial contact.

Source: Altman and Davis, "A kinematic method for footstrike pattern detection in barefoot and shod runners", 2012,
doi 10.1016/j.gaitpost.2011.09.104: the limits are theirs, drawn where the strike index of a force plate changes class.
Validity: level ground; the angle counts from the foot as it stands flat, and near a limit the class is a coin's toss.
"""

import math
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray, TextArray
from sensor_hub.model.gait import UNKNOWN_TEXT

FootStrike: TypeAlias = Literal["rearfoot", "midfoot", "forefoot"]

STRIKES: Final[tuple[FootStrike, ...]] = ("rearfoot", "midfoot", "forefoot")
REARFOOT_ABOVE_RAD: Final = math.radians(8.0)
FOREFOOT_BELOW_RAD: Final = math.radians(-1.6)


def foot_strike(foot_pitch_rad: FloatArray) -> TextArray:
    """(n,) a ``FootStrike`` for each pitch, rad, toes up positive; ``UNKNOWN_TEXT`` where it is NaN."""
    struck = np.where(foot_pitch_rad > REARFOOT_ABOVE_RAD, "rearfoot", "midfoot")
    struck = np.where(foot_pitch_rad < FOREFOOT_BELOW_RAD, "forefoot", struck)
    return np.where(np.isnan(foot_pitch_rad), UNKNOWN_TEXT, struck)
