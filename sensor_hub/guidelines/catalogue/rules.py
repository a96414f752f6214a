"""Every rule there is, collected by name: a module whose rule stands here and nowhere else is found by its test."""

from typing import Final

from sensor_hub.guidelines import verdict
from sensor_hub.guidelines.catalogue.texts import SILENT, TEXTS
from sensor_hub.guidelines.pain import (
    accounts,
    asking,
    emergency,
    favouring,
    first_signs,
    flares,
    open_questions,
    patterns,
    place,
    referral,
    said_days,
    symptoms,
    table,
    worsening,
)
from sensor_hub.guidelines.person.age import UNDER_18
from sensor_hub.guidelines.person.notices import INFOS as PERSON
from sensor_hub.guidelines.planning.settings import INFO as PLANNER
from sensor_hub.guidelines.plans import (
    checklist,
    clearance,
    doses,
    efforts,
    heel_drops,
    isometric,
    locks,
    phases,
    prevention,
    progress_info,
    stages,
    support,
    tolerance,
    walk_run,
)
from sensor_hub.guidelines.rules.register import INFOS as LOAD
from sensor_hub.guidelines.shoes.notices import INFOS as SHOES
from sensor_hub.model.diary import SetRule
from sensor_hub.model.rule import RuleInfo

PAIN: Final = (
    emergency.INFO,
    *referral.INFOS,
    table.INFO,
    accounts.INFO,
    worsening.INFO,
    flares.INFO,
    first_signs.INFO,
    said_days.INFO,
    place.INFO,
    patterns.INFO,
    symptoms.INFO,
    favouring.INFO,
    asking.INFO,
    open_questions.INFO,
    verdict.INFO,
)
PLANS: Final = (
    stages.INFO,
    walk_run.INFO,
    efforts.INFO,
    clearance.INFO,
    locks.INFO,
    heel_drops.INFO,
    isometric.INFO,
    phases.INFO,
    doses.INFO,
    tolerance.INFO,
    checklist.INFO,
    support.INFO,
    *prevention.INFOS,
    *progress_info.INFOS,
    PLANNER,
)
RULES: Final[tuple[RuleInfo, ...]] = (*LOAD.values(), *PAIN, *PLANS, *SHOES, *PERSON, *SILENT, *TEXTS)
_BY_ID: Final = {info.id: info for info in RULES}
ON: Final = "on"
STANDING: Final = frozenset(
    info.id
    for info in (
        accounts.INFO, said_days.INFO, place.INFO, verdict.INFO, locks.INFO, UNDER_18, *SILENT, *TEXTS,
    )
)  # fmt: skip
"""Rules that nothing switches off: what protects somebody, what others rest on, and texts that always stand."""


def rule(rule_id: str) -> RuleInfo:
    """Return a rule by its id; KeyError if there is none of it."""
    return _BY_ID[rule_id]


def rules_of(row_id: str) -> tuple[RuleInfo, ...]:
    """Return the rules that do what a row asks for."""
    return tuple(info for info in RULES if row_id in info.rows)


def why_not_set(wanted: SetRule) -> str | None:
    """Return why a rule cannot be set so, with the mend; None if it can."""
    info = _BY_ID.get(wanted.rule)
    if info is None:
        return f"there is no rule {wanted.rule!r} ('sensor-hub rules list --rules' shows them)"
    if wanted.parameter == ON:
        if info is emergency.INFO and wanted.value == 0.0:
            return "the signs of an emergency cannot be switched off"
        if wanted.rule in STANDING and wanted.value == 0.0:
            return f"{wanted.rule} cannot be switched off (others rest on it, or it protects somebody)"
        return None if wanted.value in {None, 0.0, 1.0} else f"{wanted.rule} is on (1) or off (0), not {wanted.value:g}"
    names = [parameter.name for parameter in info.parameters]
    if wanted.parameter not in names:
        known = f"it has {', '.join(names)}" if names else "it has none"
        return f"{wanted.rule} has no parameter {wanted.parameter!r} ({known})"
    parameter = info.parameter(wanted.parameter)
    if wanted.value is None or parameter.low <= wanted.value <= parameter.high:
        return None
    unit = "" if parameter.unit in {"", "1"} else f" {parameter.unit}"
    return (
        f"{wanted.rule} {parameter.name} of {wanted.value:g}{unit} is out of range: "
        f"{parameter.low:g} to {parameter.high:g}{unit}"
    )
