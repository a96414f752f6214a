"""What may weaken a tendon besides load: some antibiotics, and conditions that somebody has.

After a fluoroquinolone a prescriber is to be asked first, until a physician has said that running is free again; there
is no exercise plan. Conditions lead to careful limits: the planner lets nothing grow. Evidence: a text names both, and
drug labels tell of ruptures up to months after the last dose.
"""

from datetime import date
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

FLUOROQUINOLONE: Final = RuleInfo("fluoroquinolone", "P", "medical", ("A10",), "text")
CONDITION: Final = RuleInfo(
    "condition", "P", "medical", ("A10",), "text", (Parameter("growth", 1.0, "of the longest", 0.5, 1.0),)
)  # fmt: skip


def fluoroquinolone(case: Case) -> list[Notice]:
    """Return that the prescriber comes first, until a physician's clearance of its last day or later.

    Its effect outlasts that day, and no text says by how long: a word ends it, and no number of days.
    """
    days = weakened(case)
    if days is None:
        return []
    first, last = days
    facts = {"last": min(last, case.today)}
    return [Notice(FLUOROQUINOLONE.id, "prescriber-first", FLUOROQUINOLONE.rows, "refer", first, {**facts})]


def weakened(case: Case) -> tuple[date, date] | None:
    """Return the first and last day of a fluoroquinolone that no physician has spoken on since; None without one."""
    taken = [m for m in case.diary.medicines if m.kind == "fluoroquinolone" and m.first <= case.today]
    if not taken:
        return None
    last = max(m.last or m.first for m in taken)
    words = [c.day for c in case.diary.clearances if c.role == "physician" and c.day <= case.today]
    if any(last <= day for day in words):
        return None
    return min(m.first for m in taken if not any((m.last or m.first) <= day for day in words)), last


def condition(case: Case) -> list[Notice]:
    """Return a notice where somebody has said that they have such a condition."""
    has = case.diary.profile.conditions or ()
    return [Notice(CONDITION.id, name, CONDITION.rows, "caution", case.today) for name in dict.fromkeys(has)]
