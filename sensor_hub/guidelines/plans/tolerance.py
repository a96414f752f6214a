"""How exercise is answered: pain is allowed until it is severe, and holds stand in while anything else is too much."""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain import table
from sensor_hub.guidelines.pain.accounts import Mornings
from sensor_hub.guidelines.plans.levels import concerns, of_the_tendon, outside_exercise
from sensor_hub.model.diary import PainSide
from sensor_hub.model.rule import Parameter, RuleInfo

Bearing: TypeAlias = Literal["all", "holds", "nothing"]
INFO: Final = RuleInfo(
    id="exercise-pain",
    kind="P",
    family="plan",
    rows=("D22", "D24", "D36"),
    grade="text",
    parameters=(
        Parameter("answer_from_h", 24.0, "h", 24.0, 24.0, ours=False),
        Parameter("answer_to_h", 48.0, "h", 48.0, 72.0, ours=False),
        Parameter("hold_ok", 5.0, "of 10", 1.0, 6.5),
        Parameter("raise_ok", 2.0, "of 10", 0.0, 5.0),
        Parameter("recent_days", 7.0, "d", 1.0, 28.0),
    ),
)


def exercise_pains(case: Case, side: PainSide) -> list[tuple[datetime, float, bool]]:
    """Pain said of exercise, oldest first: (when, level, whether of a hold)."""
    said = [
        (e.at_utc, e.pain, e.exercise == "isometric-hold")
        for e in case.diary.exercises
        if e.pain is not None and concerns(side, e.side)
    ]
    said += [
        (p.at_utc, p.level, False)
        for p in case.diary.pains
        if p.when == "exercise" and of_the_tendon(p) and concerns(side, p.side)
    ]
    return sorted(one for one in said if one[0] <= case.now_utc)


def bearing(case: Case, side: PainSide) -> Bearing:
    """What may be done: all, holds alone after severe pain (D36), or nothing until somebody says how it is a day later.

    Nothing said is no sign that it has passed. Holds go on until one hurts no more than 5 of 10 (ours).
    """
    settings = case.settings
    if not settings.is_on(INFO):
        return "all"
    severe = settings.value(table.INFO, "severe")
    said = exercise_pains(case, side)
    bad = [at for at, level, _ in said if level >= severe]
    if not bad:
        return "all"
    later = bad[-1] + timedelta(hours=settings.value(INFO, "answer_from_h"))
    words = [p.level for p in outside_exercise(case) if p.at_utc >= later]
    held = [level for at, level, hold in said if hold and at > bad[-1]]
    if not held and (not words or words[-1] >= severe):
        return "nothing"
    return "all" if held and held[-1] <= settings.value(INFO, "hold_ok") else "holds"


def raises_allowed(case: Case, side: PainSide) -> bool | None:
    """Whether raises on the way up may be added (D36): the newest pain of exercise is known, recent and low."""
    first = case.now_utc - timedelta(days=case.settings.value(INFO, "recent_days"))
    said = [level for at, level, _ in exercise_pains(case, side) if at >= first]
    return None if not said else said[-1] <= case.settings.value(INFO, "raise_ok")


def answered_well(case: Case, end_utc: datetime) -> tuple[bool | None, datetime | None]:
    """Whether exercise was answered well 24 to 48 hours later (D22), and since when that is known.

    Well is no more than the mornings before it; where those are not known only no pain at all is.
    """
    settings = case.settings
    low = end_utc + timedelta(hours=settings.value(INFO, "answer_from_h"))
    high = end_utc + timedelta(hours=settings.value(INFO, "answer_to_h"))
    said = [p for p in outside_exercise(case) if low <= p.at_utc <= high]
    if not said:
        return None, None
    worst = max(p.level for p in said)
    usual = Mornings.of(case).baseline(None, end_utc)
    if usual is None:
        return (True if worst == 0 else None), said[0].at_utc
    return worst <= usual, said[0].at_utc
