"""Model ↔ rows of the SQLite store. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, Final, TypeAlias

import numpy as np

from sensor_hub.adapters.storage.progress import Progress, dead_letter_key
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, GAIT_DTYPE, ORIGIN_DTYPE, UNKNOWN_TEXT, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import DeadLetter
from sensor_hub.model.session import DecodeFailed, GapFound, SessionHeader, SessionPaused, SessionSummary, StepBatch
from sensor_hub.units import from_utc_us, utc_us

Row: TypeAlias = tuple[Any, ...]
_N_HEADER: Final = len(fields(SessionHeader))
_N_TOTALS: Final = len(fields(Totals))
_ENDED: Final = _N_HEADER + 2 + _N_TOTALS + 2  # its place in a row of ``sessions``
_header_of: Final = attrgetter(*(f.name for f in fields(SessionHeader)))  # astuple copies what it finds
_totals_of: Final = attrgetter(*(f.name for f in fields(Totals)))
_ORIGIN_CODES: Final = {"estimated": 0, "measured": 1}
_GAIT_CODES: Final = {"run": 1, "walk": 2}
_GAITS: Final = {None: UNKNOWN_TEXT} | {code: gait for gait, code in _GAIT_CODES.items()}
_ORIGINS: Final = {None: UNKNOWN_TEXT} | {code: origin for origin, code in _ORIGIN_CODES.items()}


def clean(values: Iterable[object]) -> Row:
    """Return the values, with every text made encodable: JSON can smuggle in half a character that no file can hold."""
    return tuple(v.encode("utf-8", "replace").decode() if isinstance(v, str) and not v.isascii() else v for v in values)


def batch_rows(batches: Sequence[StepBatch]) -> Iterator[Row]:
    """Rows of all batches, in their order, made as one table: many short columns cost more than one long one."""
    if not batches:
        return iter(())
    keys: dict[int, Row] = {}
    for batch in batches:
        if id(batch.header) not in keys:
            keys[id(batch.header)] = clean((batch.header.athlete, batch.header.sid))
    whose = chain.from_iterable(repeat(keys[id(batch.header)], len(batch.steps)) for batch in batches)
    steps = batches[0].steps if len(batches) == 1 else StepTable.concatenate(batch.steps for batch in batches)
    return (key + row for key, row in zip(whose, _cells(steps), strict=True))


def step_rows(header: SessionHeader, steps: StepTable) -> Iterator[Row]:
    """Rows of the steps of a session."""
    return rows_of(header.athlete, header.sid, steps)


def rows_of(athlete: str, sid: str, steps: StepTable) -> Iterator[Row]:
    """Rows of the steps of one athlete's session."""
    key = clean((athlete, sid))
    return (key + row for row in _cells(steps))


def _cells(steps: StepTable) -> Iterator[Row]:
    """Rows without whose they are; NaN is bound as NULL by SQLite itself."""
    columns = [getattr(steps, name).tolist() for name in FLOAT_COLUMNS]
    columns.append(list(map(_ORIGIN_CODES.get, steps.step_time_origin.tolist())))
    columns.append(list(map(_GAIT_CODES.get, steps.gait.tolist())))
    return zip(steps.side.tolist(), steps.time_utc_us.tolist(), *columns, strict=True)


def step_table(rows: list[Row]) -> StepTable:
    """Table of rows (time_utc_us, side, the float columns, step_time_origin, gait)."""
    if not rows:
        return StepTable.empty()
    time_utc_us, side, *columns, origins, gaits = zip(*rows, strict=True)
    return StepTable(
        time_utc_us=np.array(time_utc_us, np.int64),
        side=np.array(side, "<U1"),
        step_time_origin=np.array([_ORIGINS[code] for code in origins], ORIGIN_DTYPE),
        gait=np.array([_GAITS[code] for code in gaits], GAIT_DTYPE),
        **{name: np.array(column, float) for name, column in zip(FLOAT_COLUMNS, columns, strict=True)},
    )


def session_row(progress: Progress) -> Row:
    """Row of ``sessions``."""
    s = progress.summary
    return clean((
        *_header_of(s.header), utc_us(s.start_utc), utc_us(s.end_utc),
        *(v if v is None or isinstance(v, str) else float(v) for v in _totals_of(s.totals)),
        s.source, json.dumps(s.warnings), s.ended, progress.batch_us,
    ))  # fmt: skip


def progress_of(row: Row) -> Progress:
    """Inverse of ``session_row``. Of a session that ended, the same row is the same object: months are read at once."""
    return _known_progress_of(row) if row[_ENDED] else _progress_of(row)


def _progress_of(row: Row) -> Progress:
    header, (start_us, end_us), rest = row[:_N_HEADER], row[_N_HEADER : _N_HEADER + 2], row[_N_HEADER + 2 :]
    totals, (source, warnings, ended, batch_us) = rest[:_N_TOTALS], rest[_N_TOTALS:]
    summary = SessionSummary(
        SessionHeader(*header), from_utc_us(start_us), from_utc_us(end_us), Totals(*totals), source,
        tuple(json.loads(warnings)), bool(ended),
    )  # fmt: skip
    return Progress(summary, batch_us)


_known_progress_of = lru_cache(maxsize=16_384)(_progress_of)


def gap_row(gap: GapFound) -> Row:
    """Row of ``gaps``."""
    return clean((*_header_of(gap.header), gap.device, utc_us(gap.start_utc), utc_us(gap.end_utc), gap.cause))


def gap_of(row: Row) -> GapFound:
    """Inverse of ``gap_row``."""
    device, start_us, end_us, cause = row[_N_HEADER:]
    return GapFound(SessionHeader(*row[:_N_HEADER]), device, from_utc_us(start_us), from_utc_us(end_us), cause)


def pause_row(pause: SessionPaused) -> Row:
    """Row of ``pauses``."""
    return clean((pause.header.athlete, pause.header.sid, utc_us(pause.start_utc), utc_us(pause.end_utc)))


def pause_of(header: SessionHeader, row: Row) -> SessionPaused:
    """Pause of (start_us, end_us): a row has no header of its own but its session's."""
    return SessionPaused(header, from_utc_us(row[0]), from_utc_us(row[1]))


def decode_failure_row(failed: DecodeFailed) -> Row:
    """Row of ``decode_failures``."""
    header = failed.header
    arrival_us = utc_us(failed.arrival_utc)
    return clean((header.athlete, header.sid, failed.device, failed.characteristic, arrival_us, failed.problem))


def finding_row(finding: Finding) -> Row:
    """Row of ``findings``."""
    values = (getattr(finding, f.name) for f in fields(Finding))
    return clean((finding.key, finding.id, *(utc_us(v) if isinstance(v, datetime) else v for v in values)))


def finding_of(row: Row) -> Finding:
    """Inverse of ``finding_row``."""
    named = dict(zip((f.name for f in fields(Finding)), row[2:], strict=True))
    times = {name: from_utc_us(named[name]) for name in ("first_utc", "updated_utc")}
    flags = {name: bool(named[name]) for name in ("lower_bound", "withdrawn")}
    numbers = {n: named[n] if named[n] is not None else np.nan for n in ("probability", "value", "reference", "limit")}
    return Finding(**(named | times | flags | numbers))


def dead_letter_row(dead: DeadLetter) -> Row:
    """Row of ``dead_letters`` without its number."""
    return clean((dead_letter_key(dead), dead.topic, dead.payload, dead.reason, dead.gw, dead.seq))
