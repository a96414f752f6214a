"""Running Speed and Cadence Measurement, 0x2A53.

Layout: flags u8 (bit 0 stride length present, bit 1 total distance present, bit 2 running), speed u16 in 1/256 m/s,
cadence u8 per minute, [stride length u16 cm], [total distance u32 in 0.1 m]. The service never carries contact time.
Source: Bluetooth SIG, GATT Specification Supplement, "RSC Measurement". Whether cadence counts steps or strides
differs between devices, so it is kept raw here and normalised by the firmware profile.
"""

import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, Literal, Self

from sensor_hub.decoders.cursor import Cursor
from sensor_hub.errors import DecodeError

SATURATED_CADENCE: Final = 255  # the field's largest value says "at least"


class _Flag(IntFlag):
    STRIDE_LENGTH = 1
    TOTAL_DISTANCE = 2
    RUNNING = 4


@dataclass(frozen=True, slots=True)
class RscMeasurement:
    """One notification, in SI units; cadence as the device counts it."""

    speed_mps: float
    cadence_per_min: int
    is_running: bool
    stride_length_m: float | None = None
    total_distance_m: float | None = None

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode one notification; DecodeError if its length contradicts its flags."""
        cursor = Cursor(payload, "rsc_measurement")
        flags = cursor.take("B")
        if flags & ~0b111:
            raise DecodeError("rsc_measurement", f"reserved flag bits set in 0x{flags:02x}", payload)
        measurement = cls(
            speed_mps=cursor.take("H") / 256,
            cadence_per_min=cursor.take("B"),
            is_running=bool(flags & _Flag.RUNNING),
            stride_length_m=cursor.take("H") / 100 if flags & _Flag.STRIDE_LENGTH else None,
            total_distance_m=cursor.take("I") / 10 if flags & _Flag.TOTAL_DISTANCE else None,
        )
        cursor.finish()
        return measurement

    def cadence_spm(self, counts: Literal["steps", "strides"]) -> float | None:
        """Return steps per minute of both feet, given what the device counts; None where its counter is full."""
        if self.cadence_per_min == SATURATED_CADENCE:
            return None
        return self.cadence_per_min * (2.0 if counts == "strides" else 1.0)

    def stride_m(self, stride_divisor: float) -> float | None:
        """Return metres from a foot's contact to its next, given how many strides long the device's stride is."""
        return None if self.stride_length_m is None else self.stride_length_m / stride_divisor

    def __bytes__(self) -> bytes:
        flags = _Flag.RUNNING if self.is_running else _Flag(0)
        tail = b""
        if self.stride_length_m is not None:
            flags |= _Flag.STRIDE_LENGTH
            tail += struct.pack("<H", round(self.stride_length_m * 100))
        if self.total_distance_m is not None:
            flags |= _Flag.TOTAL_DISTANCE
            tail += struct.pack("<I", round(self.total_distance_m * 10))
        return struct.pack("<BHB", flags, round(self.speed_mps * 256), self.cadence_per_min) + tail
