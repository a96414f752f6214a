"""Everything the guidelines say of a person now, in the order they depend on each other."""

from collections.abc import Sequence
from dataclasses import replace

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.load_notices import load_notices
from sensor_hub.guidelines.pain.accounts import accounts
from sensor_hub.guidelines.pain.asking import asks
from sensor_hub.guidelines.pain.notices import diary_notices
from sensor_hub.guidelines.pain.responses import LAST_DAYS, responses_of
from sensor_hub.guidelines.person.notices import person_notices
from sensor_hub.guidelines.plans.standing import plan_notices, plan_views
from sensor_hub.guidelines.shoes.notices import shoe_notices
from sensor_hub.guidelines.verdict import verdict
from sensor_hub.model.guidance import WEIGHTS, Guidance, Notice, PlanView


def _as_plans_went(notice: Notice, plans: Sequence[PlanView]) -> Notice:
    """Say of a stop that a plan goes back only where it did: there is no stage before the first, and none twice."""
    if not notice.facts.get("plan_back"):
        return notice
    backs = [change for view in plans for change in view.changes if change.because == "pain-above-3"]
    went = any(change.day == notice.since or (notice.sid and change.sid == notice.sid) for change in backs)
    return notice if went else replace(notice, facts=notice.facts | {"plan_back": False})


def guide(case: Case) -> Guidance:
    """Return notices, heaviest first, with responses, plans, questions and the verdict.

    Under a stop or worse, what would only disturb is left out (``Verdict.silent``).
    """
    told = accounts(case, LAST_DAYS)
    answered = responses_of(case, told)
    said = [*diary_notices(case, told), *person_notices(case, answered)]
    plans = plan_views(case, answered, said)
    said = [_as_plans_went(notice, plans) for notice in said]
    notices = [*said, *plan_notices(case, plans), *shoe_notices(case), *load_notices(case, answered)]
    decided = verdict(notices, plans)
    heard = [n for n in notices if not ("under-load" in decided.silent and n.rule == "under-load")]
    return Guidance(
        athlete=case.athlete.id,
        day=case.today,
        verdict=decided,
        notices=tuple(sorted(heard, key=lambda n: WEIGHTS.index(n.weight))),
        responses=answered,
        plans=plans,
        asks=asks(case, answered, said),
    )
