"""Sessions that were not in the plan (D25-D33c): what was run too early, too long, too soon or too fast."""

from collections.abc import Sequence
from datetime import date, timedelta

from sensor_hub.guidelines.history import DAY, Run, week_of
from sensor_hub.guidelines.plans import clearance, walk_run
from sensor_hub.guidelines.plans.courses import Course
from sensor_hub.guidelines.plans.efforts import is_fast, is_hilly
from sensor_hub.guidelines.plans.return_gates import Evidence, after_hill, settled
from sensor_hub.guidelines.plans.stages import HILLS, INFO, SPEED, WALK_RUN, stage
from sensor_hub.model.guidance import Fact, Notice, StageChange


def stage_on(day: date, changes: Sequence[StageChange]) -> int:
    """The stage of a day; of a day it changed on the higher one, for a run then was begun in either."""
    reached = 1
    for change in changes:
        if change.day < day:
            reached = change.after
        elif change.day == day:
            reached = max(reached, change.before, change.after)
    return reached


def violations(course: Course, changes: Sequence[StageChange], seen: Evidence) -> list[Notice]:
    """Return what was not in the plan, of the last days that are told about, newest first."""
    first = max(course.started, seen.case.today - timedelta(days=int(seen.value("told_days")) - 1))
    found: list[Notice] = []
    for k, run in enumerate(seen.runs):
        if run.day >= first and run.day > course.started:  # on its first day a run may have been before it
            found += _of_run(run, seen.runs[:k], stage_on(run.day, changes), course, seen)
    return found[::-1]


def _of_run(run: Run, before: Sequence[Run], n: int, course: Course, seen: Evidence) -> list[Notice]:
    if n == 1:
        return [_notice("ran", ("D25", "D56"), run, n)]
    found = [*_length(run, n, seen), *_hills(run, before, n, seen), *_speed(run, before, n, seen)]
    last = next((r for r in reversed(before) if r.day >= course.started), None)
    return found if last is None else [*found, *_after_the_last(run, last, n, seen)]


def _length(run: Run, n: int, seen: Evidence) -> list[Notice]:
    found: list[Notice] = []
    high_s = stage(n).high_s
    if high_s is not None and run.duration_s > high_s * (1 + seen.value("too_long")):
        facts: dict[str, Fact] = {"duration_s": run.duration_s, "high_s": high_s}
        found.append(_notice("too-long", (stage(n).row, "D33c"), run, n, facts))
    if n != WALK_RUN or not seen.case.settings.is_on(walk_run.INFO):
        return found
    turns = walk_run.check_of(run.sid, seen.case.walk_runs, seen.case.settings)
    if turns is None or turns.fits is None:
        return [*found, _notice("turns-unknown", ("D26",), run, n, weight_unknown=True)]
    if not turns.fits:
        facts = {"longest_run_s": turns.longest_run_s, "shortest_walk_s": turns.shortest_walk_s, "n_runs": turns.n_runs}
        found.append(_notice("not-by-turns", ("D26",), run, n, facts))
    return found


def _hills(run: Run, before: Sequence[Run], n: int, seen: Evidence) -> list[Notice]:
    if not is_hilly(run, seen.case.settings):
        return []
    if n < HILLS:
        return [_notice("hills", ("D29", "D33c"), run, n)]
    if n > HILLS:
        return []
    recent = [r for r in before if (run.day - r.day).days < seen.value("stage_days")]
    last = next((r for r in reversed(recent) if is_hilly(r, seen.case.settings)), None)
    early = last is not None and (
        run.start_utc < last.end_utc + timedelta(hours=seen.value("hill_wait_h"))
        or after_hill(last, seen, run.start_utc) is not True
    )
    return [_notice("hills-too-soon", ("D30",), run, n)] if early else []


def _speed(run: Run, before: Sequence[Run], n: int, seen: Evidence) -> list[Notice]:
    case = seen.case
    if not is_fast(run, seen.runs, case.settings):
        return []
    if n < SPEED:
        return [_notice("fast", ("D31", "D33c"), run, n)]
    week = week_of(run.day, case.athlete.week_start)
    fast = [
        r for r in before if week_of(r.day, case.athlete.week_start) == week and is_fast(r, seen.runs, case.settings)
    ]
    found = [_notice("fast-again", ("D32",), run, n)] if len(fast) >= seen.value("speed_per_week") else []
    if clearance.is_locked(case, run.day):
        found.append(_notice("not-cleared", ("A08",), run, n))
    return found


def _after_the_last(run: Run, last: Run, n: int, seen: Evidence) -> list[Notice]:
    found: list[Notice] = []
    next_day = (run.day - last.day).days <= stage(n).rest_days
    if next_day:
        found.append(_notice("no-day-between", (stage(n).row,), run, n))
    elif stage(n).rest_days == 0 and (run.day - last.day).days <= 1 and settled(last, seen) is False:
        found.append(_notice("next-day-not-settled", ("D28",), run, n))
    if settled(last, seen) is False and run.start_utc >= last.end_utc + DAY:
        keep = 1 - seen.value("reduction")
        more_m = run.distance_m is not None and last.distance_m is not None and run.distance_m > keep * last.distance_m
        if more_m or run.duration_s > keep * last.duration_s > 0:
            found.append(_notice("not-smaller", ("D33b",), run, n, {"reduction": seen.value("reduction")}))
    return found


def _notice(
    key: str,
    rows: tuple[str, ...],
    run: Run,
    n: int,
    facts: dict[str, Fact] | None = None,
    *,
    weight_unknown: bool = False,
) -> Notice:
    told: dict[str, Fact] = {"stage": n, "day": run.day, **(facts or {})}
    return Notice(INFO.id, key, rows, "unknown" if weight_unknown else "plan", run.day, told, run.sid)
