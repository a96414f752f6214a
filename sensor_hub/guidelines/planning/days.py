"""The next seven days: the runner's own usual days, each as long as every rule lets it be.

A day begins with its part of what the week's limit leaves, and no more than a tenth above what is usual on it. The load
rules then judge it as if it had been run; what they find shortens it until they find nothing, or it is rest. What has
been planned counts as run for the days after it, so the references move as they would.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.evaluate import REACH
from sensor_hub.guidelines.exposures import exposure
from sensor_hub.guidelines.history import DAY, Run, week_of
from sensor_hub.guidelines.planning import judges
from sensor_hub.guidelines.planning.caps import Caps
from sensor_hub.guidelines.planning.lefts import rules_of_week
from sensor_hub.guidelines.planning.pattern import Pattern, planned_run
from sensor_hub.guidelines.planning.settings import INFO
from sensor_hub.guidelines.rules.register import LIMIT_REACH
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import PlannedDay, PlannedItem
from sensor_hub.model.load import Measure
from sensor_hub.units import M_PER_KM

N_DAYS: Final = 7
TRIES: Final = 12
BELOW: Final = 1.0 - 1e-6  # of a limit: below it, and not on it
SHORTER: Final = 0.75  # of a run that a rule without a distance is against
STAGE: Final = ("plan-stage",)
LONG: Final = 1.2  # ours: of a usual day's distance, from which it is the long one
Kind: TypeAlias = Literal["easy", "long", "hills", "fast", "plan"]
RAN: Final[tuple[Measure, ...]] = ("distance_m", "load_eq_km", "hard_load_bw_s")


@dataclass(slots=True)
class Planned:
    """What is planned so far. runs : the past and each planned run. binds : what kept runs from being longer.

    found : what the rules find in each week with what is planned of it, by its first day. known : what they found of
    earlier runs.
    """

    runs: list[Run]
    days: list[PlannedDay] = field(default_factory=list)
    binds: dict[tuple[Measure, str], None] = field(default_factory=dict)
    found: dict[date, dict[str, Finding]] = field(default_factory=dict)
    known: judges.Known = field(default_factory=dict)

    def before(self, case: Case, day: date) -> dict[str, Finding]:
        """Return what is found in the week of a day so far."""
        monday = week_of(day, case.athlete.week_start)
        if monday not in self.found:
            self.found[monday] = judges.of_week(case, self.runs, day, self.known)
        return self.found[monday]

    def add(self, case: Case, run: Run, week: dict[str, Finding]) -> None:
        """Take a run as planned. week : what is found in its week with it."""
        self.runs.append(run)
        self.found[week_of(run.day, case.athlete.week_start)] = week


def first_day(case: Case) -> date:
    """Return today, or tomorrow where today has had its run."""
    today = case.today
    return today + DAY if any(run.day == today for run in case.runs) else today


def next_days(case: Case, pattern: Pattern, caps: Caps) -> Planned:
    """Return seven days from today or tomorrow on."""
    first = first_day(case)
    planned = Planned(case.runs_between(first - REACH, case.today))
    models = {} if caps.easy_only else _models(case, pattern, planned, first)
    for day in (first + n * DAY for n in range(N_DAYS)):
        _add_day(case, planned, pattern, caps, day, models.get(day.isoweekday()))
    return planned


def _add_day(
    case: Case, planned: Planned, pattern: Pattern, caps: Caps, day: date, model: tuple[Kind, Run] | None
) -> None:
    usual_m = pattern.metres.get(day.isoweekday())
    if usual_m is None:
        planned.days.append(PlannedDay(day, "rest", 0.0, 0.0, 0.0))
        return
    if _rests(planned, caps, day):
        planned.days.append(PlannedDay(day, "rest", 0.0, 0.0, 0.0, STAGE))
        return
    wanted_m, binds = _wanted(case, planned, pattern, caps, day, usual_m)
    least_m = min(case.settings.value(INFO, "least_m"), usual_m / 2)
    if model is not None and wanted_m >= least_m and not _fast_enough(planned, caps, model[0]):
        kind, like = model
        chosen = planned_run(case, pattern, day, min(wanted_m, like.distance_m or wanted_m), like)
        judged = judges.judge(case, [*planned.runs, chosen], chosen, planned.before(case, day), planned.known)
        if not judged.against:
            planned.add(case, chosen, judged.week)
            as_on = PlannedItem("as-on", facts={"day": like.day})
            _take(planned, chosen, kind, binds, (as_on,))
            return
    run, found = as_far_as_allowed(case, planned, pattern, day, wanted_m, least_m)
    for measure, rule in found:
        planned.binds.setdefault((measure, rule))
    binds = tuple(dict.fromkeys(rule for _, rule in found)) or binds
    if run is None:
        planned.days.append(PlannedDay(day, "rest", 0.0, 0.0, 0.0, binds))
        return
    usual = sorted(pattern.metres.values())[len(pattern.metres) // 2]
    long = len(pattern.metres) > 1 and usual_m == max(pattern.metres.values()) and usual_m > LONG * usual
    _take(planned, run, "plan" if caps.plan is not None else "long" if long else "easy", binds, caps.items)


def _take(planned: Planned, run: Run, kind: Kind, binds: tuple[str, ...], items: tuple[PlannedItem, ...]) -> None:
    load, duration = run.load_eq_km, run.duration_s or None
    planned.days.append(PlannedDay(run.day, kind, run.distance_m, load, duration, binds, items))


def _rests(planned: Planned, caps: Caps, day: date) -> bool:
    """Whether the plan somebody is in keeps a day free after the last run."""
    last = planned.runs[-1].day if planned.runs else None
    return caps.plan is not None and last is not None and (day - last).days <= caps.plan.rest_days


def _fast_enough(planned: Planned, caps: Caps, kind: Kind) -> bool:
    """Whether the plan somebody is in has its fast run already: how that will be answered nobody knows yet."""
    return caps.plan is not None and kind == "fast" and any(day.kind == "fast" for day in planned.days)


def _of_plan(planned: Planned, pattern: Pattern, caps: Caps) -> float | None:
    """Metres of the next run of a plan where the last one was too much; None where it was not, or has been planned."""
    if caps.plan is None or any(day.kind != "rest" for day in planned.days):
        return None
    next_s = caps.plan.next_max_s
    by_time = None if next_s is None or pattern.speed_mps is None else next_s * pattern.speed_mps
    return min((metres for metres in (caps.plan.next_max_m, by_time) if metres is not None), default=None)


def _wanted(
    case: Case, planned: Planned, pattern: Pattern, caps: Caps, day: date, usual_m: float
) -> tuple[float, tuple[str, ...]]:
    """Metres of a day before a rule has seen it: its part of what the week leaves, or a little more than is usual."""
    most = caps.factor * usual_m
    binds = caps.because or (INFO.id,)
    monday = week_of(day, case.athlete.week_start)
    rest_of_week = sum(pattern.metres.get((day + n * DAY).isoweekday(), 0.0) for n in range((monday - day).days + 7))
    near = [r for r in planned.runs if r.day >= monday - LIMIT_REACH]
    for rule in rules_of_week(case):
        limit = rule.limit(near, monday, case.days) if rule.measure == "distance_m" else None
        if limit is None:
            continue
        so_far = sum(r.distance_m or 0.0 for r in planned.runs if monday <= r.day < day)
        part = max(0.0, limit - so_far) * usual_m / rest_of_week * BELOW
        if part < most:
            most, binds = part, (rule.rule,)
            planned.binds.setdefault(("distance_m", rule.rule))
    smaller_m = _of_plan(planned, pattern, caps)
    return (most, binds) if smaller_m is None or smaller_m >= most else (smaller_m, STAGE)


def as_far_as_allowed(
    case: Case, planned: Planned, pattern: Pattern, day: date, wanted_m: float, least_m: float
) -> tuple[Run | None, list[tuple[Measure, str]]]:
    """Plan a run of a day that no rule is against, at most as long as wanted; return it, and what has shortened it.

    None where every run that is worth it, of ``least_m`` at least, would be found.
    """
    before = planned.before(case, day)
    metres = wanted_m
    found: list[tuple[Measure, str]] = []
    for _ in range(TRIES):
        if metres < least_m or metres <= 0:
            break
        run = planned_run(case, pattern, day, metres)
        judged = judges.judge(case, [*planned.runs, run], run, before, planned.known)
        if not judged.against:
            planned.add(case, run, judged.week)
            return run, found
        shorter = [(f, _shorter(f, run, pattern)) for f in judged.against]
        metres = min(left for _, left in shorter)
        found = [(_measure(f), f.rule) for f, left in shorter if left == metres]
    return None, found


def _measure(finding: Finding) -> Measure:
    """The measure of a finding; what is about neither distance nor load bounds the distance."""
    return next((m for m in RAN if m == finding.measure), "distance_m")


def _shorter(finding: Finding, run: Run, pattern: Pattern) -> float:
    """Metres at which a finding would not be, as far as it tells."""
    metres = run.distance_m or 0.0
    if finding.measure in {"n_runs", "spacing_h"} or finding.value <= 0:
        return 0.0
    if finding.measure not in RAN:
        return SHORTER * metres
    if finding.scope.startswith("session:"):
        return metres * min(SHORTER if finding.limit <= 0 else finding.limit / finding.value * BELOW, BELOW)
    per_metre = {
        "distance_m": 1.0,
        "load_eq_km": (pattern.eq_km_per_km or 0.0) / M_PER_KM,
        "hard_load_bw_s": (pattern.hard_per_km or 0.0) / M_PER_KM,
    }[finding.measure]
    excess = finding.value - finding.limit
    return max(0.0, min(metres - excess / per_metre, metres) * BELOW) if per_metre > 0 else SHORTER * metres


def _models(case: Case, pattern: Pattern, planned: Planned, first: date) -> dict[int, tuple[Kind, Run]]:
    """The newest fast or hilly run of each weekday in the weeks before, to be run again so."""
    past = judges.past_of(case, planned.runs, first, planned.known)
    window = case.settings.value(INFO, "pattern_days")
    found: dict[int, tuple[Kind, Run]] = {}
    for run in planned.runs:
        if (first - run.day).days <= window and run.distance_m:
            was = exposure(past, run)
            if was.hill or was.fast:
                found[run.day.isoweekday()] = ("hills" if was.hill else "fast", run)
    judges.keep(past, first, planned.known)
    return {weekday: model for weekday, model in found.items() if weekday in pattern.metres}
