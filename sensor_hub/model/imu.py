"""Samples of an inertial measurement unit."""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.arrays import BoolArray, FloatArray

# Beyond any sensor that is worn: such a value is damage, so it is unknown.
LARGEST_MPS2: Final = 10_000.0
LARGEST_RADPS: Final = 1_000.0
LARGEST_CLOCK_S: Final = 1e11  # three thousand years; a larger number could not tell milliseconds either


@dataclass(frozen=True, slots=True, eq=False)
class ImuBlock:
    """Consecutive samples of one IMU; each carries its own time, because real loggers jitter.

    device : pseudonym of the sensor.
    t_s : (n,) device clock, s, as the device counts it (may run backwards in faulty files; nobody repairs it here).
    acceleration_mps2 : (n, 3), m/s², sensor axes x, y, z; gravity included (a resting sensor reads 9.81 upwards).
    angular_velocity_radps : (n, 3), rad/s, same axes, right-handed; NaN where the device has no gyroscope.
    is_whole : all values are known to be numbers that a worn sensor can measure; False says nothing.
    """

    device: str
    t_s: FloatArray
    acceleration_mps2: FloatArray
    angular_velocity_radps: FloatArray
    is_whole: bool = False

    def __len__(self) -> int:
        return int(self.t_s.shape[0])

    def slice(self, start: int, stop: int) -> "ImuBlock":
        """Samples ``[start, stop)`` as a block of their own."""
        cut = slice(start, stop)
        return ImuBlock(
            self.device,
            self.t_s[cut],
            self.acceleration_mps2[cut],
            self.angular_velocity_radps[cut],
            self.is_whole,
        )

    def only(self, chosen: BoolArray) -> "ImuBlock":
        """Samples where ``chosen`` (n,) is True as a block of their own."""
        return ImuBlock(
            self.device,
            self.t_s[chosen],
            self.acceleration_mps2[chosen],
            self.angular_velocity_radps[chosen],
            self.is_whole,
        )
