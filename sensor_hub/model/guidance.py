"""What the guidelines say of a person on a day: notices, how runs were answered, plans, questions, and one verdict.

All of it is computed when asked from history and diary, and none of it is stored or published: it is health data.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from sensor_hub.model.diary import CrossSport, PainSide, PlanKind, Warming
from sensor_hub.model.load import Measure

Weight: TypeAlias = Literal["red-flag", "refer", "stop", "plan", "load", "caution", "info", "unknown"]
"""How much a notice weighs, heaviest first. "unknown" is no finding: it says what is not known, and what would tell."""
WEIGHTS: tuple[Weight, ...] = ("red-flag", "refer", "stop", "plan", "load", "caution", "info", "unknown")
Fact: TypeAlias = float | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a rule says. The sentence is made in ``words`` from rule, key and facts.

    rows : of the source texts that speak. since : local day from which it holds. sid : the run it is about.
    """

    rule: str
    key: str
    rows: tuple[str, ...]
    weight: Weight
    since: date
    facts: dict[str, Fact] = field(default_factory=dict)
    sid: str | None = None


Gate: TypeAlias = Literal["clear", "reduced", "caution", "stop", "stop-physio", "unknown"]
"""What the 24-hour table says after a run: nothing hurt; running less and easy; the same and asked again; no running;
no running and a physiotherapist; or not enough is known."""


@dataclass(frozen=True, slots=True)
class RunResponse:
    """How the tendon answered a run. Levels 0 to 10, None is unknown; day_after : 24 h after its end, or later.

    baseline : median of the last seven mornings without a run the day before. settled : back to it within 24 h.
    too_soon : the 24 hours are not over. highest : of all that is known about the run. rows : of the texts that decide.
    side : the worse one, whose answers these are; "both" where they are the same, or nobody said which.
    overloaded : soreness set in half an hour to an hour after it, or was there in the evening.
    """

    sid: str
    day: date
    start_utc: datetime
    end_utc: datetime
    before: float | None = None
    during: float | None = None
    after: float | None = None
    evening: float | None = None
    morning: float | None = None
    day_after: float | None = None
    baseline: float | None = None
    warming: Warming | None = None
    tapering: bool | None = None
    onset_min: float | None = None
    settled: bool | None = None
    too_soon: bool = False
    highest: float | None = None
    gate: Gate = "unknown"
    rows: tuple[str, ...] = ()
    side: PainSide = "both"
    overloaded: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that is due: "morning" or "day-after" of a run, "daily", "rested" (of days without a record).

    day : of the question; of "rested" the first day it is about. run_day : the athlete's day of the run.
    """

    key: Literal["morning", "day-after", "daily", "rested"]
    day: date
    due_utc: datetime
    sid: str | None = None
    run_day: date | None = None


@dataclass(frozen=True, slots=True)
class PlanGate:
    """A condition of a stage's exit, and whether it is met; unknown does not open."""

    key: str
    state: Literal["met", "open", "unknown"]
    rows: tuple[str, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """Something to do: a run, a walk-run, an exercise. The sentence is made from key and facts."""

    key: str
    rows: tuple[str, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StageChange:
    """A plan went to another stage on a day. because : key such as "gates-met", "pain-above-3", "own-wish"."""

    day: date
    before: int
    after: int
    because: str
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """Where somebody stands in a plan.

    stage : from 1; n_stages : how many there are. week : since the plan began, from 1. since : when the stage began.
    locked : why nothing of it may be done now, a key such as "red-flag", "under-18", "medicine"; None if it may.
    run_low_s, run_high_s : how long a run may be; None where running is not timed, 0 where there is none. hills,
        speed : whether they are part of it. rest_days : least days between two runs.
    next_max_m, next_max_s : of the next run where the last one was too much. items : what is to be done now.
    gates : of this stage's exit. changes : oldest first. adherence : part of the exercise of the last 14 days that was
        done, 0 to 1; None where nothing was due.
    complete : all of it was done. violations : notices about sessions that were not in the plan.
    """

    plan: PlanKind
    started: date
    stage: int
    n_stages: int
    week: int
    since: date
    side: PainSide = "both"
    locked: str | None = None
    run_low_s: float | None = None
    run_high_s: float | None = None
    hills: bool | None = None
    speed: bool | None = None
    rest_days: int = 0
    next_max_m: float | None = None
    next_max_s: float | None = None
    items: tuple[PlannedItem, ...] = ()
    gates: tuple[PlanGate, ...] = ()
    changes: tuple[StageChange, ...] = ()
    adherence: float | None = None
    complete: bool = False
    violations: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer to "what now", by precedence: red flag > refer > stop > plan stage > load.

    standing : what decides; "caution" is pain that lets somebody run less and easy. because : the notices of that
    weight, the most telling first. running : "none", "plan" (what the stage allows), "reduced" (easy, no hills, no
    speed, cap_low to cap_high of the usual distance), "usual" (within the headroom), or "unknown".
    hold_headroom : the key that stands in place of every headroom, None where headroom is shown. silent : what keeps
    quiet: "planner", "exercise", "under-load". offers : sports instead.
    """

    standing: Literal["red-flag", "refer", "stop", "plan", "load", "caution", "clear", "unknown"]
    because: tuple[Notice, ...] = ()
    running: Literal["none", "plan", "reduced", "usual", "unknown"] = "usual"
    cap_low: float | None = None
    cap_high: float | None = None
    hills: bool = True
    speed: bool = True
    hold_headroom: str | None = None
    silent: frozenset[str] = frozenset()
    offers: tuple[CrossSport, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of the planner. distance_m, load_eq_km : at most; None is unknown, 0 is rest.

    binds : rules that keep it from being more.
    """

    day: date
    kind: Literal["rest", "easy", "long", "hills", "fast", "plan"]
    distance_m: float | None = None
    load_eq_km: float | None = None
    duration_s: float | None = None
    binds: tuple[str, ...] = ()
    items: tuple[PlannedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a limit today or this week; None is unknown, and ``reason`` says why."""

    rule: str
    measure: Measure
    limit: float | None
    so_far: float | None
    left: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """What today and this week leave, and a next week that keeps every rule. held : why there is none, a key."""

    today: tuple[Left, ...] = ()
    week: tuple[Left, ...] = ()
    days: tuple[PlannedDay, ...] = ()
    binds: tuple[tuple[Measure, str], ...] = ()
    held: str | None = None


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything the guidelines say of an athlete now."""

    athlete: str
    day: date
    verdict: Verdict
    notices: tuple[Notice, ...] = ()
    responses: tuple[RunResponse, ...] = ()
    plans: tuple[PlanView, ...] = ()
    asks: tuple[Ask, ...] = ()
