"""What a plan asks for → the line of the diary that says it was done."""

from datetime import datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from sensor_hub.model.diary import CareKind, ExerciseName, Ground, Knee, PainSide, Said, SayCare, SayExercise
from sensor_hub.model.guidance import PlannedItem

_EXERCISES: Final = {"maintenance": "heel-drop", "mobility": "ankle-mobility", "stretch": "calf-stretch"}


def done_of(item: PlannedItem, side: PainSide, at_utc: datetime, zone: str) -> Said | None:
    """An exercise or a care of a plan, done as it was asked for; None of anything else.

    How slow the way down was is not said: nobody counted it.
    """
    facts = item.facts
    name: Any = _EXERCISES.get(item.key, item.key)
    if name in get_args(CareKind):
        return SayCare(name, at_utc.astimezone(ZoneInfo(zone)).date())
    if name not in get_args(ExerciseName):
        return None
    return SayExercise(
        at_utc=at_utc,
        exercise=name,
        sets=_whole(facts.get("sets", facts.get("low_sets"))),
        reps=_whole(facts.get("reps")),
        side=side,
        knee=_word(facts.get("knee"), Knee),
        ground=_word(facts.get("ground"), Ground),
        hold_s=_number(facts.get("low_s")) if name == "isometric-hold" else None,
        both_feet_up=True if facts.get("up") is not None else None,
    )


def _number(fact: object) -> float | None:
    return float(fact) if isinstance(fact, int | float) and not isinstance(fact, bool) else None


def _whole(fact: object) -> int:
    return max(1, round(_number(fact) or 1))


def _word(fact: object, of: Any) -> Any:
    return fact if fact in get_args(of) else None
