"""JSON lines over the Nordic UART Service, for boards that run JavaScript (Espruino Puck.js, Bangle.js) or others.

One line a sample, ended by a line feed, cut over notifications in any way: ``{"t":1234,"ax":0.01,"ay":-0.98,"az":0.1,
"gx":1.5,"gy":-220,"gz":3}``. ``t`` milliseconds of the device's clock, ``ax ay az`` acceleration in g with gravity,
``gx gy gz`` angular velocity in deg/s; each of the three groups may be left out, and ``null`` is an unknown value. Text
before the first brace of a line is the prompt of the board's console and is skipped. A line with a time that repeats
one of the newest sixteen is a copy.

A Puck.js 2 becomes such a sensor by this program; it sets the ranges that running needs (±16 g, ±2000 deg/s)::

    function line(d) {
      Bluetooth.println(JSON.stringify({
        t: Math.round(getTime() * 1000),
        ax: d.acc.x * 0.000488, ay: d.acc.y * 0.000488, az: d.acc.z * 0.000488,
        gx: d.gyro.x * 0.07, gy: d.gyro.y * 0.07, gz: d.gyro.z * 0.07
      }));
    }
    NRF.on("connect", function () {
      Puck.accelOn(52);
      Puck.accelWr(0x10, (Puck.accelRd(0x10) & 0xF3) | 0x04);
      Puck.accelWr(0x11, Puck.accelRd(0x11) | 0x0C);
      Puck.on("accel", line);
    });
    NRF.on("disconnect", function () { Puck.accelOff(); Puck.removeListener("accel", line); });

Source: Espruino reference, Puck (raw values of the chip), and ST, data sheet of the LSM6DS3TR-C (0.488 mg and 70 mdeg/s
a count at those ranges). The keys are ours. Validity: about fifty lines a second fit over the air.
"""

import json
import math
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import numpy as np

from sensor_hub.decoders.frames import Failure, merged
from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY, Samples
from sensor_hub.errors import DecodeError
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.units import DEGREE_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2

WIRE_FORMAT: Final = "json_lines"
LONGEST_LINE: Final = 240  # bytes; ours
_REMEMBERED: Final = 16
_CONSOLE: Final = b" \t\r>"  # an empty line, or a prompt alone
_GROUPS: Final = (("ax", "ay", "az", ACCELERATION), ("gx", "gy", "gz", ANGULAR_VELOCITY))
_UNKNOWN: Final = (np.nan, np.nan, np.nan)
_SCALES: Final = np.repeat([STANDARD_GRAVITY_MPS2, DEGREE_RAD], 3)


class JsonLinesDecoder:
    """Decodes the lines of one device; see the module for the format.

    A sample belongs to the notification in which its line ended. A line that is no JSON object, lacks a part of a group
    or holds neither group is a failure; so is one longer than ``LONGEST_LINE``, in the notification in which it became
    so. The other lines that end in such a notification give nothing.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        del profile  # the lines say everything
        self._begun = b""  # a line without its end
        self._is_skipping = False  # the rest of a line that was too long
        self._recent: deque[bytes] = deque(maxlen=_REMEMBERED)  # lines that say when they were taken

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode notifications of 6e400003, in order of arrival."""
        del characteristic
        owners: list[int] = []
        rows: list[tuple[float | None, ...]] = []
        measured: list[int] = []
        failures: list[Failure] = []
        for owner, line in self._lines(payloads):
            try:
                row = _row(line)
            except DecodeError as error:
                failures.append((owner, error))
                continue
            if row is None or line in self._recent:
                continue
            if row[0][0] is not None:
                self._recent.append(line)
            owners.append(owner)
            rows.append(row[0])
            measured.append(row[1])
        if not rows:
            return merged((), _first_each(failures))
        notification = np.array(owners, np.int64)
        kept = ~np.isin(notification, [owner for owner, _ in failures])
        values = np.array(rows, float)[kept]  # None becomes NaN
        si = values[:, 1:] * _SCALES
        carried = np.array(measured, np.uint8)[kept]
        return Samples(
            notification[kept], values[:, 0] / MS_PER_S, si[:, :3], si[:, 3:], carried, tuple(_first_each(failures))
        )

    def _lines(self, payloads: Sequence[bytes]) -> list[tuple[int, bytes]]:
        """Return lines that ended or became too long, with the notification in which they did."""
        ends = list(accumulate(map(len, payloads)))
        found = []
        at = -len(self._begun)  # where a line begins, counted from the first byte of these payloads
        *lines, rest = (self._begun + b"".join(payloads)).split(b"\n")
        for line in lines:
            if self._is_skipping:
                self._is_skipping = False
            else:
                found.append((bisect_right(ends, at + min(len(line), LONGEST_LINE)), line))
            at += len(line) + 1
        if self._is_skipping:
            rest = b""
        elif len(rest) > LONGEST_LINE:
            found.append((bisect_right(ends, at + LONGEST_LINE), rest))
            self._is_skipping, rest = True, b""
        self._begun = rest
        return found


def _first_each(failures: Sequence[Failure]) -> list[Failure]:
    """Return the first failure of each notification."""
    return [f for before, f in zip([None, *failures], failures, strict=False) if before is None or before[0] != f[0]]


def _row(line: bytes) -> tuple[tuple[float | None, ...], int] | None:
    """Return ((t, ax, ay, az, gx, gy, gz) as sent, what is measured); None for a line of the console."""
    if len(line) > LONGEST_LINE:
        raise DecodeError(WIRE_FORMAT, f"a line of more than {LONGEST_LINE} bytes", line[:LONGEST_LINE])
    begin = line.find(b"{")
    if begin < 0:
        if not line.strip(_CONSOLE):
            return None
        raise DecodeError(WIRE_FORMAT, "a line without a JSON object", line)
    try:
        said = json.loads(line[begin:].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DecodeError(WIRE_FORMAT, "not JSON", line) from error
    values: list[float | None] = [_number(said.get("t"), "t", line)]
    measured = 0
    for x, y, z, bit in _GROUPS:
        if x in said and y in said and z in said:
            measured |= bit
            values += (_number(said[x], x, line), _number(said[y], y, line), _number(said[z], z, line))
        elif x in said or y in said or z in said:
            raise DecodeError(WIRE_FORMAT, f"not all of {x} {y} {z}", line)
        else:
            values += _UNKNOWN
    if not measured:
        raise DecodeError(WIRE_FORMAT, "neither ax ay az nor gx gy gz", line)
    return tuple(values), measured


def _number(value: Any, name: str, line: bytes) -> float | None:
    if value is None or type(value) is int:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else None
    raise DecodeError(WIRE_FORMAT, f"{name} is no number", line)
