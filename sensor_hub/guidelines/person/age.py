"""What follows from how old somebody is: under 18 the load view and nothing else; later a note without a multiplier.

Evidence: the texts say that a tendon ages; no study gives a number to multiply a limit with, so none is.
"""

from datetime import date
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

UNDER_18: Final = RuleInfo(
    "under-18", "P", "medical", (), "ours", (Parameter("adult_years", 18.0, "years", 18.0, 18.0),)
)  # fmt: skip
AGE: Final = RuleInfo(
    "age", "P", "profile", ("A11", "D51"), "text", (Parameter("from_years", 40.0, "years", 18.0, 100.0),)
)  # fmt: skip


def is_under_18(case: Case) -> bool:
    """Whether somebody is known to be under 18; who has not said when they were born is not taken to be."""
    age = age_years(case.diary.profile.born, case.today)
    return age is not None and age < UNDER_18.parameter("adult_years").value


def age_years(born: date | None, day: date) -> int | None:
    """Return whole years on a day; None where nobody said when somebody was born."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def under_18(case: Case) -> list[Notice]:
    """Return that there is the load view only. It cannot be switched off."""
    born = case.diary.profile.born
    if born is None or not is_under_18(case):
        return []
    return [Notice(UNDER_18.id, "load-view-only", UNDER_18.rows, "info", case.today)]


def age_note(case: Case) -> list[Notice]:
    """Return a note from an age on."""
    age = age_years(case.diary.profile.born, case.today)
    if age is None or age < case.settings.value(AGE, "from_years"):
        return []
    return [Notice(AGE.id, "tolerates-less", AGE.rows, "info", case.today, {"age_years": float(age)})]
