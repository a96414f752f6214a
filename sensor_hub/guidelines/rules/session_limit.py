"""One session against the longest of the previous 30 local days.

Evidence: one cohort of 5,205 runners, 588,071 sessions (Frandsen et al. 2025): sessions more than 10 % longer than the
longest of the past 30 days went with more overuse injuries; distance, all sites. On modelled load it is our
extrapolation. Parameters: factor 1.10, window 30 days, today excluded.

A load is held only against runs measured the same way (``baseline``). The reference is the highest of several uncertain
values, so it lies above the true highest: with 3 % a session by 1.8 % for two equal runs and by 5.1 % for twelve. There
are fewer false alarms for it and less power: of sessions 20 % above one earlier run 86 % alert, above twelve equal ones
51 % (simulated, tests/validation/load_alarms.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines import baseline
from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.judgement import Amount, Judgement, judge
from sensor_hub.model.load import Headroom, Measure
from sensor_hub.model.rule import DEFAULT_SETTINGS, Parameter, RuleInfo, RuleSettings

RULE: Final = "session-limit"
INFO: Final = RuleInfo(
    id=RULE,
    kind="S",
    family="session",
    rows=(),
    grade="cohort",
    parameters=(
        Parameter("factor", 1.10, "of the longest run", 1.0, 2.0, ours=False),
        Parameter("window_days", 30, "d", 7, 30, ours=False),
        Parameter("probability", 0.8, "", 0.5, 0.99),
        Parameter("learning_days", 14, "d", 0, 14),
    ),
    evidence="Frandsen 2025, n = 5,205 runners, distance",
)
MEASURES: Final[tuple[Measure, ...]] = ("distance_m", "load_eq_km", "hard_load_bw_s")


@dataclass(frozen=True, slots=True)
class SessionLimit:
    """The rule for one measure.

    ``like`` is a run measured with what the judged one is, or None without any; distance does not ask for it.
    """

    measure: Measure
    factor: float = 1.10
    window_days: int = 30
    probability: float = 0.8
    learning_days: float = 14

    def reference(self, runs: Sequence[Run], day: date, like: Run | None) -> Amount | None:
        """The longest run of the window before ``day``; None without one whose measure is known and above zero.

        A load has none while a new way of measuring it is learned: a few first runs are no history to be held against.
        """
        if self._is_bridging(runs, day, like):
            return None
        known = self._known(runs, day, like)
        if not known:
            return None
        values = [(r.value(self.measure) or 0.0, r) for r in known]
        value, longest = max(values, key=lambda pair: (pair[0], pair[1].sid))
        if value <= 0:
            return None
        high = max((r.at_most(self.measure) or 0.0 for r in known if r.is_lower_bound(self.measure)), default=value)
        sd = longest.sd(self.measure)
        # within one standard deviation of the difference of the two
        like_it = sum(value - other <= math.hypot(r.sd(self.measure), sd) for other, r in values)
        return Amount(value, max(value, high), sd, like_it)

    def _is_bridging(self, runs: Sequence[Run], day: date, like: Run | None) -> bool:
        is_load = self.measure != "distance_m"
        return is_load and like is not None and baseline.bridging(runs, day, like.yardstick) is not None

    def _known(self, runs: Sequence[Run], day: date, like: Run | None) -> list[Run]:
        first = day - timedelta(days=self.window_days)
        window = [r for r in runs if first <= r.day < day]
        if like is not None:
            window = baseline.comparable(window, like, self.measure)
        elif self.measure != "distance_m":
            return []
        return [r for r in window if r.value(self.measure) is not None]

    def limit(self, runs: Sequence[Run], day: date, like: Run | None) -> float | None:
        """What a session on ``day`` may reach; None without history, and of a load while it is learned anew."""
        reference = self.reference(runs, day, like)
        return None if reference is None else self.factor * reference.value

    def judge(self, runs: Sequence[Run], run: Run) -> Judgement | None:
        """Judge one run against those before its day; None where that cannot be done."""
        reference = self.reference(runs, run.day, run)
        return None if reference is None else self._judged(runs, run.day, reference, run)

    def _judged(self, runs: Sequence[Run], day: date, reference: Amount, run: Run) -> Judgement | None:
        value = run.value(self.measure)
        if value is None:
            return None
        amount = Amount(value, run.at_most(self.measure) or value, run.sd(self.measure))
        sure = baseline.confidence(runs, day, self.measure, run, self.learning_days)
        return judge(self.measure, amount, reference, self.factor, sure, self.probability)

    def headroom(
        self, runs: Sequence[Run], day: date, so_far: Run | None, like: Run | None, unseen: str | None = None
    ) -> Headroom:
        """What is left on a day; unknown says why.

        so_far : the run that uses it up, in the reference of ``like``; None before the day's first. unseen : why
        another run of the day, of which this is not known, may have used up more; None without one. What is above the
        limit already stays above it.
        """
        reference = self.reference(runs, day, like)
        limit = None if reference is None else self.factor * reference.value
        value = (None if unseen else 0.0) if so_far is None else so_far.value(self.measure)
        reason = self._reason(runs, day, so_far, like, limit)
        if reason in {None, "no-source"} and unseen and (value is None or limit is None or value <= limit):
            reason = unseen
        probability = None
        if reference is not None and reason is None:
            judged = None if so_far is None else self._judged(runs, day, reference, so_far)
            probability = 0.0 if judged is None else judged.probability
        return Headroom(
            measure=self.measure,
            reference=None if reference is None else reference.value,
            limit=limit,
            so_far=value,
            left=None if reason or limit is None or value is None else limit - value,
            confidence=baseline.confidence(runs, day, self.measure, like, self.learning_days),
            reason=reason,
            probability=probability,
        )

    def _reason(
        self, runs: Sequence[Run], day: date, so_far: Run | None, like: Run | None, limit: float | None
    ) -> str | None:
        """Why it is not known what is left; None where it is."""
        value = 0.0 if so_far is None else so_far.value(self.measure)
        if self._is_bridging(runs, day, like):
            return "bridging"
        if value is None:
            return "no-source"
        if limit is None:
            return "nothing-before" if self._known(runs, day, like) else "no-history"
        if so_far is not None and so_far.is_lower_bound(self.measure) and value <= limit:
            return "low-coverage"
        return None


def session_limits(settings: RuleSettings = DEFAULT_SETTINGS) -> tuple[SessionLimit, ...]:
    """Return the rule for each measure as it is set."""
    factor, window_days, probability, learning_days = (settings.value(INFO, p.name) for p in INFO.parameters)
    return tuple(SessionLimit(measure, factor, int(window_days), probability, learning_days) for measure in MEASURES)
