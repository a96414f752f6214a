"""What a plan asks for → the line of the diary that says it was done."""

from datetime import datetime
from typing import Any, get_args

from sensor_hub.model.diary import ExerciseName, Ground, Knee, PainSide, SayExercise
from sensor_hub.model.guidance import PlannedItem


def exercise_of(item: PlannedItem, side: PainSide, at_utc: datetime) -> SayExercise | None:
    """An exercise of a plan, done as it was asked for; None of anything else. How slow it was nobody counted."""
    facts = item.facts
    name = facts.get("exercise", item.key)
    if name not in get_args(ExerciseName):
        return None
    exercise: Any = name
    return SayExercise(
        at_utc=at_utc,
        exercise=exercise,
        sets=_whole(facts.get("sets")),
        reps=_whole(facts.get("reps")),
        side=side,
        knee=_word(facts.get("knee"), Knee),
        ground=_word(facts.get("ground"), Ground),
        hold_s=_number(facts.get("hold_s")),
    )


def _number(fact: object) -> float | None:
    return float(fact) if isinstance(fact, int | float) and not isinstance(fact, bool) else None


def _whole(fact: object) -> int:
    return max(1, round(_number(fact) or 1))


def _word(fact: object, of: Any) -> Any:
    return fact if fact in get_args(of) else None
