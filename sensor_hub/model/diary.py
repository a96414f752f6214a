"""What a person says that no sensor tells: pain, symptoms, exercise, medicines, plans, and what they want of the rules.

Each is an entry of the journal (``model.edit.Entry``), so it can be undone, exported and erased like any other. What
was not said is unknown: nobody who says nothing says that all is well.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias, get_args

PainTime: TypeAlias = Literal["before", "during", "after", "evening", "morning", "day-after", "exercise"]
"""Before a run, its worst during it, its worst after it, the evening of its day, a morning on getting up, 24 hours
after a run or later, or in an exercise."""
USUAL_HOURS: dict[str, int] = {
    "before": 8, "morning": 7, "during": 22, "after": 22, "evening": 22, "day-after": 22,
}  # fmt: skip
"""Ours: the local hour of what was felt on a past day, by ``PainTime``, where only the day is said; of the rest it is
noon. What was felt in or after a run is late enough to belong to that day's run and not to the one before it."""
PainSide: TypeAlias = Literal["L", "R", "both"]
PainSite: TypeAlias = Literal["mid-portion", "insertion", "above", "elsewhere", "unknown"]
"""2-6 cm above the heel bone, at the bone, higher than 6 cm, not at this tendon, or not said."""
PainQuality: TypeAlias = Literal["pain", "stiffness"]
Warming: TypeAlias = Literal["first-km", "warm-up", "no"]
"""How pain of a run went on: gone within the first kilometre, gone while warming up, or not."""
Symptom: TypeAlias = Literal[
    "sudden-severe-pain", "pop", "cannot-bear-weight", "cannot-walk", "cannot-rise-on-toes", "severe-bruising-swelling",
    "swelling", "thickening", "redness", "tenderness", "weak-push-off", "pain-pulling-foot-up", "stiff-ankle",
    "pain-after-sitting", "pain-when-jumping", "pain-walking",
]  # fmt: skip
EMERGENCIES: tuple[Symptom, ...] = (
    "sudden-severe-pain", "pop", "cannot-bear-weight", "cannot-walk", "cannot-rise-on-toes", "severe-bruising-swelling",
)  # fmt: skip
ExerciseName: TypeAlias = Literal[
    "heel-drop", "heel-raise", "isometric-hold", "slow-heavy", "hop", "plyometrics", "run-drills", "depth-jump",
    "split-squat", "box-jump", "glutes", "hips", "ankle-mobility", "calf-stretch", "strength",
]  # fmt: skip
Knee: TypeAlias = Literal["straight", "bent"]
Ground: TypeAlias = Literal["step", "flat"]
CrossSport: TypeAlias = Literal["cycling", "swimming", "rowing", "walking", "other"]
CareKind: TypeAlias = Literal[
    "ice", "heat", "tape", "foam-roll", "massage", "compression", "warm-up", "orthotic", "heel-lift", "higher-drop",
]  # fmt: skip
MedicineKind: TypeAlias = Literal["nsaid", "fluoroquinolone", "steroid-injection", "other"]
Condition: TypeAlias = Literal["metabolic", "chronic"]
PlanKind: TypeAlias = Literal["return-to-running", "mid-portion", "insertional", "isometric"]
ConsentCategory: TypeAlias = Literal["load", "pain", "medication"]
PolicyName: TypeAlias = Literal["strict", "balanced", "clinician"]
ProfileField: TypeAlias = Literal["born", "running_since", "conditions", "weak_calf", "knee_to_wall_cm", "rest_h"]


@dataclass(frozen=True, slots=True)
class SayPain:
    """How much it hurts (or is stiff), 0 to 10 in steps of 0.5, at a time; 0 says that it does not.

    sid : the run it is about; None: told by its time. warming : of pain during a run. onset_min : minutes after a run
    that soreness set in. tapering : of pain after a run, whether it becomes less with time. None is unknown.
    """

    at_utc: datetime
    when: PainTime
    level: float
    side: PainSide = "both"
    site: PainSite = "unknown"
    quality: PainQuality = "pain"
    sid: str | None = None
    warming: Warming | None = None
    onset_min: float | None = None
    tapering: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SaySymptoms:
    """What somebody notices, and what they looked for and do not; about the rest nothing is said.

    tender_cm : how far above the heel bone the most tender point lies.
    """

    at_utc: datetime
    present: tuple[Symptom, ...] = ()
    absent: tuple[Symptom, ...] = ()
    side: PainSide = "both"
    tender_cm: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayExercise:
    """An exercise that was done. sid : of its session in the ledger "exercise", where its load is known.

    hold_s : of a hold. lowering_s : time of the way down, mean of the repetitions. pain : its worst, 0 to 10.
    both_feet_up : whether the other leg helped on the way up. counted : by a sensor (experimental), not by hand.
    """

    at_utc: datetime
    exercise: ExerciseName
    sets: int = 1
    reps: int = 1
    side: PainSide = "both"
    knee: Knee | None = None
    ground: Ground | None = None
    hold_s: float | None = None
    lowering_s: float | None = None
    both_feet_up: bool | None = None
    pain: float | None = None
    added_kg: float = 0.0
    counted: bool = False
    sid: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayCrossTraining:
    """Another sport. Cycling, swimming and rowing count as no running load; of others the load is unknown."""

    at_utc: datetime
    sport: CrossSport
    duration_s: float
    pain: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayCare:
    """Something done or worn for comfort, on the days from ``first`` to ``last`` (None: that day alone)."""

    kind: CareKind
    first: date
    last: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayMedicine:
    """A medicine taken on the days from ``first`` to ``last`` (None: that day alone)."""

    kind: MedicineKind
    first: date
    last: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SaySleep:
    """How a night before a day was, hours, and how the day was eaten; kept and shown, and part of no rule."""

    day: date
    sleep_h: float | None = None
    ate_well: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayProfile:
    """What somebody says of themselves; None leaves it, and what is in ``forget`` is unsaid.

    knee_to_wall_cm : the ankle's test. rest_h : the least hours they want between two runs.
    """

    born: date | None = None
    running_since: date | None = None
    conditions: tuple[Condition, ...] | None = None
    weak_calf: bool | None = None
    knee_to_wall_cm: float | None = None
    rest_h: float | None = None
    forget: tuple[ProfileField, ...] = ()


@dataclass(frozen=True, slots=True)
class SayEpisode:
    """A spell of trouble with this tendon began, or is over."""

    day: date
    state: Literal["began", "recovered"]
    side: PainSide = "both"
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayClearance:
    """A clinician's word on a day that full intensity is free again. A coach gives none."""

    day: date
    by_name: str
    role: Literal["physician", "physiotherapist"]


@dataclass(frozen=True, slots=True)
class StartPlan:
    """Begin a plan on a day; one of its kind that goes on ends there.

    usual_m : a week's distance before, to come back to. The kind of exercise follows from where it hurts
    (``SaySymptoms``), and where nobody knows it is the flat one.
    """

    plan: PlanKind
    day: date
    side: PainSide = "both"
    usual_m: float | None = None


@dataclass(frozen=True, slots=True)
class StepPlanBack:
    """Go back one stage of a plan by one's own wish; forward leads only what its gates say."""

    plan: PlanKind
    day: date


@dataclass(frozen=True, slots=True)
class StopPlan:
    """End a plan on a day."""

    plan: PlanKind
    day: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class WornOut:
    """Somebody finds a pair of shoes worn; False takes it back."""

    shoe: str
    day: date
    worn: bool = True


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Which rules alert."""

    policy: PolicyName


@dataclass(frozen=True, slots=True)
class SetRule:
    """Give a rule's parameter another value; None gives it back its own. parameter "on": 0 switches the rule off."""

    rule: str
    parameter: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Let the coach see a category, or no more."""

    category: ConsentCategory
    granted: bool


Said: TypeAlias = (
    SayPain | SaySymptoms | SayExercise | SayCrossTraining | SayCare | SayMedicine | SaySleep | SayProfile | SayEpisode
    | SayClearance | StartPlan | StepPlanBack | StopPlan | WornOut | SetPolicy | SetRule | Consent
)  # fmt: skip
SAID: tuple[type[Said], ...] = get_args(Said)
