"""Both leg detectors on strides known by construction; what only the foot's does stands in ``test_foot``."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.leg import stream as leg_stream
from sensor_hub.signal.leg.foot import FootDetector
from sensor_hub.signal.leg.shank import ShankDetector
from sensor_hub.signal.leg.stream import LegDetector
from sensor_hub.signal.sacrum.detector import SacralDetector
from sensor_hub.simulation.course import Course, Leg
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.worn import Fitting, Worn, worn
from tests.signal.detecting import content, in_pieces, times, whole
from tests.synthetic_run import SyntheticRun, cuts, equal_cuts, one_leg, rotated, turns

RUN = one_leg(stride_s=0.7031)
INTERVAL_S = 0.01
CORRECTED_S = 0.015  # the declared correction moves events of this made-up wave by no more
NewDetector = Callable[[], LegDetector]
DETECTORS: list[NewDetector] = [FootDetector, ShankDetector]
each_detector = pytest.mark.parametrize("detector", DETECTORS)


def as_run(sensed: Worn, kept: slice = slice(None)) -> SyntheticRun:
    truth = sensed.truth
    return SyntheticRun(
        sensed.t_s[kept],
        sensed.acceleration_mps2[kept],
        sensed.rotation_radps[kept],
        truth.initial_contact_s,
        truth.toe_off_s,
    )


@cache
def person_running(detector: NewDetector, seed: int, strike: Strike, speed_mps: float, **fitting: float) -> Worn:
    mount = detector().method.mount
    fit = Fitting(mount=mount, rate_hz=fitting.get("rate_hz", 200.0), jitter_s=fitting.get("jitter_s", 0.0))
    return worn(Course.run(speed_mps=speed_mps, duration_s=15.0), Person.drawn(seed, strike), fit, seed=seed)


def errors(found: Contacts, sensed: Worn) -> tuple[FloatArray, FloatArray]:
    """Initial contact and contact time of every true contact but the first and last; every one must be there once."""
    truth_s, off_s = sensed.truth.initial_contact_s, sensed.truth.toe_off_s
    inner = (truth_s > truth_s[0]) & (truth_s < truth_s[-1])
    truth_s, off_s = truth_s[inner], off_s[inner]
    near = found.only((found.initial_contact_s > truth_s[0] - 0.2) & (found.initial_contact_s < truth_s[-1] + 0.2))
    assert len(near) == len(truth_s)
    return near.initial_contact_s - truth_s, near.contact_time_s - (off_s - truth_s)


@each_detector
@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0, 1000.0])
@pytest.mark.parametrize("contact_s", [0.18, 0.24, 0.30])
def test_contacts_are_found_near_the_truth(detector: NewDetector, rate_hz: float, contact_s: float) -> None:
    run = one_leg(stride_s=0.7031, rate_hz=rate_hz, contact_s=contact_s)
    contact, toe_off = times(whole(detector(), run))
    assert len(contact) == len(run.initial_contact_s)
    assert_allclose(contact, run.initial_contact_s, atol=1 / rate_hz + 0.005)
    assert_allclose((toe_off - contact)[:-1], contact_s, atol=1 / rate_hz + CORRECTED_S)


@each_detector
@pytest.mark.parametrize("strike", ["rearfoot", "midfoot", "forefoot"])
@pytest.mark.parametrize("speed_mps", [2.5, 5.0])
def test_every_contact_of_a_simulated_person_is_found_once(
    detector: NewDetector, strike: Strike, speed_mps: float
) -> None:
    for seed in (1, 2):
        sensed = person_running(detector, seed, strike, speed_mps)
        contact_s, contact_time_s = errors(whole(detector(), as_run(sensed)), sensed)
        assert np.abs(contact_s).max() < 0.02
        assert np.abs(contact_time_s).max() < 0.04
        assert contact_time_s.std() < 0.006


@each_detector
@pytest.mark.parametrize("rate_hz", [100.0, 500.0, 1000.0])
def test_jittered_clocks_and_other_rates_lose_no_contact(detector: NewDetector, rate_hz: float) -> None:
    sensed = person_running(detector, 4, "forefoot", 3.5, rate_hz=rate_hz, jitter_s=0.2 / rate_hz)
    _, contact_time_s = errors(whole(detector(), as_run(sensed)), sensed)
    assert np.abs(contact_time_s).mean() < 0.025


@each_detector
def test_walking_has_contacts_longer_than_half_its_stride(detector: NewDetector) -> None:
    course = Course.of([Leg("stand", 5.0), Leg("walk", 25.0, 1.4)])
    sensed = worn(course, Person.drawn(5), Fitting(mount=detector().method.mount), seed=5)
    found = whole(detector(), as_run(sensed))
    stride_s = np.diff(found.initial_contact_s)
    assert abs(len(found) - len(sensed.truth)) <= 1
    assert np.all(found.contact_time_s[:-1] > 0.5 * stride_s)


@each_detector
def test_one_sample_at_a_time_gives_the_same_contacts_of_a_person(detector: NewDetector) -> None:
    run = as_run(person_running(detector, 3, "rearfoot", 3.0))
    expected = content(whole(detector(), run))
    assert content(in_pieces(detector(), run, equal_cuts(len(run.t_s), 1))) == expected


@each_detector
@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_contacts_do_not_depend_on_any_cutting(detector: NewDetector, data: st.DataObject) -> None:
    run = one_leg(12.0, seed=data.draw(st.integers(0, 50)), noise=data.draw(st.sampled_from([0.0, 0.3, 2.0])))
    pieces = data.draw(cuts(len(run.t_s)))
    assert content(in_pieces(detector(), run, pieces)) == content(whole(detector(), run))


@each_detector
@pytest.mark.parametrize(("piece", "joined"), [(300, 40), (777, 100), (4000, 500)])
def test_a_long_block_is_looked_at_in_pieces_and_gives_the_same_contacts(
    detector: NewDetector, piece: int, joined: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = as_run(person_running(detector, 3, "forefoot", 3.5))
    expected = content(whole(detector(), run))
    monkeypatch.setattr(leg_stream, "PIECE", piece)
    monkeypatch.setattr(leg_stream, "LONG", piece // 8)
    monkeypatch.setattr(leg_stream, "JOINED", joined)
    assert content(whole(detector(), run)) == expected
    assert content(in_pieces(detector(), run, [(0, 1300), (1300, 1310), (1310, len(run.t_s))])) == expected


@each_detector
def test_a_block_may_be_changed_once_it_was_taken(detector: NewDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    run = as_run(person_running(detector, 3, "forefoot", 3.5))
    expected = content(whole(detector(), run))
    monkeypatch.setattr(leg_stream, "PIECE", 300)
    monkeypatch.setattr(leg_stream, "LONG", 40)
    used, found = detector(), []
    for a, b in equal_cuts(len(run.t_s), 911):
        block = run.t_s[a:b].copy(), run.acceleration_mps2[a:b].copy(), run.rotation_radps[a:b].copy()
        found.append(used.receive(*block))
        for column in block:
            column[:] = 0.0
    assert content(Contacts.concatenate([*found, used.flush()])) == expected


@each_detector
@settings(max_examples=settings().max_examples // 3)
@given(st.integers(0, 400), st.integers(1, 60))
def test_contacts_do_not_depend_on_any_cutting_where_samples_begin(
    detector: NewDetector, start: int, size: int
) -> None:
    sensor, at_once = detector(), detector()
    for used in (sensor, at_once):
        whole(used, one_leg(6.0))  # the axis is known: a stretch may begin in mid-swing
    run = one_leg(9.0)
    late = SyntheticRun(run.t_s[start:], run.acceleration_mps2[start:], run.rotation_radps[start:], run.t_s, run.t_s)
    pieces = equal_cuts(len(late.t_s), size)
    assert content(in_pieces(sensor, late, pieces)) == content(whole(at_once, late))


@each_detector
@settings(max_examples=settings().max_examples // 3)
@given(turns())
def test_contacts_do_not_depend_on_how_the_sensor_is_strapped_on(detector: NewDetector, turn: FloatArray) -> None:
    contact, toe_off = times(whole(detector(), rotated(RUN, turn)))
    expected_contact, expected_toe_off = times(whole(detector(), RUN))
    assert_allclose(contact, expected_contact, atol=1e-6)
    assert_allclose(toe_off, expected_toe_off, atol=1e-6)


@each_detector
def test_only_samples_with_all_axes_are_usable(detector: NewDetector) -> None:
    acceleration, rotation = np.ones((5, 3)), np.ones((5, 3))
    assert detector().usable(acceleration, rotation).tolist() == [True] * 5
    acceleration[1, 2], acceleration[2, 0], rotation[4, 1] = np.nan, 1e5, np.inf
    assert detector().usable(acceleration, rotation).tolist() == [True, False, False, True, False]
    assert not detector().usable(acceleration, np.full((5, 3), np.nan)).any()


@each_detector
def test_unknown_samples_left_out_cost_no_contact(detector: NewDetector) -> None:
    kept = np.arange(len(RUN.t_s)) % 25 != 12
    run = SyntheticRun(RUN.t_s[kept], RUN.acceleration_mps2[kept], RUN.rotation_radps[kept], RUN.t_s, RUN.t_s)
    contact, _ = times(whole(detector(), run))
    assert_allclose(contact, RUN.initial_contact_s, atol=2 * INTERVAL_S)


@each_detector
def test_a_leg_that_stands_or_fidgets_makes_no_contacts(detector: NewDetector) -> None:
    standing = one_leg(first_contact_s=100.0)
    assert len(whole(detector(), standing)) == 0
    used = detector()
    whole(used, RUN)  # the axis is known
    fidget = standing.rotation_radps + 3.0 * np.sin(2 * np.pi * 2.0 * standing.t_s)[:, None] * [1.0, 0.0, 0.0]
    assert len(whole(used, SyntheticRun(standing.t_s, standing.acceleration_mps2, fidget, RUN.t_s, RUN.t_s))) == 0


def test_nothing_in_is_nothing_out() -> None:
    for detector in (FootDetector(), ShankDetector(), SacralDetector()):
        assert len(detector.receive(np.empty(0), np.empty((0, 3)), np.empty((0, 3)))) == 0
        assert len(detector.flush()) == 0
        assert len(detector.flush()) == 0


@each_detector
def test_the_contact_before_a_break_has_no_toe_off(detector: NewDetector) -> None:
    n = int(np.searchsorted(RUN.t_s, RUN.initial_contact_s[8] + 0.22))
    found = in_pieces(detector(), RUN, [(0, n)])
    assert np.isnan(found.toe_off_s).tolist() == [False] * (len(found) - 1) + [True]
    assert len(found) == 9


@each_detector
def test_after_a_break_the_axis_is_known_at_once(detector: NewDetector) -> None:
    used = detector()
    before, after = one_leg(8.0), one_leg(4.0)
    assert len(whole(used, before))
    contact, _ = times(whole(used, after))
    assert_allclose(contact, after.initial_contact_s, atol=INTERVAL_S)


@each_detector
def test_a_runner_who_stands_still_for_long_has_no_long_contact(detector: NewDetector) -> None:
    run, again = one_leg(40.0, stop_s=10.0), one_leg(10.0)
    both = SyntheticRun(
        np.concatenate([run.t_s, 40.0 + again.t_s]),
        np.concatenate([run.acceleration_mps2, again.acceleration_mps2]),
        np.concatenate([run.rotation_radps, again.rotation_radps]),
        np.concatenate([run.initial_contact_s, 40.0 + again.initial_contact_s]),
        np.empty(0),
    )
    contact, toe_off = times(whole(detector(), both))
    assert_allclose(contact, both.initial_contact_s, atol=INTERVAL_S)
    assert np.nanmax(toe_off - contact) < 0.5


@each_detector
def test_a_record_leaves_before_the_next_swing(detector: NewDetector) -> None:
    sensed = person_running(detector, 6, "forefoot", 3.0)
    used = detector()
    late_s = []
    for i in range(len(sensed.t_s)):
        one = slice(i, i + 1)
        found = used.receive(sensed.t_s[one], sensed.acceleration_mps2[one], sensed.rotation_radps[one])
        if len(found) and i > 1000:
            before_s = sensed.truth.toe_off_s[sensed.truth.initial_contact_s <= found.initial_contact_s[-1] + 0.03][-1]
            late_s.append(sensed.t_s[i] - before_s)
    assert len(late_s) > 10
    assert max(late_s) <= (0.020 if detector is FootDetector else 0.050)


@each_detector
def test_a_strap_that_slips_is_found_again(detector: NewDetector) -> None:
    run, slips_s = one_leg(40.0), 15.0
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    late = run.t_s >= slips_s
    run.acceleration_mps2[late] = run.acceleration_mps2[late] @ turn.T
    run.rotation_radps[late] = run.rotation_radps[late] @ turn.T
    found = whole(detector(), run)
    after = found.only(found.initial_contact_s > slips_s + 4.5)
    expected_s = run.initial_contact_s[run.initial_contact_s > slips_s + 4.5]
    assert_allclose(after.initial_contact_s, expected_s, atol=INTERVAL_S)
    for size in (1, 13):
        assert content(in_pieces(detector(), run, equal_cuts(len(run.t_s), size))) == content(found)


@each_detector
def test_clipped_samples_are_told_and_widen_the_spread(detector: NewDetector) -> None:
    run = one_leg()
    largest = 16 * 9.80665
    run.acceleration_mps2[:, 2] = np.clip(run.acceleration_mps2[:, 2] * 6.0, -largest, largest)
    found, unclipped = whole(detector(), run), whole(detector(), one_leg())
    assert found.clipped.mean() > 0.9
    assert not unclipped.clipped.any()
    assert np.median(found.contact_time_sd) > 1.5 * np.median(unclipped.contact_time_sd)
    assert np.median(found.quality) < np.median(unclipped.quality)


@each_detector
def test_a_method_says_what_it_rests_on(detector: NewDetector) -> None:
    method = detector().method
    assert method.name.endswith("-1.0")
    assert method.source
    assert method.validity
    assert method.evidence
    assert 0.005 <= method.contact_time_sd_s <= method.bias_bound_s <= 0.1


def test_a_shank_does_not_tell_the_pitch_of_the_foot() -> None:
    assert np.isnan(whole(ShankDetector(), RUN).foot_pitch_rad).all()
