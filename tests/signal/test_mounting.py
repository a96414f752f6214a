from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.signal.wearing import mounting
from sensor_hub.signal.wearing.pattern import merged
from sensor_hub.signal.wearing.strides import Strides
from sensor_hub.simulation.course import Course, Leg
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.sensing import Slip
from sensor_hub.simulation.worn import Fitting, Worn, worn
from tests.signal.people_running import log_of, pattern_of_run, runner

LEGS: list[Mount] = ["foot", "shank"]
MOUNTS: list[Mount] = ["foot", "shank", "sacrum"]
OTHER: dict[Side, Side] = {"L": "R", "R": "L"}


def about(axis: int, angle_rad: float) -> FloatArray:
    """Rotation about x, y or z of the body part: forward, left, up."""
    turn = np.eye(3)
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    turn[i, i] = turn[j, j] = np.cos(angle_rad)
    turn[j, i] = np.sin(angle_rad)
    turn[i, j] = -turn[j, i]
    return turn


def turned(run: Worn, turn: FloatArray) -> Worn:
    return replace(run, acceleration_mps2=run.acceleration_mps2 @ turn.T, rotation_radps=run.rotation_radps @ turn.T)


def habit(mount: Mount, turns: list[FloatArray]) -> GaitPattern:
    """The usual pattern after sessions in which the sensor was strapped on in these ways."""
    usual = None
    for day, turn in enumerate(turns, start=1):
        usual = merged(usual, pattern_of_run(turned(runner(mount, day=day), turn), mount))
    assert usual is not None
    return usual


# --- axes of the body ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mount", LEGS)
@pytest.mark.parametrize("side", ["L", "R"])
@pytest.mark.parametrize("strike", ["rearfoot", "forefoot"])
def test_the_axes_of_the_body_are_found(mount: Mount, side: Side, strike: Strike) -> None:
    strides = log_of(runner(mount, side, strike=strike), mount, side).strides()
    axes = mounting.body_axes(strides, mount)
    runs = mounting.is_running(strides)
    right = mounting.common_direction(axes.right[runs])
    up = mounting.common_direction(axes.up[runs])
    assert mounting.angle_between(right, np.array([0.0, -1.0, 0.0])) < 0.35
    assert mounting.angle_between(up, np.array([0.0, 0.0, 1.0])) < (0.4 if mount == "foot" else 0.8)  # both lean


def test_axes_of_a_sensor_without_a_gyroscope_are_unknown() -> None:
    run = runner("foot")
    still = replace(run, rotation_radps=np.full_like(run.rotation_radps, np.nan))
    axes = mounting.body_axes(log_of(still, "foot").strides(), "foot")
    assert np.isnan(axes.right).all()
    assert np.isfinite(axes.up).all()


# --- upside down -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("axis", [0, 1])
def test_a_sensor_turned_over_is_noticed_against_two_sessions(mount: Mount, axis: int) -> None:
    usual = habit(mount, [np.eye(3), about(2, 0.1)])
    over = turned(runner(mount, day=3), about(axis, np.pi))
    assert log_of(over, mount, usual=usual).doubts() == ("upside-down",)


def test_one_session_does_not_say_which_way_is_up() -> None:
    over = turned(runner("foot", day=3), about(0, np.pi))
    assert log_of(over, "foot", usual=habit("foot", [np.eye(3)])).doubts() == ()


def test_whoever_straps_it_on_anyhow_has_no_wrong_way() -> None:
    usual = habit("foot", [np.eye(3), about(0, np.pi), np.eye(3)])
    assert log_of(turned(runner("foot", day=4), about(0, np.pi)), "foot", usual=usual).doubts() == ()


@pytest.mark.parametrize("angle_rad", [0.5, -0.5, np.pi / 2])
def test_a_sensor_that_sits_askew_is_not_upside_down(angle_rad: float) -> None:
    usual = habit("foot", [np.eye(3), np.eye(3)])
    assert log_of(turned(runner("foot", day=3), about(0, angle_rad)), "foot", usual=usual).doubts() == ()


# --- left and right --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["L", "R"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sensor_on_the_other_foot_is_noticed(side: Side, seed: int) -> None:
    run = runner("foot", side, seed)
    assert log_of(run, "foot", side).doubts() == ()
    assert log_of(run, "foot", OTHER[side]).doubts() == ("sides-swapped",)
    assert log_of(run, "foot", "U").doubts() == ()


@pytest.mark.parametrize("mount", LEGS)
@pytest.mark.parametrize("side", ["L", "R"])
def test_a_sensor_on_the_other_leg_than_usual_is_noticed(mount: Mount, side: Side) -> None:
    usual = pattern_of_run(runner(mount, side), mount, side)
    other = runner(mount, OTHER[side], day=2)
    assert log_of(other, mount, side, usual=usual).doubts() == ("sides-swapped",)


def test_of_a_shank_only_its_own_past_says_which_leg_it_is() -> None:
    assert log_of(runner("shank", "R"), "shank", "L").doubts() == ()


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_gyroscope_that_turns_at_rest_moves_no_roll(axis: int) -> None:
    run = runner("foot")
    adrift = replace(run, rotation_radps=run.rotation_radps + 0.5 * np.eye(3)[axis])
    rolls = []
    for each in (run, adrift):
        strides = log_of(each, "foot").strides()
        rolls.append(float(np.median(mounting.inward_roll_rad(strides, mounting.body_axes(strides, "foot"), "L"))))
    assert rolls[1] == pytest.approx(rolls[0], abs=0.01)
    assert log_of(adrift, "foot", usual=pattern_of_run(run, "foot")).doubts() == ()


def test_a_leg_that_always_rolls_outwards_is_not_the_other_one() -> None:
    run = runner("foot", "L")
    outwards = pattern_of_run(run, "foot", "R")
    assert log_of(run, "foot", "R", usual=outwards).doubts() == ()


ROLLS = st.lists(st.floats(-0.4, 0.4), min_size=8, max_size=40).map(np.array)


@given(ROLLS)
def test_mirrored_rolls_give_the_mirrored_answer(rolls: FloatArray) -> None:
    inwards = mounting.rolls_inwards(rolls)
    assert mounting.rolls_inwards(-rolls) is (None if inwards is None else not inwards)


@pytest.mark.parametrize(
    ("rolls", "inwards"),
    [
        ([0.1] * 8, True),
        ([-0.1] * 8, False),
        ([0.1] * 7, None),  # too few
        ([0.1] * 7 + [-0.1] * 3, None),  # too many disagree
        ([0.1] * 8 + [-0.1] * 2, True),
        ([0.03] * 20, None),  # too small
        ([0.05, 0.1, 0.15, 0.3, 0.4, 0.5, 0.6, -0.1] * 3, None),  # its spread is larger
        ([np.nan] * 20, None),
        ([np.nan] * 20 + [0.1] * 8, True),
    ],
)
def test_a_roll_counts_only_where_it_is_clear(rolls: list[float], inwards: bool | None) -> None:
    assert mounting.rolls_inwards(np.array(rolls)) is inwards


# --- another part of the body ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed_mps", [3.0, 5.0])
@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("really", MOUNTS)
@pytest.mark.parametrize("bound", MOUNTS)
def test_a_sensor_on_another_part_of_the_body_is_noticed(
    bound: Mount, really: Mount, seed: int, speed_mps: float
) -> None:
    run = runner(really, "L", seed, speed_mps=speed_mps)
    said = log_of(run, bound).doubts()
    assert said == (() if bound == really else ("not-this-mount",))


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(3, 9))])
def test_jogging_slowly_does_not_make_it_another_part_of_the_body(mount: Mount, seed: int) -> None:
    assert log_of(runner(mount, "L", seed, speed_mps=2.2), mount).doubts() == ()


def test_a_sensor_that_lies_still_is_not_called_one_of_the_sacrum() -> None:
    still = np.column_stack([np.full(40, 0.1), np.full(40, 0.01)])
    nothing = Strides.concatenate([])
    for mount in MOUNTS:
        axes = mounting.body_axes(nothing, mount)
        assert mounting.is_another_mount(mount, nothing, axes, still) is None


# --- slipping --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mount", MOUNTS)
def test_a_sensor_that_turns_on_the_way_has_slipped_and_gives_no_pattern(mount: Mount) -> None:
    fitting = Fitting(mount=mount, rate_hz=100.0, slip=Slip(70.0, about(0, 0.9)))
    log = log_of(worn(Course.run(3.0, 140.0), Person.drawn(1), fitting, seed=1), mount)
    assert log.doubts() == ("slipped",)
    assert log.pattern() is None


@pytest.mark.parametrize("mount", MOUNTS)
def test_hills_changes_of_speed_and_walking_are_no_slip(mount: Mount) -> None:
    hills = [Leg("run", 60, 3.0, grade=0.1), Leg("run", 60, 3.0, grade=-0.1)]
    course = Course.of([*hills, Leg("run", 60, 4.5), Leg("walk", 90, 1.3)])
    log = log_of(worn(course, Person.drawn(2), Fitting(mount=mount, rate_hz=100.0), seed=1), mount)
    assert log.doubts() == ()
    assert log.pattern() is not None
