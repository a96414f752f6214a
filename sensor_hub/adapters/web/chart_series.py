"""What a chart is drawn of: bars, hatched unknown columns, lines, a band, whiskers; pure functions.

Every colour comes from the style sheet while the chart is drawn, so it follows the colour scheme. What is drawn by a
function of ours (``renderItem``) has no tooltip of its own.
"""

from collections.abc import Sequence
from typing import Any, Final

from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.chart_frame import Options
from sensor_hub.adapters.web.look import css_colour

# A rectangle as wide as a place from one value to another.
_BAND: Final = (
    "(params, api) => { const low = api.value(1), high = api.value(2); if (!(high > low)) return;"
    " const a = api.coord([api.value(0), high]), b = api.coord([api.value(0), low]), w = api.size([1, 0])[0];"
    " const x = Math.round(a[0] - w / 2), to = Math.round(a[0] + w / 2);"  # whole pixels: no seams between places
    " return {type: 'rect', shape: {x, y: a[1], width: to - x, height: b[1] - a[1]},"
    " style: {fill: hubColour('--band')}}; }"
)
# From low to high with a bar at both ends; of "at least" a dashed line upwards from the value, with an open end.
_WHISKER: Final = (
    "(params, api) => { const w = api.size([1, 0])[0], half = Math.min(w * 0.16, 6);"
    " const a = api.coord([api.value(0), api.value(2)]), b = api.coord([api.value(0), api.value(1)]);"
    " const x = a[0] + w * api.value(4), open = api.value(3) === 1;"
    " const line = (x1, y1, x2, y2, dash) => ({type: 'line', shape: {x1, y1, x2, y2},"
    " style: {stroke: hubColour('--ink'), lineWidth: 2, lineDash: dash ? [3, 3] : null}});"
    " const under = (x1, y1, x2, y2) => ({type: 'line', shape: {x1, y1, x2, y2},"
    " style: {stroke: hubColour('--surface'), lineWidth: 4.5}});"
    " if (open) return {type: 'group', children: [line(x, b[1], x, b[1] - 18, true),"
    " line(x - half, b[1] - 13, x, b[1] - 19), line(x + half, b[1] - 13, x, b[1] - 19)]};"
    " return {type: 'group', children: [under(x, a[1], x, b[1]), line(x, a[1], x, b[1]),"
    " line(x - half, a[1], x + half, a[1]), line(x - half, b[1], x + half, b[1])]}; }"
)
Whisker = tuple[int, float, float, int, float]


def bar(
    value: float | None, limit: float | None, *, lower_bound: bool, unfinished: bool, in_front: bool = False
) -> Options:
    """One bar: red with a mark above the limit, striped if a lower bound, pale while it still grows."""
    above = value is not None and limit is not None and value > limit
    style: Options = {
        ":color": css_colour("alert" if above else "bar-front" if in_front else "bar"),
        "opacity": 0.62 if unfinished else 1,
        "borderRadius": [3, 3, 0, 0],
        ":borderColor": css_colour("surface"),
        "borderWidth": 1 if in_front else 0,
        "decal": stripes("surface") if lower_bound else {"symbol": "none"},
    }
    mark = ("▲" if above else "") + ("≥" if lower_bound else "")
    label = {
        "show": bool(mark),
        "formatter": mark,
        "position": "top",
        "rotate": 0,
        "distance": 22 if lower_bound else 14,  # above the end of the likely range, or the arrow of "at least"
        "fontSize": 14,
        ":color": css_colour("ink"),
        ":backgroundColor": css_colour("surface"),
        "borderRadius": 3,
        "padding": [0, 2],
    }
    return {"value": "-" if value is None else value, "itemStyle": style, "label": label}


def stripes(colour: str) -> Options:
    """Slanted lines over a column."""
    return {
        "symbol": "rect", "symbolSize": 1, "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": -0.785,
        ":color": css_colour(colour),
    }  # fmt: skip


def bars(name: str, data: Sequence[Options]) -> Options:
    """A column a place; several such series stand inside each other."""
    return {"type": "bar", "name": name, "data": list(data), "barGap": "-100%", "barWidth": "76%", "z": 3}


def unknown_columns(data: Sequence[float | None]) -> Options:
    """Hatched columns to the top where a value is not known."""
    style = {":color": css_colour("hatch-ground"), "decal": stripes("hatch")}
    return {
        "type": "bar", "name": labels.unknown_column(), "data": _gapped(data), "itemStyle": style, "barGap": "-100%",
        "barWidth": "76%", "silent": True, "tooltip": {"show": False}, "z": 1,
    }  # fmt: skip


def limit_line(name: str, data: Sequence[float | None]) -> Options:
    """What is not to be passed: dashed."""
    return _line(name, data, {":color": css_colour("limit"), "width": 2.5, "type": [7, 4]})


def reference_line(name: str, data: Sequence[float | None]) -> Options:
    """What a limit grows from, or what is tolerated: thin and whole."""
    return _line(name, data, {":color": css_colour("limit"), "width": 1.5, "type": "solid"})


def _line(name: str, data: Sequence[float | None], style: dict[str, Any]) -> Options:
    return {
        "type": "line", "name": name, "data": _gapped(data), "step": "middle", "symbol": "none", "lineStyle": style,
        "itemStyle": {":color": css_colour("limit")}, "connectNulls": False, "z": 5,
    }  # fmt: skip


def band(name: str, lows: Sequence[float | None], highs: Sequence[float | None]) -> Options:
    """A shaded ground from one line to another, where both are known."""
    pairs = enumerate(zip(lows, highs, strict=True))
    data = [[i, low, high] for i, (low, high) in pairs if low is not None and high is not None and high > low]
    return {
        "type": "custom", "name": name, "data": data, ":renderItem": _BAND, "encode": {"x": 0, "y": [1, 2]},
        "silent": True, "clip": True, "tooltip": {"show": False}, "z": 2,
    }  # fmt: skip


def whisker(
    place: int, value: float | None, between: tuple[float, float] | None, *, lower_bound: bool, shift: float = 0.0
) -> Whisker | None:
    """Where a value most likely lies; of a lower bound an open end upwards. shift : aside, in widths of a place."""
    if value is None:
        return None
    if lower_bound:
        return place, value, value, 1, shift
    return None if between is None else (place, between[0], between[1], 0, shift)


def whiskers(name: str, data: Sequence[Whisker | None]) -> Options:
    """Ranges over bars."""
    return {
        "type": "custom", "name": name, "data": [list(one) for one in data if one is not None],
        ":renderItem": _WHISKER, "encode": {"x": 0, "y": [1, 2]}, "silent": True, "clip": True,
        "tooltip": {"show": False}, "z": 6,
    }  # fmt: skip


def _gapped(data: Sequence[float | None]) -> list[float | str]:
    return ["-" if v is None else v for v in data]
