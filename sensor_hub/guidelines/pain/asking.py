"""Which questions are due: the morning after a run, 24 hours after it, every day, and after a week without a record.

A question is due until it was answered or is too old to be; asking it never fills an answer in.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain import accounts
from sensor_hub.guidelines.pain.said_days import SaidDays, plan_open
from sensor_hub.guidelines.person.episodes import open_since
from sensor_hub.model.guidance import Ask, Notice, RunResponse
from sensor_hub.model.rule import Parameter, RuleInfo

DAY: Final = timedelta(days=1)
ENDED_BY_ANSWERS: Final = frozenset({"pain-24h", "pain-refer", "worsening"})
INFO: Final = RuleInfo(
    id="asking",
    kind="P",
    family="pain",
    rows=("A25", "D14", "D16", "D47"),
    grade="text",
    parameters=(
        Parameter("morning_hour", 5, "o'clock", 0, 11),
        Parameter("daily_after_pain_days", 14, "days", 1, 60),
        Parameter("rested_after_days", 7, "days", 3, 28, ours=False),
        Parameter("rested_back_days", 120, "days", 28, 365),
    ),
)


def asks(case: Case, answered: Sequence[RunResponse], said: Sequence[Notice] = ()) -> tuple[Ask, ...]:
    """Return the questions that are due now, the most pressing first.

    said : what the diary rules say; what only an answer can end is asked about every day until it is given.
    """
    if not case.settings.is_on(INFO):
        return ()
    due = [ask for ask in _day_after(case, answered) if ask.due_utc <= case.now_utc]
    asked = {ask.sid for ask in due}
    due += [ask for ask in _morning(case, answered) if ask.sid not in asked]
    ending = [n for n in said if n.rule in ENDED_BY_ANSWERS]
    waits = any(n.weight in {"stop", "refer"} or n.facts.get("could_stop") for n in ending)
    if not due and (waits or is_in_the_picture(case, SaidDays.of(case))):
        due += _daily(case)
    due += _rested(case)
    return tuple(ask for ask in due if ask.due_utc <= case.now_utc)


def is_in_the_picture(case: Case, said: SaidDays) -> bool:
    """Whether pain is looked after every day: in a spell of trouble, in a plan, and for two weeks after any pain."""
    days = round(case.settings.value(INFO, "daily_after_pain_days"))
    in_exercise = any(
        done.pain and case.today - case.day_of(done.at_utc) < timedelta(days=days) for done in case.diary.exercises
    )
    is_in_trouble = open_since(case.diary, case.today) is not None
    return is_in_trouble or plan_open(case) or said.had_pain_within(days) or in_exercise


def morning_of(case: Case, day: date) -> datetime:
    """Return from when on a local day its morning is asked about."""
    hour = round(case.settings.value(INFO, "morning_hour"))
    return datetime.combine(day, time(hour), ZoneInfo(case.athlete.zone)).astimezone(UTC)


def _day_after(case: Case, answered: Sequence[RunResponse]) -> list[Ask]:
    """Of the newest run first: of an older one the next run has blurred the answer."""
    first = timedelta(hours=case.settings.value(accounts.INFO, "day_after_h"))
    last = timedelta(hours=case.settings.value(accounts.INFO, "no_later_h"))
    return [
        Ask("day-after", case.day_of(one.end_utc + first), one.end_utc + first, one.sid, one.day)
        for one in reversed(answered)
        if one.day_after is None and case.now_utc <= one.end_utc + last
    ]


def _morning(case: Case, answered: Sequence[RunResponse]) -> list[Ask]:
    """Of yesterday's newest run; one answer is for all runs of a day."""
    yesterday = [one for one in answered if one.day == case.today - DAY]
    if not yesterday or any(one.morning is not None for one in yesterday):
        return []
    return [Ask("morning", case.today, morning_of(case, case.today), yesterday[-1].sid, yesterday[-1].day)]


def _daily(case: Case) -> list[Ask]:
    if any(case.day_of(pain.at_utc) == case.today for pain in accounts.of_tendon(case.diary.pains)[-1:]):
        return []
    return [Ask("daily", case.today, morning_of(case, case.today))]


def _rested(case: Case) -> list[Ask]:
    """One for each stretch of a week or more without record and without answer, newest first; today is not over."""
    wanted = round(case.settings.value(INFO, "rested_after_days"))
    earliest = case.today - timedelta(days=case.settings.value(INFO, "rested_back_days"))
    recorded = {*case.recorded, *(run.day for run in case.runs)}
    known = {day for day in recorded if day < case.today}
    if not known:
        return []
    told = [(span.first, span.last) for span in case.days]
    found, open_days = [], 0
    day = max(min(known), earliest)
    while day < case.today:
        is_open = day not in known and not any(first <= day <= last for first, last in told)
        open_days = open_days + 1 if is_open else 0
        day += DAY
        is_last = day == case.today or day in known or any(first <= day <= last for first, last in told)
        if open_days >= wanted and is_last:
            found.append(Ask("rested", day - open_days * DAY, morning_of(case, day)))
    return found[::-1]
