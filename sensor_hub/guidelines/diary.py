"""The diary of an athlete as the rules read it: what was said and not taken back, by kind and in order of time."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TypeVar

from sensor_hub.model.diary import (
    Condition,
    Consent,
    ConsentCategory,
    PolicyName,
    Said,
    SayCare,
    SayClearance,
    SayCrossTraining,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    SetPolicy,
    SetRule,
    StartPlan,
    StepPlanBack,
    StopPlan,
    WornOut,
)
from sensor_hub.model.rule import RuleSettings

_Kind = TypeVar("_Kind")
REST_H = ("run-spacing", "rest_h")
# ours: a grid of loads is what a coach's page is; it is shown until somebody says no, health only where they say yes
USUALLY_SEEN: frozenset[ConsentCategory] = frozenset({"load"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody says of themselves; None is unknown."""

    born: date | None = None
    running_since: date | None = None
    conditions: tuple[Condition, ...] | None = None
    weak_calf: bool | None = None
    knee_to_wall_cm: float | None = None
    rest_h: float | None = None


@dataclass(frozen=True, slots=True)
class Diary:
    """All that was said, a tuple a kind: by time, or of plans and episodes by day and then as it was said."""

    pains: tuple[SayPain, ...] = ()
    symptoms: tuple[SaySymptoms, ...] = ()
    exercises: tuple[SayExercise, ...] = ()
    cross_training: tuple[SayCrossTraining, ...] = ()
    care: tuple[SayCare, ...] = ()
    medicines: tuple[SayMedicine, ...] = ()
    sleep: tuple[SaySleep, ...] = ()
    episodes: tuple[SayEpisode, ...] = ()
    clearances: tuple[SayClearance, ...] = ()
    plan_changes: tuple[StartPlan | StepPlanBack | StopPlan, ...] = ()
    worn_out: tuple[WornOut, ...] = ()
    profile: Profile = Profile()
    consents: frozenset[ConsentCategory] = USUALLY_SEEN
    settings: RuleSettings = field(default_factory=RuleSettings)


def diary_of(said: Iterable[Said]) -> Diary:
    """Put a diary together from what was said and not taken back, in the order it was said."""
    said = list(said)

    def timed(kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(sorted((s for s in said if isinstance(s, kind)), key=lambda s: s.at_utc))  # type: ignore[attr-defined]

    def dated(kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(sorted((s for s in said if isinstance(s, kind)), key=lambda s: s.day))  # type: ignore[attr-defined]

    changes = [s for s in said if isinstance(s, StartPlan | StepPlanBack | StopPlan)]
    return Diary(
        pains=timed(SayPain),
        symptoms=timed(SaySymptoms),
        exercises=timed(SayExercise),
        cross_training=timed(SayCrossTraining),
        care=tuple(sorted((s for s in said if isinstance(s, SayCare)), key=lambda s: s.first)),
        medicines=tuple(sorted((s for s in said if isinstance(s, SayMedicine)), key=lambda s: s.first)),
        sleep=dated(SaySleep),
        episodes=dated(SayEpisode),
        clearances=dated(SayClearance),
        plan_changes=tuple(sorted(changes, key=lambda s: s.day)),
        worn_out=dated(WornOut),
        profile=_profile(s for s in said if isinstance(s, SayProfile)),
        consents=_consents(s for s in said if isinstance(s, Consent)),
        settings=settings_of(said),
    )


def settings_of(said: Iterable[Said]) -> RuleSettings:
    """Return what was set of the rules; the last word on each holds.

    The least rest between two runs is said in the profile, and is a parameter of the rule that watches it.
    """
    policy: PolicyName = "balanced"
    values: dict[tuple[str, str], float] = {}
    off: set[str] = set()
    for one in said:
        if isinstance(one, SetPolicy):
            policy = one.policy
        elif isinstance(one, SayProfile) and one.rest_h is not None:
            values[REST_H] = one.rest_h
        elif isinstance(one, SayProfile) and "rest_h" in one.forget:
            values.pop(REST_H, None)
        elif isinstance(one, SetRule) and one.parameter == "on":
            (off.add if one.value == 0 else off.discard)(one.rule)
        elif isinstance(one, SetRule) and one.value is None:
            values.pop((one.rule, one.parameter), None)
        elif isinstance(one, SetRule) and one.value is not None:
            values[(one.rule, one.parameter)] = one.value
    return RuleSettings(policy, values, frozenset(off))


def _profile(said: Iterable[SayProfile]) -> Profile:
    known: dict[str, object] = {}
    names = [f.name for f in fields(Profile)]
    for one in said:
        known |= {name: value for name in names if (value := getattr(one, name)) is not None}
        known |= dict.fromkeys(one.forget)
    return Profile(**known)  # type: ignore[arg-type]


def _consents(said: Iterable[Consent]) -> frozenset[ConsentCategory]:
    granted: set[ConsentCategory] = {*USUALLY_SEEN}
    for one in said:
        (granted.add if one.granted else granted.discard)(one.category)
    return frozenset(granted)
