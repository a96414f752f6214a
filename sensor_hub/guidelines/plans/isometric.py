"""Holds, then slow and heavy work, then jumps and drills (B01, B02): each phase is reached, none is skipped.

Whoever can bear slow heel drops need not begin with holds (C14); this plan is for those who cannot, or who choose it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY
from sensor_hub.guidelines.pain.place import Places
from sensor_hub.guidelines.plans import doses, progress_info, support
from sensor_hub.guidelines.plans.courses import Course
from sensor_hub.guidelines.plans.doses import counts, done_of, flaws
from sensor_hub.guidelines.plans.locks import exercise_lock
from sensor_hub.guidelines.plans.phases import HOLDS, JUMPS, jump_items, skipped
from sensor_hub.guidelines.plans.support import support_items
from sensor_hub.guidelines.plans.tolerance import bearing, exercise_pains
from sensor_hub.model.guidance import Notice, PlanGate, PlannedItem, PlanView, StageChange
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="holds",
    kind="P",
    family="plan",
    rows=("B01", "B02", "B03", "D36"),
    grade="text",
    parameters=(
        Parameter("hold_days", 14.0, "d", 7.0, 42.0),
        Parameter("slow_days", 28.0, "d", 14.0, 84.0),
        Parameter("phase_pain", 3.0, "of 10", 0.0, 5.0),
        Parameter("gate_days", 7.0, "d", 7.0, 14.0),
        Parameter("gate_sessions", 3.0, "days", 2.0, 7.0),
        Parameter("hold_sets", 5.0, "1", 1.0, 8.0),
    ),
)
State = Literal["met", "open", "unknown"]


def isometric_view(course: Course, case: Case, said: Sequence[Notice]) -> PlanView:
    """Return where somebody stands in holds, slow and heavy work, and jumps. said : may lock it."""
    stage, since, changes = _walked(course, case)
    bears = bearing(case, course.side)
    lock = exercise_lock(case, said) or ("severe-pain" if bears == "nothing" else None)
    opening = _gates(stage, since, case.today, course, case)
    reached = {course.started: HOLDS} | {change.day: change.after for change in changes}
    return PlanView(
        plan=course.plan,
        started=course.started,
        stage=stage,
        n_stages=JUMPS,
        week=(case.today - course.started).days // 7 + 1,
        since=since,
        side=course.side,
        locked=lock,
        items=() if lock else tuple(_items(HOLDS if bears == "holds" else stage, case)),
        gates=opening,
        changes=tuple(changes),
        adherence=None if lock else _adherence(stage, course, case),
        complete=stage == JUMPS and all(gate.state == "met" for gate in opening),
        violations=tuple([*_violations(course, case), *skipped(case, course.started, reached)]),
    )


def _walked(course: Course, case: Case) -> tuple[int, date, list[StageChange]]:
    stage, since, changes = HOLDS, course.started, list[StageChange]()
    for k in range((case.today - course.started).days + 1):
        day = course.started + k * DAY
        for _ in range(course.backs.count(day)):
            if stage > HOLDS:
                changes.append(StageChange(day, stage, stage - 1, "own-wish"))
            stage, since = max(stage - 1, HOLDS), day
        if stage < JUMPS and all(gate.state == "met" for gate in _gates(stage, since, day, course, case)):
            changes.append(StageChange(day, stage, stage + 1, "gates-met"))
            stage, since = stage + 1, day
    return stage, since, changes


def _gates(stage: int, since: date, day: date, course: Course, case: Case) -> tuple[PlanGate, ...]:
    if stage == JUMPS:
        watch = int(case.settings.value(progress_info.MONITORING, "watch_days"))
        left = watch - (day - course.started).days
        return (PlanGate("watched", "open" if left > 0 else "met", ("B04",), {"days_left": max(left, 0)}),)
    length = int(case.settings.value(INFO, "hold_days" if stage == HOLDS else "slow_days"))
    left = length - (day - since).days
    weeks = PlanGate("phase-days", "open" if left > 0 else "met", ("B02",), {"days_left": max(left, 0)})
    if left > 0:
        return weeks, PlanGate("sessions", "open", ("B02",)), PlanGate("exercise-pain", "open", ("B02", "D24"))
    return weeks, _sessions(stage, day, course, case), _pain(day, course, case)


def _sessions(stage: int, day: date, course: Course, case: Case) -> PlanGate:
    n_days = int(case.settings.value(INFO, "gate_days"))
    needed = (
        case.settings.value(INFO, "gate_sessions")
        if stage == HOLDS
        else case.settings.value(support.INFO, "strength_low")
    )
    done = _days_of(stage, course, case)
    n = sum(day - n_days * DAY < one <= day for one in done)
    return PlanGate(
        "sessions", "met" if n >= needed else "open", ("B01", "B03"), {"n": n, "needed": needed, "days": n_days}
    )


def _days_of(stage: int, course: Course, case: Case) -> set[date]:
    """Days with what a phase is made of."""
    places = Places(case.diary, course.side)
    if stage == HOLDS:
        done = done_of(case, "isometric-hold", course.side)
    else:
        done = [*done_of(case, "slow-heavy", course.side), *done_of(case, "heel-raise", course.side)]
        done += done_of(case, "heel-drop", course.side)
    return {case.day_of(e.at_utc) for e in done if counts(e, places.of(e.at_utc), case.settings)}


def _pain(day: date, course: Course, case: Case) -> PlanGate:
    first = day - timedelta(days=int(case.settings.value(INFO, "gate_days")) - 1)
    limit = case.settings.value(INFO, "phase_pain")
    said = [level for at, level, _ in exercise_pains(case, course.side) if first <= case.day_of(at) <= day]
    state: State = "unknown" if not said else "met" if max(said) <= limit else "open"
    return PlanGate("exercise-pain", state, ("B02", "D24"), {"limit": limit})


def _items(stage: int, case: Case) -> list[PlannedItem]:
    value = case.settings.value
    if stage == HOLDS:
        length = {"low_s": value(doses.INFO, "hold_low_s"), "high_s": value(doses.INFO, "hold_high_s")}
        sets = {"sets": value(INFO, "hold_sets")}
        found = [
            PlannedItem("isometric-hold", ("B01", "B07"), {**length, **sets, "knee": k}) for k in ("straight", "bent")
        ]
    else:
        often = {"low": value(support.INFO, "strength_low"), "high": value(support.INFO, "strength_high")}
        found = [PlannedItem("slow-heavy", ("B02", "B03", "B07"), {**often, "knee": k}) for k in ("straight", "bent")]
    if stage == JUMPS:
        found += jump_items(case)
    return [*found, *support_items(case)]


def _adherence(stage: int, course: Course, case: Case) -> float | None:
    """Days of the last 14 with the phase's exercise, as part of those due: a week three of holds, two of slow work."""
    first = max(course.started, case.today - timedelta(days=14))
    n = (case.today - first).days
    if n < 7:
        return None
    per_week = (
        case.settings.value(INFO, "gate_sessions")
        if stage == HOLDS
        else case.settings.value(support.INFO, "strength_low")
    )
    done = sum(first <= day < case.today for day in _days_of(stage, course, case))
    return min(done / (per_week * n / 7), 1.0)


def _violations(course: Course, case: Case) -> list[Notice]:
    places = Places(case.diary, course.side)
    first = max(course.started, case.today - timedelta(days=13))
    found: dict[tuple[str, date], Notice] = {}
    for one in [*done_of(case, "isometric-hold", course.side), *done_of(case, "heel-drop", course.side)]:
        day = case.day_of(one.at_utc)
        if day < first:
            continue
        for key in flaws(one, places.of(one.at_utc), case.settings):
            rows = ("B01",) if key.startswith("hold") else ("C11", "D19", "D21", "D52")
            found[key, day] = Notice(INFO.id, key, rows, "plan", day, {"day": day, "place": places.of(one.at_utc)})
    return list(found.values())
