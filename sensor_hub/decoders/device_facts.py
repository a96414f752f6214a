"""What a sensor says about itself, read once after connecting: battery, names and versions, place, abilities.

Source: Bluetooth SIG, GATT Specification Supplement: "Battery Level" 0x2A19 (u8 %), the strings of the Device
Information Service 0x180A, "Sensor Location" 0x2A5D (u8) and "RSC Feature" 0x2A54 (u16).
"""

import struct
from dataclasses import dataclass
from typing import Final, Self

from sensor_hub.decoders.cursor import Cursor
from sensor_hub.errors import DecodeError

DEVICE_INFORMATION: Final = {
    "2a24": "model",
    "2a25": "serial",
    "2a26": "firmware",
    "2a27": "hardware",
    "2a28": "software",
    "2a29": "manufacturer",
}
LOCATIONS: Final = (
    "other", "top of shoe", "in shoe", "hip", "front wheel", "left crank", "right crank", "left pedal", "right pedal",
    "front hub", "rear dropout", "chainstay", "rear wheel", "rear hub", "chest", "spider", "chain ring",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatteryLevel:
    """Charge in per cent, 0 to 100."""

    percent: int

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode a value of 0x2A19; DecodeError above 100, which is reserved."""
        cursor = Cursor(payload, "battery")
        percent = cursor.take("B")
        cursor.finish()
        if percent > 100:
            raise DecodeError("battery", f"{percent} %", payload)
        return cls(percent)

    def __bytes__(self) -> bytes:
        return bytes([self.percent])


@dataclass(frozen=True, slots=True)
class DeviceInformation:
    """One string of the Device Information Service; ``DEVICE_INFORMATION`` says which a characteristic is."""

    text: str

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode UTF-8; zero bytes at the end, as firmware with fixed buffers sends them, are no text."""
        try:
            return cls(payload.rstrip(b"\0").decode("utf-8"))
        except UnicodeDecodeError as error:
            raise DecodeError("device_information", f"not UTF-8 at byte {error.start}", payload) from error

    def __bytes__(self) -> bytes:
        return self.text.encode("utf-8")


@dataclass(frozen=True, slots=True)
class SensorLocation:
    """Where a sensor believes it is worn; no value of the standard says left or right foot."""

    code: int

    @property
    def name(self) -> str:
        """The place in words."""
        return LOCATIONS[self.code]

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode a value of 0x2A5D; DecodeError above 16, which is reserved."""
        cursor = Cursor(payload, "sensor_location")
        code = cursor.take("B")
        cursor.finish()
        if code >= len(LOCATIONS):
            raise DecodeError("sensor_location", f"location {code} is reserved", payload)
        return cls(code)

    def __bytes__(self) -> bytes:
        return bytes([self.code])


@dataclass(frozen=True, slots=True)
class RscFeature:
    """What a Running Speed and Cadence sensor can do."""

    has_stride_length: bool
    has_total_distance: bool
    tells_walking_from_running: bool
    can_be_calibrated: bool
    has_several_locations: bool

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode a value of 0x2A54; DecodeError if a reserved bit (5 to 15) is set."""
        cursor = Cursor(payload, "rsc_feature")
        bits = cursor.take("H")
        cursor.finish()
        if bits >> 5:
            raise DecodeError("rsc_feature", f"reserved bits set in 0x{bits:04x}", payload)
        return cls(*(bool(bits >> i & 1) for i in range(5)))

    def __bytes__(self) -> bytes:
        told = (
            self.has_stride_length,
            self.has_total_distance,
            self.tells_walking_from_running,
            self.can_be_calibrated,
            self.has_several_locations,
        )
        return struct.pack("<H", sum(1 << i for i, is_so in enumerate(told) if is_so))
