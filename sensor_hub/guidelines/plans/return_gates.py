"""What opens each stage of coming back to running. What is not known opens nothing.

Every gate but the stage's own two weeks looks at a window of the last days that is no longer than those weeks, so it
lies wholly in the stage: the same days give the same answer whenever the stage began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY, Run
from sensor_hub.guidelines.pain import table
from sensor_hub.guidelines.plans import clearance, levels
from sensor_hub.guidelines.plans.efforts import is_fast, is_hilly
from sensor_hub.guidelines.plans.stages import FREE_LENGTH, HILLS, INFO, SPEED
from sensor_hub.model.guidance import Fact, PlanGate, RunResponse

State = Literal["met", "open", "unknown"]
_24_H = timedelta(hours=24)
_RESPONSE_ENDS = timedelta(hours=60)  # ours: what is said within half a day after 48 hours is the 48-hour answer


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the gates look at. answers : by session id. runs : those that are over, by day."""

    case: Case
    answers: Mapping[str, RunResponse]
    runs: tuple[Run, ...]
    mornings: Mapping[date, float]
    walking: Mapping[date, bool]

    def between(self, first: date, last: date) -> list[Run]:
        """Runs of some days, both included."""
        return [run for run in self.runs if first <= run.day <= last]

    def value(self, parameter: str) -> float:
        """A number of the plan as it is set."""
        return self.case.settings.value(INFO, parameter)


def evidence_of(case: Case, answered: Sequence[RunResponse]) -> Evidence:
    """Put together what the gates look at."""
    answers = {answer.sid: answer for answer in answered}
    runs = tuple(sorted((run for run in case.runs if run.ended), key=lambda run: (run.start_utc, run.sid)))
    return Evidence(case, answers, runs, levels.mornings(case), levels.walking(case))


def gates(stage: int, since: date, day: date, seen: Evidence) -> tuple[PlanGate, ...]:
    """Return the gates of a stage's exit as they stand on a day; of the last stage, what makes the plan complete."""
    found = [_weeks(since, day, seen)]
    if stage == 1:
        return (*found, _walking(day, seen))
    if stage < FREE_LENGTH:
        found += [_during(day, seen), _settled(day, seen, "gate_days", ("D26", "D27"))]
    if stage == 4:
        found.append(_no_rise(day, seen))
    if stage == HILLS:
        found.append(_hill(day, seen))
    if stage == FREE_LENGTH:
        found.append(_settled(day, seen, "baseline_days", ("D31",)))
    if stage == SPEED:
        found += [_cleared(day, seen), _no_flare(day, seen)]
    return tuple(found)


def limit_during(seen: Evidence) -> float:
    """The pain of a run up to which the plan goes on; policy "clinician" has its own (C3)."""
    if seen.case.settings.policy == "clinician":
        return seen.case.settings.value(table.INFO, "clinician")
    return seen.value("pain_during")


def _weeks(since: date, day: date, seen: Evidence) -> PlanGate:
    left = int(seen.value("stage_days")) - (day - since).days
    return PlanGate("weeks", "open" if left > 0 else "met", ("D25",), {"days_left": max(left, 0)})


def _walking(day: date, seen: Evidence) -> PlanGate:
    first = day - timedelta(days=int(seen.value("walking_days")) - 1)
    said = [(when, hurts) for when, hurts in seen.walking.items() if first <= when <= day]
    state: State = "unknown" if not said else "open" if max(said)[1] else "met"
    return PlanGate("walking", state, ("D25", "D56"))


def _during(day: date, seen: Evidence) -> PlanGate:
    runs = seen.between(day - timedelta(days=int(seen.value("gate_days")) - 1), day)
    said = [None if (answer := seen.answers.get(run.sid)) is None else answer.during for run in runs]
    limit = limit_during(seen)
    bad = any(level is not None and level > limit for level in said)
    state = _state(bad, None in said, len(runs), seen)
    facts: dict[str, Fact] = {
        "limit": limit,
        "n_runs": len(runs),
        "needed": seen.value("gate_runs"),
        "n_unknown": said.count(None),
    }
    return PlanGate("during", state, ("D26",), facts)


def _settled(day: date, seen: Evidence, days: str, rows: tuple[str, ...]) -> PlanGate:
    length = int(seen.value(days))
    runs = seen.between(day - timedelta(days=length), day - DAY)
    said = [settled(run, seen) for run in runs]
    state = _state(False in said, None in said, len(runs), seen)
    facts: dict[str, Fact] = {
        "days": length,
        "n_runs": len(runs),
        "needed": seen.value("gate_runs"),
        "n_unknown": said.count(None),
    }
    return PlanGate("day-after", state, rows, facts)


def settled(run: Run, seen: Evidence) -> bool | None:
    """Whether a run's pain was back where it usually is within 24 hours; None is unknown."""
    answer = seen.answers.get(run.sid)
    return None if answer is None or answer.too_soon else answer.settled


def _state(bad: bool, unknown: bool, n: int, seen: Evidence) -> State:
    if bad or (not unknown and n < seen.value("gate_runs")):
        return "open"
    return "unknown" if unknown else "met"


def _no_rise(day: date, seen: Evidence) -> PlanGate:
    n = int(seen.value("no_rise_days"))
    last = day if day in seen.mornings else day - DAY
    said = [seen.mornings.get(last - k * DAY) for k in reversed(range(n))]
    known = [level for level in said if level is not None]
    rises = any(later > earlier for earlier, later in pairwise(said) if earlier is not None and later is not None)
    state: State = "open" if rises else "unknown" if len(known) < n else "met"
    return PlanGate("no-rise", state, ("D28", "D55"), {"days": n, "n_known": len(known)})


def after_hill(run: Run, seen: Evidence, until: datetime | None = None) -> bool | None:
    """Whether all was well for 48 hours after a run; None while they last, and where it was not said."""
    wait = timedelta(hours=seen.value("hill_wait_h"))
    now = seen.case.now_utc if until is None else until
    back = settled(run, seen)
    usual = None if (answer := seen.answers.get(run.sid)) is None else answer.baseline
    worst = levels.worst_between(seen.case, run.end_utc + _24_H, run.end_utc + _RESPONSE_ENDS)
    if back is False or (worst is not None and usual is not None and worst > usual):
        return False
    late = levels.worst_between(seen.case, run.end_utc + wait - timedelta(hours=12), run.end_utc + _RESPONSE_ENDS)
    hurts = worst is not None and worst > 0
    if now < run.end_utc + wait or back is None or late is None or (usual is None and hurts):
        return None  # without a baseline only 0 is known not to be raised
    return True


def _hill(day: date, seen: Evidence) -> PlanGate:
    runs = seen.between(day - timedelta(days=int(seen.value("stage_days")) - 1), day)
    hilly = [(run, is_hilly(run, seen.case.settings)) for run in runs]
    waited = timedelta(hours=seen.value("hill_wait_h"))
    # a session counts from the day its 48 hours are over, also when it is looked at again later
    said = [after_hill(run, seen) if seen.case.day_of(run.end_utc + waited) <= day else None for run, up in hilly if up]
    if False in said:
        state: State = "open"
    elif said:
        state = "met" if True in said else "unknown"
    else:
        state = "unknown" if any(up is None for _, up in hilly) else "open"
    return PlanGate("hill", state, ("D29", "D30"), {"n_hills": len(said), "wait_h": seen.value("hill_wait_h")})


def _cleared(day: date, seen: Evidence) -> PlanGate:
    return PlanGate("cleared", "open" if clearance.is_locked(seen.case, day) else "met", ("A08",))


def flared(run: Run, seen: Evidence) -> bool | None:
    """Whether pain flared up with a run: above 3, or still raised after 24 hours; None is unknown."""
    answer = seen.answers.get(run.sid)
    if answer is None:
        return None
    high = answer.highest
    if answer.settled is False or (high is not None and high > stage_back_above(seen.case)):
        return True
    return None if answer.too_soon or answer.settled is None else False


def _no_flare(day: date, seen: Evidence) -> PlanGate:
    runs = seen.between(day - timedelta(days=int(seen.value("stage_days")) - 1), day)
    fast = [(run, is_fast(run, seen.runs, seen.case.settings)) for run in runs]
    said = [flared(run, seen) for run, quick in fast if quick]
    if True in said:
        state: State = "open"
    elif said:
        state = "unknown" if None in said else "met"
    else:
        state = "unknown" if any(quick is None for _, quick in fast) else "open"
    return PlanGate("no-flare", state, ("D57",), {"n_fast": len(said)})


def stage_back_above(case: Case) -> float:
    """The pain above which a plan goes back one stage; policy "clinician" lets running go on to its own (C3)."""
    back = case.settings.value(table.INFO, "stage_back")
    return max(back, case.settings.value(table.INFO, "clinician")) if case.settings.policy == "clinician" else back
