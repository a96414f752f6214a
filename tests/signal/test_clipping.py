import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.clipping import ACCELEROMETER_RANGES_MPS2, ClippedTimes, RangeWatch
from sensor_hub.units import STANDARD_GRAVITY_MPS2

VALUES_G = st.lists(st.sampled_from([0.0, 7.0, 7.9995, 8.0, 15.98, 16.0, -16.0, 12.0, 30.0]), min_size=1, max_size=40)


def rows(values_g: list[float]) -> FloatArray:
    return np.column_stack([np.zeros(len(values_g)), values_g, np.ones(len(values_g))]) * STANDARD_GRAVITY_MPS2


def at_range(values_g: list[float]) -> list[int]:
    found: list[int] = RangeWatch(ACCELEROMETER_RANGES_MPS2).receive(rows(values_g)).tolist()
    return found


def test_a_common_full_scale_is_the_range() -> None:
    assert at_range([1.0, 16.0, -15.98, 12.0]) == [1, 2]


def test_a_value_below_an_earlier_one_is_not_at_the_range() -> None:
    assert at_range([12.0, 8.0, 16.0, 8.0]) == [2]


def test_a_large_value_that_is_no_full_scale_is_not_clipped() -> None:
    assert at_range([13.0, 14.5]) == []


@given(VALUES_G, st.integers(1, 7))
def test_what_is_clipped_does_not_depend_on_blocks(values_g: list[float], size: int) -> None:
    watch = RangeWatch(ACCELEROMETER_RANGES_MPS2)
    found = []
    for a in range(0, len(values_g), size):
        found += (a + watch.receive(rows(values_g[a : a + size]))).tolist()
    assert found == at_range(values_g)


def test_clipped_times_are_asked_for_by_interval_and_forgotten() -> None:
    clips = ClippedTimes()
    clips.receive(np.arange(4.0), rows([1.0, 16.0, 1.0, 16.0]), np.zeros((4, 3)))
    begin_s, end_s = np.array([0.0, 1.5, 2.5, np.nan]), np.array([1.0, 2.5, 9.0, np.nan])
    assert clips.between(begin_s, end_s).tolist() == [True, False, True, False]
    clips.drop_before(2.0)
    assert clips.between(begin_s, end_s).tolist() == [False, False, True, False]
    clips.clear()
    assert not clips.between(begin_s, end_s).any()
