"""What the model says must obey mechanics, whoever wrote the code."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.load.achilles import (
    ACHILLES_1,
    VERSION,
    AchillesModel,
    StepInputs,
    StepLoads,
    population_reference,
)
from sensor_hub.load.modifiers import MODIFIERS, TREADMILL, condition_factor, grade_factor
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.load.tendon import REARFOOT, WALK
from sensor_hub.model.load import Conditions, LoadReference

NAN = math.nan
STEP_S = st.floats(0.26, 0.5)
CONTACT_S = st.floats(0.1, 0.45)
SPEED = st.one_of(st.just(NAN), st.floats(1.0, 6.0))
GRADE = st.one_of(st.just(NAN), st.floats(-0.25, 0.25))
PITCH = st.one_of(st.just(NAN), st.floats(-0.6, 0.6))
SD = st.one_of(st.just(NAN), st.floats(0.001, 0.045))


def one(
    step_s: float,
    contact_s: float = NAN,
    speed_mps: float = NAN,
    *,
    grade: float = NAN,
    pitch_rad: float = NAN,
    sd_s: float = NAN,
    walk: bool = False,
) -> StepInputs:
    step, contact, sd, speed, slope, pitch = (
        np.array([x]) for x in (step_s, contact_s, sd_s, speed_mps, grade, pitch_rad)
    )
    return StepInputs(step, contact, sd, speed, slope, pitch, np.array([walk]))


def loads(step_s: float, contact_s: float = NAN, speed_mps: float = NAN, **known: float) -> StepLoads:
    walk = bool(known.pop("walk", False))
    return ACHILLES_1.step_loads(one(step_s, contact_s, speed_mps, walk=walk, **known))


def joined(steps: list[StepInputs]) -> StepInputs:
    return StepInputs(*(np.concatenate([getattr(s, name) for s in steps]) for name in StepInputs.__slots__))


STEPS = st.lists(st.builds(one, STEP_S, st.one_of(st.just(NAN), CONTACT_S), SPEED, grade=GRADE, pitch_rad=PITCH,
                           sd_s=SD, walk=st.booleans()), min_size=1, max_size=8)  # fmt: skip


@given(STEPS, st.integers(0, 8))
def test_the_forces_of_a_step_do_not_depend_on_the_steps_beside_it(steps: list[StepInputs], cut: int) -> None:
    whole = ACHILLES_1.step_loads(joined(steps))
    parts = [ACHILLES_1.step_loads(joined(part)) for part in (steps[:cut], steps[cut:]) if part]
    for name in StepLoads.__slots__:
        apart = np.concatenate([getattr(part, name) for part in parts])
        assert np.array_equal(getattr(whole, name), apart, equal_nan=True), name


@given(STEP_S, st.one_of(CONTACT_S, st.just(NAN)), SPEED, st.booleans())
def test_the_vertical_impulse_of_a_step_is_body_weight_times_step_time(
    step_s: float, contact_s: float, v: float, walk: bool
) -> None:
    assert loads(step_s, contact_s, v, walk=walk).vgrf_impulse_bw_s[0] == step_s


@given(STEP_S, CONTACT_S, SPEED)
def test_the_peak_lies_between_a_flat_force_and_a_triangle_of_that_impulse(
    step_s: float, contact_s: float, v: float
) -> None:
    mean_bw = step_s / contact_s
    assert mean_bw <= loads(step_s, contact_s, v).vgrf_peak_bw[0] <= 2 * mean_bw


@given(STEP_S, st.floats(0.2, 0.45))
def test_half_the_contact_time_doubles_the_mean_force_and_raises_the_tendons_share_by_its_root(
    step_s: float, contact_s: float
) -> None:
    long, short = loads(step_s, contact_s), loads(step_s, contact_s / 2)
    assert_allclose(short.achilles_impulse_bw_s, math.sqrt(2) * long.achilles_impulse_bw_s)
    assert_allclose(short.achilles_peak_bw, 2 * math.sqrt(2) * long.achilles_peak_bw)


def test_a_step_by_hand() -> None:
    # 0.36 s a step, 0.24 s on the ground: mean 1.5 BW; lever 1.6771 · sqrt(1.5 / 1.425)
    step = loads(0.36, 0.24)
    lever = 1.6771 * math.sqrt(1.5 / 1.425)
    assert step.achilles_impulse_bw_s[0] == pytest.approx(lever * 0.36)
    assert step.achilles_peak_bw[0] == pytest.approx(1.9179 * lever * 0.36 / 0.24)
    assert step.achilles_push_off_bw_s[0] == pytest.approx(0.4907 * lever * 0.36)
    assert step.vgrf_peak_bw[0] == pytest.approx((1.695 + 1.17 * 0.02) * 1.5)
    assert loads(0.36, 0.24, 3.0).vgrf_peak_bw[0] == pytest.approx((1.688 + 0.0430 * 0.8) * 1.5)


@given(STEP_S, CONTACT_S, SPEED, GRADE, PITCH)
def test_the_push_off_is_a_part_of_the_impulse(
    step_s: float, contact_s: float, v: float, grade: float, pitch_rad: float
) -> None:
    step = loads(step_s, contact_s, v, grade=grade, pitch_rad=pitch_rad)
    assert 0.4 < step.achilles_push_off_bw_s[0] / step.achilles_impulse_bw_s[0] < 0.6


@pytest.mark.parametrize("contact_s", [NAN, 0.0, 0.05, 0.46, -0.2])
def test_an_unknown_or_impossible_contact_time_never_gives_a_peak(contact_s: float) -> None:
    step = loads(0.36, contact_s)
    assert np.isnan([step.vgrf_peak_bw[0], step.achilles_peak_bw[0], step.achilles_peak_sd[0]]).all()
    assert step.vgrf_impulse_bw_s[0] == 0.36
    assert step.achilles_impulse_bw_s[0] > 0


def test_without_a_contact_time_the_impulse_is_that_of_the_populations_mean_force_and_less_sure() -> None:
    blind, seen = loads(0.36), loads(0.36, 0.36 / 1.425, sd_s=0.005)
    assert_allclose(blind.achilles_impulse_bw_s, seen.achilles_impulse_bw_s)
    assert blind.achilles_impulse_sd[0] > seen.achilles_impulse_sd[0] > 0


@pytest.mark.parametrize("walk", [False, True])
def test_an_unknown_step_time_leaves_everything_unknown(walk: bool) -> None:
    step = loads(NAN, 0.24, 3.0, walk=walk)
    assert all(np.isnan(getattr(step, name)[0]) for name in StepLoads.__slots__)


def test_with_speed_alone_the_contact_time_is_predicted_for_the_peak() -> None:
    step_s = float(REF_POP_1.step_time_s(3.0))
    predicted, told = loads(step_s, speed_mps=3.0), loads(step_s, float(REF_POP_1.contact_time_s(3.0)), 3.0)
    assert_allclose(predicted.achilles_peak_bw, told.achilles_peak_bw)
    # a contact time that a watch tells is its own definition of one; beside a force plate that is worth less
    assert told.vgrf_peak_sd[0] > predicted.vgrf_peak_sd[0]


def test_an_impossible_contact_time_is_not_replaced_by_a_prediction() -> None:
    assert np.isnan(loads(0.36, 0.9, speed_mps=3.0).vgrf_peak_bw[0])
    assert np.isnan(loads(0.36, 0.0, speed_mps=3.0).achilles_peak_bw[0])


@pytest.mark.parametrize("speed_mps", [0.0, 0.05, 0.3, 0.6])
def test_a_speed_that_no_running_step_has_predicts_no_contact_and_takes_no_load_away(speed_mps: float) -> None:
    lost = loads(0.353, speed_mps=speed_mps)
    assert np.isnan(lost.achilles_peak_bw[0])
    assert lost.achilles_impulse_bw_s[0] == loads(0.353).achilles_impulse_bw_s[0]


def test_the_inputs_are_not_changed_and_not_shared() -> None:
    step = one(0.36)
    ACHILLES_1.step_loads(step).vgrf_impulse_bw_s[0] = 9.0
    assert step.step_time_s[0] == 0.36


@given(STEP_S, CONTACT_S, st.floats(0.005, 0.2), st.floats(0.001, 0.1))
def test_uphill_raises_and_downhill_lowers_the_load(step_s: float, contact_s: float, grade: float, more: float) -> None:
    down, level, up = (loads(step_s, contact_s, grade=g).achilles_peak_bw[0] for g in (-grade, 0.0, grade))
    assert down < level < up
    assert loads(step_s, contact_s, grade=grade + more).achilles_impulse_bw_s[0] >= up / 1.9179 * contact_s * 0.999999


def test_an_unknown_slope_counts_as_level() -> None:
    assert_allclose(loads(0.36, 0.24).achilles_peak_bw, loads(0.36, 0.24, grade=0.0).achilles_peak_bw)


def test_beyond_ten_degrees_the_lever_is_held() -> None:
    steep = grade_factor(np.array([math.tan(math.radians(a)) for a in (6.0, 10.0, 25.0, -10.0, -25.0)]))
    assert steep[0] == pytest.approx(1.384, abs=0.002)
    assert steep[1] == pytest.approx(steep[2], abs=1e-3)
    assert steep[3] == pytest.approx(steep[4], abs=1e-3)


def test_a_fore_foot_loads_more_than_a_mid_foot_and_that_more_than_a_heel() -> None:
    fore, mid, rear, unknown = (loads(0.36, 0.24, pitch_rad=p).achilles_peak_bw[0] for p in (-0.2, 0.055, 0.4, NAN))
    assert fore > mid > rear == unknown


@given(st.floats(-0.6, 0.6))
def test_a_degree_of_the_sole_never_makes_the_load_jump(pitch_rad: float) -> None:
    here, there = (loads(0.36, 0.24, pitch_rad=p).achilles_impulse_bw_s[0] for p in (pitch_rad, pitch_rad + 0.017))
    assert abs(here / there - 1) < 0.02


@pytest.mark.parametrize("speed_mps", [1.0, 1.4, 1.8])
def test_a_step_of_walking_has_a_lower_peak_than_a_jog_and_that_a_lower_one_than_fast_running(speed_mps: float) -> None:
    walk = loads(0.75 / speed_mps**0.5, walk=True).achilles_peak_bw[0]  # longer steps when slower
    jog, fast = (
        loads(float(REF_POP_1.step_time_s(v)), float(REF_POP_1.contact_time_s(v))).achilles_peak_bw[0]
        for v in (2.5, 4.5)
    )
    assert walk < jog < fast


def test_a_walking_step_has_two_thirds_of_its_stride_on_the_ground_where_nobody_measured_it() -> None:
    step, measured = loads(0.55, walk=True), loads(0.55, 2 * 0.62 * 0.55, walk=True)
    assert_allclose(step.achilles_peak_bw, measured.achilles_peak_bw)
    assert step.achilles_peak_bw[0] == pytest.approx(2.74, abs=0.02)  # about 2.7 BW in open data
    assert step.achilles_impulse_bw_s[0] == pytest.approx(WALK.lever * 0.55)


def test_the_reference_kilometre_is_the_tendons_share_of_one_leg_of_a_kilometre_of_body_weight() -> None:
    # the vertical impulse of a kilometre is body weight times its duration, half of it a leg, whatever the step rate
    # 1000 / (2.184 + 0.2007 · 2.78) ms a step, 0.434 + 0.0998 · 2.78 m on the ground
    share = REARFOOT.lever * math.sqrt((1 / 2.741946) / (0.711444 / 2.78) / 1.425)
    assert ACHILLES_1.eq_km_bw_s == pytest.approx(share * 1000.0 / EASY_SPEED_MPS / 2, rel=1e-4)


def test_a_kilometre_at_the_own_reference_is_one_eq_km_whatever_the_reference() -> None:
    own = LoadReference("ref-own-1", step_time_s=0.34, contact_time_s=0.22, hard_line_bw=6.0, model=VERSION)
    model = AchillesModel(own)
    steps_a_leg = 1000.0 / EASY_SPEED_MPS / 0.34 / 2
    step = model.step_loads(one(0.34, 0.22))
    assert steps_a_leg * step.achilles_impulse_bw_s[0] / model.eq_km_bw_s == pytest.approx(1.0)
    assert step.achilles_peak_bw[0] == pytest.approx(model.easy_peak_bw)
    assert model.hard_line_bw == 6.0


@pytest.mark.parametrize("pitch_rad", [0.4, 0.0559, -0.2])
def test_the_easy_peak_of_an_own_reference_is_that_of_how_its_runner_lands(pitch_rad: float) -> None:
    heel, own = loads(0.36, 0.25), loads(0.36, 0.25, pitch_rad=pitch_rad)
    strike = float(own.achilles_impulse_bw_s[0] / heel.achilles_impulse_bw_s[0])
    reference = LoadReference("ref-own-1", 0.36, 0.25, hard_line_bw=6.0, model=VERSION, strike_factor=strike)
    assert AchillesModel(reference).easy_peak_bw == pytest.approx(own.achilles_peak_bw[0], rel=1e-3)


def test_a_treadmill_says_nothing_of_walking() -> None:
    walk = one(0.55, walk=True)
    belt = AchillesModel(conditions=Conditions(surface="treadmill")).step_loads(walk)
    assert belt.achilles_peak_bw[0] == ACHILLES_1.step_loads(walk).achilles_peak_bw[0]


@given(st.floats(2.5, 4.5))
def test_the_reference_runner_has_a_flight_phase(speed_mps: float) -> None:
    assert REF_POP_1.contact_time_s(speed_mps) < REF_POP_1.step_time_s(speed_mps)
    assert 140 < 60 / REF_POP_1.step_time_s(speed_mps) < 200


@given(st.floats(2.5, 4.4), st.floats(0.05, 1.0))
def test_a_faster_reference_runner_has_a_higher_peak(speed_mps: float, more_mps: float) -> None:
    def peak(v: float) -> float:
        step_s, contact_s = float(REF_POP_1.step_time_s(v)), float(REF_POP_1.contact_time_s(v))
        return float(loads(step_s, contact_s).achilles_peak_bw[0])

    assert peak(speed_mps + more_mps) > peak(speed_mps)
    assert peak(EASY_SPEED_MPS) < ACHILLES_1.hard_line_bw < peak(1.2 * EASY_SPEED_MPS)


def test_on_a_treadmill_the_force_is_an_eighth_higher_and_all_else_counts_as_overground() -> None:
    belt, ground, *others = (
        AchillesModel(conditions=Conditions(surface=s)).step_loads(one(0.36, 0.24)).achilles_peak_bw[0]
        for s in ("treadmill", "overground", "unknown", "track", "trail")
    )
    assert belt == pytest.approx(TREADMILL * ground)
    assert others == [ground] * 3


def test_a_shoes_drop_changes_nothing_unless_the_assumption_is_switched_on_and_then_the_version_says_so() -> None:
    off = AchillesModel(conditions=Conditions(shoe_drop_mm=4.0))
    on = AchillesModel(conditions=Conditions(shoe_drop_mm=4.0, drop_per_mm=0.01))
    assert (off.version, on.version) == (VERSION, f"{VERSION}+drop0.01")
    peaks = [m.step_loads(one(0.36, 0.24)).achilles_peak_bw[0] for m in (ACHILLES_1, off, on)]
    assert peaks[0] == peaks[1]
    assert peaks[2] == pytest.approx(1.06 * peaks[1])
    assert condition_factor(Conditions(shoe_drop_mm=500.0, drop_per_mm=1.0)) == 0.0


def test_an_assumption_about_an_unknown_shoe_is_not_made() -> None:
    model = AchillesModel(conditions=Conditions(drop_per_mm=0.01))
    assert model.version == VERSION
    assert condition_factor(model.conditions) == 1.0


def test_every_modifier_says_its_source_and_only_assumptions_are_graded_c() -> None:
    assert all(m.source and m.effect for m in MODIFIERS)
    assert [m.name for m in MODIFIERS if m.evidence == "C"] == ["shoe drop"]


def test_the_model_says_who_it_is() -> None:
    assert (ACHILLES_1.version, ACHILLES_1.reference) == ("achilles-1.0.0", population_reference())
    assert ACHILLES_1.reference.id == "ref-pop-1"
