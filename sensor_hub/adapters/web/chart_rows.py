"""The same as the charts in words: which keys a legend needs, what a tooltip says of a place, and the tables."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import chart_labels, marks, run_labels
from sensor_hub.adapters.web.chart_health import AT_REST, NOTHING, Health
from sensor_hub.adapters.web.chart_values import (
    display,
    is_lower_bound,
    is_unjudged,
    limit_of,
    of_load,
    range_of,
    reference_of,
    sd_of,
    tolerance_of,
    value_of,
)
from sensor_hub.model.diary import SayPain
from sensor_hub.model.load import InstrumentChange, Measure
from sensor_hub.model.ports import DaySession, WeekBar

Lines = tuple[float | None, float | None]
_PAIN_KEYS: Final = {"L": "pain-left", "R": "pain-right", "both": "pain-both"}


# --- which keys a legend needs ---------------------------------------------------------------------------------------


def weekly_keys(
    weeks: Sequence[WeekBar], measure: Measure, changes: Sequence[InstrumentChange] = (), health: Health = NOTHING
) -> set[str]:
    """Keys of the weekly chart that occur in it."""
    keys = {"bar"}
    if marks.week_marks([w.monday for w in weeks], of_load(changes, measure)):
        keys.add("bridge")
    for week in weeks:
        limit = display(limit_of(week, measure), measure)
        keys |= _keys(value_of(week, measure), limit, lower_bound=week.lower_bound)
        keys |= {"line"} if limit is not None else set()
        keys |= {"band"} if reference_of(week, measure) is not None else set()
        keys |= {"reference"} if tolerance_of(week, measure) is not None else set()
        keys |= {"range"} if range_of(week, measure) is not None and not week.lower_bound else set()
    if weeks:
        first, last = weeks[0].monday, weeks[-1].monday + timedelta(days=6)
        keys |= _pain_keys([p for p in health.pains if first <= health.day_of(p) <= last])
    return keys


def session_keys(
    days: Sequence[DaySession], measure: Measure, calendar: Sequence[date] = (), health: Health = NOTHING
) -> set[str]:
    """Keys of the session chart that occur in it."""
    keys = {"bar", "line"}
    for session in days:
        limit = None if is_unjudged(session, measure) else display(limit_of(session, measure), measure)
        if is_unjudged(session, measure):
            keys.add("bridge")
        keys |= _keys(value_of(session, measure), limit, lower_bound=is_lower_bound(session))
        keys |= {"reference", "band"} if reference_of(session, measure) is not None else set()
        keys |= {"range"} if range_of(session, measure) is not None and not is_lower_bound(session) else set()
    if len({d.day for d in days}) < len(days):
        keys.add("front")
    if any(health.stage_on(day) is not None for day in calendar):
        keys.add("stage")
    return keys | _pain_keys([p for day in calendar for p in health.pains_on(day)])


def _keys(value: float | None, limit: float | None, *, lower_bound: bool) -> set[str]:
    if value is None:
        return {"unknown"}
    keys = {"bound"} if lower_bound else set()
    return keys | {"above"} if limit is not None and value > limit else keys


def _pain_keys(pains: Sequence[SayPain]) -> set[str]:
    keys = {_PAIN_KEYS[pain.side] for pain in pains}
    return keys | {"pain-filled" if pain.when in AT_REST else "pain-hollow" for pain in pains}


# --- what a tooltip says of a place ----------------------------------------------------------------------------------


def week_lines(week: WeekBar, measure: Measure, health: Health = NOTHING) -> list[str]:
    """A week, a line each: what it came to, its line, what is tolerated, how it hurt."""
    lines = [chart_labels.week_of(words.day_name(week.monday)), _amount(week, measure)]
    if limit_of(week, measure) is not None:
        lines.append(chart_labels.line_is(words.quantity(limit_of(week, measure), measure)))
        lines.append(chart_labels.tolerated_is(words.quantity(tolerance_of(week, measure), measure)))
    days = [week.monday + timedelta(days=k) for k in range(7)]
    return lines + [pain_line(pain) for day in days for pain in health.pains_on(day)]


def day_lines_of(
    day: date, runs: Sequence[DaySession], drawn: Lines, measure: Measure, health: Health = NOTHING
) -> list[str]:
    """A day, a line each: its runs, limit and longest run before it (as they are drawn), pain, stage of the plan."""
    lines = [words.day_name(day), *(_amount(run, measure) for run in runs)]
    if not runs:
        lines.append(chart_labels.no_run())
    limit, longest = drawn
    unit = words.unit(measure)
    if limit is not None:
        lines.append(chart_labels.limit_is(f"{_shown(limit, measure)} {unit}"))
    if longest is not None:
        lines.append(chart_labels.longest_is(f"{_shown(longest, measure)} {unit}"))
    lines += [pain_line(pain) for pain in health.pains_on(day)]
    stage = health.stage_on(day)
    return lines if stage is None else [*lines, chart_labels.stage_is(stage)]


def _shown(value: float, measure: Measure) -> str:
    """Digits of what is in the unit that is shown already."""
    return f"{value:.0f}" if measure == "hard_load_bw_s" else f"{value:.1f}"


def _amount(row: DaySession | WeekBar, measure: Measure) -> str:
    value: float | None = getattr(row, measure)
    if not words.known(value):
        return chart_labels.not_known()
    if measure == "distance_m":
        return words.bounded(value, measure, lower_bound=is_lower_bound(row))
    sd = None if is_lower_bound(row) else sd_of(row, measure)
    if measure == "hard_load_bw_s":
        return ("≥ " if is_lower_bound(row) else "") + words.impulse(value, sd)
    return words.ranged(value, sd, measure, lower_bound=is_lower_bound(row))


def pain_line(pain: SayPain) -> str:
    """A level with its side and time."""
    return chart_labels.pain_line(pain.level, pain.side, at_rest=pain.when in AT_REST)


# --- tables ----------------------------------------------------------------------------------------------------------


def weekly_rows(weeks: Sequence[WeekBar], health: Health | None = None) -> list[list[str]]:
    """Week, distance, its line, load with its range, its line, tolerance, hard load, runs; newest first.

    health : with pain in a column of its own; None where it is nothing for who looks. The header has the units.
    """
    return [
        [
            words.day_name(w.monday),
            _digits(w.distance_m, "distance_m", lower_bound=w.lower_bound),
            words.number(w.limit_distance_m, "distance_m"),
            run_labels.mixed_week() if w.reason == "mixed-instruments" else _with_range(w, "load_eq_km"),
            words.number(w.limit_load_eq_km, "load_eq_km"),
            words.number(w.tolerance_load_eq_km, "load_eq_km"),
            _with_range(w, "hard_load_bw_s"),
            str(w.n_sessions),
            *_pain_cell(health, [w.monday + timedelta(days=k) for k in range(7)]),
        ]
        for w in reversed(weeks)
    ]


def session_rows(days: Sequence[DaySession], health: Health | None = None) -> list[list[str]]:
    """Day, distance, its limit, load with its range below it, its limit, hard load, its limit, share recorded.

    Newest first. health : with pain and the stage of the plan; None where it is nothing for who looks.
    """
    return [
        [
            words.day_name(d.day),
            _digits(d.distance_m, "distance_m", lower_bound=is_lower_bound(d)),
            words.number(d.limit_distance_m, "distance_m"),
            _with_range(d, "load_eq_km"),
            run_labels.unjudged() if d.bridging else words.number(d.limit_load_eq_km, "load_eq_km"),
            _with_range(d, "hard_load_bw_s"),
            run_labels.unjudged() if d.bridging else words.number(d.limit_hard_load_bw_s, "hard_load_bw_s"),
            words.share(d.coverage),
            *_pain_cell(health, [d.day]),
            *_stage_cell(health, d.day),
        ]
        for d in sorted(days, key=lambda d: d.day, reverse=True)
    ]


def _pain_cell(health: Health | None, days: Sequence[date]) -> list[str]:
    if health is None:
        return []
    pains = [pain for day in days for pain in health.pains_on(day)]
    return ["\n".join(pain_line(pain) for pain in pains) or words.UNKNOWN]


def _stage_cell(health: Health | None, day: date) -> list[str]:
    if health is None:
        return []
    stage = health.stage_on(day)
    return [words.UNKNOWN if stage is None else str(stage)]


def _digits(value: float | None, measure: Measure, *, lower_bound: bool) -> str:
    at_least = "≥ " if lower_bound and words.known(value) else ""
    return at_least + words.number(value, measure)


def _with_range(row: DaySession | WeekBar, measure: Measure) -> str:
    """The load and, in a line of its own, where it most likely lies."""
    value: float | None = getattr(row, measure)
    text = _digits(value, measure, lower_bound=is_lower_bound(row))
    between = "" if is_lower_bound(row) else words.likely(value, sd_of(row, measure), measure)
    return f"{text}\n{between}" if between else text
