"""A rule that is switched off says nothing; what locks for a red flag or a medicine cannot be."""

import pytest

from sensor_hub.guidelines.plans.standing import plan_notices, plan_views
from sensor_hub.model.diary import Said, SayClearance, SayExercise, SayMedicine, SayPain, SaySymptoms, SetRule
from sensor_hub.model.guidance import Notice
from sensor_hub.words import plan_rules
from tests.guidelines.plans.lives import MIDDLE, RETURN, WALKS, answer, answers, at, case, drops, on, pain, ran, view
from tests.guidelines.plans.test_exercise_rules import BEGAN, HOLDS, MID, did, held
from tests.guidelines.plans.test_words import INFOS

RUNS = [ran(15, 60, uphill_s=400.0, speed_5min_mps=4.0), ran(16, 60), ran(60, 60)]
SAID: list[Said] = [
    RETURN, MID, HOLDS, MIDDLE, WALKS, BEGAN, *(pain(day, 3.0) for day in range(70)),
    SayPain(at(60, 12), "after", 5.0, "L"), drops(58, lowering_s=1.0), did(58, "plyometrics"), did(58, "depth-jump"),
    did(58, "calf-stretch", level=3.0), SayExercise(at(58), "isometric-hold", 1, 1, "L", hold_s=5.0), *held(0, 14),
]  # fmt: skip


def said_with(*settings: Said) -> set[str]:
    """Rules that speak of a life in which nearly everything goes wrong."""
    found: list[Notice] = []
    for day in (20, 61):
        known = case(day, [*SAID, *settings], RUNS)
        told = answers(known.runs, run60=answer(RUNS[2], settled=False))
        found += plan_notices(known, plan_views(known, told, []))
    return {notice.rule for notice in found}


SPEAKING = said_with()


def test_most_rules_have_something_to_say_of_that_life() -> None:
    assert len(SPEAKING) >= 8
    assert SPEAKING <= plan_rules.RULES


@pytest.mark.parametrize("rule", sorted(info.id for info in INFOS))
def test_a_rule_that_is_switched_off_says_nothing_and_the_others_still_speak(rule: str) -> None:
    off = said_with(SetRule(rule, "on", 0.0))

    assert rule not in off
    if rule not in {"return-to-running", "heel-drops", "holds"}:  # with a plan goes what others say of it
        assert off >= SPEAKING - {rule, "exercise-phases", "holds"}


def test_a_plan_whose_rule_is_off_is_not_shown() -> None:
    known = case(20, [RETURN, MID, HOLDS, SetRule("return-to-running", "on", 0.0), SetRule("holds", "on", 0.0)])

    assert [shown.plan for shown in plan_views(known, [], [])] == ["mid-portion"]


def test_a_red_flag_and_a_medicine_lock_whatever_is_switched_off() -> None:
    off = [SetRule(info.id, "on", 0.0) for info in INFOS if info.id not in {"heel-drops", "return-to-running"}]

    assert view(3, [MID, MIDDLE, SaySymptoms(at(2), present=("pop",)), *off]).locked == "red-flag"
    assert view(3, [RETURN, SaySymptoms(at(2), present=("pop",)), *off]).locked == "red-flag"
    medicine = SayMedicine("fluoroquinolone", on(1))
    assert view(3, [MID, MIDDLE, medicine, *off]).locked == "medicine"
    cleared = SayClearance(on(2), "Dr Reis", "physician")
    assert view(3, [MID, MIDDLE, medicine, cleared]).locked is None
