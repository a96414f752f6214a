"""Device clocks in a session: drift, wrap, reset and jump, with both feet on one timeline."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.link import LinkChange
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Event, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.units import utc_us
from tests.session.arrivals import late_arrivals
from tests.session.runs import (
    IMU,
    ONE_POD,
    START,
    encoded,
    gaps,
    notified,
    run_grouped,
    run_one_by_one,
    setup,
    steps,
    summary,
)
from tests.synthetic_run import SyntheticRun, equal_cuts, one_leg, payloads

LEFT, RIGHT = BoundDevice("pod-l", IMU, "L"), BoundDevice("pod-r", IMU, "R")
POD = (BoundDevice("pod-1", IMU, "R"),)


def sent(device: str, run: SyntheticRun, device_s: FloatArray, *, seed: int) -> list[RawNotification]:
    """The run by a clock of its own, through a radio that is late."""
    arrival_s = late_arrivals(run.t_s, seed=seed, n_bursts=5, first_late_s=1.0)
    arrival_s = np.maximum.accumulate(arrival_s)
    at = [START + timedelta(seconds=s) for s in arrival_s.tolist()]
    frames = payloads(replace(run, t_s=device_s))
    return [RawNotification(device, "2fff", arrived, frame) for arrived, frame in zip(at, frames, strict=True)]


def by_arrival(raws: list[RawNotification]) -> list[RawNotification]:
    return sorted(raws, key=lambda raw: raw.arrival_utc)


def wrong_ms(events: list[Event], run: SyntheticRun, side: str) -> FloatArray:
    """(n,) ms by which each step of a foot is dated late."""
    table = steps(events)
    told_s = (table.time_utc_us[table.side == side] - utc_us(START)) / 1e6
    nearest = np.abs(told_s[:, None] - run.initial_contact_s[None, :]).argmin(axis=1)
    found: FloatArray = 1000 * (told_s - run.initial_contact_s[nearest])
    return found


def test_feet_whose_clocks_drift_apart_are_on_one_timeline(record_property: Callable[[str, object], None]) -> None:
    # two minutes apart by 24 ms each: more than may be wrong if nobody followed them
    left, right = one_leg(120.0, first_contact_s=1.35), one_leg(120.0, seed=1)
    raws: list[RawNotification] = sent("pod-l", left, left.t_s * (1 + 2e-4) + 5000.0, seed=1)
    raws += sent("pod-r", right, right.t_s * (1 - 2e-4) + 77.0, seed=2)
    session = RunSession(setup((LEFT, RIGHT), start_utc=None))
    events = [*session.receive_many(by_arrival(raws)), *session.finish()]
    clocks = session.clocks()
    for side, run, device, drift_ppm in (("L", left, "pod-l", 200.0), ("R", right, "pod-r", -200.0)):
        late = wrong_ms(events, run, side)[60:]  # the first second was late, and is caught up with slowly
        told = f"{side}: p99 {np.percentile(np.abs(late), 99):.0f} ms, clock {clocks[device]}"
        record_property("measured", told)
        assert np.percentile(np.abs(late), 99) < 15, told
        assert clocks[device].skew_ppm == pytest.approx(drift_ppm, abs=40), told
        assert clocks[device].n_resets == 0
    assert gaps(events) == []
    assert summary(events).totals.coverage == pytest.approx(1.0, abs=0.01)


def test_a_file_of_notifications_gives_the_same_however_many_windows_of_a_clock_come_at_once() -> None:
    run = one_leg(60.0, rate_hz=50.0)
    raws = by_arrival(sent("pod-1", run, run.t_s * (1 + 2e-4) + 5000.0, seed=4))
    what = setup(POD, origin="import", start_utc=None)
    expected = encoded(run_one_by_one(what, raws))
    for size in (3, 500, 3000):
        assert encoded(run_grouped(what, raws, equal_cuts(len(raws), size))) == expected, size


def test_a_counter_of_milliseconds_that_wraps_in_mid_run_is_no_gap() -> None:
    run = one_leg(20.0)
    wraps = sent("pod-1", run, run.t_s + 2**32 / 1000 - 10.0, seed=3)
    plain = sent("pod-1", run, run.t_s + 500.0, seed=3)
    events = run_one_by_one(setup(POD, start_utc=None), wraps)
    assert gaps(events) == []
    assert np.array_equal(steps(events).n_steps, steps(run_one_by_one(setup(POD, start_utc=None), plain)).n_steps)


def test_a_clock_that_is_put_ahead_further_than_time_passed_is_a_reset_at_its_arrival() -> None:
    run = one_leg(15.0)
    ahead = np.where(run.t_s >= 7.5, 3600.0, 0.0)
    items = notified("pod-1", run)
    frames = payloads(replace(run, t_s=run.t_s + ahead))
    items = [replace(raw, payload=frame) for raw, frame in zip(items, frames, strict=True)]
    session = RunSession(setup(POD, start_utc=None))
    events = [*session.receive_many(items), *session.finish()]
    (gap,) = gaps(events)
    assert gap.cause == "clock-reset"
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(0.01)
    assert (summary(events).end_utc - summary(events).start_utc).total_seconds() == pytest.approx(14.99)
    assert session.clocks()["pod-1"].n_resets == 1


def test_a_silence_that_did_pass_is_a_silence_and_no_reset() -> None:
    run = one_leg(10.0)
    later = notified("pod-1", replace(run, t_s=run.t_s + 3600.0), START)
    session = RunSession(setup(POD, start_utc=None))
    events = [*session.receive_many([*notified("pod-1", run), *later]), *session.finish()]
    (gap,) = gaps(events)
    assert gap.cause == "silence"
    assert session.clocks()["pod-1"].n_resets == 0


BEFORE = 500  # notifications of the first ten seconds


@cache
def of_plain() -> tuple[list[RawNotification], list[Event]]:
    """A pod whose host knows the time, for longer than it takes to believe that a clock stood still; and its events."""
    items = notified("pod-1", one_leg(50.0, rate_hz=50.0))
    return items, run_one_by_one(setup(POD, start_utc=None), items)


def test_a_clock_that_stood_still_is_set_right_with_a_gap_for_the_time_it_missed() -> None:
    items, _ = of_plain()
    slept = [
        raw if i < BEFORE else replace(raw, arrival_utc=raw.arrival_utc + timedelta(seconds=60))
        for i, raw in enumerate(items)
    ]
    events = run_one_by_one(setup(POD, start_utc=None), slept)
    (gap,) = gaps(events)
    assert gap.cause == "clock-reset"
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(60.0, abs=0.1)
    assert (summary(events).end_utc - summary(events).start_utc).total_seconds() == pytest.approx(109.98, abs=0.1)


def with_host_set(items: list[RawNotification], at: int, set_by: timedelta) -> list[RawNotification]:
    return [replace(raw, arrival_utc=raw.arrival_utc + set_by) if i >= at else raw for i, raw in enumerate(items)]


UP = LinkChange("pod-1", START, "up").to_notification()
DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    "set_by",
    [pytest.param(3 * DAYS, marks=pytest.mark.thorough), 40 * DAYS, -2 * DAYS, timedelta(seconds=-60)],
)
def test_a_host_that_learns_the_time_in_mid_run_moves_nothing_of_a_sensor_with_a_clock(set_by: timedelta) -> None:
    items, plain = of_plain()
    moved = with_host_set(items, BEFORE, set_by)
    one_by_one = run_one_by_one(setup(POD, start_utc=None), moved)
    assert encoded(one_by_one) == encoded(plain)
    assert gaps(one_by_one) == []
    for size in (7, BEFORE + 1, len(moved)):
        pieces = equal_cuts(len(moved), size)
        assert encoded(run_grouped(setup(POD, start_utc=None), moved, pieces)) == encoded(plain)


def test_where_the_link_is_told_of_a_minute_that_no_sensor_missed_is_the_hosts() -> None:
    items = [UP, *of_plain()[0]]
    plain = run_one_by_one(setup(POD, start_utc=None), items)
    down = LinkChange("pod-1", START + timedelta(seconds=100), "down", "adapter-off").to_notification()
    moved = [*with_host_set(items, BEFORE + 1, timedelta(seconds=60)), down]
    events = run_one_by_one(setup(POD, start_utc=None), moved)
    assert encoded(steps_of(events)) == encoded(steps_of(plain))
    assert [gap.cause for gap in gaps(events)] == []
    assert summary(events).end_utc == items[-1].arrival_utc  # the link is told of by the same clock


def test_after_a_link_went_down_the_time_that_passed_is_believed() -> None:
    items, _ = of_plain()
    told = [LinkChange("pod-1", items[BEFORE - 1].arrival_utc, "down", "disconnected").to_notification()]
    moved = with_host_set(items, BEFORE, timedelta(seconds=60))
    events = run_one_by_one(setup(POD, start_utc=None), [UP, *moved[:BEFORE], *told, *moved[BEFORE:]])
    (gap,) = gaps(events)
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(60.0, abs=0.1)


def steps_of(events: list[Event]) -> list[Event]:
    return [e for e in events if isinstance(e, StepBatch)]


def test_a_file_without_arrivals_keeps_the_clock_of_its_device() -> None:
    run = one_leg(60.0)
    session = RunSession(setup(ONE_POD))
    events = [*session.receive(run.block()), *session.finish()]
    assert summary(events).end_utc == START + timedelta(seconds=59.99)
    quality = session.clocks()["pod-1"]
    assert quality.skew_ppm is quality.residual_s is None
