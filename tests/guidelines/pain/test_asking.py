"""Which questions are due, in the athlete's zone, and when they are no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.asking import asks
from sensor_hub.guidelines.pain.responses import responses
from sensor_hub.model.diary import SayEpisode, StartPlan
from sensor_hub.model.guidance import Ask
from sensor_hub.model.history import DaySpan
from tests.guidelines.cases import TODAY, case_of
from tests.guidelines.histories import ran, run
from tests.guidelines.pain.diaries import pain


def asked(case: Case, now_utc: datetime | None = None) -> list[Ask]:
    case = case if now_utc is None else replace(case, now_utc=now_utc)
    return list(asks(case, responses(case)))


def keys(found: list[Ask]) -> list[tuple[str, str | None]]:
    return [(ask.key, ask.sid) for ask in found]


@pytest.mark.row("A25", "D47")
def test_the_morning_after_a_run_is_asked_about_from_five_and_until_it_is_answered() -> None:
    case = case_of([run(1, 3, sid="a")])
    assert keys(asked(case, datetime(2026, 11, 20, 4, 59, tzinfo=UTC))) == []
    assert keys(asked(case, datetime(2026, 11, 20, 5, 0, tzinfo=UTC))) == [("morning", "a")]
    answered = case_of([run(1, 3, sid="a")], [pain("morning", 0)])
    assert ("morning", "a") not in keys(asked(answered))


@pytest.mark.row("D16")
def test_24_hours_after_a_run_it_is_asked_again_for_two_days() -> None:
    case = case_of([run(1, 3, sid="a")], [pain("morning", 0, hour=5)])
    assert keys(asked(case, datetime(2026, 11, 20, 7, 59, tzinfo=UTC))) == []
    assert keys(asked(case, datetime(2026, 11, 20, 8, 0, tzinfo=UTC))) == [("day-after", "a")]
    assert keys(asked(case, datetime(2026, 11, 22, 8, 0, tzinfo=UTC))) == [("day-after", "a")]
    assert keys(asked(case, datetime(2026, 11, 22, 8, 1, tzinfo=UTC))) == []
    said = case_of([run(1, 3, sid="a")], [pain("morning", 0), pain("day-after", 0)])
    assert keys(asked(said)) == []


def test_one_question_a_run_is_enough() -> None:
    case = case_of([run(1, 3, sid="a")])
    assert keys(asked(case, datetime(2026, 11, 20, 8, 0, tzinfo=UTC))) == [("day-after", "a")]


def test_the_morning_is_the_athletes_own() -> None:
    case = case_of([run(1, 3, sid="a")])
    new_york = replace(case, athlete=replace(case.athlete, zone="America/New_York"))
    runs = tuple(
        replace(r, start_utc=r.start_utc + timedelta(hours=8), end_utc=r.end_utc + timedelta(hours=8))
        for r in case.runs
    )
    new_york = replace(new_york, runs=runs)
    assert keys(asked(new_york, datetime(2026, 11, 20, 9, 59, tzinfo=UTC))) == []
    assert keys(asked(new_york, datetime(2026, 11, 20, 10, 0, tzinfo=UTC))) == [("morning", "a")]


@pytest.mark.row("A25")
@pytest.mark.parametrize(
    "said",
    [
        SayEpisode(TODAY - timedelta(days=40), "began"),
        StartPlan("mid-portion", TODAY - timedelta(days=40)),
        pain("morning", 0.5, 13),
    ],
)
def test_every_day_is_asked_about_in_trouble_in_a_plan_and_after_pain(said: object) -> None:
    case = case_of([], [said])  # type: ignore[list-item]
    assert keys(asked(case)) == [("daily", None)]
    assert keys(asked(case_of([], [said, pain("morning", 0)]))) == []  # type: ignore[list-item]


def test_nobody_is_asked_daily_who_is_well() -> None:
    assert asked(case_of([], [pain("morning", 0.5, 14)])) == []
    over = [SayEpisode(TODAY - timedelta(days=40), "began"), SayEpisode(TODAY - timedelta(days=20), "recovered")]
    assert asked(case_of([], over)) == []


def test_seven_days_without_a_record_are_asked_about_and_six_are_not() -> None:
    seven = asked(case_of([ran(8)]))
    assert [(ask.key, ask.day) for ask in seven] == [("rested", TODAY - timedelta(days=7))]
    assert asked(case_of([ran(7)])) == []
    answer = DaySpan(TODAY - timedelta(days=7), TODAY - timedelta(days=1), "rested")
    assert asked(case_of([ran(8)], days=[answer])) == []


def test_a_stretch_between_two_runs_is_asked_about_too() -> None:
    found = asked(case_of([ran(30), ran(20), ran(5)]))
    assert [ask.day for ask in found if ask.key == "rested"] == [TODAY - timedelta(days=k) for k in (19, 29)]
