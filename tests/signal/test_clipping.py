import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.signal.leg.clipping import (
    ACCELEROMETER_RANGES_MPS2,
    GYROSCOPE_RANGES_RADPS,
    RangeWatch,
    largest_near,
)
from sensor_hub.units import STANDARD_GRAVITY_MPS2

VALUES_G = st.lists(st.sampled_from([0.0, 7.0, 7.9995, 8.0, 15.98, 16.0, 12.0, 30.0]), min_size=1, max_size=40)


def at_range(values_g: list[float]) -> list[int]:
    largest = np.array(values_g) * STANDARD_GRAVITY_MPS2
    return np.flatnonzero(RangeWatch(ACCELEROMETER_RANGES_MPS2).receive(largest)).tolist()


def test_a_common_full_scale_is_the_range() -> None:
    assert at_range([1.0, 16.0, 15.98, 12.0]) == [1, 2]


@pytest.mark.parametrize("full_scale_dps", [125, 245, 250, 500, 1000, 2000, 4000])
def test_the_full_scales_of_gyroscopes_are_known(full_scale_dps: float) -> None:
    watch = RangeWatch(GYROSCOPE_RANGES_RADPS)
    assert watch.receive(np.radians(np.array([0.99 * full_scale_dps, full_scale_dps]))).tolist() == [False, True]


def test_a_value_below_an_earlier_one_is_not_at_the_range() -> None:
    assert at_range([12.0, 8.0, 16.0, 8.0]) == [2]


def test_a_large_value_that_is_no_full_scale_is_not_clipped() -> None:
    assert at_range([13.0, 14.5]) == []


@given(VALUES_G, st.integers(1, 7))
def test_what_is_clipped_does_not_depend_on_blocks(values_g: list[float], size: int) -> None:
    watch = RangeWatch(ACCELEROMETER_RANGES_MPS2)
    found: list[int] = []
    for a in range(0, len(values_g), size):
        part = np.array(values_g[a : a + size]) * STANDARD_GRAVITY_MPS2
        found += (a + np.flatnonzero(watch.receive(part))).tolist()
    assert found == at_range(values_g)


def test_the_largest_near_a_sample_is_that_of_any_axis_and_sign_two_samples_around() -> None:
    values = np.zeros((20, 3))
    values[[4, 10, 13], [0, 1, 2]] = 5.0, -7.0, 9.0
    assert largest_near(values, np.array([2, 6, 7, 8, 12, 0, 19])).tolist() == [5.0, 5.0, 0.0, 7.0, 9.0, 0.0, 0.0]


def test_near_an_event_that_was_not_seen_nothing_is_at_the_range() -> None:
    assert largest_near(np.full((9, 3), 78.0), np.array([-1, 4])).tolist() == [0.0, 78.0]
