"""Which line of the diary answers which run, and how the worse side decides."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.pain.accounts import Mornings
from sensor_hub.guidelines.pain.responses import responses
from sensor_hub.model.guidance import RunResponse
from sensor_hub.model.history import DaySpan
from tests.guidelines.cases import NOW_UTC, TODAY, case_of
from tests.guidelines.histories import ran, run
from tests.guidelines.pain.diaries import at, pain, usual_mornings


def one(sessions, said, **more) -> RunResponse:  # type: ignore[no-untyped-def]
    (found,) = responses(case_of(sessions, said, **more))
    return found


def test_a_run_nobody_spoke_of_is_unknown() -> None:
    found = one([run(3, 10)], [])
    assert (found.gate, found.settled, found.highest, found.too_soon) == ("unknown", None, None, False)


def test_lines_without_a_run_find_theirs_by_time() -> None:
    said = [
        pain("before", 0.5, 2),
        pain("during", 1.0, 2, warming="warm-up"),
        pain("after", 1.5, 2, onset_min=40.0, tapering=True),
        pain("evening", 0.5, 2),
        pain("morning", 2.0, 1),
        pain("day-after", 0.0, 1),
    ]
    found = one([run(2, 10)], said)
    levels = (found.before, found.during, found.after, found.evening, found.morning, found.day_after)
    assert levels == (0.5, 1.0, 1.5, 0.5, 2.0, 0.0)
    assert (found.warming, found.onset_min, found.tapering) == ("warm-up", 40.0, True)
    assert (found.highest, found.settled, found.gate, found.overloaded) == (2.0, True, "reduced", True)


def test_a_line_that_names_its_run_belongs_to_it_whenever_it_was_said() -> None:
    found = responses(case_of([run(9, 10, sid="a"), run(2, 10, sid="b")], [pain("during", 4.0, 0, sid="a")]))
    assert [(r.sid, r.during) for r in found] == [("a", 4.0), ("b", None)]
    assert responses(case_of([run(2, 10)], [pain("during", 4.0, 2, sid="gone")]))[0].during is None


def test_a_morning_answers_all_runs_of_the_day_before() -> None:
    found = responses(case_of([run(1, 5, sid="a"), run(1, 5, sid="b", hours=10)], [pain("morning", 1.0, 0)]))
    assert [r.morning for r in found] == [1.0, 1.0]


def test_a_later_morning_before_the_next_run_was_said_at_24_hours() -> None:
    two_days_later = one([run(3, 10, hours=10)], [pain("morning", 1.0, 1)])
    assert (two_days_later.morning, two_days_later.day_after) == (None, 1.0)
    after_another = responses(case_of([run(3, 10, hours=10), run(2, 5)], [pain("morning", 1.0, 1)]))
    assert [r.day_after for r in after_another] == [None, None]


def test_an_evening_after_midnight_is_still_that_of_the_run() -> None:
    assert one([run(2, 10, hours=15.5)], [pain("evening", 1.0, 1, hour=0.5)]).evening == 1.0


def test_the_evening_of_the_next_day_was_said_at_24_hours() -> None:
    found = one([run(2, 10)], [pain("evening", 1.0, 1)])
    assert (found.evening, found.day_after) == (None, 1.0)


def test_what_is_called_the_day_after_and_is_not_24_hours_later_decides_nothing_of_it() -> None:
    found = one([run(1, 10, hours=12)], [pain("day-after", 1.0, 0, hour=12), *usual_mornings(0.0)])
    assert (found.morning, found.day_after, found.settled, found.too_soon) == (1.0, None, None, False)


def test_before_24_hours_are_over_it_is_too_soon() -> None:
    assert one([run(0, 10)], []).too_soon
    assert not one([run(1, 10)], []).too_soon


@pytest.mark.row("D14", "D16")
def test_baseline_is_the_median_of_seven_mornings_without_a_run_the_day_before() -> None:
    mornings = [pain("morning", level, 10 + k) for k, level in enumerate([0, 0, 1, 1, 1, 2, 9])]
    found = one([run(2, 10)], [*mornings, pain("day-after", 1.0, 1)])
    assert (found.baseline, found.settled) == (1.0, True)
    assert one([run(2, 10)], mornings[:6]).baseline is None


def test_a_morning_after_a_run_is_no_baseline_recorded_or_not() -> None:
    mornings = usual_mornings(1.0)
    day_before = (at(12, 0)).date() - timedelta(days=1)
    unseen = [DaySpan(day_before, day_before, "not-recorded")]
    assert one([run(2, 10)], mornings, days=unseen).baseline is None
    with_a_run = case_of([run(2, 10), ran(13)], mornings)
    assert Mornings.of(with_a_run).baseline(None, NOW_UTC) is None


def test_the_worse_side_decides_and_is_named() -> None:
    said = [pain("during", 1.0, 2, side="L", warming="warm-up"), pain("during", 4.0, 2, side="R")]
    found = one([run(2, 10)], said)
    assert (found.side, found.during, found.gate, found.highest) == ("R", 4.0, "stop", 4.0)


def test_one_side_is_held_against_its_own_mornings() -> None:
    said = [
        *usual_mornings(2.0, side="L"),
        *usual_mornings(0.0, side="R"),
        pain("day-after", 1.0, 1, side="L"),
        pain("day-after", 1.0, 1, side="R"),
    ]
    found = one([run(2, 10)], said)
    assert (found.side, found.gate, found.baseline) == ("R", "stop-physio", 0.0)


def test_pain_elsewhere_and_in_an_exercise_is_no_answer() -> None:
    said = [pain("during", 5.0, 2, site="elsewhere"), pain("exercise", 5.0, 2)]
    assert one([run(2, 10)], said).highest is None


@pytest.mark.row("D47")
@pytest.mark.parametrize("km", [0.2, 3.0, 42.0, None])
def test_no_run_is_too_short_for_the_table(km: float | None) -> None:
    said = [*usual_mornings(0.0), pain("during", 0.0, 2), pain("day-after", 2.0, 1)]
    assert one([run(2, km)], said).gate == "stop-physio"


def test_a_run_that_still_goes_on_has_no_answer_yet() -> None:
    from dataclasses import replace

    going = replace(run(0, 5), ended=False)
    assert responses(case_of([going], [])) == ()


@given(st.integers(0, 5), st.sampled_from(["morning", "evening", "day-after"]))
def test_a_missed_entry_fills_nothing_in(days_ago: int, when: str) -> None:
    whole = [pain("during", 1.0, 5, warming="warm-up"), pain(when, 1.0, days_ago)]  # type: ignore[arg-type]
    without = responses(case_of([run(5, 10)], whole[:1]))[0]
    assert (without.morning, without.evening, without.day_after, without.settled) == (None, None, None, None)
    assert without.gate == "unknown"


def test_the_order_in_which_it_was_said_does_not_matter() -> None:
    said = [
        pain("during", 2.0, 2, warming="warm-up"),
        pain("after", 1.0, 2),
        pain("after", 2.0, 2),
        pain("morning", 0, 1),
    ]
    found = {responses(case_of([run(2, 10)], order)) for order in permutations(said)}
    assert len(found) == 1


def test_only_the_last_days_are_answered_for() -> None:
    assert [r.day for r in responses(case_of([run(59, 5), run(60, 5)], []))] == [TODAY - timedelta(days=59)]
