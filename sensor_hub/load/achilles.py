"""``achilles-0.1``: the first push-off load model. Provisional: it carries the pipeline until a validated one does.

Three lines. (1) Steady running gains no vertical momentum over a step, so the vertical impulse of a step is body
weight times step time: an identity. (2) The peak is k times the mean force over contact, k = 1.66 (refit on 87
runner-by-speed means at 3.8-5.4 m/s, after the impulse is forced to the identity; 3.4 % mean error there).
(3) The Achilles force is a constant lever, 2.0 times the vertical force: a round number of the right order, so nothing
it gives may be read as newtons, only compared with the same runner's own past (absolute band ±40 %).

With a constant lever the impulse of a step is a stopwatch: contact time cancels. The sensor's own worth is in the peak.
Sources: Morin et al. 2005, J Appl Biomech 21(2):167-180 (impulse); Alcantara et al., open sacral data set (k).
Validity: level, steady running; not walking, not slopes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.load.reference import EASY_SPEED_MPS, HARD_SPEED_FACTOR, REF_POP_1, PopulationReference
from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import M_PER_KM

PEAK_FACTOR: Final = 1.66
ACHILLES_LEVER: Final = 2.0
SESSION_LOAD_SD_FRACTION: Final = 0.03  # ours, provisional: within-runner day-to-day spread the alerts assume
SHORTEST_CONTACT_S: Final = 0.10
LONGEST_CONTACT_S: Final = 0.45


@dataclass(frozen=True, slots=True)
class StepLoads:
    """Force columns of the same length as the steps they belong to; NaN where unknown."""

    vgrf_peak_bw: FloatArray
    vgrf_impulse_bw_s: FloatArray
    achilles_peak_bw: FloatArray
    achilles_impulse_bw_s: FloatArray


@dataclass(frozen=True, slots=True)
class AchillesModel:
    """The model as the session sees it; a later one keeps this shape."""

    version: str = "achilles-0.1"
    provisional: bool = True
    reference: PopulationReference = REF_POP_1

    def step_loads(self, step_time_s: FloatArray, contact_time_s: FloatArray, speed_mps: FloatArray) -> StepLoads:
        """Estimate the forces of each step.

        Parameters
        ----------
        step_time_s, contact_time_s, speed_mps : (n,)
            NaN is unknown. Where contact time is unknown and speed is known (tier ``speed``), the reference's contact
            time at that speed is used inside the model and reported nowhere.

        Returns
        -------
        StepLoads
            Peak in body weights, impulse in BW·s; the impulse needs the step time only.
        """
        usable = (contact_time_s >= SHORTEST_CONTACT_S) & (contact_time_s <= LONGEST_CONTACT_S)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            predicted_s = np.where(speed_mps > 0, self.reference.contact_time_s(speed_mps), np.nan)
            contact_s = np.where(usable, contact_time_s, np.where(np.isnan(contact_time_s), predicted_s, np.nan))
            vgrf_peak_bw = PEAK_FACTOR * step_time_s / contact_s
        return StepLoads(
            vgrf_peak_bw=vgrf_peak_bw,
            vgrf_impulse_bw_s=step_time_s.copy(),
            achilles_peak_bw=ACHILLES_LEVER * vgrf_peak_bw,
            achilles_impulse_bw_s=ACHILLES_LEVER * step_time_s,
        )

    @property
    def eq_km_bw_s(self) -> float:
        """Achilles impulse of one leg over one flat kilometre of the reference at 2.78 m/s, BW·s."""
        steps_a_leg = M_PER_KM / EASY_SPEED_MPS / float(self.reference.step_time_s(EASY_SPEED_MPS)) / 2
        return steps_a_leg * ACHILLES_LEVER * float(self.reference.step_time_s(EASY_SPEED_MPS))

    @property
    def hard_line_bw(self) -> float:
        """Achilles peak above which a step is hard, population: the reference running 15 % faster than easy."""
        speed = HARD_SPEED_FACTOR * EASY_SPEED_MPS
        step_s, contact_s = float(self.reference.step_time_s(speed)), float(self.reference.contact_time_s(speed))
        return ACHILLES_LEVER * PEAK_FACTOR * step_s / contact_s


ACHILLES_0_1: Final = AchillesModel()
