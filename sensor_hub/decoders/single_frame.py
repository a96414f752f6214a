"""One frame of a declared layout at a time: what a live link brings, without the price of columns.

The numbers are those of ``layout_columns``, bit for bit. What is seldom (values that may be unknown, numbers of three
bytes, parts of a vector in places of their own) is left to it.
"""

import math
import struct
from typing import Any, Final, NamedTuple

import numpy as np

from sensor_hub.decoders.layout_columns import Column, FrameReader
from sensor_hub.decoders.layout_frame import FIELD_TYPES
from sensor_hub.decoders.samples import ACCELERATION, Samples
from sensor_hub.model.arrays import FloatArray

_WHOLE_NUMBERS: Final = {"u8": "B", "i8": "b", "u16": "H", "i16": "h", "u32": "I", "i32": "i", "u64": "Q", "i64": "q"}


class SingleSamples(NamedTuple):
    """The samples of one notification, n of them, all axes known; a tuple, because that is soonest made.

    time_s : (n,) device clock as sent, s; does not fall. first_s, last_s : its ends. Vectors : (n, 3), sensor axes.
    """

    frame: "SingleFrame"
    time_s: FloatArray
    first_s: float
    last_s: float
    acceleration_mps2: FloatArray
    angular_velocity_radps: FloatArray

    def samples(self) -> Samples:
        """Return the same as what every decoder returns."""
        vectors = self.acceleration_mps2, self.angular_velocity_radps
        frame = self.frame
        return Samples(frame.first, self.time_s, *vectors, frame.measured, is_whole=True, n_each=frame.n)


class SingleFrame:
    """Reads frames of one length; ``fits`` says of which."""

    def __init__(self, reader: FrameReader) -> None:
        self.n: Final = reader.n_samples
        n = self.n
        self._shape = n, 3
        self._vectors = [_vector(reader, c) for c in reader.columns if c.part]
        self._pair = _pair(self._vectors)
        self._scalars = [_scalar(c) for c in reader.columns if c.field.quantity == "time_s"]
        self.first = np.zeros(n, np.int64)  # each sample came in the first and only notification
        self.measured = np.full(n, reader.measured, np.uint8)
        self.number = np.arange(n, dtype=np.float64)
        self.number_from_last = self.number - (n - 1)
        for shared in (self.first, self.measured, self.number, self.number_from_last):
            shared.flags.writeable = False

    @staticmethod
    def fits(reader: FrameReader) -> bool:
        """Whether frames of a reader can be read here: whole numbers, none of which means that nothing is known."""
        return (
            reader.is_whole
            and reader.n_samples > 0
            and all(_is_plain(c) and (c.axis is None if c.part else not c.field.repeated) for c in reader.columns)
        )

    def time_s(self, payload: bytes) -> float:
        """Return the time of a frame, s, NaN where there is none."""
        time_s = math.nan
        for of, at, divides, factor, offset in self._scalars:
            time_s = of.unpack_from(payload, at)[0]
            time_s = time_s / factor if divides else time_s * factor
            time_s = time_s + offset if offset else time_s
        return time_s

    def samples(self, payload: bytes, time_s: FloatArray, first_s: float, last_s: float) -> SingleSamples:
        """Return the samples of a frame, whose (n,) times are known."""
        if self._pair is not None:
            code, at, steps, factors = self._pair
            pair: Any = np.ndarray((2, self.n, 3), code, payload, at, steps)
            pair = pair * factors
            return SingleSamples(self, time_s, first_s, last_s, pair[0], pair[1])
        first, second = np.empty(self._shape), np.empty(self._shape)
        for is_acceleration, code, at, strides, divides, factor, offset in self._vectors:
            raw: Any = np.ndarray(self._shape, code, payload, at, strides)
            out = first if is_acceleration else second
            if divides:
                np.divide(raw, factor, out)
            else:
                np.multiply(raw, factor, out)
            if offset:
                out += offset
        return SingleSamples(self, time_s, first_s, last_s, first, second)


def _is_plain(column: Column) -> bool:
    field = column.field
    return field.type in _WHOLE_NUMBERS and field.valid_min is None and field.valid_max is None


def _scalar(column: Column) -> tuple[struct.Struct, int, bool, float, float]:
    field, divides = column.field, column.divisor is not None
    factor = field.scale if column.divisor is None else column.divisor
    of = struct.Struct("<" + _WHOLE_NUMBERS[field.type])
    return of, column.offset, divides, float(factor), field.offset


def _vector(reader: FrameReader, column: Column) -> tuple[bool, Any, int, tuple[int, int], bool, float, float]:
    field, (width, code) = column.field, FIELD_TYPES[column.field.type]
    at = column.offset + (reader.repeat_at if field.repeated else 0)
    strides = reader.repeat_bytes if field.repeated else 0, width
    factor = field.scale if column.divisor is None else column.divisor
    divides = column.divisor is not None
    return column.part == ACCELERATION, np.dtype(code), at, strides, divides, float(factor), field.offset


def _pair(vectors: list[Any]) -> tuple[Any, int, tuple[int, int, int], FloatArray] | None:
    """Return how to read both vectors at once, the acceleration before the angular velocity; None if it cannot be."""
    (is_acceleration, code, at, strides, _, factor, _), (_, _, other_at, _, _, other_factor, _) = vectors
    plain = code, strides, False, 0.0  # of one type, as far apart, multiplied and not moved
    if not is_acceleration or other_at < at or any((v[1], v[3], v[4], v[6]) != plain for v in vectors):
        return None
    return code, at, (other_at - at, *strides), np.array([factor, other_factor]).reshape(2, 1, 1)
