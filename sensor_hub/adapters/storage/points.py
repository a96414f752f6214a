"""Answers of an InfluxDB → model. Pure."""

import json
from collections.abc import Iterable
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, Final

import numpy as np

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influxql import Series, text
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, GAIT_DTYPE, ORIGIN_DTYPE, UNKNOWN_TEXT, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.minutes import MINUTE_COLUMNS, MinuteTable
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.units import from_utc_us

STEP_FIELDS: Final = ("side", *FLOAT_COLUMNS, *lp.WORDS, "unknown")
_DTYPES: Final = {"step_time_origin": ORIGIN_DTYPE, "gait": GAIT_DTYPE}
FINDING_FIELDS: Final = tuple(f.name for f in fields(Finding) if f.name not in {"athlete", "first_utc", "updated_utc"})


# what every point of its kind has said in every version
OF_HEADER: Final = tuple(f.name for f in fields(SessionHeader) if f.name in lp.HEADER and f.default is MISSING)
OF_SESSION: Final = (*OF_HEADER, "n_steps", "duration_s", "end_us", "source", "warnings", "unknown")
OF_PROGRESS: Final = ("n_steps", "duration_s", "unknown")
OF_GAP: Final = (*OF_HEADER, "name", "end_us", "cause", "unknown")
OF_FINDING: Final = ("rule", "scope", "measure", "level", "updated_us", "unknown")
OF_DEAD_LETTER: Final = ("topic", "payload", "reason", "unknown")


def of_session(sid: str) -> str:
    """Return the condition that picks one session."""
    return f"sid = {text(lp.tag_value(sid))}"


def any_session(sids: Iterable[str]) -> str:
    """Return the condition that picks several sessions by the values of their tags."""
    return "(" + " OR ".join(f"sid = {text(lp.tag_value(sid))}" for sid in sids) + ")"


def utc_of(time_ns: int) -> datetime:
    """Aware UTC datetime of a point's time."""
    return from_utc_us(time_ns // lp.NS_PER_US)


def _value(value: float | str | None) -> float | str | None:
    return value if value is None or isinstance(value, str) else float(value)


def header_of(series: Series, record: dict[str, Any]) -> SessionHeader:
    """Header of a session: its ids are tags, the rest are fields; what an older version did not say has its default."""
    named = {column: record[column] for column in lp.HEADER if record[column] is not None}
    return SessionHeader(sid=series.tags["sid"], athlete=series.tags["ath"], **named)


def totals_of(record: dict[str, Any]) -> Totals:
    """Totals of a record."""
    return Totals(**{column: _value(record[column]) for column in lp.TOTALS})  # type: ignore[arg-type]


def summary_of(series: Series, record: dict[str, Any]) -> SessionSummary:
    """Ended session of a record of ``session``."""
    return SessionSummary(
        header_of(series, record), utc_of(record["time"]), from_utc_us(record["end_us"]), totals_of(record),
        record["source"], tuple(json.loads(record["warnings"])),
    )  # fmt: skip


def finding_of(athlete: str, record: dict[str, Any]) -> Finding:
    """Finding of a record of ``finding``."""
    named = {field: record[field] for field in FINDING_FIELDS}
    numbers = {field: float("nan") if record[field] is None else float(record[field]) for field in lp.FINDING_NUMBERS}
    times = {"first_utc": utc_of(record["time"]), "updated_utc": from_utc_us(record["updated_us"])}
    return Finding(athlete=athlete, **(named | numbers | times))


def step_table(answered: list[Series]) -> StepTable:
    """Steps of ``STEP_FIELDS`` in time order, each once, whatever the series they came in."""
    # without its list of unknowns a point is not wholly there yet
    rows = [row for series in answered for row in series.rows if row[-1] is not None]
    if not rows:
        return StepTable.empty()
    time_ns, side, *columns, unknown = zip(*rows, strict=True)
    named = dict(zip(STEP_FIELDS[1:-1], columns, strict=True))
    values = {name: np.array(named[name], float) for name in FLOAT_COLUMNS}
    words = {n: np.array([UNKNOWN_TEXT if w is None else w for w in named[n]], _DTYPES[n]) for n in lp.WORDS}
    named_unknown = np.array(unknown, dtype=str)
    for listed in set(unknown) - {""}:
        rows_unknown = named_unknown == listed
        for column in set(listed.split(",")) & named.keys():
            if column in words:
                words[column][rows_unknown] = UNKNOWN_TEXT
            else:
                values[column][rows_unknown] = np.nan
    time_us, sides = np.array(time_ns, np.int64) // lp.NS_PER_US, np.array(side, "<U1")
    order = np.lexsort((sides, time_us))
    # an interrupted reassign leaves a session under two athletes
    again = (np.diff(time_us[order]) == 0) & (sides[order][1:] == sides[order][:-1])
    order = order[np.append(True, ~again)]
    return StepTable(time_us[order], sides[order], **{n: column[order] for n, column in (values | words).items()})


def minute_table(answered: list[Series]) -> MinuteTable:
    """Minutes of ``MINUTE_COLUMNS`` without the first in time order, each once; what is unknown is NaN."""
    found = {r["time"] // lp.NS_PER_US: r for series in answered for r in series.records(("unknown",))}
    minute_us = sorted(found)
    columns = {
        name: np.array([np.nan if found[us][name] is None else found[us][name] for us in minute_us], float)
        for name in MINUTE_COLUMNS[1:]
    }
    return MinuteTable(minute_utc_us=np.array(minute_us, np.int64), **columns)


def same_lines(series: Series, is_float: set[str]) -> Iterable[str]:
    """Points of a series as the lines they were written with."""
    for row in series.rows:
        record = dict(zip(series.columns, row, strict=True))
        time_ns = record.pop("time")
        values = {k: _value(v) if k in is_float else v for k, v in record.items()}
        yield lp.written_again(series.measurement, series.tags, values, time_ns)


def copied_lines(series: Series, new_athlete: str, is_float: set[str]) -> Iterable[str]:
    """Points of a series as lines, with another athlete's tag."""
    tags = series.tags | {"ath": new_athlete}
    for record in series.records():
        time_ns = record.pop("time")
        yield lp.raw_line(
            series.measurement, {k: v for k, v in tags.items() if v},
            {k: _value(v) if k in is_float else v for k, v in record.items()}, time_ns,
        )  # fmt: skip
