"""Pain as dots over the weekly load, as ECharts options and as rows of a table; pure functions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sensor_hub import words
from sensor_hub.adapters.web import charts, diary_labels
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.model.diary import SayPain
from sensor_hub.model.ports import DiaryView, WeekBar
from sensor_hub.words.days import dated

SHOWN_WEEKS: Final = 12


def pains_of(diary: DiaryView) -> list[SayPain]:
    """Levels that were said and not taken back, oldest first."""
    pains = [e.edit for e in diary.entries if isinstance(e.edit, SayPain) and e.id not in diary.undone]
    return sorted(pains, key=lambda pain: pain.at_utc)


def pain_options(pains: Sequence[SayPain], weeks: Sequence[WeekBar], zone: str) -> charts.Options:
    """A bar a week and a dot a level; the dot stands within its week by its day."""
    shown = [
        replace(week, limit_load_eq_km=None) for week in _newest(weeks)
    ]  # how it hurt, and not whether it was much
    options = charts.weekly_options(shown, shown[-1].monday if shown else date.min, "load_eq_km")
    options["tooltip"]["trigger"] = "item"
    options["grid"]["right"] = 14
    options["yAxis"] = [options["yAxis"], _pain_axis()]
    options["xAxis"] = [options["xAxis"], _day_axis(shown)]
    options["series"] = [s for s in options["series"] if s.get("type") != "line"] + [_dots(pains, shown, zone)]
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


def pain_keys(pains: Sequence[SayPain], weeks: Sequence[WeekBar]) -> set[str]:
    """Keys of the legend that occur."""
    shown = _newest(weeks)
    keys = {"bar"} | ({"pain"} if pains else set())
    keys |= {"unknown"} if any(not words.known(week.load_eq_km) for week in shown) else set()
    return keys | ({"bound"} if any(week.lower_bound for week in shown) else set())


def _newest(weeks: Sequence[WeekBar]) -> list[WeekBar]:
    return sorted(weeks, key=lambda week: week.monday)[-SHOWN_WEEKS:]


def _day(pain: SayPain, zone: str) -> date:
    return pain.at_utc.astimezone(ZoneInfo(zone)).date()


def _pain_axis() -> dict[str, Any]:
    return {
        "type": "value", "min": 0, "max": 10, "interval": 2, "position": "right", "name": diary_labels.pain_axis(),
        "nameTextStyle": {":color": css_colour("ink"), "fontSize": 13},
        "axisLabel": {":color": css_colour("ink"), "fontSize": 13}, "nameGap": 12,
        "splitLine": {"show": False},
    }  # fmt: skip


def _day_axis(weeks: Sequence[WeekBar]) -> dict[str, Any]:
    """A hidden axis of days under the one of weeks."""
    return {"type": "value", "min": 0, "max": 7 * max(len(weeks), 1), "show": False, "position": "top"}


def _dots(pains: Sequence[SayPain], weeks: Sequence[WeekBar], zone: str) -> dict[str, Any]:
    data = []
    for pain in shown_pains(pains, weeks, zone):
        place = (_day(pain, zone) - weeks[0].monday).days + 0.5
        data.append([place, pain.level, f"{words.day_name(_day(pain, zone))}: {pain.level:g}"])
    return {
        "type": "scatter", "name": diary_labels.pain_axis(), "xAxisIndex": 1, "yAxisIndex": 1,
        "data": data, "symbolSize": 11, "z": 5,
        "itemStyle": {":color": css_colour("ink"), ":borderColor": css_colour("surface"), "borderWidth": 1.5},
        "tooltip": {":formatter": "(p) => p.value[2]"},
    }  # fmt: skip
