"""Sources that report about once a second: RSC pods and files."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.link import LinkChange
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import (
    BoundDevice,
    DecodeFailed,
    LiveReading,
    Origin,
    SessionPaused,
    SessionSetup,
    SessionStarted,
    StepBatch,
)
from sensor_hub.session import RunSession
from tests.session.runs import (
    IMU,
    RSC,
    START,
    STRIDES,
    gaps,
    notified,
    rsc,
    run_one_by_one,
    setup,
    steps,
    summary,
)
from tests.synthetic_run import one_leg

POD = BoundDevice("rsc-1", RSC)


def live(device: BoundDevice = POD) -> SessionSetup:
    return setup((device,), "speed", start_utc=None)


def watch(origin: Origin = "import") -> SessionSetup:
    return replace(setup((BoundDevice("watch", None),), "contact", start_utc=None), origin=origin)


def record(at_s: float, cadence_spm: float | None = 170.0, **more: float | None) -> RecordReading:
    return RecordReading("watch", START + timedelta(seconds=at_s), cadence_spm, **more)


def test_the_first_record_stands_for_no_time() -> None:
    events = run_one_by_one(live(), [rsc(0), rsc(1), rsc(2)])
    assert steps(events).n_steps.tolist() == pytest.approx([0.0, 170 / 60, 170 / 60])
    totals = summary(events).totals
    assert (totals.duration_s, totals.coverage) == (2.0, 1.0)
    assert totals.n_steps == pytest.approx(2 * 170 / 60)


def test_a_record_is_side_u_with_unknown_contact_time() -> None:
    events = run_one_by_one(live(), [rsc(0), rsc(1)])
    table = steps(events)
    assert set(table.side.tolist()) == {"U"}
    assert np.isnan(table.contact_time_s).all()
    assert np.isfinite(table.achilles_peak_bw).all()  # predicted from speed inside the model only
    assert summary(events).totals.contact_time_s is None
    assert "no-contact-time" in summary(events).warnings
    assert all(e.contact_time_s is None for e in events if isinstance(e, LiveReading))


def test_silence_beyond_the_stale_timeout_is_a_gap_and_adds_no_steps() -> None:
    events = run_one_by_one(live(), [rsc(0), rsc(1), rsc(5), rsc(6)])
    (gap,) = gaps(events)
    assert (gap.start_utc, gap.end_utc) == (START + timedelta(seconds=1), START + timedelta(seconds=5))
    totals = summary(events).totals
    assert totals.n_steps == pytest.approx(2 * 170 / 60)
    assert totals.coverage == pytest.approx(2 / 6)


def test_silence_within_the_stale_timeout_is_an_interval() -> None:
    events = run_one_by_one(live(), [rsc(0), rsc(3.4)])
    assert gaps(events) == []
    assert summary(events).totals.n_steps == pytest.approx(3.4 * 170 / 60)


def test_a_cadence_of_strides_is_doubled() -> None:
    events = run_one_by_one(live(BoundDevice("rsc-1", STRIDES)), [rsc(0, 85), rsc(1, 85)])
    assert summary(events).totals.cadence_spm == pytest.approx(170.0, abs=0.1)


@pytest.mark.parametrize("profile", [RSC, STRIDES])
def test_a_saturated_cadence_is_unknown_and_lowers_coverage(profile: object) -> None:
    device = BoundDevice("rsc-1", profile)  # type: ignore[arg-type]
    events = run_one_by_one(live(device), [rsc(0, 90), rsc(1, 255), rsc(2, 255), rsc(3, 90), rsc(4, 90)])
    assert np.isnan(steps(events).step_time_s).tolist() == [False, True, True, False, False]
    assert summary(events).totals.coverage == pytest.approx(0.5)


def test_a_source_without_cadence_has_an_unknown_load_and_never_zero() -> None:
    events = run_one_by_one(watch(), [record(i, None, speed_mps=3.0) for i in range(60)])
    totals = summary(events).totals
    assert totals.load_eq_km is totals.hard_load_bw_s is totals.load_eq_km_sd is None
    assert (totals.coverage, totals.duration_s) == (0.0, 59.0)
    assert totals.distance_m == pytest.approx(177.0)


def test_standing_still_without_cadence_is_known_to_be_no_load() -> None:
    events = run_one_by_one(watch(), [record(i, None, speed_mps=0.0) for i in range(60)])
    totals = summary(events).totals
    assert (totals.load_eq_km, totals.coverage, totals.n_steps) == (0.0, 1.0, 0.0)


def test_a_pause_is_neither_running_nor_a_gap() -> None:
    pause = PauseReading("watch", START + timedelta(seconds=1), START + timedelta(seconds=61))
    events = run_one_by_one(watch(), [record(0), record(1), pause, record(62), record(63)])
    assert [(e.start_utc, e.end_utc) for e in events if isinstance(e, SessionPaused)] == [
        (pause.start_utc, pause.end_utc)
    ]
    assert gaps(events) == []
    totals = summary(events).totals
    assert (totals.duration_s, totals.coverage) == (3.0, 1.0)
    assert totals.n_steps == pytest.approx(3 * 170 / 60)


def test_a_record_of_a_clock_put_back_stands_for_no_time() -> None:
    events = run_one_by_one(watch(), [record(0), record(1), record(0.5), record(1), record(2)])
    assert summary(events).totals.n_steps == pytest.approx(2 * 170 / 60)


@pytest.mark.parametrize("set_by_s", [-3600.0, -5.0, 3 * 86400.0])
def test_a_host_whose_clock_is_set_in_mid_run_costs_a_moment_and_not_the_run(set_by_s: float) -> None:
    heard = [rsc(i + (set_by_s if i >= 60 else 0.0), distance_m=3.0 * i) for i in range(400)]
    events = run_one_by_one(live(), heard)
    (gap,) = gaps(events)
    assert (gap.cause, gap.start_utc, gap.end_utc) == ("clock-reset", *[START + timedelta(seconds=59)] * 2)
    totals = summary(events).totals
    assert totals.duration_s == pytest.approx(398.0)
    assert totals.coverage == 1.0
    assert totals.distance_m == pytest.approx(3.0 * 399)
    assert totals.n_steps == pytest.approx(398 * 170 / 60)
    assert summary(events).end_utc == START + timedelta(seconds=398)


def test_a_link_change_after_a_clock_was_set_is_told_by_the_clock_of_the_session() -> None:
    heard = [rsc(i - (3600.0 if i >= 60 else 0.0)) for i in (*range(80), *range(90, 100))]
    at_utc = START + timedelta(seconds=82 - 3600)
    down = LinkChange("rsc-1", at_utc, "down", "adapter-off").to_notification()
    events = run_one_by_one(live(), [*heard[:80], down, *heard[80:]])
    assert [gap.cause for gap in gaps(events)] == ["clock-reset", "adapter-off"]
    assert summary(events).totals.duration_s == pytest.approx(98.0)


def test_a_link_that_was_down_for_hours_is_a_silence_of_hours() -> None:
    down = LinkChange("rsc-1", START + timedelta(seconds=12), "down", "disconnected").to_notification()
    events = run_one_by_one(live(), [rsc(0), rsc(1), down, rsc(7201), rsc(7202)])
    (gap,) = gaps(events)
    assert (gap.cause, gap.end_utc - gap.start_utc) == ("disconnected", timedelta(seconds=7200))


def test_a_file_whose_clock_falls_back_keeps_what_follows_and_one_that_rested_is_silent() -> None:
    fallen = [record(i - (7200.0 if i >= 60 else 0.0), distance_m=3.0 * i) for i in range(600)]
    events = run_one_by_one(watch(), fallen)
    assert [gap.cause for gap in gaps(events)] == ["clock-reset"]
    totals = summary(events).totals
    assert (totals.duration_s, totals.distance_m) == (598.0, 1797.0)
    assert totals.n_steps == pytest.approx(598 * 170 / 60)
    (gap,) = gaps(run_one_by_one(watch(), [record(0), record(1), record(7201), record(7202)]))
    assert (gap.cause, gap.end_utc - gap.start_utc) == ("silence", timedelta(seconds=7200))


def test_a_file_that_holds_all_its_records_twice_is_one_run() -> None:
    once = [record(float(s), distance_m=3.0 * s) for s in range(60)]
    twice = run_one_by_one(watch(), [*once, *once])
    assert summary(twice).totals == summary(run_one_by_one(watch(), once)).totals
    assert gaps(twice) == []


def test_a_single_record_out_of_its_time_moves_nothing_after_it() -> None:
    at_s = [*range(60), 20, *range(60, 100)]
    events = run_one_by_one(watch(), [record(s) for s in at_s])
    assert summary(events).end_utc == START + timedelta(seconds=99)
    assert summary(events).totals.coverage == 1.0


def test_distance_is_the_sum_of_odometer_deltas_without_jumps_and_resets() -> None:
    odometer = [5000.0, 5003.0, 5006.0, 9000.0, 9003.0, 0.0, 3.0]
    events = run_one_by_one(live(), [rsc(i, distance_m=m) for i, m in enumerate(odometer)])
    assert summary(events).totals.distance_m == pytest.approx(12.0)


def test_distance_without_odometer_is_speed_times_interval() -> None:
    events = run_one_by_one(live(), [rsc(i, speed_mps=2.5) for i in range(11)])
    assert summary(events).totals.distance_m == pytest.approx(25.0)


def test_distance_from_speed_over_too_little_of_the_time_is_unknown() -> None:
    heard = [rsc(i, speed_mps=2.5) for i in (*range(81), *range(100, 121))]
    assert summary(run_one_by_one(live(), heard)).totals.distance_m == pytest.approx(250.0)
    heard = [rsc(i, speed_mps=2.5) for i in (*range(71), *range(100, 121))]
    assert summary(run_one_by_one(live(), heard)).totals.distance_m is None


def test_distance_of_an_odometer_stays_exact_over_gaps() -> None:
    heard = [rsc(i, distance_m=3.0 * i) for i in (*range(11), *range(100, 111))]
    events = run_one_by_one(live(), heard)
    coverage = summary(events).totals.coverage
    assert coverage is not None
    assert coverage < 0.8
    assert summary(events).totals.distance_m == pytest.approx(330.0)


def test_distance_from_speed_is_unknown_once_its_source_has_died() -> None:
    items = notified("pod-1", one_leg(20.0)) + [rsc(i) for i in range(10)]
    items.sort(key=lambda raw: raw.arrival_utc)
    events = run_one_by_one(setup((BoundDevice("pod-1", IMU, "R"), POD), start_utc=None), items)
    assert summary(events).totals.distance_m is None
    assert summary(events).totals.coverage == 1.0


def test_distance_is_unknown_where_nobody_tells() -> None:
    assert summary(run_one_by_one(watch(), [record(i) for i in range(9)])).totals.distance_m is None


def test_a_cadence_nobody_can_run_is_unknown_and_told() -> None:
    events = run_one_by_one(watch(), [record(i, 301.0 if i % 3 == 0 else 170.0) for i in range(31)])
    assert np.isnan(steps(events).step_time_s).sum() == 11
    totals = summary(events).totals
    assert totals.n_steps == pytest.approx(20 * 170 / 60)
    assert totals.coverage == pytest.approx(20 / 30)
    assert "implausible-cadence" in summary(events).warnings


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 1e300])
def test_a_value_no_device_can_measure_is_unknown(value: float) -> None:
    impossible = {"cadence_spm": value, "contact_time_s": value, "speed_mps": value, "distance_m": value}
    events = run_one_by_one(watch(), [record(i, **impossible) for i in range(20)])
    totals = summary(events).totals
    assert (totals.n_steps, totals.coverage) == (0.0, 0.0)
    assert totals.load_eq_km is totals.distance_m is totals.contact_time_s is totals.cadence_spm is None


def test_a_measured_contact_time_is_reported() -> None:
    events = run_one_by_one(watch(), [record(i, contact_time_s=0.24) for i in range(4)])
    assert summary(events).totals.contact_time_s == pytest.approx(0.24)
    assert np.isnan(steps(events).contact_time_sd).all()  # no maker says how sure


@pytest.mark.parametrize("contact_time_s", [None, 0.0, 0.05, 0.9, 1.2])
def test_an_impossible_contact_time_is_unknown_and_not_zero(contact_time_s: float | None) -> None:
    events = run_one_by_one(watch(), [record(i, contact_time_s=contact_time_s) for i in range(4)])
    assert np.isnan(steps(events).contact_time_s).all()
    assert summary(events).totals.contact_time_s is None
    assert summary(events).totals.hard_load_bw_s is None
    assert summary(events).totals.load_eq_km is not None


def test_a_watch_that_tells_contact_times_gets_none_predicted_where_it_told_none() -> None:
    told = [record(i, contact_time_s=0.24 if i % 4 else None, speed_mps=3.0) for i in range(9)]
    found = steps(run_one_by_one(watch(), told))
    assert np.isnan(found.achilles_peak_bw[::4]).all()
    assert not np.isnan(found.achilles_peak_bw[1:4]).any()
    assert not np.isnan(found.achilles_impulse_bw_s).any()


def test_a_file_closes_a_batch_a_minute_and_sends_nothing_live() -> None:
    events = run_one_by_one(watch(), [record(i) for i in range(150)])
    batches = [e for e in events if isinstance(e, StepBatch)]
    assert [len(b.steps) for b in batches] == [60, 60, 30]
    assert not any(isinstance(e, LiveReading) for e in events)


def test_live_readings_come_at_most_five_a_second() -> None:
    events = run_one_by_one(watch("live"), [record(i / 20) for i in range(200)])
    at = [e.time_utc for e in events if isinstance(e, LiveReading)]
    assert len(at) > 40
    assert min(b - a for a, b in pairwise(at)) >= timedelta(seconds=0.2)


# --- who may count ---------------------------------------------------------------------------------------------------


def test_in_a_session_of_an_imu_the_running_sensor_lends_speed_and_distance_but_no_rows() -> None:
    pod = BoundDevice("pod-1", IMU, "R")
    items = notified("pod-1", one_leg(20.0)) + [rsc(i, distance_m=3.0 * i) for i in range(20)]
    items.sort(key=lambda raw: raw.arrival_utc)
    events = run_one_by_one(setup((pod, POD), start_utc=None), items)
    assert set(steps(events).side.tolist()) == {"R"}
    assert summary(events).totals.n_steps == 2 * len(one_leg(20.0).initial_contact_s)
    assert summary(events).totals.distance_m == pytest.approx(57.0)
    assert np.nanmax(steps(events).speed_mps) == 3.0


def test_in_a_session_of_records_an_imu_adds_no_rows() -> None:
    pod = BoundDevice("pod-1", IMU, "R")
    items = notified("pod-1", one_leg(20.0)) + [rsc(i) for i in range(20)]
    items.sort(key=lambda raw: raw.arrival_utc)
    events = run_one_by_one(setup((POD, pod), "speed", start_utc=None), items)
    assert set(steps(events).side.tolist()) == {"U"}
    assert summary(events).totals.n_steps == pytest.approx(19 * 170 / 60)


def test_of_two_running_sensors_only_the_first_counts() -> None:
    items = [raw for i in range(10) for raw in (rsc(i), rsc(i + 0.5, device="rsc-2"))]
    events = run_one_by_one(setup((POD, BoundDevice("rsc-2", RSC)), "speed", start_utc=None), items)
    assert len(steps(events)) == 10
    assert summary(events).totals.n_steps == pytest.approx(9 * 170 / 60)


# --- bad bytes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "characteristic", "payload"),
    [
        ("rsc-1", "2a53", b"\x00"),
        ("rsc-1", "2a53", b"\x00\x00\x03\xaa\x00"),
        ("rsc-1", "2a37", b"\x00\x50"),
        ("stranger", "2a53", b"\x00\x00\x03\xaa"),
    ],
)
def test_bad_bytes_are_an_event_and_the_session_goes_on(device: str, characteristic: str, payload: bytes) -> None:
    bad = RawNotification(device, characteristic, START + timedelta(seconds=1.5), payload)
    events = run_one_by_one(live(), [rsc(0), rsc(1), bad, rsc(2), rsc(3)])
    (failed,) = [e for e in events if isinstance(e, DecodeFailed)]
    assert (failed.device, failed.characteristic, failed.arrival_utc) == (device, characteristic, bad.arrival_utc)
    assert failed.problem
    assert summary(events).totals.n_steps == pytest.approx(3 * 170 / 60)
    assert "decode-failed:1" in summary(events).warnings


def test_an_imu_payload_of_another_length_is_told_with_its_length() -> None:
    pod = BoundDevice("pod-1", IMU, "R")
    items = notified("pod-1", one_leg(10.0))
    bad = replace(items[500], payload=items[500].payload[:-3])
    session = RunSession(setup((pod,), start_utc=None))
    events = [*session.receive_many([*items[:500], bad, *items[501:]]), *session.finish()]
    assert [e.problem for e in events if isinstance(e, DecodeFailed)] == ["25 bytes, not 28"]
    assert summary(events).totals.n_steps == 2 * len(one_leg(10.0).initial_contact_s)


def test_nothing_received_is_nothing_to_tell() -> None:
    assert RunSession(setup()).finish() == ()
    only_bad = RunSession(live())
    assert [type(e) for e in only_bad.receive(rsc(0, device="stranger"))] == [DecodeFailed]
    assert only_bad.finish() == ()


def test_what_is_no_reading_is_a_programmers_error() -> None:
    class Surprise:
        device = "pod-1"

    with pytest.raises(ValueError, match="Surprise"):
        RunSession(setup()).receive(Surprise())  # type: ignore[arg-type]


# --- totals are what was sent ----------------------------------------------------------------------------------------

CADENCES = st.one_of(st.none(), st.just(0.0), st.floats(50.0, 240.0))


@given(
    st.lists(st.tuples(st.floats(0.1, 15.0), CADENCES, st.one_of(st.none(), st.floats(0.0, 1.0))), max_size=40),
    st.sampled_from(["live", "import"]),
)
def test_the_summary_is_the_sum_of_the_rows_that_were_sent(
    rows: list[tuple[float, float | None, float | None]], origin: Origin
) -> None:
    at_s, items = 0.0, []
    for interval_s, cadence_spm, contact_time_s in rows:
        at_s += interval_s
        items.append(record(at_s, cadence_spm, contact_time_s=contact_time_s))
    events = run_one_by_one(watch(origin), items)
    if not items:
        assert events == []
        return
    assert isinstance(events[0], SessionStarted)
    table, totals = steps(events), summary(events).totals
    assert len(table) == len(items)
    running = 60.0 / table.step_time_s >= 120.0
    assert totals.n_steps == pytest.approx(table.n_steps[running].sum())
    assert totals.n_strides == pytest.approx(totals.n_steps / 2)
    if totals.load_eq_km is not None:
        a_leg = (table.achilles_impulse_bw_s * table.n_steps / 2)[running].sum()
        assert totals.load_eq_km == pytest.approx(a_leg / ACHILLES_1.eq_km_bw_s)
        assert totals.load_bw_s == pytest.approx(a_leg)
    assert totals.coverage is None or 0 <= totals.coverage <= 1
    batches = [e.totals.n_steps for e in events if isinstance(e, StepBatch)]
    assert batches == sorted(batches)
    assert batches[-1] == totals.n_steps


def test_walking_fills_its_own_ledger_and_never_the_runs_load() -> None:
    run = [record(s, 170.0, contact_time_s=0.24) for s in range(61)]
    walk = [record(61 + s, 112.0) for s in range(60)]
    only_ran, both = (summary(run_one_by_one(watch(), items)).totals for items in (run, run + walk))
    only_walked = summary(run_one_by_one(watch(), walk)).totals
    assert only_ran.walk_load_bw_s is None
    assert only_ran.n_walk_steps is None
    assert both.load_eq_km == only_ran.load_eq_km
    assert both.load_bw_s == only_ran.load_bw_s
    assert both.hard_load_bw_s == only_ran.hard_load_bw_s
    assert both.n_walk_steps == pytest.approx(60 * 112 / 60)
    assert both.walk_load_bw_s == pytest.approx((only_walked.walk_load_bw_s or 0) * 60 / 59)
    assert only_walked.load_eq_km == 0.0
    table = steps(run_one_by_one(watch(), walk))
    assert set(table.gait.tolist()) == {"walk"}
    assert table.step_time_s == pytest.approx(60 / 112)
    assert (table.achilles_impulse_bw_s > 0).all()


@pytest.mark.parametrize(("cadence_spm", "gait"), [(121.0, "run"), (119.0, "walk"), (61.0, "walk"), (59.0, "")])
def test_what_is_too_slow_to_run_is_walked_and_what_is_too_slow_to_walk_is_neither(
    cadence_spm: float, gait: str
) -> None:
    events = run_one_by_one(watch(), [record(s, cadence_spm) for s in range(30)])
    assert set(steps(events).gait.tolist()) == {gait}
    totals = summary(events).totals
    assert ((totals.load_bw_s or 0.0) > 0, (totals.walk_load_bw_s or 0.0) > 0) == (gait == "run", gait == "walk")
