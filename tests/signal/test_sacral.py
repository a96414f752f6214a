import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.sacrum.correction import LOADED_SHORTER_S, STEP_SD_S, corrected
from sensor_hub.signal.sacrum.detector import SacralDetector
from sensor_hub.signal.sacrum.step_shape import Stances
from sensor_hub.signal.steps import RUN, StepPairer
from sensor_hub.simulation.worn import Course, Fitting, Leg, Person, worn
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
    truth = SACRAL_RUN.initial_contact_s[1 : 1 + len(contact)]  # of the first the flight before it was not seen
    assert len(contact) >= len(SACRAL_RUN.initial_contact_s) - 2
    assert_allclose(contact, truth, atol=0.04)
    assert_allclose(np.diff(contact)[2:], 0.351, atol=0.004)
    assert np.all(np.isfinite(toe_off[1:]))


@settings(max_examples=30)
@given(st.data(), st.sampled_from([50.0, 104.0, 200.0, 1000.0]))
def test_sacral_contacts_do_not_depend_on_any_cutting(data: st.DataObject, rate_hz: float) -> None:
    run = irregular(sacrum(8.0, rate_hz=rate_hz))
    pieces = data.draw(cuts(len(run.t_s)))
    assert content(in_pieces(SacralDetector(), run, pieces)) == content(whole(SacralDetector(), run))


def irregular(run: SyntheticRun, seed: int = 0) -> SyntheticRun:
    """The same run with jitter in its times, noise, and samples that lack everything or an axis."""
    rng = np.random.default_rng(seed)
    run.acceleration_mps2[:] += rng.normal(0, 0.5, run.acceleration_mps2.shape)
    run.acceleration_mps2[rng.random(len(run.t_s)) < 0.02] = np.nan
    run.acceleration_mps2[rng.random(len(run.t_s)) < 0.02, 1] = np.nan
    step_s = float(np.median(np.diff(run.t_s)))
    run.t_s[:] += rng.uniform(-0.4, 0.4, len(run.t_s)) * step_s
    return run


@settings(max_examples=30)
@given(turns())
def test_sacral_contacts_do_not_depend_on_how_the_sensor_is_strapped_on(turn: FloatArray) -> None:
    contact, toe_off = times(whole(SacralDetector(), rotated(SACRAL_RUN, turn)))
    expected, expected_off = times(whole(SacralDetector(), SACRAL_RUN))
    assert_allclose(contact, expected, atol=1e-6)
    assert_allclose(toe_off, expected_off, atol=1e-6)


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 500.0, 1000.0])
def test_the_rate_of_the_sensor_hardly_moves_a_sacral_contact(rate_hz: float) -> None:
    contact, toe_off = times(whole(SacralDetector(), sacrum(rate_hz=rate_hz)))
    expected, expected_off = times(whole(SacralDetector(), sacrum(rate_hz=500.0)))
    assert_allclose(contact, expected, atol=0.004)
    assert_allclose(toe_off, expected_off, atol=0.008)


def test_unknown_samples_at_the_sacrum_are_left_out() -> None:
    run = sacrum()
    run.acceleration_mps2[5::40] = np.nan
    run.acceleration_mps2[20::40, 2] = np.nan  # an axis that is known otherwise
    contact, _ = times(whole(SacralDetector(), run))
    expected, _ = times(whole(SacralDetector(), SACRAL_RUN))
    assert_allclose(contact, expected, atol=0.01)


def test_a_sample_that_lacks_an_axis_is_left_out_and_not_taken_for_zero() -> None:
    run, without = sacrum(rate_hz=100.0), sacrum(rate_hz=100.0)
    lacking = np.arange(len(run.t_s)) % 9 == 5
    run.acceleration_mps2[lacking, 2] = np.nan
    without.acceleration_mps2[lacking] = np.nan
    assert content(whole(SacralDetector(), run)) == content(whole(SacralDetector(), without))


def test_sway_from_side_to_side_is_no_surge() -> None:
    run = sacrum()
    step = ((run.t_s + 0.151) / 0.351).astype(int)  # from toe-off to toe-off
    side = np.where(step % 2 == 0, 1.0, -1.0)
    run.acceleration_mps2[:, 1] = 4.0 * side * np.sin(4 * np.pi * run.t_s / 0.351)
    _, toe_off = times(whole(SacralDetector(), run))
    _, expected = times(whole(SacralDetector(), SACRAL_RUN))
    assert_allclose(toe_off[2:], expected[2:], atol=0.002)


def test_who_stands_after_a_landing_has_no_contact_left_open() -> None:
    run = sacrum(20.0)
    run.acceleration_mps2[run.t_s > run.initial_contact_s[30] + 0.06] = [0.0, 0.0, 1.01 * STANDARD_GRAVITY_MPS2]
    detector = SacralDetector()
    until = run.t_s < run.initial_contact_s[30] + 0.65  # longer than any contact of running
    detector.receive(run.t_s[until], run.acceleration_mps2[until], run.rotation_radps[until])
    assert len(detector.flush()) == 0


def test_an_axis_the_sensor_lacks_counts_as_zero() -> None:
    run = sacrum()
    run.acceleration_mps2[:, :2] = np.nan
    assert content(whole(SacralDetector(), run)) == content(whole(SacralDetector(), SACRAL_RUN))


def test_a_stretch_of_a_few_samples_does_not_decide_where_up_is() -> None:
    detector, sideways = SacralDetector(), np.tile([5.0, 0.0, 0.1], (20, 1))  # a flight: gravity is not felt
    assert len(detector.receive(np.arange(20) / 200, sideways, sideways)) == 0
    assert len(detector.flush()) == 0
    assert len(whole(detector, SACRAL_RUN)) == len(whole(SacralDetector(), SACRAL_RUN))


def test_a_short_stretch_is_judged_by_its_own_mean() -> None:
    run = sacrum(2.0)
    assert len(whole(SacralDetector(), run)) >= len(run.initial_contact_s) - 2


def test_the_vertical_of_one_stretch_serves_the_next() -> None:
    detector, turn = SacralDetector(), np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    turned = rotated(SACRAL_RUN, turn)
    whole(detector, turned)
    later = detector.receive(turned.t_s[:300], turned.acceleration_mps2[:300], turned.rotation_radps[:300])
    assert len(later) >= 3  # within a second and a half: nothing was held back


def test_steps_are_found_again_after_the_belt_slipped() -> None:
    before, after = sacrum(20.0), rotated(sacrum(20.0), np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]))
    slip = len(before.t_s) // 2
    before.acceleration_mps2[slip:] = after.acceleration_mps2[slip:]
    contact, _ = times(whole(SacralDetector(), before))
    late = contact[contact > before.t_s[slip] + 6.0]
    expected = before.initial_contact_s[before.initial_contact_s > before.t_s[slip] + 6.0]
    assert len(late) >= len(expected) - 1


def test_sacral_contacts_are_told_before_twenty_milliseconds_have_passed() -> None:
    run = sacrum(20.0)
    detector, late_s = SacralDetector(), []
    for i in range(len(run.t_s)):
        one = slice(i, i + 1)
        for toe_off_s in detector.receive(run.t_s[one], run.acceleration_mps2[one], run.rotation_radps[one]).toe_off_s:
            true_s = run.toe_off_s[np.abs(run.toe_off_s - toe_off_s).argmin()]
            late_s.append(run.t_s[i] - true_s)
    assert len(late_s) > 50
    assert np.percentile(late_s[9:], 99) <= 0.02  # the first three seconds are held back


def test_the_first_step_after_a_break_has_a_beginning_and_no_end() -> None:
    run = sacrum(20.0)
    detector, rest = SacralDetector(), run.t_s >= 10.1  # in a flight
    first = run.t_s < 9.9
    detector.receive(run.t_s[first], run.acceleration_mps2[first], run.rotation_radps[first])
    detector.flush()
    found = detector.receive(run.t_s[rest], run.acceleration_mps2[rest], run.rotation_radps[rest])
    assert np.isnan(found.toe_off_s[0])
    assert found.quality[0] == 0.0
    assert_allclose(found.initial_contact_s[0], 10.179, atol=0.03)
    assert np.all(np.isfinite(found.toe_off_s[1:]))


def test_a_contact_that_a_break_cuts_off_has_no_end() -> None:
    run = sacrum(20.0)
    until = run.t_s < run.initial_contact_s[40] + 0.12
    detector = SacralDetector()
    detector.receive(run.t_s[until], run.acceleration_mps2[until], run.rotation_radps[until])
    last = detector.flush()
    assert len(last) == 1
    assert np.isnan(last.toe_off_s[0])
    assert_allclose(last.initial_contact_s[0], run.initial_contact_s[40], atol=0.03)


def test_what_lies_outside_the_range_fitted_is_trusted_less() -> None:
    def step(time_s: float, peakedness: float, surge: float, carried: float) -> Stances:
        columns = [np.array([v]) for v in (1.0, 1.2, time_s, peakedness, surge, carried, 0.005)]
        return Stances(*columns)

    inside, _, inside_sd, trust = corrected(step(0.32, 1.8, 0.3, 1.2))
    assert (inside_sd.item(), trust.item()) == (STEP_SD_S, 1.0)
    for strange in (step(0.45, 1.8, 0.3, 1.2), step(0.32, 1.2, 0.3, 1.2), step(0.32, 1.8, 0.01, 1.2),
                    step(0.32, 1.8, 0.3, 1.0)):  # fmt: skip
        contact, _, sd, less = corrected(strange)
        assert sd > 1.2 * inside_sd
        assert less < 0.6
        assert 0.15 < contact[0] < 0.4
    beyond, _, _, _ = corrected(step(0.6, 1.8, 0.3, 1.2))
    assert_allclose(beyond, 0.2 + LOADED_SHORTER_S)  # nothing but the time it was loaded, no extrapolation
    nearly, _, _, _ = corrected(step(0.384, 1.8, 0.3, 1.2))
    end, _, _, _ = corrected(step(0.382, 1.8, 0.3, 1.2))
    assert_allclose(nearly, end, atol=0.001)  # no jump at the end of the range
    assert inside < end


def test_standing_and_walking_at_the_sacrum_are_not_running() -> None:
    person, sensor = Person.drawn(seed=1, strike="rearfoot"), Fitting(mount="sacrum", side="L", rate_hz=100.0)
    course = Course.of([Leg("stand", 10.0), Leg("walk", 30.0, 1.4), Leg("walk", 30.0, 1.9), Leg("stand", 10.0)])
    walked = worn(course, person, sensor, seed=1)
    run = SyntheticRun(walked.t_s, walked.acceleration_mps2, walked.rotation_radps, np.empty(0), np.empty(0))
    found = whole(SacralDetector(), run)
    assert len(found) <= 1  # the halt
    assert not np.any(np.isfinite(found.toe_off_s))
    pairer = StepPairer(SacralDetector.feet_seen)
    assert not any(np.any(steps.gait == RUN) for steps in (pairer.receive(found), pairer.flush()))


def test_simulated_running_has_every_step_at_the_sacrum() -> None:
    person, sensor = Person.drawn(seed=2, strike="forefoot"), Fitting(mount="sacrum", side="L", rate_hz=104.0)
    ran = worn(Course.run(speed_mps=3.0, duration_s=30.0), person, sensor, seed=2)
    run = SyntheticRun(ran.t_s, ran.acceleration_mps2, ran.rotation_radps, np.empty(0), np.empty(0))
    found = whole(SacralDetector(), run)
    truth = ran.truth.only((ran.truth.initial_contact_s > 0.5) & (ran.truth.toe_off_s < 29.5))
    nearest_s = np.abs(truth.initial_contact_s[:, None] - found.initial_contact_s).min(axis=1)
    assert np.all(nearest_s < 0.06)
    inside = (found.initial_contact_s > 0.6) & (found.initial_contact_s < 29.0)
    assert np.all(np.diff(found.initial_contact_s[inside]) > 0.25)  # and none twice
