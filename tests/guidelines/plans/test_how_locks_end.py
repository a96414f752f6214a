"""What locks a plan, how long, and what ends it: the right word of the right person, on the right side."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sensor_hub.guidelines.guidance import guide
from sensor_hub.model.diary import (
    Said,
    SayClearance,
    SayEpisode,
    SayMedicine,
    SayPain,
    SaySymptoms,
    SetPolicy,
    StartPlan,
)
from sensor_hub.model.guidance import PlanView
from sensor_hub.words.guidance import notice_sentence
from tests.guidelines.plans.lives import (
    INSERTION,
    MIDDLE,
    RETURN,
    WALKS,
    answers,
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
from tests.guidelines.plans.way_back import BASIC, at_the_end_of, until, whole_way

DROPS = StartPlan("mid-portion", on(0), "L")


def plan(day: int, said: list[Said]) -> PlanView:
    """The first plan with all that the diary rules say of the day."""
    return guide(case(day, said)).plans[0]


@pytest.mark.row("A05", "D12")
def test_a_red_flag_of_both_sides_is_gone_when_each_side_was_said_to_be_well() -> None:
    both = SaySymptoms(at(3), present=("severe-bruising-swelling",))
    left = SaySymptoms(at(5), absent=("severe-bruising-swelling",), side="L")
    right = SaySymptoms(at(6), absent=("severe-bruising-swelling",), side="R")

    assert plan(5, [RETURN, both, left]).locked == "red-flag"
    assert plan(6, [RETURN, both, left, right]).locked is None


@pytest.mark.row("A05", "D12")
def test_a_red_flag_that_is_said_again_stands_again() -> None:
    flag = SaySymptoms(at(3), present=("pop",), side="L")
    said: list[Said] = [RETURN, flag, SaySymptoms(at(5), absent=("pop",), side="L"), replace(flag, at_utc=at(8))]
    word = SayClearance(on(6), "Dr Reis", "physician")

    assert (plan(7, said[:3]).locked, plan(8, [*said, word]).locked) == (None, "red-flag")
    assert plan(9, [*said, replace(word, day=on(9))]).locked is None


@pytest.mark.row("A10")
def test_a_physiotherapist_does_not_end_what_an_antibiotic_means() -> None:
    said: list[Said] = [DROPS, MIDDLE, SayMedicine("fluoroquinolone", on(3), on(5))]
    word = SayClearance(on(7), "Ana Reis", "physiotherapist")

    assert plan(8, [*said, word]).locked == "medicine"
    assert plan(8, [*said, replace(word, role="physician")]).locked is None


@pytest.mark.row("D01", "A29")
def test_exercise_is_free_again_after_somebody_has_looked_at_what_is_too_high_up() -> None:
    high = SaySymptoms(at(2), present=("tenderness",), side="L", tender_cm=8.0)
    said: list[Said] = [DROPS, MIDDLE, high]

    assert plan(4, said).locked == "place"
    cleared = plan(6, [*said, SayClearance(on(5), "Dr Reis", "physician")])
    assert cleared.locked is None
    assert [item.facts["ground"] for item in cleared.items if item.key == "heel-drop"] == ["flat", "flat"]


@pytest.mark.row("A06", "D24")
def test_severe_pain_locks_exercise_until_it_was_looked_at_and_pain_of_two_weeks_does_not() -> None:
    severe = SayPain(at(4), "after", 8.0, "L")
    lasting: list[Said] = [pain(day, 1.0) for day in range(20)]

    assert plan(5, [DROPS, MIDDLE, severe]).locked == "refer"
    assert plan(6, [DROPS, MIDDLE, severe, SayClearance(on(6), "Dr Reis", "physician")]).locked is None
    assert plan(19, [DROPS, MIDDLE, *lasting]).locked is None


@pytest.mark.row("D24", "D36")
def test_after_severe_pain_of_exercise_holds_stand_in_from_the_next_day_on() -> None:
    severe = drops(4, sets=2, pain=8.0)

    assert plan(4, [DROPS, MIDDLE, severe]).locked == "severe-pain"
    shown = plan(6, [DROPS, MIDDLE, severe, pain(5, 2.0, hour=12.0)])
    assert shown.locked is None
    assert {item.key for item in shown.items} & {"heel-drop", "isometric-hold"} == {"isometric-hold"}


@pytest.mark.row("D25", "D26", "D56")
def test_days_on_which_nobody_might_run_are_no_days_of_the_next_stage() -> None:
    well: list[Said] = [pain(day, 0.0) for day in (20, 21)]
    said: list[Said] = [RETURN, WALKS, *(pain(day, 4.0) for day in range(-3, 2)), pain(8, 3.0), *well]
    walks = SaySymptoms(at(19), absent=("pain-walking",))

    shown = plan(25, [*said, walks])

    assert (shown.stage, shown.since) == (2, on(21))


@pytest.mark.row("A10", "D26")
def test_an_antibiotic_in_mid_plan_holds_the_stage_until_the_physicians_word_also_when_looked_at_later() -> None:
    day, runs = at_the_end_of(2)
    medicine = SayMedicine("fluoroquinolone", on(day - 3), on(day - 1))
    word = SayClearance(on(day + 3), "Dr Reis", "physician")

    assert view(day, BASIC, runs).stage == 3
    held = view(day + 5, [*BASIC, medicine, word], [r for r in whole_way() if r.day <= on(day + 5)])
    assert [change.day for change in held.changes if change.after == 3] == [on(day + 3)]


@pytest.mark.row("A06")
def test_pain_of_more_than_two_weeks_holds_the_stage_on_the_days_it_stood() -> None:
    lasting: list[Said] = [pain(day, 1.0) for day in range(18)]
    walks = SaySymptoms(at(17), absent=("pain-walking",))

    assert plan(20, [RETURN, *lasting, pain(18, 0.0), walks]).since == on(18)


@pytest.mark.row("A08")
def test_full_intensity_stays_locked_in_trouble_that_goes_on_for_more_than_a_year() -> None:
    began = SayEpisode(on(0) - timedelta(days=400), "began", "L")
    over = SayEpisode(on(10), "recovered", "L")

    for said in ([began], [began, over]):
        assert "clearance/locked" in {f"{n.rule}/{n.key}" for n in guide(case(20, said)).notices}
    cleared: list[Said] = [began, over, SayClearance(on(12), "Dr Reis", "physician")]
    assert "clearance" not in {n.rule for n in guide(case(20, cleared)).notices}


@pytest.mark.row("D22")
def test_a_single_morning_is_no_baseline_for_a_third_set() -> None:
    said: list[Said] = [DROPS, MIDDLE, drops(1, sets=2), pain(1, 3.0, hour=6.0), pain(2, 3.0, hour=12.0)]
    mornings: list[Said] = [pain(day, 3.0, hour=6.0) for day in range(-6, 1)]

    assert plan(3, said).stage == 1
    assert plan(3, [*said, *mornings]).stage == 2


@pytest.mark.row("D30")
def test_hills_without_any_pain_open_the_next_stage_though_there_is_no_baseline() -> None:
    day = until(6)
    runs = [r for r in whole_way() if r.day <= on(day)]
    told = [replace(answer, baseline=None) for answer in answers(runs)]

    assert view(day, BASIC, runs, told).stage == 6
    sore: list[Said] = [*BASIC, SayPain(at(61, 9), "day-after", 1.0, "L")]
    assert gate(view(day, sore, runs, told), "hill") == "unknown"


@pytest.mark.row("D25")
def test_a_run_on_the_day_a_plan_begins_may_have_been_before_it() -> None:
    assert keys(view(3, [RETURN], [ran(0, 30)]).violations) == []
    assert keys(view(3, [RETURN], [ran(1, 30)]).violations) == ["ran"]


@pytest.mark.row("C11", "D18")
def test_drops_off_a_step_that_were_right_then_count_when_the_thickening_has_gone() -> None:
    done: list[Said] = [drops(day, ground="step") for day in range(20)]
    gone = SaySymptoms(at(20), absent=("thickening",), side="L")
    later = drops(21, ground="step")

    before, after = plan(22, [DROPS, MIDDLE, *done]), plan(22, [DROPS, MIDDLE, *done, gone, later])

    assert [g.facts["reps"] for g in after.gates if g.key == "dose"] == [20 * 45, 0]
    assert [g.facts["reps"] for g in before.gates if g.key == "dose"] == [20 * 45, 0]
    assert [n.since for n in after.violations if n.key == "step"] == [on(21)]
    assert [item.facts["ground"] for item in after.items if item.key == "heel-drop"] == ["flat", "flat"]


@pytest.mark.row("B04")
def test_a_diary_is_not_kept_until_a_day_that_is_past() -> None:
    said: list[Said] = [DROPS, MIDDLE]
    (then,) = (n for n in guide(case(30, said)).notices if n.rule == "monitoring")
    (later,) = (n for n in guide(case(200, said)).notices if n.rule == "monitoring")

    assert "until" in notice_sentence(then)
    assert "while your exercise plan goes on" in notice_sentence(later)


@pytest.mark.row("D45", "D53")
def test_eight_weeks_of_drops_are_said_only_of_who_did_them_and_the_heel_bone_only_where_it_hurts_there() -> None:
    mornings: list[Said] = [pain(day, 3.0) for day in range(0, 61, 2)]
    began = SayEpisode(on(0), "began", "L")

    def review(*said: Said) -> str:
        return next(n.key for n in guide(case(60, [began, *mornings, *said])).notices if n.rule == "improvement")

    assert review(MIDDLE, DROPS) == "review-middle"
    assert review(MIDDLE, replace(DROPS, day=on(50))) == "review"
    assert review(replace(DROPS, plan="insertional")) == "review"
    assert review(INSERTION, replace(DROPS, plan="insertional")) == "review-insertion"


@pytest.mark.row("D33")
def test_a_plan_that_went_back_names_the_level_of_the_policy() -> None:
    said: list[Said] = [SetPolicy("clinician"), RETURN, WALKS, pain(18, 6.0)]
    (back,) = (n for n in guide(case(18, said)).notices if n.key == "stage-back")

    assert notice_sentence(back).startswith("Pain above 5 of 10")


@pytest.mark.row("B03")
def test_strength_is_asked_of_no_week_before_the_plan() -> None:
    def said_of(day: int) -> set[str]:
        return {n.key for n in guide(case(day, [DROPS, MIDDLE])).notices if n.rule == "strength-days"}

    assert said_of(5) == set()
    assert said_of(8) == {"none-logged"}
