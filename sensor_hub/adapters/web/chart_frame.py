"""Axes, grid and tooltip around the series of a chart."""

import html
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from sensor_hub import words
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.model.load import Measure

Options: TypeAlias = dict[str, Any]
STRIP_PX: Final = 28  # room above a chart for a strip over its places
_TOP_PX: Final = 30
_DIVISIONS: Final = {1: 4, 1.5: 3, 2: 4, 3: 3, 4: 4, 5: 5, 6: 3, 8: 4, 10: 5}  # leading digits of an axis: its parts


def frame(
    categories: Sequence[str],
    top: float,
    series: Sequence[Options],
    measure: Measure,
    told: Mapping[str, Sequence[str]] | None = None,
    *,
    with_strip: bool = False,
) -> Options:
    """Return the options of a chart. told : what the tooltip says of a place, a line each; without it, its values."""
    text = {":color": css_colour("ink"), "fontSize": 13}
    return {
        "animation": False,
        "textStyle": {"fontFamily": "system-ui, sans-serif"},
        "grid": {
            "left": 6, "right": 10, "top": _TOP_PX + (STRIP_PX if with_strip else 0), "bottom": 4, "containLabel": True,
        },
        "xAxis": {
            "type": "category", "data": list(categories), "axisTick": {"show": False},
            "axisLine": {"lineStyle": {":color": css_colour("line-strong")}},
            "axisLabel": {**text, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value", "min": 0, "max": top, "name": words.unit(measure), "nameLocation": "end", "nameGap": 12,
            "nameTextStyle": {**text, "align": "left", "padding": [0, 0, 0, -22]}, "axisLabel": text,
            "interval": interval(top),
            "splitLine": {"lineStyle": {":color": css_colour("line")}},
        },
        "tooltip": {
            "trigger": "axis", "axisPointer": {"type": "shadow"}, "confine": True,
            ":backgroundColor": css_colour("surface"), ":borderColor": css_colour("line-strong"),
            "textStyle": {":color": css_colour("ink"), "fontSize": 14},
            ":formatter": _formatter(told or {}),
        },
        "series": list(series),
    }  # fmt: skip


def _formatter(told: Mapping[str, Sequence[str]]) -> str:
    """JavaScript that says what is known of a place; the lines are made here, in the reader's own words."""
    texts = {place: "<br>".join(map(html.escape, lines)) for place, lines in told.items()}
    # "<" never stands in the page's own script as it is: a text cannot end it
    body = json.dumps(texts, ensure_ascii=True).replace("<", "\\u003c")
    return f"((told) => (at) => [at].flat().map((one) => told[one.axisValue]).find(Boolean) || '')({body})"


def nice_top(values: Sequence[float | None]) -> float:
    """Return a round end of the axis with a little air above the highest value."""
    highest = max((v for v in values if v is not None), default=0.0) * 1.08
    if highest <= 0:
        return 1.0
    step: float = 10.0 ** math.floor(math.log10(highest))
    return next(step * factor for factor in _DIVISIONS if step * factor >= highest)


def interval(top: float) -> float:
    """Return the distance of grid lines that divides the axis evenly."""
    leading = top / 10.0 ** math.floor(math.log10(top))
    return top / _DIVISIONS[min(_DIVISIONS, key=lambda factor: abs(factor - leading))]


__all__ = ["STRIP_PX", "Options", "frame", "interval", "nice_top"]
