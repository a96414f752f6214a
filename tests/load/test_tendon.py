"""Every constant of the tendon's curve is made anew here from the curve itself, in small steps."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.load.achilles import WALK_PEAK_OVER_MEAN
from sensor_hub.load.tendon import (
    FOREFOOT,
    HOP,
    MIDFOOT,
    REARFOOT,
    TENDON_LEVER_M,
    WALK,
    TendonCurve,
    achilles_curve,
    curve_numbers,
    lever_m,
    walking_shape,
)
from sensor_hub.load.vgrf import SHAPE_EXPONENT, force_shape
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.foot_strike import FOREFOOT_BELOW_RAD, REARFOOT_ABOVE_RAD

N = 400_000
PHASE = (np.arange(N) + 0.5) / N
CURVES = {"rearfoot": REARFOOT, "midfoot": MIDFOOT, "forefoot": FOREFOOT, "walk": WALK, "hop": HOP}
PITCH_RAD = st.floats(-0.6, 0.6)


def by_the_curve(curve: TendonCurve) -> tuple[float, float, float]:
    """Return lever, peak over mean and the part after the peak."""
    relative = achilles_curve(PHASE, curve)
    mean, top = float(relative.mean()), int(relative.argmax())
    return mean, float(relative[top]) / mean, float(relative[top:].sum() / relative.sum())


def numbers_at(pitch_rad: float) -> FloatArray:
    return np.array([column[0] for column in curve_numbers(np.array([pitch_rad]))])


@pytest.mark.parametrize("name", CURVES)
def test_the_shipped_numbers_are_those_of_the_curve(name: str) -> None:
    _, *shipped = astuple(CURVES[name])
    assert_allclose(shipped, by_the_curve(CURVES[name]), rtol=0, atol=6e-5)


def test_the_running_force_conserves_the_impulse_of_the_step() -> None:
    force = force_shape(PHASE)
    assert force.mean() == pytest.approx(1.0, abs=2e-6)
    assert force.max() == pytest.approx(1.66, abs=0.005)
    assert (np.sin(np.pi * PHASE) ** SHAPE_EXPONENT).mean() == pytest.approx(0.602366, abs=1e-6)


def test_the_walking_force_conserves_the_impulse_of_the_contact_and_has_two_humps() -> None:
    force = walking_shape(PHASE)
    assert force.mean() == pytest.approx(1.0, abs=2e-6)
    rises = np.diff(force) > 0
    assert np.count_nonzero(rises[:-1] & ~rises[1:]) == 2


def test_the_walking_peak_of_the_ground_force_is_the_top_of_its_humps() -> None:
    assert walking_shape(PHASE).max() == pytest.approx(WALK_PEAK_OVER_MEAN, abs=5e-4)


def test_the_force_is_the_moment_over_the_tendons_own_lever() -> None:
    ahead_m = lever_m(PHASE, FOREFOOT)
    assert_allclose(achilles_curve(PHASE, FOREFOOT), force_shape(PHASE) * ahead_m / TENDON_LEVER_M)


@pytest.mark.parametrize("name", CURVES)
def test_the_tendon_never_pushes(name: str) -> None:
    assert achilles_curve(PHASE, CURVES[name]).min() >= 0


@pytest.mark.parametrize("name", ["rearfoot", "midfoot", "forefoot", "walk"])
def test_the_centre_of_pressure_rolls_forward_only(name: str) -> None:
    assert (np.diff(lever_m(PHASE, CURVES[name])) > 0).all()


def test_a_forefoot_loads_more_than_a_midfoot_and_that_more_than_a_rearfoot() -> None:
    ways = (FOREFOOT, MIDFOOT, REARFOOT)
    levers = [curve.lever for curve in ways]
    peaks = [curve.lever * curve.peak_over_mean for curve in ways]
    assert levers == sorted(levers, reverse=True)
    assert peaks == sorted(peaks, reverse=True)
    assert len(set(levers)) == len(set(peaks)) == 3


def test_the_further_ahead_the_foot_lands_the_earlier_the_peak() -> None:
    tops = [achilles_curve(PHASE, curve).argmax() for curve in (REARFOOT, MIDFOOT, FOREFOOT, HOP)]
    assert tops == sorted(tops, reverse=True)
    assert 0.5 < tops[0] / N < 0.65
    assert achilles_curve(PHASE, WALK).argmax() / N > 0.75  # walking pushes off late


def test_a_hop_stands_on_the_ball_all_the_time() -> None:
    assert_allclose(achilles_curve(PHASE, HOP), force_shape(PHASE) * 0.13 / 0.05)


@given(PITCH_RAD, PITCH_RAD)
def test_the_more_the_toes_point_up_the_less_the_load(one_rad: float, other_rad: float) -> None:
    low, high = sorted((one_rad, other_rad))
    (lever_low, over_low, _), (lever_high, over_high, _) = numbers_at(low), numbers_at(high)
    assert lever_low >= lever_high
    assert lever_low * over_low >= lever_high * over_high


@given(PITCH_RAD, st.floats(-0.002, 0.002))
def test_a_step_does_not_jump_when_its_angle_crosses_a_border(pitch_rad: float, more_rad: float) -> None:
    steepest = (MIDFOOT.lever - FOREFOOT.lever) / (REARFOOT_ABOVE_RAD - FOREFOOT_BELOW_RAD)
    moved = numbers_at(pitch_rad + more_rad)[0] - numbers_at(pitch_rad)[0]
    assert abs(moved) <= abs(steepest * more_rad) + 1e-12


def test_the_middle_of_each_class_has_the_numbers_of_its_curve() -> None:
    middle_rad = (FOREFOOT_BELOW_RAD + REARFOOT_ABOVE_RAD) / 2
    width_rad = REARFOOT_ABOVE_RAD - FOREFOOT_BELOW_RAD
    for curve, classes in ((FOREFOOT, -1), (MIDFOOT, 0), (REARFOOT, 1)):
        assert_allclose(numbers_at(middle_rad + classes * width_rad), astuple(curve)[1:])
    assert_allclose(numbers_at(-1.0), astuple(FOREFOOT)[1:])
    assert_allclose(numbers_at(1.0), astuple(REARFOOT)[1:])


def test_an_unknown_angle_is_taken_for_a_rearfoots() -> None:
    assert_allclose(numbers_at(np.nan), astuple(REARFOOT)[1:])
