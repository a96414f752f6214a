"""A week against the highest of the four full weeks before it.

Evidence: a traditional rule. A randomised trial (Buist et al. 2008, n = 532) found no effect of growing 10 % a week, so
it belongs to the digest and never pushes. ``week-on-week`` is the plain form of the source texts (against last week),
kept as information. The load of a week measured in several ways is unknown, and no week's reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines import baseline
from sensor_hub.guidelines.history import Run, newest_of, week_of
from sensor_hub.guidelines.judgement import Amount, Judgement, judge
from sensor_hub.model.load import Measure

RULE: Final = "week-limit"
PLAIN_RULE: Final = "week-on-week"


def week_total(runs: Sequence[Run], monday: date, measure: Measure, like: Run | None = None) -> Amount | None:
    """Sum of a week's runs; a week without runs is rest, zero; None where a run's measure is unknown.

    A load is the sum of what was measured with the yardstick of ``like`` (by default the week's newest run), in its
    reference; None where another yardstick was used in the week too.
    """
    week = [r for r in runs if monday <= r.day < monday + timedelta(days=7)]
    like = like or newest_of(week)
    if measure != "distance_m" and like is not None:
        whole, week = week, baseline.comparable(week, like, measure)
        if len(week) < len(whole):
            return None
    values = [r.value(measure) for r in week]
    if any(v is None for v in values):
        return None
    sd = sum(r.sd(measure) ** 2 for r in week) ** 0.5
    return Amount(sum(v or 0.0 for v in values), sum(r.at_most(measure) or 0.0 for r in week), sd)


@dataclass(frozen=True, slots=True)
class WeekLimit:
    """The rule for one measure; ``weeks`` = 1 is the plain week-on-week form."""

    measure: Measure
    weeks: int = 4
    factor: float = 1.10
    week_start: int = 1

    @property
    def rule(self) -> str:
        """Id of the rule."""
        return PLAIN_RULE if self.weeks == 1 else RULE

    def reference(self, runs: Sequence[Run], monday: date, like: Run | None = None) -> Amount | None:
        """The highest of the full weeks before; None if no run is known in them."""
        totals = [week_total(runs, monday - timedelta(weeks=k), self.measure, like) for k in range(1, self.weeks + 1)]
        known = [t for t in totals if t is not None and t.value > 0]
        if not known:
            return None
        highest = max(known, key=lambda t: t.value)
        return Amount(highest.value, max(t.high for t in known), highest.sd)

    def like(self, runs: Sequence[Run], monday: date) -> Run | None:
        """The run whose yardstick a week's load is judged by: its newest, else the newest before; None without one."""
        return newest_of([r for r in runs if r.has_load and r.day < monday + timedelta(days=7)])

    def limit(self, runs: Sequence[Run], monday: date) -> float | None:
        """What a week may reach; None without history, or while that is still being learned."""
        like = self.like(runs, monday)
        if baseline.confidence(runs, monday, self.measure, like) != "normal":
            return None
        reference = self.reference(runs, monday, like)
        return None if reference is None else self.factor * reference.value

    def judge(self, runs: Sequence[Run], day: date) -> Judgement | None:
        """Judge the week a day lies in; None where that cannot be done, or the history is still being learned."""
        monday = week_of(day, self.week_start)
        like = self.like(runs, monday)
        if baseline.confidence(runs, monday, self.measure, like) != "normal":
            return None
        amount = week_total(runs, monday, self.measure, like)
        reference = self.reference(runs, monday, like)
        if amount is None or reference is None:
            return None
        return judge(self.measure, amount, reference, self.factor, "normal")
