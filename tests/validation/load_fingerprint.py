"""What the load model answers to fixed steps, and which published numbers it is held against: one word for both."""

import hashlib
from dataclasses import asdict
from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel, StepInputs, StepLoads
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.exercise import heel_drop_loads, hop_loads
from sensor_hub.load.tendon import FOREFOOT, HOP, MIDFOOT, REARFOOT, WALK, achilles_curve
from sensor_hub.load.uncertainty import ABSOLUTE_BAND
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Conditions
from tests.validation.load_cost import table_of
from tests.validation.load_steps import FILE, inputs

SIGNIFICANT: Final = 7  # digits: what another processor rounds otherwise does not count
N: Final = 60
TIERS: Final[tuple[Tier, ...]] = ("imu", "contact", "speed")
NO_LOAD: Final = frozenset(
    {"median_speed_mps", "speed_5min_mps", "uphill_s", "ascent_m"}
)  # of the run, not of the model


def load_fingerprint() -> str:
    """Return a word that changes when any number of the load model does, or a published one beside it."""
    told = hashlib.sha256(FILE.read_bytes())
    for column in _answers():
        told.update("".join(f"{one:.{SIGNIFICANT}g} " for one in np.ravel(column)).encode())
    return told.hexdigest()[:16]


def _answers() -> list[FloatArray]:
    """Every number that a step, a session or an exercise is told by."""
    said: list[FloatArray] = [np.array([ABSOLUTE_BAND])]
    belt = Conditions(surface="treadmill", leg_length_m=0.92, drop_per_mm=0.01, shoe_drop_mm=4.0)
    for conditions in (Conditions(), belt):
        model = AchillesModel(conditions=conditions)
        said.append(np.array([model.easy_peak_bw, model.eq_km_bw_s, model.hard_line_bw]))
        for steps in _steps():
            loads = model.step_loads(steps)
            said += [getattr(loads, name) for name in StepLoads.__slots__]
            for tier in TIERS:
                totals = SessionTotals(model, tier)
                totals.recorded_s = 30.0
                totals.add(table_of(steps, loads), ~steps.is_walk)
                told = asdict(totals.totals()).items()
                numbers = [v for name, v in told if name not in NO_LOAD and isinstance(v, int | float)]
                said.append(np.array(numbers, dtype=np.float64))
    phase = np.linspace(0.0, 1.0, 21)
    said += [achilles_curve(phase, curve) for curve in (REARFOOT, MIDFOOT, FOREFOOT, WALK, HOP)]
    timing = np.array([0.2, 0.3]), np.array([0.4, 0.5])
    for exercise in (hop_loads(*timing), hop_loads(*timing, legs=2), heel_drop_loads(*timing)):
        said += [exercise.achilles_peak_bw, exercise.achilles_impulse_bw_s, exercise.achilles_push_off_bw_s]
    return said


def _steps() -> list[StepInputs]:
    """Steps over the whole range of speeds, slopes and strikes; with everything known, without, and walking."""
    along = np.linspace(0.0, 1.0, N)
    step_time_s, contact_time_s = 0.42 - 0.14 * along, 0.30 - 0.14 * along
    unknown = np.full(N, np.nan)
    speed_mps = 2.2 + 3.6 * along
    return [
        inputs(
            step_time_s,
            contact_time_s,
            contact_time_sd=0.004 + 0.02 * along,
            speed_mps=speed_mps,
            grade=0.2 * np.sin(40 * along),
            foot_pitch_rad=0.4 * np.cos(30 * along),
        ),
        inputs(step_time_s, contact_time_s),
        inputs(step_time_s, unknown, speed_mps=speed_mps),
        inputs(step_time_s, unknown),
        inputs(step_time_s + 0.15, contact_time_s + 0.4, is_walk=True),
    ]
