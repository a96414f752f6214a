"""What the model says must obey mechanics, whoever wrote the code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.load.achilles import ACHILLES_0_1, ACHILLES_LEVER, PEAK_FACTOR, StepLoads
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1

MODEL = ACHILLES_0_1
STEP_S = st.floats(0.26, 0.5)
CONTACT_S = st.floats(0.1, 0.45)
UNKNOWN = np.array([np.nan])


def loads(step_s: float, contact_s: float = np.nan, speed_mps: float = np.nan) -> StepLoads:
    return MODEL.step_loads(np.array([step_s]), np.array([contact_s]), np.array([speed_mps]))


@given(STEP_S, st.one_of(CONTACT_S, st.just(np.nan)), st.one_of(st.floats(1.0, 6.0), st.just(np.nan)))
def test_the_vertical_impulse_of_a_step_is_body_weight_times_step_time(
    step_s: float, contact_s: float, v: float
) -> None:
    assert loads(step_s, contact_s, v).vgrf_impulse_bw_s[0] == step_s


@given(STEP_S, CONTACT_S)
def test_the_peak_lies_between_a_flat_force_and_a_triangle_of_that_impulse(step_s: float, contact_s: float) -> None:
    mean_bw = step_s / contact_s
    peak_bw = loads(step_s, contact_s).vgrf_peak_bw[0]
    assert mean_bw <= peak_bw <= 2 * mean_bw
    # a half sine, the usual stand-in, has pi/2; measured forces are a little more pointed
    assert peak_bw / (np.pi / 2 * mean_bw) == pytest.approx(1.0, abs=0.07)


@given(STEP_S, CONTACT_S)
def test_half_the_contact_time_doubles_the_peak_and_leaves_the_impulse(step_s: float, contact_s: float) -> None:
    long, short = loads(step_s, max(contact_s, 0.2)), loads(step_s, max(contact_s, 0.2) / 2)
    assert short.vgrf_peak_bw[0] == pytest.approx(2 * long.vgrf_peak_bw[0])
    assert short.achilles_impulse_bw_s[0] == long.achilles_impulse_bw_s[0]


@given(STEP_S, CONTACT_S)
def test_the_tendon_force_is_the_ground_force_on_a_constant_lever(step_s: float, contact_s: float) -> None:
    step = loads(step_s, contact_s)
    assert_allclose(step.achilles_peak_bw, ACHILLES_LEVER * step.vgrf_peak_bw)
    assert_allclose(step.achilles_impulse_bw_s, ACHILLES_LEVER * step.vgrf_impulse_bw_s)


def test_a_step_by_hand() -> None:
    step = loads(0.36, 0.24)
    assert step.vgrf_peak_bw[0] == pytest.approx(1.66 * 0.36 / 0.24)  # 2.49 BW
    assert step.achilles_peak_bw[0] == pytest.approx(4.98)
    assert step.achilles_impulse_bw_s[0] == pytest.approx(0.72)


@pytest.mark.parametrize("contact_s", [np.nan, 0.0, 0.05, 0.46, -0.2])
def test_an_unknown_or_impossible_contact_time_never_gives_a_peak(contact_s: float) -> None:
    step = loads(0.36, contact_s)
    assert np.isnan(step.vgrf_peak_bw[0])
    assert np.isnan(step.achilles_peak_bw[0])
    assert step.vgrf_impulse_bw_s[0] == 0.36


def test_an_unknown_step_time_leaves_everything_unknown() -> None:
    step = loads(np.nan, 0.24)
    for column in (step.vgrf_peak_bw, step.vgrf_impulse_bw_s, step.achilles_peak_bw, step.achilles_impulse_bw_s):
        assert np.isnan(column[0])


def test_with_speed_alone_the_contact_time_is_predicted_for_the_peak() -> None:
    predicted_s = (0.434 + 0.0998 * 3.0) / 3.0
    assert loads(0.36, speed_mps=3.0).vgrf_peak_bw[0] == pytest.approx(PEAK_FACTOR * 0.36 / predicted_s)


def test_an_impossible_contact_time_is_not_replaced_by_a_prediction() -> None:
    assert np.isnan(loads(0.36, 0.9, speed_mps=3.0).vgrf_peak_bw[0])


def test_a_runner_who_stands_has_no_predicted_peak() -> None:
    assert np.isnan(loads(0.36, speed_mps=0.0).vgrf_peak_bw[0])


def test_the_inputs_are_not_changed_and_not_shared() -> None:
    step_s = np.array([0.36])
    MODEL.step_loads(step_s, UNKNOWN, UNKNOWN).vgrf_impulse_bw_s[0] = 9.0
    assert step_s[0] == 0.36


def test_the_reference_kilometre_is_one_leg_of_a_kilometre_of_body_weight() -> None:
    # the vertical impulse of a kilometre is body weight times its duration, half of it a leg, whatever the step rate
    assert MODEL.eq_km_bw_s == pytest.approx(ACHILLES_LEVER * 1000.0 / EASY_SPEED_MPS / 2)


@given(st.floats(2.5, 4.5))
def test_the_reference_runner_has_a_flight_phase(speed_mps: float) -> None:
    assert REF_POP_1.contact_time_s(speed_mps) < REF_POP_1.step_time_s(speed_mps)
    assert 140 < 60 / REF_POP_1.step_time_s(speed_mps) < 200


@given(st.floats(2.5, 4.4), st.floats(0.05, 1.0))
def test_a_faster_reference_runner_lands_harder(speed_mps: float, more_mps: float) -> None:
    def peak(v: float) -> float:
        step_s, contact_s = float(REF_POP_1.step_time_s(v)), float(REF_POP_1.contact_time_s(v))
        return float(loads(step_s, contact_s).achilles_peak_bw[0])

    assert peak(speed_mps + more_mps) > peak(speed_mps)
    assert peak(EASY_SPEED_MPS) < MODEL.hard_line_bw < peak(1.2 * EASY_SPEED_MPS)


def test_the_model_says_that_it_is_provisional_and_who_it_is() -> None:
    assert (MODEL.version, MODEL.provisional, MODEL.reference.id) == ("achilles-0.1", True, "ref-pop-1")
