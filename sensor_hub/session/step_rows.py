"""Steps of one IMU, or records of a source, as rows of a table, with their forces."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from sensor_hub.load.achilles import AchillesModel, StepInputs
from sensor_hub.load.remodel import sure_contact_time_s, told_contact_time_s
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import GAIT_DTYPE, ORIGIN_DTYPE, UNKNOWN_TEXT, StepTable, Tier
from sensor_hub.session.timeline import DatedRecord, DatedSteps, Rows
from sensor_hub.signal.steps import RUN, UNKNOWN_GAIT, WALK, Steps

_ORIGINS: Final = np.array(["estimated", "measured"], dtype=ORIGIN_DTYPE)
_GAITS: Final = np.array([UNKNOWN_TEXT] * 3, dtype=GAIT_DTYPE)
_GAITS[[UNKNOWN_GAIT, RUN, WALK]] = UNKNOWN_TEXT, "run", "walk"
_T = TypeVar("_T", np.int64, np.float64)


def step_rows(parts: Sequence[DatedSteps], model: AchillesModel) -> Rows:
    """Return one row a step, for the steps of all parts in the order given; there must be one."""
    sides, lengths = [part.side for part in parts], [len(part) for part in parts]
    steps = Steps.concatenate([part.steps for part in parts])
    speed_mps, grade = _joined([part.speed_mps for part in parts]), _joined([part.grade for part in parts])
    forces = model.step_loads(
        StepInputs(
            step_time_s=steps.step_time_s,
            contact_time_s=sure_contact_time_s(steps.contact_time_s, steps.contact_time_sd),
            contact_time_sd=steps.contact_time_sd,
            speed_mps=speed_mps,
            grade=grade,
            foot_pitch_rad=steps.contacts.foot_pitch_rad,
            is_walk=steps.gait == WALK,
        )
    )
    table = StepTable(
        time_utc_us=_joined([part.time_us for part in parts]),
        side=np.array(sides, dtype="<U1").repeat(lengths),
        n_steps=np.array([part.n_steps for part in parts]).repeat(lengths),
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
        step_time_origin=_ORIGINS[steps.is_measured.view(np.int8)],
        vgrf_peak_sd=forces.vgrf_peak_sd,
        achilles_peak_sd=forces.achilles_peak_sd,
        achilles_impulse_sd=forces.achilles_impulse_sd,
        achilles_push_off_bw_s=forces.achilles_push_off_bw_s,
        grade=grade,
        gait=_GAITS[steps.gait],
    )
    return Rows(table, steps.gait == RUN, steps.is_too_fast)


def record_rows(records: Sequence[DatedRecord], model: AchillesModel, tier: Tier) -> Rows:
    """Return one row a record, in the order given; there must be one."""

    def column(values: Iterable[float]) -> FloatArray:
        return np.array(list(values), dtype=float)

    step_time_s, contact_time_s = column(r.step_time_s for r in records), column(r.contact_time_s for r in records)
    speed_mps, grade = column(r.speed_mps for r in records), column(r.grade for r in records)
    interval_s, unknown = column(r.interval_s for r in records), np.full(len(records), np.nan)
    gait = np.array([r.gait for r in records], dtype=GAIT_DTYPE)
    forces = model.step_loads(
        StepInputs(
            step_time_s,
            told_contact_time_s(contact_time_s, tier),
            unknown,
            speed_mps,
            grade,
            unknown,
            gait == "walk",
        )
    )
    flight_time_s = step_time_s - contact_time_s
    table = StepTable(
        time_utc_us=np.array([r.time_us for r in records], dtype=np.int64),
        side=np.array([r.side for r in records], dtype="<U1"),
        n_steps=interval_s / step_time_s,
        step_time_s=step_time_s,
        contact_time_s=contact_time_s,
        contact_time_sd=unknown,  # no maker says
        flight_time_s=np.where(flight_time_s > 0, flight_time_s, np.where(np.isnan(flight_time_s), np.nan, 0.0)),
        vgrf_peak_bw=forces.vgrf_peak_bw,
        vgrf_impulse_bw_s=forces.vgrf_impulse_bw_s,
        achilles_peak_bw=forces.achilles_peak_bw,
        achilles_impulse_bw_s=forces.achilles_impulse_bw_s,
        speed_mps=speed_mps,
        quality=np.where(interval_s > 0, 1.0, 0.0),
        foot_pitch_rad=unknown,
        step_time_origin=np.full(len(records), "estimated", dtype=ORIGIN_DTYPE),
        vgrf_peak_sd=forces.vgrf_peak_sd,
        achilles_peak_sd=forces.achilles_peak_sd,
        achilles_impulse_sd=forces.achilles_impulse_sd,
        achilles_push_off_bw_s=forces.achilles_push_off_bw_s,
        grade=grade,
        gait=gait,
    )
    return Rows(table, gait == "run", np.array([r.too_fast for r in records]))


def _joined(columns: Sequence[NDArray[_T]]) -> NDArray[_T]:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)
