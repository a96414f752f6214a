"""A past told again: when each rule would have spoken, run by run, knowing only what was known by then. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import Diary
from sensor_hub.guidelines.evaluate import evaluate, local_day, should_notify
from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.history import DAY, Run, is_history, runs_of, week_of
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.backtest import BacktestReport, PainAfter, RuleTold, Spoken
from sensor_hub.model.diary import SayPain
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Notice
from sensor_hub.model.history import DaySpan
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.model.session import SessionSummary

LOOKS_BACK: Final = timedelta(days=120)  # what a hub has in hand when it judges a run
SEES_BACK: Final = timedelta(days=400)  # and what notices look at
AFTER: Final = timedelta(days=7)  # ours: how long after a word of a rule the diary is asked
ASKS: Final = frozenset({"alert", "red-flag", "refer", "stop", "plan", "load"})  # weights that ask for something
ECHOES: Final = frozenset({"load-alert"})  # notices that only repeat a finding


def backtest(
    athlete: Athlete,
    sessions: Iterable[SessionSummary],
    diary: Diary | None = None,
    settings: RuleSettings = DEFAULT_SETTINGS,
    days: Sequence[DaySpan] = (),
    *,
    shoes: Sequence[Shoe] = (),
    worn: Sequence[tuple[str, str]] = (),
    since: date = date.min,
    rule: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> BacktestReport:
    """Tell a past again with rules as ``settings`` have them.

    Parameters
    ----------
    sessions : iterable of SessionSummary
        The athlete's history; judged in the order they ended, each with nothing later in hand.
    diary : Diary | None
        What was said; of each line only what was said by then. With an empty one, and no shoes, there are findings
        and no notices. A profile has no day: it is taken as it is now.
    days : sequence of DaySpan
        What somebody said of days without a run; known from the span's last day on.
    since : date
        First local day that is reported. What lies before it is judged all the same: later runs are held against it.
    rule : str | None
        Id of the one rule that is reported; None for all.
    progress : callable
        Told how many runs are done, and of how many.

    Notes
    -----
    What stands beside a rule is what the diary has of the seven days after it. It is a count and no cause: most runs
    are followed by nothing, and nobody was assigned to anything.
    """
    said = replace(diary or Diary(), settings=settings)
    past = sorted(
        (s for s in sessions if s.header.ledger == "run" and is_history(s, simulated=athlete.simulated)),
        key=lambda s: (s.end_utc, s.header.sid),
    )
    teller = _Teller(athlete, past, said, tuple(days), tuple(shoes), tuple(worn))
    for n, session in enumerate(past, start=1):
        teller.run(session, n)
        progress(n, len(past))
    teller.end()
    return teller.report(since, rule)


class _Teller:
    """A past on its way: what was said so far, and what stands."""

    def __init__(
        self,
        athlete: Athlete,
        past: list[SessionSummary],
        diary: Diary,
        days: tuple[DaySpan, ...],
        shoes: tuple[Shoe, ...],
        worn: tuple[tuple[str, str], ...],
    ) -> None:
        self.athlete, self.past, self.diary, self.days, self.shoes, self.worn = athlete, past, diary, days, shoes, worn
        self._runs = runs_of(past, athlete.zone, simulated=athlete.simulated)
        self._stored: dict[str, Finding] = {}
        self._spoken: list[Spoken] = []
        self._pushed: set[tuple[str, str]] = set()
        self._standing: frozenset[tuple[str, str, str | None]] = frozenset()
        self._begin = 0
        self._withdrawn = 0
        self._listens = bool(shoes) or diary != Diary(settings=diary.settings)
        self._moments = iter(_moments(diary, athlete.zone))
        self._next = next(self._moments, None)

    def run(self, session: SessionSummary, n: int) -> None:
        """Judge the n-th run of the past when it ends, after what was said before it."""
        while self._next is not None and self._next < session.end_utc:
            self._listen(self._next)
            self._next = next(self._moments, None)
        while self.past[self._begin].end_utc < session.end_utc - LOOKS_BACK:
            self._begin += 1
        self._judge(session, self.past[self._begin : n])
        if self._listens:
            self._listen(session.end_utc)

    def end(self) -> None:
        """Hear what was said after the last run: whoever stops running goes on to say how it is."""
        for moment in [] if self._next is None else [self._next, *self._moments]:
            self._listen(moment)
        self._next = None

    def _judge(self, session: SessionSummary, known: Sequence[SessionSummary]) -> None:
        day = local_day(session.start_utc, self.athlete.zone)
        recent = [f for f in self._stored.values() if f.updated_utc >= session.end_utc - LOOKS_BACK]
        spans = [span for span in self.days if span.last <= day]
        changed = evaluate(self.athlete, known, day - DAY, recent, until=day, days=spans, settings=self.diary.settings)
        for finding in changed:
            self._take(finding, session.end_utc)

    def _take(self, finding: Finding, now_utc: datetime) -> None:
        before = self._stored.get(finding.key)
        self._stored[finding.key] = finding
        if finding.withdrawn:
            self._withdrawn += 1
            return
        pushed = should_notify(before, finding, now_utc) and (finding.rule, finding.scope) not in self._pushed
        if before is not None and not before.withdrawn and not pushed:
            return  # it only rose: it was told when it was first true
        if pushed:
            self._pushed.add((finding.rule, finding.scope))
        self._spoken.append(
            Spoken(
                rule=finding.rule,
                what=finding.measure,
                scope=finding.scope,
                at_utc=now_utc,
                day=local_day(now_utc, self.athlete.zone),
                weight=finding.severity,
                pushed=pushed,
                level=finding.level,
                certainty=finding.certainty,
                value=finding.value,
                limit=finding.limit,
            )
        )

    def _listen(self, now_utc: datetime) -> None:
        """Ask what the guidelines say at a moment, and keep what they did not say before."""
        today = local_day(now_utc, self.athlete.zone)
        to_come = {run.sid for run in self._runs if run.end_utc > now_utc}
        case = Case(
            athlete=self.athlete,
            now_utc=now_utc,
            runs=tuple(run for run in self._runs if now_utc - SEES_BACK <= run.end_utc <= now_utc),
            days=tuple(span for span in self.days if span.last <= today),
            diary=_by(self.diary, now_utc, today),
            findings=tuple(
                f for f in self._stored.values() if not f.withdrawn and f.updated_utc > now_utc - LOOKS_BACK
            ),
            shoes=tuple(_by_then(shoe, now_utc) for shoe in self.shoes),
            worn=tuple((sid, pair) for sid, pair in self.worn if sid not in to_come),
            recorded=frozenset(run.day for run in self._runs if run.end_utc <= now_utc),
        )
        told = {
            (n.rule, n.key, n.sid): n for n in guide(case).notices if n.rule not in ECHOES and n.weight != "unknown"
        }
        for what, notice in told.items():
            if what not in self._standing:  # what goes on was told when it began
                self._hear(notice, now_utc, today)
        self._standing = frozenset(told)

    def _hear(self, notice: Notice, now_utc: datetime, today: date) -> None:
        scope = f"session:{notice.sid}" if notice.sid else f"day:{notice.since.isoformat()}"
        self._spoken.append(Spoken(notice.rule, notice.key, scope, now_utc, today, notice.weight, pushed=False))

    def report(self, since: date, rule: str | None) -> BacktestReport:
        """Count what was said from a local day on, by one rule or by all."""
        runs = [run for run in self._runs if run.day >= since]
        spoken = tuple(s for s in self._spoken if s.day >= since and rule in {None, s.rule})
        weeks = _weeks(runs, self.athlete.week_start)
        pushed = Counter(week_of(s.day, self.athlete.week_start) for s in spoken if s.pushed)
        told = [self._told([s for s in spoken if s.rule == one]) for one in sorted({s.rule for s in spoken})]
        return BacktestReport(
            athlete=self.athlete.id,
            policy=self.diary.settings.policy,
            first=runs[0].day if runs else None,
            last=runs[-1].day if runs else None,
            n_runs=len(runs),
            n_weeks=len(weeks),
            pushes=tuple(pushed[week] for week in weeks),
            rules=tuple(sorted(told, key=lambda t: (-t.n_pushes, -t.n_alerts, -t.n_spoken, t.rule))),
            spoken=spoken,
            any_run=_pain_after(self.diary.pains, [run.end_utc for run in runs]),
            withdrawn=self._withdrawn,
        )

    def _told(self, mine: Sequence[Spoken]) -> RuleTold:
        """Count what one rule said."""
        asking = [s for s in mine if s.weight in ASKS]
        by_week = Counter(week_of(s.day, self.athlete.week_start) for s in mine)
        moments = sorted({s.at_utc for s in asking or mine})
        return RuleTold(
            rule=mine[0].rule,
            n_spoken=len(mine),
            n_alerts=len(asking),
            n_pushes=sum(s.pushed for s in mine),
            most_in_week=max(by_week.values(), default=0),
            after=_pain_after(self.diary.pains, moments),
        )


def _weeks(runs: Sequence[Run], week_start: int) -> list[date]:
    if not runs:
        return []
    first, last = week_of(runs[0].day, week_start), week_of(max(run.day for run in runs), week_start)
    return [first + timedelta(weeks=k) for k in range((last - first).days // 7 + 1)]


def _pain_after(pains: Sequence[SayPain], moments: Sequence[datetime]) -> PainAfter:
    n_pain = n_none = 0
    for moment in moments:
        levels = [pain.level for pain in pains if moment < pain.at_utc <= moment + AFTER]
        n_pain += any(level > 0 for level in levels)
        n_none += bool(levels) and not any(level > 0 for level in levels)
    return PainAfter(len(moments), n_pain, n_none)


def _moments(diary: Diary, zone: str) -> list[datetime]:
    """When something was said that the rules may answer to; of what has a day and no time, that day's noon."""
    timed = {said.at_utc for kind in (diary.pains, diary.symptoms, diary.exercises) for said in kind}
    days = {said.first for said in diary.medicines} | {said.first for said in diary.care}
    days |= {said.day for kind in (diary.plan_changes, diary.episodes, diary.worn_out) for said in kind}
    noons = {datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC) for day in days}
    return sorted(timed | noons)


def _by_then(shoe: Shoe, now_utc: datetime) -> Shoe:
    """Return a pair as it stood: one that was retired later was in use."""
    later = shoe.retired_utc is not None and shoe.retired_utc > now_utc
    return replace(shoe, retired_utc=None) if later else shoe


def _by(diary: Diary, now_utc: datetime, today: date) -> Diary:
    """Return a diary as it stood: of each kind what is of a moment, or a day, that had come."""

    def had_come(said: object) -> bool:
        at_utc = getattr(said, "at_utc", None)
        if at_utc is not None:
            return bool(at_utc <= now_utc)
        day = getattr(said, "day", None) or getattr(said, "first", None)
        return day is None or bool(day <= today)

    kinds = ((f.name, getattr(diary, f.name)) for f in fields(diary))
    known: dict[str, Any] = {name: tuple(filter(had_come, kind)) for name, kind in kinds if isinstance(kind, tuple)}
    return replace(diary, **known)
