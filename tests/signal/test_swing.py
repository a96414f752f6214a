import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.sacral import SacralDetector
from sensor_hub.signal.swing import SwingDetector
from tests.signal.detecting import content, in_pieces, times, whole
from tests.synthetic_run import SyntheticRun, cuts, equal_cuts, one_leg, rotated, turns

RUN = one_leg(stride_s=0.7031)
INTERVAL_S = 0.01


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
@pytest.mark.parametrize("contact_s", [0.18, 0.24, 0.30])
def test_contacts_are_found_within_a_sample_of_the_truth(rate_hz: float, contact_s: float) -> None:
    run = one_leg(stride_s=0.7031, rate_hz=rate_hz, contact_s=contact_s)
    contact, toe_off = times(whole(SwingDetector(), run))
    assert len(contact) == len(run.initial_contact_s)
    assert_allclose(contact, run.initial_contact_s, atol=1 / rate_hz)
    assert_allclose((toe_off - contact)[:-1], contact_s, atol=1.5 / rate_hz)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_contacts_do_not_depend_on_block_sizes(size: int) -> None:
    pieces = equal_cuts(len(RUN.t_s), size)
    assert content(in_pieces(SwingDetector(), RUN, pieces)) == content(whole(SwingDetector(), RUN))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_contacts_do_not_depend_on_any_cutting(data: st.DataObject) -> None:
    run = one_leg(12.0, seed=data.draw(st.integers(0, 50)), noise=data.draw(st.sampled_from([0.0, 0.3, 2.0])))
    pieces = data.draw(cuts(len(run.t_s)))
    assert content(in_pieces(SwingDetector(), run, pieces)) == content(whole(SwingDetector(), run))


@settings(max_examples=40, deadline=None)
@given(turns())
def test_contacts_do_not_depend_on_how_the_sensor_is_strapped_on(turn: FloatArray) -> None:
    turned = whole(SwingDetector(), rotated(RUN, turn))
    contact, toe_off = times(turned)
    expected_contact, expected_toe_off = times(whole(SwingDetector(), RUN))
    assert_allclose(contact, expected_contact, atol=INTERVAL_S)
    assert_allclose(toe_off[:-1], expected_toe_off[:-1], atol=INTERVAL_S)


def test_samples_with_unknown_values_are_left_out() -> None:
    run = one_leg(stride_s=0.7031)
    run.acceleration_mps2[37::50, 1] = np.nan
    run.rotation_radps[61::50, 2] = np.nan
    contact, _ = times(whole(SwingDetector(), run))
    assert_allclose(contact, run.initial_contact_s, atol=2 * INTERVAL_S)


def test_a_sensor_without_gyroscope_gives_no_contacts_and_no_error() -> None:
    run = SyntheticRun(RUN.t_s, RUN.acceleration_mps2, np.full_like(RUN.rotation_radps, np.nan), RUN.t_s, RUN.t_s)
    assert len(whole(SwingDetector(), run)) == 0
    assert len(in_pieces(SwingDetector(), run, equal_cuts(len(run.t_s), 1))) == 0


def test_a_leg_that_stands_makes_no_contacts() -> None:
    standing = one_leg(first_contact_s=100.0)
    assert len(whole(SwingDetector(), standing)) == 0


def test_nothing_in_is_nothing_out() -> None:
    for detector in (SwingDetector(), SacralDetector()):
        assert len(detector.receive(np.empty(0), np.empty((0, 3)), np.empty((0, 3)))) == 0
        assert len(detector.flush()) == 0
        assert len(detector.flush()) == 0


def test_the_contact_before_a_break_has_no_toe_off() -> None:
    n = int(np.searchsorted(RUN.t_s, RUN.initial_contact_s[8] + 0.25))
    found = in_pieces(SwingDetector(), RUN, [(0, n)])
    assert np.isnan(found.toe_off_s).tolist() == [False] * (len(found) - 1) + [True]


def test_after_a_break_the_axis_is_known_at_once() -> None:
    detector = SwingDetector()
    before, after = one_leg(8.0), one_leg(4.0)
    assert whole(detector, before)
    contact, _ = times(whole(detector, after))
    assert_allclose(contact, after.initial_contact_s, atol=INTERVAL_S)


def test_a_runner_who_stands_still_for_long_has_no_long_contact() -> None:
    run = one_leg(40.0, stop_s=10.0)
    again = one_leg(10.0)
    t_s = np.concatenate([run.t_s, 40.0 + again.t_s])
    both = SyntheticRun(
        t_s,
        np.concatenate([run.acceleration_mps2, again.acceleration_mps2]),
        np.concatenate([run.rotation_radps, again.rotation_radps]),
        np.concatenate([run.initial_contact_s, 40.0 + again.initial_contact_s]),
        np.empty(0),
    )
    contact, toe_off = times(whole(SwingDetector(), both))
    assert_allclose(contact, both.initial_contact_s, atol=INTERVAL_S)
    assert np.nanmax(toe_off - contact) < 0.5
    assert np.isnan(toe_off[len(run.initial_contact_s) - 1])
