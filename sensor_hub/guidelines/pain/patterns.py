"""Patterns of pain as the texts describe them: labels of what was said, and never a diagnosis."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Account
from sensor_hub.guidelines.pain.place import is_present
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="pattern",
    kind="P",
    family="pain",
    rows=("D09", "D10", "D11", "E02"),
    grade="text",
    parameters=(Parameter("holds_days", 14, "days", 1, 60),),
)


def patterns(case: Case, answered: Sequence[Sequence[Account]]) -> list[Notice]:
    """Return the patterns of the last days, each once, from its newest run."""
    if not case.settings.is_on(INFO):
        return []
    since = case.today - timedelta(days=case.settings.value(INFO, "holds_days"))
    recent = [account for sides in answered for account in sides if account.run.day >= since]
    found = []
    for key, row, weight in (("warms-up", "D09", "info"), ("returns", "E02", "info"), ("overloaded", "D11", "caution")):
        matching = [account for account in recent if _matches(key, account)]
        if matching:
            last = matching[-1]
            legs = [account.leg for account in matching if account.run is last.run]
            side = legs[0] if len(legs) == 1 and legs[0] else "both"
            facts: dict[str, Fact] = {"side": side, "onset_min": last.answers.onset_min}
            found.append(Notice(INFO.id, key, (row,), weight, last.run.day, facts, last.run.sid))  # type: ignore[arg-type]
    return found + _after_sitting(case)


def _matches(key: str, account: Account) -> bool:
    answers = account.answers
    eases = bool(answers.during) and answers.warming in {"first-km", "warm-up"}
    if key == "warms-up":
        return eases
    if key == "returns":
        return eases and bool(answers.after or answers.evening)
    return account.decision.overloaded


def _after_sitting(case: Case) -> list[Notice]:
    legs = [leg for leg in LEGS if is_present(case.diary, "pain-after-sitting", leg)]
    said = [s for s in case.diary.symptoms if "pain-after-sitting" in s.present]
    if not legs or not said:
        return []
    facts: dict[str, Fact] = {"side": legs[0] if len(legs) == 1 else "both"}
    return [Notice(INFO.id, "after-sitting", ("D10",), "info", case.day_of(said[-1].at_utc), facts)]
