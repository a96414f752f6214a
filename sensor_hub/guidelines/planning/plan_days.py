"""The next seven days of somebody who returns to running: what the stage allows, with its days between."""

from datetime import date

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY
from sensor_hub.guidelines.planning.days import N_DAYS, STAGE, Planned, as_far_as_allowed, first_day
from sensor_hub.guidelines.planning.pattern import Pattern
from sensor_hub.guidelines.planning.settings import INFO
from sensor_hub.model.guidance import PlannedDay, PlanView


def stage_days(case: Case, pattern: Pattern | None, plan: PlanView, factor: float = 1.0) -> Planned:
    """Return seven days: runs as long as the stage has them, the first no longer than the last one was answered well.

    factor : of the stage's time, where pain leaves less than all of it. Without a usual pace nobody knows how far such
    a run goes: its distance is None, and it is judged by its time only. After a run that is only planned a day is kept
    free also where the stage allows consecutive days: how its 24 hours will be answered nobody knows yet (D28).
    """
    planned = Planned(case.runs_between(date.min, case.today))
    last = max((r.day for r in planned.runs), default=None)
    next_s, next_m, rest_days = plan.next_max_s, plan.next_max_m, plan.rest_days
    for day in (first_day(case) + n * DAY for n in range(N_DAYS)):
        high_s = (plan.run_high_s or 0.0) * min(factor, 1.0)
        if high_s <= 0 or (last is not None and (day - last).days <= rest_days):
            planned.days.append(PlannedDay(day, "rest", 0.0, 0.0, 0.0, STAGE, plan.items))
            continue
        duration_s = high_s if next_s is None else min(high_s, next_s)
        run = _add(case, planned, pattern, plan, day, duration_s, next_m)
        if run:
            last, next_s, next_m, rest_days = day, None, None, max(plan.rest_days, 1)
    return planned


def _add(
    case: Case, planned: Planned, pattern: Pattern | None, plan: PlanView, day: date, duration_s: float,
    most_m: float | None,
) -> bool:  # fmt: skip
    """Add a run; False where a rule leaves none."""
    if pattern is None or pattern.speed_mps is None:
        planned.days.append(PlannedDay(day, "plan", None, None, duration_s, STAGE, plan.items))
        return True
    wanted_m = duration_s * pattern.speed_mps
    wanted_m = wanted_m if most_m is None else min(wanted_m, most_m)
    least_m = min(case.settings.value(INFO, "least_m"), wanted_m)
    run, found = as_far_as_allowed(case, planned, pattern, day, wanted_m, least_m)
    binds = tuple(dict.fromkeys(rule for _, rule in found)) or STAGE
    planned.binds |= dict.fromkeys(found)
    if run is None:
        planned.days.append(PlannedDay(day, "rest", 0.0, 0.0, 0.0, binds, plan.items))
        return False
    planned.days.append(PlannedDay(day, "plan", run.distance_m, run.load_eq_km, run.duration_s, binds, plan.items))
    return True
