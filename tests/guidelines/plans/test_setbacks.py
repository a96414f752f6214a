"""Coming back to running: what goes back, what locks, and what was not in the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sensor_hub.guidelines.plans.standing import plan_views
from sensor_hub.guidelines.plans.walk_run import WalkRun
from sensor_hub.model.diary import (
    Said,
    SayClearance,
    SayPain,
    SaySymptoms,
    SetPolicy,
    StepPlanBack,
    StopPlan,
)
from sensor_hub.model.guidance import Notice
from tests.guidelines.plans.lives import (
    RETURN,
    WALKS,
    answer,
    answers,
    at,
    case,
    keys,
    on,
    pain,
    ran,
    view,
)
from tests.guidelines.plans.way_back import BASIC, LENGTHS, at_the_end_of, by_turns, until, whole_way


@pytest.mark.row("D33")
@pytest.mark.parametrize("when", ["before", "during", "after", "evening", "morning", "day-after"])
def test_pain_above_three_at_any_time_goes_back_one_stage(when: str) -> None:
    runs = [r for r in whole_way() if r.day < on(36)]
    said = [*BASIC, SayPain(at(35, 19), when, 3.5, "L", sid="run35")]  # type: ignore[arg-type]

    shown = view(36, said, runs)

    assert (shown.stage, shown.since) == (2, on(35))
    assert (shown.changes[-1].because, shown.changes[-1].sid) == ("pain-above-3", "run35")
    assert view(36, [*BASIC, SayPain(at(35, 19), when, 3.0, "L")], runs).stage == 3  # type: ignore[arg-type]


@pytest.mark.row("D33")
def test_one_pain_costs_one_stage_however_often_it_is_said_and_another_run_another() -> None:
    runs = [r for r in whole_way() if r.day < on(62)]
    once = [*BASIC, SayPain(at(59, 11), "during", 4.0, "L"), SayPain(at(59, 20), "evening", 4.0, "L"), pain(60, 4.0)]

    shown = view(60, once, runs)
    again = view(61, [*once, SayPain(at(61, 12), "after", 4.0, "L")], runs)

    assert (shown.stage, shown.since) == (4, on(60))
    assert again.stage == 3


@pytest.mark.row("D33")
def test_there_is_no_stage_before_the_first_and_pain_there_lets_its_weeks_begin_again() -> None:
    shown = view(14, [RETURN, WALKS, pain(10, 5.0)])

    assert (shown.stage, shown.since, shown.changes) == (1, on(10), ())


@pytest.mark.row("D24", "D33")
def test_pain_in_an_exercise_costs_no_stage_of_running() -> None:
    runs = [r for r in whole_way() if r.day < on(36)]

    assert view(36, [*BASIC, SayPain(at(35, 19), "exercise", 5.0, "L")], runs).stage == 3


@pytest.mark.row("D33")
def test_the_clinician_policy_goes_back_above_five_alone() -> None:
    runs = [r for r in whole_way() if r.day < on(36)]

    assert view(36, [*BASIC, SetPolicy("clinician"), pain(35, 5.0)], runs).stage == 3
    assert view(36, [*BASIC, SetPolicy("clinician"), pain(35, 5.5)], runs).stage == 2
    assert view(36, [*BASIC, SetPolicy("strict"), pain(35, 5.0)], runs).stage == 2


@pytest.mark.row("D33b")
def test_a_run_still_felt_a_day_later_makes_the_next_one_a_tenth_smaller() -> None:
    runs = [r for r in whole_way() if r.day < on(36)]
    told = answers(runs, run35=answer(ran(35, 25), settled=False))

    shown = view(37, BASIC, runs, told)

    assert shown.next_max_m == pytest.approx(0.9 * 25 * 160)
    assert shown.next_max_s == pytest.approx(0.9 * 1500)
    assert view(37, BASIC, runs).next_max_m is None
    unknown = answers(runs, run35=answer(ran(35, 25), settled=None))
    assert view(37, BASIC, runs, unknown).next_max_m is None
    same, smaller = ran(37, 25), ran(37, 22)
    for run, broken in ((same, True), (smaller, False)):
        shown = view(37, BASIC, [*runs, run], [*told, answer(run)])
        assert ("not-smaller" in keys(shown.violations)) == broken


@pytest.mark.row("D33c")
@pytest.mark.parametrize("stage", [2, 3, 4, 5, 6])
def test_testing_oneself_with_a_fast_run_before_the_last_stage_is_said(stage: int) -> None:
    day = until(stage) + 3
    runs = [r for r in whole_way() if r.day < on(day - 1)]
    fast = ran(day, min(LENGTHS[stage], 25), speed_5min_mps=3.6)
    easy = replace(fast, speed_5min_mps=3.0)
    first = [] if runs else [ran(day - 2, 20)]

    assert "fast" in keys(view(day, BASIC, [*runs, *first, fast]).violations)
    assert "fast" not in keys(view(day, BASIC, [*runs, *first, easy]).violations)
    unknown = replace(fast, speed_5min_mps=None)
    assert "fast" not in keys(view(day, BASIC, [*runs, *first, unknown]).violations)


@pytest.mark.row("D25", "D26", "D27", "D28", "D29", "D33c")
@pytest.mark.parametrize(
    ("day", "minutes", "more", "key"),
    [
        (3, 10, {}, "ran"),
        (18, 40, {}, "too-long"),
        (31, 35, {}, "too-long"),
        (45, 45, {}, "too-long"),
        (59, 60, {}, "too-long"),
        (31, 22, {"uphill_s": 400.0}, "hills"),
        (45, 30, {"ascent_m": 200.0}, "hills"),
    ],
)
def test_a_session_that_is_not_in_the_plan_is_said(day: int, minutes: float, more: dict[str, float], key: str) -> None:
    runs = [r for r in whole_way() if r.day < on(day - 1)]

    shown = view(day, BASIC, [*runs, replace(ran(day, minutes), **more)])  # type: ignore[arg-type]

    assert key in keys(shown.violations)
    assert all(n.weight == "plan" or n.key == "turns-unknown" for n in shown.violations)
    if key != "ran":
        allowed = {2: 30, 3: 25, 4: 35, 5: 45}[view(day, BASIC, runs).stage]
        assert not {"too-long", "hills"} & set(keys(view(day, BASIC, [*runs, ran(day, allowed)]).violations))


@pytest.mark.row("D26", "D27")
@pytest.mark.parametrize("day", [18, 32])
def test_every_other_day_is_asked_for_until_stage_four(day: int) -> None:
    runs = [r for r in whole_way() if r.day < on(day)]

    shown = view(day, BASIC, [*runs, ran(day, 20)])

    assert "no-day-between" in keys(shown.violations)


@pytest.mark.row("D28")
def test_a_run_on_the_next_day_is_free_in_stage_four_unless_the_last_was_still_felt() -> None:
    runs = [r for r in whole_way() if r.day < on(46)]
    next_day = [*runs, ran(46, 30, hour=18.0)]

    assert not {"no-day-between", "next-day-not-settled"} & set(keys(view(46, BASIC, next_day).violations))
    told = answers(next_day, run45=answer(ran(45, 30), settled=False))
    assert "next-day-not-settled" in keys(view(47, BASIC, next_day, told).violations)


@pytest.mark.row("D26")
def test_the_steps_of_a_walk_run_are_held_against_one_minute_and_two() -> None:
    run = ran(15, 30)

    assert keys(view(16, BASIC, [run]).violations) == ["turns-unknown"]
    assert keys(view(16, BASIC, [run], turns=[by_turns(run)]).violations) == []
    through = WalkRun(run.sid, ((0.0, "run"),), 1800.0)
    assert keys(view(16, BASIC, [run], turns=[through]).violations) == ["not-by-turns"]


def test_somebody_goes_back_by_their_own_wish_and_never_forward() -> None:
    runs = [r for r in whole_way() if r.day < on(36)]

    shown = view(36, [*BASIC, StepPlanBack("return-to-running", on(35))], runs)

    assert (shown.stage, shown.since, shown.changes[-1].because) == (2, on(35), "own-wish")


@pytest.mark.parametrize("weight", ["red-flag", "refer", "stop"])
def test_what_weighs_more_than_a_plan_locks_it_and_no_stage_opens(weight: str) -> None:
    heavy = Notice("some-rule", "some", ("D12",), weight, on(10))  # type: ignore[arg-type]

    shown = view(14, BASIC, notices=[heavy])

    assert (shown.locked, shown.stage) == (weight, 1)
    assert {"walk", "cycle", "swim"} <= {i.key for i in shown.items} if weight == "stop" else shown.items == ()
    assert view(20, BASIC, [ran(15, 30)], notices=[replace(heavy, since=on(16))]).items == ()
    light = Notice("some-rule", "some", ("D12",), "caution", on(10))
    assert (view(14, BASIC, notices=[light]).locked, view(14, BASIC, notices=[light]).stage) == (None, 2)


def test_a_red_flag_locks_at_once_and_lets_the_weeks_begin_again_when_it_is_gone() -> None:
    said: list[Said] = [RETURN, WALKS, SaySymptoms(at(12), present=("pop",))]

    assert view(14, said).locked == "red-flag"
    gone = [*said, SaySymptoms(at(13, 9), absent=("pop",))]
    shown = view(14, gone)
    assert (shown.locked, shown.stage, shown.since) == (None, 1, on(12))
    other = [*said, SaySymptoms(at(13, 9), absent=("pop",), side="L")]
    assert view(14, other).locked == "red-flag"
    assert view(14, [*said, SayClearance(on(12), "Dr Reis", "physician")]).locked == "red-flag"
    assert view(14, [*said, SayClearance(on(14), "Dr Reis", "physician")]).locked is None


def test_a_plan_that_was_stopped_is_none_and_another_start_begins_anew() -> None:
    stopped = case(20, [*BASIC, StopPlan("return-to-running", on(16))])
    assert plan_views(stopped, [], []) == ()
    anew = view(30, [*BASIC, replace(RETURN, day=on(20))])
    assert (anew.started, anew.stage, anew.week) == (on(20), 1, 2)


def test_violations_are_told_for_two_weeks() -> None:
    early = ran(1, 10)

    assert keys(view(14, [RETURN], [early]).violations) == ["ran"]
    assert keys(view(15, [RETURN], [early]).violations) == []


def test_the_answer_of_a_run_counts_only_after_its_24_hours() -> None:
    day, runs = at_the_end_of(2)
    late = ran(day - 1, 30, hour=20.9)
    runs = [r for r in runs if r.day < on(day - 1)] + [late]

    evening = case(day, BASIC, runs, hour=20.0)
    told = [replace(a, too_soon=a.end_utc + timedelta(hours=24) > evening.now_utc) for a in answers(runs)]
    assert plan_views(evening, told, [])[0].stage == 2
    assert view(day + 1, BASIC, runs).stage == 3


@pytest.mark.row("D33")
def test_pain_after_a_stage_was_reached_anew_costs_it_again_though_nobody_ran() -> None:
    well = [pain(17, 0.0), pain(18, 0.0)]
    said: list[Said] = [RETURN, WALKS, pain(16, 4.0), *well, SaySymptoms(at(29), absent=("pain-walking",))]

    assert (view(16, said).stage, view(30, said).stage) == (1, 2)
    assert view(33, [*said, pain(33, 4.0)]).stage == 1


def test_a_run_is_held_against_the_stage_it_was_begun_in_though_it_cost_that_stage() -> None:
    runs = [r for r in whole_way() if r.day < on(36)]

    shown = view(36, [*BASIC, SayPain(at(35, 11), "during", 4.0, "L")], runs)

    assert shown.stage == 2
    assert not {"too-long", "not-by-turns", "turns-unknown"} & {n.key for n in shown.violations if n.since == on(35)}


def test_what_speaks_of_days_in_a_row_locks_from_the_day_on_which_they_were_enough() -> None:
    long_pain = Notice("pain-refer", "persists", ("A06",), "refer", on(2), {"limit": 14.0})

    assert (view(17, BASIC, notices=[long_pain]).stage, view(17, BASIC, notices=[long_pain]).locked) == (2, "refer")
    assert view(17, BASIC, notices=[replace(long_pain, since=on(-1))]).stage == 1


def test_a_plan_of_tomorrow_is_none_today() -> None:
    assert plan_views(case(3, [replace(RETURN, day=on(4))]), [], []) == ()
    assert len(plan_views(case(4, [replace(RETURN, day=on(4))]), [], [])) == 1
