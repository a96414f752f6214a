"""CSV to calibrate against: vertical force of a treadmill or plate, or contact times of another pod, step by step.

The header is the first line with a name for time and one for what is wanted; what stands above it is passed over, as
exports of laboratories put a page there. Several forces in a file, or several files, are the belts of one treadmill
and are summed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.recordings.opened import read_whole
from sensor_hub.adapters.recordings.rows import RowFormat, cells_of, decode_header, read_rows
from sensor_hub.errors import RecordingError
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.recording import Fault
from sensor_hub.units import MS_PER_S

ForceUnit: TypeAlias = Literal["N", "BW"]
UnitFrom: TypeAlias = Literal["asked", "name", "size"]

HEADER_LINES: Final = 64
DELIMITERS: Final = ("\t", ",", ";")
# Nobody's force is ten times the body weight, and nobody weighs so little that ten newtons would be it.
LARGEST_BW: Final = 10.0
SMALLEST_COMMON: Final = 0.9  # ours: of the times of two belts; a line lost in one of them is a hole, not another run
SAME: Final = 1e-3  # ours: of the largest force; exports round
LARGEST_CONTACT_S: Final = 5.0  # a contact time above it is in milliseconds
NAME_FORCE: Final = (
    "give --time-column NAME and --force-column NAME; of a pod: --kind pod --time-column NAME --contact-column NAME"
)
NAME_CONTACT: Final = "give --time-column NAME and --contact-column NAME"

_TIME: Final = re.compile(r"time|t|time[ _]?\(?(s|sec|ms)\)?|t_(s|ms)|seconds", re.I)
_FORCE: Final = re.compile(
    r"(f|force|grf|vgrf)([ _.]?[lr12]|[ _](left|right))?[ _.]?(z|v|vertical)?([ _.]?[lr12]|[ _](left|right))?"
    r"([ _]?\(?(n|bw)\)?)?",
    re.I,
)
_CONTACT: Final = re.compile(
    r"(ground[ _])?(contact|stance)[ _]?time([ _]?\(?(s|ms)\)?)?|gct([ _]?\(?(s|ms)\)?)?", re.I
)


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceTable:
    """Columns of a reference, on its own clock.

    t_s : (n,). values : (n,) force (sum of belts) in ``unit``, or contact times, s. unit : None of contact times.
    unit_from : what told it. columns : the names that were taken. faults : with the file of each.
    """

    t_s: FloatArray
    values: FloatArray
    unit: ForceUnit | None
    columns: tuple[str, ...]
    faults: tuple[tuple[str, Fault], ...]
    unit_from: UnitFrom | None = None


def read_force_csv(
    paths: Sequence[Path],
    *,
    time_column: str | None = None,
    force_columns: Sequence[str] = (),
    unit: ForceUnit | None = None,
) -> ReferenceTable:
    """Read vertical force; RecordingError names file, place and mend.

    unit : None tells it from the column's name, or from the size of the numbers. Of several files, samples that one of
    them lacks are left out.
    """
    tables = [_read(path, time_column, tuple(force_columns), _FORCE, "a vertical force", NAME_FORCE) for path in paths]
    for path, (table, _) in zip(paths, tables, strict=True):
        _refuse_doubled(path, table)
    first, _ = tables[0]
    t_s, force = first.t_s, first.values.sum(axis=1)
    for path, (other, _) in zip(paths[1:], tables[1:], strict=True):
        if _is_copy(first, other):
            problem = "has the same forces as the first file, and would count twice"
            raise RecordingError(str(path), "force", problem, "give each belt's file once")
        mine, theirs = _common_rows(path, t_s, other.t_s)
        t_s, force = t_s[mine], force[mine] + other.values[theirs].sum(axis=1)
    known = force[np.isfinite(force)]
    if not known.any():
        problem = "no force: every value is zero" if len(known) else "no force: no value is known"
        raise RecordingError(str(paths[0]), "force", problem, "check the column, or give another file")
    names = tuple(name for table, _ in tables for name in table.names)
    found, told_by = _unit_of(paths[0], names, known) if unit is None else (unit, "asked")
    faults = tuple((str(path), fault) for path, (_, some) in zip(paths, tables, strict=True) for fault in some)
    return ReferenceTable(t_s, force, found, names, faults, told_by)


def read_contacts_csv(
    path: Path, *, time_column: str | None = None, contact_column: str | None = None
) -> ReferenceTable:
    """Read contact times, a line a step, its time the initial contact or a constant from it; RecordingError if not."""
    chosen = () if contact_column is None else (contact_column,)
    table, faults = _read(path, time_column, chosen, _CONTACT, "a contact time", NAME_CONTACT)
    if len(table.names) > 1:
        names = ", ".join(table.names)
        raise RecordingError(
            str(path), "header", f"has several contact times: {names}", "choose one: --contact-column NAME"
        )
    contact_s = table.values[:, 0]
    known = contact_s[np.isfinite(contact_s)]
    if "ms" in re.split(r"[^a-z]+", table.names[0].lower()) or (
        len(known) and float(np.median(known)) > LARGEST_CONTACT_S
    ):
        contact_s = contact_s / MS_PER_S
    order = np.argsort(table.t_s, kind="stable")
    named = tuple((str(path), fault) for fault in faults)
    return ReferenceTable(table.t_s[order], contact_s[order], None, table.names, named)


def is_contacts_csv(path: Path) -> bool:
    """Whether the file has a header with a contact time and none with a force."""
    data = read_whole(path)
    return _header(data, None, (), _CONTACT) is not None and _header(data, None, (), _FORCE) is None


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    t_s: FloatArray
    values: FloatArray
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    line: int
    delimiter: str
    time: int
    values: tuple[int, ...]
    cells: tuple[str, ...]


def _read(
    path: Path, time_column: str | None, chosen: tuple[str, ...], wanted: re.Pattern[str], what: str, mend: str
) -> tuple[_Columns, tuple[Fault, ...]]:
    data = read_whole(path)
    header = _header(data, time_column, chosen, wanted)
    if header is None:
        named = ", ".join([*([time_column] if time_column else []), *chosen]) or f"a time and {what}"
        problem = f"no line among the first {HEADER_LINES} is a header with {named}"
        raise RecordingError(str(path), "header", problem, mend)
    body = data.removeprefix(b"\xef\xbb\xbf").split(b"\n", header.line)[-1]
    if not body.endswith(b"\n"):
        body += b"\n"  # the last line of an export often has no end, and nothing is gained by leaving it out
    name = header.cells[header.time].lower()
    per_s = float(MS_PER_S) if "ms" in re.split(r"[^a-z]+", name) else 1.0
    form = RowFormat((header.time, *header.values), per_s, delimiter=header.delimiter, empty_is_unknown=True)
    rows, faults = read_rows(body, form, first_line=header.line + 1)
    if not len(rows):
        place, problem = (
            (faults[0].place, faults[0].problem) if faults else (f"line {header.line + 1}", "no lines here")
        )
        raise RecordingError(
            str(path), place, f"no line could be read: {problem}", "check the delimiter and the columns"
        )
    names = tuple(header.cells[i] for i in header.values)
    return _Columns(rows[:, 0] / per_s, rows[:, 1:], names), tuple(faults)


def _header(data: bytes, time_column: str | None, chosen: tuple[str, ...], wanted: re.Pattern[str]) -> _Header | None:
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n", HEADER_LINES)[:HEADER_LINES]
    for number, line in enumerate(lines, start=1):
        for delimiter in DELIMITERS:
            cells = tuple(cells_of(decode_header(line), delimiter))
            if len(cells) < 2:
                continue
            time = [i for i, c in enumerate(cells) if (c == time_column if time_column else _TIME.fullmatch(c))]
            if chosen:
                values = [cells.index(c) for c in chosen if c in cells] if set(chosen) <= set(cells) else []
            else:
                values = _best([(i, c) for i, c in enumerate(cells) if wanted.fullmatch(c)])
            if time and values:
                return _Header(number, delimiter, time[0], tuple(values), cells)
    return None


def _best(named: list[tuple[int, str]]) -> list[int]:
    """Of the columns that may be meant, those that say they are vertical, where any does."""
    vertical = [i for i, name in named if re.search(r"z|v(?!grf)|vertical|vgrf", name, re.I)]
    return vertical or [i for i, _ in named]


def _refuse_doubled(path: Path, table: _Columns) -> None:
    """Refuse columns whose sum would count a force twice."""
    twice = sorted({name for name in table.names if table.names.count(name) > 1})
    if twice:
        problem = f"takes the column {twice[0]!r} twice, and its force would be doubled"
        raise RecordingError(str(path), "header", problem, "name each column once, or give them names of their own")
    if len(table.names) < 3:
        return
    total = np.nansum(table.values, axis=1)
    largest = float(np.max(np.abs(total), initial=0.0))
    for i, name in enumerate(table.names):
        if largest and np.nanmax(np.abs(total - 2 * np.nan_to_num(table.values[:, i]))) < SAME * largest:
            problem = f"{name!r} is the sum of the other forces, which would be doubled"
            raise RecordingError(str(path), "header", problem, f"take it alone: --force-column {name!r}")


def _is_copy(first: _Columns, other: _Columns) -> bool:
    """Whether two files hold the same forces; of two belts on which nobody stands nothing can be said."""
    a, b = first.values, other.values
    return a.shape == b.shape and bool(np.nanstd(a) > 0) and np.array_equal(a, b, equal_nan=True)


def _common_rows(path: Path, t_s: FloatArray, other_s: FloatArray) -> tuple[IntArray, IntArray]:
    """Rows of the samples that two belts have together; RecordingError if these are not nearly all."""
    if min(len(t_s), len(other_s)) > 1 and (np.diff(t_s) > 0).all() and (np.diff(other_s) > 0).all():
        after = np.clip(np.searchsorted(other_s, t_s), 1, len(other_s) - 1)
        nearest = after - (t_s - other_s[after - 1] < other_s[after] - t_s)
        mine = np.nonzero(np.abs(t_s - other_s[nearest]) < float(np.median(np.diff(t_s))) / 2)[0]
        if len(mine) >= SMALLEST_COMMON * max(len(t_s), len(other_s)):
            return mine, nearest[mine]
    problem = f"{len(other_s)} lines at other times than the {len(t_s)} of the first file"
    raise RecordingError(str(path), "time", problem, "give belts that were recorded together")


def _unit_of(path: Path, names: tuple[str, ...], known: FloatArray) -> tuple[ForceUnit, UnitFrom]:
    units = [{"n", "bw"} & set(re.split(r"[^a-z]+", name.lower())) for name in names]
    told = set().union(*units)
    if len(told) > 1:
        problem = f"{', '.join(names)} are in different units"
        raise RecordingError(str(path), "header", problem, "choose columns of one unit: --force-column NAME")
    if told:
        return ("BW" if "bw" in told else "N"), "name"
    return ("BW" if float(np.percentile(np.abs(known), 98)) < LARGEST_BW else "N"), "size"
