"""Which part of the foot meets the ground first: the classes, and the pitches at initial contact that part them.

Source: Altman and Davis, "A kinematic method for footstrike pattern detection in barefoot and shod runners", 2012,
doi 10.1016/j.gaitpost.2011.09.104: the limits are theirs, drawn where the strike index of a force plate changes class.
Validity: level ground; the angle counts from the foot as it stands flat. Near a limit the class says little: use the
pitch.
"""

import math
from typing import Final, Literal, TypeAlias

FootStrike: TypeAlias = Literal["rearfoot", "midfoot", "forefoot"]

STRIKES: Final[tuple[FootStrike, ...]] = ("rearfoot", "midfoot", "forefoot")
REARFOOT_ABOVE_RAD: Final = math.radians(8.0)
FOREFOOT_BELOW_RAD: Final = math.radians(-1.6)
