"""More drop, a heel lift or an insert: help for a while in a bad spell, with a day on which it ends.

Evidence: two texts offer it, one of them for the first weeks only; how long is our choice.
"""

from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.episodes import open_since
from sensor_hub.guidelines.shoes.drop_log import USUAL_DAYS, drop_log
from sensor_hub.model.diary import CareKind, SayCare
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    "higher-drop", "P", "shoes", ("C08", "D35"), "text",
    (
        Parameter("low_mm", 10.0, "mm", 6.0, 14.0, ours=False),
        Parameter("high_mm", 12.0, "mm", 8.0, 16.0, ours=False),
        Parameter("acute_days", 14.0, "days", 3.0, 60.0),
        Parameter("most_days", 84.0, "days", 14.0, 365.0),
    ),
)  # fmt: skip
INSERT: Final = RuleInfo("insert", "P", "shoes", ("A16",), "text")
_KINDS: Final[tuple[CareKind, ...]] = ("higher-drop", "heel-lift")


def higher_drop(case: Case) -> list[Notice]:
    """Return that an end is missing, that it lasts too long, or until when; in a new spell that it may help."""
    newest = [care for kind in _KINDS if (care := _newest(case, kind)) is not None]
    found = [notice for care in newest if (notice := _of_care(case, care)) is not None]
    return found if newest else _may_help(case)


def insert(case: Case) -> list[Notice]:
    """Return that an insert is worn, where somebody said so: part of how a run was done, and no rule's number."""
    care = _newest(case, "orthotic")
    if care is None or (care.last is not None and care.last < case.today):
        return []
    return [Notice(INSERT.id, "orthotic", INSERT.rows, "info", care.first, {"until": care.last})]


def _newest(case: Case, kind: CareKind) -> SayCare | None:
    """What was said last of it; what was worn in the last months at most."""
    most = timedelta(days=case.settings.value(INFO, "most_days"))
    said = [c for c in case.diary.care if c.kind == kind and c.first <= case.today]
    if not said or (said[-1].last or said[-1].first) < case.today - most:
        return None
    return said[-1]


def _of_care(case: Case, care: SayCare) -> Notice | None:
    facts: dict[str, Fact] = {"kind": care.kind, "first": care.first, "until": care.last}
    if care.last is None:
        return Notice(INFO.id, "no-end", INFO.rows, "caution", care.first, facts)
    if care.last < case.today:
        return None
    long = (care.last - care.first).days > case.settings.value(INFO, "most_days")
    key = "too-long" if long else "until"
    return Notice(INFO.id, key, INFO.rows, "caution" if long else "info", care.first, facts)


def _may_help(case: Case) -> list[Notice]:
    """In the first days of a spell, to whom runs in less than that; not where the drop is unknown."""
    began, low = open_since(case.diary, case.today), case.settings.value(INFO, "low_mm")
    if began is None or (case.today - began).days > case.settings.value(INFO, "acute_days"):
        return []
    recent = [r for r in drop_log(case) if (case.today - r.day).days < USUAL_DAYS]
    if not recent or recent[-1].drop_mm is None or recent[-1].drop_mm >= low:
        return []
    facts = {"drop_mm": recent[-1].drop_mm, "low_mm": low, "high_mm": case.settings.value(INFO, "high_mm")}
    return [Notice(INFO.id, "may-help", INFO.rows, "info", began, {**facts})]
