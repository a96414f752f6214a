"""A sensor on each foot: steps run to the other foot's contact, whoever's link is late."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Event
from sensor_hub.session.timeline import DatedSteps
from sensor_hub.session.two_feet import PATIENCE_US, SURE_US, TwoFeet
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.steps import StepPairer
from tests.session.runs import IMU, encoded, notified, run_grouped, run_one_by_one, setup, steps
from tests.synthetic_run import SyntheticRun, cuts, one_leg

LEFT, RIGHT = BoundDevice("pod-l", IMU, "L"), BoundDevice("pod-r", IMU, "R")
TWO = setup((LEFT, RIGHT), start_utc=None)
S = 1_000_000
NAN = float("nan")


def dated(side: str, contact_s: list[float], contact_time_s: float = 0.24) -> DatedSteps:
    """The steps of one foot as its own stream tells them, in microseconds from zero."""
    at_s = np.array(contact_s)
    n = len(at_s)
    columns = at_s, at_s + contact_time_s, np.full(n, 0.02), np.ones(n), np.full(n, NAN)
    contacts = Contacts(columns[0], columns[1], columns[2], columns[3], columns[4], np.zeros(n, dtype=bool))
    found = StepPairer(1).receive(contacts)
    time_us = np.round(at_s * S).astype(np.int64)
    assert side in {"L", "R"}
    return DatedSteps("L" if side == "L" else "R", 1.0, found, time_us[:-1], time_us[1:], *np.full((2, n - 1), NAN))


def joined(left_s: list[float], right_s: list[float]) -> DatedSteps:
    """Steps of the left foot once both were heard to the end."""
    feet = TwoFeet()
    feet.step(dated("L", left_s))
    feet.land("R", np.round(np.array(right_s) * S).astype(np.int64))
    (found,) = feet.decided(100 * S, {"L": 100 * S, "R": 100 * S})
    return found


def test_a_step_runs_to_the_other_foots_contact_and_flight_from_toe_off_to_it() -> None:
    found = joined([1.0, 1.7], [1.34]).steps
    assert found.step_time_s == pytest.approx([0.34])
    assert found.flight_time_s == pytest.approx([0.10])
    assert found.is_measured.tolist() == [True]


@pytest.mark.parametrize("share", [0.19, 0.81])
def test_a_contact_outside_the_middle_of_the_stride_is_not_the_next_step(share: float) -> None:
    found = joined([1.0, 1.7], [1.0 + share * 0.7]).steps
    assert found.step_time_s == pytest.approx([0.35])
    assert found.is_measured.tolist() == [False]


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_an_uneven_gait_is_measured_as_it_is(share: float) -> None:
    found = joined([1.0, 1.8], [1.0 + share * 0.8]).steps
    assert found.step_time_s == pytest.approx([share * 0.8])


def test_a_shake_right_after_landing_does_not_hide_the_other_foots_contact() -> None:
    assert joined([1.0, 1.7], [1.05, 1.36]).steps.step_time_s == pytest.approx([0.36])


def test_with_a_missed_contact_of_its_own_the_step_is_known_from_the_other_foot() -> None:
    found = joined([1.0, 2.4], [1.35, 2.05]).steps
    assert found.step_time_s == pytest.approx([0.35])


def test_a_step_waits_for_the_other_foot_and_no_longer_than_the_patience() -> None:
    feet = TwoFeet()
    feet.land("R", np.array([0]))
    feet.step(dated("L", [1.0, 1.7]))
    assert feet.decided(round(1.7 * S) + PATIENCE_US - 1, {"R": S}) == []
    (found,) = feet.decided(round(1.7 * S) + PATIENCE_US, {"R": S})
    assert found.steps.is_measured.tolist() == [False]
    assert feet.decided(100 * S, {"R": S}) == []


def test_a_foot_that_is_heard_but_has_told_no_contact_yet_is_waited_for() -> None:
    feet = TwoFeet()  # its detector may still be looking for its axes
    feet.step(dated("L", [1.0, 1.7]))
    assert feet.decided(4 * S, {"R": 4 * S}) == []
    feet.land("R", np.array([round(1.35 * S)]))
    (found,) = feet.decided(4 * S, {"R": 4 * S})
    assert found.steps.is_measured.tolist() == [True]


def test_the_other_foot_must_be_heard_for_as_long_as_a_contact_lasts_after_the_stride() -> None:
    feet = TwoFeet()  # a contact is told when it ends
    feet.land("R", np.array([0]))
    feet.step(dated("L", [1.0, 1.7]))
    assert feet.decided(3 * S, {"R": round(1.7 * S) + SURE_US - 1}) == []
    assert len(feet.decided(3 * S, {"R": round(1.7 * S) + SURE_US})) == 1


def test_what_comes_faster_than_anybody_steps_is_no_step_whatever_the_other_foot_did() -> None:
    found = joined([1.0, 1.39, 1.7], [1.25]).steps
    assert found.is_too_fast.tolist() == [True, True]
    assert np.isnan(found.step_time_s).all()


def test_nothing_is_lost_and_order_is_kept_whenever_one_asks() -> None:
    feet = TwoFeet()
    left_s = [1.0 + 0.7 * i for i in range(20)]
    feet.land("R", np.array([round((at + 0.35) * S) for at in left_s]))
    told = dated("L", left_s)
    for i in range(0, len(told), 3):
        feet.step(told.only(slice(i, i + 3)))
    found = [s for heard in (2.0, 2.0, 5.0, 9.3) for s in feet.decided(0, {"R": round(heard * S)})] + feet.flush()
    assert np.concatenate([s.time_us for s in found]).tolist() == told.time_us.tolist()
    assert all(s.steps.is_measured.all() for s in found)


# --- in a session ----------------------------------------------------------------------------------------------------


def pair(duration_s: float = 15.0, rate_hz: float = 100.0) -> tuple[SyntheticRun, SyntheticRun]:
    """Right foot, and the left foot that lands after 45 % of its stride."""
    right = one_leg(duration_s, rate_hz=rate_hz)
    return right, one_leg(duration_s, rate_hz=rate_hz, seed=1, first_contact_s=1.0 + 0.45 * 0.7)


def by_arrival(raws: list[RawNotification]) -> list[RawNotification]:
    return sorted(raws, key=lambda raw: raw.arrival_utc)


def of_side(table: StepTable, side: str, column: str) -> FloatArray:
    found: FloatArray = getattr(table, column)[table.side == side]
    return found


@cache
def of_punctual() -> tuple[list[RawNotification], StepTable]:
    """What both feet send, and the steps that are told of it where both links are punctual."""
    right, left = pair()
    sent = notified("pod-r", right) + notified("pod-l", left)
    return sent, steps(run_one_by_one(TWO, by_arrival(sent)))


def test_each_foots_steps_are_measured_to_the_other_and_sum_to_the_stride() -> None:
    _, table = of_punctual()
    assert set(table.step_time_origin[1:-3]) == {"measured"}
    from_right, from_left = of_side(table, "R", "step_time_s")[1:-2], of_side(table, "L", "step_time_s")[1:-2]
    assert from_right == pytest.approx(np.full(len(from_right), 0.315), abs=0.011)
    assert from_left == pytest.approx(np.full(len(from_left), 0.385), abs=0.011)
    assert (np.diff(table.time_utc_us) > 0).all()
    # what is measured is the distance of the rows themselves
    measured_s = np.diff(table.time_utc_us) / 1e6
    assert table.step_time_s[1:-3] == pytest.approx(measured_s[1:-2], abs=1e-6)


@pytest.mark.parametrize(("device", "late_s"), [("pod-l", 0.4), ("pod-r", 0.4), ("pod-l", 1.5)])
def test_steps_do_not_depend_on_whose_link_is_late(device: str, late_s: float) -> None:
    plain, expected = of_punctual()
    late: list[RawNotification] = []  # punctual at first, so that the clocks agree
    for raw in plain:
        is_late = raw.device == device and raw.arrival_utc > plain[0].arrival_utc + timedelta(seconds=2)
        late.append(replace(raw, arrival_utc=raw.arrival_utc + timedelta(seconds=late_s if is_late else 0)))
    assert steps(run_one_by_one(TWO, by_arrival(late))) == expected


@settings(max_examples=settings().max_examples // 6)
@given(st.data())
def test_events_of_two_feet_do_not_depend_on_the_grouping(data: st.DataObject) -> None:
    right, left = pair(9.0, rate_hz=50.0)
    sent = by_arrival(notified("pod-r", right) + notified("pod-l", left, late_s=data.draw(st.floats(0.01, 2.0))))
    expected = encoded(run_one_by_one(TWO, sent))
    assert encoded(run_grouped(TWO, sent, data.draw(cuts(len(sent))))) == expected


def gap_of_left() -> list[Event]:
    right, left = pair(30.0)
    raws = [r for i, r in enumerate(notified("pod-l", left)) if not 1000 <= i < 2000]
    return run_one_by_one(TWO, by_arrival(notified("pod-r", right) + raws))


def test_while_one_foot_is_not_heard_the_other_foots_steps_are_estimates_and_none_is_missing() -> None:
    table = steps(gap_of_left())
    right_s = of_side(table, "R", "time_utc_us") / 1e6
    origin = table.step_time_origin[table.side == "R"]
    inside = (right_s - right_s[0] > 10.5) & (right_s - right_s[0] < 18.0)
    assert set(origin[inside]) == {"estimated"}
    assert of_side(table, "R", "step_time_s")[inside] == pytest.approx(np.full(int(inside.sum()), 0.35), abs=0.011)
    assert set(origin[(right_s - right_s[0] > 20.0)][:5]) == {"measured"}
    assert np.diff(right_s) == pytest.approx(np.full(len(right_s) - 1, 0.7), abs=0.02)


def test_one_foot_alone_is_half_of_its_stride_and_estimated() -> None:
    right, _ = pair()
    table = steps(run_one_by_one(TWO, notified("pod-r", right)))
    assert set(table.step_time_origin) == {"estimated"}
    assert np.nanmedian(table.step_time_s) == pytest.approx(0.35, abs=0.005)
