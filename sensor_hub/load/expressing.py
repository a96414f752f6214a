"""A stored session's totals in another reference: the same steps and forces, another kilometre and hard line."""

from dataclasses import replace
from typing import Final

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.remodel import totals_after
from sensor_hub.model.gait import StepTable, Tier
from sensor_hub.model.load import Totals

ALIKE: Final = 1e-5  # stored steps have six decimals, sums of them another order; beyond it steps are missing


def expressed(totals: Totals, steps: StepTable, model: AchillesModel, tier: Tier) -> Totals | None:
    """Return a session's totals in the model's reference; None where its stored steps are not the whole of it.

    Everything that does not depend on a reference stays bit for bit. steps : with the forces they were stored with.
    """
    load_bw_s, load_eq_km, sd = totals.load_bw_s, totals.load_eq_km, totals.load_eq_km_sd
    if not len(steps) or load_bw_s is None:
        return None
    summed = totals_after(steps, totals, model, tier)
    if summed.load_bw_s is None or abs(summed.load_bw_s - load_bw_s) > ALIKE * max(load_bw_s, 1.0):
        return None
    in_eq_km = load_bw_s / model.eq_km_bw_s
    return replace(
        totals,
        load_eq_km=in_eq_km,
        load_eq_km_sd=sd * in_eq_km / load_eq_km if sd is not None and load_eq_km else summed.load_eq_km_sd,
        hard_load_bw_s=summed.hard_load_bw_s,
        hard_load_sd=summed.hard_load_sd,
        load_m4_eq_km=summed.load_m4_eq_km,
        load_m9_eq_km=summed.load_m9_eq_km,
    )
