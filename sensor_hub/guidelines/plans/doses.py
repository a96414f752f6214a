"""Exercises that were done, as a protocol counts them: tempo, holds, ground, knee and sets; unknown stays unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.place import Place
from sensor_hub.guidelines.plans.levels import concerns
from sensor_hub.model.diary import ExerciseName, Knee, PainSide, SayExercise
from sensor_hub.model.rule import Parameter, RuleInfo, RuleSettings

INFO: Final = RuleInfo(
    id="exercise-form",
    kind="P",
    family="plan",
    rows=("B01", "C11", "D19", "D21", "D52"),
    grade="text",
    parameters=(
        Parameter("lowering_low_s", 3.0, "s", 1.0, 5.0, ours=False),
        Parameter("lowering_high_s", 5.0, "s", 3.0, 10.0, ours=False),
        Parameter("hold_low_s", 30.0, "s", 10.0, 45.0, ours=False),
        Parameter("hold_high_s", 45.0, "s", 30.0, 90.0, ours=False),
        Parameter("session_gap_h", 2.0, "h", 0.5, 6.0),
    ),
)
SPOILS: Final = frozenset({"too-fast", "too-slow", "step", "hold-too-short", "hold-too-long"})
"""Of these an exercise does not count; the others are said."""


@dataclass(frozen=True, slots=True)
class Session:
    """Exercises of one kind close together."""

    start_utc: datetime
    end_utc: datetime
    done: tuple[SayExercise, ...]

    def sets(self, knee: Knee | None) -> int:
        """Sets done in one position of the knee."""
        return sum(e.sets for e in self.done if e.knee == knee)

    @property
    def most_sets(self) -> int:
        """The most sets of one position; of sets without one at least half are of the same."""
        return max(self.sets("straight"), self.sets("bent"), (self.sets(None) + 1) // 2)


def done_of(case: Case, exercise: ExerciseName, side: PainSide) -> list[SayExercise]:
    """Return what was done of an exercise with the leg it is for, oldest first."""
    said = case.diary.exercises
    return [e for e in said if e.exercise == exercise and concerns(side, e.side) and e.at_utc <= case.now_utc]


def flaws(done: SayExercise, place: Place, settings: RuleSettings) -> list[str]:
    """Return what was not as it should be, keys; what is not known is none."""
    found: list[str] = []
    if not settings.is_on(INFO):
        return found
    if done.exercise == "heel-drop":
        if done.lowering_s is not None and done.lowering_s < settings.value(INFO, "lowering_low_s"):
            found.append("too-fast")
        if done.lowering_s is not None and done.lowering_s > settings.value(INFO, "lowering_high_s"):
            found.append("too-slow")
        if done.ground == "step" and place != "mid-portion":
            found.append("step")
        if done.both_feet_up is False:
            found.append("raised-alone")
    if done.exercise == "isometric-hold" and done.hold_s is not None:
        if done.hold_s < settings.value(INFO, "hold_low_s"):
            found.append("hold-too-short")
        if done.hold_s > settings.value(INFO, "hold_high_s"):
            found.append("hold-too-long")
    return found


def counts(done: SayExercise, place: Place, settings: RuleSettings) -> bool:
    """Whether it counts for a plan; a hold of unknown length does not, for nobody knows that it was one."""
    if done.exercise == "isometric-hold" and done.hold_s is None:
        return False
    return not SPOILS & set(flaws(done, place, settings))


def tempo(done: Sequence[SayExercise], settings: RuleSettings) -> str:
    """How the way down was over some exercises: "ok", "too-fast", "too-slow", or "unknown" where any of it is."""
    times = [e.lowering_s for e in done]
    known = [t for t in times if t is not None]
    if any(t < settings.value(INFO, "lowering_low_s") for t in known):
        return "too-fast"
    if any(t > settings.value(INFO, "lowering_high_s") for t in known):
        return "too-slow"
    return "ok" if known and len(known) == len(times) else "unknown"


def sessions_of(done: Sequence[SayExercise], settings: RuleSettings) -> list[Session]:
    """Put exercises together that were done within two hours of each other."""
    gap = timedelta(hours=settings.value(INFO, "session_gap_h"))
    found: list[list[SayExercise]] = []
    for one in sorted(done, key=lambda e: e.at_utc):
        if found and one.at_utc - found[-1][-1].at_utc <= gap:
            found[-1].append(one)
        else:
            found.append([one])
    return [Session(those[0].at_utc, those[-1].at_utc, tuple(those)) for those in found]
