"""Any CSV of IMU samples, read through a declared column map (``column_map``)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from sensor_hub.adapters.recordings.column_map import Axes, Column, ColumnMap, resolve
from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole
from sensor_hub.adapters.recordings.rows import BLOCK_SIZE, RowFormat, blocks, cells_of, decode_header, read_rows
from sensor_hub.errors import RecordingError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

DEVICE: Final = "csv-imu"
HEAD_BYTES: Final = 1 << 14  # no logger writes more above its header
GYROSCOPE_MOUNTS: Final = ("foot", "shank")


def open_columns_csv(path: Path, columns: ColumnMap, *, block_size: int = BLOCK_SIZE) -> OpenRecording:
    """Open a CSV as the map says.

    Yields ``ImuBlock`` in SI units, NaN on a missing axis or empty cell; a broken line is a fault, and so is a map
    without gyroscope for a mount that needs one. RecordingError if the header lacks a column of the map or no sample
    can be read.
    """
    body, header, first_line = _below_header(read_whole(path), columns)
    wanted = [columns.time, *columns.acceleration, *(columns.angular_velocity or ())]
    places = {c: _place(c, header, columns, path) for c in wanted if c is not None}
    fields = tuple(dict.fromkeys([places[columns.time][0], *(index for index, _ in places.values())]))
    form = RowFormat(fields, columns.time_per_s, delimiter=columns.delimiter, empty_is_unknown=True)
    rows, faults = read_rows(body, form, first_line=first_line)
    if not len(rows):
        place, problem = (faults[0].place, faults[0].problem) if faults else (f"line {first_line}", "no lines here")
        mend = f"check header, delimiter and columns in {columns.origin}"
        raise RecordingError(str(path), place, f"no sample could be read: {problem}", mend)

    def axis(column: Column | None) -> FloatArray:
        if column is None:
            return np.full(len(rows), np.nan)
        index, sign = places[column]
        return sign * rows[:, fields.index(index)]

    def vector(axes: Axes | None, factor: float) -> FloatArray:
        return np.column_stack([axis(column) for column in axes or (None, None, None)]) * factor

    if columns.angular_velocity is None and columns.mount in GYROSCOPE_MOUNTS:
        problem = (
            f"names no gyroscope, and on the {columns.mount} no contact can be found without one: "
            "all its time will be unknown (add [angular_velocity], or another mount if it was worn there)"
        )
        faults.append(Fault(columns.origin, problem, lost=False))
    info = RecordingInfo(
        kind="columns-csv",
        path=str(path),
        devices=(BoundDevice(device=DEVICE, profile=None, mount=columns.mount),),
    )
    t_s = rows[:, 0] / columns.time_per_s
    if columns.wrap_bits is not None:
        t_s = _unwrapped(t_s, 2**columns.wrap_bits / columns.time_per_s)
    acceleration_mps2 = vector(columns.acceleration, columns.acceleration_factor)
    angular_velocity_radps = vector(columns.angular_velocity, columns.angular_velocity_factor)
    return OpenRecording(info, faults, blocks(DEVICE, t_s, acceleration_mps2, angular_velocity_radps, block_size))


def _below_header(data: bytes, columns: ColumnMap) -> tuple[bytes, Sequence[str] | None, int]:
    """Bytes below the header, its cells (None if there is none), and the number of the first line below."""
    body = data.removeprefix(b"\xef\xbb\xbf")
    skip_rows = _rows_above(body, columns)
    for _ in range(skip_rows):
        _, _, body = body.partition(b"\n")
    if not columns.header:
        return body, None, skip_rows + 1
    line, _, body = body.partition(b"\n")
    return body, cells_of(decode_header(line), columns.delimiter), skip_rows + 2


def _rows_above(body: bytes, columns: ColumnMap) -> int:
    """Lines above the header; where no line begins as the map says, the first is taken and its columns are missed."""
    if not columns.header_begins:
        return columns.skip_rows
    begins = columns.header_begins.encode()
    for number, line in enumerate(body[:HEAD_BYTES].split(b"\n")):
        if line.startswith(begins):
            return number
    return 0


def _unwrapped(t_s: FloatArray, period_s: float) -> FloatArray:
    """Make a counter continuous: a fall of more than half its period is a wrap, a smaller one the file's own."""
    unwrapped: FloatArray = t_s + period_s * np.cumsum(np.diff(t_s, prepend=t_s[:1]) < -period_s / 2)
    return unwrapped


def _place(column: Column, header: Sequence[str] | None, columns: ColumnMap, path: Path) -> tuple[int, float]:
    try:
        return resolve(column, header)
    except LookupError:
        has = ", ".join(header or ())
        raise RecordingError(
            str(path),
            "header",
            f"has no column {column.source!r}, which {columns.origin} names under {column.key}",
            f"the header has: {has[:200]}",
        ) from None
