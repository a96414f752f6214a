"""Samples that no contact can be found in are unknown time, never time without load."""

import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.session import BoundDevice, Event, StepBatch
from tests.session.runs import START, gaps, run_one_by_one, setup, steps, summary
from tests.synthetic_run import SyntheticRun, one_leg

ABSURD = [np.nan, 1e300, -1e300, np.inf, 1001.0]


def block(run: SyntheticRun, rotation: FloatArray | None = None, acceleration: FloatArray | None = None) -> ImuBlock:
    return ImuBlock(
        "pod-1",
        run.t_s,
        run.acceleration_mps2 if acceleration is None else acceleration,
        run.rotation_radps if rotation is None else rotation,
    )


def without_gyroscope(from_s: float, to_s: float, value: float = np.nan, length_s: float = 20.0) -> ImuBlock:
    run = one_leg(length_s)
    rotation = run.rotation_radps.copy()
    rotation[(run.t_s >= from_s) & (run.t_s < to_s)] = value
    return block(run, rotation)


def told_s(events: list[Event]) -> list[tuple[str, float, float]]:
    return [
        (g.cause, round((g.start_utc - START).total_seconds(), 3), round((g.end_utc - START).total_seconds(), 3))
        for g in gaps(events)
    ]


@pytest.mark.parametrize("mount", ["shank", "foot"])
@pytest.mark.parametrize("value", ABSURD)
def test_a_run_without_a_gyroscope_is_unknown_and_not_a_run_without_load(value: float, mount: Mount) -> None:
    device = BoundDevice("pod-1", None, "R", mount)
    events = run_one_by_one(setup((device,)), [without_gyroscope(0, 99, value)])
    totals = summary(events).totals
    assert (totals.coverage, totals.n_steps) == (0.0, 0.0)
    assert totals.duration_s == pytest.approx(19.99)
    assert totals.load_eq_km is totals.load_eq_km_sd is totals.hard_load_bw_s is None
    assert told_s(events) == [("no-gyroscope", 0.0, 19.99)]
    assert "no-gyroscope" in summary(events).warnings


def test_the_sacrum_needs_no_gyroscope() -> None:
    device = BoundDevice("pod-1", None, "U", "sacrum")
    events = run_one_by_one(setup((device,)), [without_gyroscope(0, 99)])
    assert summary(events).totals.coverage == 1.0
    assert gaps(events) == []


def test_a_gyroscope_that_fails_for_a_while_is_a_gap_that_no_step_crosses() -> None:
    events = run_one_by_one(setup(), [without_gyroscope(8, 13)])
    assert told_s(events) == [("no-gyroscope", 7.99, 13.0)]
    assert summary(events).totals.coverage == pytest.approx(1 - 5.01 / 19.99)
    at_s = steps(events).seconds_since(int(START.timestamp() * 1e6))
    assert not np.any((at_s > 8.0) & (at_s < 13.0))
    assert not np.any(steps(events).step_time_s > 0.5)


def test_a_gyroscope_that_fails_at_the_end_is_a_gap_up_to_the_end() -> None:
    events = run_one_by_one(setup(), [without_gyroscope(15, 99)])
    assert told_s(events) == [("no-gyroscope", 14.99, 19.99)]
    assert summary(events).totals.coverage == pytest.approx(14.99 / 19.99)


def test_a_gyroscope_that_wakes_up_late_was_a_gap_until_then() -> None:
    events = run_one_by_one(setup(), [without_gyroscope(0, 5)])
    assert told_s(events) == [("no-gyroscope", 0.0, 5.0)]
    assert summary(events).totals.coverage == pytest.approx(14.99 / 19.99)


@pytest.mark.parametrize("from_s", [0.0, 8.0, 19.95])
def test_a_few_unusable_samples_hide_no_contact(from_s: float) -> None:
    events = run_one_by_one(setup(), [without_gyroscope(from_s, from_s + 0.08)])
    assert gaps(events) == []
    assert summary(events).totals.coverage == 1.0


def test_missing_acceleration_has_its_own_cause() -> None:
    run = one_leg(20.0)
    acceleration = run.acceleration_mps2.copy()
    acceleration[run.t_s >= 10] = 10_001.0
    events = run_one_by_one(setup(), [block(run, acceleration=acceleration)])
    assert told_s(events) == [("no-acceleration", 9.99, 19.99)]


def test_a_silence_among_unusable_samples_keeps_its_own_cause() -> None:
    whole = without_gyroscope(5, 99)
    keep = (whole.t_s < 10) | (whole.t_s >= 12)
    events = run_one_by_one(setup(), [whole.only(keep)])
    assert told_s(events) == [("no-gyroscope", 4.99, 9.99), ("silence", 9.99, 12.0), ("no-gyroscope", 12.0, 19.99)]
    assert summary(events).totals.coverage == pytest.approx(4.99 / 19.99)


def test_the_coverage_falls_while_the_run_still_goes_on() -> None:
    events = run_one_by_one(setup(), [without_gyroscope(10, 12)])
    coverages = [e.totals.coverage for e in events if isinstance(e, StepBatch)]
    assert coverages[0] == 1.0
    assert coverages[-2] == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(("length_s", "is_said"), [(59.0, False), (70.0, True)])
def test_a_sensor_that_was_heard_and_never_made_a_step_is_doubted(length_s: float, is_said: bool) -> None:
    still = one_leg(length_s)
    lying = np.tile([0.0, 0.0, 9.81], (len(still.t_s), 1)) + 0.01 * (np.arange(len(still.t_s)) % 2)[:, None]
    events = run_one_by_one(setup(), [block(still, np.zeros_like(lying), lying)])
    assert summary(events).totals.n_steps == 0
    assert ("no-steps" in summary(events).warnings) is is_said
    assert "no-contact-time" not in summary(events).warnings, "without a step nothing could have one"


def test_a_sensor_that_made_steps_is_not_doubted_to_have_made_some() -> None:
    events = run_one_by_one(setup(), [block(one_leg(70.0))])
    assert "no-steps" not in summary(events).warnings


@pytest.mark.parametrize(("mount", "rate_hz"), [("foot", 25.0), ("shank", 20.0), ("sacrum", 12.5)])
def test_time_of_a_sensor_too_slow_for_its_method_is_unknown(mount: Mount, rate_hz: float) -> None:
    device = BoundDevice("pod-1", None, "U" if mount == "sacrum" else "R", mount)
    events = run_one_by_one(setup((device,)), [block(one_leg(30.0, rate_hz=rate_hz))])
    totals = summary(events).totals
    assert totals.coverage is not None
    assert totals.coverage < 0.1
    assert {cause for cause, _, _ in told_s(events)} == {"rate-too-low"}
    assert "rate-too-low" in summary(events).warnings


def test_the_lowest_rate_is_the_methods_own() -> None:
    slow = one_leg(30.0, rate_hz=25.0)
    assert gaps(run_one_by_one(setup((BoundDevice("pod-1", None, "U", "sacrum"),)), [block(slow)])) == []
    assert gaps(run_one_by_one(setup(), [block(slow)]))


@pytest.mark.parametrize("mount", ["foot", "shank", "sacrum"])
def test_a_sensor_that_hangs_is_a_gap(mount: Mount) -> None:
    run = one_leg(40.0, rate_hz=100.0)
    hangs = (run.t_s >= 12.5) & (run.t_s < 30.5)
    acceleration, rotation = run.acceleration_mps2.copy(), run.rotation_radps.copy()
    acceleration[hangs], rotation[hangs] = acceleration[hangs][0], rotation[hangs][0]
    device = BoundDevice("pod-1", None, "U" if mount == "sacrum" else "R", mount)
    events = run_one_by_one(setup((device,)), [block(run, rotation, acceleration)])
    ((cause, begin_s, end_s),) = told_s(events)
    assert (cause, end_s) == ("stale", 30.5)
    assert 12.5 <= begin_s <= 14.01
    assert "stale" in summary(events).warnings
