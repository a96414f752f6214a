"""Which way the modelled load goes, over a grid of speeds and slopes: what the source texts say of hills and speed."""

import math
from itertools import pairwise

import numpy as np
import pytest

from sensor_hub.load.achilles import ACHILLES_1, StepInputs, StepLoads
from sensor_hub.load.modifiers import STEEPEST_RAD
from sensor_hub.load.reference import REF_POP_1

NAN = math.nan
SPEEDS_MPS = np.arange(2.0, 5.6, 0.1)
GRADES = np.tan(np.linspace(-STEEPEST_RAD, STEEPEST_RAD, 41))
STRIKES_RAD = {"rearfoot": 0.4, "midfoot": 0.055, "forefoot": -0.2, "unknown": NAN}
WALKS_MPS = np.arange(0.8, 2.05, 0.1)
EASY_JOG_MPS, FAST_MPS = 2.2, 4.5


def run(
    speed_mps: np.ndarray, grade: np.ndarray | float = NAN, pitch_rad: float = NAN, *, told: bool = True
) -> StepLoads:
    """Steps of the population's gait at these speeds; without ``told`` the model has to predict the contacts."""
    n = len(speed_mps)
    contact_s = np.asarray(REF_POP_1.contact_time_s(speed_mps)) if told else np.full(n, NAN)
    step_s, grades = np.asarray(REF_POP_1.step_time_s(speed_mps)), np.broadcast_to(grade, n).astype(float)
    unknown, pitch = np.full(n, NAN), np.full(n, pitch_rad)
    return ACHILLES_1.step_loads(
        StepInputs(step_s, contact_s, unknown, speed_mps, grades, pitch, np.zeros(n, dtype=bool))
    )


def walk(speed_mps: np.ndarray) -> StepLoads:
    """Steps of walking; the slower the longer."""
    n = len(speed_mps)
    unknown = np.full(n, NAN)
    step_s = 0.62 / np.sqrt(speed_mps)
    return ACHILLES_1.step_loads(
        StepInputs(step_s, unknown, unknown, speed_mps, unknown, unknown, np.ones(n, dtype=bool))
    )


@pytest.mark.row("D04")
@pytest.mark.parametrize("pitch_rad", STRIKES_RAD.values(), ids=STRIKES_RAD)
@pytest.mark.parametrize("told", [True, False])
def test_at_any_speed_a_steeper_climb_loads_each_step_more(pitch_rad: float, told: bool) -> None:
    for speed_mps in SPEEDS_MPS:
        steps = run(np.full(len(GRADES), speed_mps), GRADES, pitch_rad, told=told)
        for of_step in (steps.achilles_peak_bw, steps.achilles_impulse_bw_s, steps.achilles_push_off_bw_s):
            assert (np.diff(of_step) > 0).all(), speed_mps


@pytest.mark.row("D04")
def test_five_percent_uphill_is_more_than_a_tenth_more_load_and_beyond_ten_degrees_it_never_falls() -> None:
    flat, hill = (run(SPEEDS_MPS, grade).achilles_impulse_bw_s for grade in (0.0, 0.05))
    assert (hill / flat > 1.1).all()
    steep = np.tan(np.linspace(STEEPEST_RAD, 0.38, 20))
    assert (np.diff(run(np.full(len(steep), 3.0), steep).achilles_peak_bw) >= 0).all()


@pytest.mark.row("D05")
@pytest.mark.parametrize("pitch_rad", STRIKES_RAD.values(), ids=STRIKES_RAD)
@pytest.mark.parametrize("grade", [-0.08, 0.0, 0.08, NAN])
@pytest.mark.parametrize("told", [True, False])
def test_the_peak_of_a_step_rises_with_speed(pitch_rad: float, grade: float, told: bool) -> None:
    peaks = run(SPEEDS_MPS, grade, pitch_rad, told=told).achilles_peak_bw
    assert (np.diff(peaks) > 0).all()


@pytest.mark.row("D05", "D48")
def test_fast_running_has_clearly_higher_peaks_than_easy_running() -> None:
    easy, fast = run(np.array([EASY_JOG_MPS, FAST_MPS])).achilles_peak_bw
    assert fast > 1.25 * easy


@pytest.mark.row("D48")
def test_a_step_of_any_walk_is_less_than_one_of_an_easy_jog_and_that_less_than_one_of_fast_running() -> None:
    walked = walk(WALKS_MPS).achilles_peak_bw
    jog, fast = run(np.array([EASY_JOG_MPS, FAST_MPS])).achilles_peak_bw
    assert (walked < 0.75 * jog).all(), "brisk walking too"
    assert all(slow < quick for slow, quick in pairwise([float(walked.max()), float(jog), float(fast)]))
