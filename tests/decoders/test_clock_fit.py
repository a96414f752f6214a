"""An hour of a clock that drifts, heard through a radio that is late, whose first notification is a second late."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.decoders.clock_fit import ClockFit
from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import US_PER_S
from tests.session.arrivals import late_arrivals

BEGIN_US = 1_700_000_000_000_000
HOUR_S = 3600.0


def device_seconds(true_s: FloatArray, drift_ppm: float) -> FloatArray:
    """(n,) what a counter of milliseconds shows that was started some time before."""
    return np.round((true_s * (1 + drift_ppm * 1e-6) + 123.4567) * 1000) / 1000


def mapped(clock: ClockFit, device_s: FloatArray, offset_us: FloatArray) -> FloatArray:
    """(n,) s since ``BEGIN_US`` at which the clock, fed sample after sample, says each sample was taken."""
    found = np.empty(len(device_s))
    at = 0
    while at < len(device_s):
        if clock.is_started:
            clock.roll(float(device_s[at]))
        else:
            clock.start(float(device_s[at]), round(float(offset_us[at] + device_s[at] * US_PER_S)))
        stop = at + max(1, int(np.searchsorted(device_s[at:], min(clock.window_end_s, device_s[at] + 5.0))))
        found[at:stop] = [(clock.time_us(t) - BEGIN_US) / US_PER_S for t in device_s[at:stop].tolist()]
        clock.observe(device_s[at:stop], offset_us[at:stop])
        at = stop
    return found


def an_hour(drift_ppm: float, *, a_notification: int, seed: int) -> tuple[ClockFit, FloatArray]:
    """The clock after an hour of 50 samples a second, and (n,) s by which it was wrong."""
    true_s = np.arange(0.0, HOUR_S, 0.02)
    newest = np.minimum((np.arange(len(true_s)) // a_notification + 1) * a_notification, len(true_s)) - 1
    sent = np.unique(newest)
    arrival_s = late_arrivals(true_s[sent], seed=seed, n_bursts=60, first_late_s=1.0)
    device_s = device_seconds(true_s, drift_ppm)
    offset_us = arrival_s[np.searchsorted(sent, newest)] * US_PER_S + BEGIN_US - device_s[newest] * US_PER_S
    clock = ClockFit()
    told_s = mapped(clock, device_s, offset_us)
    assert np.all(np.diff(told_s) > 0)
    return clock, told_s - true_s


@pytest.mark.parametrize("a_notification", [1, 36])
@pytest.mark.parametrize("drift_ppm", [-100.0, 0.0, 100.0])
def test_an_hour_of_a_drifting_clock_is_told_within_milliseconds(
    drift_ppm: float, a_notification: int, record_property: Callable[[str, object], None]
) -> None:
    clock, wrong_s = an_hour(drift_ppm, a_notification=a_notification, seed=1)
    quality = clock.quality()
    assert quality.skew_ppm is not None
    assert quality.residual_s is not None
    p99_ms, later_ms = 1000 * np.percentile(np.abs(wrong_s), 99), 1000 * np.abs(wrong_s[1500:]).max()
    skew_ppm = quality.skew_ppm - drift_ppm
    told = f"p99 {p99_ms:.1f} ms, after 30 s at most {later_ms:.1f} ms, skew wrong by {skew_ppm:.1f} ppm"
    record_property("measured", told)
    assert p99_ms < 10, told
    assert later_ms < 15, told
    assert quality.skew_ppm == pytest.approx(drift_ppm, abs=50), told
    assert quality.residual_s < 0.03
    assert quality.n_resets == 0


def test_two_feet_with_different_drifts_are_on_one_timeline(record_property: Callable[[str, object], None]) -> None:
    _, left_s = an_hour(100.0, a_notification=1, seed=2)
    _, right_s = an_hour(-100.0, a_notification=1, seed=3)
    apart_ms = 1000 * np.abs(left_s - right_s)[1500:]
    told = f"feet apart: p99 {np.percentile(apart_ms, 99):.1f} ms, at most {apart_ms.max():.1f} ms"
    record_property("measured", told)
    assert apart_ms.max() < 15, told  # without a fit they end 720 ms apart


def test_a_clock_without_arrivals_is_a_plain_offset() -> None:
    clock = ClockFit()
    clock.start(100.0, BEGIN_US)
    clock.roll(1e6)
    assert clock.time_us(3700.0) == BEGIN_US + 3_600_000_000
    assert clock.quality().skew_ppm is clock.quality().residual_s is None


def test_a_clock_is_asked_too_early() -> None:
    with pytest.raises(ValueError, match="started"):
        ClockFit().time_us(1.0)


def test_a_clock_that_stood_still_asks_for_a_new_start() -> None:
    true_s = np.arange(0.0, 200.0, 0.1)
    slept_s = np.where(true_s >= 100.0, 60.0, 0.0)  # its counter goes on where it was
    clock = ClockFit()
    mapped(clock, true_s, slept_s * US_PER_S + BEGIN_US)
    assert clock.is_behind
    clock.start(200.0, BEGIN_US + 260_000_000)
    assert not clock.is_behind
    assert clock.quality().n_resets == 1


def test_a_host_whose_clock_is_put_back_does_not_move_a_device() -> None:
    true_s = np.arange(0.0, 200.0, 0.1)
    put_back_s = np.where(true_s >= 100.0, -3600.0, 0.0)
    told_s = mapped(ClockFit(), true_s, put_back_s * US_PER_S + BEGIN_US)
    assert np.abs(told_s - true_s).max() < 0.01


@given(st.data())
def test_the_mapping_never_steps_back_whatever_arrives(data: st.DataObject) -> None:
    steps_s = data.draw(st.lists(st.floats(0.001, 40.0), min_size=2, max_size=60))
    device_s = np.cumsum(steps_s)
    n = len(device_s)
    late_us = np.array(data.draw(st.lists(st.floats(-1e8, 1e8), min_size=n, max_size=n)))
    told_s = mapped(ClockFit(), device_s, BEGIN_US + late_us)
    passed = np.diff(told_s) / np.diff(device_s)
    rounding = 2e-6 / np.diff(device_s)
    assert np.all(passed >= 0.9 - rounding)
    assert np.all(passed <= 1.1 + rounding)


@settings(max_examples=30)
@given(st.data())
def test_many_times_at_once_are_those_told_one_by_one(data: st.DataObject) -> None:
    clock, rng = ClockFit(), np.random.default_rng(data.draw(st.integers(0, 99)))
    clock.start(100.0, 1_795_000_000_000_000)
    for i in range(data.draw(st.integers(0, 400))):
        at_s = 100.0 + 5.0 * i
        clock.roll(at_s)
        offset_us = 1_795_000_000_000_000 - 100 * US_PER_S + 300.0 * at_s + rng.exponential(9000.0)
        clock.observe(np.array([at_s]), np.array([offset_us]))
    asked_s = rng.uniform(-1e4, 1e4, data.draw(st.integers(0, 40)))
    assert clock.times_us(asked_s).tolist() == [clock.time_us(at_s) for at_s in asked_s.tolist()]
    assert clock.times_us(np.array([-1e300, 1e300] * 4)).tolist() == [clock.time_us(-1e300), clock.time_us(1e300)] * 4
