import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.gaps import LARGEST_DISORDER_S, LONGEST_INTERVAL_S, Break, find_breaks, in_order, runs_on


def test_an_even_stream_has_no_breaks() -> None:
    assert find_breaks(np.arange(0.0, 1.0, 0.01), None) == []
    assert find_breaks(np.empty(0), 3.0) == []


def test_a_silence_is_found_where_it_is() -> None:
    assert find_breaks(np.array([0.0, 0.01, 0.5, 0.51]), None) == [Break(2, 0.01, 0.5, "silence")]


def test_a_silence_between_blocks_is_found_at_the_first_sample() -> None:
    assert find_breaks(np.array([2.0, 2.01]), 1.0) == [Break(0, 1.0, 2.0, "silence")]


def test_a_clock_that_runs_backwards_is_a_reset() -> None:
    assert find_breaks(np.array([5.0, 5.01, 0.2]), 4.99) == [Break(2, 5.01, 0.2, "clock-reset")]


def test_the_same_time_twice_is_no_break() -> None:
    assert find_breaks(np.array([1.0, 1.0, 1.01]), None) == []


@given(st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=60), st.integers(0, 60))
def test_breaks_do_not_depend_on_where_the_stream_was_cut(steps_s: list[float], cut: int) -> None:
    t_s: FloatArray = np.cumsum(np.array(steps_s))
    at = min(cut, len(t_s))
    first = find_breaks(t_s[:at], None)
    second = find_breaks(t_s[at:], float(t_s[at - 1]) if at else None)
    moved = [Break(b.index + at, b.start_s, b.end_s, b.cause) for b in second]
    assert first + moved == find_breaks(t_s, None)
    assert all(b.end_s < b.start_s or b.end_s - b.start_s > LONGEST_INTERVAL_S for b in first + moved)


def test_a_sample_that_was_overtaken_is_out_of_order_and_a_clock_that_was_set_is_not() -> None:
    assert in_order(np.array([1.0, 1.01, 1.01, 1.02]), 0.99) is None
    kept = in_order(np.array([1.0, 1.05, 1.02, 1.06]), None)
    assert kept is not None
    assert kept.tolist() == [True, True, False, True]
    assert in_order(np.array([1.0, 1.05, 0.9, 0.91]), None) is None  # fell further than samples overtake each other
    late = in_order(np.array([4.95]), 5.0)
    assert late is not None
    assert not late[0]


@given(st.lists(st.floats(0, 3 * LARGEST_DISORDER_S), max_size=30), st.integers(0, 30))
def test_order_does_not_depend_on_the_grouping(times_s: list[float], at: int) -> None:
    t_s = np.array([0.2, *times_s])
    at = min(max(at, 1), len(t_s))
    whole = in_order(t_s, None)
    expected = [True] * len(t_s) if whole is None else whole.tolist()
    first = in_order(t_s[:at], None)
    found = [True] * at if first is None else first.tolist()
    newest_s = 0.2
    for at_s, is_kept in zip(t_s[:at].tolist(), found, strict=True):
        newest_s = at_s if is_kept else newest_s
    if at < len(t_s):
        second = in_order(t_s[at:], newest_s)
        found += [True] * (len(t_s) - at) if second is None else second.tolist()
    assert found == expected


@given(st.lists(st.sampled_from([0.0, 0.01, LONGEST_INTERVAL_S, 0.2, -0.01, 1e9]), max_size=8))
def test_samples_run_on_where_no_break_is_between_them(steps_s: list[float]) -> None:
    t_s = np.cumsum(np.array([0.0, *steps_s]))
    assert runs_on(t_s) == (find_breaks(t_s, None, np.zeros(len(t_s), dtype=bool)) == [])
