"""Pain as dots over the weekly load, as ECharts options and as rows of a table; pure functions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.web import charts, diary_labels
from sensor_hub.adapters.web.chart_frame import Options
from sensor_hub.adapters.web.chart_health import Health
from sensor_hub.adapters.web.chart_rows import weekly_keys
from sensor_hub.model.diary import SayPain
from sensor_hub.model.ports import DiaryView, WeekBar
from sensor_hub.words.days import dated

SHOWN_WEEKS: Final = 12
_KEYS: Final = frozenset({"bar", "unknown", "bound", "range"})


def pains_of(diary: DiaryView) -> list[SayPain]:
    """Levels that were said and not taken back, oldest first."""
    pains = [e.edit for e in diary.entries if isinstance(e.edit, SayPain) and e.id not in diary.undone]
    return sorted(pains, key=lambda pain: pain.at_utc)


def pain_options(pains: Sequence[SayPain], weeks: Sequence[WeekBar], zone: str) -> Options:
    """A bar a week and a dot a level; the dot stands within its week by its day."""
    shown = [
        replace(week, limit_load_eq_km=None, tolerance_load_eq_km=None) for week in _newest(weeks)
    ]  # how it hurt, and not whether it was much
    today = shown[-1].monday if shown else date.min
    options = charts.weekly_options(shown, today, "load_eq_km", health=Health(tuple(pains), None, zone))
    options["series"] = [s for s in options["series"] if s.get("type") != "line"]
    return options


def shown_pains(pains: Sequence[SayPain], weeks: Sequence[WeekBar], zone: str) -> list[SayPain]:
    """Levels of the weeks that are drawn."""
    shown = _newest(weeks)
    if not shown:
        return []
    first, last = shown[0].monday, shown[-1].monday + timedelta(days=6)
    return [pain for pain in pains if first <= _day(pain, zone) <= last]


def pain_rows(pains: Sequence[SayPain], zone: str) -> list[list[str]]:
    """The same as a table, newest first."""
    return [
        [
            dated(_day(pain, zone)),
            diary_labels.choice("when", pain.when),
            f"{pain.level:g} {diary_labels.choice('quality', pain.quality)}",
        ]
        for pain in reversed(pains)
    ]


def pain_keys(pains: Sequence[SayPain], weeks: Sequence[WeekBar], zone: str) -> set[str]:
    """Keys of the legend that occur."""
    found = weekly_keys(_newest(weeks), "load_eq_km", health=Health(tuple(pains), None, zone))
    return {key for key in found if key in _KEYS or key.startswith("pain-")}


def _newest(weeks: Sequence[WeekBar]) -> list[WeekBar]:
    return sorted(weeks, key=lambda week: week.monday)[-SHOWN_WEEKS:]


def _day(pain: SayPain, zone: str) -> date:
    return pain.at_utc.astimezone(ZoneInfo(zone)).date()
