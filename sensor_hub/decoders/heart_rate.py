"""Heart Rate Measurement, 0x2A37.

Layout: flags u8 (bit 0 rate is u16, bit 1 skin contact detected, bit 2 skin contact supported, bit 3 energy present,
bit 4 RR intervals present, bits 5-7 reserved), rate u8 or u16 per minute, [energy u16 kJ], [RR intervals u16 each, in
1/1024 s, oldest first, to the end]. Source: Bluetooth SIG, GATT Specification Supplement, "Heart Rate Measurement".
"""

import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, Self

from sensor_hub.decoders.cursor import Cursor
from sensor_hub.errors import DecodeError

_J_PER_KJ: Final = 1000


class _Flag(IntFlag):
    WIDE = 1
    CONTACT = 2
    CONTACT_SUPPORTED = 4
    ENERGY = 8
    RR = 16


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement:
    """One notification.

    rate_per_min : heart beats per minute. has_skin_contact : None where the sensor cannot tell.
    energy_j : spent since it was last reset; None if not in this notification. rr_s : seconds between beats; None if
    not in this notification.
    """

    rate_per_min: int
    has_skin_contact: bool | None = None
    energy_j: int | None = None
    rr_s: tuple[float, ...] | None = None

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode one notification; DecodeError if its length contradicts its flags."""
        cursor = Cursor(payload, "heart_rate")
        flags = cursor.take("B")
        if flags & ~0b11111:
            raise DecodeError("heart_rate", f"reserved flag bits set in 0x{flags:02x}", payload)
        rate = cursor.take("H" if flags & _Flag.WIDE else "B")
        energy = cursor.take("H") * _J_PER_KJ if flags & _Flag.ENERGY else None
        rr_s = None
        if flags & _Flag.RR:
            rr_s = tuple(cursor.take("H") / 1024 for _ in range(cursor.left // 2))
        cursor.finish()
        contact = bool(flags & _Flag.CONTACT) if flags & _Flag.CONTACT_SUPPORTED else None
        return cls(rate, contact, energy, rr_s)

    def __bytes__(self) -> bytes:
        flags = _Flag(0)
        if self.has_skin_contact is not None:
            flags |= _Flag.CONTACT_SUPPORTED | (_Flag.CONTACT if self.has_skin_contact else _Flag(0))
        head = struct.pack("<B", self.rate_per_min) if self.rate_per_min < 256 else struct.pack("<H", self.rate_per_min)
        if len(head) == 2:
            flags |= _Flag.WIDE
        if self.energy_j is not None:
            flags |= _Flag.ENERGY
            head += struct.pack("<H", self.energy_j // _J_PER_KJ)
        if self.rr_s is not None:
            flags |= _Flag.RR
            head += struct.pack(f"<{len(self.rr_s)}H", *(round(rr * 1024) for rr in self.rr_s))
        return bytes([flags]) + head
