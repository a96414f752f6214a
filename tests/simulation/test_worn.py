"""What a simulated sensor is worth: its truth comes from forces, and a fitting does what it says."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.simulation.footfalls import LEFT, RIGHT, Footfalls, footfalls, vertical_force_bw
from sensor_hub.simulation.person import Strike
from sensor_hub.simulation.sensing import Slip
from sensor_hub.simulation.worn import Course, Fitting, Leg, Person, Worn, worn
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

MOUNTS: tuple[Mount, ...] = ("foot", "shank", "sacrum")
STRIKES: tuple[Strike, ...] = ("rearfoot", "midfoot", "forefoot")
RUN = Course.run(3.0, 20.0)
QUARTER_TURN = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def force_bw(steps: Footfalls, person: Person, t_s: FloatArray) -> FloatArray:
    left, right = vertical_force_bw(steps, person, t_s)
    return left + right


def same(a: Worn, b: Worn) -> bool:
    samples = zip(
        (a.t_s, a.acceleration_mps2, a.rotation_radps), (b.t_s, b.acceleration_mps2, b.rotation_radps), strict=True
    )
    return all(np.array_equal(x, y, equal_nan=True) for x, y in samples)


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("course", [Course.run(3.0, 60.0), Course.run(5.0, 60.0), Course.walk(1.4, 60.0)], ids=str)
def test_the_mean_vertical_force_of_steady_gait_is_one_body_weight(strike: Strike, course: Course) -> None:
    person = Person.drawn(1, strike)
    mean_bw = np.mean(force_bw(footfalls(course, person, 1), person, np.arange(0.0, 60.0, 0.001)))
    assert mean_bw == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("course", [RUN, Course.walk(1.3, 20.0)], ids=["run", "walk"])
def test_truth_is_where_the_force_crosses_twenty_newtons(course: Course) -> None:
    person = Person.drawn(2)
    truth = worn(course, person, Fitting("foot", side="R"), seed=2).truth
    steps, newtons = footfalls(course, person, 2), person.mass_kg * STANDARD_GRAVITY_MPS2
    for moment_s, rises in ((truth.initial_contact_s, True), (truth.toe_off_s, False)):
        before = vertical_force_bw(steps, person, moment_s - 2e-5)[1] * newtons
        after = vertical_force_bw(steps, person, moment_s + 2e-5)[1] * newtons
        assert np.all((before < 20) == rises)
        assert np.all((after > 20) == rises)


def test_a_run_has_the_populations_step_rate_and_contact_time_on_average() -> None:
    people = [Person.drawn(seed, STRIKES[seed % 3]) for seed in range(40)]
    found = [footfalls(RUN, person, seed) for seed, person in enumerate(people)]
    assert np.mean([1 / np.mean(np.diff(f.touch_s)) for f in found]) == pytest.approx(2.184 + 0.2007 * 3, rel=0.02)
    contact_s = [np.mean(f.toe_off_s[5:-5] - f.initial_contact_s[5:-5]) for f in found]
    assert np.mean(contact_s) == pytest.approx((0.434 + 0.0998 * 3) / 3, rel=0.03)
    assert np.std(contact_s) > 0.005


def test_walking_has_double_support_and_running_has_flight() -> None:
    person = Person.drawn(4)
    walk, run = footfalls(Course.walk(1.4, 20.0), person, 4), footfalls(RUN, person, 4)
    assert np.all(walk.toe_off_s[:-2] > walk.initial_contact_s[1:-1])
    assert np.all(run.toe_off_s[:-2] < run.initial_contact_s[1:-1])


def test_running_keeps_its_flight_and_walking_its_swing_for_who_has_long_contacts() -> None:
    slow = replace(Person.drawn(4), contact_time_factor=1.3)
    run = footfalls(Course.run(1.6, 20.0), slow, 4)
    assert np.all(run.touch_s[1:] - run.lift_s[:-1] > 0.01)
    slower = replace(slow, contact_time_factor=2.5)
    walk = footfalls(Course.walk(1.4, 20.0), slower, 4)
    assert np.all(walk.touch_s[2:] - walk.lift_s[:-2] > 0.2)


def test_asymmetry_makes_left_contacts_longer_and_right_ones_shorter() -> None:
    person = replace(Person.drawn(5), asymmetry=0.03)
    truth = worn(RUN, person, Fitting("sacrum"), seed=5).truth
    left_s, right_s = (np.mean(truth.contact_time_s[truth.side == side]) for side in ("L", "R"))
    assert left_s / right_s == pytest.approx(1.06, abs=0.015)


def test_feet_alternate_and_a_sacrum_sees_what_both_feet_see() -> None:
    person = Person.drawn(5)
    left, right, both = (
        worn(RUN, person, fitting, seed=5).truth
        for fitting in (Fitting("foot", side="L"), Fitting("shank", side="R"), Fitting("sacrum"))
    )
    assert set(left.side) == {"L"}
    assert set(right.side) == {"R"}
    assert np.all(both.side[1:] != both.side[:-1])
    assert np.array_equal(both.toe_off_s[both.side == "L"], left.toe_off_s)
    assert np.array_equal(both.initial_contact_s[both.side == "R"], right.initial_contact_s)


@pytest.mark.parametrize("mount", MOUNTS)
def test_the_same_seed_gives_the_same_samples_and_another_seed_others(mount: Mount) -> None:
    course, person, fitting = Course.run(3.0, 5.0), Person.drawn(6), Fitting(mount, jitter_s=0.001, lost=0.01)
    first = worn(course, person, fitting, seed=6)
    assert same(first, worn(course, person, fitting, seed=6))
    assert not same(first, worn(course, person, fitting, seed=7))


def mirrored(vectors: FloatArray, *, turning: bool) -> FloatArray:
    signs: FloatArray = np.array([-1.0, 1.0, -1.0]) if turning else np.array([1.0, -1.0, 1.0])
    return vectors * signs


@pytest.mark.parametrize("mount", MOUNTS)
def test_who_begins_with_the_other_foot_is_the_mirror_image(mount: Mount) -> None:
    left_first = replace(Person.drawn(8), asymmetry=0.0, first_foot="L")
    left = worn(RUN, left_first, Fitting(mount, side="L", noise=0), seed=8)
    right = worn(RUN, replace(left_first, first_foot="R"), Fitting(mount, side="R", noise=0), seed=8)
    assert np.allclose(right.acceleration_mps2, mirrored(left.acceleration_mps2, turning=False), atol=1e-6)
    assert np.allclose(right.rotation_radps, mirrored(left.rotation_radps, turning=True), atol=1e-9)
    assert np.std(left.rotation_radps[:, 2]) > 0.1


def test_contacts_that_end_in_standing_have_no_toe_off() -> None:
    course = Course.of([Leg("stand", 5), Leg("run", 20, 3.0), Leg("stand", 6), Leg("walk", 10, 1.3), Leg("stand", 5)])
    truth = worn(course, Person.drawn(9), Fitting("sacrum"), seed=9).truth
    stopping = np.nonzero(np.isnan(truth.toe_off_s))[0]
    assert len(stopping) == 4
    assert set(truth.gait[stopping[:2]]) == {"run"}
    assert stopping[-1] == len(truth) - 1
    assert np.all(np.diff(truth.initial_contact_s)[stopping[1] : stopping[1] + 1] > 5)


@pytest.mark.parametrize("mount", MOUNTS)
def test_who_stands_feels_gravity(mount: Mount) -> None:
    course = Course.of([Leg("stand", 6), Leg("run", 10, 3.0), Leg("stand", 8)])
    found = worn(course, Person.drawn(10), Fitting(mount), seed=10)
    size = np.linalg.norm(found.acceleration_mps2, axis=1)
    for still in (found.t_s < 5, found.t_s > 19):
        assert np.all(np.abs(size[still] - STANDARD_GRAVITY_MPS2) < 0.5)
        assert np.abs(found.rotation_radps[still]).max() < 3 * DEGREE_RAD
    assert size[(found.t_s > 8) & (found.t_s < 15)].max() > 2 * STANDARD_GRAVITY_MPS2


def test_a_foot_that_stops_rests_until_it_sets_off_again() -> None:
    course = Course.of([Leg("run", 10, 3.0), Leg("stand", 10), Leg("run", 10, 3.0)])
    found = worn(course, Person.drawn(10), Fitting("foot"), seed=10)
    truth = found.truth
    stop = int(np.nonzero(np.isnan(truth.toe_off_s))[0][0])
    start_s, end_s = truth.initial_contact_s[stop] + 0.3, truth.initial_contact_s[stop + 1] - 1.2
    resting = (found.t_s > start_s) & (found.t_s < end_s)
    assert end_s - start_s > 7
    assert np.abs(found.rotation_radps[resting]).max() < 3 * DEGREE_RAD


def test_fatigue_lengthens_contacts_and_slows_steps_as_declared() -> None:
    person = replace(Person.drawn(11), step_time_sd=0.0, contact_time_sd_s=0.0, asymmetry=0.0)
    tired = Course.of([Leg("run", 1800, 3.0)], cadence_drift_per_h=-0.04, contact_drift_per_h=0.1)
    steps = footfalls(tired, person, 11)
    rate_hz, contact_s = 1 / np.diff(steps.touch_s), steps.lift_s - steps.touch_s
    assert rate_hz[-10] / rate_hz[5] == pytest.approx(0.98, abs=0.001)
    assert contact_s[-10] / contact_s[5] == pytest.approx(1.05, abs=0.003)


def test_a_hill_tilts_gravity_and_turns_the_sole_with_it() -> None:
    person = replace(Person.drawn(12), strike_sd_rad=0.0, toe_out_rad=0.0, pronation_rad=0.0)
    found = worn(Course.run(3.0, 20.0, grade=0.1), person, Fitting("foot", noise=0), seed=12)
    flat_s = found.truth.initial_contact_s + 0.4 * found.truth.contact_time_s
    forward, up = (np.median(np.interp(flat_s, found.t_s, found.acceleration_mps2[:, k])) for k in (0, 2))
    assert np.arctan2(forward, up) == pytest.approx(np.arctan(0.1), abs=0.01)


def test_uphill_feet_land_flatter_and_downhill_steeper() -> None:
    person = replace(Person.drawn(12), strike_sd_rad=0.0)
    level, up, down = (
        np.mean(worn(Course.run(3.0, 10.0, grade=g), person, Fitting("foot"), seed=12).truth.foot_pitch_rad)
        for g in (0.0, 0.08, -0.08)
    )
    assert up == pytest.approx(level - 0.6 * np.arctan(0.08), abs=0.002)
    assert down == pytest.approx(level + 0.6 * np.arctan(0.08), abs=0.002)


def test_jitter_moves_samples_but_keeps_their_order_and_number() -> None:
    even = worn(RUN, Person.drawn(13), Fitting("foot"), seed=13)
    moved = worn(RUN, Person.drawn(13), Fitting("foot", jitter_s=0.001), seed=13)
    assert np.allclose(np.diff(even.t_s), 0.005)
    assert np.std(moved.t_s - even.t_s) == pytest.approx(0.001, rel=0.1)
    assert np.all(np.diff(moved.t_s) > 0)


def test_lost_samples_are_missing_from_the_columns() -> None:
    found = worn(RUN, Person.drawn(14), Fitting("foot", lost=0.1), seed=14)
    assert len(found.t_s) == pytest.approx(0.9 * 4000, rel=0.02)
    assert len(found.t_s) == len(found.acceleration_mps2) == len(found.rotation_radps)


def test_a_sensor_clips_at_its_ranges() -> None:
    found = worn(RUN, Person.drawn(15), Fitting("foot", ranges=(40.0, 5.0)), seed=15)
    assert np.abs(found.acceleration_mps2).max() == 40.0
    assert np.abs(found.rotation_radps).max() == 5.0


def test_what_is_missing_is_nan_and_nothing_else() -> None:
    no_gyroscope = worn(RUN, Person.drawn(16), Fitting("shank", missing="gyroscope"), seed=16)
    no_axis = worn(RUN, Person.drawn(16), Fitting("shank", missing="acceleration_y"), seed=16)
    assert np.all(np.isnan(no_gyroscope.rotation_radps))
    assert np.all(np.isfinite(no_gyroscope.acceleration_mps2))
    assert np.array_equal(np.isnan(no_axis.acceleration_mps2).all(axis=0), [False, True, False])
    assert np.all(np.isfinite(no_axis.rotation_radps))


def test_a_turned_sensor_feels_the_same_in_its_own_axes_and_a_slip_turns_it_further() -> None:
    person = Person.drawn(17)
    plain, turned, slipped = (
        worn(RUN, person, Fitting("shank", noise=0, turn=turn, slip=slip), seed=17)
        for turn, slip in ((None, None), (QUARTER_TURN, None), (QUARTER_TURN, Slip(10.0, QUARTER_TURN)))
    )
    early = plain.t_s < 10.0
    assert np.allclose(turned.acceleration_mps2, plain.acceleration_mps2 @ QUARTER_TURN.T)
    assert np.allclose(slipped.rotation_radps[early], turned.rotation_radps[early])
    assert np.allclose(slipped.rotation_radps[~early], turned.rotation_radps[~early] @ QUARTER_TURN.T)


def test_noise_and_offset_are_the_declared_ones() -> None:
    fitting = Fitting("foot", noise=2.0, rotation_offset_radps=(0.1, 0.0, -0.2))
    found = worn(Course.of([Leg("stand", 20.0)]), Person.drawn(18), fitting, seed=18)
    assert np.std(found.acceleration_mps2, axis=0) == pytest.approx(0.1, rel=0.1)
    assert np.mean(found.rotation_radps, axis=0) == pytest.approx([0.1, 0.0, -0.2], abs=0.002)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    strike=st.sampled_from(STRIKES),
    mount=st.sampled_from(MOUNTS),
    legs=st.lists(
        st.one_of(
            st.just(Leg("stand", 4.0)),
            st.builds(Leg, st.just("walk"), st.floats(4, 9), st.floats(0.4, 2.5), st.floats(-0.3, 0.3)),
            st.builds(Leg, st.just("run"), st.floats(4, 9), st.floats(1.6, 7.0), st.floats(-0.3, 0.3)),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_any_person_on_any_course_has_contacts_in_order_and_finite_samples(
    seed: int, strike: Strike, mount: Mount, legs: list[Leg]
) -> None:
    course = Course.of(legs)
    found = worn(course, Person.drawn(seed, strike), Fitting(mount, rate_hz=100.0), seed=seed)
    truth = found.truth
    assert np.all(np.isfinite(found.acceleration_mps2))
    assert np.all(np.isfinite(found.rotation_radps))
    assert np.all(np.diff(truth.initial_contact_s) > 0)
    assert np.all(np.isnan(truth.toe_off_s) | (truth.contact_time_s > 0.08))
    for side in ("L", "R"):
        of_side = truth.only(truth.side == side)
        assert np.all(np.isnan(of_side.toe_off_s[:-1]) | (of_side.initial_contact_s[1:] - of_side.toe_off_s[:-1] > 0.2))
    assert len(found.t_s) == len(found.block("pod"))
    assert set(np.unique(footfalls(course, Person.drawn(seed), seed).side)) <= {LEFT, RIGHT}


@pytest.mark.parametrize(
    ("gait", "duration_s", "speed_mps", "grade"),
    [("run", 60, 0.5, 0), ("walk", 60, 3.0, 0), ("stand", 60, 1.0, 0), ("run", 1, 3.0, 0), ("run", 60, 3.0, 0.5)],
)
def test_a_leg_nobody_is_simulated_on_is_refused(
    gait: Literal["run", "walk", "stand"], duration_s: float, speed_mps: float, grade: float
) -> None:
    with pytest.raises(ValueError, match=r"simulated|a leg lasts"):
        Leg(gait, duration_s, speed_mps, grade)


def test_two_changes_of_speed_may_follow_each_other_at_once() -> None:
    course = Course.of([Leg("stand", 4.0), Leg("walk", 4.0, 1.0), Leg("stand", 4.0)])
    assert course.speed_mps(np.array([4.0, 6.0, 8.0])) == pytest.approx([0.0, 1.0, 0.0])
    assert course.speed_mps(np.array([5.0, 7.0])) == pytest.approx([0.5, 0.5])


def test_a_fitting_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="rotation matrix"):
        Fitting("foot", turn=np.diag([1.0, 1.0, -1.0]))
    with pytest.raises(ValueError, match="Hz"):
        Fitting("foot", rate_hz=5000.0)
    with pytest.raises(ValueError, match="fraction"):
        Fitting("foot", lost=1.5)
    with pytest.raises(ValueError, match="needs a leg"):
        Course.of([])
