import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg.parts import FEW, first_from, ranges, running, sums, windows

SEEDS = st.integers(0, 10_000)


def bits(values: FloatArray) -> bytes:
    return np.ascontiguousarray(values).tobytes()


def test_ranges_are_rows_of_indices() -> None:
    row, starts = ranges(np.array([3, 10]), np.array([2, 3]))
    assert row.tolist() == [3, 4, 10, 11, 12]
    assert starts.tolist() == [0, 2]
    assert len(ranges(np.empty(0, np.int64), np.empty(0, np.int64))[0]) == 0


def test_windows_past_the_end_repeat_the_last_value() -> None:
    values = np.arange(5.0)
    assert windows(values, np.array([0, 3, 6]), 3).tolist() == [[0, 1, 2], [3, 4, 4], [4, 4, 4]]
    assert windows(values, np.array([3]), 3).tolist() == [[3, 4, 4]]
    assert windows(values[:2], np.array([0, 1]), 3).tolist() == [[0, 1, 1], [1, 1, 1]]
    pairs = np.arange(8.0).reshape(4, 2)
    assert windows(pairs, np.array([1, 3]), 2).tolist() == [[[2, 3], [4, 5]], [[6, 7], [6, 7]]]


@pytest.mark.parametrize("n_parts", [1, 2])
def test_windows_of_a_column_that_lies_among_others_are_the_same(n_parts: int) -> None:
    table = np.arange(60.0).reshape(10, 6)
    begin = np.array([2, 5])[:n_parts]
    assert windows(table[:, :3], begin, 4).tolist() == [table[b : b + 4, :3].tolist() for b in begin.tolist()]
    assert windows(table[:, 1], begin, 4).tolist() == [table[b : b + 4, 1].tolist() for b in begin.tolist()]


@given(SEEDS, st.integers(1, 40))
def test_a_sum_has_the_same_bits_alone_and_among_others(seed: int, n_parts: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=5000)
    begin = np.sort(rng.integers(0, 4500, n_parts))
    end = begin + rng.integers(0, 400, n_parts)
    alone = [sums(values, begin[i : i + 1], end[i : i + 1]) for i in range(n_parts)]
    assert bits(sums(values, begin, end)) == bits(np.concatenate(alone))
    exact = [values[a : max(b, a + 1)].sum() for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
    np.testing.assert_allclose(sums(values, begin, end), exact, rtol=0, atol=1e-9)


@given(SEEDS, st.sampled_from(["even", "jitter", "drops", "repeated", "slow"]), st.sampled_from([0.0, 1.7e9]))
def test_a_time_is_looked_up_as_by_a_search_whatever_the_clock_does(seed: int, clock: str, start_s: float) -> None:
    rng = np.random.default_rng(seed)
    step_s = np.full(3000, 0.005)
    if clock == "jitter":
        step_s = rng.choice([0.01, 0.02], 3000)
    elif clock == "drops":
        step_s[rng.random(3000) < 0.2] = 0.1
    elif clock == "repeated":
        step_s[rng.random(3000) < 0.2] = 0.0
    elif clock == "slow":
        step_s[1000:] = 0.02
    t_s = start_s + np.cumsum(step_s)
    near = np.sort(rng.integers(0, len(t_s), 2 * FEW))
    interval_s = t_s[near] - t_s[np.maximum(near - 1, 0)]
    exactly = rng.random(len(near)) < 0.5
    key_s = np.where(exactly, t_s[near] + 36 * 0.005, t_s[near] + rng.uniform(-0.1, 0.3, len(near)))
    expected = np.searchsorted(t_s, key_s).tolist()
    assert first_from(t_s, key_s, near, interval_s).tolist() == expected
    assert first_from(t_s, key_s[:3], near[:3], interval_s[:3]).tolist() == expected[:3]


@pytest.mark.parametrize("step", [np.add, np.minimum])
def test_what_runs_has_the_same_bits_alone_and_among_others(step: np.ufunc) -> None:
    values = np.random.default_rng(1).normal(size=(28, 2 * FEW))
    together = running(step, values)
    for i in (0, FEW, 2 * FEW - 1):
        assert bits(running(step, values[:, i : i + 1])) == bits(together[:, i : i + 1])
    assert bits(together) == bits(step.accumulate(values, axis=0))
