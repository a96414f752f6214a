"""Even sampling, random delays: the times that are rebuilt must be even again, and a loss must stay a hole."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.session.arrival_clock import ArrivalClock
from sensor_hub.session.timed_samples import TimedSamples
from sensor_hub.signal.gaps import LONGEST_INTERVAL_S
from sensor_hub.units import US_PER_S

DECLARED_HZ = 100.0


def notification(n: int, arrival_s: float) -> TimedSamples:
    arrival_us = np.full(n, arrival_s * US_PER_S)
    vectors = np.zeros((n, 3))
    return TimedSamples(np.full(n, np.nan), vectors, vectors, np.full(n, 3, np.uint8), arrival_us, arrival_us)


def rebuilt(
    true_s: FloatArray, arrival_s: FloatArray, a_notification: int = 1, rate_hz: float | None = DECLARED_HZ
) -> FloatArray:
    """(n,) s of every sample; ``true_s`` and ``arrival_s`` are those of each notification's newest one."""
    clock = ArrivalClock(rate_hz, 0.0)
    parts = [p for s in arrival_s.tolist() for p in clock.receive(notification(a_notification, s))]
    return np.concatenate([p.t_s for p in [*parts, *clock.flush()]])


def sampled(seconds: float, off: float, a_notification: int) -> FloatArray:
    """(m,) s of the newest sample of each notification, at the declared rate and a bit."""
    period_s = a_notification / (DECLARED_HZ * (1 + off))
    return np.arange(period_s, seconds, period_s)


def delayed(true_s: FloatArray, seed: int, bursts: tuple[float, ...] = ()) -> FloatArray:
    """Delays of 0 to 200 ms, and bursts: nothing for up to a second, then all of it."""
    rng = np.random.default_rng(seed)
    arrival_s = true_s + rng.uniform(0, 0.2, len(true_s))
    for begin_s in bursts:
        until_s = begin_s + rng.uniform(0.3, 1.0)
        held = (true_s >= begin_s) & (true_s < until_s)
        arrival_s[held] = np.maximum(arrival_s[held], until_s)
    found: FloatArray = np.maximum.accumulate(arrival_s)
    return found


@pytest.mark.parametrize("a_notification", [1, 3])
@pytest.mark.parametrize("off", [-0.05, -0.03, 0.0, 0.03, 0.05])
def test_even_samples_that_arrive_late_are_even_again(
    off: float, a_notification: int, record_property: Callable[[str, object], None]
) -> None:
    true_s = sampled(120.0, off, a_notification)
    told_s = rebuilt(true_s, delayed(true_s, seed=3, bursts=(20.0, 47.0, 48.5, 90.0)), a_notification)
    intervals_ms = 1000 * np.diff(told_s)
    late_ms = 1000 * (told_s[a_notification - 1 :: a_notification] - true_s)
    told = f"SD of intervals {intervals_ms.std():.2f} ms, {late_ms.min():.0f} to {late_ms.max():.0f} ms late"
    record_property("measured", told)
    assert len(told_s) == a_notification * len(true_s)
    assert intervals_ms.min() > 0, told
    assert intervals_ms.max() < 1000 * LONGEST_INTERVAL_S, told
    assert intervals_ms.std() < 1.0, told
    # a sample is as late as the most punctual around it, give or take what the fit does not know of the rate
    assert -40 < late_ms.min() < late_ms.max() < 200, told


@settings(max_examples=settings().max_examples // 2)
@given(st.data())
def test_a_hole_is_found_and_bursts_are_none(data: st.DataObject) -> None:
    off = data.draw(st.floats(-0.03, 0.03))
    hole_s = data.draw(st.floats(0.3, 20.0))
    at_s = data.draw(st.floats(15.0, 45.0))
    bursts = data.draw(st.lists(st.floats(5.0, 55.0), max_size=3))
    true_s = sampled(60.0, off, 1)
    true_s[true_s >= at_s] += hole_s
    apart = tuple(b for b in bursts if abs(b - at_s) > 3.0)
    told_s = rebuilt(true_s, delayed(true_s, data.draw(st.integers(0, 999)), apart))
    intervals_s = np.diff(told_s)
    holes = np.nonzero(intervals_s > LONGEST_INTERVAL_S)[0]
    assert len(told_s) == len(true_s)
    assert np.all(intervals_s > 0)
    assert len(holes) == 1
    n_before = int(np.count_nonzero(true_s < at_s))
    assert abs(int(holes[0]) + 1 - n_before) <= 50  # half a second of samples
    assert intervals_s[holes[0]] == pytest.approx(hole_s, abs=0.15)


def test_a_sensor_set_to_another_rate_than_declared_is_measured() -> None:
    true_s = sampled(30.0, 0.0, 1)[::2]  # 50 Hz
    intervals_s = np.diff(rebuilt(true_s, delayed(true_s, seed=1)))
    assert intervals_s[500:].mean() == pytest.approx(0.02, rel=0.01)
    assert intervals_s.max() < LONGEST_INTERVAL_S


def test_a_rate_that_nobody_declared_is_measured() -> None:
    true_s = sampled(30.0, 0.0, 1)
    intervals_s = np.diff(rebuilt(true_s, delayed(true_s, seed=1), rate_hz=None))
    assert intervals_s[1000:].mean() == pytest.approx(0.01, rel=0.01)
    assert intervals_s.max() < LONGEST_INTERVAL_S


def test_a_single_notification_of_unknown_rate_has_no_time() -> None:
    clock = ArrivalClock(None, 0.0)
    assert clock.receive(notification(1, 5.0)) == []
    assert clock.flush() == []
