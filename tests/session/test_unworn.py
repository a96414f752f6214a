"""One of two feet streams and makes no contact while the other runs: its time is unknown."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import IntArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.session import BoundDevice, Event, GapFound, Origin
from sensor_hub.session.timeline import Silence
from sensor_hub.session.two_feet import PATIENCE_US
from sensor_hub.session.unworn import FEWEST_OF_OTHER, NOT_WORN, UnwornFeet
from sensor_hub.session.whole_run import whole_run
from sensor_hub.words import warning_text
from tests.session.packets_of import GENERIC, columns_of
from tests.session.packets_of import notified as notified_generic
from tests.session.runs import encoded, gaps, run_grouped, run_one_by_one, setup, steps, summary
from tests.synthetic_run import SyntheticRun, cuts, one_leg

S = 1_000_000
LEFT, RIGHT = BoundDevice("pod-l", None, "L", "shank"), BoundDevice("pod-r", None, "R", "shank")


def strides(begin_s: float, end_s: float, stride_s: float = 0.7) -> IntArray:
    return np.round(np.arange(begin_s, end_s, stride_s) * S).astype(np.int64)


@st.composite
def contacts(draw: st.DrawFn) -> IntArray:
    """Contacts of a foot within 90 s, with pauses."""
    ends = sorted(draw(st.lists(st.floats(0.0, 90.0), min_size=4, max_size=4)))
    return np.concatenate([strides(ends[0], ends[1]), strides(ends[2], ends[3])])


def closed(
    feet: UnwornFeet, newest_s: float, *, unknown_s: float = 0.0, is_over: bool = True
) -> list[tuple[str, float, float]]:
    """What becomes certain, in seconds, when both were heard up to the newest moment."""
    newest_us = round(newest_s * S)
    found = feet.close(0, newest_us, {"L": (newest_us, 0), "R": (newest_us, round(unknown_s * S))}, is_over=is_over)
    assert all(silence.cause == NOT_WORN for _, silence in found)
    return [(side, silence.start_us / S, silence.end_us / S) for side, silence in found]


def test_a_foot_without_contacts_is_unknown_from_its_last_to_the_last_of_the_other() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 60.0))
    feet.land("R", strides(1.35, 20.0))
    assert closed(feet, 90.0) == [("R", 19.55, 59.8)]
    assert feet.unknown_us == round((59.8 - 19.55) * S)


def test_a_foot_that_never_made_one_is_unknown_from_the_beginning() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 60.0))
    assert closed(feet, 60.0) == [("R", 0.0, 59.8)]


def test_a_foot_that_begins_again_is_known_again() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 60.0))
    feet.land("R", np.concatenate([strides(1.35, 20.0), strides(40.0, 60.0)]))
    assert closed(feet, 60.0) == [("R", 19.55, 39.5)]


def test_while_both_are_still_nothing_is_missing() -> None:
    feet = UnwornFeet()
    feet.land("L", np.concatenate([strides(1.0, 20.0), strides(300.0, 320.0)]))
    feet.land("R", np.concatenate([strides(1.35, 20.0), strides(300.4, 320.0)]))
    assert closed(feet, 400.0) == []
    assert feet.unknown_us == 0


@pytest.mark.parametrize(("n_of_other", "without_s"), [(FEWEST_OF_OTHER - 1, 12.0), (FEWEST_OF_OTHER, 9.9)])
def test_a_few_contacts_or_a_few_seconds_are_not_enough(n_of_other: int, without_s: float) -> None:
    feet = UnwornFeet()
    feet.land("R", np.array([0, round(without_s * S)]) + S)
    feet.land("L", np.linspace(S + 1, S + without_s * S - 1, n_of_other).astype(np.int64))
    assert closed(feet, 30.0) == []


def test_what_is_unknown_already_is_not_unknown_twice() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 60.0))
    feet.silent("R", Silence(10 * S, 20 * S, "silence"))
    feet.silent("R", Silence(55 * S, 58 * S, "silence"))
    assert closed(feet, 60.0) == [("R", 0.0, 10.0), ("R", 20.0, 55.0), ("R", 58.0, 59.8)]


def test_a_foot_that_was_not_heard_either_is_not_called_unworn() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 60.0))
    feet.land("R", np.concatenate([strides(1.35, 10.0), strides(58.0, 60.0)]))
    feet.silent("R", Silence(11 * S, 55 * S, "silence"))
    assert closed(feet, 60.0) == []


def test_only_time_in_which_it_was_heard_is_long_enough() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 22.0, stride_s=0.4))
    feet.silent("R", Silence(3 * S, 18 * S, "silence"))
    assert closed(feet, 22.0) == []


def test_a_silence_that_is_told_when_it_has_ended_counts_already() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 60.0))
    assert closed(feet, 60.0, unknown_s=30.0, is_over=False) == []
    assert feet.unknown_us == round(29.7 * S)


def test_what_is_not_certain_yet_counts_and_is_told_once_the_links_had_time() -> None:
    feet = UnwornFeet()
    feet.land("L", strides(1.0, 40.0))
    feet.land("R", np.array([S]))
    assert closed(feet, 40.0, is_over=False) == []
    assert feet.unknown_us == pytest.approx(38.5 * S, abs=0.7 * S)
    feet.land("R", np.array([30 * S]))
    again_s = 30.0 + PATIENCE_US / S
    assert closed(feet, again_s - 0.1, is_over=False) == []
    assert closed(feet, again_s, is_over=False) == [("R", 1.0, 29.7)]
    assert closed(feet, again_s + 1.0, is_over=False) == []
    assert feet.unknown_us == pytest.approx(28.7 * S)


@given(st.data())
def test_when_it_is_asked_for_changes_nothing_in_the_end(data: st.DataObject) -> None:
    left_us, right_us = (data.draw(contacts()) for _ in range(2))
    whole, asked = UnwornFeet(), UnwornFeet()
    told: list[tuple[str, float, float]] = []
    for at_s in range(1, 101):
        for side, time_us in (("L", left_us), ("R", right_us)):  # told up to two seconds late
            asked.land(side, time_us[(time_us > (at_s - 3) * S) & (time_us <= (at_s - 2) * S)])
        told += closed(asked, float(at_s), is_over=at_s == 100)
    whole.land("L", left_us[left_us > -2 * S])
    whole.land("R", right_us)
    assert sorted(told) == sorted(closed(whole, 100.0))
    assert asked.unknown_us == whole.unknown_us


# --- in a session ----------------------------------------------------------------------------------------------------


def lying(run: SyntheticRun, *spans_s: tuple[float, float]) -> SyntheticRun:
    """The same samples, but in these seconds the sensor lies still."""
    acceleration, rotation = run.acceleration_mps2.copy(), run.rotation_radps.copy()
    rng = np.random.default_rng(0)
    for begin_s, end_s in spans_s:
        still = (run.t_s >= begin_s) & (run.t_s < end_s)
        acceleration[still] = np.array([0.0, 0.0, 9.81]) + rng.normal(0, 0.05, (int(still.sum()), 3))
        rotation[still] = rng.normal(0, 0.005, (int(still.sum()), 3))
    return replace(run, acceleration_mps2=acceleration, rotation_radps=rotation)


def pair(duration_s: float, *lying_s: tuple[float, float]) -> list[ImuBlock]:
    """A left foot that runs, and a right one that lies still for some time."""
    left = one_leg(duration_s, rate_hz=52.0, seed=1, first_contact_s=1.3)
    right = lying(one_leg(duration_s, rate_hz=52.0), *lying_s)
    return [ImuBlock(d, r.t_s, r.acceleration_mps2, r.rotation_radps) for d, r in (("pod-l", left), ("pod-r", right))]


def in_pieces(whole: list[ImuBlock], n: int) -> list[ImuBlock]:
    parts = [block.slice(i, min(i + n, len(block))) for block in whole for i in range(0, len(block), n)]
    return sorted(parts, key=lambda part: float(part.t_s[0]))


def ran(whole: list[ImuBlock], n: int = 26, origin: Origin = "live") -> list[Event]:
    return run_one_by_one(setup((LEFT, RIGHT), origin=origin), in_pieces(whole, n))


@cache
def whole_load_eq_km(origin: Origin) -> float | None:
    """The load of a minute in which both feet ran."""
    return summary(ran(pair(60.0), origin=origin)).totals.load_eq_km


@pytest.mark.parametrize("origin", ["live", "import"])
@pytest.mark.parametrize("begin_s", [0.0, 20.0])
def test_a_pod_that_lies_still_makes_its_half_unknown_and_is_told(begin_s: float, origin: Origin) -> None:
    events = ran(pair(60.0, (begin_s, 60.0)), origin=origin)
    totals = summary(events).totals
    assert totals.coverage == pytest.approx((60.0 + begin_s) / 120.0, abs=0.03)
    (gap,) = gaps(events)
    assert (gap.device, gap.cause) == ("pod-r", "not-worn")
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(60.0 - begin_s, abs=2.0)
    assert [w for w in summary(events).warnings if "worn" in w] == ["not-worn:pod-r"]
    assert warning_text("not-worn:pod-r") != "not-worn:pod-r"
    assert totals.load_eq_km is not None
    assert totals.coverage is not None
    assert whole_load_eq_km(origin) is not None
    assert totals.load_eq_km / totals.coverage == pytest.approx(whole_load_eq_km(origin), rel=0.04)


def test_two_feet_that_run_and_stand_have_no_gap() -> None:
    whole = pair(50.0, (20.0, 40.0))
    left = lying(one_leg(50.0, rate_hz=52.0, seed=1, first_contact_s=1.3), (20.0, 40.0))
    whole[0] = ImuBlock("pod-l", left.t_s, left.acceleration_mps2, left.rotation_radps)
    events = ran(whole)
    assert gaps(events) == []
    assert summary(events).totals.coverage == 1.0
    assert not any("worn" in w for w in summary(events).warnings)


@settings(max_examples=settings().max_examples // 8)
@given(st.data())
def test_the_events_of_a_foot_that_lies_still_do_not_depend_on_the_grouping(data: st.DataObject) -> None:
    begin_s = data.draw(st.floats(0.0, 8.0))
    sent = in_pieces(pair(28.0, (begin_s, data.draw(st.floats(begin_s + 11.0, 28.0)))), 1)
    what = setup((LEFT, RIGHT), origin=data.draw(st.sampled_from(["live", "import"])))
    expected = run_one_by_one(what, sent)
    assert any(isinstance(e, GapFound) and e.cause == "not-worn" for e in expected)
    assert encoded(run_grouped(what, sent, data.draw(cuts(len(sent))))) == encoded(expected)


@pytest.mark.parametrize("late_s", [0.0, 15.0])
def test_a_run_at_once_knows_the_same(late_s: float) -> None:
    left = one_leg(130.0, rate_hz=100.0, seed=1, first_contact_s=1.35)
    right = lying(one_leg(130.0, rate_hz=100.0), (0.0, 60.0))
    raws = notified_generic("pod-l", left) + notified_generic("pod-r", right, late_s=0.03)[round(10 * late_s) :]
    feet = BoundDevice("pod-l", GENERIC, "L", "foot"), BoundDevice("pod-r", GENERIC, "R", "foot")
    what = setup(feet, origin="import", start_utc=None)
    raws.sort(key=lambda raw: raw.arrival_utc)
    table, at_once = whole_run(columns_of(raws), what)
    events = run_one_by_one(what, raws)
    imported = summary(events).totals
    assert table.time_utc_us.tolist() == sorted(steps(events).time_utc_us.tolist())
    assert (at_once.coverage, at_once.n_steps) == (imported.coverage, imported.n_steps)
    assert at_once.coverage == pytest.approx(1 - 60.0 / 260.0, abs=0.01)
