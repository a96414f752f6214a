"""Where somebody stands in each of their plans, and what the plans say."""

from collections.abc import Sequence

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice, PlanView, RunResponse


def plan_views(case: Case, answered: Sequence[RunResponse], said: Sequence[Notice]) -> tuple[PlanView, ...]:
    """Return the plans that go on, or are complete. said : what the diary rules say, which may lock a plan."""
    return ()


def plan_notices(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Return what the plan rules say, also of somebody who follows none."""
    return []
