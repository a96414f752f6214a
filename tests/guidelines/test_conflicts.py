"""Where the source texts contradict each other: what the program does, one test for each of the fifteen."""

import inspect
from datetime import timedelta
from pathlib import Path

import pytest

import sensor_hub.guidelines
from sensor_hub.guidelines.catalogue.conflicts import CONFLICTS
from sensor_hub.guidelines.catalogue.rows import ROWS
from sensor_hub.guidelines.catalogue.rules import RULES
from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.pain.place import kind_of_trouble
from sensor_hub.guidelines.pain.table import Answers, decide
from sensor_hub.guidelines.plans import locks, support
from sensor_hub.guidelines.plans.checklist import why_no_stretch
from sensor_hub.guidelines.plans.doses import flaws
from sensor_hub.model.diary import Said, SayExercise, SayMedicine, StartPlan
from sensor_hub.model.guidance import PlannedItem
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.words.advice import advice_section, advice_sections
from tests.guidelines.cases import TODAY, case_of
from tests.guidelines.histories import run
from tests.guidelines.pain.diaries import at, noticed, pain

MIDDLE = noticed("tenderness", "thickening", tender_cm=4.0)
STARTED = TODAY - timedelta(days=21)


def text(key: str) -> str:
    return " ".join(advice_section(key).lines)


def plan_of(*said: Said):  # type: ignore[no-untyped-def]
    return guide(case_of([run(1, 5)], said))


def test_each_of_the_fifteen_has_its_resolution() -> None:
    assert [conflict.id for conflict in CONFLICTS] == [f"C{n}" for n in range(1, 16)]
    assert all(conflict.rows and conflict.resolution for conflict in CONFLICTS)


def test_c1_stretching_is_never_the_therapy_and_never_at_a_painful_insertion() -> None:
    well = pain("morning", 0, 0)
    assert why_no_stretch(case_of([], [well])) is None
    assert why_no_stretch(case_of([], [noticed(tender_cm=0.0), well])) == "insertion"
    assert why_no_stretch(case_of([], [pain("morning", 1, 0)])) == "pain"
    assert support.flaws_of_plan([PlannedItem("calf-stretch")]) == ["stretching-only"]


def test_c2_rest_and_ice_are_comfort_and_a_plan_that_loads_nothing_is_none() -> None:
    assert support.flaws_of_plan([PlannedItem("ice"), PlannedItem("rest")]) == ["no-loading"]
    assert "no plan" in text("text-first-days")
    assert next(row.reason for row in ROWS if row.id == "C13")


@pytest.mark.parametrize(
    ("level", "gate", "back"),
    [(2.0, "reduced", False), (2.5, "caution", False), (3.0, "stop", False), (3.5, "stop", True)],
)
def test_c3_two_goes_between_is_asked_again_three_stops_and_above_it_the_plan_goes_back(
    level: float, gate: str, back: bool
) -> None:
    answers = Answers(during=level, warming="warm-up", after=0.0, morning=0.0)
    assert (decide(answers).gate, decide(answers).stage_back) == (gate, back)
    assert decide(answers, RuleSettings("clinician")).gate == "reduced"
    assert DEFAULT_SETTINGS.policy == "balanced"


def test_c4_the_straight_knee_is_the_gastrocnemius_and_the_bent_one_the_soleus() -> None:
    line = text("text-knees")
    assert line.index("Straight") < line.index("gastrocnemius") < line.index("bent") < line.index("soleus")
    assert next(row.reason for row in ROWS if row.id == "E09")


def test_c5_where_nobody_knows_the_place_it_is_flat() -> None:
    on_a_step = SayExercise(at(0, 9), "heel-drop", ground="step", knee="bent", lowering_s=4.0)
    assert "step" in flaws(on_a_step, kind_of_trouble(case_of([], []).diary), DEFAULT_SETTINGS)
    assert "step" not in flaws(on_a_step, kind_of_trouble(case_of([], [MIDDLE]).diary), DEFAULT_SETTINGS)
    grounds = {i.facts.get("ground") for p in plan_of(StartPlan("mid-portion", STARTED)).plans for i in p.items}
    assert "flat" in grounds
    assert "step" not in grounds


def test_c6_no_rule_is_made_of_a_heel_that_sinks_too_far() -> None:
    assert [rule.id for rule in RULES if "B11" in rule.rows] == ["text-claims"]
    assert not next(rule for rule in RULES if rule.id == "text-claims").parameters


def test_c7_no_way_of_landing_is_prescribed() -> None:
    assert "Nothing here asks you to change how you land" in text("text-claims")
    changes = [rule for rule in RULES if {"C09", "C10"} & set(rule.rows) and rule.kind != "T"]
    assert changes
    assert all(not RuleSettings("balanced").alerts(rule) or rule.id == "strike-change" for rule in changes)


def test_c8_no_rule_speaks_of_injections_but_the_text_that_leaves_them_to_a_clinician() -> None:
    assert "for a clinician" in text("text-injections")
    injected = case_of([run(1, 5)], [SayMedicine("steroid-injection", TODAY)])
    assert guide(injected).verdict == guide(case_of([run(1, 5)])).verdict


def test_c9_what_the_trials_showed_is_told_right() -> None:
    (conflict,) = [c for c in CONFLICTS if c.id == "C9"]
    for fact in ("not randomised", "Beyer 2015", "67 %"):
        assert fact in conflict.resolution


def test_c10_ten_percent_a_week_informs_and_the_session_rule_alerts() -> None:
    by_id = {rule.id: rule for rule in RULES}
    assert not DEFAULT_SETTINGS.alerts(by_id["week-on-week"])
    assert DEFAULT_SETTINGS.alerts(by_id["session-limit"])
    assert RuleSettings("strict").alerts(by_id["week-on-week"])
    assert (by_id["week-on-week"].grade, by_id["session-limit"].grade) == ("traditional", "cohort")


def test_c11_24_hours_decide_about_the_run_and_14_days_about_seeing_somebody() -> None:
    day = guide(case_of([run(2, 5)], [*(pain("morning", 0, 10 + k) for k in range(7)), pain("day-after", 1, 1)]))
    assert day.verdict.standing == "stop"
    weeks = guide(case_of([], [pain("morning", 1, k) for k in range(15)]))
    assert weeks.verdict.standing == "refer"


def test_c12_no_name_of_a_disease_is_given_to_anybody() -> None:
    for section in advice_sections():
        if section.key != "text-names":
            assert "tendinitis" not in " ".join(section.lines)
            assert "tendinopathy" not in " ".join(section.lines)


def test_c13_strength_is_counted_apart_from_the_protocol() -> None:
    twice_a_day = [
        SayExercise(at(day, hour), "heel-drop", sets=3, reps=15, knee="straight", ground="flat", lowering_s=4.0)
        for day in range(21)
        for hour in (7, 18)
    ]
    found = plan_of(StartPlan("insertional", STARTED), *twice_a_day)
    assert "too-many" not in {n.key for n in found.notices if n.rule == "strength-days"}


def test_c14_holds_may_stand_in_and_nobody_has_to_begin_with_them() -> None:
    assert locks.why_not(StartPlan("mid-portion", TODAY), case_of([], [MIDDLE])) is None
    usual = {item.key for plan in plan_of(MIDDLE, StartPlan("mid-portion", STARTED)).plans for item in plan.items}
    assert "heel-drop" in usual


def test_c15_the_five_are_a_list_and_not_an_order() -> None:
    items = [item for item in support.support_items(case_of()) if "E08" in item.rows]
    assert len(items) == 5
    assert all("locked" not in item.facts for item in items)
    later_only = case_of([], [SayExercise(at(1, 9), "glutes")])
    done = {item.key: item.facts["done"] for item in support.support_items(later_only) if "E08" in item.rows}
    assert done["check-glutes"] is True


def test_the_refused_acronym_is_in_no_rule() -> None:
    room = Path(inspect.getfile(sensor_hub.guidelines)).parent
    assert not [p for p in room.rglob("*.py") if '"rice"' in p.read_text(encoding="utf-8").lower()]
