"""Full intensity after a spell of trouble waits for a clinician's word (A08)."""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.episodes import open_since
from sensor_hub.guidelines.plans.courses import courses
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="clearance",
    kind="P",
    family="plan",
    rows=("A08",),
    grade="text",
    parameters=(Parameter("watch_days", 365.0, "d", 30.0, 1095.0),),
)


def trouble_since(case: Case) -> date | None:
    """Return since when full intensity asks for a word: from the newest spell, else the newest plan to come back.

    None where there was neither within a year: of a spell that goes on, however long it does, and of one that is over
    from its end. A spell that was only said to be over counts from that day.
    """
    today = case.today
    told = [e for e in case.diary.episodes if e.day <= today]
    began = [e.day for e in told if e.state == "began"]
    known = began or [e.day for e in told]
    if not known:
        known = [c.started for c in courses(case.diary, today) if c.plan == "return-to-running"]
    newest = max(known, default=None)
    watched = timedelta(days=int(case.settings.value(INFO, "watch_days")))
    last = max([e.day for e in told], default=newest)
    goes_on = open_since(case.diary, today) is not None
    return None if newest is None or last is None or (today - last > watched and not goes_on) else newest


def is_locked(case: Case, day: date | None = None) -> bool:
    """Whether full intensity was locked on a day, today unless said."""
    since = trouble_since(case) if case.settings.is_on(INFO) else None
    at = case.today if day is None else day
    return since is not None and since <= at and not any(since <= c.day <= at for c in case.diary.clearances)


def clearance_notices(case: Case) -> list[Notice]:
    """Say that full intensity is locked, and what opens it."""
    since = trouble_since(case)
    if since is None or not is_locked(case):
        return []
    return [Notice(INFO.id, "locked", INFO.rows, "info", since, {"since": since})]
