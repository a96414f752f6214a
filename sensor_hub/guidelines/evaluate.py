"""``evaluate(athlete, sessions, since) → findings``: a pure function of history.

Findings that were true and no longer are come back withdrawn, so that whoever stored them can clear them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sensor_hub.guidelines.baseline import bridging
from sensor_hub.guidelines.headroom import day_headroom, yardstick_of
from sensor_hub.guidelines.history import DAY, Run, is_history, n_not_recorded, newest_of, runs_of, week_of
from sensor_hub.guidelines.judgement import Judgement
from sensor_hub.guidelines.ledgers import load_sums
from sensor_hub.guidelines.rules import session_limit
from sensor_hub.guidelines.rules.session_limit import SessionLimit
from sensor_hub.guidelines.rules.week_limit import WeekLimit
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Headroom, LoadStatus, Measure
from sensor_hub.model.session import SessionSummary

Severity: TypeAlias = Literal["alert", "info"]
MEASURES: Final[tuple[Measure, ...]] = ("distance_m", "load_eq_km", "hard_load_bw_s")
WEEK_MEASURES: Final[tuple[Measure, ...]] = ("distance_m", "load_eq_km")
# A run counts in references of 30 days and of four weeks after its own; for 30 days it keeps its instrument remembered,
# and that decides on 14 days of bridging. So what is said of a day rests on as many days before it, and on no others.
REACH: Final = timedelta(days=45)
SESSION_LIMITS: Final = tuple(SessionLimit(measure) for measure in MEASURES)


def _finding(
    athlete: str,
    rule: str,
    scope: str,
    judged: Judgement,
    severity: Literal["alert", "info"],
    window_days: int,
    run: Run,
) -> Finding | None:
    if judged.level is None:
        return None
    return Finding(
        athlete=athlete,
        rule=rule,
        scope=scope,
        measure=judged.measure,
        level=judged.level,
        severity=severity,
        certainty=judged.certainty,
        probability=round(judged.probability, 6),
        value=judged.amount.value,
        reference=judged.reference.value,
        limit=judged.limit,
        window_days=window_days,
        confidence=judged.confidence,
        lower_bound=judged.amount.lower_bound,
        first_utc=run.end_utc,
        updated_utc=run.end_utc,
        origin=run.origin,
    )


def session_findings(athlete: Athlete, runs: Sequence[Run], run: Run) -> list[Finding]:
    """What the session rules say of one run; only certain crossings of a learned limit are alerts."""
    found = []
    for rule in SESSION_LIMITS:
        judged = rule.judge(runs, run)
        if judged is None:
            continue
        certain = judged.certainty == "above" and judged.confidence != "learning"
        scope = f"session:{run.sid}"
        severity: Severity = "alert" if certain else "info"
        found.append(_finding(athlete.id, session_limit.RULE, scope, judged, severity, rule.window_days, run))
    return [f for f in found if f is not None]


def week_findings(athlete: Athlete, runs: Sequence[Run], monday: date, days: Sequence[DaySpan] = ()) -> list[Finding]:
    """What the week rules say of the week that begins on ``monday``; always information."""
    week = [r for r in runs if week_of(r.day, athlete.week_start) == monday]
    if not week:
        return []
    newest = max(week, key=lambda r: r.end_utc)
    found = []
    for measure in WEEK_MEASURES:
        for weeks in (4, 1):
            rule = WeekLimit(measure, weeks=weeks, week_start=athlete.week_start)
            judged = rule.judge(runs, monday, days)
            if judged is not None:
                scope = f"week:{monday.isoformat()}"
                found.append(_finding(athlete.id, rule.rule, scope, judged, "info", 7 * weeks, newest))
    return [f for f in found if f is not None]


def evaluate(
    athlete: Athlete,
    sessions: Iterable[SessionSummary],
    since: date,
    stored: Iterable[Finding] = (),
    *,
    until: date = date.max,
    anew: Container[str] = (),
    days: Sequence[DaySpan] = (),
) -> list[Finding]:
    """Judge every run and week from a local day on.

    Parameters
    ----------
    athlete : Athlete
        Gives zone and start of week.
    sessions : iterable of SessionSummary
        The athlete's history with the session in progress.
    since : date
        First local day to judge.
    stored : iterable of Finding
        What was said before about this athlete. First times are kept; what is no longer true comes back withdrawn.
    until : date
        Last local day to judge; what changes on a day reaches no further than ``REACH`` after it.
    anew : container of str
        Scopes of runs and weeks that an edit has changed: of these no first time is kept, as a recomputation from
        scratch would know of none.
    days : sequence of DaySpan
        What somebody said of days without a run.

    Returns
    -------
    list of Finding
        New or changed ones only, in the order of their scope.
    """
    runs = runs_of(sessions, athlete.zone, simulated=athlete.simulated)
    first_week = week_of(since, athlete.week_start)
    judged_runs = (run for run in runs if since <= run.day <= until)
    fresh = [f for run in judged_runs for f in session_findings(athlete, _reaching(runs, run.day, run.day), run)]
    # Weeks whole: one that has lost its run of ``since`` has others before it, one at the end others after ``until``.
    mondays = {week_of(run.day, athlete.week_start) for run in runs}
    for monday in sorted(monday for monday in mondays if first_week <= monday <= until):
        fresh += week_findings(athlete, _reaching(runs, monday, monday + 6 * DAY), monday, days)
    before = {f.key: f for f in stored if f.athlete == athlete.id}
    kept = [f if f.scope in anew else _merge(before.get(f.key), f) for f in fresh]
    changed = [f for f in kept if f != before.get(f.key)]
    true_now = {f.key for f in fresh}

    def was_judged(finding: Finding) -> bool:
        """Whether this pass would have found it again; its run or week may be gone from history altogether."""
        if finding.scope.startswith("week:"):
            return first_week <= date.fromisoformat(finding.scope.removeprefix("week:")) <= until
        return since <= day_of.get(finding.scope, local_day(finding.updated_utc, athlete.zone)) <= until

    day_of = {f"session:{run.sid}": run.day for run in runs}
    gone = [f for f in before.values() if f.key not in true_now and not f.withdrawn and was_judged(f)]
    return [*changed, *(replace(f, withdrawn=True) for f in gone)]


def _reaching(runs: Sequence[Run], first: date, last: date) -> Sequence[Run]:
    """Return the runs that what is said of days ``first`` to ``last`` rests on; ``runs`` by day."""
    low = bisect_left(runs, first - REACH, key=lambda run: run.day)
    return runs[low : bisect_right(runs, last, key=lambda run: run.day)]


def _merge(before: Finding | None, now: Finding) -> Finding:
    return now if before is None else replace(now, first_utc=min(before.first_utc, now.first_utc))


def should_notify(before: Finding | None, now: Finding, now_utc: datetime) -> bool:
    """True at the first certain crossing of the limit, once a scope; an old import and a replay stay silent."""
    if now.severity != "alert" or now.withdrawn or now.origin == "replay":
        return False
    if before is not None and before.severity == "alert":
        return False
    too_old = now.origin == "import" and (now_utc - now.updated_utc).total_seconds() > 48 * 3600
    return not too_old


def says_more(before: Finding | None, now: Finding) -> bool:
    """True if a finding would be put in other words: another level or certainty, or a percent more of its reference."""
    if before is None:
        return True
    words = (before.level, before.certainty, before.severity, before.confidence, before.withdrawn, before.lower_bound)
    if words != (now.level, now.certainty, now.severity, now.confidence, now.withdrawn, now.lower_bound):
        return True
    return abs(now.value - before.value) >= 0.01 * now.reference


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an athlete stands on a day."""

    status: LoadStatus
    headroom: tuple[Headroom, ...]


def standing(
    athlete: Athlete,
    sessions: Iterable[SessionSummary],
    now_utc: datetime,
    sid: str | None = None,
    *,
    days: Sequence[DaySpan] = (),
) -> Standing:
    """Today, this week and what the session limits leave.

    Parameters
    ----------
    now_utc : datetime
        The hub's clock: the session's while one runs.
    sid : str | None
        The session in progress; without one, the day's longest counts as what was done so far, of the loads that of
        the newest run's instrument. A run without a load is no yardstick of one.
    days : sequence of DaySpan
        What somebody said of days without a run.
    """
    sessions = [s for s in sessions if is_history(s, simulated=athlete.simulated)]
    runs = runs_of(sessions, athlete.zone, simulated=athlete.simulated)
    mine = next((r for r in runs if r.sid == sid), None)
    day = mine.day if mine is not None else now_utc.astimezone(ZoneInfo(athlete.zone)).date()
    newest = mine or newest_of(r for r in runs if r.day <= day)
    like = yardstick_of(runs, day, mine)
    headroom = day_headroom(SESSION_LIMITS, runs, day, mine, days)
    monday = week_of(day, athlete.week_start)
    of_week = [(local_day(s.start_utc, athlete.zone), s) for s in sessions if s.start_utc.date() >= monday - DAY]
    lost_today, lost_in_week = (n_not_recorded(days, runs, first, day) > 0 for first in (day, monday))
    today = load_sums(runs, [s for d, s in of_week if d == day], not_recorded=lost_today)
    week = load_sums(runs, [s for d, s in of_week if monday <= d <= day], not_recorded=lost_in_week)
    status = LoadStatus(
        athlete=athlete.id,
        zone=athlete.zone,
        day=day.isoformat(),
        today_distance_m=today.distance_m,
        today_load_eq_km=today.load_eq_km,
        week_distance_m=week.distance_m,
        week_load_eq_km=week.load_eq_km,
        headroom=headroom,
        origin=newest.origin
        if newest is not None and newest.day == day
        else ("simulated" if athlete.simulated else "live"),
        today=today,
        week=week,
        instrument=None if like is None else like.yardstick.instrument,
        model=None if like is None else like.yardstick.model,
        reference=None if like is None else like.reference,
        bridging=None if like is None else bridging(runs, day, like.yardstick),
    )
    return Standing(status, headroom)


def local_day(moment_utc: datetime, zone: str) -> date:
    """Day of an instant in a zone."""
    return moment_utc.astimezone(UTC).astimezone(ZoneInfo(zone)).date()
