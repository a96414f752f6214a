"""What is left today and this week, and a next week that keeps every rule."""

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.planning.caps import caps_of, held
from sensor_hub.guidelines.planning.days import first_day, next_days
from sensor_hub.guidelines.planning.lefts import left_this_week, left_today
from sensor_hub.guidelines.planning.pattern import pattern_of
from sensor_hub.guidelines.planning.plan_days import stage_days
from sensor_hub.model.guidance import Guidance, WeekPlan


def plan_week(case: Case, guidance: Guidance) -> WeekPlan:
    """Return what each limit leaves, and the next seven days; nothing under a stop or worse.

    held : why no week is planned: what weighs more than load (then nothing is left either), "under-18", "unknown" where
    an answer is due that could stop running, "no-history" where nothing is usual yet, or "off".
    """
    why = held(case, guidance)
    if guidance.verdict.hold_headroom is not None:
        return WeekPlan(held=why)
    today, week = left_today(case), left_this_week(case)
    if why is not None:
        return WeekPlan(today, week, held=why)
    caps, pattern = caps_of(case, guidance), pattern_of(case, first_day(case))
    if caps.plan is not None and caps.plan.run_high_s is not None:
        planned = stage_days(case, pattern, caps.plan, caps.factor)
    elif pattern is None:
        return WeekPlan(today, week, held="no-history")
    else:
        planned = next_days(case, pattern, caps)
    return WeekPlan(today, week, tuple(planned.days), tuple(planned.binds))
