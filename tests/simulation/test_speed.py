import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.simulation.speed import SpeedProfile, contact_time_s, step_rate_hz


def test_people_step_and_land_as_the_population_does() -> None:
    # 2.184 + 0.2007 * 3 = 2.7861 Hz; (0.434 + 0.0998 * 3) / 3 = 0.24447 s
    assert_allclose(step_rate_hz(3.0), 2.7861)
    assert_allclose(contact_time_s(3.0), 0.244467, rtol=1e-5)


def test_a_steady_run_covers_its_distance_and_stands_before_and_after() -> None:
    profile = SpeedProfile.steady(2.5, 1000.0, stand_before_s=10.0, stand_after_s=20.0)
    # 396 s steady, 4 s up and 4 s down at half the speed on average
    assert_allclose(profile.duration_s, 10 + 4 + 396 + 4 + 20)
    assert_allclose(profile.distance_m(np.array([0.0, 10.0, 14.0, 410.0, 414.0, 434.0])), [0, 0, 5, 995, 1000, 1000])
    assert_allclose(profile.at(np.array([5.0, 12.0, 100.0, 412.0, 430.0])), [0, 1.25, 2.5, 1.25, 0])
    ((start_s, end_s),) = profile.running_bouts()
    assert_allclose([start_s, end_s], [10 + 4 * 1.6 / 2.5, 410 + 4 * 0.9 / 2.5], atol=0.02)


KNOTS = st.lists(st.tuples(st.floats(0.5, 60), st.floats(0, 6)), min_size=2, max_size=6)


@given(KNOTS)
def test_distance_is_the_integral_of_speed(knots: list[tuple[float, float]]) -> None:
    t_s = np.concatenate([[0.0], np.cumsum([k[0] for k in knots])])
    profile = SpeedProfile(t_s, np.array([0.0, *(k[1] for k in knots)]))
    fine_s = np.unique(np.concatenate([t_s, np.linspace(0, profile.duration_s, 501)]))
    speed = profile.at(fine_s)
    summed = np.concatenate([[0.0], np.cumsum(np.diff(fine_s) * (speed[1:] + speed[:-1]) / 2)])
    assert_allclose(profile.distance_m(fine_s), summed, atol=1e-6)


@pytest.mark.parametrize(
    ("t_s", "speed_mps"),
    [([0.0], [1.0]), ([1.0, 2.0], [1.0, 1.0]), ([0.0, 2.0, 2.0], [1.0] * 3), ([0.0, 1.0], [1.0, -1.0]), ([0, 1], [1])],
)
def test_a_profile_that_cannot_be_is_refused(t_s: list[float], speed_mps: list[float]) -> None:
    with pytest.raises(ValueError, match="speed profile"):
        SpeedProfile(np.array(t_s, float), np.array(speed_mps, float))


@pytest.mark.parametrize(("speed_mps", "distance_m"), [(1.0, 1000.0), (3.0, 10.0)])
def test_a_walk_or_a_few_steps_are_no_run(speed_mps: float, distance_m: float) -> None:
    with pytest.raises(ValueError, match="too short or too slow"):
        SpeedProfile.steady(speed_mps, distance_m)
