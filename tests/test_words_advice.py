"""Texts that always stand: comfort is called comfort, a claim a claim, and what is refused is not there."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import sensor_hub
from sensor_hub.guidelines.catalogue import RULES, rule
from sensor_hub.model.backtest import BacktestReport, PainAfter, RuleTold
from sensor_hub.model.diary import EMERGENCIES, PlanKind, PolicyName
from sensor_hub.model.guidance import PlannedItem
from sensor_hub.model.rule import Family, Grade, Parameter, RuleClass
from sensor_hub.words import safety_text
from sensor_hub.words.advice import advice_section, advice_sections, disclaimer_text, ice_steps
from sensor_hub.words.backtests import pain_text, pushes_text, told_cells
from sensor_hub.words.plans import item_text
from sensor_hub.words.rules import class_text, family_text, grade_text, parameter_text, policy_text, unknown_text

PACKAGE = Path(sensor_hub.__file__).parent
INFLAMED = re.compile(r"tend[io]nitis", re.IGNORECASE)


def said(key: str) -> str:
    return " ".join(advice_section(key).lines).lower()


@cache
def sentences() -> list[tuple[str, str]]:
    """Every string of words, guidelines, command line and pages that is no docstring."""
    found = []
    for room in ("words", "guidelines", "cli", "adapters/web", "app"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            if path.name == "row_tests.py":  # names of tests, such as these
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            docs = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            found += [
                (path.name, node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
            ]
    return found


@pytest.mark.row("A14")
def test_the_first_days_are_comfort_and_no_plan() -> None:
    text = said("text-first-days")
    assert "comfort" in text
    assert "no plan" in text
    assert "first 5 days" in text
    assert "first 3 days" in " ".join(advice_sections(first_days=3)[1].lines).lower()
    assert all(word in text for word in ("rest", "cooling", "bandage", "raised"))


@pytest.mark.row("A17", "C02", "C03")
def test_ice_is_a_quarter_of_an_hour_with_a_cloth_and_for_comfort() -> None:
    assert rule("text-ice").parameter("ice_min").value == 15
    steps = " ".join(ice_steps())
    assert "15 minutes" in steps
    assert "cloth" in steps
    assert "Several times a day" in steps
    assert "eases" in steps
    assert "comfort" in advice_section("text-ice").title
    assert "10 minutes" in " ".join(ice_steps(10))


@pytest.mark.row("A26", "D41")
def test_injections_are_a_clinicians_decision_and_not_the_first_one() -> None:
    text = said("text-injections")
    assert "clinician" in text
    assert "not what one begins with" in text
    assert "no rule speaks for or against" in text
    assert [info.id for info in RULES if {"A26", "D41"} & set(info.rows)] == ["text-injections"]


@pytest.mark.row("A23", "B11")
def test_claims_of_running_style_are_told_as_claims_and_computed_nowhere() -> None:
    text = said("text-claims")
    assert "the sources disagree" in text
    assert all(word in text for word in ("roll inward", "heel", "long steps", "stiff hip"))
    assert "nothing here asks you to change how you land" in text
    assert {info.kind for info in RULES if {"A23", "B11"} & set(info.rows)} == {"T"}


@pytest.mark.row("B16")
def test_the_disclaimer_says_that_nothing_replaces_a_doctor_and_what_an_emergency_is() -> None:
    assert "no diagnosis" in disclaimer_text()
    assert "replaces no doctor" in disclaimer_text()
    section = advice_section("text-disclaimer")
    assert section.lines == (disclaimer_text(), safety_text())
    assert "not medical advice" in safety_text()


@pytest.mark.row("B17", "E13")
def test_the_word_for_inflammation_stands_in_one_text_only_and_for_the_first_days() -> None:
    found = [(name, text) for name, text in sentences() if INFLAMED.search(text)]
    assert [name for name, _ in found] == ["advice.py"]
    assert "tendinopathy is the general word" in said("text-names")
    assert re.search(r"tendinitis means inflammation, and fits the first 5 days at most", said("text-names"))


@pytest.mark.row("B17")
def test_nobody_is_told_what_they_have() -> None:
    named = re.compile(r"\byou(r \w+)? (have|has|suffer)[^.]*tendin|you may have[^.]*tendin", re.IGNORECASE)
    assert [(name, text) for name, text in sentences() if named.search(text)] == []
    assert "names no disease" in said("text-names")


@pytest.mark.row("C13")
def test_no_plan_consists_of_rest_and_ice() -> None:
    assert set(get_args(PlanKind)) == {"return-to-running", "mid-portion", "insertional", "isometric"}
    assert [info.id for info in RULES if "C13" in info.rows] == []
    assert "no plan here consists of rest or ice alone" in said("text-first-days")


@pytest.mark.row("E01")
def test_no_warning_sign_comes_from_the_text_whose_list_is_missing() -> None:
    assert [info.id for info in RULES if "E01" in info.rows] == []
    assert {row for row in rule("red-flag").rows if row.startswith("E")} == set()
    assert len(EMERGENCIES) == 6  # pain, pop, weight, walking, toes, bruising: those of A05, A06 and D12


@pytest.mark.row("E09")
def test_nowhere_does_a_straight_knee_work_the_soleus() -> None:
    straight = r"straight(?:(?!bent|gastrocnemius)[^.;])*soleus"
    swapped = re.compile(rf"{straight}|bent(?:(?!straight|soleus)[^.;])*gastrocnemius", re.IGNORECASE)
    assert swapped.search("the straight knee for the soleus")
    assert [(name, text) for name, text in sentences() if swapped.search(text)] == []
    assert "straight works the gastrocnemius more, bent the soleus" in said("text-knees")


def test_every_text_has_a_title_and_lines_and_no_key_twice() -> None:
    sections = advice_sections()
    assert len({section.key for section in sections}) == len(sections)
    assert all(section.title and section.lines and section.rows for section in sections)


@pytest.mark.parametrize("grade", get_args(Grade))
def test_every_grade_says_what_a_rule_rests_on_and_what_is_not_known(grade: Grade) -> None:
    assert grade_text(grade)
    assert unknown_text(grade).startswith("Not known: ")


def test_a_parameter_is_told_with_unit_range_whose_it_is_and_what_it_was_before() -> None:
    ours = Parameter("days", 14.0, "d", 7.0, 28.0)
    assert parameter_text(ours) == "days = 14 d (ours; may be 7 to 28)"
    assert parameter_text(ours, 10.0) == "days = 10 d (ours; may be 7 to 28; set by you, without that 14)"
    assert parameter_text(Parameter("sets", 3.0, "1", 1.0, 3.0, ours=False)).startswith("sets = 3 (from its source;")
    assert parameter_text(Parameter("often", 2.0, "1/d", 1.0, 3.0)).startswith("often = 2 a d")


def test_every_policy_class_and_family_has_its_words() -> None:
    assert all(policy_text(policy).startswith(policy) for policy in get_args(PolicyName))
    assert len({class_text(kind) for kind in get_args(RuleClass)}) == 3
    assert all(family_text(family) for family in get_args(Family))


def test_a_backtest_is_counted_and_called_no_cause() -> None:
    after = PainAfter(5, 2, 1)
    assert after.n_unknown == 2
    assert pain_text(after) == "2 of 5, none 1, not logged 2"
    told = RuleTold("session-limit", 4, 2, 1, 3, after)
    assert told_cells(told, 8) == ["session-limit", "4", "2", "1", "3", "0.50", pain_text(after)]
    report = BacktestReport("k3f9", "balanced", None, None, 9, 2, (1, 2), (told,), (), withdrawn=1)
    assert pushes_text(report) == [
        "Pushes: 3 in 2 weeks (9 runs), 1.50 a week, 2 in the fullest week.",
        "Taken back by later data: 1.",
    ]


@pytest.mark.row("C09", "A23")
def test_nowhere_is_anybody_asked_to_land_otherwise() -> None:
    strike = r"(forefoot|midfoot|rearfoot|heel strike|strike)"
    asked = re.compile(rf"\b(land|run|strike|change|switch|try)\b (more )?(on|to|your)\b[^.]*{strike}", re.IGNORECASE)
    assert asked.search("Try to land on your forefoot.")
    assert [(name, text) for name, text in sentences() if asked.search(text)] == []
    assert "asks you to change how you land" in said("text-claims")


@pytest.mark.row("E14")
def test_three_lifts_for_the_hip_are_named_as_choices() -> None:
    text = item_text(PlannedItem("glutes", ("E14",)))
    assert all(word in text for word in ("deadlift", "hip thrust", "or kettlebell swing"))
