"""Where the panels of a timeline stand, their titles, their axes and the slider below: parts of ECharts options."""

import math
from typing import Any, Final, TypeAlias

import numpy as np

from sensor_hub.adapters.web import timeline_labels as labels
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.adapters.web.timeline_drawn import Drawn, Row, has_band, of_row, rows_of, shown_limit
from sensor_hub.adapters.web.timeline_panels import LOADS
from sensor_hub.words import lengths

Options: TypeAlias = dict[str, Any]
PANEL_PX: Final = 96
HEAD_PX: Final = 40
FOOT_PX: Final = 96  # the axis and the slider
LEFT_PX, RIGHT_PX = 46, 14
_TOPS: Final = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


def height_px(drawn: Drawn) -> int:
    """How high the chart has to be."""
    return len(rows_of(drawn)) * (PANEL_PX + HEAD_PX) + FOOT_PX


def top_px(place: int) -> int:
    """Return how far below the top a panel's lines begin."""
    return HEAD_PX + place * (PANEL_PX + HEAD_PX)


def title_of(place: int, row: Row) -> Options:
    """Return what stands above a panel."""
    text = row.panel.title if row.mine else labels.other_panel(row.panel.unit, modelled=row.panel.key in LOADS)
    return {
        "text": text, "left": 2, "top": top_px(place) - HEAD_PX + 12, "padding": 0,
        "textStyle": {"fontSize": 13, "fontWeight": 600, ":color": css_colour("ink")},
    }  # fmt: skip


def x_axis(place: int, n: int, low: float, high: float, *, is_timed: bool) -> Options:
    """Return the axis below a panel; only the last is labelled."""
    is_last = place == n - 1
    label: Options = {"show": is_last, "fontSize": 13, ":color": css_colour("ink"), "hideOverlap": True}
    if is_timed:
        label[":formatter"] = "hubTimeline.axis"
    else:
        label["formatter"] = f"{{value}} {lengths.length_unit()}"
    return {
        "type": "time" if is_timed else "value", "gridIndex": place, "min": low, "max": high, "axisLabel": label,
        "splitNumber": 5, "axisTick": {"show": is_last}, "splitLine": {"show": False},
        "axisLine": {"onZero": False, "lineStyle": {":color": css_colour("line-strong")}},
        "axisPointer": {"label": {"show": False}, "lineStyle": {":color": css_colour("ink")}},
    }  # fmt: skip


def y_axis(place: int, row: Row, drawn: Drawn) -> Options:
    """Return the axis of a panel's values: sums from zero, a balance around its middle."""
    axis: Options = {
        "type": "value", "gridIndex": place, "splitNumber": 2, "scale": True,
        "axisLabel": {"fontSize": 12, ":color": css_colour("ink"), "hideOverlap": True},
        "splitLine": {"lineStyle": {":color": css_colour("line")}},
    }  # fmt: skip
    if row.panel.from_zero:
        top = _sum_top(row, drawn)
        axis |= {"min": 0, "max": top, "interval": top / 2, "scale": False}
    elif row.panel.middle is not None:
        away = _away(row, drawn)
        middle = row.panel.middle
        axis |= {"min": middle - away, "max": middle + away, "interval": away}
    return axis


def _sum_top(row: Row, drawn: Drawn) -> float:
    """Return a round end above the sums, their bands and the limit."""
    highest = 0.0
    for run in of_row(row, drawn):
        values = row.panel.values(run.timeline)
        if has_band(row.panel, run) and row.panel.half is not None:
            values = values + np.nan_to_num(row.panel.half(run.timeline))
        highest = max(highest, float(np.nanmax(values, initial=0.0)))
    if row.mine and row.panel.key in drawn.limits:
        highest = max(highest, shown_limit(row.panel, drawn.limits[row.panel.key]))
    return _round_top(highest * 1.04)


def _away(row: Row, drawn: Drawn) -> float:
    """Return how far an axis goes either side of its middle: round, and never so little that noise fills it."""
    middle = row.panel.middle or 0.0
    furthest = max(
        float(np.nanmax(np.abs(row.panel.values(run.timeline) - middle), initial=0.0)) for run in of_row(row, drawn)
    )
    return max(_round_top(furthest), 2.0)


def _round_top(value: float) -> float:
    if value <= 0 or not math.isfinite(value):
        return 1.0
    step = 10.0 ** math.floor(math.log10(value))
    return next(step * factor for factor in _TOPS if step * factor >= value * (1 - 1e-9))


def slider(n: int) -> Options:
    """Return what chooses the part that is drawn, by touch."""
    return {
        "type": "slider", "top": top_px(n) - HEAD_PX + 34, "height": 40, "left": LEFT_PX, "right": RIGHT_PX,
        "showDetail": False, "brushSelect": False, "showDataShadow": False, "handleSize": "100%", "moveHandleSize": 0,
        ":backgroundColor": css_colour("track"), ":fillerColor": css_colour("hatch-ground"),
        ":borderColor": css_colour("line-strong"),
        "handleStyle": {":color": css_colour("surface"), ":borderColor": css_colour("ink")},
    }  # fmt: skip
