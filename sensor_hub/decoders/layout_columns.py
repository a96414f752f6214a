"""Frames of a declared layout read many at a time, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
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


class FrameReader:
    """Reads frames of one length and one set of flags."""

    def __init__(self, layout: Layout, frame: Frame, length: int) -> None:
        self._n = frame.n_samples
        self._fields = frame.fields
        single = [i for i, f in enumerate(frame.fields) if not f.repeated]
        again = [i for i, f in enumerate(frame.fields) if f.repeated] if frame.n_samples else []
        spec = _record(frame, single, length)
        if again and layout.repeat_at is not None and layout.repeat_bytes:
            spec["names"].append("again")
            spec["formats"].append((np.dtype(_record(frame, again, layout.repeat_bytes)), (frame.n_samples,)))
            spec["offsets"].append(layout.repeat_at)
        self._dtype = np.dtype(spec)
        carried = [f.quantity for i, f in enumerate(frame.fields) if i in {*single, *again}]
        self._measured = 0
        for part in (ACCELERATION, ANGULAR_VELOCITY):
            if sum(_VECTORS.get(q, (0, 0))[0] == part for q in carried) == 3:
                self._measured |= part

    def read(self, octets: NDArray[np.uint8], at: IntArray) -> FrameColumns:
        """Read (m, length) bytes."""
        m, n = len(octets), self._n
        rows = np.ascontiguousarray(octets).view(self._dtype)[:, 0]
        vectors = {part: np.full((m, n, 3), np.nan) for part in (ACCELERATION, ANGULAR_VELOCITY)}
        stamp_s, sequence = np.full((m, 1), np.nan), np.full((m, 1), np.nan)
        for i, field in enumerate(self._fields):
            if field.repeated and not n:
                continue
            raw = rows["again"][str(i)] if field.repeated else rows[str(i)][:, None]
            if field.quantity in _VECTORS:
                part, axis = _VECTORS[field.quantity]
                _physical(raw, field, vectors[part][:, :, axis])
            elif field.quantity == "time_s":
                _physical(raw, field, stamp_s)
            elif field.quantity == "sequence":
                _physical(raw, field, sequence)
        for part, vector in vectors.items():
            if not self._measured & part:
                vector[:] = np.nan
        return FrameColumns(
            at,
            np.full(m, n),
            stamp_s[:, 0],
            sequence[:, 0],
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


def fitting_rows(layout: Layout, octets: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(m,) whether each row has the constant bytes of the layout."""
    fitting = np.ones(len(octets), np.bool_)
    for at, constant in layout.match:
        if at + len(constant) > octets.shape[1]:
            return np.zeros(len(octets), np.bool_)
        fitting &= (octets[:, at : at + len(constant)] == np.frombuffer(constant, np.uint8)).all(axis=1)
    return fitting


def _record(frame: Frame, numbers: list[int], size: int) -> Any:
    """Return numpy's description of some fields of a frame."""
    kinds = [FIELD_TYPES[frame.fields[i].type] for i in numbers]
    return {
        "names": [str(i) for i in numbers],
        "formats": [(code, (3,)) if width == 3 else code for width, code in kinds],
        "offsets": [frame.offsets[i] for i in numbers],
        "itemsize": size,
    }


def _physical(raw: NDArray[Any], field: LayoutField, out: FloatArray) -> None:
    """Write SI values of raw numbers; NaN where they are unknown."""
    if field.type.endswith("24"):
        raw = raw @ np.array([1, 1 << 8, 1 << 16], np.int64)
        if field.type == "i24":
            raw = (raw ^ (1 << 23)) - (1 << 23)
    divisor = divisor_of(field.scale)
    if divisor is None:
        np.multiply(raw, field.scale, out=out, dtype=np.float64)
    else:
        np.divide(raw, divisor, out=out, dtype=np.float64)
    if field.offset:
        out += field.offset
    if field.valid_min is not None:
        out[np.broadcast_to(raw < field.valid_min, out.shape)] = np.nan
    if field.valid_max is not None:
        out[np.broadcast_to(raw > field.valid_max, out.shape)] = np.nan
    if field.type.startswith("f"):
        out[~np.isfinite(out)] = np.nan
