"""Morin's formulas beside the mechanics they come from, integrated by brute force."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sensor_hub.load.stiffness import LEG_LENGTH_OF_HEIGHT, leg_stiffness_bw_per_m, vertical_stiffness_bw_per_m
from sensor_hub.load.vgrf import STEEP
from sensor_hub.units import STANDARD_GRAVITY_MPS2

NAN = math.nan
LEG_M = LEG_LENGTH_OF_HEIGHT * 1.75
CONTACT_S = st.floats(0.15, 0.32)
FLIGHT_S = st.floats(0.02, 0.2)
SPEED_MPS = st.floats(2.0, 5.5)


def vertical(step_s: float, contact_s: float, grade: float = 0.0) -> float:
    return float(vertical_stiffness_bw_per_m(*(np.array([x]) for x in (step_s, contact_s, grade)))[0])


def leg(step_s: float, contact_s: float, speed_mps: float, grade: float = 0.0, leg_m: float = LEG_M) -> float:
    step, contact, slope, speed = (np.array([x]) for x in (step_s, contact_s, grade, speed_mps))
    return float(leg_stiffness_bw_per_m(step, contact, slope, speed, leg_m)[0])


def half_sine(step_s: float, contact_s: float) -> tuple[float, float]:
    """Peak force in BW of a half sine with the impulse of body weight over a step, and how far the body sinks, m.

    The body is a point that is let go and caught again: its acceleration is integrated twice from mid-contact, where it
    is lowest and at rest.
    """
    t = np.linspace(0.0, contact_s / 2, 2_001)
    shape = np.sin(np.pi * (t / contact_s + 0.5))  # from the middle to toe-off
    impulse_of_shape = 2 * np.trapezoid(shape, t)
    peak_bw = float(step_s / impulse_of_shape)
    acceleration = STANDARD_GRAVITY_MPS2 * (peak_bw * shape - 1.0)
    dt = t[1]
    speed = np.concatenate([[0.0], np.cumsum((acceleration[1:] + acceleration[:-1]) / 2) * dt])
    return peak_bw, float(np.trapezoid(speed, t))


@given(CONTACT_S, FLIGHT_S)
def test_vertical_stiffness_is_peak_force_over_the_way_a_body_sinks_under_a_half_sine(
    contact_s: float, flight_s: float
) -> None:
    peak_bw, sinks_m = half_sine(contact_s + flight_s, contact_s)
    assert vertical(contact_s + flight_s, contact_s) == pytest.approx(peak_bw / sinks_m, rel=1e-5)


@given(CONTACT_S, FLIGHT_S, SPEED_MPS)
def test_leg_stiffness_is_peak_force_over_what_the_leg_shortens_while_it_sweeps_its_arc(
    contact_s: float, flight_s: float, speed_mps: float
) -> None:
    peak_bw, sinks_m = half_sine(contact_s + flight_s, contact_s)
    half_way_m = speed_mps * contact_s / 2
    assume(half_way_m < 0.95 * LEG_M)
    shortens_m = LEG_M * (1 - math.cos(math.asin(half_way_m / LEG_M))) + sinks_m
    assert leg(contact_s + flight_s, contact_s, speed_mps) == pytest.approx(peak_bw / shortens_m, rel=1e-5)


@given(CONTACT_S, FLIGHT_S, SPEED_MPS)
def test_a_leg_that_sweeps_an_arc_is_softer_than_the_body_sinks(
    contact_s: float, flight_s: float, speed_mps: float
) -> None:
    assume(speed_mps * contact_s / 2 < 0.95 * LEG_M)
    step_s = contact_s + flight_s
    assert 0 < leg(step_s, contact_s, speed_mps) < vertical(step_s, contact_s)


def test_a_runner_by_hand() -> None:
    # tc 0.25 s, step 0.35 s: F = 2.199 BW, dy = 9.80665 · 0.0625 · (2.199 / 9.8696 - 0.125) = 0.05996 m
    assert vertical(0.35, 0.25) == pytest.approx(36.68, rel=1e-3)
    # L = 0.93 m at 3.33 m/s: half the way is 0.41625 m, the arc costs 0.09836 m
    assert leg(0.35, 0.25, 3.33, leg_m=0.93) == pytest.approx(2.199 / (0.09836 + 0.05996), rel=1e-3)


@pytest.mark.parametrize(("speed_mps", "contact_s", "flight_s"), [(3.33, 0.25, 0.10), (4.0, 0.22, 0.12)])
def test_ten_percent_less_contact_at_the_same_flight_is_stiffer_by_what_the_method_says(
    speed_mps: float, contact_s: float, flight_s: float
) -> None:
    long, short = contact_s + flight_s, 0.9 * contact_s + flight_s
    assert vertical(short, 0.9 * contact_s) / vertical(long, contact_s) == pytest.approx(1.20, abs=0.03)
    by_leg = leg(short, 0.9 * contact_s, speed_mps) / leg(long, contact_s, speed_mps)
    assert by_leg == pytest.approx(1.25, abs=0.03)


@pytest.mark.parametrize(
    ("speed_mps", "contact_s", "step_s"), [(3.33, 0.25, 0.35), (4.0, 0.22, 0.34), (5.0, 0.2, 0.33)]
)
def test_ten_percent_less_contact_in_the_same_step_moves_the_leg_more_than_the_body(
    speed_mps: float, contact_s: float, step_s: float
) -> None:
    by_body = vertical(step_s, 0.9 * contact_s) / vertical(step_s, contact_s)
    by_leg = leg(step_s, 0.9 * contact_s, speed_mps) / leg(step_s, contact_s, speed_mps)
    assert 1.09 < by_body < 1.135
    assert 1.255 < by_leg < 1.315


@pytest.mark.parametrize(
    ("step_s", "contact_s", "grade"),
    [(NAN, 0.25, 0.0), (0.35, NAN, 0.0), (0.35, 0.25, 1.01 * STEEP), (0.35, 0.25, -1.01 * STEEP), (0.35, 0.0, 0.0)],
)
def test_a_time_that_is_unknown_or_a_slope_leaves_both_unknown(step_s: float, contact_s: float, grade: float) -> None:
    assert math.isnan(vertical(step_s, contact_s, grade))
    assert math.isnan(leg(step_s, contact_s, 3.0, grade))


def test_a_slope_nobody_told_is_taken_for_level_and_a_gentle_one_too() -> None:
    assert vertical(0.35, 0.25, NAN) == vertical(0.35, 0.25, 0.99 * STEEP) == vertical(0.35, 0.25, 0.0)


def test_a_leg_needs_a_speed_and_must_reach_the_ground_at_both_ends() -> None:
    assert math.isnan(leg(0.35, 0.25, NAN))
    assert math.isnan(leg(0.35, 0.25, 2.01 * LEG_M / 0.25))
    assert not math.isnan(leg(0.35, 0.25, 1.99 * LEG_M / 0.25))


def test_a_contact_so_long_that_nothing_sinks_has_no_stiffness() -> None:
    # the half sine holds the body up all the while where pi/2 · step / contact is below pi² / 8
    longest_s = 0.35 * 4 / np.pi
    assert math.isnan(vertical(0.35, 1.001 * longest_s))
    assert vertical(0.35, 0.999 * longest_s) > 0


def test_one_bad_row_spoils_no_other() -> None:
    step_s, contact_s, grade = np.full(3, 0.35), np.array([0.25, NAN, 0.25]), np.array([0.0, 0.0, 0.1])
    np.testing.assert_array_equal(np.isnan(vertical_stiffness_bw_per_m(step_s, contact_s, grade)), [False, True, True])
