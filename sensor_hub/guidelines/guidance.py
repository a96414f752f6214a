"""Everything the guidelines say of a person now, in the order they depend on each other."""

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
from sensor_hub.model.guidance import WEIGHTS, Guidance


def guide(case: Case) -> Guidance:
    """Return notices, heaviest first, with responses, plans, questions and the verdict.

    Under a stop or worse, what would only disturb is left out (``Verdict.silent``).
    """
    told = accounts(case, LAST_DAYS)
    answered = responses_of(case, told)
    said = [*diary_notices(case, told), *person_notices(case, answered)]
    plans = plan_views(case, answered, said)
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
        asks=asks(case, answered),
    )
