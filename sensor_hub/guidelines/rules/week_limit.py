"""A week against the highest of the four full weeks before it.

Evidence: a traditional rule. A randomised trial (Buist et al. 2008, n = 532) found no effect of growing 10 % a week, so
it belongs to the digest and never pushes. ``week-on-week`` is the plain form of the source texts (against last week),
kept as information. The load of a week measured in several ways is unknown, and no week's reference.

A run done without sensor takes nothing back: its week is judged by what is known of it, which is at least so much, and
as a reference it counts with what is known. A week with days that were not recorded may have been any: it sets no
reference, and can only raise that of the complete ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines import baseline
from sensor_hub.guidelines.history import Run, n_not_recorded, newest_of, week_of
from sensor_hub.guidelines.judgement import Amount, Judgement, judge
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Measure
from sensor_hub.model.rule import DEFAULT_SETTINGS, Parameter, RuleInfo, RuleSettings

RULE: Final = "week-limit"
PLAIN_RULE: Final = "week-on-week"
WEEK_DAYS: Final = 7
MEASURES: Final[tuple[Measure, ...]] = ("distance_m", "load_eq_km")
PARAMETERS: Final = (
    Parameter("factor", 1.10, "of the reference", 1.0, 2.0, ours=False),
    Parameter("probability", 0.8, "", 0.5, 0.99),
    Parameter("learning_days", 14, "d", 0, 14),
)
BUIST: Final = "Buist 2008, randomised, n = 532: no effect"
INFO: Final = RuleInfo(RULE, "S", "ten-percent", ("A01", "D02"), "traditional", PARAMETERS, BUIST)
PLAIN_INFO: Final = RuleInfo(
    PLAIN_RULE, "S", "ten-percent", ("A01", "A02", "B09", "D02"), "traditional", PARAMETERS, BUIST
)
INFOS: Final = (INFO, PLAIN_INFO)


def week_total(
    runs: Sequence[Run], monday: date, measure: Measure, like: Run | None = None, days: Sequence[DaySpan] = ()
) -> Amount | None:
    """Sum of a week's runs; a week without runs is rest, zero; None where a run's measure is unknown.

    A load is the sum of what was measured with the yardstick of ``like`` (by default the week's newest run), in its
    reference; None where another yardstick was used in the week too. days : what somebody said of days without a run:
    with one that was not recorded the sum is at least this, and None where nothing of the week was.
    """
    week = _week(runs, monday)
    if any(r.value(measure) is None for r in week):
        return None
    if not week and _n_not_recorded(runs, monday, days):
        return None
    return week_known(runs, monday, measure, like, days)


def week_known(
    runs: Sequence[Run], monday: date, measure: Measure, like: Run | None = None, days: Sequence[DaySpan] = ()
) -> Amount | None:
    """Sum of what is known of a week; ``missing`` with a run of unknown measure, or a day that was not recorded.

    Days that were not recorded are taken to have been like the others, for the high end. None as in ``week_total``
    where loads were measured with several yardsticks.
    """
    week = _week(runs, monday)
    known = week
    if measure != "distance_m":
        measured = [r for r in week if r.has_load]
        like = like or newest_of(measured)
        known = measured if like is None else baseline.comparable(measured, like, measure)
        if len(known) < len(measured):
            return None
    known = [r for r in known if r.value(measure) is not None]
    n_days = _n_not_recorded(runs, monday, days)
    sd = sum(r.sd(measure) ** 2 for r in known) ** 0.5
    value, high = sum(r.value(measure) or 0.0 for r in known), sum(r.at_most(measure) or 0.0 for r in known)
    like_the_others = WEEK_DAYS / (WEEK_DAYS - n_days) if n_days < WEEK_DAYS else 1.0
    return Amount(value, high * like_the_others, sd, missing=n_days > 0 or len(known) < len(week))


def _week(runs: Sequence[Run], monday: date) -> list[Run]:
    return [r for r in runs if monday <= r.day < monday + timedelta(days=WEEK_DAYS)]


def _n_not_recorded(runs: Sequence[Run], monday: date, days: Sequence[DaySpan]) -> int:
    return n_not_recorded(days, runs, monday, monday + timedelta(days=WEEK_DAYS - 1))


@dataclass(frozen=True, slots=True)
class WeekLimit:
    """The rule for one measure; ``weeks`` = 1 is the plain week-on-week form."""

    measure: Measure
    weeks: int = 4
    factor: float = 1.10
    week_start: int = 1
    probability: float = 0.8
    learning_days: float = 14

    @property
    def rule(self) -> str:
        """Id of the rule."""
        return PLAIN_RULE if self.weeks == 1 else RULE

    def reference(
        self, runs: Sequence[Run], monday: date, like: Run | None = None, days: Sequence[DaySpan] = ()
    ) -> Amount | None:
        """The highest of the full weeks before; None if no run is known in those that were recorded whole."""
        mondays = [monday - timedelta(weeks=k) for k in range(1, self.weeks + 1)]
        totals = [(m, week_known(runs, m, self.measure, like, days)) for m in mondays]
        known = [(m, t) for m, t in totals if t is not None and t.value > 0]
        if all(_n_not_recorded(runs, m, days) for m, _ in known):
            return None
        highest = max((t for _, t in known), key=lambda t: t.value)
        return Amount(highest.value, max(t.high for _, t in known), highest.sd)

    def like(self, runs: Sequence[Run], monday: date) -> Run | None:
        """The run whose yardstick a week's load is judged by: its newest, else the newest before; None without one."""
        return newest_of([r for r in runs if r.has_load and r.day < monday + timedelta(days=7)])

    def limit(self, runs: Sequence[Run], monday: date, days: Sequence[DaySpan] = ()) -> float | None:
        """What a week may reach; None without history, or while that is still being learned."""
        like = self.like(runs, monday)
        if baseline.confidence(runs, monday, self.measure, like, self.learning_days) != "normal":
            return None
        reference = self.reference(runs, monday, like, days)
        return None if reference is None else self.factor * reference.value

    def judge(self, runs: Sequence[Run], day: date, days: Sequence[DaySpan] = ()) -> Judgement | None:
        """Judge the week a day lies in; None where that cannot be done, or the history is still being learned.

        A week that is only partly known is judged by that part: above the limit it is above, below it may be either.
        """
        monday = week_of(day, self.week_start)
        like = self.like(runs, monday)
        if baseline.confidence(runs, monday, self.measure, like, self.learning_days) != "normal":
            return None
        amount = week_known(runs, monday, self.measure, like, days)
        reference = self.reference(runs, monday, like, days)
        if amount is None or reference is None:
            return None
        return judge(self.measure, amount, reference, self.factor, "normal", self.probability)


def week_limits(
    info: RuleInfo, settings: RuleSettings = DEFAULT_SETTINGS, week_start: int = 1
) -> tuple[WeekLimit, ...]:
    """Return one of the two rules for each measure as it is set."""
    factor, probability, learning_days = (settings.value(info, p.name) for p in PARAMETERS)
    weeks = 1 if info is PLAIN_INFO else 4
    return tuple(WeekLimit(m, weeks, factor, week_start, probability, learning_days) for m in MEASURES)
