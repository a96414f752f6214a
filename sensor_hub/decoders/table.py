"""Decodes frames that a firmware profile declares, so that a new sensor needs no Python.

Frames of one length with the same flags are read together as one structured array; what is left to Python is a dict
look-up a notification. Nothing here knows a device: a layout says it all.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensor_hub.decoders.byte_stream import ByteStream
from sensor_hub.decoders.layout_columns import FrameColumns, FrameReader, fitting_rows, joined, without
from sensor_hub.decoders.layout_frame import FIELD_TYPES, absent_fields, divisor_of, frame_of, matches, number_at
from sensor_hub.decoders.recent_frames import RecentFrames
from sensor_hub.decoders.recent_times import COPIES
from sensor_hub.decoders.samples import Samples
from sensor_hub.decoders.single_frame import SingleFrame, SingleSamples
from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.profile import Layout, LayoutField, Quantity, TimestampKind

LARGEST_STRETCH: Final = 1.2
"""A sample interval longer than this times the nominal one is a hole between notifications (ours)."""
_LARGEST_CACHE: Final = 256
_NOT_YET: Final = "not looked at yet"


def decode_values(layout: Layout, payload: bytes) -> dict[Quantity, float | None]:
    """Decode one frame of a device that reports records.

    Returns
    -------
    dict
        SI value of every quantity of the layout; None where it is unknown or not in this frame. Of a repeated field
        the last one. Empty for a frame of another kind, if the layout ignores those.

    Raises
    ------
    DecodeError
        If the length or the constant bytes are not those of the layout.
    """
    if not matches(layout, payload):
        if layout.ignore_unmatched:
            return {}
        raise DecodeError(layout.name, "not a frame of this layout", payload)
    absent = absent_fields(layout, payload)
    frame = "too short for its flags" if absent is None else frame_of(layout, len(payload), absent)
    if isinstance(frame, str):
        raise DecodeError(layout.name, frame, payload)
    values: dict[Quantity, float | None] = {field.quantity: None for field in layout.fields}
    if frame.n_samples:
        last = (layout.repeat_at or 0) + (frame.n_samples - 1) * (layout.repeat_bytes or 0)
        for field, offset in zip(frame.fields, frame.offsets, strict=True):
            raw = number_at(payload, offset + (last if field.repeated else 0), field.type)
            values[field.quantity] = _value(raw, field)
    return values


class LayoutDecoder:
    """A ``StreamDecoder`` for one device and one declared layout.

    Parameters
    ----------
    layout : Layout
        The frame.
    timestamp : TimestampKind
        Which sample of a notification its time belongs to; "none" leaves the time to be rebuilt from arrival.
    sampling_rate_hz : float or None
        Nominal rate; needed where one time stands for several samples.

    Raises
    ------
    ValueError
        If several samples share a time and no rate is given.

    Notes
    -----
    Several samples with one time are spread evenly since the time of the notification before; the first of all, and
    one after a hole, by the nominal rate. A frame with a time or a sequence number that is, byte for byte, one of the
    last few was told twice: it gives no samples and changes no times. In a layout with ``resync`` frames run on over
    notifications; a sample belongs to the notification in which its last byte came, and a notification in which bytes
    had to be skipped is a failure.
    """

    def __init__(self, layout: Layout, *, timestamp: TimestampKind, sampling_rate_hz: float | None) -> None:
        self._layout = layout
        self._timestamp = timestamp if _has(layout, "time_s") else "none"
        self._nominal_s = 1 / sampling_rate_hz if sampling_rate_hz else math.nan
        if layout.repeat_bytes and self._timestamp != "none" and not sampling_rate_hz:
            raise ValueError(f"layout {layout.name}: several samples share a time, so the sampling rate must be known")
        self._flags = [(i, f.present) for i, f in enumerate(layout.fields) if f.present is not None]
        self._has_time, self._has_sequence = _has(layout, "time_s"), _has(layout, "sequence")
        self._wrap_s = _wrap_s(layout)
        self._tables: dict[tuple[int, int], FrameReader | str] = {}
        self._singles: dict[int, SingleFrame | None] = {}  # by length
        self._stream = ByteStream(layout) if layout.resync else None
        self._previous = (math.nan, 0)  # time and number of samples of the notification before
        self._recent = RecentFrames()  # by time or sequence

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode notifications of one characteristic, in order of arrival."""
        del characteristic  # one layout, whatever it comes on
        if len(payloads) == 1:
            single = self.decode_single(payloads[0])
            if single is not None:
                return single.samples()
        return self._decode(payloads)

    def decode_rows(self, payloads: NDArray[np.uint8]) -> Samples:
        """Decode (m, length) bytes, each row a notification; the samples are those of ``decode``."""
        if self._stream is not None or not len(payloads):
            return self._decode([row.tobytes() for row in payloads])
        return self._decode(payloads)

    def decode_single(self, payload: bytes) -> SingleSamples | None:
        """Decode one notification in which nothing is out of the ordinary; None, with nothing done, for others."""
        single = self._singles.get(len(payload), _NOT_YET)
        if isinstance(single, str):
            single = self._single(len(payload))
        if single is None or (self._layout.match and not matches(self._layout, payload)):
            return None
        stamp_s, recent = single.time_s(payload), self._recent
        if stamp_s <= recent.newest:  # perhaps a copy
            return None
        recent.rise_to(stamp_s, payload)
        if not self._layout.repeat_bytes:
            return single.samples(payload, np.array([stamp_s]), stamp_s, stamp_s)
        is_last, n = self._timestamp == "last_sample", single.n
        before_s, before_n = self._previous
        passed_s = stamp_s - before_s
        passed_s = passed_s + self._wrap_s if passed_s < 0 else passed_s
        interval_s = passed_s / max(n if is_last else before_n, 1)
        if not 0 < interval_s <= LARGEST_STRETCH * self._nominal_s:
            interval_s = self._nominal_s
        self._previous = stamp_s, n
        time_s: FloatArray = (single.number_from_last if is_last else single.number) * interval_s
        time_s += stamp_s
        span_s = (n - 1) * interval_s
        first_s, last_s = (stamp_s - span_s, stamp_s) if is_last else (stamp_s, stamp_s + span_s)
        return single.samples(payload, time_s, first_s, last_s)

    def _single(self, length: int) -> SingleFrame | None:
        if len(self._singles) >= _LARGEST_CACHE:  # lengths come from outside
            self._singles.clear()
        single = None
        if self._stream is None and not self._flags and self._timestamp != "none":
            table = self._table(length, 0)
            single = SingleFrame(table) if isinstance(table, FrameReader) and SingleFrame.fits(table) else None
        self._singles[length] = single
        return single

    def _decode(self, payloads: Sequence[bytes] | NDArray[np.uint8]) -> Samples:
        failures: dict[int, str] = {}
        frames: Sequence[bytes] | NDArray[np.uint8]
        if self._stream is None or isinstance(payloads, np.ndarray):
            frames, owner = payloads, np.arange(len(payloads))
        else:
            frames, owner, failures = self._stream.frames(payloads)
        with np.errstate(invalid="ignore", over="ignore"):  # what is not finite becomes unknown below
            parts, refused = self._parts(frames)
            block = joined(parts)
            if (copied := self._copies(frames, block)).any():
                block = without(block, copied)
            time_s = self._spread(block)
        failures |= {int(owner[i]): problem for i, problem in refused.items()}
        notification = np.repeat(owner[block.at], block.n_samples)
        told = tuple(
            (i, DecodeError(self._layout.name, problem, bytes(payloads[i]))) for i, problem in sorted(failures.items())
        )
        n_each = len(time_s) // len(payloads) if len(parts) == 1 and len(block.at) == len(payloads) else 0
        samples = Samples(
            notification,
            time_s,
            block.acceleration,
            block.angular_velocity,
            block.measured,
            told,
            block.is_whole,
            n_each,
        )
        if self._stream is None or not failures:
            return samples
        return _only(samples, ~np.isin(notification, list(failures)))

    def _parts(self, frames: Sequence[bytes] | NDArray[np.uint8]) -> tuple[list[FrameColumns], dict[int, str]]:
        """Read frames of each length and each set of flags together."""
        parts: list[FrameColumns] = []
        refused: dict[int, str] = {}
        for at, octets in _by_length(frames):
            length = octets.shape[1]
            fitting = fitting_rows(self._layout, octets)
            if not fitting.all():
                if not self._layout.ignore_unmatched:
                    refused |= dict.fromkeys(at[~fitting].tolist(), "not a frame of this layout")
                octets, at = octets[fitting], at[fitting]
            for flags, rows in self._by_flags(octets):
                table = self._table(length, flags)
                some = at if rows is None else at[rows]
                if isinstance(table, str):
                    refused |= dict.fromkeys(some.tolist(), table)
                else:
                    parts.append(table.read(octets if rows is None else octets[rows], some))
        return parts, refused

    def _by_flags(self, octets: NDArray[np.uint8]) -> list[tuple[int, IntArray | None]]:
        """Return (bits of the absent fields, their rows); None for all rows, -1 if a flag is not there."""
        if not len(octets):
            return []
        if not self._flags:
            return [(0, None)]
        if max(p.byte for _, p in self._flags) >= octets.shape[1]:
            return [(-1, None)]
        absent = np.zeros(len(octets), np.int64)
        for bit, (_, present) in enumerate(self._flags):
            absent |= ((octets[:, present.byte] & present.mask) != present.equals).astype(np.int64) << bit
        return [(int(bits), np.nonzero(absent == bits)[0]) for bits in np.unique(absent)]

    def _table(self, length: int, flags: int) -> FrameReader | str:
        if flags < 0:
            return "too short for its flags"
        found = self._tables.get((length, flags))
        if found is None:
            absent = frozenset(number for bit, (number, _) in enumerate(self._flags) if flags >> bit & 1)
            frame = frame_of(self._layout, length, absent)
            found = frame if isinstance(frame, str) else FrameReader(self._layout, frame, length)
            if len(self._tables) >= _LARGEST_CACHE:  # lengths come from outside
                self._tables.clear()
            self._tables[length, flags] = found
        return found

    def _spread(self, block: FrameColumns) -> FloatArray:
        """(n,) s of every sample, from the one time of each frame."""
        n, stamp_s = block.n_samples, block.stamp_s
        if self._timestamp == "none":
            return np.full(int(n.sum()), np.nan)
        if not self._layout.repeat_bytes or not len(n):
            return stamp_s
        told = n > 0  # a frame without samples says nothing about when the others were taken
        if told.all():
            interval_s = self._intervals(stamp_s, n)
            if (n == n[0]).all():
                step = np.arange(float(n[0])) - (int(n[0]) - 1 if self._timestamp == "last_sample" else 0)
                even_s: FloatArray = np.multiply.outer(interval_s, step)
                even_s += stamp_s[:, None]
                return even_s.reshape(-1)
        else:
            interval_s = self._intervals(stamp_s[told], n[told])
        first = np.repeat(np.cumsum(n) - n, n)
        step = np.arange(int(n.sum())) - first
        if self._timestamp == "last_sample":
            step = step - (np.repeat(n, n) - 1)
        time_s: FloatArray = np.repeat(stamp_s, n) + step * np.repeat(interval_s, n[told])
        return time_s

    def _intervals(self, stamp_s: FloatArray, n: IntArray) -> FloatArray:
        """(m,) s from sample to sample in each frame; a frame without samples is not among them."""
        before_s, before_n = np.empty(len(n)), np.empty(len(n), np.int64)
        before_s[:1], before_n[:1] = self._previous
        before_s[1:], before_n[1:] = stamp_s[:-1], n[:-1]
        passed_s = stamp_s - before_s
        passed_s = np.where(passed_s < 0, passed_s + self._wrap_s, passed_s)
        interval_s = passed_s / np.maximum(n if self._timestamp == "last_sample" else before_n, 1)
        believed = (interval_s > 0) & (interval_s <= LARGEST_STRETCH * self._nominal_s)
        if len(n):
            self._previous = (float(stamp_s[-1]), int(n[-1]))
        found: FloatArray = np.where(believed, interval_s, self._nominal_s)
        return found

    def _copies(self, frames: Sequence[bytes] | NDArray[np.uint8], block: FrameColumns) -> NDArray[np.bool_]:
        """(m,) True for a frame that is, byte for byte, one of the last few before it."""
        copied = np.zeros(len(block.at), np.bool_)
        if not (self._has_time or self._has_sequence) or not len(copied):
            return copied
        stamps, recent = block.stamp_s if self._has_time else block.sequence, self._recent
        if stamps[0] > recent.newest and (len(stamps) == 1 or (stamps[1:] > stamps[:-1]).all()):  # then nothing is
            stamps, at = stamps[-COPIES:], block.at[-COPIES:]
            recent.take([(stamp, bytes(frames[i])) for stamp, i in zip(stamps.tolist(), at.tolist(), strict=True)])
            return copied
        for number, (stamp, i) in enumerate(zip(stamps.tolist(), block.at.tolist(), strict=True)):
            told = stamp, bytes(frames[i])
            copied[number] = told in recent.told  # a time that stands still is no proof
            recent.take([told])
        return copied


def _only(samples: Samples, kept: NDArray[np.bool_]) -> Samples:
    return Samples(
        samples.notification[kept],
        samples.time_s[kept],
        samples.acceleration_mps2[kept],
        samples.angular_velocity_radps[kept],
        samples.measured[kept],
        samples.failures,
        samples.is_whole,
    )


def _has(layout: Layout, quantity: Quantity) -> bool:
    return any(field.quantity == quantity for field in layout.fields)


def _wrap_s(layout: Layout) -> float:
    """Seconds after which the whole-number time of a layout begins again; infinite for others."""
    for field in layout.fields:
        if field.quantity == "time_s" and field.type.startswith("u"):
            return float(256 ** FIELD_TYPES[field.type][0]) * field.scale
    return math.inf


def _by_length(frames: Sequence[bytes] | NDArray[np.uint8]) -> list[tuple[IntArray, NDArray[np.uint8]]]:
    """Numbers of the frames of each length, and their (m, length) bytes."""
    if isinstance(frames, np.ndarray):
        return [(np.arange(len(frames)), frames)]
    lengths = sorted(set(map(len, frames)))
    if len(lengths) == 1:
        return [(np.arange(len(frames)), _octets(frames))]
    each = np.fromiter(map(len, frames), np.int64, len(frames))
    places = [np.nonzero(each == length)[0] for length in lengths]
    return [(at, _octets([frames[i] for i in at.tolist()])) for at in places]


def _octets(frames: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(frames), np.uint8).reshape(len(frames), -1 if frames[0] else 0)


def _value(raw: float, field: LayoutField) -> float | None:
    low = -math.inf if field.valid_min is None else field.valid_min
    high = math.inf if field.valid_max is None else field.valid_max
    divisor = divisor_of(field.scale)
    value = (raw * field.scale if divisor is None else raw / divisor) + field.offset
    return value if low <= raw <= high and math.isfinite(value) else None
