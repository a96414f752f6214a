import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.signal.seconds import SecondWatch
from tests.synthetic_run import cuts

LOWEST_HZ = 32.0


def stream(
    rates_hz: list[float], begin_s: float = 0.25, held: tuple[float, float] | None = None
) -> tuple[FloatArray, ...]:
    """Two seconds at each rate; the values between two times are those at the first."""
    parts = [begin_s + 2.0 * i + np.arange(int(2 * rate)) / rate for i, rate in enumerate(rates_hz)]
    t_s = np.concatenate(parts)
    values = np.random.default_rng(1).normal(size=(len(t_s), 6))
    if held is not None:
        between = (t_s >= held[0]) & (t_s < held[1])
        values[between] = values[between][:1]
    return t_s, values[:, :3], values[:, 3:]


def looked_at(
    columns: tuple[FloatArray, ...], pieces: list[tuple[int, int]], *, is_short_way_tried: bool = False
) -> tuple[list[bool], list[bool]]:
    watch = SecondWatch(LOWEST_HZ)
    slow: list[bool] = []
    stale: list[bool] = []
    for begin, end in pieces:
        t_s, acceleration, rotation = (column[begin:end] for column in columns)
        found: tuple[BoolArray, BoolArray] | None = None
        if is_short_way_tried and t_s[-1] - t_s[0] < 1 and watch.stays_calm(t_s, float(t_s[-1])):
            watch.note(t_s, float(t_s[-1]), acceleration, rotation)
        else:
            found = watch.unusable(t_s, acceleration, rotation)
        no = [False] * len(t_s)
        slow += no if found is None else found[0].tolist()
        stale += no if found is None else found[1].tolist()
    return slow, stale


@pytest.mark.parametrize("rate_hz", [33.0, 50.0, 200.0, 1000.0])
def test_a_fast_sensor_is_never_too_slow(rate_hz: float) -> None:
    columns = stream([rate_hz] * 4)
    slow, stale = looked_at(columns, [(0, len(columns[0]))])
    assert not any(slow)
    assert not any(stale)


@pytest.mark.parametrize("rate_hz", [11.0, 20.0, 26.0, 31.0])
def test_a_slow_sensor_is_known_after_its_first_whole_second(rate_hz: float) -> None:
    columns = stream([rate_hz] * 4)
    slow, _ = looked_at(columns, [(0, len(columns[0]))])
    assert columns[0][slow.index(True)] >= 2.0
    assert columns[0][slow.index(True) - 1] < 2.0
    assert all(slow[slow.index(True) :])


def test_a_sensor_that_becomes_faster_is_usable_again() -> None:
    columns = stream([20.0, 20.0, 200.0, 200.0])
    slow, _ = looked_at(columns, [(0, len(columns[0]))])
    last_s = columns[0][len(slow) - 1 - slow[::-1].index(True)]
    assert 4.9 < last_s < 5.0


def test_a_break_says_nothing_about_the_rate() -> None:
    watch = SecondWatch(LOWEST_HZ)
    for begin_s in (0.0, 1.9, 3.9):
        t_s, acceleration, rotation = stream([200.0], begin_s + 0.05)
        few = t_s < begin_s + 1.0
        watch.begin()
        found = watch.unusable(t_s[few], acceleration[few], rotation[few])
        assert found is None or not found[0].any()


def test_values_that_did_not_change_for_a_second_are_not_usable_until_they_do() -> None:
    columns = stream([100.0] * 4, held=(2.5, 6.5))
    _, stale = looked_at(columns, [(0, len(columns[0]))])
    times_s = columns[0][np.array(stale)]
    assert times_s[0] == pytest.approx(4.0)
    assert times_s[-1] == pytest.approx(6.5, abs=0.011)


def test_one_axis_that_changes_is_no_frozen_sensor_and_one_that_is_not_measured_says_nothing() -> None:
    t_s, acceleration, rotation = stream([100.0] * 4, held=(0.0, 9.0))
    rotation[:, 1] = np.nan
    assert any(looked_at((t_s, acceleration, rotation), [(0, len(t_s))])[1])
    acceleration[::7, 2] += 1e-9
    assert not any(looked_at((t_s, acceleration, rotation), [(0, len(t_s))])[1])


@given(st.data())
def test_what_is_not_usable_does_not_depend_on_the_cutting(data: st.DataObject) -> None:
    rates_hz = data.draw(st.lists(st.sampled_from([20.0, 31.0, 33.0, 50.0]), min_size=1, max_size=5))
    begin_s = data.draw(st.sampled_from([0.0, 0.25, 1e6 + 0.5, -3.3]))
    from_s = data.draw(st.floats(0, 8))
    columns = stream(rates_hz, begin_s, (begin_s + from_s, begin_s + from_s + data.draw(st.floats(0, 5))))
    n = len(columns[0])
    expected = looked_at(columns, [(0, n)])
    pieces = data.draw(cuts(n))
    assert looked_at(columns, pieces) == expected
    assert looked_at(columns, pieces, is_short_way_tried=True) == expected
