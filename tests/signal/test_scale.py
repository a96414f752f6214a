from pathlib import Path

import numpy as np
import pytest

from sensor_hub.model.gait import Mount
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.wearing.log import WearingLog
from sensor_hub.signal.wearing.scale import FEWEST_STRIDES, mean_is_doubtful, units_are_doubtful
from sensor_hub.signal.wearing.strides import Strides
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.worn import Fitting, Worn, worn
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests.need import data
from tests.signal.people_running import log_of, runner

MOUNTS: list[Mount] = ["foot", "shank", "sacrum"]


def scaled(run: Worn, acceleration: float = 1.0, rotation: float = 1.0) -> Worn:
    return Worn(run.t_s, run.acceleration_mps2 * acceleration, run.rotation_radps * rotation, run.truth)


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("factor", [9.81, 1 / 9.81])
def test_accelerations_in_another_unit_are_doubted(mount: Mount, factor: float) -> None:
    assert log_of(runner(mount), mount).doubts() == ()
    log = log_of(scaled(runner(mount), acceleration=factor), mount)
    assert (log.doubts(), log.pattern(), log.is_usual) == (("units-doubtful",), None, False)


@pytest.mark.parametrize("mount", MOUNTS)
def test_degrees_taken_for_radians_are_doubted(mount: Mount) -> None:
    assert log_of(scaled(runner(mount), rotation=57.3), mount).doubts() == ("units-doubtful",)


@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_radians_taken_for_degrees_are_doubted_on_a_leg(mount: Mount) -> None:
    assert log_of(scaled(runner(mount), rotation=1 / 57.3), mount).doubts() == ("units-doubtful",)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_range_taken_for_twice_or_half_of_it_is_seen_at_the_sacrum(factor: float) -> None:
    assert log_of(scaled(runner("sacrum"), acceleration=factor), "sacrum").doubts() == ("units-doubtful",)


@pytest.mark.parametrize("bound", MOUNTS)
@pytest.mark.parametrize("really", MOUNTS)
def test_a_sensor_on_another_part_of_the_body_has_its_units(bound: Mount, really: Mount) -> None:
    assert "units-doubtful" not in log_of(runner(really), bound).doubts()


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (2, 3))])
@pytest.mark.parametrize(
    "course",
    [
        Course.walk(0.8, 20.0),
        Course.walk(1.6, 20.0),
        Course.run(2.2, duration_s=20.0),
        Course.run(6.5, duration_s=20.0),
    ],
)
def test_nobody_who_walks_or_runs_is_doubted(mount: Mount, seed: int, course: Course) -> None:
    run = worn(course, Person.drawn(seed), Fitting(mount=mount, rate_hz=100.0), seed=seed)
    strides = log_of(run, mount).strides()
    assert len(strides) >= FEWEST_STRIDES
    assert not units_are_doubtful(mount, strides)
    assert mount != "sacrum" or not mean_is_doubtful(strides)


def test_what_is_not_known_is_not_doubted() -> None:
    strides = log_of(runner("shank"), "shank").strides()
    nothing = np.full_like(strides.acceleration_mps2, np.nan)
    unknown = Strides(strides.start_s, strides.stride_time_s, strides.contact_time_s, nothing, nothing)
    for mount in MOUNTS:
        assert not units_are_doubtful(mount, unknown)
        assert not units_are_doubtful(mount, strides.only(slice(0, 0)))
    assert not mean_is_doubtful(unknown)
    few = log_of(scaled(runner("shank"), acceleration=0.1), "shank").strides()
    assert units_are_doubtful("shank", few.only(slice(0, FEWEST_STRIDES)))
    assert not units_are_doubtful("shank", few.only(slice(0, FEWEST_STRIDES - 1)))


def sacral_strides(folder: Path) -> Strides:
    found = []
    for path in sorted(folder.glob("*.csv")):
        t_s, vertical_g, ahead_g, _ = np.genfromtxt(path, delimiter=",", skip_header=1).T
        acceleration = np.column_stack([vertical_g, np.zeros(len(t_s)), ahead_g]) * STANDARD_GRAVITY_MPS2
        rotation, log, detector = np.full((len(t_s), 3), np.nan), WearingLog("sacrum", "U"), detector_for("sacrum")
        log.take(t_s, acceleration, rotation, detector.receive(t_s, acceleration, rotation))
        found.append(log.strides())
    return Strides.concatenate(found)


def test_a_real_sacrum_is_not_doubted_though_its_vertical_is_clipped() -> None:
    strides = sacral_strides(data("imu_sacral_grf"))
    assert len(strides) > 30
    assert not units_are_doubtful("sacrum", strides)
    assert not mean_is_doubtful(strides)
