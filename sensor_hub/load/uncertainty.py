"""How sure a load is, in closed form: from the contact time and the priors to a step, a session and a limit.

Two kinds are kept apart. The *absolute* band (±40 %: the tendon's lever, 4 to 6 cm, and the ball of the foot) belongs
to every force, is the same on every run of a person, and so cancels when a run is held against their own. The
*comparison* band is what remains: it is what ``..._sd`` means of anything Achilles, and what the guidelines use.

Of the comparison, part is a step's own and averages out over a session (its contact time, its slope, what its timing
does not show), and part is common to a session and does not: how the sensor sat that day, slopes nobody told, the
model itself. Errors are taken as independent and small against the value, so they add in squares; ``tests/load``
holds that against draws. Hard load is not in proportion to an error: a little more force may take every step over the
line. So its spread is that of what it would be, were all peaks of the session higher or lower by what they have in
common (``hard_sd``).

What is called "ours" was held against simulated runners whose tendons obey another law (``simulation.tendon_truth``);
the validation report has the coverage. Nobody has measured it on people.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.load.modifiers import GRADE_PER_RAD, MEAN_FORCE_EXPONENT, PEAK_EXPONENT, STEEPEST_RAD
from sensor_hub.model import comparison
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Tier

ABSOLUTE_BAND: Final = 0.40  # of a force, either way: tendon lever 4-6 cm (±20 %), foot and centre of pressure (ours)

# One standard deviation of a contact time where the source does not say it: natural step-to-step spread is 4-10 ms.
UNSAID_CONTACT_SD_S: Final = 0.010
# Of one predicted from speed and cadence: 19 runners left out in turn, 9.8 ms (rms as shipped 11.3).
PREDICTED_CONTACT_SD_S: Final = 0.010
# Makers' contact times differ by up to 50 ms between devices, so beside a force plate half of that is one SD (ours).
MAKER_CONTACT_SD_S: Final = 0.025
# With neither contact time nor speed the mean force of contact is the population's: its SD over 2.5-5 m/s, as a
# fraction.
UNKNOWN_MEAN_FORCE_SD: Final = 0.10

# Of a step, beside its contact time, one standard deviation, ours: what its timing does not show, as a fraction; and
# its slope, rise over run: told by a watch on the flat, and how much of a told slope is unsure because it is told late.
STEP_MODEL_SD: Final = 0.025
TOLD_SLOPE_SD: Final = 0.007
LATE_SLOPE_SHARE: Final = 0.45
UNTOLD_SLOPE_SD: Final = 0.03
# How much of a slope's effect on a peak is unsure: the tables have impulses only. On simulated feet, whose centre of
# pressure is what moves, a peak rose by 0.56 of what its impulse did.
SLOPE_PEAK_SHARE: Final = 0.5

# Common to a session, one standard deviation; all ours: what taking a sensor off and on adds has not been measured. For
# an IMU 5 ms of it, and 3 ms by which a method's error changes with a runner's gait.
DAY_CONTACT_SD_S: Final[dict[Tier, float]] = comparison.DAY_CONTACT_SD_S
DAY_MODEL_SD: Final = 0.02
UNTOLD_GRADE_SD: Final = 0.02  # of the load of a session whose slopes nobody told: a loop has as much down as up

# A normal distribution in five points (Gauss and Hermite), without its middle: how many SDs away, and the weight.
HARD_AT_SD: Final = (-2.8570, -1.3556, 1.3556, 2.8570)
HARD_WEIGHTS: Final = (0.011257, 0.222076, 0.222076, 0.011257)

# The same as variances of a load, so that a step costs little. A slope's angle is taken for its tangent.
_FLAT_STEP: Final = (GRADE_PER_RAD * TOLD_SLOPE_SD) ** 2 + STEP_MODEL_SD**2
_UNTOLD_STEP: Final = (GRADE_PER_RAD * UNTOLD_SLOPE_SD) ** 2 + STEP_MODEL_SD**2
_LATE: Final = (GRADE_PER_RAD * LATE_SLOPE_SHARE) ** 2
_SLOPE_PEAK: Final = (GRADE_PER_RAD * SLOPE_PEAK_SHARE) ** 2


def step_variances(grade: FloatArray) -> tuple[FloatArray | float, FloatArray | float]:
    """(n,) each, or one number for all: variance of a step's impulse and of its peak, as fractions squared.

    Beside that of their contact time.

    ``grade`` : rise over run, NaN unknown. A peak has, beside its impulse's, the doubt about what a slope does to it.
    """
    unknown = np.isnan(grade)
    if unknown.all():
        return _UNTOLD_STEP, _UNTOLD_STEP + UNTOLD_GRADE_SD**2
    squared = grade * grade
    of_impulse = np.where(unknown, _UNTOLD_STEP, _FLAT_STEP + _LATE * squared)
    of_slope = np.where(unknown, UNTOLD_GRADE_SD**2, _SLOPE_PEAK * np.minimum(squared, STEEPEST_RAD**2))
    return of_impulse, of_impulse + of_slope


def common_peak_sd(contact_time_s: FloatArray, grade: FloatArray, tier: Tier) -> FloatArray:
    """(n,) one standard deviation of what the peaks of a session have in common, as a fraction."""
    with np.errstate(divide="ignore", invalid="ignore"):
        day = PEAK_EXPONENT * DAY_CONTACT_SD_S[tier] / contact_time_s
    of_slope = _SLOPE_PEAK * np.minimum(grade * grade, STEEPEST_RAD**2)
    sd: FloatArray = np.sqrt(day * day + np.where(np.isnan(grade), UNTOLD_GRADE_SD**2, of_slope) + DAY_MODEL_SD**2)
    return sd


def hard_sd(
    hard_bw_s: float, hard_elsewhere_bw_s: tuple[float, ...], relative_load_sd: float, unseen_bw_s: float = 0.0
) -> float:
    """One standard deviation of hard load, BW·s; as sure as the load itself where every step is far above the line.

    ``hard_elsewhere_bw_s`` : what it is with all peaks changed by ``HARD_AT_SD`` standard deviations of what they
    have in common. ``unseen_bw_s`` : load of the steps whose peak nobody knows; all of it may be hard, or nothing. 0
    only where even then no step is hard.
    """
    moved = zip(HARD_WEIGHTS, hard_elsewhere_bw_s, strict=True)
    across = sum(weight * (other_bw_s - hard_bw_s) ** 2 for weight, other_bw_s in moved)
    return float((across + (hard_bw_s * relative_load_sd) ** 2 + unseen_bw_s**2 / 12) ** 0.5)


@dataclass(frozen=True, slots=True)
class SessionSpread:
    """Sums over a session that its spread needs, all a leg: in BW·s, and by contact time in BW.

    load : Achilles impulse. blind : of the steps whose mean force nobody told; the population's is off the same way all
    run long. own : root of the sum of the squares of the steps' own spreads. by_contact_bw : change of
    the load with a second of contact time. untold : load of the steps whose slope is unknown.
    """

    load_bw_s: float
    blind_bw_s: float
    own_bw_s: float
    by_contact_bw: float
    untold_bw_s: float

    def load_sd(self, tier: Tier) -> float:
        """One standard deviation of the load in a comparison with the same runner's sessions, BW·s."""
        day = DAY_CONTACT_SD_S[tier] * self.by_contact_bw
        blind = MEAN_FORCE_EXPONENT * UNKNOWN_MEAN_FORCE_SD * self.blind_bw_s
        parts = (self.own_bw_s, day, blind, DAY_MODEL_SD * self.load_bw_s, UNTOLD_GRADE_SD * self.untold_bw_s)
        return float(sum(part * part for part in parts) ** 0.5)
