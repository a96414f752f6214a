"""What was refused is not there: comfort as a plan, signs from an empty list, the muscles the wrong way round."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.guidelines.guidance import guide
from sensor_hub.model.diary import EMERGENCIES, PlanKind, Said, SayCare, SayEpisode, SaySymptoms, StartPlan, Symptom
from sensor_hub.model.guidance import PlanView
from sensor_hub.words.plans import item_text
from tests.guidelines.histories import NOW_UTC, RUNNER, TODAY

LOADS = ("heel-drop", "hold", "raise", "walk", "run")


def case(*said: Said) -> Case:
    return Case(replace(RUNNER), NOW_UTC, diary=diary_of(said))


def plan(kind: PlanKind) -> PlanView:
    (view,) = guide(case(StartPlan(kind, TODAY - timedelta(days=3)))).plans
    return view


@pytest.mark.row("C13", "A14")
def test_rest_and_ice_alone_in_a_spell_of_trouble_are_said_to_be_no_plan() -> None:
    began = SayEpisode(TODAY - timedelta(days=10), "began")
    keys = {n.key for n in guide(case(began, SayCare("ice", TODAY - timedelta(days=1)))).notices}
    assert "comfort-only" in keys
    assert "comfort-only" not in {n.key for n in guide(case(began)).notices}


@pytest.mark.row("C13")
@pytest.mark.parametrize("kind", get_args(PlanKind))
def test_every_plan_has_something_that_loads_or_moves(kind: PlanKind) -> None:
    view = plan(kind)
    assert view.items
    assert any(word in item.key for item in view.items for word in LOADS), [item.key for item in view.items]
    assert not any(word in item.key for item in view.items[:1] for word in ("ice", "rest", "compression"))


@pytest.mark.row("E01")
@pytest.mark.parametrize("symptom", get_args(Symptom))
def test_an_emergency_is_what_three_rows_list_and_nothing_else(symptom: Symptom) -> None:
    said = SaySymptoms(datetime(2026, 11, 20, 18, tzinfo=UTC), (symptom,))
    red = [n for n in guide(case(said)).notices if n.weight == "red-flag"]
    assert bool(red) == (symptom in EMERGENCIES)
    assert {row for n in red for row in n.rows} <= {"A05", "A06", "A21", "D12"}


@pytest.mark.row("E09")
def test_heel_drops_name_the_muscles_the_right_way_round() -> None:
    told = [item_text(item) for kind in ("mid-portion", "insertional") for item in plan(kind).items]
    straight = [text for text in told if "straight knee" in text]
    bent = [text for text in told if "bent knee" in text]
    assert straight
    assert bent
    assert all("gastrocnemius" in text and "soleus" not in text for text in straight)
    assert all("soleus" in text and "gastrocnemius" not in text for text in bent)
