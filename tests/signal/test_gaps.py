import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.gaps import LONGEST_INTERVAL_S, Break, find_breaks


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
