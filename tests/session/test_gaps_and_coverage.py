from datetime import timedelta

import numpy as np
import pytest

from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Origin, StepBatch
from tests.session.runs import (
    IMU,
    RSC,
    START,
    blocks,
    gaps,
    notified,
    rsc,
    run_one_by_one,
    setup,
    steps,
    summary,
)
from tests.synthetic_run import SyntheticRun, equal_cuts, one_leg

LEFT, RIGHT = BoundDevice("pod-l", IMU, "L"), BoundDevice("pod-r", IMU, "R")


def by_arrival(*pods: list[RawNotification]) -> list[RawNotification]:
    return sorted((raw for pod in pods for raw in pod), key=lambda raw: raw.arrival_utc)


def with_silence(run: SyntheticRun, from_s: float, to_s: float) -> ImuBlock:
    keep = (run.t_s < from_s) | (run.t_s >= to_s)
    return ImuBlock("pod-1", run.t_s[keep], run.acceleration_mps2[keep], run.rotation_radps[keep])


def test_a_run_without_faults_is_covered_and_has_no_gap() -> None:
    events = run_one_by_one(setup(), [one_leg(20.0).block()])
    totals = summary(events).totals
    assert gaps(events) == []
    assert totals.coverage == 1.0
    assert totals.n_steps == 2 * len(one_leg(20.0).initial_contact_s)
    assert totals.cadence_spm == pytest.approx(2 * 60 / 0.7, abs=1.0)
    assert totals.contact_time_s == pytest.approx(0.24, abs=0.01)


def test_a_silence_is_a_gap_with_its_cause_and_lowers_coverage() -> None:
    events = run_one_by_one(setup(), [with_silence(one_leg(20.0), 8.0, 13.0)])
    (gap,) = gaps(events)
    assert (gap.cause, gap.device) == ("silence", "pod-1")
    assert (gap.start_utc - START).total_seconds() == pytest.approx(7.99)
    assert (gap.end_utc - START).total_seconds() == pytest.approx(13.0)
    assert summary(events).totals.coverage == pytest.approx(1 - 5.01 / 19.99)
    assert "silence" in summary(events).warnings


def test_no_step_lies_in_a_silence_and_none_has_zero_load() -> None:
    events = run_one_by_one(setup(), [with_silence(one_leg(20.0), 8.0, 13.0)])
    table = steps(events)
    at_s = table.seconds_since(int(START.timestamp() * 1e6))
    assert not np.any((at_s > 8.0) & (at_s < 13.0))
    assert not np.any(table.achilles_impulse_bw_s == 0)
    assert not np.any(table.step_time_s == 0)
    whole = summary(run_one_by_one(setup(), [one_leg(20.0).block()])).totals
    assert summary(events).totals.n_steps < whole.n_steps


def test_a_short_hole_below_a_tenth_of_a_second_is_no_gap() -> None:
    assert gaps(run_one_by_one(setup(), [with_silence(one_leg(20.0), 8.0, 8.08)])) == []


def test_a_slow_sensor_is_told_once_as_too_slow() -> None:
    run = one_leg(20.0)
    slow = ImuBlock("pod-1", run.t_s[::12], run.acceleration_mps2[::12], run.rotation_radps[::12])
    events = run_one_by_one(setup(), [slow])
    (gap,) = gaps(events)
    assert gap.cause == "rate-too-low"
    totals = summary(events).totals
    assert (totals.n_steps, totals.coverage) == (0.0, 0.0)
    assert totals.load_eq_km is totals.hard_load_bw_s is totals.cadence_spm is totals.contact_time_s is None


def test_a_clock_that_is_reset_in_a_file_is_a_gap_of_unknown_length() -> None:
    first, second = one_leg(10.0), one_leg(10.0, seed=1)
    block = ImuBlock(
        "pod-1",
        np.concatenate([100.0 + first.t_s, second.t_s]),
        np.concatenate([first.acceleration_mps2, second.acceleration_mps2]),
        np.concatenate([first.rotation_radps, second.rotation_radps]),
    )
    events = run_one_by_one(setup(), [block])
    (gap,) = gaps(events)
    assert gap.cause == "clock-reset"
    assert gap.start_utc == gap.end_utc == START + timedelta(seconds=9.99)
    assert np.all(np.diff(steps(events).time_utc_us) > 0)
    assert summary(events).end_utc == START + timedelta(seconds=19.98)


def test_a_pod_that_restarts_lost_the_time_until_it_was_heard_again() -> None:
    first = notified("pod-1", one_leg(10.0), START + timedelta(seconds=0))
    again = notified("pod-1", one_leg(10.0, seed=1), START + timedelta(seconds=70))
    events = run_one_by_one(setup((BoundDevice("pod-1", IMU, "R"),), start_utc=None), first + again)
    (gap,) = gaps(events)
    assert gap.cause == "clock-reset"
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(60.01)
    assert summary(events).totals.coverage == pytest.approx(19.98 / 79.99, abs=1e-3)


def test_a_pod_that_dies_has_a_gap_up_to_the_end() -> None:
    right = notified("pod-r", one_leg(8.0))
    left = notified("pod-l", one_leg(20.0, first_contact_s=1.35))
    items = by_arrival(left, right)
    events = run_one_by_one(setup((LEFT, RIGHT), start_utc=None), items)
    (gap,) = gaps(events)
    assert (gap.device, gap.cause) == ("pod-r", "silence")
    assert gap.end_utc == summary(events).end_utc
    assert summary(events).totals.coverage == pytest.approx((7.99 + 19.99) / 2 / 19.99, abs=1e-3)
    last_batch = [e for e in events if isinstance(e, StepBatch)][-2]
    assert last_batch.totals.coverage is not None
    assert last_batch.totals.coverage < 0.75  # while the run still goes on, not only at its end


def test_a_pod_that_is_heard_late_was_a_gap_until_then() -> None:
    left = notified("pod-l", one_leg(20.0))
    right = [raw for raw in notified("pod-r", one_leg(20.0)) if raw.arrival_utc > START + timedelta(seconds=10)]
    items = by_arrival(left, right)
    events = run_one_by_one(setup((LEFT, RIGHT), start_utc=None), items)
    (gap,) = gaps(events)
    assert (gap.device, gap.start_utc) == ("pod-r", summary(events).start_utc)
    assert summary(events).totals.coverage == pytest.approx(0.75, abs=0.01)


def test_a_pod_that_was_never_heard_halves_the_coverage() -> None:
    events = run_one_by_one(setup((LEFT, RIGHT), start_utc=None), notified("pod-l", one_leg(20.0)))
    (gap,) = gaps(events)
    assert gap.device == "pod-r"
    assert (gap.start_utc, gap.end_utc) == (summary(events).start_utc, summary(events).end_utc)
    assert summary(events).totals.coverage == pytest.approx(0.5)
    assert summary(events).totals.n_steps == len(one_leg(20.0).initial_contact_s)


def test_one_pod_alone_stands_for_both_feet() -> None:
    events = run_one_by_one(setup((LEFT,), start_utc=None), notified("pod-l", one_leg(20.0)))
    assert summary(events).totals.coverage == 1.0
    assert set(steps(events).n_steps.tolist()) == {2.0}
    assert set(steps(events).side.tolist()) == {"L"}


def test_two_pods_and_one_pod_give_the_same_run_the_same_load() -> None:
    left = notified("pod-l", one_leg(30.0, stop_s=28.0))
    right = notified("pod-r", one_leg(30.0, first_contact_s=1.35, stop_s=28.35))
    both = run_one_by_one(setup((LEFT, RIGHT), start_utc=None), by_arrival(left, right))
    one = run_one_by_one(setup((LEFT,), start_utc=None), left)
    assert set(steps(both).n_steps.tolist()) == {1.0}
    two_km, one_km = summary(both).totals.load_eq_km, summary(one).totals.load_eq_km
    assert two_km is not None
    assert two_km == pytest.approx(one_km, rel=0.02)


@pytest.mark.parametrize("second", [BoundDevice("pod-2", IMU, "U", "shank"), BoundDevice("pod-2", IMU, "R")])
def test_a_second_imu_that_sees_the_same_feet_does_not_count_them_again(second: BoundDevice) -> None:
    first, again = notified("pod-r", one_leg(12.0)), notified("pod-2", one_leg(12.0, seed=1), late_s=0.03)
    events = run_one_by_one(setup((RIGHT, second), start_utc=None), by_arrival(first, again))
    alone = run_one_by_one(setup((RIGHT,), start_utc=None), first)
    assert summary(events).totals.n_steps == summary(alone).totals.n_steps
    assert summary(events).totals.coverage == 1.0


def test_with_a_pod_on_each_foot_the_sacrum_is_not_counted() -> None:
    pods = [notified("pod-l", one_leg(12.0)), notified("pod-r", one_leg(12.0, first_contact_s=1.35))]
    third = notified("pod-3", one_leg(12.0, seed=1))
    both = run_one_by_one(setup((LEFT, RIGHT), start_utc=None), by_arrival(*pods))
    devices = (BoundDevice("pod-3", IMU, "U", "sacrum"), LEFT, RIGHT)
    events = run_one_by_one(setup(devices, start_utc=None), by_arrival(third, *pods))
    assert set(steps(events).side.tolist()) == {"L", "R"}
    assert summary(events).totals.n_steps == summary(both).totals.n_steps


def test_an_imu_that_was_never_heard_leaves_the_load_unknown() -> None:
    items = [rsc(i, distance_m=3.0 * i) for i in range(60)]
    events = run_one_by_one(setup((RIGHT, BoundDevice("rsc-1", RSC)), start_utc=None), items)
    totals = summary(events).totals
    assert (totals.coverage, totals.load_eq_km, totals.n_steps) == (0.0, None, 0.0)
    assert totals.distance_m == pytest.approx(177.0)
    assert [g.device for g in gaps(events)] == ["pod-r"]


def test_walking_counts_no_steps_and_no_load_but_stays_in_the_rows() -> None:
    walk = one_leg(30.0, stride_s=1.15, contact_s=0.7)
    events = run_one_by_one(setup(), [walk.block()])
    assert len(steps(events)) > 15
    totals = summary(events).totals
    assert (totals.n_steps, totals.load_eq_km, totals.hard_load_bw_s, totals.coverage) == (0.0, 0.0, 0.0, 1.0)
    assert totals.cadence_spm is totals.contact_time_s is None


def and_then_rest(run: SyntheticRun, seconds: float) -> ImuBlock:
    """The run, and its pod lying still afterwards."""
    t_s = run.t_s[-1] + np.arange(0.01, seconds, 0.01)
    still = np.tile([0.0, 0.0, 9.81], (len(t_s), 1)) + 0.01 * np.random.default_rng(0).integers(-1, 2, (len(t_s), 3))
    return ImuBlock(
        "pod-1",
        np.concatenate([run.t_s, t_s]),
        np.concatenate([run.acceleration_mps2, still]),
        np.concatenate([run.rotation_radps, np.zeros_like(still)]),
    )


@pytest.mark.parametrize("origin", ["live", "import"])
def test_ten_minutes_of_rest_after_the_last_step_are_no_part_of_the_run(origin: Origin) -> None:
    alone = summary(run_one_by_one(setup(origin=origin), [one_leg(20.0).block()]))
    rested = summary(run_one_by_one(setup(origin=origin), [and_then_rest(one_leg(20.0), 600.0)]))
    within_s = 1.0 if origin == "live" else 61.0  # the batch in which the last step was
    assert rested.totals.n_steps == pytest.approx(alone.totals.n_steps, abs=2)
    assert (rested.end_utc - alone.end_utc).total_seconds() == pytest.approx(0, abs=within_s)
    assert rested.totals.duration_s == pytest.approx(alone.totals.duration_s, abs=within_s)
    assert rested.totals.coverage == 1.0


def test_a_rest_that_a_footpod_reports_is_no_part_of_the_run_either() -> None:
    running = [rsc(float(s)) for s in range(1, 121)]
    standing = [rsc(float(s), cadence=0, speed_mps=0.0) for s in range(121, 721)]
    events = run_one_by_one(setup((BoundDevice("rsc-1", RSC),), "speed", start_utc=None), [*running, *standing])
    assert summary(events).totals.duration_s == pytest.approx(119.0, abs=2.0)
    assert (summary(events).end_utc - START).total_seconds() == pytest.approx(120.0, abs=2.0)


def test_a_short_rest_belongs_to_the_run() -> None:
    rested = summary(run_one_by_one(setup(), [and_then_rest(one_leg(20.0), 120.0)]))
    assert (rested.end_utc - START).total_seconds() == pytest.approx(140.0, abs=0.1)


def test_a_sensor_that_fell_silent_is_not_taken_for_a_runner_at_rest() -> None:
    feet = BoundDevice("pod-l", None, "L", "shank"), BoundDevice("pod-1", None, "R", "shank")
    heard = one_leg(20.0).block("pod-l"), and_then_rest(one_leg(20.0), 600.0)
    pieces = [piece for block in heard for piece in blocks(block, equal_cuts(len(block), 50))]
    pieces.sort(key=lambda piece: float(piece.t_s[0]))
    events = run_one_by_one(setup(feet), pieces)
    totals = summary(events).totals
    assert totals.coverage is not None
    assert totals.coverage < 0.6
