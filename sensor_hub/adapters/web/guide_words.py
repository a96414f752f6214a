"""What the pages and REST say of diary and guidelines: one door to the words of each room."""

from collections.abc import Mapping

from sensor_hub import words
from sensor_hub.model.diary import Said
from sensor_hub.model.guidance import (
    Ask,
    Left,
    Notice,
    PlanGate,
    PlannedDay,
    PlannedItem,
    PlanView,
    StageChange,
    Verdict,
    WeekPlan,
)
from sensor_hub.words import asks, guidance, planner, plans, verdicts
from sensor_hub.words import diary as diary_words

_OF_THE_PLANNER = frozenset({"as-on"})


def notice(said: Notice) -> str:
    """A notice in one or two short sentences."""
    return guidance.notice_sentence(said)


def notice_why(said: Notice) -> list[str]:
    """The reasons behind a notice, a line each."""
    return guidance.notice_why(said)


def verdict(said: Verdict) -> str:
    """The verdict in a sentence or two."""
    return verdicts.verdict_sentence(said)


def verdict_word(standing: str) -> str:
    """What decides, in a word or two."""
    return verdicts.standing_word(Verdict(standing))  # type: ignore[arg-type]


def emergency() -> str:
    """What is shown at once when a sign of an emergency is said."""
    return verdicts.emergency_text()


def headroom_held(key: str) -> str:
    """Why there is a dash in place of headroom."""
    return verdicts.held_text(key)


def question(ask: Ask) -> str:
    """A question that is due."""
    return asks.ask_question(ask)


def item(said: PlannedItem) -> str:
    """Something to do."""
    return planner.item_text(said) if said.key in _OF_THE_PLANNER else plans.item_text(said)


def gate(said: PlanGate) -> str:
    """A condition of a stage's exit, with how it stands."""
    return plans.gate_text(said)


def lock(plan: PlanView) -> str:
    """Why nothing of a plan may be done now."""
    return "" if plan.locked is None else plans.lock_text(plan.locked)


def stage_change(change: StageChange) -> str:
    """How a plan came to another stage, with the day."""
    return plans.change_text(change)


def held(week: WeekPlan) -> str:
    """Why no week is planned."""
    return "" if week.held is None else planner.held_sentence(week.held)


def left(said: Left, *, today: bool) -> str:
    """What is left of a limit."""
    return planner.left_sentence(said, today=today)


def planned(day: PlannedDay) -> str:
    """A day of the planner, with the day."""
    return planner.day_sentence(day)


def planned_amount(day: PlannedDay) -> str:
    """How much of a day, without the day."""
    amount = planner.amount_text(day)
    kind = planner.kind_word(day.kind)
    text = kind if day.kind == "rest" or not amount else f"{kind}, {amount}"
    return text[:1].upper() + text[1:]


def binds(day: PlannedDay) -> str:
    """What keeps a day from being more."""
    return planner.binds_text(day.binds)


def said(line: Said, zone: str, shoes: Mapping[str, str] | None = None) -> str:
    """A line of the diary in the past. shoes : names of pairs by id."""
    return diary_words.said_sentence(line, zone, shoes)


def safety() -> str:
    """The text that always stands."""
    return words.safety_text()
