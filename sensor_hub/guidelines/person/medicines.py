"""Anti-inflammatories: a few days at most, with a physician's advice, and never so that one can run.

Evidence: the texts. Where "a few days" ends is our choice: more than three is said, more than five is said louder.
"""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    "anti-inflammatory", "P", "medical", ("A15", "D38", "E16"), "text",
    (
        Parameter("few_days", 3.0, "days", 1.0, 14.0),
        Parameter("most_days", 5.0, "days", 1.0, 30.0),
        Parameter("window_days", 14.0, "days", 7.0, 60.0),
    ),
)  # fmt: skip
DAY: Final = timedelta(days=1)


def anti_inflammatory(case: Case) -> list[Notice]:
    """Return what is to be said of the days on which some was taken in the last two weeks."""
    first = case.today - (int(case.settings.value(INFO, "window_days")) - 1) * DAY
    taken = _days_taken(case, first)
    if not taken:
        return []
    n = len(taken)
    key = "short-term"
    if n > case.settings.value(INFO, "most_days"):
        key = "too-long"
    elif n > case.settings.value(INFO, "few_days"):
        key = "long"
    facts = {"days": float(n), "window_days": case.settings.value(INFO, "window_days")}
    return [Notice(INFO.id, key, INFO.rows, "info" if key == "short-term" else "caution", min(taken), {**facts})]


def _days_taken(case: Case, first: date) -> set[date]:
    """The days from ``first`` to today, each once however often it was said."""
    spans = [
        (max(m.first, first), min(m.last or m.first, case.today)) for m in case.diary.medicines if m.kind == "nsaid"
    ]
    return {low + k * DAY for low, high in spans for k in range((high - low).days + 1)}
