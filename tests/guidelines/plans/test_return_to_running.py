"""Coming back to running: every stage, its exit and its gates."""

from dataclasses import replace

import pytest

from sensor_hub.model.diary import (
    Said,
    SayCrossTraining,
    SayEpisode,
    SaySymptoms,
)
from tests.guidelines.plans.lives import (
    RETURN,
    WALKS,
    answer,
    answers,
    at,
    gate,
    keys,
    on,
    pain,
    ran,
    view,
)
from tests.guidelines.plans.way_back import BASIC, CLEARED, MORNINGS, at_the_end_of, until, whole_way


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
    assert {"begin-exercise", "no-running", "cycle", "swim", "walk"} <= items[1]
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
