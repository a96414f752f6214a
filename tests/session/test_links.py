"""What the collector says about a link is a fact of the session: the cause of a gap, and time that is unknown."""

from datetime import timedelta
from typing import get_args

import numpy as np
import pytest

from sensor_hub.model.link import LINK, LinkCause, LinkChange, LinkState
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, DecodeFailed
from sensor_hub.session import RunSession
from tests.session.runs import IMU, RSC, START, gaps, notified, rsc, run_one_by_one, setup, steps, summary
from tests.synthetic_run import one_leg

POD = (BoundDevice("pod-1", IMU, "R"),)
FOOTPOD = (BoundDevice("rsc-1", RSC),)


def link(
    at_s: float, state: LinkState, cause: LinkCause | None = None, device: str = "pod-1", n_lost: int = 0
) -> RawNotification:
    return LinkChange(device, START + timedelta(seconds=at_s), state, cause, n_lost).to_notification()


def without(raws: list[RawNotification], from_s: float, to_s: float) -> list[RawNotification]:
    since_s = [(raw.arrival_utc - START).total_seconds() for raw in raws]
    return [raw for raw, s in zip(raws, since_s, strict=True) if not from_s <= s < to_s]


def by_arrival(*items: RawNotification) -> list[RawNotification]:
    return sorted(items, key=lambda raw: raw.arrival_utc)


CAUSES = get_args(LinkCause)


@pytest.mark.parametrize("cause", [*CAUSES[:3], *(pytest.param(c, marks=pytest.mark.thorough) for c in CAUSES[3:])])
def test_a_link_that_went_down_is_the_cause_of_the_silence_in_it(cause: LinkCause) -> None:
    heard = without(notified("pod-1", one_leg(20.0)), 8.0, 13.0)
    items = by_arrival(*heard, link(9.5, "down", cause), link(12.5, "up"))
    events = run_one_by_one(setup(POD, start_utc=None), items)
    (gap,) = gaps(events)
    assert gap.cause == cause
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(5.01)
    assert cause in summary(events).warnings
    assert summary(events).totals.coverage == pytest.approx(1 - 5.01 / 19.99, abs=1e-3)
    at_s = steps(events).seconds_since(int(START.timestamp() * 1e6))
    assert not np.any((at_s > 8.0) & (at_s < 13.0))


def test_the_first_cause_of_a_gap_counts_and_not_what_followed() -> None:
    heard = without(notified("pod-1", one_leg(20.0)), 8.0, 13.0)
    told = link(9.0, "down", "adapter-off"), link(10.0, "down", "refused"), link(12.5, "up")
    (gap,) = gaps(run_one_by_one(setup(POD, start_utc=None), by_arrival(*heard, *told)))
    assert gap.cause == "adapter-off"


def test_notifications_lost_in_a_full_queue_are_a_gap_by_overflow() -> None:
    heard = without(notified("pod-1", one_leg(20.0)), 8.0, 8.5)
    told = link(8.49, "lost", "overflow", n_lost=50)
    (gap,) = gaps(run_one_by_one(setup(POD, start_utc=None), by_arrival(*heard, told)))
    assert gap.cause == "overflow"


def test_a_link_that_was_up_again_before_a_gap_is_not_its_cause() -> None:
    heard = without(without(notified("pod-1", one_leg(20.0)), 10.0, 10.6), 11.9, 12.3)
    told = link(10.1, "down", "disconnected"), link(10.6, "up")
    events = run_one_by_one(
        setup(POD, start_utc=None), by_arrival(*heard, *told, link(12.25, "lost", "overflow", n_lost=9))
    )
    assert [gap.cause for gap in gaps(events)] == ["disconnected", "overflow"]
    events = run_one_by_one(setup(POD, start_utc=None), by_arrival(*heard, *told))
    assert [gap.cause for gap in gaps(events)] == ["disconnected", "silence"]


def test_a_silence_far_from_any_change_of_the_link_has_no_other_cause() -> None:
    heard = without(notified("pod-1", one_leg(30.0)), 8.0, 9.0)
    heard = without(heard, 20.0, 22.0)
    events = run_one_by_one(
        setup(POD, start_utc=None), by_arrival(*heard, link(21.0, "down", "stalled"), link(21.5, "up"))
    )
    assert [gap.cause for gap in gaps(events)] == ["silence", "stalled"]


def test_a_link_that_came_back_at_once_is_no_gap() -> None:
    heard = notified("pod-1", one_leg(20.0))
    events = run_one_by_one(
        setup(POD, start_utc=None), by_arrival(*heard, link(9.0, "down", "disconnected"), link(9.01, "up"))
    )
    assert gaps(events) == []
    assert summary(events).totals.coverage == 1.0


def test_a_pod_that_restarts_while_its_link_is_down_lost_the_time_until_it_was_heard_again() -> None:
    first = notified("pod-1", one_leg(10.0))
    again = notified("pod-1", one_leg(10.0, seed=1), START + timedelta(seconds=70))
    session = RunSession(setup(POD, start_utc=None))
    told = link(12.0, "down", "disconnected"), link(69.0, "up")
    events = [*session.receive_many([*first, *told, *again]), *session.finish()]
    (gap,) = gaps(events)
    assert gap.cause == "disconnected"
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(60.01)
    assert summary(events).totals.coverage == pytest.approx(19.98 / 79.99, abs=1e-3)
    assert session.clocks()["pod-1"].n_resets == 1


def test_a_pod_whose_link_is_down_at_the_end_has_a_gap_up_to_what_was_heard_last() -> None:
    items = [*notified("pod-1", one_leg(20.0)), link(21.5, "down", "disconnected")]
    events = run_one_by_one(setup(POD, start_utc=None), items)
    (gap,) = gaps(events)
    assert gap.cause == "disconnected"
    assert gap.end_utc == summary(events).end_utc == START + timedelta(seconds=21.5)
    assert summary(events).totals.coverage == pytest.approx(19.99 / (21.5 - 0.02), abs=1e-3)


def test_a_pod_that_refused_to_start_was_never_heard_for_that_reason() -> None:
    devices = (BoundDevice("pod-l", IMU, "L"), BoundDevice("pod-r", IMU, "R"))
    told = link(0.5, "down", "refused", "pod-r")
    events = run_one_by_one(setup(devices, start_utc=None), by_arrival(told, *notified("pod-l", one_leg(20.0))))
    (gap,) = gaps(events)
    assert (gap.device, gap.cause) == ("pod-r", "refused")
    assert summary(events).totals.coverage == pytest.approx(0.5)


def test_a_footpod_whose_link_went_down_leaves_its_interval_unknown_however_short() -> None:
    heard = [rsc(s) for s in (0.0, 1.0, 2.0, 3.5, 4.5, 5.5)]
    items = by_arrival(*heard, link(2.4, "down", "disconnected", "rsc-1"), link(3.2, "up", device="rsc-1"))
    events = run_one_by_one(setup(FOOTPOD, "speed", start_utc=None), items)
    (gap,) = gaps(events)
    assert (gap.cause, gap.start_utc, gap.end_utc) == (
        "disconnected",
        START + timedelta(seconds=2.0),
        START + timedelta(seconds=3.5),
    )
    assert summary(events).totals.coverage == pytest.approx(4.0 / 5.5)
    assert summary(events).totals.n_steps == pytest.approx(4.0 * 170 / 60)


def test_a_speed_over_an_interval_in_which_the_link_was_down_adds_no_distance() -> None:
    heard = [rsc(s, speed_mps=2.5) for s in (0.0, 1.0, 2.0, 3.5, *range(4, 21))]
    items = by_arrival(*heard, link(2.4, "down", "disconnected", "rsc-1"), link(3.2, "up", device="rsc-1"))
    events = run_one_by_one(setup(FOOTPOD, "speed", start_utc=None), items)
    assert summary(events).totals.distance_m == pytest.approx(2.5 * (20 - 1.5))


def test_a_footpod_that_is_down_at_the_end_is_not_patiently_waited_for() -> None:
    items = [*(rsc(s) for s in range(10)), link(11.0, "down", "stalled", "rsc-1")]
    events = run_one_by_one(setup(FOOTPOD, "speed", start_utc=None), items)
    (gap,) = gaps(events)
    assert (gap.cause, (gap.end_utc - gap.start_utc).total_seconds()) == ("stalled", 2.0)
    assert summary(events).totals.coverage == pytest.approx(9 / 11)


def test_a_link_change_that_nobody_wrote_is_a_failure_and_nothing_else() -> None:
    items = [
        *notified("pod-1", one_leg(5.0)),
        RawNotification("pod-1", LINK, START + timedelta(seconds=9), b"down fun"),
    ]
    events = run_one_by_one(setup(POD, start_utc=None), items)
    assert [e.problem for e in events if isinstance(e, DecodeFailed)] == ["not a link change"]
    assert gaps(events) == []


def test_a_session_is_not_started_by_a_link() -> None:
    assert run_one_by_one(setup(POD, start_utc=None), [link(0.0, "up"), link(5.0, "down", "stalled")]) == []
