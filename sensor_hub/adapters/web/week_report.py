"""A week of everybody whom the asker may see, put together from what the hub knows; no words in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.web.seen import Seen
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import PlanView
from sensor_hub.model.ports import AthleteView, Guide, WeekBar
from sensor_hub.model.session import SessionSummary

WEEK: Final = timedelta(days=7)
_FIRST: Final = date(1970, 1, 5)
_LAST: Final = date(2999, 12, 30)
BEFORE: Final = 8  # weeks drawn beside the one that is told, it among them


@dataclass(frozen=True, slots=True)
class AthleteWeek:
    """One athlete's line.

    bar : the week, None where the hub knows nothing of it. before : the weeks up to it, oldest first. longest : the run
    that went furthest, of those whose distance is known. findings : of the week and of its runs that stand, the
    weightiest first. shows_load : False of somebody who does not let the asker see what was run; then nothing is here.
    standing, plan : what decides now and the plan that goes on, of somebody who lets the asker see both pain and
    medicines; only where the week is the one that goes on.
    """

    athlete: Athlete
    monday: date
    bar: WeekBar | None
    before: tuple[WeekBar, ...]
    n_days: int
    longest: SessionSummary | None
    findings: tuple[Finding, ...]
    shows_load: bool = True
    standing: str | None = None
    plan: PlanView | None = None

    @property
    def needs_a_look(self) -> bool:
        """Whether something was found that asks for attention, and nobody has called it untrue since."""
        return any(finding.severity == "alert" for finding in self.findings)


def told_of(day: date | None) -> date | None:
    """Return the day, within those that have weeks before and after them."""
    return None if day is None else min(max(day, _FIRST), _LAST)


def week_report(at: Seen, day: date | None, athletes: Iterable[str] | None = None) -> list[AthleteWeek]:
    """Return a line an athlete, those with findings first.

    day : any day of the week; None: the one that goes on. athletes : pseudonyms to leave it at; None: everybody.
    """
    chosen = None if athletes is None else set(athletes)
    lines = []
    for tile in at.view.tiles():
        if chosen is None or tile.athlete.id in chosen:
            found = at.view.athlete(tile.athlete.id)
            if found is not None:
                lines.append(_line(at, found, day))
    return sorted(lines, key=lambda line: (not line.needs_a_look, not line.findings, _name(line)))


def _name(line: AthleteWeek) -> str:
    return line.athlete.display_name.casefold()


def _line(at: Seen, found: AthleteView, day: date | None) -> AthleteWeek:
    who = found.tile.athlete
    day = found.today if day is None else day
    monday = day - timedelta(days=(day.isoweekday() - who.week_start) % 7)
    if not at.rights.may("see-load", athlete=who.id):
        return AthleteWeek(who, monday, None, (), 0, None, (), shows_load=False)
    weeks = sorted(found.weeks, key=lambda week: week.monday)
    runs = _runs(at.view.sessions(who.id), who, monday)
    standing, plan = _guided(at, who) if monday <= found.today < monday + WEEK else (None, None)
    return AthleteWeek(
        athlete=who,
        monday=monday,
        bar=next((week for week in weeks if week.monday == monday), None),
        before=tuple(week for week in weeks if week.monday <= monday)[-BEFORE:],
        n_days=len({local_day(run, who) for run in runs}),
        longest=max((r for r in runs if r.totals.distance_m is not None), key=_distance_m, default=None),
        findings=_findings(found, monday, {run.header.sid for run in runs}),
        standing=standing,
        plan=plan,
    )


def local_day(run: SessionSummary, who: Athlete) -> date:
    """Return the day of a run's start where its runner is at home."""
    return run.start_utc.astimezone(ZoneInfo(who.zone)).date()


def _distance_m(run: SessionSummary) -> float:
    return run.totals.distance_m or 0.0


def _runs(sessions: Iterable[SessionSummary], who: Athlete, monday: date) -> list[SessionSummary]:
    return [s for s in sessions if s.header.ledger == "run" and monday <= local_day(s, who) < monday + WEEK]


def _findings(found: AthleteView, monday: date, sids: set[str]) -> tuple[Finding, ...]:
    scopes = {f"week:{monday.isoformat()}", *(f"session:{sid}" for sid in sids)}
    mine = [f for f in found.findings if f.scope in scopes and not f.withdrawn]
    return tuple(sorted(mine, key=lambda f: (f.severity != "alert", not f.scope.startswith("session:"))))


def _guided(at: Seen, who: Athlete) -> tuple[str | None, PlanView | None]:
    guide: Guide | None = at.writing.guide
    if guide is None or not at.rights.may("see-pain", "see-medication", athlete=who.id):
        return None, None
    try:
        guidance = guide.guidance(who.id)
    except SensorHubError:  # the line says nothing of it: it is not known
        return None, None
    return guidance.verdict.standing, next((plan for plan in guidance.plans if not plan.complete), None)
