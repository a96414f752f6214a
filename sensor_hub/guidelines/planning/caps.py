"""What pain, a plan or a condition leave of a usual run, and why there is no plan of a week at all."""

from dataclasses import dataclass, field

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.age import is_under_18
from sensor_hub.guidelines.person.medical_risk import CONDITION
from sensor_hub.guidelines.planning.settings import INFO
from sensor_hub.model.guidance import Guidance, PlannedItem, PlanView


@dataclass(frozen=True, slots=True)
class Caps:
    """What bounds every run of the week beside the load rules.

    factor : of the usual distance. because : rules that set it. easy_only : neither hills nor speed. plan : the stage
    somebody is in, where that decides.
    """

    factor: float
    because: tuple[str, ...] = ()
    easy_only: bool = False
    plan: PlanView | None = None
    items: tuple[PlannedItem, ...] = field(default=())


def held(case: Case, guidance: Guidance) -> str | None:
    """Return the key of why nothing is planned; None where a week can be."""
    decided = guidance.verdict
    if is_under_18(case):
        return "under-18"
    if decided.hold_headroom is not None:
        return decided.hold_headroom
    if "planner" in decided.silent or (decided.running == "none" and decided.standing != "plan"):
        return decided.standing
    if decided.running == "unknown":
        return "unknown"
    return None if case.settings.is_on(INFO) else "off"


def caps_of(case: Case, guidance: Guidance) -> Caps:
    """Return what bounds the week."""
    decided = guidance.verdict
    easy_only = not (decided.hills and decided.speed)
    plan = next((p for p in guidance.plans if p.plan == "return-to-running" and p.locked is None), None)
    plan = None if plan is None or plan.complete else plan
    # what decides may be an alert or a plan, and pain leaves less all the same
    less_by = (n.rule for n in (*guidance.notices, *decided.because) if n.weight == "caution" and "cap_low" in n.facts)
    because = tuple(dict.fromkeys(less_by))
    growth = case.settings.value(INFO, "growth")
    less = decided.cap_high or decided.cap_low  # what pain leaves holds beside a plan too
    if decided.running in {"plan", "none"} and plan is not None:
        hilly = plan.hills is not False and plan.speed is not False
        binds = because if less else ("plan-stage",)
        return Caps(min(growth, less or growth), binds, easy_only or not hilly, plan, plan.items)
    if decided.running == "reduced":
        return Caps(less or 1.0, because, easy_only=True)
    if case.diary.profile.conditions and case.settings.is_on(CONDITION):
        return Caps(case.settings.value(CONDITION, "growth"), (CONDITION.id,), easy_only)
    return Caps(growth, (), easy_only)
