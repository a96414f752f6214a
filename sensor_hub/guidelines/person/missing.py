"""What nobody has said of themselves, and what it would tell: one notice for all of it."""

from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.vulnerable import running_since
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import RuleInfo

INFO: Final = RuleInfo("profile-unknown", "P", "profile", ("A09", "A10", "A11", "C14", "D08", "D51", "E06"), "ours")


def profile_unknown(case: Case) -> list[Notice]:
    """Return what is missing, its names in one fact with commas between; nothing where all is said."""
    profile = case.diary.profile
    missing = {
        "born": profile.born is None,
        "running_since": running_since(case) is None,
        "conditions": profile.conditions is None,
        "weak_calf": profile.weak_calf is None,
        "knee_to_wall_cm": profile.knee_to_wall_cm is None,
    }
    names = ",".join(name for name, is_missing in missing.items() if is_missing)
    if not names:
        return []
    return [Notice(INFO.id, "missing", INFO.rows, "unknown", case.today, {"missing": names})]
