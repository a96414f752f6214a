"""Text of numbers → rows: at numpy's speed where the text is clean, line by line where it is not."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.recording import Fault

FAULTS_NAMED: Final = 20  # a file that is broken throughout is not worth a hundred thousand sentences
BLOCK_SIZE: Final = 256
PIECE_LINES: Final = 4096  # one broken line slows down this many, not the whole file


@dataclass(frozen=True, slots=True)
class RowFormat:
    """How a line is cut.

    columns : 0-based fields wanted, the time first. n_fields : fields a whole line has; None if any number will do.
    empty_is_unknown : an empty field is NaN (never the time's) instead of breaking its line.
    """

    columns: tuple[int, ...]
    delimiter: str = ","
    n_fields: int | None = None
    empty_is_unknown: bool = False


@dataclass(slots=True)
class _BrokenLines:
    faults: list[Fault] = field(default_factory=list)
    n_more: int = 0
    last_line: int = 0

    def add(self, line: int, problem: str) -> None:
        if len(self.faults) < FAULTS_NAMED:
            self.faults.append(Fault(f"line {line}", problem, lost=True))
        else:
            self.n_more, self.last_line = self.n_more + 1, line

    def all(self) -> list[Fault]:
        if not self.n_more:
            return self.faults
        return [*self.faults, Fault(f"up to line {self.last_line}", f"{self.n_more} more lines like these", lost=True)]


def read_rows(body: bytes, form: RowFormat, *, first_line: int) -> tuple[FloatArray, list[Fault]]:
    """Read the lines below a header.

    Returns
    -------
    rows : (n, len(form.columns))
        Values of the lines that could be read, in order; infinite ones are NaN, and the time is always finite.
    faults
        One a broken line, by its number in the file (``first_line`` is that of the first line of ``body``).
    """
    text = body.decode("ascii", errors="replace").replace("\r\n", "\n")
    whole, _, unfinished = text.rpartition("\n")
    broken = _BrokenLines()
    rows = _read_clean(whole, form)
    if rows is None:
        rows = _read_carefully(whole, form, first_line, broken)
    if unfinished.strip():
        broken.add(
            first_line + text.count("\n"),
            "the last line has no line end and may be cut off, so it is not used (if it is whole, add a line end)",
        )
    rows[~np.isfinite(rows)] = np.nan
    return rows, broken.all()


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


def _read_carefully(text: str, form: RowFormat, first_line: int, broken: _BrokenLines) -> FloatArray:
    """Go line by line through those pieces of the text that are not clean."""
    lines = text.split("\n")
    pieces = [np.empty((0, len(form.columns)))]
    for start in range(0, len(lines), PIECE_LINES):
        piece = lines[start : start + PIECE_LINES]
        rows = _read_clean("\n".join(piece), form)
        pieces.append(_read_lines(piece, form, first_line + start, broken) if rows is None else rows)
    return np.concatenate(pieces)


def _read_lines(lines: Sequence[str], form: RowFormat, first_line: int, broken: _BrokenLines) -> FloatArray:
    rows = []
    for number, line in enumerate(lines, start=first_line):
        if not line.strip():
            continue
        try:
            rows.append(_read_line(line, form))
        except ValueError as error:
            broken.add(number, f"{error}: {line[:60]!r}")
    return np.array(rows, dtype=float).reshape(-1, len(form.columns))


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
    """Yield the samples as blocks of ``block_size``, the last one shorter."""
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
