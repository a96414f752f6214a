from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY
from sensor_hub.model.arrays import FloatArray
from sensor_hub.session.pairing import HOPE_S, LONGEST_WAIT_S, Pairing
from sensor_hub.session.timed_samples import TimedSamples, concatenated
from tests.synthetic_run import cuts


def frame(kind: int, t_s: FloatArray) -> TimedSamples:
    """Acceleration in x is the time, angular velocity in x its double."""
    n = len(t_s)
    acceleration, rotation = np.full((n, 3), np.nan), np.full((n, 3), np.nan)
    if kind & ACCELERATION:
        acceleration[:] = t_s[:, None]
    if kind & ANGULAR_VELOCITY:
        rotation[:] = 2 * t_s[:, None]
    return TimedSamples(t_s, acceleration, rotation, np.full(n, kind, np.uint8), t_s * 1e6, np.zeros(n))


def acc(*t_s: float) -> TimedSamples:
    return frame(ACCELERATION, np.array(t_s))


def gyro(*t_s: float) -> TimedSamples:
    return frame(ANGULAR_VELOCITY, np.array(t_s))


def paired(*frames: TimedSamples, flush: bool = True) -> TimedSamples:
    pairing = Pairing()
    parts = [p for one in frames for p in pairing.receive(one)]
    return concatenated([*parts, *(pairing.flush() if flush else []), frame(0, np.empty(0))])


def test_angular_velocity_is_interpolated_at_the_times_of_the_acceleration() -> None:
    found = paired(acc(0.00, 0.02, 0.04), gyro(-0.01, 0.01, 0.03, 0.05), flush=False)
    assert found.t_s.tolist() == [0.00, 0.02, 0.04]
    assert found.angular_velocity_radps[:, 0] == pytest.approx([0.0, 0.04, 0.08])
    assert set(found.measured.tolist()) == {ACCELERATION | ANGULAR_VELOCITY}


def test_an_acceleration_waits_for_the_angular_velocity_after_it() -> None:
    assert paired(acc(0.00, 0.02), gyro(0.00, 0.01), flush=False).t_s.tolist() == [0.0]
    assert paired(acc(0.00, 0.02), gyro(0.00, 0.01), gyro(0.02), flush=False).t_s.tolist() == [0.0, 0.02]


def test_neighbours_too_far_apart_leave_the_angular_velocity_unknown() -> None:
    found = paired(acc(0.0, 0.05, 0.2), gyro(0.0, 0.15, 0.2))
    assert np.isnan(found.angular_velocity_radps[:, 0]).tolist() == [False, True, False]


def test_nobody_waits_longer_than_half_a_second_of_the_devices_time() -> None:
    t_s = np.arange(0.0, 2.0, 0.02)
    found = paired(gyro(0.0), frame(ACCELERATION, t_s), flush=False)
    assert found.t_s[-1] == pytest.approx(t_s[-1] - LONGEST_WAIT_S)
    assert np.isnan(found.angular_velocity_radps[1:]).all()


def test_without_any_gyroscope_nobody_waits_after_the_first_seconds() -> None:
    t_s = np.arange(0.0, HOPE_S, 0.1)
    assert len(paired(frame(ACCELERATION, t_s), flush=False)) == 0
    assert len(paired(frame(ACCELERATION, t_s), acc(HOPE_S + 0.1), flush=False)) == len(t_s) + 1


def test_samples_with_both_go_through_as_they_are() -> None:
    both = frame(ACCELERATION | ANGULAR_VELOCITY, np.array([0.0, 0.01]))
    assert Pairing().receive(both) == [both]


def test_a_clock_that_begins_anew_is_not_paired_with_what_came_before() -> None:
    found = paired(acc(100.0, 100.02), gyro(100.0), acc(0.0, 0.02), gyro(0.0, 0.02))
    assert found.t_s.tolist() == [100.0, 100.02, 0.0, 0.02]
    assert np.isnan(found.angular_velocity_radps[:, 0]).tolist() == [False, True, False, False]


def test_a_clock_that_begins_anew_while_the_link_is_down_is_not_paired_with_what_came_before() -> None:
    pairing = Pairing()
    parts = [p for one in (acc(5.0, 5.02), gyro(5.0, 5.02, 5.04)) for p in pairing.receive(one)]
    parts += [*pairing.flush(), *pairing.flush()]  # the link went down, and came up
    parts += [p for one in (acc(5.0, 5.02), gyro(6.0)) for p in pairing.receive(one)]
    found = concatenated([*parts, *pairing.flush()])
    assert found.t_s.tolist() == [5.0, 5.02, 5.0, 5.02]
    assert np.isnan(found.angular_velocity_radps[:, 0]).tolist() == [False, False, True, True]


def test_a_gyroscope_heard_first_after_a_link_came_up_is_not_forgotten() -> None:
    pairing = Pairing()
    parts = [p for one in (acc(5.0, 5.02), gyro(5.0, 5.02)) for p in pairing.receive(one)] + pairing.flush()
    parts += [p for one in (gyro(1.0, 1.02), acc(1.0, 1.02)) for p in pairing.receive(one)]
    assert not np.isnan(concatenated(parts).angular_velocity_radps).any()


@given(st.data())
def test_what_is_paired_does_not_depend_on_the_cutting(data: st.DataObject) -> None:
    frames = []
    at_s = {ACCELERATION: 0.0, ANGULAR_VELOCITY: 0.003}
    for _ in range(data.draw(st.integers(1, 25))):
        kind = data.draw(st.sampled_from([ACCELERATION, ACCELERATION, ANGULAR_VELOCITY]))
        at_s[kind] += data.draw(st.sampled_from([0.0, 0.0, 0.0, 0.7, 3.0, -5.0]))
        n = data.draw(st.integers(1, 40))
        frames.append(frame(kind, at_s[kind] + 0.02 * np.arange(1, n + 1, dtype=np.float64)))
        at_s[kind] += 0.02 * n
    whole = concatenated(frames)
    expected = paired(*(whole.only(slice(i, i + 1)) for i in range(len(whole))))
    pieces = data.draw(cuts(len(whole)))
    found = paired(*(whole.only(slice(a, b)) for a, b in pieces))
    for name in ("t_s", "acceleration_mps2", "angular_velocity_radps", "arrival_us"):
        assert np.array_equal(getattr(found, name), getattr(expected, name), equal_nan=True)
    edges = np.cumsum([0, *map(len, frames)])
    assert len(paired(*(whole.only(slice(a, b)) for a, b in pairwise(edges)))) == len(expected)
