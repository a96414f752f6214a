"""What the pages and REST say of diary and guidelines: one door to the words of each room."""

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
from sensor_hub.words import diary as diary_words
from sensor_hub.words import guidance as guidance_words
from sensor_hub.words import translate as _


def notice(said: Notice) -> str:
    """A notice in one or two short sentences."""
    try:
        return guidance_words.notice_sentence(said)
    except KeyError:
        return _plain(said.key, said.facts)


def notice_why(said: Notice) -> list[str]:
    """The reasons behind a notice, a line each, ending with its rows."""
    try:
        return guidance_words.notice_why(said)
    except KeyError:
        return []


def verdict(said: Verdict) -> str:
    """The verdict in a sentence or two."""
    return _plain(said.standing, {})


def question(ask: Ask) -> str:
    """A question that is due."""
    return _plain(ask.key, {})


def item(said: PlannedItem) -> str:
    """Something to do."""
    return _plain(said.key, said.facts)


def gate(plan: PlanView, said: PlanGate) -> str:
    """A condition of a stage's exit."""
    del plan
    return _plain(said.key, said.facts)


def lock(plan: PlanView) -> str:
    """Why nothing of a plan may be done now."""
    return _plain(plan.locked or "", {})


def stage_change(change: StageChange) -> str:
    """How a plan came to another stage."""
    return _plain(change.because, {})


def held(week: WeekPlan) -> str:
    """Why no week is planned."""
    return _plain(week.held or "", {})


def rule_title(rule: str) -> str:
    """What a rule is called."""
    return _plain(rule, {})


def left(said: Left) -> str:
    """What is left of a limit."""
    return _plain(said.rule, {"left": said.left})


def planned(said: PlannedDay) -> str:
    """A day of the planner."""
    return _plain(said.kind, {"m": said.distance_m})


def said(line: Said, zone: str) -> str:
    """A line of the diary in the past."""
    return diary_words.said_sentence(line, zone)


def safety() -> str:
    """The text that always stands."""
    return words.safety_text()


def _plain(key: str, facts: object) -> str:
    del facts
    return _(key.replace("-", " ")).capitalize()
