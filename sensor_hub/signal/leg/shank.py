"""``shank-1.0``: contacts of one leg with the sensor on the shank, in any orientation (see ``events`` for the idea).

The shank turns backwards through the whole contact, fastest about when the toes leave, and slows down gently; so its
toe-off is certain later than a foot's, and differs more between people.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.contacts import Method
from sensor_hub.signal.leg.event_offsets import SHANK
from sensor_hub.signal.leg.events import Columns, Features, Landings, PushOffs
from sensor_hub.signal.leg.stream import LegDetector

METHOD: Final = Method(
    name="shank-1.0",
    mount="shank",
    source="angular velocity of the shank, jolt of landing; ours, after the methods compared in PMC10255839",
    validity="running 2.5-5 m/s, level; walking with less; 50-1,000 Hz, from 200 Hz on recommended; gyroscope needed",
    contact_time_sd_s=0.020,
    bias_bound_s=0.085,
    lowest_rate_hz=38.0,  # simulated, found of all contacts: 96 % and more at 40 Hz, 80 % at 33, 50 % at 26
    evidence=(
        "one real recording, 70 strides at 89 Hz without force plate: contact times scatter by 18 ms altogether. Bias: "
        "the narrowest limits of agreement of shank and sacrum methods in the field, ±85 ms, Kiernan et al. "
        "2023, n = 74. No force plate has stood beside this method itself"
    ),
)
FEATURES: Final = Features(
    landing_s=0.18, landing_share=0.5, earliest_toe_off_s=0.08, push_share=0.2, push_rad=0.3, slowed=0.03
)


class ShankDetector(LegDetector):
    """Contacts of one leg."""

    def __init__(self) -> None:
        super().__init__(METHOD, FEATURES, SHANK)

    def _foot_pitch(self, columns: Columns, landed: Landings, pushed: PushOffs, contact_s: FloatArray) -> FloatArray:
        """(n,) NaN: a shank does not tell."""
        return np.full(len(contact_s), np.nan)
