"""What is not known for want of an answer: said as unknown, and never taken for well."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import Account
from sensor_hub.guidelines.pain.asking import is_in_the_picture, morning_of
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

DAY: Final = timedelta(days=1)
INFO: Final = RuleInfo(
    id="diary-open",
    kind="P",
    family="pain",
    rows=("A25", "D47"),
    grade="text",
    parameters=(
        Parameter("answers_days", 7, "days", 2, 28),
        Parameter("silent_days", 2, "days", 1, 14),
        Parameter("nothing_days", 60, "days", 14, 365),
    ),
)


def open_questions(case: Case, said: SaidDays, answered: Sequence[Sequence[Account]]) -> list[Notice]:
    """Return what is unknown: how a run was answered, how it is now, or anything at all."""
    if not case.settings.is_on(INFO):
        return []
    if is_in_the_picture(case, said):
        run = _run(case, answered)
        return [run] if run is not None else _day(case, said)
    return _nothing(case, said)


def _run(case: Case, answered: Sequence[Sequence[Account]]) -> Notice | None:
    """The newest run whose answer is due and missing; it could be one that ends running."""
    since = case.today - timedelta(days=case.settings.value(INFO, "answers_days"))
    recent = [sides for sides in answered if sides[0].run.day >= since]
    if not recent:
        return None
    sides = recent[-1]
    run = sides[0].run
    is_due = case.now_utc >= morning_of(case, run.day + DAY)
    silent = [a for a in sides if a.decision.settled is None and a.answers.day_after is None]
    unsaid = [a for a in silent if a.answers.morning is None or case.now_utc >= run.end_utc + DAY]
    if not is_due or not unsaid or any(a.decision.gate in {"stop", "stop-physio"} for a in sides):
        return None
    facts: dict[str, Fact] = {"could_stop": True, "missing": ", ".join(unsaid[0].decision.missing)}
    return Notice(INFO.id, "run", INFO.rows, "unknown", run.day, facts, run.sid)


def _day(case: Case, said: SaidDays) -> list[Notice]:
    silent = timedelta(days=case.settings.value(INFO, "silent_days"))
    last = case.day_of(said.pains[-1].at_utc) if said.pains else None
    if last is not None and case.today - last < silent:
        return []
    facts: dict[str, Fact] = {"last": last}
    return [Notice(INFO.id, "silent", ("A25",), "unknown", case.today if last is None else last, facts)]


def _nothing(case: Case, said: SaidDays) -> list[Notice]:
    since = case.today - timedelta(days=case.settings.value(INFO, "nothing_days"))
    if not case.runs_of_last(14) or any(case.day_of(pain.at_utc) >= since for pain in said.pains[-1:]):
        return []
    return [Notice(INFO.id, "nothing", ("A25",), "unknown", case.today)]
