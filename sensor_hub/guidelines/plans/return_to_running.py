"""Coming back to running as a state machine, worked out anew from diary and runs each time.

A day at a time: a wish to go back, then pain above 3, then the gates. The stage comes first and the day it began on
second: more pain never leads further, because it can only take a stage away or let its two weeks begin again, and what
opens a gate does not depend on when the stage began (``return_gates``).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY, Run, week_of
from sensor_hub.guidelines.plans import clearance
from sensor_hub.guidelines.plans.checklist import around_a_run
from sensor_hub.guidelines.plans.courses import Course
from sensor_hub.guidelines.plans.efforts import is_fast, is_hilly
from sensor_hub.guidelines.plans.holds import held_days
from sensor_hub.guidelines.plans.levels import emergencies, outside_exercise
from sensor_hub.guidelines.plans.locks import locked_since, running_lock
from sensor_hub.guidelines.plans.return_gates import (
    Evidence,
    after_hill,
    evidence_of,
    flared,
    gates,
    settled,
    stage_back_above,
)
from sensor_hub.guidelines.plans.stages import HILLS, INFO, N_STAGES, SPEED, Stage, running_items, stage
from sensor_hub.guidelines.plans.violations import violations
from sensor_hub.model.diary import SayPain
from sensor_hub.model.guidance import Notice, PlannedItem, PlanView, RunResponse, StageChange


@dataclass(slots=True)
class _Standing:
    """Where somebody stands. since : when the stage began, or began again. moved_utc : pain that has cost its stage."""

    stage: int
    since: date
    moved_utc: datetime | None = None


def return_view(course: Course, case: Case, answered: Sequence[RunResponse], said: Sequence[Notice]) -> PlanView:
    """Return where somebody stands in coming back to running. said : what the diary rules say, which may lock it."""
    seen = evidence_of(case, answered)
    lock = running_lock(case, said)
    standing, changes = _walked(course, seen, locked_since(case, said))
    at = stage(standing.stage)
    opening = gates(standing.stage, standing.since, case.today, seen)
    broken = violations(course, changes, seen)
    last = max((run for run in seen.runs if run.day >= course.started), key=lambda r: r.start_utc, default=None)
    too_much = last is not None and settled(last, seen) is False
    keep = 1 - seen.value("reduction")
    resting = standing.stage == 1 and lock == "stop"  # there is no running in it that a stop could end (D15, D25)
    hills, speed = _hills_now(at, seen), _speed_now(at, seen)
    return PlanView(
        plan=course.plan,
        started=course.started,
        stage=standing.stage,
        n_stages=N_STAGES,
        week=(case.today - course.started).days // 7 + 1,
        since=standing.since,
        side=course.side,
        locked=lock,
        run_low_s=at.low_s,
        run_high_s=at.high_s,
        hills=hills,
        speed=speed,
        rest_days=_rest_days(at, last, seen),
        next_max_m=keep * last.distance_m if last and too_much and last.distance_m is not None else None,
        next_max_s=keep * last.duration_s if last and too_much and last.duration_s > 0 else None,
        items=_items(at, course, case, hills=hills, speed=speed) if lock is None or resting else (),
        gates=opening,
        changes=tuple(changes),
        complete=standing.stage == N_STAGES and lock is None and all(gate.state == "met" for gate in opening),
        violations=tuple(broken),
    )


def _walked(course: Course, seen: Evidence, held_from: date | None) -> tuple[_Standing, list[StageChange]]:
    """Go through the days of a plan."""
    case = seen.case
    limit = stage_back_above(case)
    pains: defaultdict[date, list[SayPain]] = defaultdict(list)
    for pain in sorted(outside_exercise(case), key=lambda p: (p.at_utc, p.level)):
        if pain.level > limit:
            pains[case.day_of(pain.at_utc)].append(pain)
    alarmed, held_then = emergencies(case), held_days(case)
    standing, changes = _Standing(1, course.started), list[StageChange]()
    for n in range((case.today - course.started).days + 1):
        day = course.started + n * DAY
        if day in alarmed:
            standing.since = day
        for _ in range(course.backs.count(day)):
            _back(standing, day, "own-wish", None, changes)
        for pain in pains.get(day, ()):
            _after_pain(standing, pain, day, seen, changes)
        held = day in held_then or (held_from is not None and day >= held_from)
        if held or standing.stage == N_STAGES or (day - standing.since).days < seen.value("stage_days"):
            continue
        if all(gate.state == "met" for gate in gates(standing.stage, standing.since, day, seen)):
            changes.append(StageChange(day, standing.stage, standing.stage + 1, "gates-met"))
            standing.stage, standing.since, standing.moved_utc = standing.stage + 1, day, None
    return standing, changes


def _back(standing: _Standing, day: date, because: str, sid: str | None, changes: list[StageChange]) -> None:
    if standing.stage > 1:
        changes.append(StageChange(day, standing.stage, standing.stage - 1, because, sid))
    standing.stage, standing.since = max(standing.stage - 1, 1), day


def _after_pain(standing: _Standing, pain: SayPain, day: date, seen: Evidence, changes: list[StageChange]) -> None:
    """Take a stage for pain above the limit, once: until the next run only the weeks begin again."""
    before = [run for run in seen.runs if run.start_utc <= pain.at_utc]
    newest = before[-1] if before else None
    moved = standing.moved_utc
    if moved is not None and (newest is None or newest.start_utc <= moved):
        standing.since = day
        return
    sid = pain.sid or (
        newest.sid if newest is not None and pain.at_utc - newest.end_utc <= timedelta(hours=48) else None
    )
    _back(standing, day, "pain-above-3", sid, changes)
    standing.moved_utc = pain.at_utc


def _rest_days(at: Stage, last: Run | None, seen: Evidence) -> int:
    """Consecutive days are free only while the 24 hours after the last run were answered well (D28)."""
    if at.rest_days or last is None or at.n == 1:
        return at.rest_days
    return 0 if settled(last, seen) else 1


def _hills_now(at: Stage, seen: Evidence) -> bool:
    """One hilly session, then 48 hours in which all stays well, before another one (D30)."""
    if at.n != HILLS:
        return at.hills
    recent = [run for run in _recent(seen) if is_hilly(run, seen.case.settings)]
    return not recent or after_hill(recent[-1], seen) is True


def _speed_now(at: Stage, seen: Evidence) -> bool:
    """One fast session a week, with a clinician's word, and not while the last one is unanswered or was too much."""
    case = seen.case
    if at.n != SPEED or clearance.is_locked(case):
        return False
    recent = [run for run in _recent(seen) if is_fast(run, seen.runs, case.settings)]
    week = week_of(case.today, case.athlete.week_start)
    if sum(week_of(run.day, case.athlete.week_start) == week for run in recent) >= seen.value("speed_per_week"):
        return False
    return not recent or flared(recent[-1], seen) is False


def _recent(seen: Evidence) -> list[Run]:
    """The runs of the last two weeks."""
    return seen.between(seen.case.today - timedelta(days=int(seen.value("stage_days")) - 1), seen.case.today)


def _items(at: Stage, course: Course, case: Case, *, hills: bool, speed: bool) -> tuple[PlannedItem, ...]:
    shut = {key for key, free in (("gentle-hills", hills), ("speed", speed)) if not free}
    items = [item for item in running_items(at.n, case.settings, course.usual_m) if item.key not in shut]
    items.append(
        PlannedItem("begin-exercise" if at.n == 1 else "exercise-goes-on", ("D25",) if at.n == 1 else ("D27",))
    )
    if at.n == SPEED:
        items.append(
            PlannedItem("maintenance", ("D32", "D44"), {"low_sets": 2, "high_sets": 3, "reps": 15, "per_week": 2})
        )
    return (*items, *around_a_run(case, runs=at.n > 1))


__all__ = ["INFO", "return_view"]
