"""A week against the highest of the four full weeks before it.

Evidence: a traditional rule. A randomised trial (Buist et al. 2008, n = 532) found no effect of growing 10 % a week, so
it belongs to the digest and never pushes. ``week-on-week`` is the plain form of the source texts (against last week),
kept as information.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.history import LEARNING_DAYS, Run, history_days, week_of
from sensor_hub.guidelines.judgement import Amount, Confidence, Judgement, judge
from sensor_hub.model.load import Measure

RULE: Final = "week-limit"
PLAIN_RULE: Final = "week-on-week"


def week_total(runs: Sequence[Run], monday: date, measure: Measure) -> Amount | None:
    """Sum of a week's runs; a week without runs is rest, zero; None where a run's measure is unknown."""
    week = [r for r in runs if monday <= r.day < monday + timedelta(days=7)]
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

    def reference(self, runs: Sequence[Run], monday: date) -> Amount | None:
        """The highest of the full weeks before; None if no run is known in them."""
        totals = [week_total(runs, monday - timedelta(weeks=k), self.measure) for k in range(1, self.weeks + 1)]
        known = [t for t in totals if t is not None and t.value > 0]
        if not known:
            return None
        highest = max(known, key=lambda t: t.value)
        return Amount(highest.value, max(t.high for t in known), highest.sd)

    def limit(self, runs: Sequence[Run], monday: date) -> float | None:
        """What a week may reach; None without history."""
        reference = self.reference(runs, monday)
        return None if reference is None else self.factor * reference.value

    def judge(self, runs: Sequence[Run], day: date) -> Judgement | None:
        """Judge the week a day lies in; None where that cannot be done, or the history is still being learned."""
        monday = week_of(day, self.week_start)
        if history_days(list(runs), monday) < LEARNING_DAYS:
            return None
        amount, reference = week_total(runs, monday, self.measure), self.reference(runs, monday)
        if amount is None or reference is None:
            return None
        confidence: Confidence = "normal"
        return judge(self.measure, amount, reference, self.factor, confidence)
