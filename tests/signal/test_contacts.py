import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.contacts import Contact, ContactDetector, resolution_quality
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.sacral import SacralDetector
from sensor_hub.signal.swing import SwingDetector
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests.synthetic_run import SyntheticRun, cuts, equal_cuts, in_any, one_leg, rotated, turns

RUN = one_leg(stride_s=0.7031)
INTERVAL_S = 0.01


def sacrum(duration_s: float = 12.0, *, step_s: float = 0.351, contact_s: float = 0.23, rate_hz: float = 200.0,
           flights_first: bool = False) -> SyntheticRun:  # fmt: skip
    """Vertical force as a half sine that carries one body weight on average, on the z axis."""
    t_s = np.arange(0.0, duration_s, 1 / rate_hz).round(6)
    contacts = np.arange(0.0 if not flights_first else 0.12, duration_s, step_s)
    at = np.maximum(np.searchsorted(contacts, t_s, side="right") - 1, 0)
    phase = (t_s - contacts[at]) / contact_s
    up_bw = np.where((phase >= 0) & (phase < 1), np.pi / 2 * step_s / contact_s * np.sin(np.pi * phase), 0.0)
    acceleration = np.zeros((len(t_s), 3))
    acceleration[:, 2] = up_bw * STANDARD_GRAVITY_MPS2
    return SyntheticRun(t_s, acceleration, np.full((len(t_s), 3), np.nan), contacts, contacts + contact_s)


SACRAL_RUN = sacrum()


def whole(detector: ContactDetector, run: SyntheticRun) -> list[Contact]:
    return detector.receive(run.t_s, run.acceleration_mps2, run.rotation_radps) + detector.flush()


def in_pieces(detector: ContactDetector, run: SyntheticRun, pieces: list[tuple[int, int]]) -> list[Contact]:
    found: list[Contact] = []
    for a, b in pieces:
        found += detector.receive(run.t_s[a:b], run.acceleration_mps2[a:b], run.rotation_radps[a:b])
    return found + detector.flush()


def times(contacts: list[Contact]) -> tuple[FloatArray, FloatArray]:
    return np.array([c.initial_contact_s for c in contacts]), np.array([c.toe_off_s for c in contacts])


# --- swing -----------------------------------------------------------------------------------------------------------


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
    assert repr(in_pieces(SwingDetector(), RUN, pieces)) == repr(whole(SwingDetector(), RUN))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_contacts_do_not_depend_on_any_cutting(data: st.DataObject) -> None:
    run = one_leg(12.0, seed=data.draw(st.integers(0, 50)), noise=data.draw(st.sampled_from([0.0, 0.3, 2.0])))
    pieces = data.draw(cuts(len(run.t_s)))
    assert repr(in_pieces(SwingDetector(), run, pieces)) == repr(whole(SwingDetector(), run))


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
    assert whole(SwingDetector(), run) == []
    assert in_pieces(SwingDetector(), run, equal_cuts(len(run.t_s), 1)) == []


def test_a_leg_that_stands_makes_no_contacts() -> None:
    standing = one_leg(first_contact_s=100.0)
    assert whole(SwingDetector(), standing) == []


def test_nothing_in_is_nothing_out() -> None:
    for detector in (SwingDetector(), SacralDetector()):
        assert detector.receive(np.empty(0), np.empty((0, 3)), np.empty((0, 3))) == []
        assert detector.flush() == []
        assert detector.flush() == []


def test_the_contact_before_a_break_has_no_toe_off() -> None:
    n = int(np.searchsorted(RUN.t_s, RUN.initial_contact_s[8] + 0.25))
    found = in_pieces(SwingDetector(), RUN, [(0, n)])
    assert [np.isnan(c.toe_off_s) for c in found] == [False] * (len(found) - 1) + [True]


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


# --- sacrum ----------------------------------------------------------------------------------------------------------


def test_at_the_sacrum_both_feet_are_found() -> None:
    contact, toe_off = times(whole(SacralDetector(), SACRAL_RUN))
    truth = SACRAL_RUN.initial_contact_s[: len(contact)]
    assert len(contact) >= len(SACRAL_RUN.initial_contact_s) - 1
    assert_allclose(contact, truth, atol=0.012)  # a quarter of a body weight is reached a little after landing
    assert_allclose((toe_off - contact)[:-1], 0.23, atol=0.025)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_sacral_contacts_do_not_depend_on_any_cutting(data: st.DataObject) -> None:
    pieces = data.draw(cuts(len(SACRAL_RUN.t_s)))
    assert repr(in_pieces(SacralDetector(), SACRAL_RUN, pieces)) == repr(whole(SacralDetector(), SACRAL_RUN))


@settings(max_examples=30, deadline=None)
@given(turns())
def test_sacral_contacts_do_not_depend_on_how_the_sensor_is_strapped_on(turn: FloatArray) -> None:
    contact, _ = times(whole(SacralDetector(), rotated(SACRAL_RUN, turn)))
    expected, _ = times(whole(SacralDetector(), SACRAL_RUN))
    assert_allclose(contact, expected, atol=0.005)


def test_unknown_samples_at_the_sacrum_are_left_out() -> None:
    run = sacrum()
    run.acceleration_mps2[5::40] = np.nan
    contact, _ = times(whole(SacralDetector(), run))
    expected, _ = times(whole(SacralDetector(), SACRAL_RUN))
    assert_allclose(contact, expected, atol=0.01)


def test_a_stretch_of_a_few_samples_does_not_decide_where_up_is() -> None:
    detector, sideways = SacralDetector(), np.tile([5.0, 0.0, 0.1], (20, 1))  # a flight: gravity is not felt
    assert detector.receive(np.arange(20) / 200, sideways, sideways) + detector.flush() == []
    assert len(whole(detector, SACRAL_RUN)) == len(whole(SacralDetector(), SACRAL_RUN))


def test_a_short_stretch_is_judged_by_its_own_mean() -> None:
    run = sacrum(2.0)
    assert len(whole(SacralDetector(), run)) >= len(run.initial_contact_s) - 2


# --- both ------------------------------------------------------------------------------------------------------------


def test_each_mount_has_its_detector() -> None:
    assert [detector_for(m).feet_seen for m in ("foot", "shank", "sacrum")] == [1, 1, 2]


def test_quality_falls_with_the_sampling_interval() -> None:
    assert resolution_quality(0.0) == 1.0
    assert resolution_quality(0.025) == pytest.approx(0.5)
    assert resolution_quality(0.05) == resolution_quality(0.2) == 0.0


def test_the_synthetic_truth_has_one_contact_a_stride() -> None:
    on_ground = in_any(RUN.t_s, RUN.initial_contact_s, RUN.toe_off_s)
    assert np.mean(on_ground[100:-100]) == pytest.approx(0.24 / 0.7031, abs=0.02)
