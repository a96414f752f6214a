import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.validation.matching import WITHIN_S, matched

STEPS = st.lists(st.integers(0, 400), max_size=25, unique=True).map(lambda ms: np.array(sorted(ms)) / 100)


def pairs(truth: list[float], found: list[float]) -> list[tuple[int, int]]:
    i, j = matched(np.array(truth), np.array(found))
    return list(zip(i.tolist(), j.tolist(), strict=True))


def test_a_contact_is_matched_with_the_nearest() -> None:
    assert pairs([1.0, 1.7], [1.02, 1.66]) == [(0, 0), (1, 1)]


def test_of_two_found_beside_one_only_the_nearer_is_right() -> None:
    assert pairs([1.0], [0.95, 1.01]) == [(0, 1)]


def test_what_is_farther_than_a_tenth_of_a_second_is_another_contact() -> None:
    assert pairs([1.0], [1.0 + WITHIN_S + 0.001]) == []
    assert pairs([1.0], [1.0 + WITHIN_S - 0.001]) == [(0, 0)]


def test_one_found_between_two_true_ones_is_matched_once() -> None:
    assert pairs([1.0, 1.15], [1.08]) == [(1, 0)]


def test_nothing_matches_nothing() -> None:
    assert pairs([], [1.0]) == []
    assert pairs([1.0], []) == []


@given(STEPS, STEPS)
def test_every_contact_is_in_one_pair_at_most_and_no_pair_is_far(truth: np.ndarray, found: np.ndarray) -> None:
    i, j = matched(truth, found)
    assert len(set(i.tolist())) == len(i) == len(j) == len(set(j.tolist()))
    assert np.all(np.abs(truth[i] - found[j]) <= WITHIN_S + 1e-9)


@given(STEPS, STEPS)
def test_no_two_that_are_left_over_could_have_been_a_pair(truth: np.ndarray, found: np.ndarray) -> None:
    i, j = matched(truth, found)
    truth_left, found_left = np.delete(truth, i), np.delete(found, j)
    if len(truth_left) and len(found_left):
        assert np.abs(truth_left[:, None] - found_left[None, :]).min() > WITHIN_S - 1e-9


@given(STEPS)
def test_the_same_times_match_each_with_itself(times: np.ndarray) -> None:
    i, j = matched(times, times)
    assert i.tolist() == j.tolist() == list(range(len(times)))
