"""Vertical ground reaction force of a running step from its timing.

Steady running gains no vertical momentum over a step, so the vertical impulse of a step is body weight times step
time, on the level and on a slope: an identity (within 2 % on 16 treadmill trials, 3 % short at 10 degrees where a
belt measures the force normal to itself). The mean force over contact is therefore step time / contact time, in body
weights, and the peak is k times that. k is refitted at 20 N: it falls with speed, and does not vary with duty factor
once speed is known.

Sources: Morin et al. 2005, J Appl Biomech 21(2):167-180 (the identity; a half sine would be k = 1.571); k from 44
runner-by-speed means of 19 runners at 3.8-5.4 m/s (Alcantara et al., open sacral data set, peaks brought to the
identity) and the four level trials of one runner at 2.5-4.17 m/s on a treadmill.
Validity: steady running, 2.5-5.6 m/s. The first (impact) peak and the loading rate are not modelled: from an IMU
neither is usable (Kiernan et al. 2023, 27 methods, n = 74).
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray

# k = 1.688 at 3.8 m/s, 0.043 less a m/s; where speed is unknown contact time stands for it.
PEAK_FACTOR: Final = 1.688
PEAK_FACTOR_PER_MPS: Final = -0.0430
PEAK_FACTOR_SPEED_MPS: Final = 3.8
PEAK_FACTOR_OF_CONTACT: Final = 1.695
PEAK_FACTOR_PER_S: Final = 1.17
PEAK_FACTOR_CONTACT_S: Final = 0.22
SLOWEST_FITTED_MPS: Final = 2.5
FASTEST_FITTED_MPS: Final = 5.6
SHORTEST_FITTED_S: Final = 0.15
LONGEST_FITTED_S: Final = 0.29

# One standard deviation of the peak beside a force plate with the plate's own contact time, as a fraction.
PEAK_SD: Final = 0.034  # 19 runners left out in turn
PEAK_SD_SLOW: Final = 0.055  # below 3.3 m/s: one level trial of one runner, k 8 % above the line's middle (ours)
PEAK_SD_SLOPE: Final = 0.06  # beyond 3 %: 12 trials of one runner, k from 1.57 to 1.82
SLOW_MPS: Final = 3.3
SLOW_CONTACT_S: Final = 0.232  # the population's contact time at 3.3 m/s
STEEP: Final = 0.03

SHAPE_EXPONENT: Final = 1.19  # sin^p has its peak 1.66 times above its mean, as the 44 means have on average


def mean_force_bw(step_time_s: FloatArray, contact_time_s: FloatArray) -> FloatArray:
    """(n,) mean vertical force over contact, body weights: the identity."""
    mean_bw: FloatArray = step_time_s / contact_time_s
    return mean_bw


def peak_factor(speed_mps: FloatArray, contact_time_s: FloatArray) -> FloatArray:
    """(n,) peak over mean force of a contact; by speed, m/s, and where that is NaN by contact time, s."""
    unknown = np.isnan(speed_mps)
    if unknown.all():
        return _factor_of_contact(contact_time_s)
    fitted_mps = np.minimum(np.maximum(speed_mps, SLOWEST_FITTED_MPS), FASTEST_FITTED_MPS)
    by_speed: FloatArray = PEAK_FACTOR + PEAK_FACTOR_PER_MPS * (fitted_mps - PEAK_FACTOR_SPEED_MPS)
    return np.where(unknown, _factor_of_contact(contact_time_s), by_speed) if unknown.any() else by_speed


def _factor_of_contact(contact_time_s: FloatArray) -> FloatArray:
    fitted_s = np.minimum(np.maximum(contact_time_s, SHORTEST_FITTED_S), LONGEST_FITTED_S)
    factor: FloatArray = PEAK_FACTOR_OF_CONTACT + PEAK_FACTOR_PER_S * (fitted_s - PEAK_FACTOR_CONTACT_S)
    return factor


def peak_sd(speed_mps: FloatArray, contact_time_s: FloatArray, grade: FloatArray) -> FloatArray:
    """(n,) one standard deviation of the peak factor, as a fraction of it; wider slow and on slopes."""
    slow = (speed_mps < SLOW_MPS) | (np.isnan(speed_mps) & (contact_time_s > SLOW_CONTACT_S))
    sd: FloatArray = np.where(slow, PEAK_SD_SLOW, PEAK_SD)
    return np.where(np.abs(grade) > STEEP, PEAK_SD_SLOPE, sd)


def force_shape(phase: FloatArray) -> FloatArray:
    """(n,) vertical force over its mean, at these parts of contact (0 to 1): sin^p, whose mean is 1.

    It conserves the impulse whatever the peak; where k is not 1.66 its own peak is that much off.
    """
    mean = 0.602366  # of sin(pi u)^1.19 over 0 to 1
    shape: FloatArray = np.sin(np.pi * np.clip(phase, 0.0, 1.0)) ** SHAPE_EXPONENT / mean
    return shape
