from dataclasses import dataclass, fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.steps import RUN, UNKNOWN_GAIT, WALK, StepPairer, Steps

NAN = float("nan")


@dataclass(frozen=True)
class Row:
    """One step, as the tests read it."""

    contact_time_s: float
    contact_time_sd: float
    step_time_s: float
    flight_time_s: float
    gait: int
    is_too_fast: bool
    quality: float


def contact(at_s: float, contact_time_s: float = 0.24) -> Contacts:
    columns = [np.array([v]) for v in (at_s, at_s + contact_time_s, 0.02, 0.8, NAN)]
    return Contacts(columns[0], columns[1], columns[2], columns[3], columns[4], np.array([False]))


def rows(steps: Steps) -> list[Row]:
    columns = [getattr(steps, f.name).tolist() for f in fields(Row) if f.name != "quality"]
    return [Row(*values) for values in zip(*columns, steps.contacts.quality.tolist(), strict=True)]


def paired(contacts: list[Contacts], feet_seen: int = 1) -> list[Row]:
    pairer = StepPairer(feet_seen)
    return rows(pairer.receive(Contacts.concatenate(contacts))) + rows(pairer.flush())


def test_with_one_foot_a_step_is_half_a_stride_and_flight_what_contact_leaves() -> None:
    step = paired([contact(1.0), contact(1.7)])[0]
    assert [step.step_time_s, step.contact_time_s] == pytest.approx([0.35, 0.24])
    assert step.flight_time_s == pytest.approx(0.11)
    assert (step.gait, step.quality) == (RUN, 0.8)


def test_with_both_feet_a_step_lasts_until_the_next_contact() -> None:
    step = paired([contact(1.0), contact(1.35)], feet_seen=2)[0]
    assert step.step_time_s == pytest.approx(0.35)


def test_the_last_contact_before_a_break_is_a_step_of_unknown_duration() -> None:
    step = paired([contact(1.0), contact(1.7)])[1]
    assert np.isnan([step.step_time_s, step.flight_time_s]).all()
    assert step.gait == RUN  # its neighbour ran


def test_the_last_contact_of_both_feet_before_a_pause_may_be_a_walkers_and_one_missed_contact_is_no_pause() -> None:
    run = [contact(0.0), contact(0.35), contact(0.7)]
    assert [s.gait for s in paired([*run, contact(3.0)], feet_seen=2)][:3] == [RUN, RUN, UNKNOWN_GAIT]
    assert [s.gait for s in paired([*run, contact(1.4), contact(1.75)], feet_seen=2)][:4] == [RUN] * 4
    assert [s.gait for s in paired(run, feet_seen=2)] == [RUN] * 3, "at a break nothing is known"
    one = [contact(0.0), contact(0.7), contact(1.4), contact(4.0)]
    assert [s.gait for s in paired(one, feet_seen=1)][:3] == [RUN] * 3


def test_a_lone_contact_is_neither_running_nor_walking() -> None:
    assert [s.gait for s in paired([contact(1.0)])] == [UNKNOWN_GAIT]


def test_walking_is_not_running() -> None:
    walk = [contact(i * 1.1, 0.65) for i in range(6)]
    assert {s.gait for s in paired(walk)} == {WALK}


def test_a_fast_walk_with_long_contacts_is_not_running() -> None:
    walk = [contact(i * 0.94, 0.55) for i in range(6)]
    assert {s.gait for s in paired(walk)} == {WALK}


def test_a_contact_time_that_cannot_be_is_unknown_and_not_zero() -> None:
    step = paired([contact(1.0, 0.05), contact(1.7)])[0]
    assert np.isnan([step.contact_time_s, step.contact_time_sd, step.flight_time_s]).all()
    assert step.step_time_s == pytest.approx(0.35)


def test_an_unknown_toe_off_leaves_the_step_time() -> None:
    step = paired([contact(1.0, NAN), contact(1.7)])[0]
    assert step.step_time_s == pytest.approx(0.35)
    assert np.isnan([step.contact_time_s, step.contact_time_sd]).all()


def test_a_missed_contact_does_not_become_a_slow_step() -> None:
    steps = paired([contact(0.0), contact(0.7), contact(2.1), contact(2.8)])
    assert [s.step_time_s for s in steps] == pytest.approx([0.35, NAN, 0.35, NAN], nan_ok=True)
    assert {s.gait for s in steps} == {RUN}


def test_what_comes_faster_than_anybody_steps_is_no_step() -> None:
    first, second, third = paired([contact(0.0, 0.1), contact(0.19, 0.1), contact(0.54)], feet_seen=2)
    assert (first.gait, first.is_too_fast) == (UNKNOWN_GAIT, True)
    assert np.isnan([first.step_time_s, first.flight_time_s]).all()
    assert (second.gait, second.is_too_fast, third.is_too_fast) == (RUN, False, False)
    assert second.step_time_s == pytest.approx(0.35)


def test_three_hundred_steps_a_minute_are_still_steps() -> None:
    assert paired([contact(0.0, 0.1), contact(0.2, 0.1)], feet_seen=2)[0].step_time_s == 0.2


def test_two_contacts_at_once_are_no_step() -> None:
    assert [s.gait for s in paired([contact(1.0), contact(1.0)])] == [UNKNOWN_GAIT, UNKNOWN_GAIT]


def test_flight_is_never_negative() -> None:
    steps = paired([contact(0.0, 0.4), contact(0.7, 0.4)])
    assert steps[0].flight_time_s == 0.0


@given(st.lists(st.floats(0.3, 3.0), min_size=1, max_size=30), st.lists(st.integers(1, 5), max_size=30))
def test_steps_do_not_depend_on_how_contacts_came(strides_s: list[float], sizes: list[int]) -> None:
    contacts = [contact(float(at)) for at in np.cumsum(strides_s)]
    pairer, at = StepPairer(1), 0
    pieces: list[Row] = []
    for size in sizes:
        pieces += rows(pairer.receive(Contacts.concatenate(contacts[at : at + size])))
        at += size
    pieces += rows(pairer.receive(Contacts.concatenate(contacts[at:]))) + rows(pairer.flush())
    assert repr(pieces) == repr(paired(contacts))
    assert len(pieces) == len(contacts)


def test_the_step_that_ends_with_a_contact_is_known_when_it_comes() -> None:
    pairer = StepPairer(1)
    first, second, third = contact(1.0), contact(1.7), contact(4.0)
    assert np.isnan(pairer.ended_step_s(first)).all()
    assert pairer.ended_step_s(Contacts.concatenate([first, second, third])) == pytest.approx(
        [NAN, 0.35, NAN], nan_ok=True
    ), "more than two seconds are no stride"
    pairer.receive(first)
    assert pairer.ended_step_s(second) == pytest.approx([0.35])
    pairer.flush()
    assert np.isnan(pairer.ended_step_s(second)).all(), "a break lies between"


def test_steps_say_whether_the_other_foot_was_seen() -> None:
    one, both = StepPairer(1), StepPairer(2)
    contacts = Contacts.concatenate([contact(1.0), contact(1.35), contact(1.7)])
    assert not one.receive(contacts).is_measured.any()
    steps = both.receive(contacts)
    assert steps.is_measured.tolist() == [True, True]
    assert steps.interval_s == pytest.approx([0.35, 0.35])
    assert not both.flush().is_measured.any()


def test_parts_of_steps_are_the_steps() -> None:
    steps = StepPairer(2).receive(Contacts.concatenate([contact(1.0 + 0.35 * i) for i in range(6)]))
    parts = Steps.concatenate([steps.only(slice(0, 2)), steps.only(np.array([False, False, True, True, True]))])
    assert repr(rows(parts)) == repr(rows(steps))


def test_a_walkers_contact_that_a_break_cut_off_is_no_run() -> None:
    walk = [contact(i * 0.96, 0.6) for i in range(5)]  # 125 steps a minute
    cut = [*walk, contact(5 * 0.96, NAN)]
    assert {s.gait for s in paired(cut)} == {WALK}
    assert {s.gait for s in paired([contact(0.0, NAN), *[contact(0.96 + i * 0.96, 0.6) for i in range(3)]])} == {WALK}


def test_without_any_contact_time_only_steps_faster_than_a_walk_are_a_run() -> None:
    assert {s.gait for s in paired([contact(i * 0.94, NAN) for i in range(4)])} == {UNKNOWN_GAIT}
    assert {s.gait for s in paired([contact(i * 0.7, NAN) for i in range(4)])} == {RUN}


def test_a_runners_contact_that_a_break_cut_off_stays_a_run() -> None:
    assert {s.gait for s in paired([contact(0.0), contact(0.9), contact(1.8, NAN)])} == {RUN}
