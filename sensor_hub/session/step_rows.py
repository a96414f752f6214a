"""Steps of one IMU as rows of a table, with their forces."""

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.gait import ORIGIN_DTYPE, Side, StepTable, ValueOrigin
from sensor_hub.session.timeline import Rows
from sensor_hub.signal.steps import RUN, Steps


def step_rows(
    steps: Steps, time_us: IntArray, speed_mps: FloatArray, *, side: Side, n_steps: float, model: AchillesModel
) -> Rows:
    """Return one row a step; ``time_us`` and ``speed_mps`` are (n,), ``n_steps`` what each stands for."""
    # Sensors on each foot give rows of one step too, but each halves a stride of its own foot.
    origin: ValueOrigin = "measured" if side == "U" and n_steps == 1.0 else "estimated"
    forces = model.step_loads(steps.step_time_s, steps.contact_time_s, np.full(len(steps), np.nan))
    table = StepTable(
        time_utc_us=time_us,
        side=np.full(len(steps), side, dtype="<U1"),
        n_steps=np.full(len(steps), n_steps),
        step_time_s=steps.step_time_s,
        contact_time_s=steps.contact_time_s,
        contact_time_sd=steps.contact_time_sd,
        flight_time_s=steps.flight_time_s,
        vgrf_peak_bw=forces.vgrf_peak_bw,
        vgrf_impulse_bw_s=forces.vgrf_impulse_bw_s,
        achilles_peak_bw=forces.achilles_peak_bw,
        achilles_impulse_bw_s=forces.achilles_impulse_bw_s,
        speed_mps=speed_mps,
        quality=steps.contacts.quality,
        foot_pitch_rad=steps.contacts.foot_pitch_rad,
        step_time_origin=np.full(len(steps), origin, dtype=ORIGIN_DTYPE),
    )
    return Rows(table, steps.gait == RUN, steps.is_too_fast)
