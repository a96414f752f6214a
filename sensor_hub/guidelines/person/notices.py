"""What the rules of profile, medicines, care, episodes and too little load say now."""

from collections.abc import Callable, Sequence
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person import (
    age,
    calf_and_ankle,
    care,
    episodes,
    medical_risk,
    medicines,
    missing,
    under_load,
    vulnerable,
)
from sensor_hub.model.guidance import Notice, RunResponse
from sensor_hub.model.rule import RuleInfo

_RULES: Final[tuple[tuple[RuleInfo, Callable[[Case], list[Notice]]], ...]] = (
    (medical_risk.FLUOROQUINOLONE, medical_risk.fluoroquinolone),
    (medical_risk.CONDITION, medical_risk.condition),
    (under_load.INFO, under_load.under_load),
    (medicines.INFO, medicines.anti_inflammatory),
    (episodes.COMES_BACK, episodes.comes_back),
    (episodes.FIRST_YEAR, episodes.first_year),
    (vulnerable.INFO, vulnerable.vulnerable),
    (calf_and_ankle.WEAK_CALF, calf_and_ankle.weak_calf),
    (calf_and_ankle.LIMITED_ANKLE, calf_and_ankle.limited_ankle),
    (calf_and_ankle.TIGHT_OR_TOO_MUCH, calf_and_ankle.tight_or_too_much),
    (care.TAPE, care.tape),
    (age.AGE, age.age_note),
    (missing.INFO, missing.profile_unknown),
)
INFOS: Final = (age.UNDER_18, *(info for info, _ in _RULES))


def person_notices(case: Case, answered: Sequence[RunResponse]) -> list[Notice]:
    """Return what these rules say. Under 18 there is the load view only, whatever is switched off.

    Then only the medicine is spoken of besides.
    """
    young = age.is_under_18(case)
    rules = _RULES[:1] if young else _RULES
    said = [notice for info, rule in rules if case.settings.is_on(info) for notice in rule(case)]
    return [*age.under_18(case), *said]
