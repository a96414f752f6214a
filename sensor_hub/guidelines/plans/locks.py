"""Why nothing of a plan may be done now, and why one may not be begun."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.place import kind_of_trouble
from sensor_hub.guidelines.pain.referral import above
from sensor_hub.guidelines.person.age import is_under_18
from sensor_hub.guidelines.person.medical_risk import weakened
from sensor_hub.guidelines.plans.courses import courses_now
from sensor_hub.guidelines.plans.levels import emergencies
from sensor_hub.model.diary import PlanKind, Said, SayClearance, StartPlan, StepPlanBack, StopPlan
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import RuleInfo

INFO: Final = RuleInfo(
    id="plan-locks",
    kind="P",
    family="medical",
    rows=("A05", "A10", "D12"),
    grade="text",
)
EXERCISES: Final[frozenset[PlanKind]] = frozenset({"mid-portion", "insertional", "isometric"})


def running_lock(case: Case, said: Sequence[Notice]) -> str | None:
    """Return why no running of a plan may be done: "red-flag", "refer" or "stop"."""
    weights = {notice.weight for notice in said}
    if case.today in emergencies(case):
        return "red-flag"
    return next((weight for weight in ("red-flag", "refer", "stop") if weight in weights), None)


def locked_since(case: Case, said: Sequence[Notice]) -> date | None:
    """First day from which what locks running holds; None where nothing does."""
    if running_lock(case, said) is None:
        return None
    return min((_from(n) for n in said if n.weight in {"red-flag", "refer", "stop"}), default=case.today)


def _from(notice: Notice) -> date:
    """Day from which a notice locks: what speaks of days in a row began to hold only after so many of them."""
    limit = notice.facts.get("limit")
    is_span = notice.key == "persists" and isinstance(limit, int | float)
    return notice.since + timedelta(days=int(limit)) if is_span else notice.since  # type: ignore[arg-type]


def exercise_lock(case: Case, said: Sequence[Notice]) -> str | None:
    """Return why no exercise may be done: "red-flag", "medicine", "place" or "refer" of severe pain.

    A stop of running is none (D15, D16): exercise begins there. Nor is pain that lasts two weeks, or it would end the
    twelve weeks that are meant for it. Pain of exercise has a gate of its own (D24, D36).
    """
    if case.today in emergencies(case) or any(n.weight == "red-flag" for n in said):
        return "red-flag"
    if weakened(case) is not None:
        return "medicine"
    if above(case):
        return "place"
    severe = [n for n in said if n.weight == "refer" and n.key == "severe" and not n.facts.get("in_exercise")]
    return "refer" if severe else None


def why_not(said: Said, case: Case) -> str | None:
    """Return why a line of the diary about plans cannot be said, a key for ``words.plans.refusal``; None if it can.

    An exercise that was done is a fact, and is always taken: one that skips a phase or uses the step where it must not
    counts for no plan, and the plan says so.
    """
    if isinstance(said, StartPlan):
        return _why_not_begun(said, case)
    if isinstance(said, StepPlanBack | StopPlan):
        going_on = {course.plan: course for course in courses_now(case.diary, max(said.day, case.today))}
        if said.plan not in going_on:
            return "no-such-plan"
        return "before-its-start" if said.day < going_on[said.plan].started else None
    if isinstance(said, SayClearance) and said.role not in {"physician", "physiotherapist"}:
        return "not-a-clinician"
    return None


def _why_not_begun(said: StartPlan, case: Case) -> str | None:
    if is_under_18(case):
        return "under-18"
    if said.day > case.today:
        return "in-the-future"
    if case.today in emergencies(case):
        return "red-flag"
    if said.plan in EXERCISES:
        lock = exercise_lock(case, ())
        if lock is not None:
            return lock
        if said.plan == "mid-portion" and kind_of_trouble(case.diary) == "insertional":
            return "insertional-is-flat"
    return None
