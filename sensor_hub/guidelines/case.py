"""Everything the guidelines look at to say something of one athlete at one moment."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sensor_hub.guidelines.diary import Diary
from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.plans.walk_run import WalkRun
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Headroom
from sensor_hub.model.rule import RuleSettings


@dataclass(frozen=True, slots=True)
class Case:
    """One athlete at one moment.

    runs : by day, all that are known, also the one in progress. days : what was answered for days without a run.
    worn : the pair of each run, by session id; a run that is missing was in an unknown pair. findings : of the load
    rules, those that stand. headroom : of today. recorded : local days with a session of any kind.
    walk_runs : how runs were run and walked by turns, of those whose recorded steps tell (``plans.walk_run.spans_of``).
    """

    athlete: Athlete
    now_utc: datetime
    runs: tuple[Run, ...] = ()
    days: tuple[DaySpan, ...] = ()
    diary: Diary = field(default_factory=Diary)
    findings: tuple[Finding, ...] = ()
    headroom: tuple[Headroom, ...] = ()
    shoes: tuple[Shoe, ...] = ()
    worn: tuple[tuple[str, str], ...] = ()
    recorded: frozenset[date] = frozenset()
    walk_runs: tuple[WalkRun, ...] = ()

    @property
    def today(self) -> date:
        """The athlete's local day."""
        return self.day_of(self.now_utc)

    @property
    def settings(self) -> RuleSettings:
        """What the athlete has set of the rules."""
        return self.diary.settings

    def day_of(self, moment_utc: datetime) -> date:
        """Return the athlete's local day of a moment."""
        return moment_utc.astimezone(ZoneInfo(self.athlete.zone)).date()

    def runs_between(self, first: date, last: date) -> list[Run]:
        """Return the runs of some local days, both included, by day."""
        return [run for run in self.runs if first <= run.day <= last]

    def runs_of_last(self, days: int) -> list[Run]:
        """Return the runs of the last local days, today included."""
        return self.runs_between(self.today - timedelta(days=days - 1), self.today)

    def rested(self, day: date) -> bool | None:
        """Whether a day without a run was rest, said or taken to be; None if it was not recorded, or there was a run.

        A single day without a session is rest. Of a stretch that is asked about nobody knows until it is answered
        (``open_days``), so whoever needs "rested" of a stretch asks for what was said.
        """
        if any(run.day == day for run in self.runs):
            return None
        marks = [span.mark for span in self.days if span.first <= day <= span.last]
        return None if marks and marks[-1] == "not-recorded" else True
