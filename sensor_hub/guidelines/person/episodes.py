"""Spells of trouble with this tendon: which is open, the first year after one, and what comes back."""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import Diary
from sensor_hub.model.diary import PainSide
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

FIRST_YEAR: Final = RuleInfo(
    "first-year", "P", "profile", ("D43",), "text", (Parameter("days", 365.0, "days", 90.0, 1095.0, ours=False),)
)  # fmt: skip
COMES_BACK: Final = RuleInfo(
    "comes-back", "P", "medical", ("A24", "B15"), "text",
    (Parameter("episodes", 2.0, "episodes", 2.0, 10.0), Parameter("days", 365.0, "days", 90.0, 1095.0)),
)  # fmt: skip


def open_since(diary: Diary, today: date) -> date | None:
    """Return the day since which there is trouble on a side; of two the earlier. None where all is over, or unsaid."""
    began: dict[PainSide, date] = {}
    for said in diary.episodes:
        if said.day > today:
            continue
        if said.state == "began":
            began.setdefault(said.side, said.day)
        elif said.side == "both":
            began.clear()
        else:
            began.pop(said.side, None)
            began.pop("both", None)  # of both sides nobody said that the other one goes on
    return min(began.values(), default=None)


def last_recovered(diary: Diary, today: date) -> date | None:
    """Return the newest day of a recovery; None without one."""
    return max((e.day for e in diary.episodes if e.state == "recovered" and e.day <= today), default=None)


def n_begun(diary: Diary, first: date, last: date) -> int:
    """Count the episodes that began from ``first`` to ``last``; what was said twice on a day is one."""
    return len({e.day for e in diary.episodes if e.state == "began" and first <= e.day <= last})


def first_year(case: Case) -> list[Notice]:
    """Return how long to watch after a recovery, unless trouble has begun anew."""
    over = last_recovered(case.diary, case.today)
    if over is None or open_since(case.diary, case.today) is not None:
        return []
    until = over + timedelta(days=case.settings.value(FIRST_YEAR, "days"))
    if case.today > until:
        return []
    return [Notice(FIRST_YEAR.id, "watch", FIRST_YEAR.rows, "info", over, {"recovered": over, "until": until})]


def comes_back(case: Case) -> list[Notice]:
    """Return that somebody should look at how one moves, where trouble has begun several times in a year."""
    days = case.settings.value(COMES_BACK, "days")
    first = case.today - timedelta(days=days)
    n = n_begun(case.diary, first, case.today)
    if n < case.settings.value(COMES_BACK, "episodes"):
        return []
    since = max(e.day for e in case.diary.episodes if e.state == "began" and e.day <= case.today)
    facts = {"n": float(n), "days": days}
    return [Notice(COMES_BACK.id, "assessment", COMES_BACK.rows, "caution", since, {**facts})]
