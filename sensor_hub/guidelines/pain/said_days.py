"""What was said day by day, and what ends a stop or a referral: days that were said to be well, or a clinician's word.

A day on which nothing was said is no day without pain, and none with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Leg, Mornings, is_of, of_tendon
from sensor_hub.guidelines.pain.table import goes
from sensor_hub.model.diary import PlanKind, SayPain, StartPlan, StopPlan
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="pain-over",
    kind="P",
    family="pain",
    rows=("A08", "D14", "D16"),
    grade="ours",
    parameters=(
        Parameter("well_days", 2, "days said to be back to usual", 1, 14),
        Parameter("quiet_days", 3, "days said without pain", 1, 14),
        Parameter("stands_days", 28, "days", 7, 90),
    ),
)
LOOKS_BACK: Final = timedelta(days=180)  # ours: further back no rule of pain looks


@dataclass(frozen=True, slots=True)
class SaidDays:
    """The worst of what was said of each of the last days and side; exercise and pain elsewhere apart."""

    case: Case
    mornings: Mornings
    by_leg: Mapping[Leg, Mapping[date, float]]
    last_utc: Mapping[Leg, Mapping[date, datetime]]
    pains: tuple[SayPain, ...]

    @classmethod
    def of(cls, case: Case) -> "SaidDays":
        """Collect them."""
        since_utc = case.now_utc - LOOKS_BACK
        pains = of_tendon(case.diary.pains, since_utc)
        by_leg: dict[Leg, dict[date, float]] = {"L": {}, "R": {}}
        last_utc: dict[Leg, dict[date, datetime]] = {"L": {}, "R": {}}
        for pain in pains:
            day = case.day_of(pain.at_utc)
            for leg in LEGS:
                if is_of(pain, leg):
                    by_leg[leg][day] = max(pain.level, by_leg[leg].get(day, 0.0))
                    last_utc[leg][day] = pain.at_utc
        return cls(case, Mornings.of(case, since_utc), by_leg, last_utc, tuple(pains))

    def well_since(self, leg: Leg, day: date, usual: float | None) -> date | None:
        """Return the later day by which it was back to usual and low enough to run on enough days said in a row.

        usual : the baseline before; None: what the mornings say by then, and without those only 0 is back.
        """
        wanted = round(self.case.settings.value(INFO, "well_days"))
        in_a_row = 0
        for later in sorted(d for d in self.by_leg[leg] if d > day):
            in_a_row = in_a_row + 1 if self._is_well(leg, later, usual) else 0
            if in_a_row >= wanted:
                return later
        return None

    def _is_well(self, leg: Leg, day: date, usual: float | None) -> bool:
        level = self.by_leg[leg][day]
        base = usual if usual is not None else self.usual_on(leg, day)
        return goes(level, self.case.settings) and level <= (base or 0.0)

    def usual_on(self, leg: Leg, day: date) -> float | None:
        """Return the baseline at the last word of a day on which something was said of a side; None is unknown."""
        return self.mornings.baseline(leg, self.last_utc[leg][day])

    def quiet_since(self, leg: Leg, day: date) -> date | None:
        """Return the later day by which enough days in a row were said to be without pain.

        What was over once stays so: pain that comes later is judged for itself.
        """
        wanted = round(self.case.settings.value(INFO, "quiet_days"))
        in_a_row = 0
        for later in sorted(d for d in self.by_leg[leg] if d > day):
            in_a_row = 0 if self.by_leg[leg][later] else in_a_row + 1
            if in_a_row >= wanted:
                return later
        return None

    def over_since(self, leg: Leg, day: date) -> date | None:
        """Return when what needed somebody to look at it was over: cleared, recovered, or quiet; None if it is not."""
        ends = [self.ended_by_word(leg, day), self.quiet_since(leg, day)]
        return min((end for end in ends if end is not None), default=None)

    def ended_by_word(self, leg: Leg, day: date) -> date | None:
        """Return the first later day of a clinician's word, or the runner's that it has recovered."""
        ends = [cleared_since(self.case, day), recovered_since(self.case, leg, day)]
        return min((end for end in ends if end is not None), default=None)

    def next_word(self, leg: Leg, day: date) -> date | None:
        """Return the next day on which anything was said of a side, or ended by a word; None if none was."""
        later = [d for d in self.by_leg[leg] if d > day]
        ended = self.ended_by_word(leg, day)
        return min([*later, *([] if ended is None else [ended])], default=None)

    def is_over(self, leg: Leg, day: date) -> bool:
        """Whether what needed somebody to look at it is over."""
        return self.over_since(leg, day) is not None

    def is_stale(self, day: date) -> bool:
        """Whether something is so long ago that without another word nobody knows whether it still holds."""
        return self.case.today - day > timedelta(days=self.case.settings.value(INFO, "stands_days"))

    def had_pain_within(self, days: int) -> bool:
        """Whether pain was said on one of the last days."""
        since = self.case.today - timedelta(days=days - 1)
        return any(level > 0 and day >= since for levels in self.by_leg.values() for day, level in levels.items())


def cleared_since(case: Case, day: date) -> date | None:
    """Return the first later day of a clinician's word; one of the same day may have come before."""
    return min((c.day for c in case.diary.clearances if day < c.day <= case.today), default=None)


def cleared_after(case: Case, day: date) -> bool:
    """Whether a clinician's word is of a later day."""
    return cleared_since(case, day) is not None


def recovered_since(case: Case, leg: Leg, day: date) -> date | None:
    """Return the first later day on which a side was said to have recovered."""
    said = [e for e in case.diary.episodes if e.state == "recovered" and e.side in {leg, "both"}]
    return min((e.day for e in said if day < e.day <= case.today), default=None)


def plan_open(case: Case, *plans: PlanKind) -> bool:
    """Whether a plan (of some kinds; any without) was started and not stopped."""
    running: set[PlanKind] = set()
    for change in case.diary.plan_changes:
        if change.day > case.today:
            continue
        if isinstance(change, StartPlan):
            running.add(change.plan)
        elif isinstance(change, StopPlan):
            running.discard(change.plan)
    return bool(running & set(plans)) if plans else bool(running)
