"""The true force of a simulated tendon: mechanics, the means it was set near, and that it is not the model's."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sensor_hub.load.achilles import ACHILLES_1, StepInputs
from sensor_hub.model.arrays import FloatArray
from sensor_hub.simulation.course import Course, Leg
from sensor_hub.simulation.footfalls import Footfalls, footfalls
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.tendon_truth import Ankle, TendonTruth, tendon_truth

STRIKES: tuple[Strike, ...] = ("rearfoot", "midfoot", "forefoot")
RUN = Course.run(3.0, 20.0)
PEOPLE = range(900, 924)  # those the means were set with
# A foot that lands and leaves on one spot: a constant lever, and nothing along the ground.
POST = Ankle(
    lever_growth=0.0, toes_m=0.0, start_m=0.13, start_per_rad=0.0, brake=0.0, roll_sd=0.0, start_sd_m=0.0, ball_m=0.13
)


def truth_of(
    course: Course, seed: int = 900, strike: Strike = "rearfoot", ankle: Ankle | None = None
) -> tuple[Footfalls, TendonTruth]:
    person = Person.drawn(seed, strike)
    steps = footfalls(course, person, seed)
    return steps, tendon_truth(course, person, ankle or Ankle.drawn(seed, person), steps, seed)


def means(course: Course, strike: Strike = "rearfoot", cadence: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """(people,) lever ratio (Achilles over vertical impulse) and mean peak, BW."""
    levers, peaks = [], []
    for seed in PEOPLE:
        person = Person.drawn(seed, strike)
        ankle = Ankle.drawn(seed, person)
        person = replace(
            person,
            step_rate_factor=person.step_rate_factor * cadence,
            contact_time_factor=person.contact_time_factor * cadence**-0.5,
        )
        steps = footfalls(course, person, seed)
        truth = tendon_truth(course, person, ankle, steps, seed)
        levers.append(truth.impulse_bw_s.sum() / steps.impulse_bw_s.sum())
        peaks.append(truth.peak_bw.mean())
    return np.array(levers), np.array(peaks)


# --- mechanics --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strike", STRIKES)
def test_on_a_constant_lever_the_tendon_carries_the_vertical_impulse_times_that_lever(strike: Strike) -> None:
    steps, truth = truth_of(RUN, strike=strike, ankle=POST)
    np.testing.assert_allclose(truth.impulse_bw_s, steps.impulse_bw_s * 0.13 / 0.05, rtol=1e-3)


@pytest.mark.parametrize("strike", STRIKES)
def test_a_tendon_on_half_the_lever_pulls_twice_as_hard(strike: Strike) -> None:
    person = Person.drawn(901, strike)
    ankle = Ankle.drawn(901, person)
    _, usual = truth_of(RUN, 901, strike, ankle)
    _, half = truth_of(RUN, 901, strike, replace(ankle, tendon_lever_m=ankle.tendon_lever_m / 2))
    np.testing.assert_allclose(half.peak_bw, 2 * usual.peak_bw)
    np.testing.assert_allclose(half.impulse_bw_s, 2 * usual.impulse_bw_s)


def test_going_up_the_ground_pushes_along_the_slope_and_the_higher_the_ankle_the_more_of_it_the_tendon_feels() -> None:
    up = Course.run(3.0, 20.0, grade=0.1)
    low, high = (replace(POST, height_m=height, roll_per_rad=0.0) for height in (0.0, 0.1))
    steps, flat_footed = truth_of(up, ankle=low)
    slope = math.atan(0.1)
    np.testing.assert_allclose(flat_footed.impulse_bw_s, steps.impulse_bw_s * math.cos(slope) * 2.6, rtol=1e-3)
    _, raised = truth_of(up, ankle=high)
    # along the slope it is the force's tangent, on a lever of the ankle's height
    more = steps.impulse_bw_s * math.sin(slope) * 0.1 / 0.05
    np.testing.assert_allclose(raised.impulse_bw_s - flat_footed.impulse_bw_s, more, rtol=1e-3)


@pytest.mark.parametrize("strike", STRIKES)
def test_what_follows_the_peak_is_part_of_the_impulse_and_no_force_is_negative(strike: Strike) -> None:
    steps, truth = truth_of(RUN, 902, strike)
    assert len(truth.peak_bw) == len(steps)
    assert np.all(truth.push_off_bw_s > 0)
    assert np.all(truth.push_off_bw_s < truth.impulse_bw_s)
    mean_bw = truth.impulse_bw_s / (steps.lift_s - steps.touch_s)
    assert np.all(truth.peak_bw > mean_bw)


def test_of_walking_and_only_of_walking_nothing_is_known() -> None:
    course = Course.of([Leg("walk", 20.0, 1.4), Leg("run", 20.0, 3.0)])
    steps, truth = truth_of(course)
    assert steps.runs.any()
    assert not steps.runs.all()
    for column in (truth.peak_bw, truth.impulse_bw_s, truth.push_off_bw_s):
        np.testing.assert_array_equal(np.isnan(column), ~steps.runs)


# --- people -----------------------------------------------------------------------------------------------------------


def test_the_same_seed_is_the_same_person_and_day_and_another_is_another() -> None:
    person = Person.drawn(903)
    assert Ankle.drawn(903, person) == Ankle.drawn(903, person) != Ankle.drawn(904, person)
    ankle = Ankle.drawn(903, person)
    assert ankle.on_day(903, 1) == ankle.on_day(903, 1)
    assert len({ankle.on_day(903, day).roll for day in range(20)}) == 20
    assert ankle.on_day(903, 1, spread=0.0) == ankle
    assert person.on_day(903, 1) == person.on_day(903, 1) != person.on_day(903, 2)
    first, again = (truth_of(RUN, 903)[1] for _ in range(2))
    np.testing.assert_array_equal(first.peak_bw, again.peak_bw)


def test_a_person_of_another_day_is_still_that_person() -> None:
    person = Person.drawn(905)
    days = [person.on_day(905, day) for day in range(400)]
    for name in ("step_rate_factor", "contact_time_factor", "strike_rad", "impact_force"):
        values = np.array([getattr(day, name) for day in days])
        assert values.mean() == pytest.approx(getattr(person, name), rel=0.02)
        assert 0 < values.std() < 0.15 * abs(values.mean())
    assert all(day.foot_length_m == person.foot_length_m and day.mass_kg == person.mass_kg for day in days)


def test_tendon_levers_are_those_of_people() -> None:
    levers = np.array([Ankle.drawn(seed, Person.drawn(seed)).tendon_lever_m for seed in range(500)])
    assert levers.min() >= 0.04
    assert levers.max() <= 0.06
    assert levers.mean() == pytest.approx(0.05, abs=0.001)


# --- means it was set near --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("speed_mps", "published"), [(3.0, 0.941), (3.33, 0.852), (4.0, 0.740), (5.0, 0.606)])
def test_a_kilometre_at_a_speed_costs_about_what_was_published(speed_mps: float, published: float) -> None:
    usual, _ = means(Course.run(2.78, 20.0))
    then, _ = means(Course.run(speed_mps, 20.0))
    assert np.mean(then / usual) * 2.78 / speed_mps == pytest.approx(published, abs=0.02)


@pytest.mark.parametrize(("degrees", "published"), [(-6, 0.738), (-3, 0.836), (3, 1.175), (6, 1.392)])
def test_a_kilometre_on_a_slope_costs_about_what_was_published_and_more_the_steeper_for_everybody(
    degrees: int, published: float
) -> None:
    level, _ = means(Course.run(2.78, 20.0))
    then, _ = means(Course.run(2.78, 20.0, grade=math.tan(math.radians(degrees))))
    assert np.mean(then / level) == pytest.approx(published, abs=0.06)
    assert np.all((then > level) == (degrees > 0))


def test_other_strikes_cost_about_what_was_published_fore_more_than_mid_more_than_rear() -> None:
    rear, mid, fore = (means(Course.run(3.33, 20.0), strike)[0].mean() for strike in STRIKES)
    assert rear < mid < fore
    assert (mid + fore) / 2 / rear == pytest.approx(1.11, abs=0.04)


def test_a_peak_is_about_five_body_weights_and_rises_with_speed_and_slow_steps() -> None:
    _, usual = means(Course.run(3.33, 20.0))
    assert usual.mean() == pytest.approx(5.0, abs=0.5)
    _, slow = means(Course.run(3.3, 20.0))
    _, fast = means(Course.run(5.6, 20.0))
    assert np.mean(fast / slow) == pytest.approx(1.195, abs=0.05)
    _, quick_steps = means(Course.run(3.33, 20.0), cadence=1.06)
    assert np.all(quick_steps < usual)


# --- and it is not the model's ----------------------------------------------------------------------------------------


def test_the_model_does_not_know_this_truth_neither_between_people_nor_within_one() -> None:
    ratios = np.array([[ratio(seed, speed) for speed in (2.6, 3.4, 4.6)] for seed in PEOPLE])
    assert ratios.mean(axis=1).std() > 0.08  # people's own levers
    within = ratios / ratios.mean(axis=1, keepdims=True)
    assert np.mean(np.ptp(within, axis=1)) > 0.01
    assert np.mean(np.ptp(within, axis=1)) < 0.15  # and it is no other world either


def ratio(seed: int, speed_mps: float) -> float:
    """Modelled over true impulse with exact timing."""
    steps, truth = truth_of(Course.run(speed_mps, 20.0), seed)
    step_s = np.diff(steps.initial_contact_s)[:-2]
    n = len(step_s)
    contact_s, unknown = (steps.toe_off_s - steps.initial_contact_s)[:n], np.full(n, np.nan)
    inputs = StepInputs(step_s, contact_s, unknown, unknown, np.zeros(n), truth.strike_rad[:n], np.zeros(n, dtype=bool))
    return float(ACHILLES_1.step_loads(inputs).achilles_impulse_bw_s.sum() / truth.impulse_bw_s[:n].sum())
