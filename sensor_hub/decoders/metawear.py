"""MbientLab MetaMotion (MetaWear API): frames ``module u8, register u8, data``.

Acceleration is module 03, angular velocity module 13; a data frame holds one sample (6 bytes) or three (18 bytes,
"packed") of x, y, z i16. A count is what the range in the profile's start commands makes it: ``03 03 odr range`` and
``13 03 odr range``. The two chips number the ranges of acceleration differently, and are told apart by the register
that is subscribed: 1C for the packed data of a BMI160, 05 of a BMI270. The frames carry no time.

Source: MbientLab, MetaWear SDK for C++, registers and scales of the BMI160 and BMI270 modules.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sensor_hub.decoders.frames import Failure, Payloads, Piece, merged
from sensor_hub.decoders.samples import Samples
from sensor_hub.errors import DecodeError
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

WIRE_FORMAT: Final = "metawear"
ACC: Final = 0x03
GYRO: Final = 0x13
_NAMES: Final = {ACC: "acceleration", GYRO: "angular velocity"}
_DATA: Final = {ACC: (0x04, 0x05, 0x1C), GYRO: (0x04, 0x05, 0x07)}
_CONFIG: Final = 0x03
_PACKED_160: Final = bytes([ACC, 0x1C])
_COMMANDS: Final = "326a9001"
_HEAD_BYTES: Final = 2
_SAMPLE_BYTES: Final = 6
_BMI160_PER_G: Final = {0x3: 16384, 0x5: 8192, 0x8: 4096, 0xC: 2048}
_BMI270_PER_G: Final = {0: 16384, 1: 8192, 2: 4096, 3: 2048}
_PER_DPS: Final = {0: 16.4, 1: 32.8, 2: 65.6, 3: 131.2, 4: 262.4}


class MetaWearDecoder:
    """Decodes what one MetaMotion sends; see the module for the format.

    Each frame gives acceleration or angular velocity alone, and no time. Other modules (button, battery, settings) give
    nothing.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        sent = [c.payload for c in profile.start if c.characteristic.startswith(_COMMANDS)]
        per_g = _BMI160_PER_G if any(p.startswith(_PACKED_160) for p in sent) else _BMI270_PER_G
        self._scales: dict[int, float] = {}
        for payload in sent:
            if len(payload) == 4 and payload[1] == _CONFIG:
                if payload[0] == ACC and (counts := per_g.get(payload[3] & 0x0F)):
                    self._scales[ACC] = STANDARD_GRAVITY_MPS2 / counts
                elif payload[0] == GYRO and payload[3] & 0x07 in _PER_DPS:
                    self._scales[GYRO] = DEGREE_RAD / _PER_DPS[payload[3] & 0x07]

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode notifications of 326a9006, in order of arrival."""
        del characteristic
        run = Payloads(payloads)
        module, register = run.octet(0), run.octet(1)
        failures: list[Failure] = [
            (i, DecodeError(WIRE_FORMAT, f"{len(payloads[i])} bytes", payloads[i]))
            for i in np.nonzero(run.length < _HEAD_BYTES)[0].tolist()
        ]
        pieces: list[Piece] = []
        for one, registers in _DATA.items():
            is_data = (module == one) & np.isin(register, registers) & (run.length >= _HEAD_BYTES)
            for n in (1, 3):
                is_n = is_data & (run.length == _HEAD_BYTES + n * _SAMPLE_BYTES)
                is_data &= ~is_n
                which = np.nonzero(is_n)[0]
                if len(which) and one in self._scales:
                    pieces.append(self._piece(one, run, which, n))
                elif len(which):
                    problem = f"the profile's start commands set no range of {_NAMES[one]}"
                    failures += [(i, DecodeError(WIRE_FORMAT, problem, payloads[i])) for i in which.tolist()]
            failures += [
                (i, DecodeError(WIRE_FORMAT, f"{_NAMES[one]} of {len(payloads[i])} bytes, not 8 or 20", payloads[i]))
                for i in np.nonzero(is_data)[0].tolist()
            ]
        return merged(pieces, failures)

    def _piece(self, module: int, run: Payloads, which: "np.ndarray[tuple[int], np.dtype[np.int64]]", n: int) -> Piece:
        octets = run.frames(which, _HEAD_BYTES + n * _SAMPLE_BYTES)[:, _HEAD_BYTES:]
        values = np.ascontiguousarray(octets).view("<i2").reshape(-1, 3) * self._scales[module]
        time_s = np.full(len(values), np.nan)
        return Piece(np.repeat(which, n), time_s, values if module == ACC else None, values if module == GYRO else None)
