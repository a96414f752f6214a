"""Samples of one device between its decoder and its stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.units import US_PER_S

MEASURED_BOTH: Final = ACCELERATION | ANGULAR_VELOCITY


@dataclass(frozen=True, slots=True, eq=False)
class TimedSamples:
    """Rows of one device, in the order in which they were sent.

    t_s : (n,) device clock, unwrapped, s; NaN while it is not known yet.
    acceleration_mps2, angular_velocity_radps : (n, 3) axes of the body part; NaN where not measured.
    measured : (n,) what the frame carries, as in ``decoders.samples.Samples``.
    arrival_us : (n,) UTC µs at which the notification of each sample arrived.
    offset_us : (n,) arrival minus device time of the newest sample in the same notification, µs: the smaller, the less
        it was delayed; NaN while times are not known.
    is_whole : as in ``decoders.samples.Samples``.
    """

    t_s: FloatArray
    acceleration_mps2: FloatArray
    angular_velocity_radps: FloatArray
    measured: NDArray[np.uint8]
    arrival_us: FloatArray
    offset_us: FloatArray
    is_whole: bool = False

    def __len__(self) -> int:
        return len(self.t_s)

    def only(self, chosen: BoolArray | slice) -> "TimedSamples":
        """Return the rows chosen."""
        return TimedSamples(
            self.t_s[chosen],
            self.acceleration_mps2[chosen],
            self.angular_velocity_radps[chosen],
            self.measured[chosen],
            self.arrival_us[chosen],
            self.offset_us[chosen],
            self.is_whole,
        )

    def at(self, t_s: FloatArray, newest_s: FloatArray | float) -> "TimedSamples":
        """Return the same rows at (n,) times; the newest sample of each one's notification is at (n,) or one time."""
        offset_us = self.arrival_us - np.asarray(newest_s) * US_PER_S
        return TimedSamples(
            t_s,
            self.acceleration_mps2,
            self.angular_velocity_radps,
            self.measured,
            self.arrival_us,
            offset_us,
            self.is_whole,
        )

    def block(self, device: str) -> ImuBlock:
        """Return them as the samples of an IMU."""
        return ImuBlock(device, self.t_s, self.acceleration_mps2, self.angular_velocity_radps, self.is_whole)


def concatenated(parts: Sequence[TimedSamples]) -> TimedSamples:
    """Return the rows of all parts, in the order given; there must be one."""
    if len(parts) == 1:
        return parts[0]
    return TimedSamples(
        np.concatenate([p.t_s for p in parts]),
        np.concatenate([p.acceleration_mps2 for p in parts]),
        np.concatenate([p.angular_velocity_radps for p in parts]),
        np.concatenate([p.measured for p in parts]),
        np.concatenate([p.arrival_us for p in parts]),
        np.concatenate([p.offset_us for p in parts]),
    )
