"""One session against the longest of the previous 30 local days.

Evidence: one cohort of 5,205 runners, 588,071 sessions (Frandsen et al. 2025): sessions more than 10 % longer than the
longest of the past 30 days went with more overuse injuries; distance, all sites. On modelled load it is our
extrapolation. Parameters: factor 1.10, window 30 days, today excluded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.history import LEARNING_DAYS, Run, history_days
from sensor_hub.guidelines.judgement import Amount, Confidence, Judgement, judge
from sensor_hub.model.load import Headroom, Measure

RULE: Final = "session-limit"


@dataclass(frozen=True, slots=True)
class SessionLimit:
    """The rule for one measure."""

    measure: Measure
    factor: float = 1.10
    window_days: int = 30

    def reference(self, runs: Sequence[Run], day: date) -> Amount | None:
        """The longest run of the window before ``day``; None without one whose measure is known."""
        first = day - timedelta(days=self.window_days)
        known = [r for r in runs if first <= r.day < day and r.value(self.measure) is not None]
        if not known:
            return None
        longest = max(known, key=lambda r: (r.value(self.measure) or 0.0, r.sid))
        high = max(r.at_most(self.measure) or 0.0 for r in known)
        value = longest.value(self.measure) or 0.0
        if value <= 0:
            return None
        return Amount(value, max(value, high), longest.sd(self.measure))

    def limit(self, runs: Sequence[Run], day: date) -> float | None:
        """What a session on ``day`` may reach; None without history."""
        reference = self.reference(runs, day)
        return None if reference is None else self.factor * reference.value

    def confidence(self, runs: Sequence[Run], day: date) -> Confidence:
        """How far the history carries: two weeks make it normal."""
        if history_days(list(runs), day) >= LEARNING_DAYS:
            return "normal"
        return "low" if self.measure == "distance_m" else "learning"

    def judge(self, runs: Sequence[Run], run: Run) -> Judgement | None:
        """Judge one run against those before its day; None where that cannot be done."""
        value, reference = run.value(self.measure), self.reference(runs, run.day)
        if value is None or reference is None:
            return None
        amount = Amount(value, run.at_most(self.measure) or value, run.sd(self.measure))
        return judge(self.measure, amount, reference, self.factor, self.confidence(runs, run.day))

    def headroom(self, runs: Sequence[Run], day: date, so_far: Run | None) -> Headroom:
        """What is left today; unknown says why."""
        limit, reference = self.limit(runs, day), self.reference(runs, day)
        value = 0.0 if so_far is None else so_far.value(self.measure)
        reason = None
        if limit is None:
            reason = "no-history"
        elif value is None:
            reason = "no-source"
        elif so_far is not None and so_far.is_lower_bound(self.measure) and value <= limit:
            reason = "low-coverage"
        left = None if reason or limit is None or value is None else limit - value
        return Headroom(
            measure=self.measure,
            reference=None if reference is None else reference.value,
            limit=limit,
            so_far=value,
            left=left,
            confidence=self.confidence(runs, day),
            reason=reason,
        )
