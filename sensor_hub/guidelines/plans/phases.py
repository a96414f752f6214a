"""The order of exercises: holds, slow and heavy, jumps and drills; none is skipped (B02), depth jumps last (E10)."""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.diary import ExerciseName
from sensor_hub.model.guidance import Notice, PlannedItem
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="exercise-phases",
    kind="P",
    family="plan",
    rows=("B02", "E10"),
    grade="text",
    parameters=(
        Parameter("block_days", 4.0, "days", 1.0, 30.0),
        Parameter("block_within", 56.0, "d", 14.0, 365.0),
        Parameter("told_days", 14.0, "d", 1.0, 90.0),
    ),
)
HOLDS, SLOW, JUMPS = 1, 2, 3
PHASE: Final[dict[ExerciseName, int]] = {
    "isometric-hold": HOLDS,
    "heel-drop": SLOW, "heel-raise": SLOW, "slow-heavy": SLOW,
    "hop": JUMPS, "plyometrics": JUMPS, "run-drills": JUMPS, "depth-jump": JUMPS,
}  # fmt: skip
"""Phase of the exercises that have one. Split squats and box jumps are the block before depth jumps, and have none."""
_BLOCK: Final[tuple[ExerciseName, ...]] = ("split-squat", "box-jump")


def block_done(case: Case, day: date) -> bool:
    """Whether both single-leg exercises were done on enough days before a day."""
    first = day - timedelta(days=int(case.settings.value(INFO, "block_within")))
    needed = case.settings.value(INFO, "block_days")
    for exercise in _BLOCK:
        days = {case.day_of(e.at_utc) for e in case.diary.exercises if e.exercise == exercise}
        if sum(first <= d < day for d in days) < needed:
            return False
    return True


def jump_items(case: Case) -> list[PlannedItem]:
    """Return what the last phase offers; depth jumps only after the single-leg block."""
    items = [PlannedItem("plyometrics", ("B02",)), PlannedItem("run-drills", ("B02",))]
    if block_done(case, case.today):
        return [*items, PlannedItem("depth-jump", ("E10",))]
    block = [PlannedItem("split-squat", ("E10",)), PlannedItem("box-jump", ("E10",))]
    return [
        *items,
        *block,
        PlannedItem("depth-jump-locked", ("E10",), {"days": case.settings.value(INFO, "block_days")}),
    ]


def skipped(case: Case, first: date, reached: dict[date, int]) -> list[Notice]:
    """Return exercises since a day that belong to a later phase than was reached; they count for no plan.

    reached : phase from which day on, ascending days.
    """
    if not case.settings.is_on(INFO):
        return []
    first = max(first, case.today - timedelta(days=int(case.settings.value(INFO, "told_days")) - 1))
    found = []
    for done in case.diary.exercises:
        day = case.day_of(done.at_utc)
        phase = PHASE.get(done.exercise)
        if phase is None or day < first or done.at_utc > case.now_utc:
            continue
        at = max((phase_ for since, phase_ in reached.items() if since <= day), default=SLOW)
        if phase > at:
            facts = {"exercise": done.exercise, "phase": phase, "reached": at, "day": day}
            found.append(Notice(INFO.id, "skipped", ("B02",), "plan", day, dict(facts)))
    return found


def depth_jump_notices(case: Case) -> list[Notice]:
    """Say of depth jumps of the last days that came before the single-leg block; also to who follows no plan."""
    if not case.settings.is_on(INFO):
        return []
    first = case.today - timedelta(days=int(case.settings.value(INFO, "told_days")) - 1)
    days = [
        case.day_of(e.at_utc) for e in case.diary.exercises if e.exercise == "depth-jump" and e.at_utc <= case.now_utc
    ]
    early = [day for day in days if day >= first and not block_done(case, day)]
    needed = case.settings.value(INFO, "block_days")
    return [Notice(INFO.id, "depth-jump", ("E10",), "caution", early[-1], {"days": needed})] if early else []
