"""How much a rule of shoes weighs: the strict policy lets it ask for attention, the others inform."""

from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Weight
from sensor_hub.model.rule import RuleInfo

_STRICT: Final[dict[str, Weight]] = {"critical": "load", "alarm": "load", "warn": "caution"}
_ELSE: Final[dict[str, Weight]] = {"critical": "caution", "alarm": "caution", "warn": "info"}


def shoe_weight(case: Case, info: RuleInfo, degree: str) -> Weight:
    """Return the weight of "critical", "alarm" or "warn"."""
    return (_STRICT if case.settings.alerts(info) else _ELSE)[degree]
