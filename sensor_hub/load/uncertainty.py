"""How sure a load is, in closed form: from the contact time and the priors to a step, a session and a limit.

Two kinds are kept apart. The *absolute* band (±40 %: the tendon's lever, 4 to 6 cm, and the ball of the foot) belongs to
every force, is the same on every run of a person, and so cancels when a run is held against their own. The *comparison*
band is what remains: it is what ``..._sd`` means of anything Achilles, and what the guidelines use.

Of the comparison, part is a step's own (its contact time's SD, averaging out over a session) and part is common to a
session and does not: how the sensor sat that day, a slope nobody told, the model itself. Errors are taken as
independent and small against the value, so they add in squares; ``tests/load`` holds that against draws.
"""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.gait import Tier

ABSOLUTE_BAND: Final = 0.40  # of a force, either way: tendon lever 4-6 cm (±20 %), foot and centre of pressure (ours)

# One standard deviation of a contact time where the source does not say it: natural step-to-step spread is 4-10 ms.
UNSAID_CONTACT_SD_S: Final = 0.010
# Of one predicted from speed and cadence: 19 runners left out in turn, 9 ms; their threshold unknown.
PREDICTED_CONTACT_SD_S: Final = 0.010
# Makers' contact times differ by up to 50 ms between devices, so beside a force plate half of that is one SD (ours).
MAKER_CONTACT_SD_S: Final = 0.025
# With neither contact time nor speed the mean force of contact is the population's: its SD over 2.5-5 m/s, as a fraction.
UNKNOWN_MEAN_FORCE_SD: Final = 0.10

# Common to a session, one standard deviation; all ours: what taking a sensor off and on adds has not been measured.
DAY_CONTACT_SD_S: Final[dict[Tier, float]] = {"imu": 0.005, "contact": 0.003, "speed": 0.003}
DAY_MODEL_SD: Final = 0.02
UNTOLD_GRADE_SD: Final = 0.02  # of the load of a session whose slopes nobody told: a loop has as much down as up


@dataclass(frozen=True, slots=True)
class SessionSpread:
    """Sums over a session that its spread needs, all a leg: in BW·s, and by contact time in BW.

    load : Achilles impulse. own : root of the sum of the squares of the steps' own spreads. by_contact_bw : change of the
    load with a second of contact time. untold : load of the steps whose slope is unknown.
    """

    load_bw_s: float
    own_bw_s: float
    by_contact_bw: float
    untold_bw_s: float

    def load_sd(self, tier: Tier) -> float:
        """One standard deviation of the load in a comparison with the same runner's sessions, BW·s."""
        day = DAY_CONTACT_SD_S[tier] * self.by_contact_bw
        parts = (self.own_bw_s, day, DAY_MODEL_SD * self.load_bw_s, UNTOLD_GRADE_SD * self.untold_bw_s)
        return float(sum(part * part for part in parts) ** 0.5)
