"""Which plans somebody has begun, gone back in and ended, as the diary tells it."""

from dataclasses import dataclass, replace
from datetime import date

from sensor_hub.guidelines.diary import Diary
from sensor_hub.model.diary import PainSide, PlanKind, StartPlan, StepPlanBack


@dataclass(frozen=True, slots=True)
class Course:
    """One plan from its first day on. backs : days of going back by one's own wish. ended : the day it was ended on."""

    plan: PlanKind
    started: date
    side: PainSide = "both"
    usual_m: float | None = None
    backs: tuple[date, ...] = ()
    ended: date | None = None


def courses(diary: Diary, today: date) -> tuple[Course, ...]:
    """Return every plan begun until today, by first day; another start of its kind ends the one before."""
    going_on: dict[PlanKind, Course] = {}
    over: list[Course] = []
    for change in diary.plan_changes:
        if change.day > today:
            continue
        course = going_on.get(change.plan)
        if isinstance(change, StartPlan):
            if course is not None:
                over.append(replace(course, ended=change.day))
            going_on[change.plan] = Course(change.plan, change.day, change.side, change.usual_m)
        elif course is None:
            continue
        elif isinstance(change, StepPlanBack):
            going_on[change.plan] = replace(course, backs=(*course.backs, change.day))
        else:
            over.append(replace(going_on.pop(change.plan), ended=change.day))
    return tuple(sorted([*over, *going_on.values()], key=lambda c: (c.started, c.ended or date.max, c.plan)))


def courses_now(diary: Diary, today: date) -> tuple[Course, ...]:
    """Return the plans that go on today."""
    return tuple(course for course in courses(diary, today) if course.ended is None)
