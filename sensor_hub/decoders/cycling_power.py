"""Cycling Power Measurement, 0x2A63; power pods for running speak it too.

Layout: flags u16, power i16 W, then what the flags announce, in their order: pedal balance u8 in 0.5 %; accumulated
torque u16 in 1/32 N·m; wheel revolutions u32 with their time u16 in 1/2048 s; crank revolutions u16 with their time
u16 in 1/1024 s; extreme forces 2 x i16 N; extreme torques 2 x i16 in 1/32 N·m; extreme angles 2 x u12 degrees; top
dead spot u16 degrees; bottom dead spot u16 degrees; accumulated energy u16 kJ. Bits 1, 3 and 12 announce no field,
bits 13-15 are reserved. Source: Bluetooth SIG, GATT Specification Supplement, "Cycling Power Measurement".
"""

import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, Self

from sensor_hub.decoders.cursor import Cursor
from sensor_hub.errors import DecodeError


class _Flag(IntFlag):
    BALANCE = 1 << 0
    TORQUE = 1 << 2
    WHEEL = 1 << 4
    CRANK = 1 << 5
    EXTREME_FORCES = 1 << 6
    EXTREME_TORQUES = 1 << 7
    EXTREME_ANGLES = 1 << 8
    TOP_DEAD_SPOT = 1 << 9
    BOTTOM_DEAD_SPOT = 1 << 10
    ENERGY = 1 << 11


_RESERVED: Final = 0xE000
_UNUSED: Final = (  # of no use to a runner: taken, so that the length is checked, and dropped
    (_Flag.EXTREME_FORCES, "hh"),
    (_Flag.EXTREME_TORQUES, "hh"),
    (_Flag.EXTREME_ANGLES, "BBB"),
    (_Flag.TOP_DEAD_SPOT, "H"),
    (_Flag.BOTTOM_DEAD_SPOT, "H"),
)
_J_PER_KJ: Final = 1000


@dataclass(frozen=True, slots=True)
class CyclingPowerMeasurement:
    """One notification; None where a field was not in it.

    power_w : W. balance_percent : share of the pedal the sensor calls its reference. torque_nm : accumulated, wraps at
    2048 N·m. wheel, crank : revolutions so far (they wrap at 2³² and 2¹⁶) and when the newest one ended, s (wraps at
    32 s and 64 s). energy_j : since the last reset.
    """

    power_w: int
    balance_percent: float | None = None
    torque_nm: float | None = None
    wheel: tuple[int, float] | None = None
    crank: tuple[int, float] | None = None
    energy_j: int | None = None

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Decode one notification; DecodeError if its length contradicts its flags."""
        cursor = Cursor(payload, "cycling_power")
        flags = cursor.take("H")
        if flags & _RESERVED:
            raise DecodeError("cycling_power", f"reserved flag bits set in 0x{flags:04x}", payload)
        power = cursor.take("h")
        balance = cursor.take("B") / 2 if flags & _Flag.BALANCE else None
        torque = cursor.take("H") / 32 if flags & _Flag.TORQUE else None
        wheel = (cursor.take("I"), cursor.take("H") / 2048) if flags & _Flag.WHEEL else None
        crank = (cursor.take("H"), cursor.take("H") / 1024) if flags & _Flag.CRANK else None
        for flag, fields in _UNUSED:
            if flags & flag:
                for code in fields:
                    cursor.take(code)
        energy = cursor.take("H") * _J_PER_KJ if flags & _Flag.ENERGY else None
        cursor.finish()
        return cls(power, balance, torque, wheel, crank, energy)

    def __bytes__(self) -> bytes:
        flags, tail = _Flag(0), b""
        if self.balance_percent is not None:
            flags |= _Flag.BALANCE
            tail += struct.pack("<B", round(self.balance_percent * 2))
        if self.torque_nm is not None:
            flags |= _Flag.TORQUE
            tail += struct.pack("<H", round(self.torque_nm * 32))
        if self.wheel is not None:
            flags |= _Flag.WHEEL
            tail += struct.pack("<IH", self.wheel[0], round(self.wheel[1] * 2048))
        if self.crank is not None:
            flags |= _Flag.CRANK
            tail += struct.pack("<HH", self.crank[0], round(self.crank[1] * 1024))
        if self.energy_j is not None:
            flags |= _Flag.ENERGY
            tail += struct.pack("<H", self.energy_j // _J_PER_KJ)
        return struct.pack("<Hh", flags, self.power_w) + tail
