"""What a step looks like at the sacrum → contact time and its middle, at a treadmill force of 20 N.

Time above one body weight hardly changes with speed, so it does not tell contact time. What does: step time, how peaked
the vertical acceleration is (a short contact must carry the same impulse), and the surge fore and aft, which grows with
speed. Contact time is a product of powers of the three. The numbers were fitted by least squares on the means of 16
trials of one runner (Alcantara et al. 2022, DOI 10.7717/peerj.12752: 2.5-4.17 m/s, slopes to ±10 degrees, 199 steps);
``tests/validation/sacral.py`` fits and judges them again.

A pelvis that looks unlike that runner's is not told by these numbers: the less alike it is, the more its loaded time
counts instead, plus what force lasted longer than that on the trials.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.sacrum.step_shape import Stances

# Constant, then one for the logarithm of step time in s, peakedness and surge in body weights.
LOG_CONTACT_TIME: Final = np.array([0.06987738, 0.82608598, -1.28497827, -0.11525706])
# Middle of the contact after the middle of the stance as seen, s.
MIDDLE_S: Final = np.array([0.04668767, 0.04288189, 0.03591319, -0.00427955])
# Of the single steps fitted on; beyond them nothing was seen, so nothing is extrapolated.
LEAST: Final = np.array([0.269, 1.58, 0.102])
MOST: Final = np.array([0.382, 2.05, 0.688])
CARRIED: Final = (1.136, 1.367)
TYPICAL: Final = np.array([0.318, 1.745, 0.257])  # medians of the steps
STEP_SD_S: Final = 0.012  # of 199 steps around force, each trial left out in turn
# Chosen on the trials and on simulated people other than those of the report: on real people neither was tried.
TRUST_LOST: Final = 4.0  # a feature a quarter of itself outside takes away all (ours)
UNLIKE_LOST: Final = 12.0  # how far the pelvis moves tells another person best: a twelfth outside takes away all (ours)
LOADED_SHORTER_S: Final = 0.0539  # mean of the trials
LOADED_SD_S: Final = 0.05  # 18 ms between the trials of one runner, 43 off on a simulated pelvis: ours, rounded up


def features_of(stances: Stances) -> FloatArray:
    """(3, n) step time, peakedness, surge."""
    return np.stack([stances.step_time_s, stances.peakedness_bw, stances.surge_bw])


def corrected(stances: Stances) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return contact time, how much later its middle is than the loaded time's, SD of contact time, and trust.

    Returns : four times (n,): s, s, s, 0 to 1; NaN where a step is not known, the middle then that of a typical step.
    What lies outside the range fitted counts as the end of the range. What was cut off by that, and a pelvis that moves
    more or less than the runner's, lower the trust, and with it the share of the fit, and widen the SD.
    """
    with np.errstate(divide="ignore"):
        log = np.log(features_of(stances))
        log_carried = np.log(stances.carried_bw)
    inside = np.clip(log, np.log(LEAST)[:, None], np.log(MOST)[:, None])
    unlike = log_carried - np.clip(log_carried, *np.log(CARRIED))
    lost = np.maximum(TRUST_LOST * np.abs(log - inside).max(axis=0), UNLIKE_LOST * np.abs(unlike))
    trust = np.clip(1.0 - lost, 0.0, 1.0)
    loaded_s = stances.fall_s - stances.rise_s + LOADED_SHORTER_S
    contact_s = trust * np.exp(_line(LOG_CONTACT_TIME, inside)) + (1.0 - trust) * loaded_s
    sd_s = np.hypot(STEP_SD_S, (1.0 - trust) * LOADED_SD_S)
    seen = np.where(np.isnan(log), np.log(TYPICAL)[:, None], inside)
    return contact_s, _line(MIDDLE_S, seen), sd_s, trust


def _line(weights: FloatArray, log: FloatArray) -> FloatArray:
    # term by term: a matrix product may sum in another order for another number of columns
    line: FloatArray = weights[0] + weights[1] * log[0] + weights[2] * log[1] + weights[3] * log[2]
    return line
