"""The closed form beside draws: errors are thrown at the steps, and everything is worked out anew each time.

The draws go through ``step_loads`` and ``SessionTotals``; what the model leaves unsaid multiplies its forces. They are
seeded: a draw that misses would miss every time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from sensor_hub.guidelines.judgement import Amount, probability_above
from sensor_hub.load.achilles import ACHILLES_1, AchillesModel, StepInputs
from sensor_hub.load.modifiers import GRADE_PER_RAD
from sensor_hub.load.uncertainty import (
    DAY_CONTACT_SD_S,
    DAY_MODEL_SD,
    STEP_MODEL_SD,
    TOLD_SLOPE_SD,
    UNTOLD_GRADE_SD,
    UNTOLD_SLOPE_SD,
)
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Totals
from tests.load.sessions import session, table_of, totals_of

N_DRAWS = 600
# An SD of so many draws is itself within 6 % or so (two of its own SDs).
SD_TOLERANCE = 0.08
N_STEPS = 200
NAN = math.nan


@dataclass(frozen=True)
class Draws:
    """What the same session would have been, had the errors been others."""

    measured: Totals
    load_eq_km: FloatArray
    hard_load_bw_s: FloatArray


def mixed(n: int, middle_s: float, spread_s: float, seed: int) -> FloatArray:
    """Contact times as a run has them."""
    return np.clip(np.random.default_rng(seed).normal(middle_s, spread_s, n), 0.13, 0.42)


def drawn(
    steps: StepInputs, tier: Tier, seed: int, *, model: AchillesModel = ACHILLES_1, days_only: bool = False
) -> Draws:
    """Throw every error at the steps: each contact's own, each slope's, each step's, and those common to a day.

    days_only : leave out what is each step's own.
    """
    rng = np.random.default_rng(seed)
    own = 0.0 if days_only else 1.0
    n, untold = len(steps.step_time_s), bool(np.isnan(steps.grade).all())
    loads, hard = np.empty(N_DRAWS), np.empty(N_DRAWS)
    for k in range(N_DRAWS):
        error_s = own * rng.normal(0.0, steps.contact_time_sd) + rng.normal(0.0, DAY_CONTACT_SD_S[tier])
        slope_sd = UNTOLD_SLOPE_SD if untold else TOLD_SLOPE_SD
        slope = np.nan_to_num(steps.grade) + own * rng.normal(0.0, slope_sd, n)
        common = rng.normal(0.0, DAY_MODEL_SD) + (rng.normal(0.0, UNTOLD_GRADE_SD) if untold else 0.0)
        others = replace(steps, contact_time_s=steps.contact_time_s + error_s, grade=slope)
        force = 1.0 + common + own * rng.normal(0.0, STEP_MODEL_SD, n)
        told = totals_of(others, tier, model=model, force=force)
        loads[k], hard[k] = told.load_eq_km or NAN, NAN if told.hard_load_bw_s is None else told.hard_load_bw_s
    return Draws(totals_of(steps, tier, model=model), loads, hard)


@pytest.mark.parametrize(
    ("tier", "grade", "contact_sd_s"),
    [
        ("imu", 0.0, 0.004),
        ("imu", NAN, 0.004),
        ("imu", 0.0, 0.015),
        ("contact", NAN, 0.015),
        pytest.param("imu", NAN, 0.015, marks=pytest.mark.thorough),
        pytest.param("contact", 0.0, 0.004, marks=pytest.mark.thorough),
        pytest.param("contact", NAN, 0.004, marks=pytest.mark.thorough),
        pytest.param("contact", 0.0, 0.015, marks=pytest.mark.thorough),
    ],
)
def test_the_spread_of_a_sessions_load_is_that_of_draws(tier: Tier, grade: float, contact_sd_s: float) -> None:
    contact_s = mixed(N_STEPS, 0.24, 0.012, seed=1)
    draws = drawn(session(N_STEPS, contact_time_s=contact_s, contact_sd_s=contact_sd_s, grade=grade), tier, seed=2)
    assert draws.measured.load_eq_km_sd == pytest.approx(draws.load_eq_km.std(), rel=SD_TOLERANCE)
    # errors of a step's own are small against it: they shift the mean by their square only
    assert draws.load_eq_km.mean() == pytest.approx(draws.measured.load_eq_km, rel=0.012)


def test_in_a_run_of_a_minute_the_steps_own_errors_are_part_of_the_spread() -> None:
    short = session(12, contact_time_s=mixed(12, 0.24, 0.012, seed=3), contact_sd_s=0.02)
    draws = drawn(short, "imu", seed=4)
    assert draws.measured.load_eq_km_sd == pytest.approx(draws.load_eq_km.std(), rel=SD_TOLERANCE)
    days = drawn(short, "imu", seed=4, days_only=True)
    assert days.load_eq_km.std() < 0.95 * draws.load_eq_km.std()


LINES = {
    "nearly none is hard": 2.0,
    "a tenth is": 1.28,
    "half is": 0.0,
    "nearly all is": -1.28,
    "all is, by far": -6.0,
}


def model_with_line(steps: StepInputs, away: float) -> AchillesModel:
    """A model whose hard line lies this many SDs of the session's peaks above their mean."""
    peaks = ACHILLES_1.step_loads(steps).achilles_peak_bw
    line_bw = float(peaks.mean() + away * peaks.std())
    return AchillesModel(replace(ACHILLES_1.reference, hard_line_bw=line_bw))


# every line at the usual spread; at a smaller and a larger one where half is hard, and thoroughly everywhere
@pytest.mark.parametrize(
    ("away", "spread_s"),
    [
        pytest.param(away, spread_s, id=f"{name}-{spread_s}", marks=() if kept else pytest.mark.thorough)
        for name, away in LINES.items()
        for spread_s in (0.006, 0.012, 0.025)
        for kept in [spread_s == 0.012 or away == 0.0]
    ],
)
def test_the_spread_of_hard_load_is_that_of_draws_however_near_the_line(away: float, spread_s: float) -> None:
    steps = session(N_STEPS, contact_time_s=mixed(N_STEPS, 0.24, spread_s, seed=5))
    draws = drawn(steps, "imu", seed=6, model=model_with_line(steps, away), days_only=True)
    assert draws.measured.hard_load_bw_s is not None
    assert draws.measured.hard_load_sd is not None
    about_measured = np.sqrt(np.mean((draws.hard_load_bw_s - draws.measured.hard_load_bw_s) ** 2))
    # five points stand for a bell curve and steps are few: a quarter of the spread, or 1 % of the load
    least = 0.01 * (draws.measured.load_bw_s or NAN)
    assert draws.measured.hard_load_sd == pytest.approx(about_measured, rel=0.25, abs=least)


def test_a_band_of_half_a_width_would_be_told_from_the_right_one() -> None:
    """The tolerances above can fail: half or twice the claim is far outside them."""
    steps = session(N_STEPS, contact_time_s=mixed(N_STEPS, 0.24, 0.012, seed=5))
    draws = drawn(steps, "imu", seed=6, model=model_with_line(steps, 0.0), days_only=True)
    spread = float(draws.hard_load_bw_s.std())
    for wrong in (0.5, 2.0):
        assert wrong * (draws.measured.hard_load_sd or NAN) != pytest.approx(spread, rel=0.25)


@pytest.fixture(scope="module")
def today_and_longest() -> tuple[Draws, Draws]:
    today = session(220, contact_time_s=mixed(220, 0.24, 0.012, seed=7), grade=NAN)
    longest = session(200, contact_time_s=mixed(200, 0.24, 0.012, seed=8), grade=NAN)
    return drawn(today, "imu", seed=9), drawn(longest, "imu", seed=10)


@pytest.mark.parametrize("factor", [0.85, 1.0, 1.05, 1.10, 1.15, 1.3])
def test_the_probability_that_a_limit_is_passed_is_the_share_of_draws_that_pass_it(
    factor: float, today_and_longest: tuple[Draws, Draws]
) -> None:
    now, before = today_and_longest
    share = float(np.mean(now.load_eq_km > factor * before.load_eq_km))
    said = probability_above(amount(now.measured), amount(before.measured), factor)
    assert said == pytest.approx(share, abs=0.05)


def amount(told: Totals) -> Amount:
    value = told.load_eq_km or NAN
    return Amount(value, value, told.load_eq_km_sd or NAN)


def test_the_probability_of_hard_load_over_a_limit_is_near_the_share_of_draws() -> None:
    """Hard load is not in proportion to an error, so its chance is near, not the same: within 0.1."""
    easy = session(N_STEPS, contact_time_s=mixed(N_STEPS, 0.24, 0.012, seed=11))
    model = model_with_line(easy, 0.0)
    longer = session(260, contact_time_s=mixed(260, 0.24, 0.012, seed=12))
    now, before = (drawn(s, "imu", seed=k, model=model, days_only=True) for k, s in ((13, longer), (14, easy)))

    def hard(told: Totals) -> Amount:
        value = told.hard_load_bw_s if told.hard_load_bw_s is not None else NAN
        return Amount(value, value, told.hard_load_sd or 0.0)

    for factor in (0.7, 1.0, 1.1, 1.4):
        share = float(np.mean(now.hard_load_bw_s > factor * before.hard_load_bw_s))
        assert probability_above(hard(now.measured), hard(before.measured), factor) == pytest.approx(share, abs=0.1)


def step_draws(steps: StepInputs, change: Callable[[np.random.Generator], StepInputs], of: str) -> FloatArray:
    """(draws,) of one step's peak or impulse."""
    rng = np.random.default_rng(15)
    return np.array([float(getattr(ACHILLES_1.step_loads(change(rng)), of)[0]) for _ in range(2000)])


@pytest.mark.parametrize("grade", [0.0, NAN])
def test_a_steps_own_band_is_that_of_draws_of_its_contact_its_slope_and_what_timing_does_not_show(grade: float) -> None:
    steps = session(1, contact_sd_s=0.008, grade=grade)
    slope_sd = UNTOLD_SLOPE_SD if math.isnan(grade) else TOLD_SLOPE_SD

    def changed(rng: np.random.Generator) -> StepInputs:
        contact_s, slope = steps.contact_time_s + rng.normal(0.0, 0.008, 1), rng.normal(0.0, slope_sd, 1)
        return replace(steps, contact_time_s=contact_s, grade=slope)

    table = table_of(steps, ACHILLES_1.step_loads(steps))
    impulses = step_draws(steps, changed, "achilles_impulse_bw_s")
    beside = math.hypot(impulses.std() / impulses.mean(), STEP_MODEL_SD)
    claimed = float(table.achilles_impulse_sd[0] / table.achilles_impulse_bw_s[0])
    assert claimed == pytest.approx(beside, rel=0.05)
    peaks = step_draws(steps, changed, "achilles_peak_bw")
    untold = UNTOLD_GRADE_SD if math.isnan(grade) else 0.0
    beside = math.hypot(peaks.std() / peaks.mean(), STEP_MODEL_SD, untold)
    claimed = float(table.achilles_peak_sd[0] / table.achilles_peak_bw[0])
    assert claimed == pytest.approx(beside, rel=0.05)
    assert claimed > GRADE_PER_RAD * slope_sd
