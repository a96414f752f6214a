"""Hops and heel drops: the two published points they are held to, the curve they are made of, and their limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.load.exercise import (
    LONGEST_HOP_CONTACT_S,
    SHORTEST_HOP_CONTACT_S,
    ExerciseLoads,
    heel_drop_loads,
    hop_loads,
)
from sensor_hub.load.tendon import BALL_M, HOP, TENDON_LEVER_M, achilles_curve
from sensor_hub.load.uncertainty import ABSOLUTE_BAND

NAN = math.nan
HOP_CONTACT_S = st.floats(SHORTEST_HOP_CONTACT_S, LONGEST_HOP_CONTACT_S)
FLIGHT_S = st.floats(0.01, 0.6)
PHASE = np.linspace(0.0, 1.0, 2_001)
# What a foot carries when one sits: most of the leg, none of the trunk. Ours: what it was in the study is not
# published, so that the two agree shows only that they can.
SEATED_LEG_BW = 0.2


def hop(contact_s: float, hop_s: float, legs: int = 1) -> ExerciseLoads:
    return hop_loads(np.array([contact_s]), np.array([hop_s]), legs=legs)


def drop(duration_s: float, carried_bw: float) -> ExerciseLoads:
    return heel_drop_loads(np.array([duration_s]), np.array([carried_bw]))


def test_a_hop_of_usual_timing_has_the_published_peak_of_a_forward_hop_on_one_leg() -> None:
    assert hop(0.25, 0.42).achilles_peak_bw[0] == pytest.approx(7.3, abs=0.1)  # Baxter et al. 2021, n = 8, lever 5 cm


def test_a_seated_heel_raise_can_have_the_published_peak_within_the_band_of_every_force() -> None:
    assert drop(3.0, SEATED_LEG_BW).achilles_peak_bw[0] == pytest.approx(0.5, rel=ABSOLUTE_BAND)


def test_what_people_do_at_home_is_in_its_published_order() -> None:
    seated, standing_on_two, on_one = (drop(3.0, bw).achilles_peak_bw[0] for bw in (SEATED_LEG_BW, 0.5, 1.0))
    hop_on_two, hop_on_one = hop(0.25, 0.42, legs=2).achilles_peak_bw[0], hop(0.25, 0.42).achilles_peak_bw[0]
    assert seated < standing_on_two < on_one < hop_on_two < hop_on_one


@given(HOP_CONTACT_S, FLIGHT_S)
def test_the_force_curve_of_a_hop_carries_the_impulse_and_the_peak_that_are_told(
    contact_s: float, flight_s: float
) -> None:
    told = hop(contact_s, contact_s + flight_s)
    curve_bw = achilles_curve(PHASE, HOP) * (contact_s + flight_s) / contact_s
    assert told.achilles_impulse_bw_s[0] == pytest.approx(np.trapezoid(curve_bw, PHASE * contact_s), rel=1e-3)
    assert told.achilles_peak_bw[0] == pytest.approx(curve_bw.max(), rel=1e-3)
    late = np.argmax(curve_bw)
    after = np.trapezoid(curve_bw[late:], PHASE[late:] * contact_s)
    assert told.achilles_push_off_bw_s[0] == pytest.approx(after, rel=1e-3)


@given(HOP_CONTACT_S, FLIGHT_S)
def test_two_legs_share_a_hop(contact_s: float, flight_s: float) -> None:
    one, two = hop(contact_s, contact_s + flight_s), hop(contact_s, contact_s + flight_s, legs=2)
    for name in ExerciseLoads.__slots__:
        assert_allclose(getattr(two, name), getattr(one, name) / 2)


@given(HOP_CONTACT_S, FLIGHT_S, st.floats(0.01, 0.3))
def test_a_higher_hop_loads_more_and_a_softer_landing_has_a_lower_peak_of_the_same_impulse(
    contact_s: float, flight_s: float, more_s: float
) -> None:
    hop_s = contact_s + flight_s
    assert hop(contact_s, hop_s + more_s).achilles_peak_bw[0] > hop(contact_s, hop_s).achilles_peak_bw[0]
    stiff, soft = hop(SHORTEST_HOP_CONTACT_S, hop_s + more_s), hop(contact_s, hop_s + more_s)
    assert soft.achilles_impulse_bw_s[0] == stiff.achilles_impulse_bw_s[0]
    assert soft.achilles_peak_bw[0] <= stiff.achilles_peak_bw[0]


@pytest.mark.parametrize(
    ("contact_s", "hop_s"),
    [
        (NAN, 0.5),
        (0.25, NAN),
        (0.99 * SHORTEST_HOP_CONTACT_S, 0.5),
        (1.01 * LONGEST_HOP_CONTACT_S, 1.0),
        (0.3, 0.3),
        (0.3, 0.2),
        (-0.2, 0.5),
    ],
)
def test_a_hop_that_is_unknown_or_none_is_unknown_and_never_zero(contact_s: float, hop_s: float) -> None:
    told = hop(contact_s, hop_s)
    assert all(np.isnan(getattr(told, name)[0]) for name in ExerciseLoads.__slots__)


@pytest.mark.parametrize("legs", [0, 3, -1])
def test_a_hop_on_any_other_number_of_legs_is_refused(legs: int) -> None:
    with pytest.raises(ValueError, match="one leg or two"):
        hop(0.25, 0.42, legs=legs)


@given(st.floats(0.1, 60.0), st.floats(0.0, 3.0))
def test_a_slow_heel_drop_is_a_lever_that_carries_for_as_long_as_it_lasts(duration_s: float, carried_bw: float) -> None:
    told = drop(duration_s, carried_bw)
    assert told.achilles_peak_bw[0] == pytest.approx(carried_bw * BALL_M / TENDON_LEVER_M)
    assert told.achilles_impulse_bw_s[0] == pytest.approx(told.achilles_peak_bw[0] * duration_s)
    assert told.achilles_push_off_bw_s[0] == pytest.approx(told.achilles_impulse_bw_s[0] / 2)


@pytest.mark.parametrize(("duration_s", "carried_bw"), [(NAN, 1.0), (3.0, NAN), (0.0, 1.0), (-3.0, 1.0), (3.0, -0.1)])
def test_a_heel_drop_that_is_unknown_or_none_is_unknown_and_never_zero(duration_s: float, carried_bw: float) -> None:
    told = drop(duration_s, carried_bw)
    assert all(np.isnan(getattr(told, name)[0]) for name in ExerciseLoads.__slots__)


def test_a_bad_repetition_spoils_no_other() -> None:
    told = hop_loads(np.array([0.25, NAN, 0.25]), np.array([0.42, 0.42, 0.42]))
    np.testing.assert_array_equal(np.isnan(told.achilles_peak_bw), [False, True, False])
    assert told.achilles_peak_bw[0] == told.achilles_peak_bw[2]
