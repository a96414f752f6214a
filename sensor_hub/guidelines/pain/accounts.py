"""What was said of each run, side by side: which line of the diary belongs to which run, and to which of its times.

A line that names its run belongs to it. Of the others: "before" belongs to the next run, "during", "after" and
"evening" to the newest one that had begun, a morning to the runs of the day before, "day-after" to the newest run that
ended 24 hours ago or more. What was said later, on a morning or evening before any other run, was said at 24 hours too.
Pain that is not at this tendon belongs to none.

Baseline: the median of the last seven mornings without a run the day before, each side its own; with fewer it is
unknown. A missed entry fills nothing in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, Literal, TypeAlias

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.pain.table import Answers, Decision, decide
from sensor_hub.model.diary import SayPain, Warming
from sensor_hub.model.rule import Parameter, RuleInfo

Leg: TypeAlias = Literal["L", "R"]
LEGS: Final[tuple[Leg, ...]] = ("L", "R")
DAY: Final = timedelta(days=1)

INFO: Final = RuleInfo(
    id="pain-baseline",
    kind="P",
    family="pain",
    rows=("D14", "D16", "D47"),
    grade="text",
    parameters=(
        Parameter("mornings", 7, "mornings", 1, 14, ours=False),
        Parameter("looks_back_days", 60, "days", 14, 120),
        Parameter("day_after_h", 24, "h", 18, 48, ours=False),
        Parameter("no_later_h", 72, "h", 30, 120),
        Parameter("before_h", 12, "h", 1, 24),
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """What one side (None: nobody said which, or nothing hurts) answered to one run.

    days : the local day on which each of the table's times was said.
    """

    run: Run
    leg: Leg | None
    answers: Answers
    decision: Decision
    days: dict[str, date] = field(default_factory=dict)


def of_tendon(pains: Sequence[SayPain], since_utc: datetime | None = None) -> list[SayPain]:
    """Return what was said of this tendon, exercise apart; pain elsewhere is no answer of it. pains : by time."""
    first = 0 if since_utc is None else bisect_left(pains, since_utc, key=lambda pain: pain.at_utc)
    return [pain for pain in pains[first:] if pain.site != "elsewhere" and pain.when != "exercise"]


def is_of(pain: SayPain, leg: Leg | None) -> bool:
    """Whether a line speaks of a side; None is any."""
    return leg is None or pain.side in {leg, "both"}


def accounts(case: Case, n_days: int) -> list[list[Account]]:
    """Return for each ended run of the last days, oldest first, one account a side that hurt, else one of both."""
    runs = sorted((r for r in case.runs_of_last(n_days) if r.ended), key=lambda r: (r.start_utc, r.sid))
    if not runs:
        return []
    told = _told(case, runs)
    mornings = Mornings.of(case, runs[0].start_utc - timedelta(days=case.settings.value(INFO, "looks_back_days")))
    return [_of_run(case, run, told[run.sid], mornings) for run in runs]


@dataclass(frozen=True, slots=True)
class Mornings:
    """The mornings of days that no run came before, neither recorded nor said: by side, by day, each its worst."""

    case: Case
    by_leg: dict[Leg | None, list[tuple[datetime, float]]]

    @classmethod
    def of(cls, case: Case, since_utc: datetime | None = None) -> "Mornings":
        """Collect those since a moment."""
        ran = {run.day for run in case.runs}
        unseen = [(span.first, span.last) for span in case.days if span.mark == "not-recorded"]
        by_leg: dict[Leg | None, dict[date, tuple[datetime, float]]] = {None: {}, "L": {}, "R": {}}
        for pain in of_tendon(case.diary.pains, since_utc):
            day = case.day_of(pain.at_utc) if pain.when == "morning" else None
            if day is None or day - DAY in ran or any(first <= day - DAY <= last for first, last in unseen):
                continue
            for leg, levels in by_leg.items():
                if is_of(pain, leg):
                    levels[day] = (pain.at_utc, max(pain.level, levels[day][1] if day in levels else 0.0))
        return cls(case, {leg: sorted(levels.values()) for leg, levels in by_leg.items()})

    def baseline(self, leg: Leg | None, before_utc: datetime) -> float | None:
        """Return the median of the last mornings before a moment; None with too few of them."""
        settings = self.case.settings
        wanted = round(settings.value(INFO, "mornings"))
        since = before_utc - timedelta(days=settings.value(INFO, "looks_back_days"))
        known = self.by_leg[leg]
        last = known[: bisect_left(known, (before_utc, -1.0))][-wanted:]
        is_enough = len(last) == wanted and last[0][0] >= since
        return float(median(level for _, level in last)) if is_enough else None


def _told(case: Case, runs: Sequence[Run]) -> dict[str, list[tuple[str, SayPain]]]:
    """Return by run the lines that belong to it, each with its time of the table."""
    told: dict[str, list[tuple[str, SayPain]]] = {run.sid: [] for run in runs}
    starts = [run.start_utc for run in runs]
    pains = of_tendon(case.diary.pains, starts[0] - DAY)
    for pain in pains:
        own = [run for run in runs if run.sid == pain.sid]
        if pain.sid is not None and not own:
            continue  # of a run that is older than what is asked for, or is gone
        for run in own or _runs_told(case, runs, starts, pain):
            told[run.sid].append((_time(case, run, pain), pain))
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        _add_later(case, run, following, pains, told[run.sid])
    return told


def _runs_told(case: Case, runs: Sequence[Run], starts: Sequence[datetime], pain: SayPain) -> list[Run]:
    """The runs a line without a name belongs to, by its time."""
    at = bisect_right(starts, pain.at_utc)
    begun = runs[:at]
    day = case.day_of(pain.at_utc)
    if pain.when == "morning":
        return [run for run in begun if run.day == day - DAY]
    if pain.when == "before":
        going = [run for run in begun[-1:] if pain.at_utc <= run.end_utc]
        soon = pain.at_utc + timedelta(hours=case.settings.value(INFO, "before_h"))
        return going or [run for run in runs[at : at + 1] if run.start_utc <= soon]
    if pain.when == "day-after":
        over = [run for run in begun if run.end_utc + _hours(case, "day_after_h") <= pain.at_utc]
        return [run for run in (over or begun)[-1:] if pain.at_utc <= run.end_utc + _hours(case, "no_later_h")]
    if pain.when == "evening":
        late = timedelta(hours=case.settings.value(INFO, "before_h"))
        return [run for run in begun if run.day == day or pain.at_utc <= run.end_utc + late][-1:]
    return [run for run in begun[-1:] if pain.at_utc <= run.end_utc + _hours(case, "day_after_h")]


def _time(case: Case, run: Run, pain: SayPain) -> str:
    """The table's time of a line; what is called the day after and is not 24 hours later was said in between."""
    if pain.when == "day-after":
        if pain.at_utc >= run.end_utc + _hours(case, "day_after_h"):
            return "day_after"
        return "morning" if case.day_of(pain.at_utc) > run.day else "after"
    return pain.when


def _add_later(
    case: Case, run: Run, following: Run | None, pains: Sequence[SayPain], told: list[tuple[str, SayPain]]
) -> None:
    """Take what was said first at 24 hours or later, before another run, where nobody said it of the run."""
    if any(time == "day_after" for time, _ in told):
        return
    first = run.end_utc + _hours(case, "day_after_h")
    last = run.end_utc + _hours(case, "no_later_h")
    if following is not None:
        last = min(last, following.start_utc)
    low = bisect_left(pains, first, key=lambda p: p.at_utc)
    high = bisect_right(pains, last, key=lambda p: p.at_utc)
    later = [pain for pain in pains[low:high] if pain.when in {"morning", "before", "evening"}]
    told.extend(("day_after", pain) for pain in later if case.day_of(pain.at_utc) == case.day_of(later[0].at_utc))


def _of_run(case: Case, run: Run, told: Sequence[tuple[str, SayPain]], mornings: Mornings) -> list[Account]:
    hurting = [leg for leg in LEGS if any(is_of(pain, leg) and pain.level > 0 for _, pain in told)]
    found: list[Account] = []
    legs: list[Leg | None] = [*hurting] or [None]
    for leg in legs:
        mine = [(time, pain) for time, pain in told if is_of(pain, leg)]
        answers = _answers(mine, mornings.baseline(leg, run.start_utc))
        days = {time: case.day_of(pain.at_utc) for time, pain in sorted(mine, key=lambda t: t[1].at_utc)}
        alike = found and found[-1].answers == answers
        decision = found[-1].decision if alike else decide(answers, case.settings)
        found.append(Account(run, leg, answers, decision, days))
    return found


def _answers(told: Sequence[tuple[str, SayPain]], usual: float | None) -> Answers:
    """Put lines together: of several for one time the worst."""
    levels: dict[str, float] = {}
    for time, pain in told:
        levels[time] = max(pain.level, levels.get(time, 0.0))
    during = [pain.warming for time, pain in told if time == "during" and pain.warming is not None]
    tapering = [pain.tapering for time, pain in told if pain.tapering is not None]
    onsets = [pain.onset_min for time, pain in told if pain.onset_min is not None]
    return Answers(
        **levels,
        baseline=usual,
        warming=_worst(during),
        tapering=all(tapering) if tapering else None,
        onset_min=min(onsets, default=None),
    )


def _worst(warmings: Sequence[Warming]) -> Warming | None:
    order: tuple[Warming, ...] = ("first-km", "warm-up", "no")
    return max(warmings, key=order.index, default=None)


def _hours(case: Case, parameter: str) -> timedelta:
    return timedelta(hours=case.settings.value(INFO, parameter))
