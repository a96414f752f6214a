import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.clock import WrappedClock
from sensor_hub.units import US_PER_S


def test_a_counter_that_wraps_goes_on_rising() -> None:
    clock = WrappedClock(10.0)
    assert_allclose(clock.unwrap(np.array([8.0, 9.5, 0.5])), [8.0, 9.5, 10.5])
    assert_allclose(clock.unwrap(np.array([2.0, 6.9])), [12.0, 16.9])


def test_a_small_step_backwards_is_not_a_wrap() -> None:
    assert_allclose(WrappedClock(10.0).unwrap(np.array([5.0, 4.9, 5.1])), [5.0, 4.9, 5.1])


def test_a_counter_of_four_bytes_of_milliseconds_wraps_after_seven_weeks() -> None:
    period_s = 2**32 / 1000
    counter_s = np.array([period_s - 0.011, period_s - 0.001, 0.009, 0.019])
    assert_allclose(WrappedClock(period_s).unwrap(counter_s), period_s + np.array([-0.011, -0.001, 0.009, 0.019]))


def test_wraps_during_a_long_silence_are_counted_by_the_time_that_passed() -> None:
    clock = WrappedClock(10.0)
    arrival_us = np.array([0.0, 1.0, 38.05]) * US_PER_S
    assert_allclose(clock.unwrap(np.array([4.0, 5.0, 2.0]), arrival_us), [4.0, 5.0, 42.0])
    assert_allclose(clock.unwrap(np.array([4.0]), np.array([100.0]) * US_PER_S), [104.0])


@given(st.lists(st.floats(0, 4.9), min_size=1, max_size=30), st.integers(1, 7), st.booleans())
def test_unwrapping_does_not_depend_on_block_sizes(steps: list[float], size: int, arrives: bool) -> None:
    since_s = np.cumsum(steps)
    counter, arrival_us = since_s % 10.0, since_s * US_PER_S if arrives else None
    whole = WrappedClock(10.0).unwrap(counter, arrival_us)
    clock = WrappedClock(10.0)
    parts = [
        clock.unwrap(counter[i : i + size], None if arrival_us is None else arrival_us[i : i + size])
        for i in range(0, len(counter), size)
    ]
    assert_allclose(np.concatenate(parts), whole)
