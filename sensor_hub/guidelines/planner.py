"""What is left today and this week, and a next week that keeps every rule."""

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Guidance, WeekPlan


def plan_week(case: Case, guidance: Guidance) -> WeekPlan:
    """Return what each limit leaves, and the next seven days; nothing under a stop or worse."""
    return WeekPlan()
