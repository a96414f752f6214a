"""Whether a sensor's numbers can be m/s² and rad/s at all, told from strides.

Over whole strides the acceleration of any part of the body comes to nothing, so the specific force has a mean of 1 g
upwards and its size one of 1 g or more, however the part turns. That is mechanics. How much more, and how fast a leg
swings, is known of people only: every other limit is ours, from six simulated people at 0.8-6.5 m/s, whose legs reach
1.3-7.1 g and swing at 330-1,130 degrees a second, and lies well outside. Real ones: one leg at 3.5 g and 680 degrees a
second; sixteen sacral trials of one runner at 1.1-1.35 g, with a vertical that was clipped at 0.

Validity: walking and running. On a leg a scale that is wrong by less than a factor of four need not be seen, nor
anything where so wrong a scale hides the contacts. What is not known is not doubted.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.signal.wearing.strides import Strides
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

FEWEST_STRIDES: Final = 8  # ours, as for a mounting
LEAST_SIZE_G: Final = 0.8
LARGEST_LEG_G: Final = 12.0
LARGEST_SACRUM_G: Final = 8.0
LEAST_SWING_RADPS: Final = 30 * DEGREE_RAD  # a pelvis turns faster
LARGEST_SWING_RADPS: Final = 4000 * DEGREE_RAD
LARGEST_PELVIS_RADPS: Final = 2000 * DEGREE_RAD
LEAST_MEAN_G, LARGEST_MEAN_G = 0.7, 1.5


def units_are_doubtful(mount: Mount, strides: Strides) -> bool:
    """Whether nobody's leg or pelvis moves like this, wherever on either the sensor sits."""
    is_sacrum = mount == "sacrum"
    size_g = _middle(_size(strides.acceleration_mps2).mean(axis=1)) / STANDARD_GRAVITY_MPS2
    peak_radps = _middle(_size(strides.rotation_radps).max(axis=1))
    if size_g < LEAST_SIZE_G or size_g > (LARGEST_SACRUM_G if is_sacrum else LARGEST_LEG_G):
        return True
    if is_sacrum:
        return peak_radps > LARGEST_PELVIS_RADPS
    return peak_radps < LEAST_SWING_RADPS or peak_radps > LARGEST_SWING_RADPS


def mean_is_doubtful(strides: Strides) -> bool:
    """Whether the mean of a sacrum's specific force is not 1 g. A pelvis turns little, so no turn hides the mean."""
    mean_g = _middle(_size(strides.acceleration_mps2.mean(axis=1))) / STANDARD_GRAVITY_MPS2
    return mean_g < LEAST_MEAN_G or mean_g > LARGEST_MEAN_G


def _size(vectors: FloatArray) -> FloatArray:
    size: FloatArray = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return size


def _middle(values: FloatArray) -> float:
    """Median of those that are known; NaN, which no limit doubts, with fewer than ``FEWEST_STRIDES``."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) >= FEWEST_STRIDES else float("nan")
