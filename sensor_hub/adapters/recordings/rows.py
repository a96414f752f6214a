"""Text of numbers → rows: at numpy's speed where the text is clean, line by line where it is not."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sensor_hub.adapters.recordings.stray_times import stray_times
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.imu import LARGEST_CLOCK_S, LARGEST_MPS2, LARGEST_RADPS, ImuBlock
from sensor_hub.model.recording import Fault

FAULTS_NAMED: Final = 20  # a file that is broken throughout is not worth a hundred thousand sentences
BLOCK_SIZE: Final = 256
PIECE_LINES: Final = 4096  # one broken line slows down this many, not the whole file


@dataclass(frozen=True, slots=True)
class RowFormat:
    """How a line is cut.

    columns : 0-based fields wanted, the time first. time_per_s : the time's units in a second.
    n_fields : fields a whole line has; None if any number will do.
    empty_is_unknown : an empty field is NaN (never the time's) instead of breaking its line.
    """

    columns: tuple[int, ...]
    time_per_s: float
    delimiter: str = ","
    n_fields: int | None = None
    empty_is_unknown: bool = False


@dataclass(slots=True)
class _BrokenLines:
    lines: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, problem: str) -> None:
        self.lines.append((line, problem))

    def all(self) -> list[Fault]:
        self.lines.sort()
        faults = [Fault(f"line {line}", problem, lost=True) for line, problem in self.lines[:FAULTS_NAMED]]
        if n_more := len(self.lines) - len(faults):
            faults.append(Fault(f"up to line {self.lines[-1][0]}", f"{n_more} more lines like these", lost=True))
        return faults


def read_rows(body: bytes, form: RowFormat, *, first_line: int) -> tuple[FloatArray, list[Fault]]:
    """Read the lines below a header.

    Returns
    -------
    rows : (n, len(form.columns))
        Values of the lines that could be read, in order; infinite ones are NaN. Lines whose time is not finite, beyond
        any clock, or days away from the lines around it are broken.
    faults
        One a broken line, by its number in the file (``first_line`` is that of the first line of ``body``).
    """
    text = body.decode("ascii", errors="replace").replace("\r\n", "\n")
    whole, _, unfinished = text.rpartition("\n")
    broken = _BrokenLines()
    clean = _read_clean(whole, form)
    rows, numbers = _read_carefully(whole, form, first_line, broken) if clean is None else (clean, None)
    rows = _without_strays(rows, form, broken, numbers, whole, first_line)
    if unfinished.strip():
        broken.add(
            first_line + text.count("\n"),
            "the last line has no line end and may be cut off, so it is not used (if it is whole, add a line end)",
        )
    rows[~np.isfinite(rows)] = np.nan
    return rows, broken.all()


def _without_strays(
    rows: FloatArray, form: RowFormat, broken: _BrokenLines, numbers: list[int] | None, text: str, first_line: int
) -> FloatArray:
    """Return the rows whose time can be theirs; ``numbers`` are their lines, None if all that are not blank."""
    t_s = rows[:, 0] / form.time_per_s
    stray = np.abs(t_s) > LARGEST_CLOCK_S
    stray[~stray] = stray_times(t_s[~stray])
    if not stray.any():
        return rows
    if numbers is None:
        numbers = [number for number, line in enumerate(text.split("\n"), start=first_line) if line.strip()]
    for i in np.nonzero(stray)[0].tolist():
        broken.add(numbers[i], f"the time {t_s[i]:.15g} s is days away from the lines around it, so it is not used")
    return rows[~stray]


def _read_clean(text: str, form: RowFormat) -> FloatArray | None:
    if not text.strip():
        return np.empty((0, len(form.columns)))
    try:
        rows: FloatArray = np.loadtxt(
            io.StringIO(text),
            delimiter=form.delimiter,
            comments=None,
            quotechar='"',
            ndmin=2,
            usecols=None if form.n_fields else form.columns,
        )
    except ValueError:
        return None
    if form.n_fields:
        if rows.shape[1] != form.n_fields:
            return None
        rows = rows[:, form.columns]
    return rows if np.isfinite(rows[:, 0]).all() else None


def _read_carefully(text: str, form: RowFormat, first_line: int, broken: _BrokenLines) -> tuple[FloatArray, list[int]]:
    """Go line by line through those pieces of the text that are not clean; return rows and their line numbers."""
    lines = text.split("\n")
    pieces, numbers = [np.empty((0, len(form.columns)))], []
    for start in range(0, len(lines), PIECE_LINES):
        piece = lines[start : start + PIECE_LINES]
        rows = _read_clean("\n".join(piece), form)
        where = [number for number, line in enumerate(piece, start=first_line + start) if line.strip()]
        if rows is None:
            rows, where = _read_lines(piece, form, first_line + start, broken)
        pieces.append(rows)
        numbers += where
    return np.concatenate(pieces), numbers


def _read_lines(
    lines: Sequence[str], form: RowFormat, first_line: int, broken: _BrokenLines
) -> tuple[FloatArray, list[int]]:
    rows, numbers = [], []
    for number, line in enumerate(lines, start=first_line):
        if not line.strip():
            continue
        try:
            rows.append(_read_line(line, form))
            numbers.append(number)
        except ValueError as error:
            broken.add(number, f"{error}: {line[:60]!r}")
    return np.array(rows, dtype=float).reshape(-1, len(form.columns)), numbers


def _read_line(line: str, form: RowFormat) -> list[float]:
    try:
        cells = next(csv.reader([line], delimiter=form.delimiter), [])
    except csv.Error:
        raise ValueError("not a line of CSV") from None
    wanted = form.n_fields or max(form.columns) + 1
    if len(cells) < wanted or (form.n_fields and len(cells) > wanted):
        raise ValueError(f"{len(cells)} fields, not {wanted}")
    values = [_number(cells[column], empty_is_unknown=form.empty_is_unknown) for column in form.columns]
    if not np.isfinite(values[0]):
        raise ValueError("no time")
    return values


def _number(cell: str, *, empty_is_unknown: bool) -> float:
    text = cell.strip()
    if not text and empty_is_unknown:
        return float("nan")
    if "_" in text:  # float() would take 1_000 for a number
        raise ValueError("not a number")
    try:
        return float(text)
    except ValueError:
        raise ValueError("not a number") from None


def blocks(
    device: str, t_s: FloatArray, acceleration_mps2: FloatArray, angular_velocity_radps: FloatArray, block_size: int
) -> Iterator[ImuBlock]:
    """Yield the samples as blocks of ``block_size``, the last one shorter; what no sensor can measure is NaN."""
    for values, largest in ((acceleration_mps2, LARGEST_MPS2), (angular_velocity_radps, LARGEST_RADPS)):
        values[~(np.abs(values) <= largest)] = np.nan
    whole = ImuBlock(device, t_s, acceleration_mps2, angular_velocity_radps)
    for start in range(0, len(whole), block_size):
        yield whole.slice(start, start + block_size)


def decode_header(line: bytes) -> str:
    """Text of a header line, without byte-order mark and line end."""
    return line.decode("utf-8-sig", errors="replace").rstrip("\r\n")


def cells_of(line: str, delimiter: str) -> Sequence[str]:
    """Stripped cells of one line; empty if it is not CSV."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
