"""One or two runs over their time as ECharts options: panels one above the other on one axis. Pure functions.

Values lie in data sets, a column a quantity, and unknown is null, so that lines break. Keys that begin with a colon are
evaluated by NiceGUI in the browser, where the colours and the hatches come from the style sheet.
"""

import json
import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sensor_hub import words
from sensor_hub.adapters.web import timeline_labels as labels
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.adapters.web.timeline_axes import (
    LEFT_PX,
    PANEL_PX,
    RIGHT_PX,
    Options,
    slider,
    title_of,
    top_px,
    x_axis,
    y_axis,
)
from sensor_hub.adapters.web.timeline_drawn import (
    LEAST_WINDOW_LENGTH,
    Drawn,
    Row,
    Run,
    extent,
    has_band,
    positions,
    rows_of,
    shown_limit,
    stretches,
)
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.unseen import PAUSE
from sensor_hub.units import MS_PER_S
from sensor_hub.words import lengths

LEAST_WINDOW_S: Final = 60.0
NAMED_FROM: Final = 0.01  # of the axis: under a narrower stretch its name would stand alone
_DIGITS: Final = 4  # that a screen can tell apart


def options(drawn: Drawn) -> Options:
    """Return the options of the chart."""
    rows = rows_of(drawn)
    sets = [_data_set(drawn.run, drawn), *([] if drawn.other is None else [_data_set(drawn.other, drawn)])]
    series = [one for place, row in enumerate(rows) for one in _series(place, row, drawn)]
    low, high = extent(drawn)
    is_timed = drawn.by == "time"
    everywhere = list(range(len(rows)))
    zoomed: Options = {
        "xAxisIndex": everywhere, "filterMode": "none", "realtime": True,
        "minValueSpan": LEAST_WINDOW_S * MS_PER_S if is_timed else LEAST_WINDOW_LENGTH,
    }  # fmt: skip
    if drawn.window is not None:
        zoomed |= {"startValue": drawn.window[0], "endValue": drawn.window[1]}
    return {
        "animation": False, "useUTC": True, "textStyle": {"fontFamily": "system-ui, sans-serif"},
        "dataset": sets,
        "title": [title_of(place, row) for place, row in enumerate(rows)],
        "grid": [
            {"left": LEFT_PX, "right": RIGHT_PX, "top": top_px(place), "height": PANEL_PX} for place in everywhere
        ],
        "xAxis": [x_axis(place, len(rows), low, high, is_timed=is_timed) for place in everywhere],
        "yAxis": [y_axis(place, row, drawn) for place, row in enumerate(rows)],
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "tooltip": _tooltip(rows, drawn),
        "dataZoom": [
            {
                **zoomed, "type": "inside", "zoomOnMouseWheel": "ctrl", "moveOnMouseWheel": False,
                "preventDefaultMouseMove": False,
            },
            {**zoomed, **slider(len(rows))},
        ],
        "series": series,
    }  # fmt: skip


# --- values ----------------------------------------------------------------------------------------------------------


def _data_set(run: Run, drawn: Drawn) -> Options:
    source: dict[str, list[float | None]] = {"x": _column(positions(run, drawn.by), digits=None)}
    for panel in drawn.panels:
        values = panel.values(run.timeline)
        source[panel.key] = _column(values)
        if has_band(panel, run):
            half = panel.half(run.timeline) if panel.half is not None else values
            low = np.maximum(values - half, 0.0)
            source[f"{panel.key}-low"] = _column(low)
            source[f"{panel.key}-wide"] = _column(values + half - low)
    return {"dimensions": list(source), "source": source}


def _column(values: FloatArray, digits: int | None = _DIGITS) -> list[float | None]:
    """Return what can be sent: null where unknown, and no digits that nobody sees."""
    if digits is None:
        return [round(v, 4) if math.isfinite(v) else None for v in values.tolist()]
    return [float(f"{v:.{digits + 1}g}") if math.isfinite(v) else None for v in values.tolist()]


# --- lines -----------------------------------------------------------------------------------------------------------


def _series(place: int, row: Row, drawn: Drawn) -> list[Options]:
    """Band and line of this run, the dashed line of the other, and the grounds of gaps and pauses."""
    panel, found = row.panel, []
    common: Options = {
        "type": "line", "xAxisIndex": place, "yAxisIndex": place, "symbol": "none", "connectNulls": False,
    }  # fmt: skip
    if row.mine:
        if has_band(panel, drawn.run):
            found += _band(row, common)
        line = _line(row.key, panel.key, 0, common, "bar")
        line["markArea"] = {"silent": True, "data": _grounds(drawn, named=place == 0)}
        line["markLine"] = _marks(row, drawn)
        found.append(line)
    if row.others:
        other = _line(f"{panel.key}-second", panel.key, 1, common, "second")
        other["lineStyle"]["type"] = [6, 4]
        found.append(other)
    return found


def _line(name: str, column: str, data_set: int, common: Options, colour: str) -> Options:
    return {
        **common, "id": name, "datasetIndex": data_set, "encode": {"x": "x", "y": column}, "z": 4,
        "lineStyle": {":color": css_colour(colour), "width": 2}, "itemStyle": {":color": css_colour(colour)},
    }  # fmt: skip


def _band(row: Row, common: Options) -> list[Options]:
    """Two areas one on the other, of which the lower is not seen."""
    hidden: Options = {
        **common, "datasetIndex": 0, "stack": f"band-{row.key}", "stackStrategy": "all", "silent": True, "z": 2,
        "lineStyle": {"opacity": 0},
    }  # fmt: skip
    low, wide = ({"encode": {"x": "x", "y": f"{row.panel.key}-{part}"}} for part in ("low", "wide"))
    seen = {"areaStyle": {":color": css_colour("bar"), "opacity": 0.22}}
    return [{**hidden, **low, "id": f"{row.key}-low"}, {**hidden, **wide, **seen, "id": f"{row.key}-band"}]


def _marks(row: Row, drawn: Drawn) -> Options:
    """Limit of the day, and the line that a balance or a slope is held against."""
    lines: list[Options] = []
    limit = drawn.limits.get(row.panel.key)
    if limit is not None:
        at = shown_limit(row.panel, limit)
        text = labels.limit_mark(f"{at:.{1 if row.panel.key == 'load' else 0}f}")
        label = {"formatter": text, "position": "insideStartTop", "fontSize": 13, ":color": css_colour("ink")}
        lines.append({
            "yAxis": at, "label": label,
            "lineStyle": {":color": css_colour("limit"), "width": 2, "type": [7, 4]},
        })  # fmt: skip
    if row.panel.middle is not None:
        style = {":color": css_colour("line-strong"), "width": 1.5, "type": "solid"}
        lines.append({"yAxis": row.panel.middle, "label": {"show": False}, "lineStyle": style})
    return {"symbol": "none", "silent": True, "data": lines}


def _grounds(drawn: Drawn, *, named: bool) -> list[list[Options]]:
    """Where nothing is known, and where nobody ran. named : in words too, where there is room for them."""
    low, high = extent(drawn)
    names = labels.marks()
    grounds: list[list[Options]] = []
    for begin, end, cause, _text in stretches(drawn):
        kind = "pause" if cause == PAUSE else "gap"
        label = {
            "show": named and end - begin >= NAMED_FROM * (high - low), "fontSize": 12, "textBorderWidth": 0,
            "distance": 1, ":color": css_colour("ink"),
        }  # fmt: skip
        style = {":color": f"hubTimeline.hatch('{kind}')"}
        grounds.append([{"xAxis": begin, "name": names[kind], "itemStyle": style, "label": label}, {"xAxis": end}])
    return grounds


def _tooltip(rows: Sequence[Row], drawn: Drawn) -> Options:
    spec: Options = {
        "timed": drawn.by == "time",
        "start_ms": round(drawn.run.timeline.start_utc.timestamp() * MS_PER_S),
        "zone": drawn.run.summary.header.zone,
        "length": lengths.length_unit(),
        "unseen": [{"begin": b, "end": e, "text": text} for b, e, _cause, text in stretches(drawn)],
        "series": {},
    }
    second = labels.legend()["second"]
    for row in rows:
        panel = row.panel
        told: Options = {"unit": panel.unit, "decimals": panel.decimals, "unknown": words.UNKNOWN}
        if panel.key == "speed":
            told["pace"] = lengths.pace_unit()
        if row.mine:
            spec["series"][row.key] = {**told, "name": panel.name}
        if row.others:
            spec["series"][f"{panel.key}-second"] = {**told, "name": f"{panel.name} ({second})"}
    return {
        "trigger": "axis", "confine": True, "axisPointer": {"type": "line"},
        ":formatter": f"hubTimeline.tooltip({json.dumps(spec)})",
        ":backgroundColor": css_colour("surface"), ":borderColor": css_colour("line-strong"),
        "textStyle": {":color": css_colour("ink"), "fontSize": 14},
    }  # fmt: skip
