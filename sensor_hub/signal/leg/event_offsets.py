"""How far a method's raw events lie from those of a force plate at 20 N: the declared correction, a table.

It comes from simulated people (``simulation/worn``), whose fastest plantarflexion is *assumed* to come 8 ms before
toe-off: with it, a method is right about the simulator. It is no evidence about people, and no ``bias_bound_s`` rests
on it. It stands here, and not in the detectors, so that a force plate can replace it row by row.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray

CENTRE_S: Final = 0.24  # raw contact time at which the constants hold
REACH_S: Final = 0.1  # ours: the slopes are not followed further than this from the centre (walking)


@dataclass(frozen=True, slots=True)
class EventOffsets:
    """What is added to raw events.

    initial_contact_s, toe_off_s : s, at a raw contact time of ``CENTRE_S``.
    initial_contact_slope, toe_off_slope : s per s of raw contact time above it, the proxy of speed every contact has.
    toe_off_interval : of the sample interval: a peak that falls faster than it rises looks early in coarse samples.
    source : where the numbers come from.
    """

    initial_contact_s: float
    initial_contact_slope: float
    toe_off_s: float
    toe_off_slope: float
    toe_off_interval: float
    source: str

    def corrected(
        self, initial_contact_s: FloatArray, toe_off_s: FloatArray, interval_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """(n,), (n,) s at 20 N; where toe-off is unknown, initial contact is corrected as at the centre."""
        above_s = np.minimum(np.maximum(toe_off_s - initial_contact_s - CENTRE_S, -REACH_S), REACH_S)
        known_s = np.where(np.isnan(above_s), 0.0, above_s)
        return (
            initial_contact_s + self.initial_contact_s + self.initial_contact_slope * known_s,
            toe_off_s + self.toe_off_s + self.toe_off_slope * above_s + self.toe_off_interval * interval_s,
        )


_SIMULATED: Final = "150 simulated people, 50 of each foot strike, 2.5 to 5 m/s, 200 Hz; simulation/worn"
FOOT: Final = EventOffsets(0.0010, 0.0175, 0.0085, 0.0266, 0.35, _SIMULATED)
SHANK: Final = EventOffsets(0.0027, 0.0135, 0.0, -0.028, 0.31, _SIMULATED)
