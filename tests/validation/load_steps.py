"""Steps for the load model to answer to: of the population at a speed, or of any timing."""

import tomllib
from pathlib import Path
from typing import Any, Final

import numpy as np

from sensor_hub.load.achilles import StepInputs
from sensor_hub.load.reference import REF_POP_1
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.foot_strike import FOREFOOT_BELOW_RAD, REARFOOT_ABOVE_RAD
from sensor_hub.units import DEGREE_RAD, S_PER_MIN

FILE: Final = Path(__file__).with_name("published.toml")
MIDDLE_RAD: Final = (FOREFOOT_BELOW_RAD + REARFOOT_ABOVE_RAD) / 2
WIDTH_RAD: Final = REARFOOT_ABOVE_RAD - FOREFOOT_BELOW_RAD
STRIKE_RAD: Final = {
    "rearfoot": MIDDLE_RAD + WIDTH_RAD,
    "midfoot": MIDDLE_RAD,
    "forefoot": MIDDLE_RAD - WIDTH_RAD,
}  # the middle of each class


def published() -> dict[str, Any]:
    """Return what others published, by study."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def inputs(
    step_time_s: FloatArray,
    contact_time_s: FloatArray,
    *,
    contact_time_sd: FloatArray | float = np.nan,
    speed_mps: FloatArray | float = np.nan,
    grade: FloatArray | float = np.nan,
    foot_pitch_rad: FloatArray | float = np.nan,
    is_walk: bool = False,
) -> StepInputs:
    """Return steps; what is not given is unknown."""
    n = len(step_time_s)
    contact_sd_s, speed, slope, pitch = (
        np.full(n, value, dtype=np.float64) for value in (contact_time_sd, speed_mps, grade, foot_pitch_rad)
    )
    return StepInputs(step_time_s, contact_time_s, contact_sd_s, speed, slope, pitch, np.full(n, is_walk))


def population_steps(
    speed_mps: FloatArray,
    *,
    slope_deg: FloatArray | float = 0.0,
    more_spm: FloatArray | float = 0.0,
    strike: str | None = None,
) -> StepInputs:
    """Return one step at each speed, m/s, as the population runs; contact length stays where only cadence changes."""
    step_time_s = np.asarray(1.0 / (1.0 / REF_POP_1.step_time_s(speed_mps) + np.asarray(more_spm) / S_PER_MIN))
    return inputs(
        step_time_s,
        np.asarray(REF_POP_1.contact_time_s(speed_mps)),
        speed_mps=speed_mps,
        grade=np.tan(np.asarray(slope_deg) * DEGREE_RAD),
        foot_pitch_rad=np.nan if strike is None else STRIKE_RAD[strike],
    )
