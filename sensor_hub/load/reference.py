"""``ref-pop-1``: the gait of a population at a speed, until a runner's own reference is learned.

Step rate 2.184 + 0.2007·v Hz and contact length 0.434 + 0.0998·v m, v in m/s.
Source: regression over 83 treadmill trials of the open data set of Fukuchi et al. 2017 (doi:10.7717/peerj.3298) as
published with a public loader of it; not re-fitted here. Validity: level running, 2.5-4.5 m/s.
"""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.arrays import FloatArray

REFERENCE_ID: Final = "ref-pop-1"
EASY_SPEED_MPS: Final = 2.78  # the flat kilometre an eq-km is measured in
HARD_SPEED_FACTOR: Final = 1.15  # ours: where "fast" begins, relative to easy


@dataclass(frozen=True, slots=True)
class PopulationReference:
    """Step rate and contact time expected at a speed."""

    id: str = REFERENCE_ID

    def step_time_s(self, speed_mps: FloatArray | float) -> FloatArray | float:
        """Initial contact to the other foot's initial contact, s."""
        return 1.0 / (2.184 + 0.2007 * speed_mps)

    def contact_time_s(self, speed_mps: FloatArray | float) -> FloatArray | float:
        """Contact time at a 20 N threshold is not claimed: the source does not state its own."""
        return (0.434 + 0.0998 * speed_mps) / speed_mps


REF_POP_1: Final = PopulationReference()
