"""Days without a session: which are asked about, and what was answered last."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.edits.days import ASKED_BACK, answered, open_days
from sensor_hub.model.edit import DayMark, MarkDays
from sensor_hub.model.history import DaySpan, OpenDays

TODAY = date(2026, 11, 20)
MARKS: tuple[DayMark, ...] = ("rested", "not-recorded", "unsaid")


def ago(n: int) -> date:
    return TODAY - timedelta(days=n)


@pytest.mark.parametrize(("n_empty", "asked"), [(6, []), (7, [OpenDays(ago(7), ago(1))])])
def test_seven_whole_days_without_a_record_are_asked_about_and_six_are_not(n_empty: int, asked: list[OpenDays]) -> None:
    assert open_days([ago(n_empty + 1)], [], TODAY) == asked
    assert open_days([ago(n_empty + 1), TODAY], [], TODAY) == asked


def test_before_the_first_record_nobody_expects_one_and_nobody_remembers_further_back_than_120_days() -> None:
    assert open_days([], [], TODAY) == []
    assert open_days([ago(400)], [], TODAY) == [OpenDays(TODAY - ASKED_BACK, ago(1))]


def test_what_was_answered_is_not_asked_again_and_what_is_left_is_when_it_is_a_week() -> None:
    said = [DaySpan(ago(20), ago(14), "rested")]
    assert open_days([ago(30)], said, TODAY) == [OpenDays(ago(13), ago(1)), OpenDays(ago(29), ago(21))]
    assert open_days([ago(26)], said, TODAY) == [OpenDays(ago(13), ago(1))], "five days are left before it"


def test_of_a_day_what_was_said_last_holds_and_unsaid_is_as_if_nobody_had() -> None:
    said = [
        MarkDays(ago(10), ago(1), "rested"),
        MarkDays(ago(6), ago(4), "not-recorded"),
        MarkDays(ago(2), ago(2), "unsaid"),
    ]
    assert answered(said) == [
        DaySpan(ago(10), ago(7), "rested"),
        DaySpan(ago(6), ago(4), "not-recorded"),
        DaySpan(ago(3), ago(3), "rested"),
        DaySpan(ago(1), ago(1), "rested"),
    ]


@given(
    st.lists(st.integers(0, 60), max_size=8),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from(MARKS)), max_size=5),
)
def test_every_day_is_recorded_answered_asked_about_or_of_a_short_break(
    recorded: list[int], said: list[tuple[int, int, DayMark]]
) -> None:
    days = {ago(n) for n in recorded}
    spans = answered(MarkDays(ago(first + n), ago(first), mark) for first, n, mark in said)
    told = {span.first + timedelta(days=k) for span in spans for k in range((span.last - span.first).days + 1)}
    asked = [
        {o.first + timedelta(days=k) for k in range((o.last - o.first).days + 1)} for o in open_days(days, spans, TODAY)
    ]
    for stretch in asked:
        assert len(stretch) >= 7
        assert stretch.isdisjoint(days | told | {TODAY})
    silent = 0
    for n in range(max(recorded, default=0), 0, -1):
        silent = 0 if ago(n) in days | told else silent + 1
        if silent == 7:
            assert any(ago(n) in stretch for stretch in asked)
