"""The 28-byte notification of the open shank logger, and a profile that declares it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sensor_hub.model.profile import DeviceProfile, Layout, LayoutField, Quantity
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

_SAMPLE: Final = np.dtype([("time_ms", "<u4"), ("acceleration_g", "<f4", 3), ("angular_velocity_dps", "<f4", 3)])
_ACC: tuple[Quantity, ...] = ("acceleration_x_mps2", "acceleration_y_mps2", "acceleration_z_mps2")
_GYRO: tuple[Quantity, ...] = ("angular_velocity_x_radps", "angular_velocity_y_radps", "angular_velocity_z_radps")
SHANK: Final = Layout(
    "shank",
    (
        LayoutField("time_s", "u32", 0.001),
        *(LayoutField(q, "f32", STANDARD_GRAVITY_MPS2) for q in _ACC),
        *(LayoutField(q, "f32", DEGREE_RAD) for q in _GYRO),
    ),
    frame_bytes=28,
)
SHANK_LOGGER: Final = DeviceProfile(
    "imu",
    1,
    "IMU",
    ("*",),
    {"2fff": "layout:shank"},
    "imu",
    "documented",
    "-",
    layouts={"shank": SHANK},
    sampling_rate_hz=100.0,
    stale_timeout_s=2.0,
    timestamp="last_sample",
    timestamp_wrap_bits=32,
    timestamp_tick_s=0.001,
    mount="shank",
)


def encode(time_ms: int, acceleration_g: Sequence[float], angular_velocity_dps: Sequence[float]) -> bytes:
    """One sample."""
    sample = np.array([(time_ms % 2**32, tuple(acceleration_g), tuple(angular_velocity_dps))], dtype=_SAMPLE)
    return sample.tobytes()
