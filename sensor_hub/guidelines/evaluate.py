"""``evaluate(athlete, sessions, since) → findings``: a pure function of history.

Findings that were true and no longer are come back withdrawn, so that whoever stored them can clear them.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.guidelines.baseline import bridging
from sensor_hub.guidelines.headroom import day_headroom, yardstick_of
from sensor_hub.guidelines.history import DAY, Run, is_history, n_not_recorded, newest_of, runs_of, week_of
from sensor_hub.guidelines.judgement import Found
from sensor_hub.guidelines.ledgers import load_sums
from sensor_hub.guidelines.past import Past
from sensor_hub.guidelines.rules import session_limit, week_limit
from sensor_hub.guidelines.rules.register import LIMIT_REACH, RUN_RULES, WEEK_RULES
from sensor_hub.guidelines.rules.session_limit import SessionLimit, session_limits
from sensor_hub.guidelines.tolerance import as_tolerated
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Headroom, LoadStatus, Measure
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleInfo, RuleSettings
from sensor_hub.model.session import SessionSummary

MEASURES: Final[tuple[Measure, ...]] = session_limit.MEASURES
WEEK_MEASURES: Final[tuple[Measure, ...]] = week_limit.MEASURES
# What is said of a day rests on so many days before it, and on no others. Furthest back look the four weeks after a
# break of up to eight weeks, at the four weeks before it; the limits alone look back 45 days.
REACH: Final = timedelta(days=112)
SESSION_LIMITS: Final[tuple[SessionLimit, ...]] = session_limits()


def _finding(athlete: str, info: RuleInfo, scope: str, said: Found, run: Run, settings: RuleSettings) -> Finding:
    """Only certain crossings of a learned limit are alerts, of rules that the policy lets alert."""
    certain = said.certainty == "above" and said.confidence != "learning" and not said.informs
    return Finding(
        athlete=athlete,
        rule=info.id,
        scope=scope,
        measure=said.measure,
        level=said.level,
        severity="alert" if certain and settings.alerts(info) else "info",
        certainty=said.certainty,
        probability=said.probability,
        value=said.value,
        reference=said.reference,
        limit=said.limit,
        window_days=said.window_days,
        confidence=said.confidence,
        lower_bound=said.lower_bound,
        first_utc=run.end_utc,
        updated_utc=run.end_utc,
        origin=run.origin,
    )


def session_findings(athlete: Athlete, past: Past, run: Run) -> Iterator[Finding]:
    """What the rules that look at runs say of one."""
    for info, judge in RUN_RULES:
        if past.settings.is_on(info):
            for said in judge(past, run):
                yield _finding(athlete.id, info, f"session:{run.sid}", said, run, past.settings)


def week_findings(athlete: Athlete, past: Past, monday: date) -> Iterator[Finding]:
    """What the rules that look at weeks say of the week that begins on ``monday``; nothing of one without a run."""
    newest = newest_of(past.between(monday, monday + 6 * DAY))
    if newest is None:
        return
    for info, judge in WEEK_RULES:
        if past.settings.is_on(info):
            for said in judge(past, monday):
                yield _finding(athlete.id, info, f"week:{monday.isoformat()}", said, newest, past.settings)


def past_of(
    athlete: Athlete,
    sessions: Iterable[SessionSummary],
    days: Sequence[DaySpan] = (),
    settings: RuleSettings = DEFAULT_SETTINGS,
) -> Past:
    """Return an athlete's history as the rules look at it."""
    sessions = [s for s in sessions if is_history(s, simulated=athlete.simulated)]
    runs = runs_of(sessions, athlete.zone, simulated=athlete.simulated)
    local = ZoneInfo(athlete.zone)
    others = {s.start_utc.astimezone(local).date() for s in sessions if s.header.ledger != "run"}
    return Past(runs, days, recorded=others, settings=settings, week_start=athlete.week_start)


def evaluate(
    athlete: Athlete,
    sessions: Iterable[SessionSummary],
    since: date,
    stored: Iterable[Finding] = (),
    *,
    until: date = date.max,
    anew: Container[str] = (),
    days: Sequence[DaySpan] = (),
    settings: RuleSettings = DEFAULT_SETTINGS,
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
    settings : RuleSettings
        The athlete's policy, and what they have set of the rules.

    Returns
    -------
    list of Finding
        New or changed ones only, in the order of their scope.
    """
    first_week = week_of(since, athlete.week_start)
    past = past_of(athlete, _since(sessions, first_week), days, settings)
    runs = past.runs
    fresh = [f for run in past.between(since, until) for f in session_findings(athlete, past, run)]
    # Weeks whole: one that has lost its run of ``since`` has others before it, one at the end others after ``until``.
    mondays = {week_of(run.day, athlete.week_start) for run in past.between(first_week, _plus(until, 6))}
    for monday in sorted(monday for monday in mondays if first_week <= monday <= until):
        fresh += week_findings(athlete, past, monday)
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


def _since(sessions: Iterable[SessionSummary], day: date) -> list[SessionSummary]:
    """Leave out the sessions that nothing said of ``day`` and later can rest on; of years that is most of the work."""
    if day <= date.min + REACH + 2 * DAY:
        return list(sessions)
    first = datetime.combine(day - REACH - 2 * DAY, datetime.min.time(), UTC)  # a local day may begin that much earlier
    return [s for s in sessions if s.start_utc >= first]


def _plus(day: date, n_days: int) -> date:
    return date.max if day > date.max - n_days * DAY else day + n_days * DAY


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
    """True if a finding would be put in other words: another level or certainty, or a percent more of its reference.

    Of what there was nothing of before, such as minutes uphill, it is a percent of the limit.
    """
    if before is None:
        return True
    words = (before.level, before.certainty, before.severity, before.confidence, before.withdrawn, before.lower_bound)
    if words != (now.level, now.certainty, now.severity, now.confidence, now.withdrawn, now.lower_bound):
        return True
    return abs(now.value - before.value) >= 0.01 * (now.reference or now.limit)


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
    settings: RuleSettings = DEFAULT_SETTINGS,
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
        What somebody said of days without a run. After a known rest less is left of a limit (``tolerance``).
    settings : RuleSettings
        What the athlete has set of the rules.
    """
    asked_of = now_utc.astimezone(ZoneInfo(athlete.zone)).date() - 7 * DAY  # a run may have begun days ago
    sessions = [s for s in _since(sessions, asked_of) if is_history(s, simulated=athlete.simulated)]
    past = past_of(athlete, sessions, days, settings)
    runs = past.runs
    mine = next((r for r in runs if r.sid == sid), None)
    day = mine.day if mine is not None else now_utc.astimezone(ZoneInfo(athlete.zone)).date()
    newest = mine or newest_of(r for r in runs if r.day <= day)
    like = yardstick_of(runs, day, mine)
    limits = session_limits(settings)
    recent = past.between(day - LIMIT_REACH, day)
    tolerated = as_tolerated(past, recent, day, limits[0].window_days)
    headroom = day_headroom(limits, tolerated, day, mine, days) if settings.is_on(session_limit.INFO) else ()
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
