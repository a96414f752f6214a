"""Frames of a declared layout read many at a time, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sensor_hub.decoders.layout_frame import FIELD_TYPES, Frame, divisor_of
from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS
from sensor_hub.model.profile import Layout, LayoutField

CACHED: Final = 16_384  # samples at a time: they stay in the cache
_VECTORS: Final = {
    **{f"acceleration_{axis}_mps2": (ACCELERATION, i) for i, axis in enumerate("xyz")},
    **{f"angular_velocity_{axis}_radps": (ANGULAR_VELOCITY, i) for i, axis in enumerate("xyz")},
}


@dataclass(frozen=True, slots=True, eq=False)
class FrameColumns:
    """Frames, m of them with n samples in all, as columns."""

    at: IntArray  # (m,) number of the frame
    n_samples: IntArray  # (m,)
    stamp_s: FloatArray  # (m,)
    sequence: FloatArray  # (m,)
    acceleration: FloatArray  # (n, 3)
    angular_velocity: FloatArray  # (n, 3)
    measured: NDArray[np.uint8]  # (n,)
    is_whole: bool = False  # as in ``Samples``


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a frame, or the three of a vector that lie side by side in one type and scale.

    key : its name in the structured array. part, axis : where it goes; part 0 for time and sequence.
    divisor : what to divide by instead of multiplying, which rounds once; None to multiply by the field's scale.
    """

    key: str
    field: LayoutField
    offset: int
    part: int
    axis: int | None
    divisor: float | None

    @property
    def code(self) -> Any:
        """Type for numpy; a number of three bytes is read as three bytes."""
        width, code = FIELD_TYPES[self.field.type]
        return (code, (3,)) if width == 3 or self.axis is None else code


class FrameReader:
    """Reads frames of one length and one set of flags."""

    def __init__(self, layout: Layout, frame: Frame, length: int) -> None:
        self.n_samples: Final = frame.n_samples
        columns = _columns(frame)
        single = [c for c in columns if not c.field.repeated]
        again = [c for c in columns if c.field.repeated] if frame.n_samples else []
        self.repeat_at: Final = layout.repeat_at or 0
        self.repeat_bytes: Final = layout.repeat_bytes or 0
        self._dtype = np.dtype(_record(single, length))
        self._again = np.dtype(_record(again, self.repeat_bytes)) if again else None
        self.columns: Final = [*single, *again]
        self.measured = 0
        for part in (ACCELERATION, ANGULAR_VELOCITY):
            if sum(3 if c.axis is None else 1 for c in self.columns if c.part == part) == 3:
                self.measured |= part
        vectors = [c for c in self.columns if c.part]
        self.is_whole: Final = self.measured == ACCELERATION | ANGULAR_VELOCITY and all(map(_is_possible, vectors))

    def read(self, octets: NDArray[np.uint8], at: IntArray) -> FrameColumns:
        """Read (m, length) bytes, all rows of them frames."""
        m, n = len(octets), self.n_samples
        rows = np.ascontiguousarray(octets).view(self._dtype)[:, 0]
        again = None
        if self._again is not None:
            again = np.ascontiguousarray(octets[:, self.repeat_at :]).view(self._again).reshape(-1)
        unknown = np.full(m, np.nan)
        scalars = {"time_s": unknown, "sequence": unknown}
        vectors = {
            part: np.empty((m * n, 3)) if self.measured & part else np.full((m * n, 3), np.nan)
            for part in (ACCELERATION, ANGULAR_VELOCITY)
        }
        for column in self.columns:
            raw = again[column.key] if again is not None and column.field.repeated else rows[column.key]
            if column.part & self.measured:
                vector = vectors[column.part]
                if not column.field.repeated and n != 1:  # one vector for all samples of a frame
                    raw = np.repeat(raw, n, axis=0)
                physical(raw, column, vector if column.axis is None else vector[:, column.axis])
            elif column.field.quantity in scalars and not column.field.repeated:
                out = np.empty(m)
                physical(raw, column, out)
                scalars[column.field.quantity] = out
        return FrameColumns(
            at,
            np.full(m, n),
            scalars["time_s"],
            scalars["sequence"],
            vectors[ACCELERATION],
            vectors[ANGULAR_VELOCITY],
            np.full(m * n, self.measured, np.uint8),
            self.is_whole,
        )


def joined(parts: Sequence[FrameColumns]) -> FrameColumns:
    """Return all frames in the order in which they were sent."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        none, column = np.empty((0, 3)), np.empty(0)
        return FrameColumns(
            np.empty(0, np.int64), np.empty(0, np.int64), column, column, none, none, np.empty(0, np.uint8)
        )
    at, n = np.concatenate([p.at for p in parts]), np.concatenate([p.n_samples for p in parts])
    frames, samples = np.argsort(at), np.argsort(np.repeat(at, n), kind="stable")
    return FrameColumns(
        at[frames],
        n[frames],
        np.concatenate([p.stamp_s for p in parts])[frames],
        np.concatenate([p.sequence for p in parts])[frames],
        np.concatenate([p.acceleration for p in parts])[samples],
        np.concatenate([p.angular_velocity for p in parts])[samples],
        np.concatenate([p.measured for p in parts])[samples],
        all(p.is_whole for p in parts),
    )


def without(block: FrameColumns, dropped: NDArray[np.bool_]) -> FrameColumns:
    """Return the frames that are not (m,) dropped."""
    kept, samples = ~dropped, ~np.repeat(dropped, block.n_samples)
    return FrameColumns(
        block.at[kept],
        block.n_samples[kept],
        block.stamp_s[kept],
        block.sequence[kept],
        block.acceleration[samples],
        block.angular_velocity[samples],
        block.measured[samples],
        block.is_whole,
    )


def fitting_rows(layout: Layout, octets: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(m,) whether each row has the constant bytes of the layout."""
    fitting = np.ones(len(octets), np.bool_)
    for at, constant in layout.match:
        if at + len(constant) > octets.shape[1]:
            return np.zeros(len(octets), np.bool_)
        fitting &= (octets[:, at : at + len(constant)] == np.frombuffer(constant, np.uint8)).all(axis=1)
    return fitting


def _columns(frame: Frame) -> list[Column]:
    """Return what is to be read; x, y and z together where they lie side by side."""
    columns: list[Column] = []
    number = 0
    while number < len(frame.fields):
        field, offset = frame.fields[number], frame.offsets[number]
        part, axis = _VECTORS.get(field.quantity, (0, 0))
        together = _is_vector(frame, number)
        whole = None if together else axis
        columns.append(Column(str(number), field, offset, part, whole, divisor_of(field.scale)))
        number += 3 if together else 1
    return columns


def _is_vector(frame: Frame, first: int) -> bool:
    """Whether three fields from here on are x, y, z of one vector and can be read as one."""
    fields, offsets = frame.fields[first : first + 3], frame.offsets[first : first + 3]
    width, _ = FIELD_TYPES[fields[0].type]
    begin = _VECTORS.get(fields[0].quantity, (0, -1))
    return (
        width != 3
        and [_VECTORS.get(f.quantity) for f in fields] == [(begin[0], axis) for axis in range(3)]
        and list(offsets) == [offsets[0] + i * width for i in range(3)]
        and len({replace(f, quantity="time_s", at=None, present=None) for f in fields}) == 1
    )


def _record(columns: Sequence[Column], size: int) -> Any:
    """Return numpy's description of some columns of a frame."""
    return {
        "names": [c.key for c in columns],
        "formats": [c.code for c in columns],
        "offsets": [c.offset for c in columns],
        "itemsize": size,
    }


def _is_possible(column: Column) -> bool:
    """Whether every raw number of a vector is a value that a worn sensor can measure."""
    field, largest = column.field, LARGEST_MPS2 if column.part == ACCELERATION else LARGEST_RADPS
    size = abs(field.scale) * 256.0 ** FIELD_TYPES[field.type][0] + abs(field.offset)
    return field.type[0] != "f" and field.valid_min is None and field.valid_max is None and size <= largest


def physical(raw: NDArray[Any], column: Column, out: FloatArray) -> None:
    """Write SI values of raw numbers; NaN where they are unknown."""
    for a in range(0, len(out), CACHED):
        _physical(raw[a : a + CACHED], column, out[a : a + CACHED])


def _physical(raw: NDArray[Any], column: Column, out: FloatArray) -> None:
    field = column.field
    if field.type in {"u24", "i24"}:
        raw = raw @ np.array([1, 1 << 8, 1 << 16], np.int64)
        if field.type == "i24":
            raw = (raw ^ (1 << 23)) - (1 << 23)
    if column.axis is None:
        for axis in range(3):  # a whole column at a time: three numbers in a row are too few for a loop of their own
            out[:, axis] = raw[:, axis]
    else:
        out[:] = raw
    if column.divisor is None:
        out *= field.scale
    else:
        out /= column.divisor
    if field.offset:
        out += field.offset
    if field.valid_min is not None:
        out[np.broadcast_to(raw < field.valid_min, out.shape)] = np.nan
    if field.valid_max is not None:
        out[np.broadcast_to(raw > field.valid_max, out.shape)] = np.nan
    if field.type in {"f32", "f64"}:
        out[~np.isfinite(out)] = np.nan
