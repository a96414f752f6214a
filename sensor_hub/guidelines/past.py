"""A history as the rules look at it: the runs of a stretch of days, sums of weeks, and stretches without a run.

Made once for as many rules and days as are judged. What is asked of a day looks at days before it only, and at none
further back than ``evaluate.REACH``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

from sensor_hub.guidelines.history import DAY, REMEMBERED, Run, history_days, n_not_recorded, week_of
from sensor_hub.model.history import DaySpan
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings

WEEK: Final = timedelta(days=7)
ASKED_AFTER_DAYS: Final = 7  # without any record somebody is asked: until they answer nobody knows


@dataclass(frozen=True, slots=True)
class Idle:
    """Days without a run between two that have one, a week or more.

    state : "rested" where that is known, because it was said or because other sessions show that recording went on;
    "unknown" where nobody has answered; "lost" where somebody ran without a record.
    """

    first: date
    last: date
    state: Literal["rested", "unknown", "lost"]

    @property
    def n_days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class WeekSums:
    """What is known of a week's runs; a sum with an unknown part is None.

    is_whole : every run has a distance, and no day of the week is unknown.
    """

    runs: tuple[Run, ...]
    distance_m: float
    duration_s: float | None
    uphill_s: float | None
    is_whole: bool

    @property
    def speed_mps(self) -> float | None:
        """Mean over the time run; None where a run's distance or time is unknown."""
        if not self.duration_s or any(not run.distance_m for run in self.runs):
            return None
        return self.distance_m / self.duration_s


class Past:
    """Runs of one athlete, by day. recorded : local days with a session of any kind, a run or another."""

    def __init__(
        self,
        runs: Sequence[Run],
        days: Sequence[DaySpan] = (),
        *,
        recorded: Iterable[date] = (),
        settings: RuleSettings = DEFAULT_SETTINGS,
        week_start: int = 1,
    ) -> None:
        self.runs, self.days, self.settings, self.week_start = runs, days, settings, week_start
        self.remembered: dict[tuple[str, object], object] = {}  # what rules found out of a run or a day
        self._run_days = [run.day for run in runs]
        self._recorded = sorted(set(recorded))
        self._weeks: dict[date, WeekSums] = {}
        self._history_days: dict[date, int] = {}
        self._idles: tuple[Idle, ...] | None = None

    def between(self, first: date, last: date) -> Sequence[Run]:
        """Return the runs of some local days, both included."""
        return self.runs[bisect_left(self._run_days, first) : bisect_right(self._run_days, last)]

    def before(self, day: date, n_days: int) -> Sequence[Run]:
        """Return the runs of so many days before a day, which is left out."""
        return self.between(day - n_days * DAY, day - DAY)

    def of_day(self, day: date) -> list[Run]:
        """Return the runs of a day as they ended."""
        return sorted(self.between(day, day), key=lambda run: (run.end_utc, run.sid))

    def history_days(self, day: date) -> int:
        """Days since the history began that a day belongs to; after a break longer than a window it begins anew."""
        if day not in self._history_days:
            self._history_days[day] = history_days(self.before(day, 45), day)
        return self._history_days[day]

    def week_of(self, day: date) -> date:
        """Return the day on which the week of a day begins."""
        return week_of(day, self.week_start)

    def week(self, monday: date) -> WeekSums:
        """Return the sums of the week that begins on a day."""
        if monday not in self._weeks:
            self._weeks[monday] = self._sums(monday)
        return self._weeks[monday]

    def _sums(self, monday: date) -> WeekSums:
        runs = tuple(self.between(monday, monday + WEEK - DAY))
        durations = [run.duration_s or None for run in runs]
        uphill = [run.uphill_s for run in runs]
        return WeekSums(
            runs=runs,
            distance_m=sum(run.distance_m or 0.0 for run in runs),
            duration_s=None if None in durations else sum(s or 0.0 for s in durations),
            uphill_s=None if None in uphill else sum(s or 0.0 for s in uphill),
            is_whole=all(run.distance_m is not None for run in runs)
            and not n_not_recorded(self.days, runs, monday, monday + WEEK - DAY),
        )

    def is_unsure(self, first: date, last: date) -> bool:
        """Whether of some day from ``first`` to ``last`` it is not known whether there was a run.

        A stretch that began more than a window before ``first`` is no gap in a history, but the time before it.
        """
        if n_not_recorded(self.days, self.between(first, last), first, last):
            return True
        asked = (idle for idle in self.idles if idle.last >= first and first - REMEMBERED <= idle.first <= last)
        return any(idle.state != "rested" for idle in asked)

    @property
    def idles(self) -> tuple[Idle, ...]:
        """Stretches of a week or more between two days with a run, oldest first."""
        if self._idles is None:
            days = sorted(set(self._run_days))
            gaps = ((before + DAY, after - DAY) for before, after in pairwise(days) if (after - before).days > 7)
            self._idles = tuple(Idle(first, last, self._state(first, last)) for first, last in gaps)
        return self._idles

    def idle_until(self, day: date) -> Idle | None:
        """Return the stretch without a run that goes on until the day before ``day``; None where it is no week."""
        place = bisect_left(self._run_days, day)
        if place == 0:
            return None
        first, last = self._run_days[place - 1] + DAY, day - DAY
        return Idle(first, last, self._state(first, last)) if (last - first).days + 1 >= ASKED_AFTER_DAYS else None

    def _state(self, first: date, last: date) -> Literal["rested", "unknown", "lost"]:
        marked = [span for span in self.days if span.first <= last and span.last >= first]
        if any(span.mark == "not-recorded" for span in marked):
            return "lost"
        shown = self._recorded[bisect_left(self._recorded, first) : bisect_right(self._recorded, last)]
        rested = {first + n * DAY for n in range((last - first).days + 1)} if marked else set()
        rested = {day for day in rested if any(span.first <= day <= span.last for span in marked)}
        for before, after in pairwise([first - DAY, *shown, last + DAY]):
            silent = [before + n * DAY for n in range(1, (after - before).days)]
            if len(silent) >= ASKED_AFTER_DAYS and not rested.issuperset(silent):
                return "unknown"
        return "rested"
