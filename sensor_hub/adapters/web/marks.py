"""Where a chart says that loads began to be measured another way: a line, and a grey ground while that is learned."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from sensor_hub import words
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.model.load import InstrumentChange

Series: TypeAlias = dict[str, Any]
AT_THE_EDGE: Final = 1 / 6  # of the places, at the right: two of twelve weeks


def week_marks(mondays: Sequence[date], changes: Sequence[InstrumentChange]) -> list[Series]:
    """A line at the week of each change that is drawn; empty without one."""
    lines = []
    for change in changes:
        first = date.fromisoformat(change.first_day)
        place = next((i for i, day in enumerate(mondays) if day <= first < day + timedelta(days=7)), None)
        if place is not None:
            lines.append(_line(place, len(mondays), words.change_mark(change)))
    return [_series(lines, [])] if lines else []


def day_marks(days: Sequence[date], changes: Sequence[InstrumentChange]) -> list[Series]:
    """A line at the day of each change, and the days on which it is learned; empty where none is drawn."""
    lines, grounds = [], []
    for change in changes:
        first, normal = date.fromisoformat(change.first_day), date.fromisoformat(change.normal_from)
        learning = [i for i, day in enumerate(days) if first <= day < normal]
        if not learning:
            continue
        grounds.append([{"xAxis": learning[0]}, {"xAxis": learning[-1]}])
        if days[learning[0]] == first:
            lines.append(_line(learning[0], len(days), words.change_mark(change)))
    return [_series(lines, grounds)] if grounds else []


def _line(place: int, n_places: int, text: str) -> Series:
    label = {"formatter": text, "position": "end", "fontSize": 13, ":color": css_colour("ink")}
    if place >= n_places - AT_THE_EDGE * n_places:  # centred, it would be cut off at the right
        label["align"] = "right"
    return {"xAxis": place, "label": label}


def _series(lines: list[Series], grounds: list[list[Series]]) -> Series:
    """A series that draws nothing but marks."""
    return {
        "type": "line", "name": "", "data": [], "silent": True, "tooltip": {"show": False}, "z": 2,
        "markLine": {
            "symbol": "none", "silent": True, "data": lines,
            "lineStyle": {":color": css_colour("ink"), "width": 1.5, "type": "dotted"},
        },
        "markArea": {"silent": True, "data": grounds, "itemStyle": {":color": css_colour("hatch-ground")}},
    }  # fmt: skip
