"""Holds and phases, depth jumps, stretches, strength, prevention, progress and what a plan may not lack."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sensor_hub.guidelines.plans.clearance import is_locked
from sensor_hub.guidelines.plans.locks import why_not
from sensor_hub.guidelines.plans.standing import plan_notices, plan_views
from sensor_hub.guidelines.plans.support import flaws_of_plan
from sensor_hub.model.diary import (
    ExerciseName,
    Said,
    SayCare,
    SayClearance,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySymptoms,
    SetRule,
    StartPlan,
    StepPlanBack,
)
from sensor_hub.model.guidance import Notice, PlannedItem
from tests.guidelines.plans.lives import (
    INSERTION,
    MIDDLE,
    RETURN,
    START,
    WALKS,
    at,
    case,
    drops,
    gate,
    keys,
    on,
    pain,
    ran,
    view,
)

HOLDS = StartPlan("isometric", START, "L")
MID = StartPlan("mid-portion", START, "L")
FLAT = StartPlan("insertional", START, "L")
BEGAN = SayEpisode(START, "began", "L")


def did(day: int, exercise: ExerciseName, *, hold_s: float | None = None, level: float | None = 1.0) -> SayExercise:
    """An exercise on a day."""
    return SayExercise(at(day), exercise, 3, 10, "L", hold_s=hold_s, pain=level)


def held(first: int, last: int) -> list[Said]:
    """Holds of 40 s every other day."""
    return [did(day, "isometric-hold", hold_s=40.0) for day in range(first, last, 2)]


def said_on(day: int, *said: Said, rule: str = "", runs: tuple[int, ...] = ()) -> list[Notice]:
    """What plans say in the evening of a day, of one rule where it is named."""
    known = case(day, said, [ran(k, 20) for k in runs])
    return [n for n in plan_notices(known, plan_views(known, [], [])) if rule in ("", n.rule)]


@pytest.mark.row("B01")
@pytest.mark.parametrize(
    ("hold_s", "told", "n"),
    [(29.0, ["hold-too-short"], 0), (30.0, [], 1), (45.0, [], 1), (46.0, ["hold-too-long"], 0), (None, [], 0)],
)
def test_a_hold_counts_from_30_to_45_seconds_and_one_of_unknown_length_does_not(
    hold_s: float | None, told: list[str], n: int
) -> None:
    shown = view(14, [HOLDS, did(14, "isometric-hold", hold_s=hold_s)])

    assert keys(shown.violations) == told
    assert next(g for g in shown.gates if g.key == "sessions").facts["n"] == n
    asked = next(i for i in shown.items if i.key == "isometric-hold")
    assert (asked.facts["low_s"], asked.facts["high_s"]) == (30, 45)


@pytest.mark.row("B02")
def test_holds_come_before_slow_and_heavy_and_those_before_jumps() -> None:
    slow = [did(day, "slow-heavy") for day in range(14, 60, 3)]
    said = [HOLDS, *held(0, 14), *slow]

    assert [view(day, said).stage for day in (0, 13, 14, 41, 42)] == [1, 1, 2, 2, 3]
    items = {n: {i.key for i in view(day, said).items} for n, day in ((1, 0), (2, 14), (3, 42))}
    assert "isometric-hold" in items[1]
    assert not {"slow-heavy", "plyometrics"} & items[1]
    assert "slow-heavy" in items[2]
    assert not {"plyometrics", "run-drills"} & items[2]
    assert {"plyometrics", "run-drills", "slow-heavy"} <= items[3]


@pytest.mark.row("B02")
@pytest.mark.parametrize(
    ("exercise", "day", "skips"),
    [("slow-heavy", 3, True), ("plyometrics", 3, True), ("slow-heavy", 15, False), ("run-drills", 15, True),
     ("hop", 15, True), ("plyometrics", 43, False), ("glutes", 3, False)],
)  # fmt: skip
def test_an_exercise_that_skips_a_phase_is_said_and_counts_for_no_plan(
    exercise: ExerciseName, day: int, skips: bool
) -> None:
    slow = [did(k, "slow-heavy") for k in range(14, day, 3)]
    said = [HOLDS, *held(0, 14), *slow, did(day, exercise)]

    found = [n for n in view(day, said).violations if n.rule == "exercise-phases"]

    assert keys(found) == (["skipped"] if skips else [])
    assert all(n.facts["exercise"] == exercise for n in found)


@pytest.mark.row("B02")
def test_jumps_in_the_twelve_weeks_of_heel_drops_skip_a_phase() -> None:
    assert "skipped" in keys(view(20, [MID, MIDDLE, did(20, "plyometrics")]).violations)
    assert "skipped" not in keys(view(20, [MID, MIDDLE, did(20, "slow-heavy")]).violations)


@pytest.mark.parametrize(("level", "state"), [(1.0, "met"), (3.5, "open"), (None, "unknown")])
def test_a_phase_is_left_only_with_little_pain_that_is_known(level: float | None, state: str) -> None:
    said: list[Said] = [HOLDS, *(did(day, "isometric-hold", hold_s=40.0, level=level) for day in range(0, 14, 2))]

    shown = view(14, said)

    assert (shown.stage == 2) == (state == "met")
    if state != "met":
        assert gate(shown, "exercise-pain") == state
    assert view(14, [HOLDS, *held(0, 6)]).stage == 1  # too few of late


def test_going_back_a_phase_by_ones_own_wish() -> None:
    assert view(16, [HOLDS, *held(0, 14), StepPlanBack("isometric", on(15))]).stage == 1


@pytest.mark.row("B04")
def test_trouble_is_watched_for_twelve_weeks_and_at_least_eight() -> None:
    def watching(day: int, *said: Said) -> bool:
        return bool(said_on(day, *said, rule="monitoring"))

    assert [watching(day, BEGAN) for day in (0, 55, 83, 84)] == [True, True, True, False]
    over = SayEpisode(on(20), "recovered", "L")
    assert watching(30, BEGAN, over)  # better sooner is no reason to look away
    eight = SetRule("monitoring", "watch_days", 56.0)
    assert [watching(day, BEGAN, eight) for day in (55, 56)] == [True, False]
    ten = SetRule("monitoring", "least_days", 70.0)
    leasts = [said_on(30, *said, rule="monitoring")[0].facts["least"] for said in ([BEGAN], [BEGAN, ten])]
    assert leasts == [on(56), on(70)]
    assert not watching(30)
    done = [HOLDS, *held(0, 14), *(did(day, "slow-heavy") for day in range(14, 90, 3))]
    assert (view(83, done).complete, view(84, done).complete) == (False, True)


@pytest.mark.row("B03")
@pytest.mark.parametrize(("n", "told"), [(0, ["none-logged"]), (1, ["too-few"]), (2, []), (3, []), (4, ["too-many"])])
def test_strength_two_or_three_times_a_week_beside_the_protocol(n: int, told: list[str]) -> None:
    strong = [did(7 + k, "strength") for k in range(n)]
    protocol = [drops(7 + k, sets=2) for k in range(7)]  # not counted (C13)

    found = said_on(15, MID, MIDDLE, *strong, *protocol, rule="strength-days")

    assert keys(found) == told
    if n == 0:
        assert found[0].weight == "unknown"
    asked = next(i for i in view(3, [MID, MIDDLE]).items if i.key == "strength")
    assert (asked.facts["low"], asked.facts["high"]) == (2, 3)


@pytest.mark.row("B06")
def test_stretching_alone_is_no_plan() -> None:
    stretched = did(10, "calf-stretch", level=0.0)

    assert keys(said_on(12, BEGAN, stretched, rule="loading-not-stretching")) == ["stretching-only"]
    assert said_on(12, BEGAN, stretched, did(11, "heel-raise"), rule="loading-not-stretching") == []
    assert said_on(12, stretched, rule="loading-not-stretching") == []
    assert flaws_of_plan([PlannedItem("stretch")]) == ["stretching-only"]
    assert keys(said_on(12, BEGAN, SayCare("ice", on(10)), rule="loading-not-stretching")) == ["comfort-only"]
    assert flaws_of_plan([PlannedItem("ice")]) == ["no-loading"]


@pytest.mark.row("B06", "B07", "D20")
@pytest.mark.parametrize("plan", [MID, FLAT, HOLDS])
@pytest.mark.parametrize("day", [0, 30])
def test_every_plan_of_ours_loads_the_tendon_with_a_straight_and_a_bent_knee(plan: StartPlan, day: int) -> None:
    said = [plan, MIDDLE, *held(0, 30), *(pain(k, 0.0) for k in range(30)), drops(0, sets=2)]

    assert flaws_of_plan(view(day, said).items) == []
    straight = [PlannedItem("heel-drop", facts={"knee": "straight"})]
    assert flaws_of_plan(straight) == ["no-bent-knee"]


@pytest.mark.row("E10")
def test_depth_jumps_are_locked_until_both_single_leg_exercises_were_done() -> None:
    squats: list[Said] = [did(day, "split-squat") for day in range(30, 34)]
    jumps: list[Said] = [did(day, "box-jump") for day in range(34, 38)]
    deep = did(40, "depth-jump")

    assert keys(said_on(40, deep, rule="exercise-phases")) == ["depth-jump"]
    assert keys(said_on(40, deep, *squats, rule="exercise-phases")) == ["depth-jump"]
    assert keys(said_on(40, deep, *squats, *jumps[:3], rule="exercise-phases")) == ["depth-jump"]
    assert said_on(40, deep, *squats, *jumps, rule="exercise-phases") == []
    reached = [HOLDS, *held(0, 14), *(did(day, "slow-heavy") for day in range(14, 45, 3))]
    assert "depth-jump-locked" in {i.key for i in view(43, reached).items}
    assert "depth-jump" in {i.key for i in view(43, [*reached, *squats, *jumps]).items}


@pytest.mark.row("E07", "E08", "E14", "D58")
def test_the_checklist_has_no_order_and_names_glutes_and_hips() -> None:
    checks = ["check-pain", "check-comfort", "check-mobility", "check-glutes", "check-form"]

    empty = view(3, [MID, MIDDLE])
    late_first = view(3, [MID, MIDDLE, did(2, "glutes"), did(2, "hips")])

    assert [i.key for i in empty.items if i.key.startswith("check-")] == checks
    assert {i.facts["done"] for i in empty.items if i.key in checks} == {False, None}
    done = {i.key: i.facts.get("done") for i in late_first.items}
    assert (done["check-glutes"], done["hips"], done["check-pain"]) == (True, True, False)
    assert "glutes" in done


@pytest.mark.row("E08")
@pytest.mark.parametrize(
    ("said", "key"),
    [(pain(2, 1.0), "check-pain"), (SayCare("ice", on(2)), "check-comfort"),
     (SayMedicine("nsaid", on(2)), "check-comfort"), (did(2, "ankle-mobility"), "check-mobility")],
)  # fmt: skip
def test_each_of_the_checklist_is_ticked_by_itself(said: Said, key: str) -> None:
    shown = view(3, [MID, MIDDLE, said])

    assert [i.key for i in shown.items if i.key.startswith("check-") and i.facts["done"]] == [key]


@pytest.mark.row("E05")
def test_two_weeks_without_any_exercise_are_said_to_who_runs() -> None:
    assert keys(said_on(20, rule="prevention", runs=(15,))) == ["none"]
    assert said_on(20, did(7, "glutes"), rule="prevention", runs=(15,)) == []
    assert keys(said_on(21, did(7, "glutes"), rule="prevention", runs=(15,))) == ["none"]
    assert said_on(20, rule="prevention") == []


@pytest.mark.row("A13", "C04", "C06", "D37")
def test_round_a_run_warmth_comes_before_moving_and_ice_comes_last() -> None:
    shown = [i.key for i in view(14, [RETURN, WALKS, pain(13, 0.0), MIDDLE]).items]

    assert [key for key in shown if key in {"heat", "mobility", "warm-up", "foam-roll", "ice"}] == [
        "heat", "mobility", "warm-up", "foam-roll", "ice",
    ]  # fmt: skip
    in_exercise = [i.key for i in view(3, [MID, MIDDLE]).items]
    assert in_exercise.index("heat") < in_exercise.index("mobility")


@pytest.mark.row("A13", "D39", "E11")
@pytest.mark.parametrize(
    ("said", "because"),
    [
        ((MIDDLE, pain(13, 0.0)), None),
        ((MIDDLE, pain(13, 0.5)), "pain"),
        ((MIDDLE,), "pain-unknown"),
        ((MIDDLE, pain(5, 0.0)), "pain-unknown"),
        ((INSERTION, pain(13, 0.0)), "insertion"),
        ((pain(13, 0.0),), "place-unknown"),
        ((MIDDLE, SaySymptoms(at(0), present=("pain-pulling-foot-up",)), pain(13, 0.0)), "pain"),
    ],
)
def test_a_stretch_is_offered_only_free_of_pain_and_never_at_a_painful_insertion(
    said: tuple[Said, ...], because: str | None
) -> None:
    shown = view(14, [RETURN, WALKS, *said])

    assert ("stretch" in {i.key for i in shown.items}) == (because is None)
    if because is not None:
        found = next(i for i in shown.items if i.key == "no-stretch").facts["because"]
        assert found == because or (because == "pain" and found == "insertion")


@pytest.mark.row("D39")
@pytest.mark.parametrize(
    ("where", "level", "told"),
    [(MIDDLE, 2.0, ["stretch-into-pain"]), (MIDDLE, 0.0, []), (MIDDLE, None, []),
     (INSERTION, 0.0, ["stretch-insertion"]), (INSERTION, 1.0, ["stretch-into-pain", "stretch-insertion"])],
)  # fmt: skip
def test_a_stretch_that_hurt_or_pulled_at_the_insertion_is_said(
    where: SaySymptoms, level: float | None, told: list[str]
) -> None:
    assert keys(said_on(10, where, did(9, "calf-stretch", level=level), rule="round-a-run")) == told


def mornings(first: int, last: int, level: float) -> list[SayPain]:
    """A level on each morning."""
    return [pain(day, level) for day in range(first, last)]


@pytest.mark.row("A12", "D45", "D53")
@pytest.mark.parametrize(
    ("plan", "where", "key"),
    [
        (None, MIDDLE, "review"), (MID, MIDDLE, "review-middle"), (FLAT, INSERTION, "review-insertion"),
        (HOLDS, None, "review"),
    ],
)  # fmt: skip
def test_after_eight_weeks_without_improvement_the_plan_is_looked_at(
    plan: StartPlan | None, where: SaySymptoms | None, key: str
) -> None:
    said: list[Said] = [BEGAN, *([plan] if plan else []), *([where] if where else []), *mornings(0, 60, 3.0)]

    assert keys(said_on(55, *said, rule="improvement")) == []
    assert keys(said_on(56, *said, rule="improvement")) == [key]
    better = [*said[:-30], *mornings(30, 60, 2.0)]
    assert keys(said_on(59, *better, rule="improvement")) == []
    no_better = [*said[:-30], *mornings(30, 60, 2.5)]
    assert keys(said_on(59, *no_better, rule="improvement")) == [key]


@pytest.mark.row("A12")
def test_eight_weeks_of_which_nobody_said_anything_are_unknown_and_not_better() -> None:
    found = said_on(60, BEGAN, *mornings(0, 14, 3.0), rule="improvement")

    assert [(n.key, n.weight) for n in found] == [("review-unknown", "unknown")]
    assert said_on(60, *mornings(0, 60, 3.0), rule="improvement") == []


@pytest.mark.row("D45", "D53")
def test_twelve_weeks_are_held_against_the_middle_alone() -> None:
    quiet = mornings(0, 100, 0.0)

    assert keys(said_on(84, MID, MIDDLE, RETURN, *quiet, rule="improvement")) == ["not-all-back"]
    assert keys(said_on(83, MID, MIDDLE, RETURN, *quiet, rule="improvement")) == []
    assert keys(said_on(84, FLAT, INSERTION, RETURN, *quiet, rule="improvement")) == []


@pytest.mark.row("A08")
def test_full_intensity_is_locked_from_a_spell_of_trouble_until_a_clinicians_word() -> None:
    cleared = SayClearance(on(30), "Dr Reis", "physiotherapist")
    before = replace(cleared, day=on(-3))

    assert is_locked(case(20, [BEGAN]))
    assert is_locked(case(20, [BEGAN, SayEpisode(on(15), "recovered", "L")]))
    assert is_locked(case(20, [BEGAN, before]))
    assert not is_locked(case(30, [BEGAN, cleared]))
    assert not is_locked(case(20, []))
    assert keys(said_on(20, BEGAN, rule="clearance")) == ["locked"]
    assert said_on(30, BEGAN, cleared, rule="clearance") == []


def test_under_eighteen_there_is_no_plan_and_no_word_of_one() -> None:
    young = SayProfile(born=START - timedelta(days=17 * 365))
    known = case(3, [young, MID, MIDDLE, RETURN, BEGAN])

    assert plan_views(known, [], []) == ()
    assert plan_notices(known, ()) == []
    grown = SayProfile(born=START - timedelta(days=19 * 366))
    assert len(plan_views(case(3, [grown, MID, MIDDLE, RETURN]), [], [])) == 2


@pytest.mark.parametrize(
    ("said", "asked", "why"),
    [
        ([], MID, None),
        ([SayProfile(born=START - timedelta(days=6000))], RETURN, "under-18"),
        ([SayMedicine("fluoroquinolone", on(0))], MID, "medicine"),
        ([SayMedicine("fluoroquinolone", on(0))], RETURN, None),
        ([SaySymptoms(at(1), present=("pop",))], RETURN, "red-flag"),
        ([SaySymptoms(at(1), tender_cm=8.0, present=("tenderness",))], MID, "place"),
        ([INSERTION], MID, "insertional-is-flat"),
        ([INSERTION], FLAT, None),
        ([], replace(MID, day=on(9)), "in-the-future"),
        ([], StepPlanBack("mid-portion", on(1)), "no-such-plan"),
        ([replace(MID, day=on(1))], StepPlanBack("mid-portion", on(0)), "before-its-start"),
        ([MID], StepPlanBack("mid-portion", on(1)), None),
        ([HOLDS], did(3, "plyometrics"), None),
    ],
)
def test_a_plan_that_must_not_be_begun_is_refused_with_the_reason(
    said: list[Said], asked: Said, why: str | None
) -> None:
    assert why_not(asked, case(3, said)) == why
