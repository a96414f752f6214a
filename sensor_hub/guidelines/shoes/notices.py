"""What the shoe rules say now."""

from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.age import is_under_18
from sensor_hub.guidelines.shoes import drop_change, higher_drop, wear
from sensor_hub.model.guidance import Notice

INFOS: Final = (wear.INFO, drop_change.FAST_CHANGE, drop_change.RAMP, higher_drop.INFO, higher_drop.INSERT)


def shoe_notices(case: Case) -> list[Notice]:
    """Return what the shoe rules say; under 18 only how far a pair has gone."""
    on = case.settings.is_on
    found = wear.shoe_wear(case) if on(wear.INFO) else []
    if is_under_18(case):
        return found
    found += drop_change.drop_changes(case)
    found += higher_drop.higher_drop(case) if on(higher_drop.INFO) else []
    return found + (higher_drop.insert(case) if on(higher_drop.INSERT) else [])
