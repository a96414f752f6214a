"""``foot-1.0``: contacts of one foot with the sensor on the shoe, in any orientation (see ``leg`` for the idea).

Foot pitch at initial contact is what the foot turns from then until it lies flat, so the zero is found anew in every
contact and a gyroscope's offset has no time to add up.
"""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.signal.contacts import Method
from sensor_hub.signal.event_offsets import FOOT
from sensor_hub.signal.leg import Columns, Features, Landings, PushOffs
from sensor_hub.signal.leg_stream import LegDetector
from sensor_hub.signal.swings import ranges

METHOD: Final = Method(
    name="foot-1.0",
    mount="foot",
    source="pitch velocity as in Falbriard et al. 2018, doi 10.3389/fphys.2018.00610; landing by the jolt, ours",
    validity="running 2.5-5 m/s, level; walking with less; 50-1,000 Hz, from 100 Hz on recommended; gyroscope needed",
    contact_time_sd_s=0.010,
    bias_bound_s=0.022,
    evidence=(
        "Falbriard et al. 2018, foot, n = 41, force plate: contact time bias below 12 ± 10 ms, precision below "
        "4 ± 3 ms (rounded up, its features are not quite ours). No force plate has stood beside this method itself"
    ),
)
FEATURES: Final = Features(
    landing_s=0.18, landing_share=0.5, earliest_toe_off_s=0.08, push_share=0.35, push_rad=0.45, slowed=0.1
)
FLAT_RADPS: Final = 1.0  # ours: a foot that lies flat turns no faster
FLAT_S: Final = 0.010  # for this long; a foot that only turns back is past in less
LANDED_S: Final = 0.02  # after initial contact at the earliest
LATEST_FLAT_S: Final = 0.2


class FootDetector(LegDetector):
    """Contacts of one foot."""

    def __init__(self) -> None:
        super().__init__(METHOD, FEATURES, FOOT)

    def _foot_pitch(self, columns: Columns, landed: Landings, pushed: PushOffs, contact_s: FloatArray) -> FloatArray:
        latest = np.searchsorted(columns.t_s, contact_s + LATEST_FLAT_S)
        return foot_pitch_rad(
            columns, landed, np.where(pushed.sample < 0, latest, np.minimum(latest, pushed.sample)), contact_s
        )


def foot_pitch_rad(columns: Columns, landed: Landings, until: IntArray, contact_s: FloatArray) -> FloatArray:
    """(n,) rad from initial contact to the foot lying flat, toes up positive; NaN where it does not until a sample."""
    t_s, about = columns.t_s, columns.about_radps
    pitch = np.full(len(contact_s), np.nan)
    begin, flat_at = np.searchsorted(t_s, contact_s), _flat(columns, landed, until, contact_s)
    some = np.flatnonzero((flat_at >= begin) & (begin > 0))
    if not len(some):
        return pitch
    begin, length = begin[some], flat_at[some] - begin[some] + 1
    row, starts = ranges(begin, length)
    since_s = np.maximum(t_s[row - 1], np.repeat(contact_s[some], length))
    pitch[some] = -np.add.reduceat((about[row] + about[row - 1]) / 2 * (t_s[row] - since_s), starts)
    return pitch


def _flat(columns: Columns, landed: Landings, until: IntArray, contact_s: FloatArray) -> IntArray:
    """(n,) the first sample of each contact at which the foot lies flat, -1 where it does not."""
    t_s, about = columns.t_s, columns.about_radps
    begin = np.searchsorted(t_s, contact_s + LANDED_S)
    ahead = np.ceil(FLAT_S / np.maximum(landed.interval_s, 1e-3)).astype(np.int64)
    length = until - begin - ahead
    flat_at = np.full(len(contact_s), -1)
    some = np.flatnonzero(length > 0)
    if not len(some):
        return flat_at
    row, starts = ranges(begin[some], length[some])
    later = row + np.repeat(ahead[some], length[some])
    at = np.flatnonzero((np.abs(about[row]) < FLAT_RADPS) & (np.abs(about[later]) < FLAT_RADPS))
    first = np.searchsorted(at, starts)
    found = np.concatenate([at, [len(row)]])[first]
    is_found = found < starts + length[some]
    flat_at[some[is_found]] = row[found[is_found]]
    return flat_at
