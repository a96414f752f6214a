"""Heel drops: counted exactly, and their lowering timed, on simulated ones."""

import numpy as np
import pytest

from sensor_hub.errors import ExerciseError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.exercise.heel_drops import count_heel_drops
from sensor_hub.simulation.heel_drops import Dropped, HeelDrops, heel_drops
from sensor_hub.simulation.sensing import Fitting
from tests import need

RATES_HZ = (26.0, 52.0, 104.0, 208.0)
SEEDS = [60, 61, 62, 63, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (64, 65))]  # a rate each


def turn_of(rng: np.random.Generator) -> FloatArray:
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return np.asarray(turn if np.linalg.det(turn) > 0 else -turn)


def dropped(seed: int, done: HeelDrops, mount: str = "foot", rate_hz: float | None = None) -> Dropped:
    rng = np.random.default_rng(seed)
    offset = tuple(rng.normal(0, 0.01, 3))
    rate_hz = rate_hz or RATES_HZ[seed % 4]
    fitting = Fitting(mount, rate_hz=rate_hz, turn=turn_of(rng), rotation_offset_radps=offset)  # type: ignore[arg-type]
    return heel_drops(done, fitting, seed=seed)


@pytest.mark.row("D19")
@pytest.mark.parametrize("ground", ["step", "flat"])
@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_foot_the_count_of_every_set_is_exact_and_nearly_every_lowering_is_timed_within_a_fifth_of_a_second(
    seed: int, ground: str
) -> None:
    sim = dropped(seed, HeelDrops(ground=ground))  # type: ignore[arg-type]
    found = count_heel_drops(sim.t_s, sim.acceleration_mps2, sim.rotation_radps, "foot")
    assert found.reps_by_set() == [15, 15, 15]
    off_s = np.abs(found.lowering_s - (sim.lowering_end_s - sim.lowering_start_s))
    assert np.mean(off_s <= 0.2) >= 0.95
    assert abs(np.mean(found.lowering_s - (sim.lowering_end_s - sim.lowering_start_s))) <= 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_lowerings_that_are_too_fast_or_very_slow_are_counted_too(seed: int) -> None:
    sim = dropped(seed, HeelDrops(sets=2, lowering_s=(1.2, 7.0)))
    found = count_heel_drops(sim.t_s, sim.acceleration_mps2, sim.rotation_radps, "foot")
    assert found.reps_by_set() == [15, 15]
    assert abs(np.mean(found.lowering_s - (sim.lowering_end_s - sim.lowering_start_s))) <= 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_shank_the_count_of_a_session_is_at_most_one_a_set_off(seed: int) -> None:
    sim = dropped(seed, HeelDrops(), "shank")
    found = count_heel_drops(sim.t_s, sim.acceleration_mps2, sim.rotation_radps, "shank")
    assert abs(len(found) - 45) <= 3


def test_standing_and_quick_lifts_of_the_heel_are_no_heel_drops() -> None:
    sim = dropped(70, HeelDrops(sets=2, reps=8, rest_s=40, steps_between=12))
    found = count_heel_drops(sim.t_s, sim.acceleration_mps2, sim.rotation_radps, "foot")
    assert found.reps_by_set() == [8, 8]
    still = sim.t_s < sim.lowering_start_s[0] - 2.0
    if sim.t_s[still][-1] > 3.5:
        quiet = count_heel_drops(sim.t_s[still], sim.acceleration_mps2[still], sim.rotation_radps[still], "foot")
        assert len(quiet) == 0


def test_a_repetition_with_a_hole_in_it_is_not_counted() -> None:
    sim = dropped(71, HeelDrops(sets=1, reps=6))
    middle = (sim.lowering_start_s[2] + sim.lowering_end_s[2]) / 2
    kept = np.abs(sim.t_s - middle) > 0.6
    found = count_heel_drops(sim.t_s[kept], sim.acceleration_mps2[kept], sim.rotation_radps[kept], "foot")
    assert len(found) == 5
    assert np.min(np.abs(found.lowering_start_s - sim.lowering_start_s[2])) > 1.0


def test_fewer_than_twenty_samples_a_second_are_refused() -> None:
    sim = dropped(72, HeelDrops(sets=1, reps=4), rate_hz=12.0)
    with pytest.raises(ExerciseError, match="too slow to time a heel drop"):
        count_heel_drops(sim.t_s, sim.acceleration_mps2, sim.rotation_radps, "foot")


def test_the_open_recording_of_a_foot_that_goes_up_and_down_is_refused_as_too_slow() -> None:
    rows = np.loadtxt(need.data("imu_shank/foot-up-down.csv"), delimiter=",", skiprows=1)
    with pytest.raises(ExerciseError, match=r"9\.6 samples a second are too slow"):
        count_heel_drops(rows[:, 0] / 1e3, rows[:, 1:4] * 9.80665, np.radians(rows[:, 4:7]), "foot")


@pytest.mark.parametrize(
    ("t_s", "mount", "why"),
    [(np.arange(20) / 50, "foot", "too short"), (np.arange(400) / 50, "sacrum", "not from a sacrum")],
)
def test_what_cannot_tell_is_refused_with_the_mend(t_s: FloatArray, mount: str, why: str) -> None:
    samples = np.tile([0.0, 0.0, 9.81], (len(t_s), 1))
    with pytest.raises(ExerciseError, match=why):
        count_heel_drops(t_s, samples, np.zeros_like(samples), mount)  # type: ignore[arg-type]


def test_a_sensor_without_a_gyroscope_is_refused() -> None:
    t_s = np.arange(400) / 50
    samples = np.tile([0.0, 0.0, 9.81], (len(t_s), 1))
    with pytest.raises(ExerciseError, match="wear a sensor that has both"):
        count_heel_drops(t_s, samples, np.full_like(samples, np.nan), "foot")


def test_a_sensor_that_lies_still_sees_none() -> None:
    t_s = np.arange(2000) / 50
    samples = np.tile([0.0, 0.0, 9.81], (len(t_s), 1)) + np.random.default_rng(1).normal(0, 0.05, (2000, 3))
    for mount in ("foot", "shank"):
        assert len(count_heel_drops(t_s, samples, np.zeros_like(samples), mount)) == 0
