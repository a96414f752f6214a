"""What every decoder of IMU bytes returns: columns, not objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray, IntArray

ACCELERATION: Final = 1
ANGULAR_VELOCITY: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples of a run of notifications, in the order in which they were sent.

    notification : (n,) index, into the payloads given, of the notification each sample came in; never falls.
    time_s : (n,) device clock, s, as sent (it may wrap); NaN where the device sends none and it must be rebuilt from
        arrival.
    acceleration_mps2, angular_velocity_radps : (n, 3) sensor axes; NaN where the frame does not carry them.
    measured : (n,) uint8, ``ACCELERATION | ANGULAR_VELOCITY``: what the frame carries.
    failures : (index of the notification, what was wrong); such a notification gives no samples.
    n_each : how many samples each of the notifications gave, if all gave as many and none failed; 0 says nothing.
    is_whole : all axes of all samples are known, and what a worn sensor can measure; False says nothing.
    """

    notification: IntArray
    time_s: FloatArray
    acceleration_mps2: FloatArray
    angular_velocity_radps: FloatArray
    measured: NDArray[np.uint8]
    failures: tuple[tuple[int, DecodeError], ...] = ()
    is_whole: bool = False
    n_each: int = 0

    def __len__(self) -> int:
        return int(self.time_s.shape[0])


class StreamDecoder(Protocol):
    """Decodes what one device sends on the characteristics its profile gives to this decoder.

    It may keep state from one notification to the next. However the payloads are grouped into calls, the samples are
    the same, bit for bit. It never raises: bytes that break the format are in ``failures``.
    """

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode notifications of one characteristic, in order of arrival."""
        ...
