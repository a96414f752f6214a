"""Polar Measurement Data: H10, OH1, Verity Sense. Acceleration and angular velocity, raw and compressed.

A data frame: type u8 (low 6 bits: 2 acceleration, 5 angular velocity), time u64 ns since 2000-01-01 **of the last
sample**, frame type u8 (bit 7: compressed), content. Raw acceleration: x, y, z as i8, i16 or i24 (frame types 0, 1, 2)
in mg. Compressed: a reference sample, then groups of ``bits u8, count u8``, ``count`` differences a channel of ``bits``
each, least significant bit first, every one to the sample before. Compressed acceleration is in g times the factor
(type 0, i16) or in mg times the factor (type 1, i16), angular velocity in deg/s times the factor (type 0, i16; type 1,
the differences of the bit patterns of f32).

The factor is in the answer to the start command (``F0 op type status more``, then settings ``id count value``); an
answer without one means 1. Before an answer, compressed acceleration of type 0 is scaled by the range of the start
command, of which 2¹⁵ counts are the full scale, and compressed angular velocity has no known scale.

Times: the samples of a frame lie evenly between the frame before and this one. If they would lie more than 1.5 times
as far apart as expected, notifications were lost, and the samples lie as expected, before the time of the frame;
twice in a row the same distance is a sensor that runs slower than it was told. A frame that was told before (its time
is one of the newest, or a little older than the last) is a copy and changes nothing.

Source: Polar, online measurement specification of the BLE SDK, and its Android sources (PMD client).
"""

import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sensor_hub.decoders.frames import Failure, Payloads, Piece, merged
from sensor_hub.decoders.pmd_frames import (
    ACC,
    COMPRESSED,
    GYRO,
    HEADER,
    KINDS,
    MOST_BITS,
    WIRE_FORMAT,
    packed_numbers,
    unpacked,
)
from sensor_hub.decoders.recent_times import RecentTimes
from sensor_hub.decoders.samples import Samples
from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

CONTROL: Final = "fb005c81"
_FLOATS: Final = 0x81  # this frame type of angular velocity
_ANSWER, _START, _STOP, _OK, _ALREADY, _STOPPED = 0xF0, 2, 3, 0, 6, 1
_STATUS: Final = (
    "ok", "unknown command", "unknown measurement", "not supported", "wrong length", "wrong parameter",
    "already in this state", "resolution not possible", "sampling rate not possible", "range not possible",
    "connection parameters (MTU) too small", "number of channels not possible", "not possible in its present state",
    "not possible in its charger",
)  # fmt: skip
_SETTING_BYTES: Final = {0: 2, 1: 2, 2: 2, 3: 4, 4: 1, 5: 4, 6: 16}
_RATE, _RESOLUTION, _RANGE, _FACTOR = 0, 1, 2, 5
_LOST: Final = 1.5  # a frame this much later than expected came after a lost one
_SAME: Final = 0.1
_NS_PER_S: Final = 1_000_000_000
_TIME_BITS: Final = 64


def settings_of(content: bytes) -> dict[int, tuple[bytes, ...]]:
    """Return the values of each setting of ``id count value…``; DecodeError if they break off."""
    found: dict[int, tuple[bytes, ...]] = {}
    at = 0
    while at < len(content):
        size = _SETTING_BYTES.get(content[at])
        if size is None or at + 2 > len(content) or at + 2 + size * content[at + 1] > len(content):
            raise DecodeError(WIRE_FORMAT, f"settings break off at byte {at}", content)
        values = range(at + 2, at + 2 + size * content[at + 1], size)
        found[content[at]] = tuple(content[v : v + size] for v in values)
        at = values.stop
    return found


@dataclass(slots=True)
class _Stream:
    """What is known of one measurement of one device."""

    kind: int
    period_s: float | None = None  # as expected
    slower_s: float | None = None  # what the last frame suggested instead
    full_scale: float | None = None  # g or deg/s of 2**(resolution - 1) counts
    resolution: int = 16
    factor: float | None = None
    n_answers: int = 0
    times: RecentTimes = field(default_factory=lambda: RecentTimes(_NS_PER_S, _TIME_BITS))

    def take(self, settings: Mapping[int, tuple[bytes, ...]]) -> None:
        """Take what a start command asks for or its answer says; of several values none is chosen."""
        one = {name: values[0] for name, values in settings.items() if len(values) == 1}
        if _RATE in one and (rate_hz := int.from_bytes(one[_RATE], "little")):
            self.period_s = 1.0 / rate_hz
        if _RESOLUTION in one and 2 <= (resolution := int.from_bytes(one[_RESOLUTION], "little")) <= MOST_BITS:
            self.resolution = resolution
        if _RANGE in one:
            self.full_scale = float(int.from_bytes(one[_RANGE], "little"))
        if _FACTOR in one:
            self.factor = struct.unpack("<f", one[_FACTOR])[0]

    def scale(self, frame_type: int) -> float | None:
        """Return m/s² or rad/s of one count; None if unknown."""
        if not frame_type & COMPRESSED:
            return STANDARD_GRAVITY_MPS2 / 1000
        factor = 1.0 if self.factor is None and self.n_answers else self.factor
        if self.kind == GYRO:
            return None if factor is None else factor * DEGREE_RAD
        if frame_type == COMPRESSED | 1:
            return (1.0 if factor is None else factor) * STANDARD_GRAVITY_MPS2 / 1000
        if self.factor is None and self.full_scale is not None:
            factor = self.full_scale / 2 ** (self.resolution - 1)
        return None if factor is None else factor * STANDARD_GRAVITY_MPS2

    def spread(self, at_ns: int, n: int) -> float | None:
        """Return the seconds between the samples of a frame, and remember it; None if no rate is known yet."""
        previous_ns = self.times.newest
        self.times.remember(at_ns)
        if previous_ns is None or at_ns <= previous_ns:
            self.slower_s = None
            return self.period_s
        period_s = (at_ns - previous_ns) / _NS_PER_S / n
        is_slower = self.slower_s is not None and abs(period_s - self.slower_s) <= _SAME * self.slower_s
        if self.period_s is None or period_s <= _LOST * self.period_s or is_slower:
            self.period_s, self.slower_s = period_s, None
        else:
            self.slower_s = period_s
        return self.period_s


@dataclass(slots=True)
class _Frames:
    """Frames of one kind found in a run.

    heads : (notification, samples, time of the last one, seconds between them, SI value of a count, frame type).
    runs : of packed numbers: (byte in the joined payloads, bits, how many).
    """

    heads: list[tuple[int, int, float, float, float, int]] = field(default_factory=list)
    runs: list[tuple[int, int, int]] = field(default_factory=list)


class PmdDecoder:
    """Decodes the control point and the data of one device; see the module for the format.

    Each frame gives acceleration or angular velocity alone. A frame that was told before gives nothing; nor do ECG, PPG
    and other measurements. A command that was refused is a failure.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        self._streams = {kind: _Stream(kind) for kind in (ACC, GYRO)}
        for stream in self._streams.values():
            if profile.sampling_rate_hz:
                stream.period_s = 1.0 / profile.sampling_rate_hz
        for command in profile.start:
            payload = command.payload
            if command.characteristic.startswith(CONTROL) and payload[:1] == bytes([_START]) and len(payload) > 1:
                self._started(payload[1], payload[2:])

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode notifications of the control point or of the data."""
        failures: list[Failure] = []
        is_control = characteristic.startswith(CONTROL)
        run = Payloads(() if is_control else payloads)
        found = {kind: _Frames() for kind in self._streams}
        begin = 0
        for index, payload in enumerate(payloads):
            try:
                if is_control:
                    self._answer(payload)
                else:
                    self._frame(index, payload, begin, found)
            except DecodeError as error:
                failures.append((index, error))
            begin += len(payload)
        return merged([_piece(kind, run, frames) for kind, frames in found.items() if frames.heads], failures)

    def _started(self, kind: int, settings: bytes) -> None:
        stream = self._streams.get(kind & 0x3F)
        if stream is not None:
            with suppress(DecodeError):  # a command the sensor will refuse, which is told then
                stream.take(settings_of(settings))

    def _answer(self, payload: bytes) -> None:
        if payload[:1] == bytes([_STOPPED]):
            names = ", ".join(KINDS.get(kind & 0x3F, f"measurement {kind & 0x3F}") for kind in payload[1:])
            raise DecodeError(WIRE_FORMAT, f"the sensor stopped {names or 'measuring'} by itself", payload)
        if payload[:1] != bytes([_ANSWER]):
            return  # the list of abilities, when it was asked for
        if len(payload) < 4:
            raise DecodeError(WIRE_FORMAT, f"an answer of {len(payload)} bytes", payload)
        _, op, kind, status = payload[:4]
        if status not in (_OK, _ALREADY) and op != _STOP:  # what does not run need not be stopped
            why = _STATUS[status] if status < len(_STATUS) else f"status {status}"
            what = KINDS.get(kind & 0x3F, f"measurement {kind & 0x3F}")
            raise DecodeError(WIRE_FORMAT, f"command {op} for {what} was refused: {why}", payload)
        stream = self._streams.get(kind & 0x3F)
        if op == _START and status == _OK and stream is not None:
            stream.n_answers += 1
            stream.take(settings_of(payload[5:]))

    def _frame(self, index: int, payload: bytes, begin: int, found: Mapping[int, _Frames]) -> None:
        if len(payload) < HEADER.size:
            raise DecodeError(WIRE_FORMAT, f"{len(payload)} bytes, too few for a frame", payload)
        kind, at_ns, frame_type = HEADER.unpack_from(payload)
        kind &= 0x3F
        stream = self._streams.get(kind)
        if stream is None or stream.times.has_told(at_ns):
            return
        runs, n = packed_numbers(kind, frame_type, payload, begin)
        scale = stream.scale(frame_type)
        if scale is None:
            raise DecodeError(WIRE_FORMAT, "its scale is not known before the answer to the start command", payload)
        period_s = stream.spread(at_ns, n)
        if period_s is None:
            raise DecodeError(WIRE_FORMAT, "first frame, and neither profile nor answer says a sampling rate", payload)
        found[kind].heads.append((index, n, at_ns / _NS_PER_S, period_s, scale, frame_type))
        found[kind].runs += runs


def _piece(kind: int, run: Payloads, frames: _Frames) -> Piece:
    index, n, last_s, period_s, scale, frame_type = np.array(frames.heads).T
    n, is_compressed = n.astype(np.int64), frame_type >= COMPRESSED
    counts = unpacked(run.bit_fields(*np.array(frames.runs).T).reshape(-1, 3), n, is_compressed)
    values: FloatArray = counts.astype(float)
    if kind == GYRO and (are_floats := np.repeat(frame_type == _FLOATS, n)).any():
        patterns = (counts[are_floats] & 0xFFFFFFFF).astype(np.uint32).view(np.float32)
        with np.errstate(invalid="ignore"):  # a signalling NaN is as unknown as a quiet one
            values[are_floats] = patterns
    with np.errstate(invalid="ignore", over="ignore"):
        values *= scale[0] if (scale == scale[0]).all() else np.repeat(scale, n)[:, None]
    later = np.repeat(np.cumsum(n), n) - np.arange(1, len(values) + 1)  # samples that follow in the frame
    time_s = np.repeat(last_s, n) - later * np.repeat(period_s, n)
    notification = np.repeat(index.astype(np.int64), n)
    return Piece(notification, time_s, values if kind == ACC else None, values if kind == GYRO else None)
