"""Exercise beside the protocols: strength two or three times a week, loading and not only stretching, some at all."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import week_of
from sensor_hub.guidelines.plans.courses import courses
from sensor_hub.guidelines.plans.heel_drops import INFO as HEEL_DROPS
from sensor_hub.guidelines.plans.phases import PHASE
from sensor_hub.model.diary import ExerciseName
from sensor_hub.model.guidance import Fact, Notice, PlanView
from sensor_hub.model.rule import Parameter, RuleInfo

PREVENTION: Final = RuleInfo(
    id="prevention",
    kind="P",
    family="plan",
    rows=("E05",),
    grade="text",
    parameters=(Parameter("days", 14.0, "d", 7.0, 28.0),),
)
STRENGTH: Final = RuleInfo(
    id="strength-days",
    kind="P",
    family="plan",
    rows=("B03",),
    grade="text",
    parameters=(
        Parameter("low", 2.0, "days/week", 1.0, 3.0, ours=False),
        Parameter("high", 3.0, "days/week", 2.0, 7.0, ours=False),
    ),
)
LOADING: Final = RuleInfo(
    id="loading-not-stretching",
    kind="P",
    family="plan",
    rows=("B06", "A14"),
    grade="text",
    parameters=(Parameter("days", 14.0, "d", 7.0, 28.0),),
)
STAYING: Final = RuleInfo(
    id="stay-with-it",
    kind="P",
    family="plan",
    rows=("D23",),
    grade="text",
    parameters=(Parameter("told_days", 28.0, "d", 1.0, 90.0),),
)
INFOS: Final = (PREVENTION, STRENGTH, LOADING, STAYING)
_STRENGTH: Final[frozenset[ExerciseName]] = frozenset({"strength", "slow-heavy"})
_STRETCHES: Final[frozenset[ExerciseName]] = frozenset({"calf-stretch", "ankle-mobility"})
_LOADS: Final[frozenset[ExerciseName]] = frozenset({*PHASE, "strength", "split-squat", "box-jump"})


def prevention_notices(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Say what of these rules holds today."""
    return [*_none_at_all(case), *_strength(case, plans), *_only_stretches(case, plans), *_stopped_early(case)]


def _since(case: Case, days: float) -> date:
    return case.today - timedelta(days=int(days) - 1)


def _none_at_all(case: Case) -> list[Notice]:
    """No exercise was logged for two weeks by somebody who runs; what was done and not logged nobody knows."""
    if not case.settings.is_on(PREVENTION):
        return []
    days = case.settings.value(PREVENTION, "days")
    first = _since(case, days)
    done = any(first <= case.day_of(e.at_utc) <= case.today for e in case.diary.exercises)
    if done or not case.runs_between(first, case.today):
        return []
    return [Notice(PREVENTION.id, "none", ("E05",), "info", case.today, {"days": days})]


def _strength(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Strength days of the last full week, outside a protocol's heel drops (C13), of who follows an exercise plan."""
    monday = week_of(case.today, case.athlete.week_start) - timedelta(days=7)
    in_plan = any(view.plan != "return-to-running" and view.started <= monday for view in plans)
    if not case.settings.is_on(STRENGTH) or not in_plan:
        return []
    days = {case.day_of(e.at_utc) for e in case.diary.exercises if e.exercise in _STRENGTH}
    n = sum(monday <= day < monday + timedelta(days=7) for day in days)
    low, high = case.settings.value(STRENGTH, "low"), case.settings.value(STRENGTH, "high")
    facts: dict[str, Fact] = {"n": n, "low": low, "high": high, "monday": monday}
    if n > high:
        return [Notice(STRENGTH.id, "too-many", ("B03",), "caution", monday, facts)]
    if n == 0:
        return [Notice(STRENGTH.id, "none-logged", ("B03",), "unknown", monday, facts)]
    return [Notice(STRENGTH.id, "too-few", ("B03",), "info", monday, facts)] if n < low else []


def _only_stretches(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Stretches or comfort and nothing that loads, in a plan or a spell of trouble: that is no plan (B06, A14)."""
    told = [e for e in case.diary.episodes if e.day <= case.today]
    if not case.settings.is_on(LOADING) or not (plans or (told and told[-1].state == "began")):
        return []
    first = _since(case, case.settings.value(LOADING, "days"))
    done = {e.exercise for e in case.diary.exercises if first <= case.day_of(e.at_utc) <= case.today}
    if done & _LOADS:
        return []
    if done & _STRETCHES:
        return [Notice(LOADING.id, "stretching-only", ("B06",), "caution", case.today)]
    cared = any(c.kind in {"ice", "compression"} and first <= (c.last or c.first) for c in case.diary.care)
    return [Notice(LOADING.id, "comfort-only", ("A14",), "caution", case.today)] if cared else []


def _stopped_early(case: Case) -> list[Notice]:
    """A protocol of twelve weeks that was ended sooner, also where it no longer hurts."""
    if not case.settings.is_on(STAYING):
        return []
    full = timedelta(days=int(case.settings.value(HEEL_DROPS, "days")))
    told = _since(case, case.settings.value(STAYING, "told_days"))
    found = []
    all_courses = courses(case.diary, case.today)
    for course in all_courses:
        if course.plan not in {"mid-portion", "insertional"} or course.ended is None or course.ended < told:
            continue
        goes_on = any(c.plan in {"mid-portion", "insertional"} and c.started >= course.ended for c in all_courses)
        if course.ended - course.started < full and not goes_on:
            weeks = (course.ended - course.started).days // 7
            facts: dict[str, Fact] = {"weeks": weeks, "ended": course.ended}
            found.append(Notice(STAYING.id, "ended-early", ("D23",), "info", course.ended, facts))
    return found
