import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.sacral import SacralDetector
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests.signal.detecting import content, in_pieces, times, whole
from tests.synthetic_run import SyntheticRun, cuts, rotated, turns


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
    assert content(in_pieces(SacralDetector(), SACRAL_RUN, pieces)) == content(whole(SacralDetector(), SACRAL_RUN))


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
    assert len(detector.receive(np.arange(20) / 200, sideways, sideways)) == 0
    assert len(detector.flush()) == 0
    assert len(whole(detector, SACRAL_RUN)) == len(whole(SacralDetector(), SACRAL_RUN))


def test_a_short_stretch_is_judged_by_its_own_mean() -> None:
    run = sacrum(2.0)
    assert len(whole(SacralDetector(), run)) >= len(run.initial_contact_s) - 2
