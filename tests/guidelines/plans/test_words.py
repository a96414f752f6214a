"""Everything plans can say has words, and the words promise nothing and name no disease."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import sensor_hub.guidelines.plans as room
from sensor_hub.guidelines.plans import (
    checklist,
    clearance,
    doses,
    efforts,
    heel_drops,
    isometric,
    locks,
    phases,
    prevention,
    progress_info,
    stages,
    support,
    tolerance,
    walk_run,
)
from sensor_hub.guidelines.plans.standing import plan_notices, plan_views
from sensor_hub.model.diary import PlanKind, Said, SayCare, SayClearance, SayExercise, StepPlanBack
from sensor_hub.model.guidance import Notice, PlanView
from sensor_hub.words import plan_rules, plans
from sensor_hub.words.guidance import notice_sentence, notice_why
from tests.guidelines.plans.lives import MIDDLE, RETURN, WALKS, answer, answers, at, case, drops, on, pain, ran
from tests.guidelines.plans.test_exercise_rules import BEGAN, FLAT, HOLDS, MID, did, held

INFOS = (
    checklist.INFO, clearance.INFO, doses.INFO, efforts.INFO, heel_drops.INFO, isometric.INFO, locks.INFO, phases.INFO,
    *prevention.INFOS, *progress_info.INFOS, stages.INFO, support.INFO, tolerance.INFO, walk_run.INFO,
)  # fmt: skip
FORBIDDEN = re.compile(r"tendin|tendonitis|rupture|injur|guarantee|safe\b|will heal|cure|patholog", re.IGNORECASE)


def made_in_source() -> set[str]:
    """Every key a notice of this room is made with, and every key of a refusal, as its source has them."""
    found = set()
    for path in Path(next(iter(room.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Notice", "_notice"}:
                at_ = 1 if node.func.id == "Notice" else 0
                if isinstance(node.args[at_], ast.Constant):
                    found.add(str(node.args[at_].value))  # type: ignore[attr-defined]
    return found


def test_every_key_a_notice_is_made_with_has_a_sentence() -> None:
    made = made_in_source()

    assert len(made) > 25
    assert made <= {key for _, key in plan_rules.rule_keys()}


def test_every_rule_that_speaks_has_its_reasons() -> None:
    assert {rule for rule, _ in plan_rules.rule_keys()} == plan_rules.RULES
    for rule, key in plan_rules.rule_keys():
        assert plan_rules.why(Notice(rule, key, (), "info", on(0)))


FACTS: dict[str, object] = {
    "above": 3.0,
    "day": on(3), "stage": 2, "since": on(0), "until": on(84), "least": on(56), "monday": on(0), "ended": on(40),
    "before": 3, "after": 2, "because": "pain-above-3", "next_max_m": 2000.0, "next_max_s": 900.0,
    "gates": "walking during", "duration_s": 2400.0, "high_s": 1500.0, "longest_run_s": 300.0, "reduction": 0.1,
    "sets": 3, "days": 4, "exercise": "plyometrics", "n": 1, "low": 2, "high": 3, "weeks": 6, "first": 3.0, "now": 3.0,
}  # fmt: skip


@pytest.mark.parametrize(("rule", "key"), sorted(plan_rules.rule_keys()))
def test_a_sentence_is_whole_and_promises_nothing(rule: str, key: str) -> None:
    notice = Notice(rule, key, (), "info", on(3), dict(FACTS))  # type: ignore[arg-type]
    for text in (notice_sentence(notice), notice_sentence(notice, theirs=True), *notice_why(notice)):
        assert text.endswith(".")
        assert "{" not in text
        assert "–" not in text
        assert not FORBIDDEN.search(text)
    assert "your" not in notice_sentence(notice, theirs=True).lower().split()


def all_views() -> list[PlanView]:
    """Plans in every stage and with most of what can be said of them."""
    runs = [ran(day, 25, uphill_s=400.0, speed_5min_mps=4.0) for day in range(15, 40, 2)]
    said: list[Said] = [
        WALKS, MIDDLE, BEGAN, *(pain(day, 0.0) for day in range(60)), SayClearance(on(30), "Dr Reis", "physician"),
        pain(45, 5.0), did(20, "plyometrics"), SayExercise(at(46), "isometric-hold", 1, 1, "L", hold_s=5.0),
        drops(2, sets=2), drops(50, sets=5, lowering_s=1.0), SayCare("ice", on(50)),
    ]  # fmt: skip
    found: list[PlanView] = []
    for day in range(0, 130, 3):
        slow = [did(k, "slow-heavy") for k in range(14, max(day, 15), 3)]
        known = case(day, [RETURN, MID, HOLDS, *said, *held(0, 14), *slow], runs)
        told = answers(known.runs, run39=answer(ran(39, 25), settled=False))
        found += plan_views(known, told, [])
        found += plan_views(case(day, [FLAT, *said, StepPlanBack("insertional", on(20))]), [], [])
    return found


def test_every_item_gate_change_and_plan_has_words() -> None:
    seen = set()
    for view in all_views():
        lines = [plans.plan_line(view), *(plans.item_text(i) for i in view.items)]
        lines += [plans.gate_text(g) for g in view.gates] + [plans.change_text(c) for c in view.changes]
        lines += [notice_sentence(n) for n in view.violations] + [plans.gate_name(g.key) for g in view.gates]
        for text in lines:
            assert text
            assert "{" not in text
            assert not FORBIDDEN.search(text)
        seen |= {(view.plan, view.stage)}
    assert {("isometric", 3), ("mid-portion", 2), ("return-to-running", 2)} <= seen


def test_what_plans_say_to_somebody_has_words() -> None:
    for day in range(0, 130, 5):
        known = case(day, [RETURN, MID, BEGAN, *(pain(k, 3.0) for k in range(100))], [ran(15, 20)])
        for notice in plan_notices(known, plan_views(known, answers(known.runs), [])):
            assert notice_sentence(notice)


@pytest.mark.parametrize("plan", get_args(PlanKind))
def test_every_plan_and_stage_has_a_name(plan: PlanKind) -> None:
    n = 7 if plan == "return-to-running" else 3

    assert len({plans.stage_name(plan, k) for k in range(1, n + 1)}) == n
    assert plans.plan_name(plan)


@pytest.mark.parametrize(
    "key",
    ["red-flag", "refer", "stop", "medicine", "place", "severe-pain", "under-18", "in-the-future",
     "insertional-is-flat", "no-such-plan", "before-its-start", "not-a-clinician"],
)  # fmt: skip
def test_every_lock_and_refusal_says_why(key: str) -> None:
    assert plans.refusal(key).endswith(".")


def test_every_rule_of_the_room_has_numbers_within_their_bounds_and_its_own_name() -> None:
    assert len({info.id for info in INFOS}) == len(INFOS)
    for info in INFOS:
        for one in info.parameters:
            assert one.low <= one.value <= one.high, (info.id, one.name)
