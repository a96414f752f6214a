"""Sessions of one usual runner, for tests of how sure a load is: steps, and what the model makes of them."""

import math
from dataclasses import replace

import numpy as np

from sensor_hub.load.achilles import ACHILLES_1, AchillesModel, StepInputs, StepLoads
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable, Tier
from sensor_hub.model.load import Totals

STEP_S = 0.35
CONTACT_S = 0.24


def session(
    n: int, *, contact_time_s: FloatArray | float = CONTACT_S, contact_sd_s: float = 0.004, grade: float = 0.0
) -> StepInputs:
    """n strides of one measured foot on one slope."""
    return StepInputs(
        step_time_s=np.full(n, STEP_S),
        contact_time_s=np.broadcast_to(contact_time_s, n).astype(np.float64),
        contact_time_sd=np.full(n, contact_sd_s),
        speed_mps=np.full(n, math.nan),
        grade=np.full(n, grade),
        foot_pitch_rad=np.full(n, math.nan),
        is_walk=np.zeros(n, dtype=bool),
    )


def table_of(steps: StepInputs, loads: StepLoads) -> StepTable:
    """Rows of the steps with these forces; each stands for a stride."""
    n = len(steps.step_time_s)
    columns = {name: np.full(n, math.nan) for name in FLOAT_COLUMNS} | {"n_steps": np.full(n, 2.0)}
    for known in (steps, loads):
        columns |= {name: getattr(known, name) for name in type(known).__slots__ if name in columns}
    return StepTable(
        time_utc_us=np.arange(n, dtype=np.int64),
        side=np.full(n, "L"),
        step_time_origin=np.full(n, "estimated"),
        gait=np.full(n, "run"),
        **columns,
    )


def totals_of(
    steps: StepInputs, tier: Tier = "imu", *, model: AchillesModel = ACHILLES_1, force: FloatArray | float = 1.0
) -> Totals:
    """Totals of a session; ``force``, one or (n,), multiplies what the model says of each step."""
    table = table_of(steps, model.step_loads(steps))
    table = replace(
        table,
        achilles_peak_bw=table.achilles_peak_bw * force,
        achilles_impulse_bw_s=table.achilles_impulse_bw_s * force,
    )
    sums = SessionTotals(model, tier)
    sums.add(table, np.ones(len(table), dtype=bool))
    sums.recorded_s = 2 * float(steps.step_time_s.sum())
    return sums.totals()
