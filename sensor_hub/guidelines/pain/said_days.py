"""What was said day by day, and what ends a stop or a referral: days that were said to be well, or a clinician's word.

A day on which nothing was said is no day without pain, and none with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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
    pains: tuple[SayPain, ...]

    @classmethod
    def of(cls, case: Case) -> "SaidDays":
        """Collect them."""
        since_utc = case.now_utc - LOOKS_BACK
        pains = of_tendon(case.diary.pains, since_utc)
        by_leg: dict[Leg, dict[date, float]] = {"L": {}, "R": {}}
        for pain in pains:
            day = case.day_of(pain.at_utc)
            for leg in LEGS:
                if is_of(pain, leg):
                    by_leg[leg][day] = max(pain.level, by_leg[leg].get(day, 0.0))
        return cls(case, Mornings.of(case, since_utc), by_leg, tuple(pains))

    def is_well_after(self, leg: Leg, day: date, usual: float | None) -> bool:
        """Whether later days were said, enough in a row, on which it was back to usual and low enough to run.

        usual : the baseline before; None: what the mornings say by then, and without those only 0 is back.
        """
        wanted = round(self.case.settings.value(INFO, "well_days"))
        in_a_row = 0
        for later in sorted(d for d in self.by_leg[leg] if d > day):
            in_a_row = in_a_row + 1 if self._is_well(leg, later, usual) else 0
            if in_a_row >= wanted:
                return True
        return False

    def _is_well(self, leg: Leg, day: date, usual: float | None) -> bool:
        level = self.by_leg[leg][day]
        base = usual if usual is not None else self._baseline(leg, day)
        return goes(level, self.case.settings) and level <= (base or 0.0)

    def _baseline(self, leg: Leg, day: date) -> float | None:
        last = [p.at_utc for p in self.pains if is_of(p, leg) and self.case.day_of(p.at_utc) == day]
        return self.mornings.baseline(leg, max(last))

    def is_quiet_after(self, leg: Leg, day: date) -> bool:
        """Whether the newest days that were said, all after ``day``, are without pain, and enough of them."""
        wanted = round(self.case.settings.value(INFO, "quiet_days"))
        last = [self.by_leg[leg][d] for d in sorted(self.by_leg[leg]) if d > day][-wanted:]
        return len(last) == wanted and not any(last)

    def is_over(self, leg: Leg, day: date) -> bool:
        """Whether what needed somebody to look at it is over: cleared, recovered, or quiet since."""
        recovered = any(
            e.state == "recovered" and e.day > day and e.side in {leg, "both"} for e in self.case.diary.episodes
        )
        return recovered or cleared_after(self.case, day) or self.is_quiet_after(leg, day)

    def is_stale(self, day: date) -> bool:
        """Whether something is so long ago that without another word nobody knows whether it still holds."""
        return self.case.today - day > timedelta(days=self.case.settings.value(INFO, "stands_days"))

    def had_pain_within(self, days: int) -> bool:
        """Whether pain was said on one of the last days."""
        since = self.case.today - timedelta(days=days - 1)
        return any(level > 0 and day >= since for levels in self.by_leg.values() for day, level in levels.items())


def cleared_after(case: Case, day: date) -> bool:
    """Whether a clinician's word is of a later day; one of the same day may have come before."""
    return any(day < clearance.day <= case.today for clearance in case.diary.clearances)


def episode_open(case: Case) -> date | None:
    """Return the day the spell of trouble that goes on began; None without one."""
    began: date | None = None
    for episode in case.diary.episodes:
        if episode.day <= case.today:
            began = episode.day if episode.state == "began" else None
    return began


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
