"""Weekly bars and the 30-day session chart as ECharts options, and the same as table rows.

Pure functions. Keys that begin with a colon are evaluated by NiceGUI in the browser, so every colour comes from the
style sheet and follows the colour scheme. Unknown is a hatched column, never a bar of height zero.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

from sensor_hub import words
from sensor_hub.adapters.web import labels, marks, run_labels
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.model.load import InstrumentChange
from sensor_hub.model.ports import DaySession, WeekBar
from sensor_hub.words.lengths import length_m, load_scale

ChartMeasure: TypeAlias = Literal["distance_m", "load_eq_km"]
Options: TypeAlias = dict[str, Any]
WINDOW_DAYS: Final = 30
WELL_RECORDED: Final = 0.8
_DIVISIONS: Final = {1: 4, 1.5: 3, 2: 4, 3: 3, 4: 4, 5: 5, 6: 3, 8: 4, 10: 5}  # leading digits of an axis: its parts


def display(value: float | None, measure: ChartMeasure) -> float | None:
    """A value in the unit in use: km or mi, eq-km or eq-mi; None if unknown."""
    if value is None or not math.isfinite(value):
        return None
    return round(value / length_m() if measure == "distance_m" else value * load_scale(), 3)


def is_lower_bound(session: DaySession) -> bool:
    """Whether too little was recorded to believe more than "at least"."""
    return session.coverage is not None and session.coverage < WELL_RECORDED


def day_limits(
    days: Sequence[DaySession], today: date, measure: ChartMeasure, limit_today: float | None
) -> list[float | None]:
    """Session limit of each of the last 30 days, oldest first, in the measure's own unit.

    The hub states a limit for days with a run and for today. A rest day takes that of the next such day: nothing was
    added in between. Days before the first known limit have none.
    """
    known = {d.day: _limit(d, measure) for d in days}
    limits: list[float | None] = []
    ahead = known.get(today, limit_today) if known.get(today) is not None else limit_today
    for back in range(WINDOW_DAYS):
        day = today - timedelta(days=back)
        if day in known and back > 0:
            ahead = known[day]
        limits.append(ahead)
    return limits[::-1]


def _limit(session: DaySession, measure: ChartMeasure) -> float | None:
    return session.limit_distance_m if measure == "distance_m" else session.limit_load_eq_km


def _value(row: DaySession | WeekBar, measure: ChartMeasure) -> float | None:
    return display(row.distance_m if measure == "distance_m" else row.load_eq_km, measure)


def _week_limit(week: WeekBar, measure: ChartMeasure) -> float | None:
    return display(week.limit_distance_m if measure == "distance_m" else week.limit_load_eq_km, measure)


# --- options ---------------------------------------------------------------------------------------------------------


def weekly_options(
    weeks: Sequence[WeekBar], today: date, measure: ChartMeasure, changes: Sequence[InstrumentChange] = ()
) -> Options:
    """One bar a week with the week line, and a mark where loads began to be measured another way."""
    values = [_value(w, measure) for w in weeks]
    limits = [_week_limit(w, measure) for w in weeks]
    top = _nice_top([*values, *limits])
    bars = [
        _bar(value, limit, lower_bound=week.lower_bound, unfinished=week.monday + timedelta(days=7) > today)
        for week, value, limit in zip(weeks, values, limits, strict=True)
    ]
    series = [
        _unknown_columns([top if v is None else None for v in values]),
        _bars(words.short_measure(measure), bars),
        _limit_line(labels.week_line(), limits),
        *marks.week_marks([w.monday for w in weeks], _of_load(changes, measure)),
    ]
    return _frame([words.day_name(w.monday) for w in weeks], top, series, measure)


def session_options(
    days: Sequence[DaySession],
    today: date,
    measure: ChartMeasure,
    limit_today: float | None,
    changes: Sequence[InstrumentChange] = (),
) -> Options:
    """One bar a session over the last 30 days with the session limit; two runs of a day stand inside each other.

    Days in which a new way of measuring is learned lie on a grey ground, and loads there are not called above.
    """
    calendar = [today - timedelta(days=back) for back in reversed(range(WINDOW_DAYS))]
    of_day = {day: sorted((d for d in days if d.day == day), key=_longest_first(measure)) for day in calendar}
    limits = [display(v, measure) for v in day_limits(days, today, measure, limit_today)]
    for i, day in enumerate(calendar):  # a rest day among those that are learned is not judged by what came later
        if not of_day[day] and any(_is_learned(change, day) for change in _of_load(changes, measure)):
            limits[i] = None
    top = _nice_top([*(_value(d, measure) for d in days), *limits])
    unknown = [top if any(_value(s, measure) is None for s in of_day[day]) else None for day in calendar]
    series = [_unknown_columns(unknown)]
    for rank in range(max((len(runs) for runs in of_day.values()), default=0) or 1):
        bars = []
        for day, limit in zip(calendar, limits, strict=True):
            run = of_day[day][rank] if rank < len(of_day[day]) else None
            value = None if run is None else _value(run, measure)
            lower_bound = run is not None and is_lower_bound(run)
            unfinished = run is not None and not run.ended
            judged = None if run is not None and _is_unjudged(run, measure) else limit
            bars.append(_bar(value, judged, lower_bound=lower_bound, unfinished=unfinished, in_front=rank > 0))
        series.append(_bars(words.short_measure(measure), bars))
    series.append(_limit_line(labels.session_line(), limits))
    series += marks.day_marks(calendar, _of_load(changes, measure))
    return _frame([words.day_name(day) for day in calendar], top, series, measure)


def _of_load(changes: Sequence[InstrumentChange], measure: ChartMeasure) -> Sequence[InstrumentChange]:
    """A distance does not depend on what measured the load."""
    return changes if measure == "load_eq_km" else ()


def _is_learned(change: InstrumentChange, day: date) -> bool:
    return date.fromisoformat(change.first_day) <= day < date.fromisoformat(change.normal_from)


def _is_unjudged(session: DaySession, measure: ChartMeasure) -> bool:
    return session.bridging and measure == "load_eq_km"


def _longest_first(measure: ChartMeasure) -> Any:
    return lambda session: -(_value(session, measure) or 0.0)


def _bar(
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
        "decal": _stripes("surface") if lower_bound else {"symbol": "none"},
    }
    mark = ("▲" if above else "") + ("≥" if lower_bound else "")
    label = {
        "show": bool(mark),
        "formatter": mark,
        "position": "top",
        "distance": 3,
        "fontSize": 14,
        ":color": css_colour("ink"),
    }
    return {"value": "-" if value is None else value, "itemStyle": style, "label": label}


def _stripes(colour: str) -> Options:
    return {
        "symbol": "rect", "symbolSize": 1, "dashArrayX": [1, 0], "dashArrayY": [2, 5], "rotation": -0.785,
        ":color": css_colour(colour),
    }  # fmt: skip


def _bars(name: str, data: list[Options]) -> Options:
    return {"type": "bar", "name": name, "data": data, "barGap": "-100%", "barWidth": "76%", "z": 3}


def _unknown_columns(data: list[float | None]) -> Options:
    style = {":color": css_colour("hatch-ground"), "decal": _stripes("hatch")}
    columns = ["-" if v is None else v for v in data]
    return {
        "type": "bar", "name": labels.unknown_column(), "data": columns, "itemStyle": style, "barGap": "-100%",
        "barWidth": "76%", "silent": True, "tooltip": {"show": False}, "z": 1,
    }  # fmt: skip


def _limit_line(name: str, data: list[float | None]) -> Options:
    line = {":color": css_colour("limit"), "width": 2.5, "type": [7, 4]}
    points = ["-" if v is None else v for v in data]
    return {
        "type": "line", "name": name, "data": points, "step": "middle", "symbol": "none", "lineStyle": line,
        "itemStyle": {":color": css_colour("limit")}, "connectNulls": False, "z": 5,
    }  # fmt: skip


def _frame(categories: list[str], top: float, series: list[Options], measure: ChartMeasure) -> Options:
    """Axes, grid and tooltip around the series."""
    unit = words.unit(measure)
    text = {":color": css_colour("ink"), "fontSize": 13}
    return {
        "animation": False,
        "textStyle": {"fontFamily": "system-ui, sans-serif"},
        "grid": {"left": 6, "right": 10, "top": 30, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "category", "data": categories, "axisTick": {"show": False},
            "axisLine": {"lineStyle": {":color": css_colour("line-strong")}},
            "axisLabel": {**text, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value", "min": 0, "max": top, "name": unit, "nameLocation": "end", "nameGap": 12,
            "nameTextStyle": {**text, "align": "left", "padding": [0, 0, 0, -22]}, "axisLabel": text,
            "interval": _interval(top),
            "splitLine": {"lineStyle": {":color": css_colour("line")}},
        },
        "tooltip": {
            "trigger": "axis", "axisPointer": {"type": "shadow"}, "confine": True,
            ":backgroundColor": css_colour("surface"), ":borderColor": css_colour("line-strong"),
            "textStyle": {":color": css_colour("ink"), "fontSize": 14},
            ":valueFormatter": f"(v) => typeof v === 'number' ? v.toFixed(1) + ' {unit}' : '{words.UNKNOWN}'",
        },
        "series": series,
    }  # fmt: skip


def _nice_top(values: Sequence[float | None]) -> float:
    """Return a round end of the axis with a little air above the highest value."""
    highest = max((v for v in values if v is not None), default=0.0) * 1.08
    if highest <= 0:
        return 1.0
    step: float = 10.0 ** math.floor(math.log10(highest))
    return next(step * factor for factor in _DIVISIONS if step * factor >= highest)


def _interval(top: float) -> float:
    """Return the distance of grid lines that divides the axis evenly."""
    leading = top / 10.0 ** math.floor(math.log10(top))
    return top / _DIVISIONS[min(_DIVISIONS, key=lambda factor: abs(factor - leading))]


# --- which keys a legend needs ---------------------------------------------------------------------------------------


def weekly_keys(weeks: Sequence[WeekBar], measure: ChartMeasure, changes: Sequence[InstrumentChange] = ()) -> set[str]:
    """Keys of the weekly chart that occur in it."""
    keys = {"bar", "line"}
    if marks.week_marks([w.monday for w in weeks], _of_load(changes, measure)):
        keys.add("bridge")
    for week in weeks:
        keys |= _keys(_value(week, measure), _week_limit(week, measure), lower_bound=week.lower_bound)
    return keys


def session_keys(days: Sequence[DaySession], measure: ChartMeasure) -> set[str]:
    """Keys of the session chart that occur in it."""
    keys = {"bar", "line"}
    for session in days:
        limit = None if _is_unjudged(session, measure) else display(_limit(session, measure), measure)
        if _is_unjudged(session, measure):
            keys.add("bridge")
        keys |= _keys(_value(session, measure), limit, lower_bound=is_lower_bound(session))
    if len({d.day for d in days}) < len(days):
        keys.add("front")
    return keys


def _keys(value: float | None, limit: float | None, *, lower_bound: bool) -> set[str]:
    if value is None:
        return {"unknown"}
    keys = {"bound"} if lower_bound else set()
    return keys | {"above"} if limit is not None and value > limit else keys


# --- the same as tables ----------------------------------------------------------------------------------------------


def weekly_rows(weeks: Sequence[WeekBar]) -> list[list[str]]:
    """Week, distance, its line, load, its line, runs; newest first. The header has the units."""
    return [
        [
            words.day_name(w.monday),
            _digits(w.distance_m, "distance_m", lower_bound=w.lower_bound),
            words.number(w.limit_distance_m, "distance_m"),
            run_labels.mixed_week()
            if w.reason == "mixed-instruments"
            else _digits(w.load_eq_km, "load_eq_km", lower_bound=w.lower_bound),
            words.number(w.limit_load_eq_km, "load_eq_km"),
            str(w.n_sessions),
        ]
        for w in reversed(weeks)
    ]


def session_rows(days: Sequence[DaySession]) -> list[list[str]]:
    """Day, distance, its limit, load with its range below it, its limit, share recorded; newest first."""
    return [
        [
            words.day_name(d.day),
            _digits(d.distance_m, "distance_m", lower_bound=is_lower_bound(d)),
            words.number(d.limit_distance_m, "distance_m"),
            _with_range(d),
            run_labels.unjudged() if d.bridging else words.number(d.limit_load_eq_km, "load_eq_km"),
            words.share(d.coverage),
        ]
        for d in sorted(days, key=lambda d: d.day, reverse=True)
    ]


def _digits(value: float | None, measure: ChartMeasure, *, lower_bound: bool) -> str:
    at_least = "≥ " if lower_bound and words.known(value) else ""
    return at_least + words.number(value, measure)


def _with_range(run: DaySession) -> str:
    """The load and, in a line of its own, where it most likely lies."""
    text = _digits(run.load_eq_km, "load_eq_km", lower_bound=is_lower_bound(run))
    between = "" if is_lower_bound(run) else words.likely(run.load_eq_km, run.load_eq_km_sd, "load_eq_km")
    return f"{text}\n{between}" if between else text
