import numpy as np
import pytest
from hypothesis import given, settings

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg.alignment import AxisSearch, SlipWatch, SwingAxis
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.worn import Fitting, worn
from tests.synthetic_run import SyntheticRun, one_leg, rotated, turns

RUN = one_leg(8.0)


def found_axis(run: SyntheticRun, block: int = 10_000) -> SwingAxis | None:
    search = AxisSearch()
    for a in range(0, len(run.t_s), block):
        part = slice(a, a + block)
        known = search.receive(run.t_s[part], run.acceleration_mps2[part], run.rotation_radps[part])
        if known is not None:
            return known[0]
    return None


@settings(max_examples=30)
@given(turns())
def test_the_swing_axis_turns_with_the_sensor(turn: FloatArray) -> None:
    axis = found_axis(rotated(RUN, turn))
    assert axis is not None
    np.testing.assert_allclose(axis.direction, turn @ [1.0, 0.0, 0.0], atol=0.01)
    assert axis.share > 0.99


@pytest.mark.parametrize("mount", ["foot", "shank"])
@pytest.mark.parametrize("strike", ["rearfoot", "forefoot"])
def test_toes_up_is_positive_for_simulated_people(mount: str, strike: str) -> None:
    for seed in range(3):
        fitting = Fitting(mount="foot" if mount == "foot" else "shank", rate_hz=100.0)
        person = Person.drawn(seed, "rearfoot" if strike == "rearfoot" else "forefoot")
        sensed = worn(Course.run(speed_mps=4.0, duration_s=10.0), person, fitting, seed=seed)
        axis = found_axis(
            SyntheticRun(sensed.t_s, sensed.acceleration_mps2, sensed.rotation_radps, sensed.t_s, sensed.t_s)
        )
        assert axis is not None
        assert axis.direction[1] < -0.9  # toes up is a right-handed turn about the axis to the right, -y


def test_the_axis_does_not_depend_on_block_sizes() -> None:
    at_once, one_by_one = found_axis(RUN), found_axis(RUN, 1)
    assert at_once is not None
    assert one_by_one is not None
    assert at_once.direction.tolist() == one_by_one.direction.tolist()


def test_a_fidget_before_the_run_does_not_spoil_the_axis() -> None:
    run = one_leg(20.0, first_contact_s=8.0)
    run.rotation_radps[200:230, 2] += 6.0
    axis = found_axis(run)
    assert axis is not None
    assert axis.direction[0] > 0.99


def test_turning_without_landing_gives_no_axis() -> None:
    t_s = np.arange(0.0, 10.0, 0.01)
    shaken = np.column_stack([8.0 * np.sin(2 * np.pi * 1.4 * t_s), np.zeros((len(t_s), 2))])
    assert found_axis(SyntheticRun(t_s, np.tile([0.0, 0.0, 9.81], (len(t_s), 1)), shaken, t_s, t_s)) is None


def test_samples_from_before_the_movement_are_given_back() -> None:
    search = AxisSearch()
    known = search.receive(RUN.t_s, RUN.acceleration_mps2, RUN.rotation_radps)
    assert known is not None
    _, (t_s, acceleration, rotation) = known
    assert t_s[0] <= RUN.initial_contact_s[0] - 0.3
    assert t_s[-1] == RUN.t_s[-1]
    assert len(t_s) == len(acceleration) == len(rotation)


@pytest.mark.parametrize("block", [1, 9, 5000])
def test_a_slip_is_certain_at_the_same_sample_however_the_stream_is_cut(block: int) -> None:
    run = one_leg(20.0)
    run.rotation_radps[1000:] = run.rotation_radps[1000:, [1, 0, 2]]
    axis = found_axis(run)
    assert axis is not None
    about = np.empty(len(run.t_s))
    axis.about(run.rotation_radps, out=about)
    watch = SlipWatch(axis, 0.0)
    slipped = None
    for a in range(0, len(run.t_s), block):
        part = slice(a, a + block)
        watch.receive(run.t_s[part], run.rotation_radps[part], about[part])
        n_after = watch.slipped()
        if n_after is not None:
            slipped = min(a + block, len(run.t_s)) - n_after
            break
    assert slipped == 1200


def test_standing_is_no_slip() -> None:
    axis = found_axis(RUN)
    assert axis is not None
    standing = one_leg(20.0, first_contact_s=100.0)
    about = np.empty(len(standing.t_s))
    axis.about(standing.rotation_radps, out=about)
    watch = SlipWatch(axis, 0.0)
    watch.receive(standing.t_s, standing.rotation_radps, about)
    assert watch.slipped() is None
