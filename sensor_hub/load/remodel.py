"""Steps that were stored, with the forces and totals of another model or reference.

What a step was measured to be (times, speed, slope, angle) is stored beside its forces, so a newer model needs no
recording for everything but a better detector.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from sensor_hub.load.achilles import LONGEST_CONTACT_S, AchillesModel, StepInputs
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.model.arrays import FloatArray, TextArray
from sensor_hub.model.gait import GAIT_DTYPE, StepTable, Tier
from sensor_hub.model.load import Totals

# A fifth of a contact: a force peak from a time as uncertain as that would say nothing, so it is unknown (ours).
MOST_CONTACT_SD_S: Final = 0.045
OF_NO_USE_S: Final = 0.0  # said of an unsure or unseen contact: the model predicts none from speed instead
PREDICTING: Final[Tier] = "speed"  # rows of one session rest on one kind of evidence
SLOWEST_RUN_STEP_S: Final = 0.5
SLOWEST_WALK_STEP_S: Final = 1.0


def sure_contact_time_s(contact_time_s: FloatArray, contact_time_sd: FloatArray) -> FloatArray:
    """(n,) s of contacts that were measured by an IMU, for the model: ``OF_NO_USE_S`` where unknown or too unsure."""
    sure_s: FloatArray = np.where(contact_time_sd <= MOST_CONTACT_SD_S, contact_time_s, OF_NO_USE_S)
    return sure_s


def told_contact_time_s(contact_time_s: FloatArray, tier: Tier) -> FloatArray:
    """(n,) s of contacts that records told, for the model: one that should have been told and was not is none."""
    if tier == PREDICTING:
        return contact_time_s
    told_s: FloatArray = np.where(np.isnan(contact_time_s), OF_NO_USE_S, contact_time_s)
    return told_s


def gait_of(steps: StepTable) -> TextArray:
    """(n,) gait of each row; of a row from before it was stored by the step time, and without one by the contact.

    Such a row has no push-off part either. Beside it there may be rows that are newer already, where a store was
    stopped while it took them one after another.
    """
    older = (steps.gait == "") & np.isnan(steps.achilles_push_off_bw_s)
    if not (older & ~np.isnan(steps.step_time_s)).any():
        return steps.gait
    gait = steps.gait.astype(GAIT_DTYPE)
    gait[older & (steps.step_time_s <= SLOWEST_WALK_STEP_S)] = "walk"
    gait[older & (steps.step_time_s <= SLOWEST_RUN_STEP_S)] = "run"
    last = older & np.isnan(steps.step_time_s) & (steps.contact_time_s <= LONGEST_CONTACT_S)
    gait[last] = "run"  # the last of a stretch
    return gait


def remodelled(steps: StepTable, model: AchillesModel, tier: Tier) -> StepTable:
    """Return the same steps with the forces this model gives them."""
    gait = gait_of(steps)
    contact_time_s = steps.contact_time_s
    if tier == "imu":
        contact_time_s = sure_contact_time_s(contact_time_s, steps.contact_time_sd)
    else:
        contact_time_s = told_contact_time_s(contact_time_s, tier)
    forces = model.step_loads(
        StepInputs(
            step_time_s=steps.step_time_s,
            contact_time_s=contact_time_s,
            contact_time_sd=steps.contact_time_sd,
            speed_mps=steps.speed_mps,
            grade=steps.grade,
            foot_pitch_rad=steps.foot_pitch_rad,
            is_walk=gait == "walk",
        )
    )
    return replace(steps, gait=gait, **{name: getattr(forces, name) for name in type(forces).__slots__})


def totals_after(steps: StepTable, before: Totals, model: AchillesModel, tier: Tier) -> Totals:
    """Return a session's totals from its remodelled steps; times, distance and coverage are those of ``before``.

    Raises
    ------
    ValueError
        If there are no steps: a session that was logged by hand has nothing to add up.
    """
    if not len(steps):
        raise ValueError("a session without steps has no load to add up")
    sums = SessionTotals(model, tier)
    sums.add(steps, steps.gait == "run")
    sums.recorded_s = before.duration_s * (before.coverage or 0.0)
    sums.unknown_s = before.duration_s - sums.recorded_s
    sums.distance_m, sums.contact_time_bias_s = before.distance_m, before.contact_time_bias_s
    after = sums.totals()
    return replace(after, duration_s=before.duration_s, coverage=before.coverage)
