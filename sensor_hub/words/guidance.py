"""What the guidelines say, as sentences: each rule's words stand beside those of its room."""

from collections.abc import Callable
from typing import Final, TypeAlias

from sensor_hub.model.guidance import Notice
from sensor_hub.words import load_rules, pain_rules, person_rules, plan_rules, shoe_rules

_Sentence: TypeAlias = Callable[[Notice, bool], str]
_Why: TypeAlias = Callable[[Notice], list[str]]
_ROOMS: Final[tuple[tuple[frozenset[str], _Sentence, _Why], ...]] = (
    (pain_rules.RULES, pain_rules.sentence, pain_rules.why),
    (person_rules.RULES, person_rules.sentence, person_rules.why),
    (plan_rules.RULES, plan_rules.sentence, plan_rules.why),
    (shoe_rules.RULES, shoe_rules.sentence, shoe_rules.why),
    (load_rules.RULES, load_rules.sentence, load_rules.why),
)


def notice_sentence(notice: Notice, *, theirs: bool = False) -> str:
    """Return a notice in one or two short sentences; ``theirs`` turns "your" into "their"."""
    return _room(notice)[1](notice, theirs)


def notice_why(notice: Notice) -> list[str]:
    """Return the reasons behind a notice, a line each: the rule in short, its numbers, what it rests on."""
    return _room(notice)[2](notice)


def _room(notice: Notice) -> tuple[frozenset[str], _Sentence, _Why]:
    for room in _ROOMS:
        if notice.rule in room[0]:
            return room
    raise KeyError(notice.rule)
