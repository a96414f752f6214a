"""What stands beside every exercise plan: a checklist without an order, hips, glutes, and what a plan may not lack."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.plans.checklist import around_a_run
from sensor_hub.guidelines.plans.levels import of_the_tendon
from sensor_hub.model.diary import ExerciseName
from sensor_hub.model.guidance import PlannedItem
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="exercise-support",
    kind="P",
    family="plan",
    rows=("B03", "B06", "B07", "E07", "E08", "E14", "D20", "D58"),
    grade="text",
    parameters=(
        Parameter("strength_low", 2.0, "days/week", 1.0, 3.0, ours=False),
        Parameter("strength_high", 3.0, "days/week", 2.0, 7.0, ours=False),
        Parameter("done_days", 14.0, "d", 7.0, 28.0),
    ),
)
LOADING: Final = frozenset({"heel-drop", "heel-raise", "isometric-hold", "slow-heavy", "strength"})
STRETCHES: Final = frozenset({"stretch", "mobility", "calf-stretch", "ankle-mobility"})


def support_items(case: Case) -> list[PlannedItem]:
    """Return the items beside the exercise. done : whether it was logged lately; the five have no order (E08)."""
    if not case.settings.is_on(INFO):
        return around_a_run(case, runs=False)
    return [
        PlannedItem("check-pain", ("E08",), {"done": _said_pain(case)}),
        PlannedItem("check-comfort", ("E08",), {"done": _cared(case)}),
        PlannedItem("check-mobility", ("E08",), {"done": _did(case, "ankle-mobility")}),
        PlannedItem("check-glutes", ("E07", "E08"), {"done": _did(case, "glutes")}),
        PlannedItem("check-form", ("E08",), {"done": None}),
        PlannedItem("glutes", ("E07", "E14")),
        PlannedItem("hips", ("D58",), {"done": _did(case, "hips")}),
        PlannedItem(
            "strength",
            ("B03",),
            {"low": case.settings.value(INFO, "strength_low"), "high": case.settings.value(INFO, "strength_high")},
        ),
        *around_a_run(case, runs=False),
    ]


def flaws_of_plan(items: Sequence[PlannedItem]) -> list[str]:
    """Return what makes a plan no plan, keys: "no-loading", "stretching-only", "no-bent-knee", "no-straight-knee".

    Rest, ice or stretches alone load no tendon (B06, A14); the deep calf muscle needs the bent knee (B07).
    """
    loading = [item for item in items if item.key in LOADING]
    if not loading:
        return ["stretching-only" if any(item.key in STRETCHES for item in items) else "no-loading"]
    knees = {item.facts.get("knee") for item in loading}
    return [f"no-{knee}-knee" for knee in ("straight", "bent") if knee not in knees]


def _recent_days(case: Case) -> int:
    return int(case.settings.value(INFO, "done_days"))


def _did(case: Case, exercise: ExerciseName) -> bool:
    first = case.now_utc - timedelta(days=_recent_days(case))
    return any(e.exercise == exercise and first <= e.at_utc <= case.now_utc for e in case.diary.exercises)


def _said_pain(case: Case) -> bool:
    first = case.now_utc - timedelta(days=_recent_days(case))
    return any(of_the_tendon(p) and first <= p.at_utc <= case.now_utc for p in case.diary.pains)


def _cared(case: Case) -> bool:
    first = case.today - timedelta(days=_recent_days(case))
    iced = any(c.kind == "ice" and (c.last or c.first) >= first and c.first <= case.today for c in case.diary.care)
    eased = any(
        m.kind == "nsaid" and (m.last or m.first) >= first and m.first <= case.today for m in case.diary.medicines
    )
    return iced or eased
