"""Twelve weeks of heel drops: which ones, how many, how slow, when more, when none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sensor_hub.guidelines.plans.heel_drops import target_reps
from sensor_hub.guidelines.plans.standing import plan_notices, plan_views
from sensor_hub.model.diary import (
    Knee,
    PainSide,
    Said,
    SayExercise,
    SayMedicine,
    SayPain,
    SaySymptoms,
    SetRule,
    StartPlan,
    StepPlanBack,
    StopPlan,
)
from sensor_hub.model.guidance import Notice, PlannedItem, PlanView
from sensor_hub.words.plans import item_text
from tests.guidelines.plans.lives import INSERTION, MIDDLE, START, at, case, drops, gate, keys, on, pain, view

MID = StartPlan("mid-portion", START, "L")
FLAT = StartPlan("insertional", START, "L")
QUIET = [pain(day, 0.0) for day in range(-8, 120)]
BOTH: tuple[Knee, ...] = ("straight", "bent")


def day_of_drops(day: int, sets: int = 3, **more: object) -> list[Said]:
    """Both knee positions, morning and evening."""
    return [drops(day, sets=sets, knee=knee, hour=hour, **more) for knee in BOTH for hour in (8.0, 18.0)]  # type: ignore[arg-type]


def item(shown: PlanView, key: str) -> PlannedItem:
    """The first item of a key."""
    return next(i for i in shown.items if i.key == key)


def grounds(shown: PlanView) -> set[object]:
    """What the drops are done on."""
    return {i.facts["ground"] for i in shown.items if i.key == "heel-drop"}


WHOLE: list[Said] = [MID, MIDDLE, *QUIET, *(d for day in range(90) for d in day_of_drops(day, 2 if day < 2 else 3))]


@pytest.mark.row("D18")
def test_the_whole_protocol_is_7560_repetitions_in_each_knee_position() -> None:
    assert target_reps(case(0, [MID])) == 7560 == 3 * 15 * 2 * 84
    gates = [g for g in view(10, WHOLE).gates if g.key == "dose"]
    assert [(g.facts["knee"], g.facts["target"]) for g in gates] == [("straight", 7560), ("bent", 7560)]
    assert gates[0].facts["reps"] == 2 * 15 * 2 * 2 + 3 * 15 * 2 * 9  # two days of two sets, nine of three


@pytest.mark.row("D18", "D20", "B07")
def test_each_day_asks_for_three_sets_of_fifteen_twice_in_both_knee_positions() -> None:
    found = [i for i in view(10, WHOLE).items if i.key == "heel-drop"]

    assert [i.facts["knee"] for i in found] == ["straight", "bent"]
    for one in found:
        assert (one.facts["sets"], one.facts["reps"], one.facts["per_day"]) == (3, 15, 2)
        assert (one.facts["low_s"], one.facts["high_s"]) == (3, 5)


@pytest.mark.row("D20")
def test_one_knee_position_alone_never_completes_the_protocol() -> None:
    straight = [one for one in WHOLE if not (isinstance(one, SayExercise) and one.knee == "bent")]

    shown = view(90, straight)

    assert [g.state for g in shown.gates if g.key == "dose"] == ["met", "open"]
    assert not shown.complete
    assert shown.adherence == pytest.approx(0.5)
    unsaid = [replace(one, knee=None) if isinstance(one, SayExercise) else one for one in WHOLE]
    assert [g.state for g in view(90, unsaid).gates if g.key == "dose"] == ["unknown", "unknown"]


@pytest.mark.row("D23")
@pytest.mark.parametrize(("day", "complete"), [(42, False), (83, False), (84, True)])
def test_the_protocol_is_complete_after_twelve_weeks_and_not_before_though_nothing_hurts(
    day: int, complete: bool
) -> None:
    shown = view(day, WHOLE)

    assert shown.complete == complete
    assert (gate(shown, "twelve-weeks") == "met") == complete
    assert (shown.stage == 3) == complete


@pytest.mark.row("D23")
def test_whoever_ends_it_early_is_told_that_it_takes_twelve_weeks() -> None:
    def told(day: int, *said: Said) -> list[str]:
        known = case(day, said)
        return [n.key for n in plan_notices(known, plan_views(known, [], [])) if n.rule == "stay-with-it"]

    assert told(45, MID, StopPlan("mid-portion", on(42))) == ["ended-early"]
    assert told(90, MID, StopPlan("mid-portion", on(84))) == []
    assert told(45, MID, StopPlan("mid-portion", on(42)), replace(FLAT, day=on(43))) == []
    assert told(45, MID) == []


@pytest.mark.row("D19")
@pytest.mark.parametrize(
    ("lowering_s", "key", "counted"),
    [(2.9, "too-fast", 0), (3.0, None, 45), (4.0, None, 45), (5.0, None, 45), (5.1, "too-slow", 0), (None, None, 45)],
)
def test_lowering_takes_three_to_five_seconds(lowering_s: float | None, key: str | None, counted: int) -> None:
    shown = view(20, [MID, MIDDLE, *QUIET, *day_of_drops(0, 2), drops(20, lowering_s=lowering_s)])

    before = 2 * 2 * 15
    assert next(g for g in shown.gates if g.key == "dose").facts["reps"] == before + counted
    assert keys(shown.violations) == ([key] if key else [])
    tempo = {None: "ok", "too-fast": "too-fast", "too-slow": "too-slow"}[key] if lowering_s is not None else "unknown"
    assert item(shown, "heel-drop").facts["tempo"] == tempo


@pytest.mark.row("D21", "C11")
@pytest.mark.parametrize(
    ("plan", "where", "ground"),
    [
        (MID, MIDDLE, "step"), (MID, INSERTION, "flat"), (MID, None, "flat"), (FLAT, INSERTION, "flat"),
        (FLAT, MIDDLE, "flat"), (FLAT, None, "flat"),
    ],
)  # fmt: skip
def test_the_step_is_for_the_known_middle_alone_and_everything_else_is_flat(
    plan: StartPlan, where: SaySymptoms | None, ground: str
) -> None:
    shown = view(3, [plan, *([where] if where else [])])

    assert grounds(shown) == {ground}
    text = item_text(item(shown, "heel-drop"))
    assert ("off a step" in text) == (ground == "step")
    assert ("does not say where" in text) == (where is None)


@pytest.mark.row("D21", "C11")
@pytest.mark.parametrize(("where", "counts"), [(MIDDLE, True), (INSERTION, False), (None, False)])
def test_drops_off_a_step_count_only_where_it_is_the_middle(where: SaySymptoms | None, counts: bool) -> None:
    plan = MID if where is MIDDLE else FLAT
    shown = view(3, [plan, *([where] if where else []), drops(3, sets=2, ground="step")])

    assert (next(g for g in shown.gates if g.key == "dose").facts["reps"] == 30) == counts
    assert ("step" in keys(shown.violations)) == (not counts)
    flat = view(3, [plan, *([where] if where else []), drops(3, sets=2, ground="flat")])
    assert next(g for g in flat.gates if g.key == "dose").facts["reps"] == 30


@pytest.mark.row("D22")
def test_it_begins_with_two_sets_and_three_wait_for_a_good_answer_after_24_to_48_hours() -> None:
    begun: list[Said] = [MID, MIDDLE, *(pain(day, 1.0) for day in range(-8, 0)), drops(0, sets=2)]

    def sets(day: int, *more: Said) -> object:
        return item(view(day, [*begun, *more]), "heel-drop").facts["sets"]

    assert sets(0) == 2
    assert sets(3) == 2  # nobody said how it was answered
    assert sets(3, pain(2, 1.0)) == 3
    assert sets(3, pain(2, 1.5)) == 2  # more than the mornings before
    assert sets(3, pain(1, 0.0, hour=7.0)) == 2  # too early
    assert sets(5, pain(3, 0.0, hour=22.0)) == 2  # too late
    assert sets(6, pain(2, 1.5), drops(3, sets=2), pain(5, 1.0)) == 3  # answered well the second time


@pytest.mark.row("D22")
def test_without_mornings_to_compare_only_no_pain_at_all_is_a_good_answer() -> None:
    begun: list[Said] = [MID, MIDDLE, *day_of_drops(0, 2)]

    assert view(3, [*begun, pain(2, 0.0, "after")]).stage == 2
    assert view(3, [*begun, pain(2, 0.5, "after")]).stage == 1


@pytest.mark.row("D22")
def test_three_sets_at_once_are_said_and_after_the_answer_they_are_in_the_plan() -> None:
    assert keys(view(0, [MID, MIDDLE, drops(0, sets=3)]).violations) == ["first-session"]
    assert keys(view(0, [MID, MIDDLE, drops(0, sets=2)]).violations) == []
    assert keys(view(1, [MID, MIDDLE, drops(0, sets=2), drops(1, sets=3)]).violations) == ["third-set"]
    assert keys(view(10, WHOLE).violations) == []
    two_and_one = [drops(0, sets=2), drops(0, sets=1, hour=8.5)]
    assert keys(view(0, [MID, MIDDLE, *two_and_one]).violations) == ["first-session"]
    two_knees = [drops(0, sets=2), drops(0, sets=2, knee="bent", hour=8.5)]
    assert keys(view(0, [MID, MIDDLE, *two_knees]).violations) == []
    unsaid = [drops(0, sets=4, knee=None)]
    assert keys(view(0, [MID, MIDDLE, *unsaid]).violations) == []


def test_a_wish_to_go_back_asks_for_a_good_answer_again() -> None:
    back = StepPlanBack("mid-portion", on(20))
    quiet_since = [one for one in WHOLE if not (isinstance(one, SayExercise) and one.at_utc >= at(20, 0))]

    assert view(20, [*quiet_since, back]).stage == 1
    assert view(22, [*WHOLE, back]).stage == 2


@pytest.mark.row("D24")
@pytest.mark.parametrize(
    ("level", "locked"), [(0.0, None), (5.0, None), (6.5, None), (7.0, "severe-pain"), (10.0, "severe-pain")]
)
def test_pain_in_the_exercise_is_allowed_until_it_is_severe(level: float, locked: str | None) -> None:
    by_exercise = view(10, [MID, MIDDLE, drops(10, sets=2, pain=level)])
    by_diary = view(10, [MID, MIDDLE, SayPain(at(10, 9), "exercise", level, "L")])

    assert by_exercise.locked == by_diary.locked == locked
    assert (by_exercise.items == ()) == (locked is not None)


@pytest.mark.row("D24")
def test_a_stop_of_running_is_none_of_exercise_and_a_red_flag_is() -> None:
    def locked(weight: str) -> str | None:
        return view(3, [MID, MIDDLE], notices=[Notice("x", "x", (), weight, on(1))]).locked  # type: ignore[arg-type]

    assert (locked("stop"), locked("red-flag")) == (None, "red-flag")
    assert view(3, [MID, MIDDLE, SaySymptoms(at(2), present=("pop",))]).locked == "red-flag"


@pytest.mark.row("D36")
def test_after_severe_pain_holds_stand_in_once_it_is_said_how_it_is_and_drops_come_back_with_easy_holds() -> None:
    severe: list[Said] = [MID, MIDDLE, drops(10, sets=2, pain=8.0)]

    def shown(day: int, *more: Said) -> tuple[str | None, set[str]]:
        seen = view(day, [*severe, *more])
        return seen.locked, {i.key for i in seen.items} & {"heel-drop", "isometric-hold"}

    hold = SayExercise(at(13), "isometric-hold", 5, 1, "L", hold_s=40.0, pain=3.0)
    assert shown(12) == ("severe-pain", set())
    assert shown(12, pain(11, 2.0, hour=7.0)) == ("severe-pain", set())  # not a day later yet
    assert shown(12, pain(12, 2.0, hour=9.0)) == (None, {"isometric-hold"})
    assert shown(12, pain(12, 8.0, hour=9.0)) == ("severe-pain", set())
    assert shown(13, pain(12, 2.0, hour=9.0), hold) == (None, {"heel-drop"})
    assert shown(13, pain(12, 2.0, hour=9.0), replace(hold, pain=6.0)) == (None, {"isometric-hold"})


@pytest.mark.row("D36")
@pytest.mark.parametrize(("level", "added"), [(0.0, True), (2.0, True), (2.5, False), (None, False)])
def test_raises_are_added_when_pain_allows_and_not_on_unknown(level: float | None, added: bool) -> None:
    shown = view(10, [MID, MIDDLE, drops(10, sets=2, pain=level)])

    assert ("heel-raise" in {i.key for i in shown.items}) == added


@pytest.mark.row("D52")
@pytest.mark.parametrize(
    ("side", "where", "up"),
    [("L", MIDDLE, "other-leg"), ("both", replace(MIDDLE, side="both"), "both-feet"), ("L", INSERTION, "both-feet")],
)  # fmt: skip
def test_the_way_up_is_for_the_other_leg_or_for_both_feet(side: PainSide, where: SaySymptoms, up: str) -> None:
    plan = MID if where.present == MIDDLE.present else FLAT

    assert item(view(3, [replace(plan, side=side), where]), "heel-drop").facts["up"] == up


@pytest.mark.row("D52")
@pytest.mark.parametrize(("both_feet_up", "told"), [(False, ["raised-alone"]), (True, []), (None, [])])
def test_raising_the_sore_leg_alone_is_said(both_feet_up: bool | None, told: list[str]) -> None:
    assert keys(view(3, [MID, MIDDLE, drops(3, sets=2, both_feet_up=both_feet_up)]).violations) == told


@pytest.mark.row("D44")
def test_afterwards_it_is_kept_with_two_to_three_sets_twice_a_week() -> None:
    begun = [one for one in WHOLE if not (isinstance(one, SayExercise) and one.at_utc >= at(85, 0))]

    def kept(*more: Said) -> object:
        shown = view(100, [*begun, *more])
        assert shown.stage == 3
        facts = item(shown, "maintenance").facts
        assert (facts["low_sets"], facts["high_sets"], facts["reps"], facts["per_week"]) == (2, 3, 15, 2)
        return facts["kept"]

    assert kept(drops(95, sets=2), drops(98, sets=3)) is True
    assert kept(drops(98, sets=3)) is False
    assert kept(drops(95, sets=1), drops(98, sets=3)) is False
    assert kept(drops(95, sets=4), drops(98, sets=3)) is False
    assert kept(replace(drops(95), reps=10), drops(98)) is False
    assert kept(drops(90), drops(92)) is False  # more than a week ago


def test_adherence_is_the_part_of_two_weeks_that_was_done_and_none_on_the_first_day() -> None:
    assert view(0, [MID, MIDDLE]).adherence is None
    assert view(10, [MID, MIDDLE]).adherence == 0.0
    assert view(10, WHOLE).adherence == pytest.approx(1.0)
    half = [one for one in WHOLE if not (isinstance(one, SayExercise) and one.at_utc.hour == 18)]
    assert view(30, half).adherence == pytest.approx(0.5)
    twice = [*half, *(replace(one, sets=12) for one in half if isinstance(one, SayExercise))]
    assert view(30, twice).adherence == pytest.approx(1.0)  # more than was due on a day makes up for no other day


def test_the_other_leg_counts_for_nothing() -> None:
    other = view(3, [MID, MIDDLE, replace(drops(3, sets=2), side="R")])

    assert next(g for g in other.gates if g.key == "dose").facts["reps"] == 0


def test_a_medicine_that_weakens_tendons_or_pain_higher_up_locks_all_exercise() -> None:
    medicine = SayMedicine("fluoroquinolone", on(1))
    higher = SaySymptoms(at(1), present=("tenderness",), side="L", tender_cm=8.0)

    assert view(3, [MID, MIDDLE, medicine]).locked == "medicine"
    assert view(3, [MID, higher]).locked == "place"
    assert view(3, [MID, MIDDLE, SayMedicine("nsaid", on(1))]).locked is None


def test_what_is_done_before_it_begins_or_later_than_now_counts_for_nothing() -> None:
    said: list[Said] = [
        MID,
        MIDDLE,
        replace(drops(0), at_utc=at(-1)),
        replace(drops(0), at_utc=at(0) + timedelta(days=5)),
    ]

    assert next(g for g in view(3, said).gates if g.key == "dose").facts["reps"] == 0


def test_numbers_of_the_protocol_come_from_the_settings() -> None:
    shown = view(3, [MID, MIDDLE, SetRule("heel-drops", "first_sets", 1.0)])

    assert item(shown, "heel-drop").facts["sets"] == 1


@pytest.mark.row("D18")
def test_four_fifths_of_the_repetitions_are_enough_and_fewer_are_not() -> None:
    needed = round(0.8 * target_reps(case(0, [MID])))
    at_once = replace(drops(80), sets=1, reps=needed)

    assert next(g for g in view(84, [MID, MIDDLE, at_once]).gates if g.key == "dose").state == "met"
    fewer = replace(at_once, reps=needed - 1)
    assert next(g for g in view(84, [MID, MIDDLE, fewer]).gates if g.key == "dose").state == "open"
