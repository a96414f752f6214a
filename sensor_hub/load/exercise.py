"""Hops and heel drops: modelled Achilles load of strength and jump training, for a ledger of its own.

A hop lands and leaves on the ball of the foot, so the lever stays what it is there (13 cm over 5 cm) and the identity
of running holds from landing to landing: mean force = hop time / contact time. A slow heel raise or drop moves too
slowly for its acceleration to count: the ball of the foot carries what the leg carries. Check: a forward single-leg
hop is 7.3 BW in Baxter et al. 2021 (n = 8, r = 5 cm); the hop's usual timing (0.42 s
from landing to landing, 0.25 s on the ground) gives 7.3 here. Absolute forces ±40 %; nothing between the two was
checked.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.load.tendon import HOP
from sensor_hub.model.arrays import FloatArray

SHORTEST_HOP_CONTACT_S: Final = 0.10
LONGEST_HOP_CONTACT_S: Final = 0.60


@dataclass(frozen=True, slots=True)
class ExerciseLoads:
    """(n,) each, of one leg: peak in body weights, impulse in BW·s, its part after the peak in BW·s; NaN is unknown."""

    achilles_peak_bw: FloatArray
    achilles_impulse_bw_s: FloatArray
    achilles_push_off_bw_s: FloatArray


def hop_loads(contact_time_s: FloatArray, hop_time_s: FloatArray, *, legs: int = 1) -> ExerciseLoads:
    """Estimate the load of each hop on one leg.

    Parameters
    ----------
    contact_time_s, hop_time_s : (n,)
        Landing to leaving, and landing to the next landing of the same leg or legs, s.
    legs : int
        1 or 2 that land together and share the force.

    Raises
    ------
    ValueError
        If ``legs`` is neither.
    """
    if legs not in {1, 2}:
        raise ValueError(f"a hop is made on one leg or two, not on {legs}")
    usable = (contact_time_s >= SHORTEST_HOP_CONTACT_S) & (contact_time_s <= LONGEST_HOP_CONTACT_S)
    usable &= hop_time_s > contact_time_s
    impulse_bw_s = np.where(usable, HOP.lever * hop_time_s / legs, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        peak_bw = HOP.peak_over_mean * impulse_bw_s / contact_time_s
    return ExerciseLoads(peak_bw, impulse_bw_s, HOP.push_off * impulse_bw_s)


def heel_drop_loads(duration_s: FloatArray, carried_bw: FloatArray) -> ExerciseLoads:
    """Estimate the load of each slow heel raise or drop on one leg.

    Parameters
    ----------
    duration_s : (n,)
        Time under load of a repetition, up and down, s.
    carried_bw : (n,)
        What the leg carries, body weights: 1 on one leg, 0.5 on two, more with added weight.
    """
    known = (duration_s > 0) & (carried_bw >= 0)
    peak_bw = np.where(known, HOP.lever * carried_bw, np.nan)
    impulse_bw_s = peak_bw * duration_s
    return ExerciseLoads(peak_bw, impulse_bw_s, impulse_bw_s / 2)
