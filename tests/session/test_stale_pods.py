"""A pod that repeats itself: no step is counted on the strength of an old value."""

from datetime import timedelta

import pytest

from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Event
from tests.session.runs import RSC, START, STRIDES, gaps, rsc, run_one_by_one, setup, summary

POD = (BoundDevice("rsc-1", RSC),)


def session_of(items: list[RawNotification], pod: tuple[BoundDevice, ...] = POD) -> list[Event]:
    return run_one_by_one(setup(pod, "speed", start_utc=None), items)


def test_a_standing_pod_that_repeats_its_cadence_adds_no_steps() -> None:
    runs = [rsc(s, 170, 3.0, 3.0 * s) for s in range(61)]
    stands = [rsc(60 + s, 170, 0.0, 180.0) for s in range(1, 61)]
    totals = summary(session_of([*runs, *stands])).totals
    assert totals.n_steps == pytest.approx(170.0)
    assert totals.coverage == 1.0
    assert totals.distance_m == pytest.approx(180.0)


def test_a_pod_that_never_says_a_speed_keeps_its_steps() -> None:
    assert summary(session_of([rsc(s, 170, 0.0) for s in range(61)])).totals.n_steps == pytest.approx(170.0)


def test_a_pod_that_says_it_moves_while_its_odometer_stands_is_unknown_after_some_seconds() -> None:
    runs = [rsc(s, 170, 3.0, 3.0 * s) for s in range(61)]
    frozen = [rsc(60 + s, 170, 3.0, 180.0) for s in range(1, 31)]
    again = [rsc(90 + s, 170, 3.0, 180.0 + 3.0 * s) for s in range(1, 31)]
    events = session_of([*runs, *frozen, *again])
    (gap,) = gaps(events)
    assert gap.cause == "stale"
    assert gap.start_utc == START + timedelta(seconds=65)
    assert gap.end_utc == START + timedelta(seconds=90)
    totals = summary(events).totals
    assert totals.coverage == pytest.approx(95 / 120)
    assert totals.n_steps == pytest.approx(95 * 170 / 60)
    assert totals.distance_m == pytest.approx(270.0)


def test_a_pod_that_froze_until_the_end_has_a_gap_until_the_end() -> None:
    runs = [rsc(s, 170, 3.0, 3.0 * s) for s in range(11)]
    frozen = [rsc(10 + s, 170, 3.0, 30.0) for s in range(1, 31)]
    events = session_of([*runs, *frozen])
    (gap,) = gaps(events)
    assert (gap.cause, gap.end_utc) == ("stale", summary(events).end_utc)


def test_an_odometer_that_never_counts_is_no_reason_to_doubt_a_pod() -> None:
    events = session_of([rsc(s, 170, 3.0, 0.0) for s in range(61)])
    assert gaps(events) == []
    assert summary(events).totals.coverage == 1.0


def test_a_record_told_twice_counts_once() -> None:
    once = [rsc(s, 170, 3.0, 3.0 * s) for s in range(31)]
    twice = [rsc(s + late, 170, 3.0, 3.0 * s) for s in range(31) for late in (0.0, 0.004)]
    assert summary(session_of(twice)).totals == summary(session_of(once)).totals


@pytest.mark.parametrize("wrap_m", [6_553.6, 429_496_729.6])
def test_an_odometer_that_wraps_goes_on(wrap_m: float) -> None:
    items = [rsc(s, 170, 3.0, (wrap_m - 30.0 + 3.0 * s) % wrap_m) for s in range(21)]
    assert summary(session_of(items)).totals.distance_m == pytest.approx(60.0, abs=0.2)


def test_an_odometer_that_is_back_at_nothing_after_a_silence_began_anew() -> None:
    items = [
        rsc(s + (60 if s > 10 else 0), 170, 3.0, 3.0 * (s - 11) if s > 10 else 6_490.0 + 3.0 * s) for s in range(21)
    ]
    assert summary(session_of(items)).totals.distance_m == pytest.approx(57.0, abs=0.2)


@pytest.mark.parametrize("jump_m", [-500.0, 7_000.0])
def test_an_odometer_that_jumps_adds_nothing_but_what_was_run(jump_m: float) -> None:
    items = [rsc(s, 170, 3.0, 1000.0 + 3.0 * s + (jump_m if s > 10 else 0.0)) for s in range(21)]
    assert summary(session_of(items)).totals.distance_m == pytest.approx(
        57.0, abs=0.2
    )  # all but the second of the jump


@pytest.mark.parametrize(
    ("pod", "cadence", "is_doubtful"),
    [(RSC, 85, True), (RSC, 170, False), (STRIDES, 85, False), (STRIDES, 140, True)],
)
def test_a_cadence_in_the_band_of_the_other_unit_for_a_minute_is_doubted(pod, cadence, is_doubtful) -> None:  # type: ignore[no-untyped-def]
    bound = (BoundDevice("rsc-1", pod),)
    minute = summary(session_of([rsc(s, cadence, 3.0) for s in range(62)], bound))
    assert ("cadence-unit-doubtful" in minute.warnings) is is_doubtful
    assert "cadence-unit-doubtful" not in summary(session_of([rsc(s, cadence, 3.0) for s in range(50)], bound)).warnings


def test_walking_is_no_reason_to_doubt_the_cadence() -> None:
    assert "cadence-unit-doubtful" not in summary(session_of([rsc(s, 105, 1.4) for s in range(120)])).warnings
