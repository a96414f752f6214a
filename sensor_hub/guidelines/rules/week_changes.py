"""Speed, number of runs and climbing of a week against the week before (text rows A01, A02, B09).

Each is told apart from distance, and for information: the trial of the 10 % rule found no effect. A sum with an unknown
part is no sum, and says nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sensor_hub.guidelines.history import DAY, LEARNING_DAYS
from sensor_hub.guidelines.judgement import OVER_30, OVER_100, Found
from sensor_hub.guidelines.past import WEEK, Past
from sensor_hub.model.finding import FindingMeasure, Level
from sensor_hub.model.rule import Parameter, RuleInfo

FACTOR: Final = Parameter("factor", 1.10, "of the week before", 1.0, 2.0, ours=False)
SPEED: Final = RuleInfo("week-speed", "S", "ten-percent", ("A01", "A02"), "traditional", (FACTOR,))
RUNS: Final = RuleInfo("week-runs", "S", "ten-percent", ("A02",), "text", (FACTOR,))
CLIMB: Final = RuleInfo(
    "week-climb", "S", "ten-percent", ("B09",), "text", (FACTOR, Parameter("least_s", 300, "s", 0, 3600))
)
INFOS: Final = (SPEED, RUNS, CLIMB)


def week_speed(past: Past, monday: date) -> Iterator[Found]:
    """Judge the mean speed over the time run."""
    week, before = past.week(monday), past.week(monday - WEEK)
    value = week.speed_mps if week.is_whole else None
    yield from _more(past, SPEED, monday, "speed_mps", value, before.speed_mps)


def week_runs(past: Past, monday: date) -> Iterator[Found]:
    """Judge how often was run."""
    week, before = past.week(monday), past.week(monday - WEEK)
    yield from _more(past, RUNS, monday, "n_runs", len(week.runs), len(before.runs))


def week_climb(past: Past, monday: date) -> Iterator[Found]:
    """Judge the time uphill."""
    week, before_it = past.week(monday), past.week(monday - WEEK)
    value = week.uphill_s
    before = None if any(run.lower_bound for run in before_it.runs) else before_it.uphill_s
    if value is not None and value >= past.settings.value(CLIMB, "least_s"):
        yield from _more(past, CLIMB, monday, "uphill_s", value, before)


def _more(
    past: Past, info: RuleInfo, monday: date, measure: FindingMeasure, value: float | None, before: float | None
) -> Iterator[Found]:
    """Judge by the week before, unless it is not known whole: then it is no reference."""
    if not value or not before or past.history_days(monday) < LEARNING_DAYS:
        return
    if past.is_unsure(monday - WEEK, monday - DAY):
        return
    limit = past.settings.value(info, "factor") * before
    if value > limit:
        level: Level = "over-100" if value > OVER_100 * before else "over-30" if value > OVER_30 * before else "limit"
        yield Found(measure, level, "above", 1.0, float(value), float(before), limit, 7)
