"""The edges of rows: the day after the last that counts, the other pair, the same load and not less."""

from collections.abc import Sequence

import pytest

from sensor_hub.guidelines.pain.notices import diary_notices
from sensor_hub.guidelines.plans.locks import why_not
from sensor_hub.guidelines.shoes.notices import shoe_notices
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.diary import (
    EMERGENCIES,
    MedicineKind,
    PlanKind,
    Said,
    SayMedicine,
    SaySymptoms,
    StartPlan,
    Symptom,
    WornOut,
)
from sensor_hub.model.session import SessionSummary
from tests.guidelines.cases import RUNNER, TODAY, case_of
from tests.guidelines.histories import FEET, POD, run
from tests.guidelines.pain.diaries import pain as hurt
from tests.guidelines.plans.lives import MIDDLE, START, at, case, drops, on, pain, view

OLD = Shoe("old", RUNNER.id, "Old", drop_mm=10.0)
LOW = Shoe("low", RUNNER.id, "Low", drop_mm=4.0)


def of_shoes(wear: Sequence[tuple[int, float, Shoe]], said: Sequence[Said] = ()) -> list[tuple[str, str, object]]:
    runs = [run(days_ago, km, sid=f"s{days_ago}") for days_ago, km, _ in wear]
    worn = [(f"s{days_ago}", pair.id) for days_ago, _, pair in wear]
    found = shoe_notices(case_of(runs, said, shoes=[OLD, LOW], worn=worn))
    return [(n.rule, n.key, n.facts.get("shoe")) for n in found]


@pytest.mark.row("A04")
def test_a_pair_called_worn_says_nothing_of_another() -> None:
    found = of_shoes([(3, 10.0, OLD), (1, 10.0, OLD)], [WornOut("old", TODAY, worn=True)])
    assert [told for told in found if told[0] == "shoe-wear"] == [("shoe-wear", "worn", "Old")]


@pytest.mark.row("D06")
@pytest.mark.parametrize(
    ("low", "key"),
    [
        ([(6, 5.0), (2, 5.0), (1, 5.0), (0, 5.0)], "in-a-week"),  # 20 of 35 km on the seventh day
        ([(7, 5.0), (2, 5.0), (1, 5.0), (0, 15.0)], "in-months"),  # 15 of 35 on the seventh, 25 of 45 on the eighth
    ],
)
def test_a_week_ends_with_its_seventh_day(low: list[tuple[int, float]], key: str) -> None:
    days = {days_ago for days_ago, _ in low}
    wear = [*((d, 5.0, OLD) for d in range(60, -1, -1) if d not in days), *((d, km, LOW) for d, km in low)]
    assert [told[1] for told in of_shoes(wear) if told[0] == "drop-switch"] == [key]


LEVELS = ((0.5, 9), (1.0, 6), (1.5, 3))


def is_worsening(sessions: list[SessionSummary], levels: Sequence[tuple[float, int]] = LEVELS) -> bool:
    said = [hurt("during", level, days_ago, warming="warm-up") for level, days_ago in levels]
    return "worsening" in {n.rule for n in diary_notices(case_of(sessions, said))}


@pytest.mark.row("D17")
def test_less_load_is_less_and_not_the_same() -> None:
    assert is_worsening([run(9, 10), run(6, 9), run(3, 8)])
    assert not is_worsening([run(9, 10), run(6, 10), run(3, 10)])
    assert not is_worsening([run(9, 10), run(6, 9), run(3, 9)])
    assert not is_worsening([run(9, 10), run(6, 9), run(3, 8)], ((0.5, 9), (1.0, 6), (1.0, 3)))


@pytest.mark.row("D17")
def test_the_load_decides_where_it_can_be_held_against_the_last_and_else_the_distance() -> None:
    assert is_worsening([run(9, 10, eq_km=10), run(6, 10, eq_km=9), run(3, 10, eq_km=8)])
    assert not is_worsening([run(9, 10, eq_km=8), run(6, 9, eq_km=9), run(3, 8, eq_km=10)])
    by_turns = [run(9, 10, eq_km=8, instrument=POD), run(6, 9, eq_km=9, instrument=FEET)]
    assert is_worsening([*by_turns, run(3, 8, eq_km=10, instrument=POD)])
    assert not is_worsening([*by_turns, run(3, 9, eq_km=8, instrument=POD)])


@pytest.mark.row("D22")
@pytest.mark.parametrize(("hours", "sets"), [(23.5, 2), (24.5, 3), (47.5, 3), (48.5, 2)])
def test_an_answer_of_exercise_is_one_from_24_to_48_hours_after_it(hours: float, sets: int) -> None:
    mornings: list[Said] = [pain(day, 1.0) for day in range(-8, 0)]
    said: list[Said] = [StartPlan("mid-portion", START, "L"), MIDDLE, *mornings, drops(0, sets=2, hour=8.0)]
    shown = view(4, [*said, pain(0, 1.0, "after", hour=8.0 + hours)])
    assert next(i.facts["sets"] for i in shown.items if i.key == "heel-drop") == sets


PLANS: tuple[PlanKind, ...] = ("return-to-running", "mid-portion", "insertional", "isometric")


@pytest.mark.row("A05", "D12")
@pytest.mark.parametrize("symptom", EMERGENCIES)
@pytest.mark.parametrize("plan", PLANS)
def test_every_sign_of_an_emergency_locks_every_plan_and_lets_none_begin(plan: PlanKind, symptom: Symptom) -> None:
    begun, sign = StartPlan(plan, START, "L"), SaySymptoms(at(2), present=(symptom,), side="R")
    assert (view(1, [begun]).locked, view(3, [begun, sign]).locked) == (None, "red-flag")
    assert why_not(StartPlan(plan, on(3), "L"), case(3, [sign])) == "red-flag"
    gone = SaySymptoms(at(3), absent=(symptom,), side="R")
    assert why_not(StartPlan(plan, on(5), "L"), case(5, [sign, gone])) is None


@pytest.mark.row("A10")
@pytest.mark.parametrize("plan", PLANS[1:])
def test_a_fluoroquinolone_locks_every_plan_of_exercise_and_an_anti_inflammatory_none(plan: PlanKind) -> None:
    begun = StartPlan(plan, START, "L")
    kinds: dict[MedicineKind, str | None] = {"fluoroquinolone": "medicine", "nsaid": None}
    for kind, locked in kinds.items():
        medicine = SayMedicine(kind, on(2))
        assert view(4, [begun, medicine]).locked == locked
        assert why_not(StartPlan(plan, on(4), "L"), case(4, [medicine])) == locked
