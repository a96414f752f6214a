"""The gait of a population at a speed (``ref-pop-1``), until a runner's own reference is learned.

Step rate 2.184 + 0.2007·v Hz and contact length 0.434 + 0.0998·v m, v in m/s.
Source: regression over 83 treadmill trials of the open data set of Fukuchi et al. 2017 (doi:10.7717/peerj.3298) as
published with a public loader of it; not re-fitted here. Validity: level running, 2.5-4.5 m/s. Its force threshold is
not stated: beside 44 runner-by-speed means from force plates (3.8-5.4 m/s) its contact times are 4.5 % longer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

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

    def contact_time_at(self, speed_mps: FloatArray, step_time_s: FloatArray) -> FloatArray:
        """(n,) s, contact time expected at a speed of a runner whose steps take this long.

        Longer steps than the population's go with longer contacts, as the root of their ratio: that way the 44 means
        above are met with an SD of 9.3 ms (by speed alone 10.2), 11.3 ms with the bias of the population's line.
        """
        contact_time_s: FloatArray = self.contact_time_s(speed_mps) * np.sqrt(step_time_s / self.step_time_s(speed_mps))
        return contact_time_s


REF_POP_1: Final = PopulationReference()
