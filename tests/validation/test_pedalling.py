import pytest

from sensor_hub.model.gait import Mount
from sensor_hub.simulation.worn import Course, Fitting, Person, worn
from tests.validation.detecting import Recording
from tests.validation.pedalling import pedalling, running_steps, still

LEGS: list[Mount] = ["foot", "shank"]


@pytest.mark.parametrize("mount", LEGS)
@pytest.mark.parametrize("rpm", [60, 100])
def test_pedalling_is_no_run(mount: Mount, rpm: int) -> None:
    assert running_steps(pedalling(rpm, seed=rpm), mount) == 0


@pytest.mark.parametrize("mount", ["foot", "shank", "sacrum"])
def test_a_sensor_that_lies_still_takes_no_step(mount: Mount) -> None:
    assert running_steps(still(), mount) == 0


@pytest.mark.parametrize("mount", ["foot", "shank", "sacrum"])
def test_running_is_counted_by_the_same_count(mount: Mount) -> None:
    run = worn(
        Course.run(speed_mps=3.0, duration_s=20.0),
        Person.drawn(seed=0, strike="rearfoot"),
        Fitting(mount=mount, side="L", rate_hz=100.0),
        seed=0,
    )
    n = running_steps(Recording(run.t_s, run.acceleration_mps2, run.rotation_radps), mount)
    assert n >= len(run.truth.initial_contact_s) - 2
