"""Where somebody stands in each of their plans, and what the plans say."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.responses import responses
from sensor_hub.guidelines.person.age import is_under_18
from sensor_hub.guidelines.plans import heel_drops, isometric
from sensor_hub.guidelines.plans.checklist import stretch_notices
from sensor_hub.guidelines.plans.clearance import clearance_notices
from sensor_hub.guidelines.plans.courses import Course, courses_now
from sensor_hub.guidelines.plans.heel_drops import heel_drop_view
from sensor_hub.guidelines.plans.isometric import isometric_view
from sensor_hub.guidelines.plans.phases import depth_jump_notices
from sensor_hub.guidelines.plans.prevention import prevention_notices
from sensor_hub.guidelines.plans.progress import progress_notices
from sensor_hub.guidelines.plans.return_gates import stage_back_above
from sensor_hub.guidelines.plans.return_to_running import return_view
from sensor_hub.guidelines.plans.stages import INFO
from sensor_hub.model.diary import PlanKind
from sensor_hub.model.guidance import Fact, Notice, PlanView, RunResponse
from sensor_hub.model.rule import RuleInfo

_RULE_OF: Final[dict[PlanKind, RuleInfo]] = {
    "return-to-running": INFO,
    "mid-portion": heel_drops.INFO,
    "insertional": heel_drops.INFO,
    "isometric": isometric.INFO,
}


def plan_views(case: Case, answered: Sequence[RunResponse], said: Sequence[Notice]) -> tuple[PlanView, ...]:
    """Return the plans that go on, or are complete. said : what the diary rules say, which may lock a plan.

    Under 18 there is none, whatever was begun.
    """
    if is_under_18(case):
        return ()
    courses = [c for c in courses_now(case.diary, case.today) if case.settings.is_on(_RULE_OF[c.plan])]
    return tuple(_view(course, case, answered, said) for course in courses)


def _view(course: Course, case: Case, answered: Sequence[RunResponse], said: Sequence[Notice]) -> PlanView:
    if course.plan == "return-to-running":
        return return_view(course, case, _since(course.started, case, answered), said)
    return isometric_view(course, case, said) if course.plan == "isometric" else heel_drop_view(course, case, said)


def _since(started: date, case: Case, answered: Sequence[RunResponse]) -> Sequence[RunResponse]:
    """Return the answers to every run of a plan, which may have begun before those that were asked for."""
    known = {answer.sid for answer in answered}
    runs = [run for run in case.runs if run.ended and run.day >= started]
    if all(run.sid in known for run in runs):
        return answered
    older = responses(case, n_days=(case.today - min(run.day for run in runs)).days + 1)
    return [*answered, *(answer for answer in older if answer.sid not in known)]


def plan_notices(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Return what the plan rules say, also of somebody who follows none."""
    if is_under_18(case):
        return []
    found = [notice for view in plans for notice in view.violations]
    for view in plans:
        found += _of_plan(view, case)
    return [
        *found,
        *clearance_notices(case),
        *depth_jump_notices(case),
        *stretch_notices(case),
        *prevention_notices(case, plans),
        *progress_notices(case, plans),
    ]


def _of_plan(view: PlanView, case: Case) -> list[Notice]:
    """Say that a plan went back, that the next run is to be smaller, and what is not known that would open a stage."""
    if view.plan != "return-to-running":
        return []
    found = []
    told = case.today - timedelta(days=int(case.settings.value(INFO, "told_days")) - 1)
    for change in view.changes[::-1]:
        if change.day >= told and change.after < change.before:
            facts: dict[str, Fact] = {"before": change.before, "after": change.after, "because": change.because}
            facts["above"] = stage_back_above(case)
            found.append(Notice(INFO.id, "stage-back", ("D33",), "plan", change.day, facts, change.sid))
            break
    if view.next_max_m is not None or view.next_max_s is not None:
        facts = {"next_max_m": view.next_max_m, "next_max_s": view.next_max_s}
        found.append(Notice(INFO.id, "next-smaller", ("D33b",), "plan", case.today, facts))
    over = any(gate.key == "weeks" and gate.state == "met" for gate in view.gates)
    unknown = [gate.key for gate in view.gates if gate.state == "unknown"]
    if over and unknown:
        rows = tuple(row for gate in view.gates if gate.state == "unknown" for row in gate.rows)
        found.append(Notice(INFO.id, "gate-unknown", rows, "unknown", case.today, {"gates": " ".join(unknown)}))
    return found
