"""Frames of a declared layout read many at a time, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sensor_hub.decoders.layout_frame import FIELD_TYPES, Frame, divisor_of
from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.profile import Layout, LayoutField

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


@dataclass(frozen=True, slots=True)
class _Column:
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
        self._n = frame.n_samples
        columns = _columns(frame)
        single = [c for c in columns if not c.field.repeated]
        again = [c for c in columns if c.field.repeated] if frame.n_samples else []
        spec = _record(single, length)
        if again and layout.repeat_at is not None and layout.repeat_bytes:
            spec["names"].append("again")
            spec["formats"].append((np.dtype(_record(again, layout.repeat_bytes)), (frame.n_samples,)))
            spec["offsets"].append(layout.repeat_at)
        self._dtype = np.dtype(spec)
        self._columns = [*single, *again]
        self._measured = 0
        for part in (ACCELERATION, ANGULAR_VELOCITY):
            if sum(3 if c.axis is None else 1 for c in self._columns if c.part == part) == 3:
                self._measured |= part

    def read(self, octets: NDArray[np.uint8], at: IntArray) -> FrameColumns:
        """Read (m, length) bytes, all rows of them frames."""
        m, n = len(octets), self._n
        rows = np.ascontiguousarray(octets).view(self._dtype)[:, 0]
        unknown = np.full(m, np.nan)
        scalars = {"time_s": unknown, "sequence": unknown}
        vectors = {
            part: np.empty((m, n, 3)) if self._measured & part else np.full((m, n, 3), np.nan)
            for part in (ACCELERATION, ANGULAR_VELOCITY)
        }
        for column in self._columns:
            raw = rows["again"][column.key] if column.field.repeated else rows[column.key][:, None]
            if column.part & self._measured:
                vector = vectors[column.part]
                _physical(raw, column, vector if column.axis is None else vector[:, :, column.axis])
            elif column.field.quantity in scalars:
                out = np.empty((m, 1))
                _physical(raw, column, out)
                scalars[column.field.quantity] = out[:, 0]
        return FrameColumns(
            at,
            np.full(m, n),
            scalars["time_s"],
            scalars["sequence"],
            vectors[ACCELERATION].reshape(-1, 3),
            vectors[ANGULAR_VELOCITY].reshape(-1, 3),
            np.full(m * n, self._measured, np.uint8),
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
    )


def fitting_rows(layout: Layout, octets: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(m,) whether each row has the constant bytes of the layout."""
    fitting = np.ones(len(octets), np.bool_)
    for at, constant in layout.match:
        if at + len(constant) > octets.shape[1]:
            return np.zeros(len(octets), np.bool_)
        fitting &= (octets[:, at : at + len(constant)] == np.frombuffer(constant, np.uint8)).all(axis=1)
    return fitting


def _columns(frame: Frame) -> list[_Column]:
    """Return what is to be read; x, y and z together where they lie side by side."""
    columns: list[_Column] = []
    number = 0
    while number < len(frame.fields):
        field, offset = frame.fields[number], frame.offsets[number]
        part, axis = _VECTORS.get(field.quantity, (0, 0))
        together = _is_vector(frame, number)
        whole = None if together else axis
        columns.append(_Column(str(number), field, offset, part, whole, divisor_of(field.scale)))
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


def _record(columns: Sequence[_Column], size: int) -> Any:
    """Return numpy's description of some columns of a frame."""
    return {
        "names": [c.key for c in columns],
        "formats": [c.code for c in columns],
        "offsets": [c.offset for c in columns],
        "itemsize": size,
    }


def _physical(raw: NDArray[Any], column: _Column, out: FloatArray) -> None:
    """Write SI values of raw numbers; NaN where they are unknown."""
    field = column.field
    if field.type in {"u24", "i24"}:
        raw = raw @ np.array([1, 1 << 8, 1 << 16], np.int64)
        if field.type == "i24":
            raw = (raw ^ (1 << 23)) - (1 << 23)
    if column.divisor is None:
        np.multiply(raw, field.scale, out=out, dtype=np.float64)
    else:
        np.divide(raw, column.divisor, out=out, dtype=np.float64)
    if field.offset:
        out += field.offset
    if field.valid_min is not None:
        out[np.broadcast_to(raw < field.valid_min, out.shape)] = np.nan
    if field.valid_max is not None:
        out[np.broadcast_to(raw > field.valid_max, out.shape)] = np.nan
    if field.type in {"f32", "f64"}:
        out[~np.isfinite(out)] = np.nan
