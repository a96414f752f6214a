"""Weekly bars and the 30-day session chart as ECharts options.

Pure functions. Keys that begin with a colon are evaluated by NiceGUI in the browser, so every colour comes from the
style sheet and follows the colour scheme. Unknown is a hatched column, never a bar of height zero.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sensor_hub import words
from sensor_hub.adapters.web import chart_health, chart_rows, labels, marks
from sensor_hub.adapters.web import chart_series as series_of
from sensor_hub.adapters.web.chart_frame import Options, frame, nice_top
from sensor_hub.adapters.web.chart_health import NOTHING, Health
from sensor_hub.adapters.web.chart_labels import band_name, longest_line, range_name, tolerance_line
from sensor_hub.adapters.web.chart_values import (
    WINDOW_DAYS,
    day_lines,
    display,
    is_learned,
    is_lower_bound,
    is_unjudged,
    limit_of,
    of_load,
    range_of,
    reference_of,
    tolerance_of,
    value_of,
)
from sensor_hub.model.load import Headroom, InstrumentChange, Measure
from sensor_hub.model.ports import DaySession, WeekBar

_ASIDE = 0.22  # of a place: how far the range of a day's second run stands beside that of the first


def weekly_options(
    weeks: Sequence[WeekBar],
    today: date,
    measure: Measure,
    changes: Sequence[InstrumentChange] = (),
    health: Health = NOTHING,
) -> Options:
    """One bar a week with its range, the guideline band, week line and tolerance line, and pain as dots.

    A mark stands where loads began to be measured another way. Of hard load there is no band: no week is judged by it.
    """
    values = [value_of(w, measure) for w in weeks]
    limits, references, tolerated = (
        [display(of(w, measure), measure) for w in weeks] for of in (limit_of, reference_of, tolerance_of)
    )
    ranges = [range_of(w, measure) for w in weeks]
    top = nice_top([*values, *limits, *(r[1] for r in ranges if r is not None)])
    bars = [
        series_of.bar(value, limit, lower_bound=week.lower_bound, unfinished=week.monday + timedelta(days=7) > today)
        for week, value, limit in zip(weeks, values, limits, strict=True)
    ]
    mondays = [w.monday for w in weeks]
    whiskers = [
        series_of.whisker(i, values[i], ranges[i], lower_bound=week.lower_bound) for i, week in enumerate(weeks)
    ]
    dots = chart_health.dots_by_week(health, mondays)
    drawn = [
        series_of.unknown_columns([top if v is None else None for v in values]),
        series_of.band(band_name(), references, limits),
        series_of.bars(words.short_measure(measure), bars),
        series_of.whiskers(range_name(), whiskers),
        series_of.limit_line(labels.week_line(), limits),
        series_of.reference_line(tolerance_line(), tolerated),
        *marks.week_marks(mondays, of_load(changes, measure)),
        *dots,
    ]
    names = [words.day_name(monday) for monday in mondays]
    told = {name: chart_rows.week_lines(week, measure, health) for name, week in zip(names, weeks, strict=True)}
    options = frame(names, top, drawn, measure, told)
    return chart_health.with_pain_axes(options, len(weeks)) if dots else options


def session_options(
    days: Sequence[DaySession],
    today: date,
    measure: Measure,
    headroom: Headroom | None = None,
    changes: Sequence[InstrumentChange] = (),
    health: Health = NOTHING,
) -> Options:
    """One bar a session over the last 30 days with its range, between the longest run before it and the session limit.

    Two runs of a day stand inside each other. Days in which a new way of measuring is learned lie on a grey ground, and
    loads there are not called above. headroom : today's, where no run says so yet. Pain stands over its day, the stage
    of a plan above all.
    """
    calendar = [today - timedelta(days=back) for back in reversed(range(WINDOW_DAYS))]
    of_day = {day: sorted((d for d in days if d.day == day), key=_longest_first(measure)) for day in calendar}
    limits = _lines(days, today, measure, changes, calendar, longest=False, headroom=headroom)
    longest = _lines(days, today, measure, changes, calendar, longest=True, headroom=headroom)
    ends = [between[1] for d in days if (between := range_of(d, measure)) is not None]
    top = nice_top([*(value_of(d, measure) for d in days), *limits, *ends])
    unknown = [top if any(value_of(s, measure) is None for s in of_day[day]) else None for day in calendar]
    drawn = [series_of.unknown_columns(unknown), series_of.band(band_name(), longest, limits)]
    whiskers = []
    for rank in range(max((len(runs) for runs in of_day.values()), default=0) or 1):
        bars = []
        for i, (day, limit) in enumerate(zip(calendar, limits, strict=True)):
            run = of_day[day][rank] if rank < len(of_day[day]) else None
            bars.append(_bar(run, limit, measure, in_front=rank > 0))
            if run is not None:
                whiskers.append(_whisker(i, run, measure, rank))
        drawn.append(series_of.bars(words.short_measure(measure), bars))
    drawn += [
        series_of.whiskers(range_name(), whiskers),
        series_of.limit_line(labels.session_line(), limits),
        series_of.reference_line(longest_line(), longest),
        *marks.day_marks(calendar, of_load(changes, measure)),
    ]
    dots, strip = chart_health.dots_by_day(health, calendar), chart_health.stage_strip(health, calendar)
    told = {
        words.day_name(day): chart_rows.day_lines_of(day, of_day[day], (limit, before), measure, health)
        for day, limit, before in zip(calendar, limits, longest, strict=True)
    }
    names = [words.day_name(day) for day in calendar]
    options = frame(names, top, [*drawn, *dots, *strip], measure, told, with_strip=bool(strip))
    return chart_health.with_pain_axes(options) if dots else options


def _lines(
    days: Sequence[DaySession], today: date, measure: Measure, changes: Sequence[InstrumentChange],
    calendar: Sequence[date], *, longest: bool, headroom: Headroom | None,
) -> list[float | None]:  # fmt: skip
    """The limits of 30 days, or the longest runs they grow from, as they are shown."""
    of = reference_of if longest else limit_of
    todays = None if headroom is None else headroom.reference if longest else headroom.limit
    lines = [display(v, measure) for v in day_lines(days, today, lambda run: of(run, measure), todays)]
    ran = {d.day for d in days}
    for i, day in enumerate(calendar):  # a rest day among those that are learned is not judged by what came later
        if day not in ran and any(is_learned(change, day) for change in of_load(changes, measure)):
            lines[i] = None
    return lines


def _bar(run: DaySession | None, limit: float | None, measure: Measure, *, in_front: bool) -> Options:
    if run is None:
        return series_of.bar(None, limit, lower_bound=False, unfinished=False, in_front=in_front)
    return series_of.bar(
        value_of(run, measure), None if is_unjudged(run, measure) else limit,
        lower_bound=is_lower_bound(run), unfinished=not run.ended, in_front=in_front,
    )  # fmt: skip


def _whisker(place: int, run: DaySession, measure: Measure, rank: int) -> series_of.Whisker | None:
    between = range_of(run, measure)
    return series_of.whisker(
        place, value_of(run, measure), between, lower_bound=is_lower_bound(run), shift=min(rank, 2) * _ASIDE
    )


def _longest_first(measure: Measure) -> Any:
    return lambda session: -(value_of(session, measure) or 0.0)
