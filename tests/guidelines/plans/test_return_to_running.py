"""Coming back to running: every stage's exit, what goes wrong on the way, and the whole way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.plans.standing import plan_views
from sensor_hub.guidelines.plans.walk_run import Pace, WalkRun
from sensor_hub.model.diary import (
    Said,
    SayClearance,
    SayCrossTraining,
    SayEpisode,
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
    gate,
    keys,
    on,
    pain,
    ran,
    view,
)

LENGTHS = {2: 30.0, 3: 25.0, 4: 35.0, 5: 40.0, 6: 50.0, 7: 50.0}
MORNINGS = [pain(day, 0.0) for day in range(130)]
CLEARED = SayClearance(on(80), "Dr Reis", "physician")
BASIC: list[Said] = [RETURN, WALKS, *MORNINGS]


def by_turns(run: Run, *, run_s: float = 60.0, walk_s: float = 120.0, n: int = 10) -> WalkRun:
    spans: list[tuple[float, Pace]] = []
    for k in range(n):
        spans += [(k * (run_s + walk_s), "run"), (k * (run_s + walk_s) + run_s, "walk")]
    return WalkRun(run.sid, tuple(spans), n * (run_s + walk_s))


def whole_way() -> list[Run]:
    """Runs every other day from week 3 on, hilly once in stage 5, fast once a week in stage 7."""
    runs = []
    for day in range(15, 126, 2):
        stage = min(day // 14 + 1, 7)
        run = ran(day, LENGTHS[stage])
        if day == 59:
            run = replace(run, uphill_s=400.0)
        if day in {89, 97}:
            run = replace(run, speed_5min_mps=3.6)
        runs.append(run)
    return runs


def until(stage: int) -> int:
    """The day on which a stage begins if all goes well."""
    return (stage - 1) * 14


@pytest.mark.row("D25", "D26", "D27", "D28", "D29", "D31", "D32")
def test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each() -> None:
    runs = whole_way()
    said = [*BASIC, CLEARED]

    stages = [view(day, said, runs).stage for day in range(0, 98, 7)]

    assert stages == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
    end = view(110, said, runs)
    assert [(c.before, c.after, c.day) for c in end.changes] == [(n, n + 1, on(14 * n)) for n in range(1, 7)]
    assert end.complete
    assert end.week == 16


@pytest.mark.row("D25", "D26", "D27", "D28", "D29", "D31", "D32")
def test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold() -> None:
    runs = whole_way()
    shown = {n: view(until(n), [*BASIC, CLEARED], runs) for n in range(1, 8)}

    assert {n: (v.run_low_s, v.run_high_s) for n, v in shown.items()} == {
        1: (0.0, 0.0), 2: (1800.0, 1800.0), 3: (1200.0, 1500.0), 4: (1800.0, 2100.0), 5: (2100.0, 2700.0),
        6: (None, None), 7: (None, None),
    }  # fmt: skip
    assert {n: v.rest_days for n, v in shown.items()} == {1: 0, 2: 1, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0}
    assert [n for n, v in shown.items() if v.hills] == [5, 6, 7]
    assert [n for n, v in shown.items() if v.speed] == [7]
    items = {n: {i.key for i in v.items} for n, v in shown.items()}
    assert {"no-running", "walk", "cycle", "swim", "begin-exercise"} <= items[1]
    assert all("exercise-goes-on" in items[n] for n in range(2, 8))
    turns = next(i for i in shown[2].items if i.key == "walk-run")
    assert (turns.facts["n"], turns.facts["run_s"], turns.facts["walk_s"]) == (10, 60.0, 120.0)
    assert next(i for i in shown[6].items if i.key == "towards-usual").facts["usual_m"] == 40_000.0


@pytest.mark.row("D56")
@pytest.mark.parametrize(
    ("word", "state"),
    [
        (None, "unknown"),
        (SaySymptoms(at(13), absent=("pain-walking",)), "met"),
        (SaySymptoms(at(13), present=("pain-walking",)), "open"),
        (SaySymptoms(at(3), absent=("pain-walking",)), "unknown"),
        (SaySymptoms(at(13), absent=("swelling",)), "unknown"),
        (SayCrossTraining(at(12), "walking", 1800.0, 0.0), "met"),
        (SayCrossTraining(at(12), "walking", 1800.0, 0.5), "open"),
        (SayCrossTraining(at(12), "walking", 1800.0), "unknown"),
        (SayCrossTraining(at(12), "cycling", 1800.0, 0.0), "unknown"),
    ],
)
def test_no_running_begins_before_walking_is_said_to_be_free_of_pain(word: Said | None, state: str) -> None:
    shown = view(14, [RETURN, *([word] if word else [])])

    assert (shown.stage == 2) == (state == "met")
    if state != "met":
        assert gate(shown, "walking") == state
        assert gate(shown, "weeks") == "met"


@pytest.mark.row("D56")
def test_of_two_words_on_walking_the_newest_holds_and_of_one_day_the_worse() -> None:
    good, bad = SaySymptoms(at(13), absent=("pain-walking",)), SaySymptoms(at(13), present=("pain-walking",))

    assert view(14, [RETURN, good, bad]).stage == 1
    assert view(14, [RETURN, bad, good]).stage == 1
    assert view(14, [RETURN, replace(bad, at_utc=at(12)), good]).stage == 2


def test_a_stage_lasts_its_two_weeks_however_well_it_goes() -> None:
    shown = view(13, [RETURN, WALKS])

    assert shown.stage == 1
    assert (gate(shown, "weeks"), gate(shown, "walking")) == ("open", "met")
    assert next(g for g in shown.gates if g.key == "weeks").facts["days_left"] == 1


def at_the_end_of(stage: int) -> tuple[int, list[Run]]:
    """The last day of a stage that goes well, its runs, and nothing after."""
    day = until(stage + 1)
    return day, [run for run in whole_way() if run.end_utc <= at(day, 21)]


@pytest.mark.row("D26", "D27")
@pytest.mark.parametrize("stage", [2, 3])
@pytest.mark.parametrize(
    ("during", "settled", "keys_open", "keys_unknown"),
    [
        (2.0, True, [], []),
        (2.5, True, ["during"], []),
        (1.0, False, ["day-after"], []),
        (None, True, [], ["during"]),
        (1.0, None, [], ["day-after"]),
    ],
)
def test_runs_open_the_next_stage_up_to_two_of_ten_and_settled_a_day_later(
    stage: int, during: float | None, settled: bool | None, keys_open: list[str], keys_unknown: list[str]
) -> None:
    day, runs = at_the_end_of(stage)
    last = runs[-2] if runs[-1].day >= on(day) else runs[-1]
    told = answers(runs, **{last.sid: answer(last, during=during, settled=settled)})

    shown = view(day, BASIC, runs, told)

    assert shown.stage == (stage + 1 if not keys_open and not keys_unknown else stage)
    if shown.stage == stage:
        assert [g.key for g in shown.gates if g.state == "open"] == keys_open
        assert [g.key for g in shown.gates if g.state == "unknown"] == keys_unknown


def test_too_few_runs_open_no_stage() -> None:
    runs = [ran(24, 30), ran(26, 30)]

    shown = view(28, BASIC, runs)

    assert shown.stage == 2
    assert (gate(shown, "during"), gate(shown, "day-after")) == ("open", "open")


@pytest.mark.row("D28", "D55")
@pytest.mark.parametrize(
    ("levels", "state"),
    [
        ((1.0, 1.0, 1.0), "met"),
        ((1.0, 0.5, 0.5), "met"),
        ((0.0, 0.0, 0.5), "open"),
        ((0.0, 0.5, 0.0), "open"),
        ((1.0, None, 1.0), "unknown"),
        ((None, 1.0, 1.0), "unknown"),
        ((None, None, None), "unknown"),
    ],
)
def test_three_mornings_in_a_row_without_a_rise_open_the_stage_with_hills(
    levels: tuple[float | None, ...], state: str
) -> None:
    day, runs = at_the_end_of(4)
    before = [m for m in MORNINGS if m.at_utc < at(day - 2, 0)]
    last = [pain(day - 2 + k, level) for k, level in enumerate(levels) if level is not None]

    shown = view(day, [RETURN, WALKS, *before, *last], runs)

    if levels == (1.0, None, 1.0) or levels[-1] is None:
        assert shown.stage == 4
    assert (shown.stage == 5) == (state == "met")
    if state != "met" and levels[-1] is not None:
        assert gate(shown, "no-rise") == state


@pytest.mark.row("D28")
def test_consecutive_days_are_free_only_while_the_day_after_was_answered_well() -> None:
    day, runs = at_the_end_of(3)
    runs = [*runs, ran(day + 1, 30)]
    later = day + 2

    for settled, rest_days in ((True, 0), (False, 1), (None, 1)):
        told = answers(runs, **{runs[-1].sid: answer(runs[-1], settled=settled)})
        shown = view(later, BASIC, runs, told)
        assert (shown.stage, shown.rest_days) == (4, rest_days)


@pytest.mark.row("D30")
@pytest.mark.parametrize(
    ("uphill", "settled", "late", "state"),
    [
        (400.0, True, 0.0, "met"),
        (400.0, True, 1.0, "open"),
        (400.0, False, 0.0, "open"),
        (400.0, None, 0.0, "unknown"),
        (400.0, True, None, "unknown"),
        (0.0, True, 0.0, "open"),
        (None, True, 0.0, "unknown"),
    ],
)
def test_one_hilly_session_must_be_answered_well_for_48_hours(
    uphill: float | None, settled: bool | None, late: float | None, state: str
) -> None:
    day, runs = at_the_end_of(5)
    runs = [replace(r, uphill_s=uphill, ascent_m=None) if r.sid == "run59" else r for r in runs]
    told = answers(runs, run59=answer(ran(59, 40), settled=settled))
    mornings = [m for m in MORNINGS if m.at_utc < at(60) or m.at_utc > at(62)]
    words = [pain(61, late, hour=9.0)] if late is not None else []

    shown = view(day, [RETURN, WALKS, *mornings, *words], runs, told)

    if (shown.stage == 6) != (state == "met"):
        raise AssertionError(shown)
    if state != "met" and settled is True:
        assert gate(shown, "hill") == state


@pytest.mark.row("D30")
def test_a_second_hilly_session_waits_for_48_hours_and_their_answer() -> None:
    runs = [r for r in whole_way() if r.day < on(59)]
    hilly = ran(59, 40, uphill_s=400.0)

    assert view(59, BASIC, [*runs, hilly]).hills is False
    assert view(61, BASIC, [*runs, hilly]).hills is True
    unsaid = [m for m in MORNINGS if m.at_utc < at(60)]
    assert view(61, [RETURN, WALKS, *unsaid], [*runs, hilly]).hills is False
    assert "gentle-hills" not in {i.key for i in view(59, BASIC, [*runs, hilly]).items}
    soon = view(61, BASIC, [*runs, hilly, ran(60, 40, uphill_s=400.0)])
    assert "hills-too-soon" in keys(soon.violations)
    late = view(63, BASIC, [*runs, hilly, ran(62, 40, uphill_s=400.0)])
    assert "hills-too-soon" not in keys(late.violations)


@pytest.mark.row("D31")
@pytest.mark.parametrize(("settled", "stage"), [(True, 7), (False, 6), (None, 6)])
def test_two_weeks_of_settled_runs_open_the_last_stage(settled: bool | None, stage: int) -> None:
    day, runs = at_the_end_of(6)
    early = next(r for r in runs if r.day > on(until(6)))

    shown = view(day, BASIC, runs, answers(runs, **{early.sid: answer(early, settled=settled)}))

    assert shown.stage == stage
    if settled is not True:
        assert gate(shown, "day-after") == ("open" if settled is False else "unknown")


@pytest.mark.row("A08")
def test_fast_running_stays_locked_until_a_physician_or_physiotherapist_gives_their_word() -> None:
    day, runs = at_the_end_of(6)

    locked, free = view(day, BASIC, runs), view(day, [*BASIC, CLEARED], runs)

    assert (locked.stage, locked.speed, gate(locked, "cleared")) == (7, False, "open")
    assert "speed" not in {i.key for i in locked.items}
    assert (free.stage, free.speed, gate(free, "cleared")) == (7, True, "met")
    again = [*BASIC, CLEARED, SayEpisode(on(82), "began", "L")]
    assert view(day, again, runs).speed is False
    fast = [*runs, ran(day + 1, 40, speed_5min_mps=3.6)]
    assert "not-cleared" in keys(view(day + 1, BASIC, fast).violations)
    assert "not-cleared" not in keys(view(day + 1, [*BASIC, CLEARED], fast).violations)


@pytest.mark.row("D32")
def test_one_fast_session_a_week_is_in_the_plan_and_a_second_is_not() -> None:
    runs = [r for r in whole_way() if r.day < on(86)]
    once = [*runs, ran(86, 40, speed_5min_mps=3.6)]

    assert view(85, [*BASIC, CLEARED], runs).speed is True
    assert view(86, [*BASIC, CLEARED], once).speed is False
    assert view(91, [*BASIC, CLEARED], once).speed is True
    twice = view(88, [*BASIC, CLEARED], [*once, ran(88, 40, speed_5min_mps=3.6)])
    assert keys(twice.violations) == ["fast-again"]


@pytest.mark.row("D57")
@pytest.mark.parametrize(
    ("settled", "highest", "state"),
    [(True, 1.0, "met"), (False, 1.0, "open"), (True, 3.5, "open"), (None, 1.0, "unknown")],
)
def test_the_plan_is_complete_only_when_fast_running_did_not_flare_up(
    settled: bool | None, highest: float, state: str
) -> None:
    runs = [r for r in whole_way() if r.day <= on(92)]
    told = answers(runs, run89=answer(ran(89, 40), settled=settled, highest=highest))

    shown = view(98, [*BASIC, CLEARED], runs, told)

    assert gate(shown, "no-flare") == state
    assert shown.complete == (state == "met")
    assert shown.speed == (state == "met")


@pytest.mark.row("D57")
def test_without_a_fast_session_or_with_unknown_speeds_the_last_gate_stays_shut() -> None:
    runs = [replace(r, speed_5min_mps=2.8) for r in whole_way()]
    assert gate(view(98, [*BASIC, CLEARED], runs), "no-flare") == "open"

    unknown = [replace(r, speed_5min_mps=None) for r in runs]
    assert gate(view(98, [*BASIC, CLEARED], unknown), "no-flare") == "unknown"


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
    said: list[Said] = [RETURN, WALKS, pain(16, 4.0), SaySymptoms(at(29), absent=("pain-walking",))]

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
