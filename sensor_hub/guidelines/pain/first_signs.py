"""The first morning that is stiff or sore, and the first run that hurts a little: the time to do something is then."""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Leg, is_of
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="first-signs",
    kind="P",
    family="pain",
    rows=("D46",),
    grade="text",
    parameters=(
        Parameter("level", 1, "of 10", 0.5, 3),
        Parameter("quiet_days", 28, "days", 7, 90),
        Parameter("holds_days", 7, "days", 1, 28),
    ),
)
_WHEN: Final = {"morning": "morning", "during": "running"}


def first_signs(case: Case, said: SaidDays) -> list[Notice]:
    """Return what was said for the first time in a while."""
    if not case.settings.is_on(INFO):
        return []
    return [n for leg in LEGS for when in _WHEN if (n := _first(case, said, leg, when)) is not None]


def _first(case: Case, said: SaidDays, leg: Leg, when: str) -> Notice | None:
    least = case.settings.value(INFO, "level")
    days: dict[date, float] = {}
    for pain in said.pains:
        if pain.when == when and pain.level >= least and is_of(pain, leg):
            days.setdefault(case.day_of(pain.at_utc), pain.level)
    quiet = timedelta(days=case.settings.value(INFO, "quiet_days"))
    known = sorted(days)
    firsts = [day for k, day in enumerate(known) if k == 0 or day - known[k - 1] > quiet]
    if not firsts or case.today - firsts[-1] > timedelta(days=case.settings.value(INFO, "holds_days")):
        return None
    facts: dict[str, Fact] = {"side": leg, "level": days[firsts[-1]]}
    return Notice(INFO.id, _WHEN[when], INFO.rows, "info", firsts[-1], facts)
