"""``foot-1.0``: contacts of one foot with the sensor on the shoe, in any orientation (see ``events`` for the idea).

Foot pitch at initial contact is what the foot turns from then until it lies flat, so the zero is found anew in every
contact and a gyroscope's offset has no time to add up.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.signal.contacts import Method
from sensor_hub.signal.leg.event_offsets import FOOT
from sensor_hub.signal.leg.events import Columns, Features, Landings, PushOffs
from sensor_hub.signal.leg.parts import first_from, sums, windows
from sensor_hub.signal.leg.stream import LegDetector

METHOD: Final = Method(
    name="foot-1.0",
    mount="foot",
    source="pitch velocity as in Falbriard et al. 2018, doi 10.3389/fphys.2018.00610; landing by the jolt, ours",
    validity="running 2.5-5 m/s, level; walking with less; 50-1,000 Hz, from 100 Hz on recommended; gyroscope needed",
    contact_time_sd_s=0.010,
    bias_bound_s=0.032,
    lowest_rate_hz=38.0,  # simulated, found of all contacts: 96 % and more at 40 Hz, 80 % at 33, 50 % at 26
    evidence=(
        "Falbriard et al. 2018, foot, n = 41, force plate: contact time bias below 12 ± 10 ms, precision below "
        "4 ± 3 ms (rounded up, its features are not quite ours); bound: 12 + 2 x 10 ms. "
        "No force plate has stood beside this method itself"
    ),
)
FEATURES: Final = Features(
    landing_s=0.18, landing_share=0.5, earliest_toe_off_s=0.08, push_share=0.35, push_rad=0.45, slowed=0.1
)
FLAT_RADPS: Final = 1.0  # ours: a foot that lies flat turns no faster
FLAT_S: Final = 0.010  # for this long; a foot that only turns back is past in less
LANDED_S: Final = 0.02  # after initial contact at the earliest
LATEST_FLAT_S: Final = 0.2
LARGEST_PITCH_RAD: Final = 1.0  # ours: no sole lands at more than 60 degrees; the unit is another


class FootDetector(LegDetector):
    """Contacts of one foot."""

    def __init__(self) -> None:
        super().__init__(METHOD, FEATURES, FOOT)

    def _foot_pitch(self, columns: Columns, landed: Landings, pushed: PushOffs, contact_s: FloatArray) -> FloatArray:
        latest = first_from(columns.t_s, contact_s + LATEST_FLAT_S, landed.sample, landed.interval_s)
        return foot_pitch_rad(
            columns, landed, np.where(pushed.sample < 0, latest, np.minimum(latest, pushed.sample)), contact_s
        )


def foot_pitch_rad(columns: Columns, landed: Landings, until: IntArray, contact_s: FloatArray) -> FloatArray:
    """(n,) rad from initial contact to the foot lying flat, toes up positive; NaN where it does not until a sample."""
    t_s, about = columns.t_s, columns.about_radps
    pitch = np.full(len(contact_s), np.nan)
    begin = first_from(t_s, contact_s, landed.sample, landed.interval_s)
    flat_at = _flat(columns, landed, until, contact_s)
    known = ((flat_at > begin) & (begin > 0)).nonzero()[0]
    if not len(known):
        return pitch
    contact_s, begin, flat_at = contact_s[known], begin[known], flat_at[known]
    first, last = about[begin], about[flat_at]
    mean = (sums(about, begin, flat_at) + (last - first) / 2) / (flat_at - begin)  # by the trapezoidal rule
    found = -mean * (t_s[flat_at] - t_s[begin]) - first * (t_s[begin] - contact_s)
    pitch[known] = np.where(np.abs(found) <= LARGEST_PITCH_RAD, found, np.nan)
    return pitch


def _flat(columns: Columns, landed: Landings, until: IntArray, contact_s: FloatArray) -> IntArray:
    """(n,) the first sample of each contact at which the foot lies flat, -1 where it does not."""
    begin = first_from(columns.t_s, contact_s + LANDED_S, landed.sample, landed.interval_s)
    ahead = np.ceil(FLAT_S / np.maximum(landed.interval_s, 1e-3)).astype(np.int64)
    length = until - begin - ahead
    width, furthest = int(length.max(initial=0)), int(ahead.max(initial=0))
    if width <= 0:
        return np.full(len(contact_s), -1)
    is_slow = np.abs(windows(columns.about_radps, begin, width + furthest)) < FLAT_RADPS
    is_flat = is_slow[:, :width] & is_slow[:, furthest:]
    for sooner in {*ahead.tolist()} - {furthest}:
        rows = ahead == sooner
        is_flat[rows] = is_slow[rows, :width] & is_slow[rows, sooner : sooner + width]
    flat = is_flat.argmax(axis=1)
    return np.where(is_flat[np.arange(len(flat)), flat] & (flat < length), begin + flat, -1)
