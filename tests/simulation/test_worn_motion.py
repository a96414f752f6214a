"""Simulated segments are rigid bodies on the ground, and turn as declared."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.simulation.foot_motion import FOOT_RING, ankle_path_m, foot_turning
from sensor_hub.simulation.footfalls import LEFT, RIGHT, footfalls, vertical_force_bw
from sensor_hub.simulation.leg_motion import foot_motion, shank_turning
from sensor_hub.simulation.pelvis_motion import pelvis_turning
from sensor_hub.simulation.person import Strike
from sensor_hub.simulation.strides import strides
from sensor_hub.simulation.turning import Pulses, Turning, turned
from sensor_hub.simulation.worn import Course, Fitting, Person, Worn, worn
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

STRIKES: tuple[Strike, ...] = ("rearfoot", "midfoot", "forefoot")


def fine(course: Course, person: Person, mount: Mount, seed: int = 1) -> Worn:
    return worn(course, person, Fitting(mount, rate_hz=1000.0, noise=0.0, ranges=(1e4, 1e3)), seed=seed)


def flat_s(found: Worn) -> FloatArray:
    return found.truth.initial_contact_s + 0.4 * found.truth.contact_time_s


@pytest.mark.parametrize("strike", STRIKES)
def test_a_flat_foot_feels_gravity_only(strike: Strike) -> None:
    found = fine(Course.run(3.0, 20.0), Person.drawn(3, strike), "foot")
    size = np.interp(flat_s(found), found.t_s, np.linalg.norm(found.acceleration_mps2, axis=1))
    assert np.median(size) == pytest.approx(STANDARD_GRAVITY_MPS2, rel=0.05)


def carried_m(found: Worn, start_s: float, end_s: float) -> FloatArray:
    """(3,) m from the sensor's first to its last place, from what it felt alone, at rest and level at both ends."""
    rows = np.nonzero((found.t_s >= start_s) & (found.t_s <= end_s))[0]
    step_s = float(np.mean(np.diff(found.t_s)))
    axes, velocity, place = np.eye(3), np.zeros(3), np.zeros(3)
    velocities = []
    for i in rows.tolist():
        turn = found.rotation_radps[i] * step_s
        x, y, z = turn
        cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
        half = axes @ (np.eye(3) + cross / 2 + cross @ cross / 8)
        velocity = velocity + step_s * (half @ found.acceleration_mps2[i] - [0, 0, STANDARD_GRAVITY_MPS2])
        velocities.append(velocity)
        axes = axes @ (np.eye(3) + cross + cross @ cross / 2)
    drift = np.linspace(0, 1, len(velocities))[:, None] * velocities[-1]
    place = np.sum(np.array(velocities) - drift, axis=0) * step_s
    return np.asarray(place)


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("course", [Course.run(3.0, 8.0), Course.walk(1.4, 8.0)], ids=["run", "walk"])
def test_what_a_foot_felt_carries_it_as_far_as_the_course(strike: Strike, course: Course) -> None:
    person = replace(Person.drawn(5, strike), toe_out_rad=0.0, pronation_rad=0.0)
    found = fine(course, person, "foot", 5)
    rest_s = flat_s(found)[1:4]
    for start_s, end_s in pairwise(rest_s):
        forward, sideways, up = carried_m(found, start_s, end_s)
        speed_mps = float(course.speed_mps(np.array([start_s]))[0])
        assert forward == pytest.approx(speed_mps * (end_s - start_s), rel=0.04)
        assert abs(sideways) < 0.03
        assert abs(up) < 0.06


@pytest.mark.parametrize("strike", STRIKES)
def test_integrated_rotation_gives_back_the_pitch(strike: Strike) -> None:
    course = Course.run(3.4, 10.0)
    person = replace(Person.drawn(6, strike), pronation_rad=0.0)
    foot = strides(course, person, footfalls(course, person, 6), LEFT, 6)
    found = fine(course, person, "foot", 6)
    pitch = foot_turning(person, foot, found.t_s).pitch
    felt = -np.cumsum(found.rotation_radps[:, 1]) / 1000
    assert np.ptp(felt) == pytest.approx(np.ptp(pitch), abs=2 * DEGREE_RAD)
    assert 80 * DEGREE_RAD < np.ptp(pitch) < 135 * DEGREE_RAD


@pytest.mark.parametrize(
    ("strike", "low_deg", "high_deg"), [("rearfoot", 8, 28), ("midfoot", -6, 8), ("forefoot", -15, -2)]
)
def test_a_strike_lands_at_its_pitch(strike: Strike, low_deg: float, high_deg: float) -> None:
    for seed in range(6):
        truth = worn(Course.run(3.0, 10.0), Person.drawn(seed, strike), Fitting("foot", rate_hz=50), seed=seed).truth
        mean_deg = np.mean(truth.foot_pitch_rad) / DEGREE_RAD
        assert low_deg < mean_deg < high_deg


def test_plantarflexion_is_fastest_as_long_before_toe_off_as_was_drawn() -> None:
    for seed in range(6):
        person = Person.drawn(seed)
        found = fine(Course.run(3.0, 12.0), person, "foot", seed)
        leads = []
        for off_s in found.truth.toe_off_s:
            near = np.abs(found.t_s - off_s) < 0.06
            leads.append(off_s - found.t_s[near][np.argmax(found.rotation_radps[near, 1])])
        assert np.mean(leads) == pytest.approx(person.push_off_lead_s, abs=0.002)
        assert np.std(leads) < 0.005


def test_a_shank_turns_forward_over_the_foot_and_swings_back() -> None:
    found = fine(Course.run(3.0, 10.0), Person.drawn(7), "shank", 7)
    contact_s, off_s = found.truth.initial_contact_s[:-1], found.truth.toe_off_s[:-1]
    pitch = np.cumsum(-found.rotation_radps[:, 1]) / 1000
    over = np.interp(off_s, found.t_s, pitch) - np.interp(contact_s, found.t_s, pitch)
    cycle = np.interp(found.truth.initial_contact_s[1:], found.t_s, pitch) - np.interp(contact_s, found.t_s, pitch)
    assert np.all((over > -80 * DEGREE_RAD) & (over < -35 * DEGREE_RAD))
    assert np.all(np.abs(cycle) < 4 * DEGREE_RAD)


@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_a_heel_meets_the_ground_with_a_blow_and_not_before(mount: Mount) -> None:
    found = fine(Course.run(3.0, 20.0), Person.drawn(8), mount, 8)
    size_g = np.linalg.norm(found.acceleration_mps2, axis=1) / STANDARD_GRAVITY_MPS2
    for contact_s in found.truth.initial_contact_s[1:-1]:
        after = (found.t_s > contact_s - 0.005) & (found.t_s < contact_s + 0.025)
        before = (found.t_s > contact_s - 0.03) & (found.t_s < contact_s - 0.01)
        assert 4 < size_g[after].max() < 30
        assert size_g[before].max() < size_g[after].max()


@pytest.mark.parametrize("strike", STRIKES)
def test_place_and_velocity_are_continuous_where_a_foot_lands_and_leaves(strike: Strike) -> None:
    course, person = Course.run(4.0, 20.0), Person.drawn(9, strike)
    foot = strides(course, person, footfalls(course, person, 9), LEFT, 9)
    for moment_s in (foot.touch_s[2:-2], foot.lift_s[2:-2]):
        h = 1e-5
        places = [foot_motion(person, foot, moment_s + k * h)[1] for k in (-2, -1, 1, 2)]
        assert np.allclose(places[1], places[2], atol=3e-4)
        assert np.allclose((places[1] - places[0]) / h, (places[3] - places[2]) / h, atol=0.05)


def test_a_sacrum_follows_the_force_closely_but_not_exactly_and_each_in_its_own_way() -> None:
    course, agreement = Course.run(3.0, 10.0), []
    for seed in range(12):
        person = Person.drawn(seed)
        found = worn(course, person, Fitting("sacrum", rate_hz=500.0), seed=seed)
        left, right = vertical_force_bw(footfalls(course, person, seed), person, found.t_s)
        lagged = [
            np.corrcoef(found.acceleration_mps2[50:-50, 2], np.roll(left + right, k)[50:-50])[0, 1]
            for k in range(-10, 11)
        ]
        agreement.append(max(lagged))
    assert min(agreement) > 0.85
    assert max(agreement) < 0.998
    assert np.std(agreement) > 0.005


def test_a_sacrum_feels_the_force_of_the_ground_a_little_late() -> None:
    person = replace(Person.drawn(10), trunk_lean_rad=0.0)
    found = fine(Course.run(3.0, 30.0), person, "sacrum", 10)
    truth = found.truth
    assert np.mean(found.acceleration_mps2[:, 2]) == pytest.approx(STANDARD_GRAVITY_MPS2, rel=0.02)
    flight_s = truth.toe_off_s[:-1] + 0.7 * (truth.initial_contact_s[1:] - truth.toe_off_s[:-1])
    mid_s = truth.initial_contact_s + 0.5 * truth.contact_time_s
    up = found.acceleration_mps2[:, 2] / STANDARD_GRAVITY_MPS2
    assert np.all(np.abs(np.interp(flight_s, found.t_s, up)) < 0.5)
    assert np.all(np.interp(mid_s, found.t_s, up) > 1.5)


@pytest.mark.parametrize("strike", ["rearfoot", "forefoot"])
def test_the_lowest_point_of_the_sole_rests_while_the_shoe_touches_the_ground(strike: Strike) -> None:
    course, person = Course.run(3.0, 10.0), replace(Person.drawn(9, strike), impact_factor=0.0)
    foot = strides(course, person, footfalls(course, person, 9), LEFT, 9)
    for touch_s, lift_s in zip(foot.touch_s[3:-3], foot.lift_s[3:-3], strict=True):
        t_s = np.linspace(touch_s + 1e-4, lift_s - 1e-4, 200)
        turning = foot_turning(person, foot, t_s)
        axes, ankle = turning.axes(), ankle_path_m(person, foot, t_s, turning, FOOT_RING)
        heel = ankle - axes @ np.array(person.ankle_m)
        toe = heel + axes @ np.array([person.foot_length_m, 0.0, 0.0])
        toes_up = turning.pitch > 1e-4
        assert toes_up.any() == (strike == "rearfoot")
        assert np.allclose(heel[toes_up], heel[toes_up][:1], atol=1e-9)
        assert np.allclose(toe[~toes_up], toe[~toes_up][-1:], atol=1e-3)


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("course", [Course.run(2.0, 6.0), Course.run(5.0, 6.0), Course.walk(1.4, 6.0)], ids=str)
def test_no_foot_sinks_into_the_ground_or_flies_off(strike: Strike, course: Course) -> None:
    person, t_s = Person.drawn(9, strike), np.arange(0.0, 6.0, 2e-3)
    foot = strides(course, person, footfalls(course, person, 9), LEFT, 9)
    turning = foot_turning(person, foot, t_s)
    axes, ankle = turning.axes(), ankle_path_m(person, foot, t_s, turning, FOOT_RING)
    heel = ankle - axes @ np.array(person.ankle_m)
    toe = heel + axes @ np.array([person.foot_length_m, 0.0, 0.0])
    assert min(heel[:, 2].min(), toe[:, 2].min()) > -0.005  # the sole gives way by millimetres
    assert 0.1 < ankle[:, 2].max() < 0.7


def test_angular_velocity_is_how_the_axes_turn() -> None:
    t_s = np.arange(0.0, 1.0, 1e-4)

    def wave(size: float, hz: float) -> tuple[FloatArray, FloatArray]:
        return size * np.sin(2 * np.pi * hz * t_s), 2 * np.pi * hz * size * np.cos(2 * np.pi * hz * t_s)

    turning = Turning(*wave(1.2, 1.3), *wave(0.5, 2.1), *wave(0.8, 0.7))
    axes = turning.axes()
    change = np.gradient(axes, t_s, axis=0)[5:-5]
    spin = np.einsum("nji,njk->nik", axes[5:-5], change)
    expected = np.column_stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]])
    assert np.allclose(np.einsum("nji,njk->nik", axes, axes), np.eye(3))
    assert np.allclose(turning.rotation_radps()[5:-5], expected, atol=1e-4)


@pytest.mark.parametrize("course", [Course.run(3.0, 6.0), Course.walk(1.4, 6.0)], ids=["run", "walk"])
@pytest.mark.parametrize("mount", ["foot", "shank", "sacrum"])
def test_the_rates_of_a_segment_are_those_of_its_angles(mount: Mount, course: Course) -> None:
    person, t_s = Person.drawn(11), np.arange(0.0, 6.0, 5e-4)
    steps = footfalls(course, person, 11)
    foot = strides(course, person, steps, RIGHT, 11)
    if mount == "sacrum":
        turning = pelvis_turning(person, steps, t_s)
    else:
        turning = (foot_turning if mount == "foot" else shank_turning)(person, foot, t_s)
    for name in ("pitch", "roll", "yaw"):
        rate = getattr(turning, f"{name}_rate")
        assert np.std(rate) > 0.05
        assert np.allclose(np.gradient(getattr(turning, name), t_s)[1:-1], rate[1:-1], atol=0.1)


def test_pulses_turn_by_their_area_and_are_fastest_at_their_peak() -> None:
    pulses = Pulses(np.array([1.0, 3.0]), np.array([1.5, 3.2]), np.array([2.5, 3.3]), np.array([0.4, -0.1]))
    t_s = np.arange(0, 5, 1e-4)
    angle, rate = turned([pulses], t_s)
    assert angle[-1] == pytest.approx(0.3)
    assert np.allclose(np.gradient(angle, t_s), rate, atol=1e-3)
    assert t_s[np.argmax(rate)] == pytest.approx(1.5)
    assert t_s[np.argmin(rate)] == pytest.approx(3.2)
    assert pulses.share_before(np.array([2.5, 3.0])) == pytest.approx([1.0, 0.0])
