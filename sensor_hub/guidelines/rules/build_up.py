"""From 30 to 50 km a week within four weeks (text row D03): more than four rises of 10 %, one on the other.

The week (as far as it has gone) is held against 1.10⁴ × the week four before it. So that one quiet week is no base, the
higher of that week and the one before it is taken; so that a way down is no way up, the week must be the highest since.
Compounding, base and floor are ours: the text has the example and no rule. It alerts, once for each week that is a new
height; the plain 10 % of a single week only informs.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.history import DAY
from sensor_hub.guidelines.judgement import OVER_100, Found
from sensor_hub.guidelines.past import WEEK, Past
from sensor_hub.guidelines.tolerance import LONGEST_BREAK_DAYS
from sensor_hub.model.rule import Parameter, RuleInfo

LATEST_START: Final = timedelta(days=2)  # ours: records that begin later in a week do not hold the whole of it
INFO: Final = RuleInfo(
    id="build-up",
    kind="S",
    family="exposure",
    rows=("D03",),
    grade="text",
    parameters=(
        Parameter("rate", 0.10, "a week", 0.02, 0.5, ours=False),
        Parameter("weeks", 4, "weeks", 4, 4, ours=False),
        Parameter("floor_m", 10_000, "m a week", 0, 50_000),
    ),
)


def build_up(past: Past, monday: date) -> Iterator[Found]:
    """Judge a week's distance against that of four weeks before, compounded."""
    rate, floor_m = (past.settings.value(INFO, name) for name in ("rate", "floor_m"))
    n = int(past.settings.value(INFO, "weeks"))
    value_m = past.week(monday).distance_m
    between = [past.week(monday - k * WEEK) for k in range(1, n)]
    bases = [past.week(monday - n * WEEK), past.week(monday - (n + 1) * WEEK)]
    base_m = max(week.distance_m for week in bases)
    limit_m = (1.0 + rate) ** n * base_m
    if base_m < floor_m or value_m <= limit_m or value_m <= max(week.distance_m for week in between):
        return
    first = monday - (n + 1) * WEEK
    whole = all(week.is_whole for week in (*between, *bases)) and not past.is_unsure(first, monday - DAY)
    whole = whole and _is_from_its_start(past, monday - n * WEEK)
    yield Found(
        measure="distance_m",
        level="over-100" if value_m > OVER_100 * base_m else "over-30",
        certainty="above" if whole else "too-close",
        probability=1.0 if whole else 0.5,
        value=value_m,
        reference=base_m,
        limit=limit_m,
        window_days=7 * (n + 1),
        lower_bound=not past.week(monday).is_whole,
    )


def _is_from_its_start(past: Past, monday: date) -> bool:
    """Whether the week of the base is in the records from its start: else it may have held more than is known."""
    return bool(past.before(monday, LONGEST_BREAK_DAYS) or past.between(monday, monday + LATEST_START))
