"""Steps of one IMU as rows of a table, with their forces."""

from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.gait import ORIGIN_DTYPE, StepTable
from sensor_hub.session.timeline import DatedSteps, Rows
from sensor_hub.signal.steps import RUN

# A fifth of a contact: a force peak from a time as uncertain as that would say nothing, so it is unknown (ours).
MOST_CONTACT_SD_S: Final = 0.045


def step_rows(dated: DatedSteps, model: AchillesModel) -> Rows:
    """Return one row a step."""
    steps, n = dated.steps, len(dated)
    sure_s = np.where(steps.contact_time_sd <= MOST_CONTACT_SD_S, steps.contact_time_s, np.nan)
    forces = model.step_loads(steps.step_time_s, sure_s, np.full(n, np.nan))
    table = StepTable(
        time_utc_us=dated.time_us,
        side=np.full(n, dated.side, dtype="<U1"),
        n_steps=np.full(n, dated.n_steps),
        step_time_s=steps.step_time_s,
        contact_time_s=steps.contact_time_s,
        contact_time_sd=steps.contact_time_sd,
        flight_time_s=steps.flight_time_s,
        vgrf_peak_bw=forces.vgrf_peak_bw,
        vgrf_impulse_bw_s=forces.vgrf_impulse_bw_s,
        achilles_peak_bw=forces.achilles_peak_bw,
        achilles_impulse_bw_s=forces.achilles_impulse_bw_s,
        speed_mps=dated.speed_mps,
        quality=steps.contacts.quality,
        foot_pitch_rad=steps.contacts.foot_pitch_rad,
        step_time_origin=np.where(steps.is_measured, "measured", "estimated").astype(ORIGIN_DTYPE),
    )
    return Rows(table, steps.gait == RUN, steps.is_too_fast)
