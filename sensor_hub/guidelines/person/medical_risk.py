"""What may weaken a tendon besides load: some antibiotics, and conditions that somebody has.

After a fluoroquinolone a prescriber is to be asked first, until a physician has said that running is free again; there
is no exercise plan. Conditions lead to careful limits: the planner lets nothing grow. Evidence: the texts name both;
drug labels tell of ruptures up to months after the last dose, how many is our choice.
"""

from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

FLUOROQUINOLONE: Final = RuleInfo(
    "fluoroquinolone", "P", "medical", ("A10",), "text", (Parameter("days_after", 180.0, "days", 30.0, 730.0),)
)  # fmt: skip
CONDITION: Final = RuleInfo(
    "condition", "P", "medical", ("A10",), "text", (Parameter("growth", 1.0, "of the longest", 0.5, 1.0),)
)  # fmt: skip


def fluoroquinolone(case: Case) -> list[Notice]:
    """Return that the prescriber comes first, until some months after the last day or a physician's clearance."""
    taken = [m for m in case.diary.medicines if m.kind == "fluoroquinolone" and m.first <= case.today]
    if not taken:
        return []
    last = max(min(m.last or m.first, case.today) for m in taken)
    first = max(m.first for m in taken)
    until = last + timedelta(days=case.settings.value(FLUOROQUINOLONE, "days_after"))
    asked = any(c.role == "physician" and last <= c.day <= case.today for c in case.diary.clearances)
    if asked or case.today > until:
        return []
    facts = {"last": last, "until": until}
    return [Notice(FLUOROQUINOLONE.id, "prescriber-first", FLUOROQUINOLONE.rows, "refer", first, {**facts})]


def condition(case: Case) -> list[Notice]:
    """Return a notice where somebody has said that they have such a condition."""
    has = case.diary.profile.conditions or ()
    return [Notice(CONDITION.id, name, CONDITION.rows, "caution", case.today) for name in dict.fromkeys(has)]
