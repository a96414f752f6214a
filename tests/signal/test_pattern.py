from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.gait import Mount
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.signal.wearing.pattern import (
    FEWEST_STRIDES,
    FURTHEST_USUAL,
    OF_A_LEG,
    UP,
    differs,
    distance,
    features_of,
    is_pair_swapped,
    merged,
    up_of,
    value_of,
)
from tests.signal.people_running import log_of, pattern_of_run, runner

MOUNTS: list[Mount] = ["foot", "shank", "sacrum"]
NAMES = (*(f.name for f in OF_A_LEG), *UP)


def made(values: list[float], n_strides: int = 20) -> GaitPattern:
    return GaitPattern("foot", "L", NAMES, tuple(values), None, 1, n_strides)


VALUES = st.lists(st.floats(-10, 10), min_size=len(NAMES), max_size=len(NAMES))


@pytest.mark.parametrize("mount", MOUNTS)
def test_a_pattern_names_its_features_with_units_and_knows_them_all(mount: Mount) -> None:
    found = pattern_of_run(runner(mount), mount)
    assert found.features == (*(f.name for f in features_of(mount)), *UP)
    assert (found.mount, found.side, found.spreads, found.n_sessions) == (mount, "L", None, 1)
    assert found.n_strides >= FEWEST_STRIDES
    assert value_of(found, "stride_time_s") == pytest.approx(0.72, abs=0.06)
    assert np.isfinite(found.values).all()
    assert np.linalg.norm(up_of(found)) == pytest.approx(1.0)
    assert np.isnan(value_of(found, "shoe_size"))
    assert np.isnan(value_of(None, "stride_time_s"))


def test_a_foot_without_a_side_has_a_pattern_and_causes_no_doubt() -> None:
    found = pattern_of_run(runner("foot", "R"), "foot", "U")
    assert np.isfinite(found.values).all()
    assert log_of(runner("foot", "R", day=2), "foot", "U", usual=found).doubts() == ()


def test_a_foots_features_are_those_the_run_was_made_with() -> None:
    rear = pattern_of_run(runner("foot", seed=1, strike="rearfoot"), "foot")
    fore = pattern_of_run(runner("foot", seed=1, strike="forefoot"), "foot")
    true = runner("foot", seed=1)
    assert value_of(rear, "landing_pitch_rad") > 0.05 > -0.05 > value_of(fore, "landing_pitch_rad")
    stride_s = float(np.median(np.diff(true.truth.initial_contact_s)))
    share = float(np.nanmedian(true.truth.contact_time_s)) / stride_s
    assert value_of(rear, "contact_share") == pytest.approx(share, abs=0.01)


def test_both_feet_of_a_symmetric_person_have_the_same_pattern() -> None:
    left, right = (pattern_of_run(runner("foot", side), "foot", side) for side in ("L", "R"))
    same = replace(right, side="L")
    assert distance(left, same) < 1.0


def test_two_feet_say_together_whether_they_were_swapped() -> None:
    left, right = (pattern_of_run(runner("foot", side), "foot", side) for side in ("L", "R"))
    on_right, on_left = (
        pattern_of_run(runner("foot", "R"), "foot", "L"),
        pattern_of_run(runner("foot", "L"), "foot", "R"),
    )
    assert is_pair_swapped(left, right) is False
    assert is_pair_swapped(on_right, on_left) is True
    assert is_pair_swapped(left, on_left) is None, "the same foot twice"
    assert is_pair_swapped(left, None) is None
    assert is_pair_swapped(None, right) is None
    askew = [replace(p, values=tuple(v + by for v in p.values)) for p, by in ((left, 0.4), (right, -0.4))]
    assert is_pair_swapped(*askew) is False, "what turns both the same way falls out"
    shanks = [replace(p, mount="shank") for p in (on_right, on_left)]
    assert is_pair_swapped(*shanks) is None


@pytest.mark.parametrize("mount", MOUNTS)
def test_the_same_person_at_another_speed_does_not_differ(mount: Mount) -> None:
    usual = pattern_of_run(runner(mount, seed=5, speed_mps=3.0), mount)
    for speed_mps in (2.6, 3.4):
        assert differs(usual, pattern_of_run(runner(mount, seed=5, speed_mps=speed_mps, day=2), mount)) is False


def test_somebody_else_differs_and_the_log_says_so() -> None:
    usual = None
    for day in (1, 2, 3):
        usual = merged(usual, pattern_of_run(runner("foot", seed=1, day=day), "foot"))
    assert usual is not None
    assert log_of(runner("foot", seed=2, strike="forefoot"), "foot", usual=usual).doubts() == ("pattern-differs",)


def test_too_few_strides_are_no_pattern() -> None:
    run = runner("foot")
    until = int(np.searchsorted(run.t_s, run.truth.initial_contact_s[FEWEST_STRIDES - 2]))
    short = replace(
        run,
        t_s=run.t_s[:until],
        acceleration_mps2=run.acceleration_mps2[:until],
        rotation_radps=run.rotation_radps[:until],
        truth=run.truth.only(run.truth.toe_off_s < run.t_s[until - 1]),
    )
    assert log_of(short, "foot").pattern() is None


@given(VALUES)
def test_a_pattern_is_at_no_distance_from_itself(values: list[float]) -> None:
    assert distance(made(values), made(values)) == 0.0


@given(VALUES, VALUES)
def test_a_distance_is_the_same_both_ways_and_bounded(first: list[float], second: list[float]) -> None:
    there, back = distance(made(first), made(second)), distance(made(second), made(first))
    assert there == pytest.approx(back)
    assert 0.0 <= there <= 4.0


def test_how_a_sensor_sits_is_no_part_of_the_distance() -> None:
    values = [1.0] * len(NAMES)
    turned = values[:-3] + [-v for v in values[-3:]]
    assert distance(made(values), made(turned)) == 0.0


def test_what_a_speed_explains_is_taken_out_and_the_rest_is_not() -> None:
    values = np.zeros(len(NAMES))
    faster, against = values.copy(), values.copy()
    faster[: len(OF_A_LEG)] = [0.4 * f.per_mps for f in OF_A_LEG]
    against[: len(OF_A_LEG)] = [0.4 * f.per_mps * (-1) ** i for i, f in enumerate(OF_A_LEG)]
    plain = made(values.tolist())
    assert distance(plain, made(faster.tolist())) < 0.25 * distance(plain, made(against.tolist()))


def test_a_known_spread_replaces_the_floor_as_sessions_are_added() -> None:
    steady, restless = None, None
    rng = np.random.default_rng(1)
    for _ in range(20):
        steady = merged(steady, made([0.0] * len(NAMES)))
        restless = merged(restless, made([3.0 * f.floor * rng.normal() for f in OF_A_LEG] + [0.0] * 3))
    assert steady is not None
    assert restless is not None
    new = made([2.5 * f.floor * (-1) ** i for i, f in enumerate(OF_A_LEG)] + [0.0] * 3)
    assert differs(steady, new) is True
    assert differs(restless, new) is False


def test_one_broken_feature_does_not_decide() -> None:
    values = [0.0] * len(NAMES)
    values[OF_A_LEG.index(next(f for f in OF_A_LEG if f.name == "landing_mps2"))] = 1e6
    assert distance(made([0.0] * len(NAMES)), made(values)) < FURTHEST_USUAL


def test_patterns_of_two_places_or_versions_are_not_compared() -> None:
    here = made([0.0] * len(NAMES))
    for there in (replace(here, mount="shank"), replace(here, side="R"), replace(here, features=NAMES[::-1])):
        assert np.isnan(distance(here, there))
        assert differs(here, there) is None
        with pytest.raises(ValueError, match="begin a new one"):
            merged(here, there)


def test_a_pattern_with_half_of_its_features_unknown_is_not_compared() -> None:
    here = made([0.0] * len(NAMES))
    assert differs(here, made([np.nan] * 6 + [0.0] * (len(NAMES) - 6))) is None
    assert differs(here, made([np.nan] * 5 + [0.0] * (len(NAMES) - 5))) is False


@given(st.lists(VALUES, min_size=2, max_size=8))
def test_merging_gives_mean_and_standard_deviation_of_the_sessions(sessions: list[list[float]]) -> None:
    usual = None
    for values in sessions:
        usual = merged(usual, made(values))
    assert usual is not None
    assert usual.spreads is not None
    np.testing.assert_allclose(usual.values, np.mean(sessions, axis=0), atol=1e-9)
    np.testing.assert_allclose(usual.spreads, np.std(sessions, axis=0, ddof=1), atol=1e-6)
    assert (usual.n_sessions, usual.n_strides) == (len(sessions), 20 * len(sessions))


@given(st.lists(VALUES, min_size=3, max_size=6), st.integers(1, 2))
def test_histories_merged_give_the_same_as_one_history(sessions: list[list[float]], cut: int) -> None:
    def history(part: list[list[float]]) -> GaitPattern:
        usual = None
        for values in part:
            usual = merged(usual, made(values))
        assert usual is not None
        return usual

    together, whole = merged(history(sessions[:cut]), history(sessions[cut:])), history(sessions)
    np.testing.assert_allclose(together.values, whole.values, atol=1e-9)
    np.testing.assert_allclose(together.spreads or (), whole.spreads or (), atol=1e-6)


def test_a_feature_only_one_side_knows_is_kept() -> None:
    known, unknown = made([1.0] * len(NAMES)), made([np.nan] + [2.0] * (len(NAMES) - 1))
    for usual in (merged(known, unknown), merged(unknown, known)):
        assert usual.values[0] == 1.0
        assert usual.values[1] == 1.5
        assert usual.spreads is not None
        assert usual.spreads[0] == 0.0
