"""The 28-byte notification of the open shank and insole logger (Arduino Nano 33 IoT, LSM6DS3).

Layout, little-endian: time u32 ms since power-on, acceleration 3 x f32 in g, angular velocity 3 x f32 in deg/s.
One sample a notification, so a session decodes many at once: ``decode_many`` reads a joined run of payloads.
Source: firmware of fuzzylabs/wearable-my-foot (Apache-2.0), packet format.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

WIRE_FORMAT: Final = "shank_logger"
SIZE_BYTES: Final = 28
WRAP_MS: Final = 2**32
_SAMPLE: Final = np.dtype([("time_ms", "<u4"), ("acceleration_g", "<f4", 3), ("angular_velocity_dps", "<f4", 3)])


def decode_many(payloads: Sequence[bytes]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Decode notifications of exactly 28 bytes each.

    Returns
    -------
    time_s : (n,)
        Device clock as sent, wrapping at 2³² ms.
    acceleration_mps2, angular_velocity_radps : (n, 3)
        Sensor axes. A value that is not finite in the payload is NaN here.

    Raises
    ------
    DecodeError
        For the first payload of another length.
    """
    for payload in payloads:
        if len(payload) != SIZE_BYTES:
            raise DecodeError(WIRE_FORMAT, f"{len(payload)} bytes, not {SIZE_BYTES}", payload)
    samples = np.frombuffer(b"".join(payloads), dtype=_SAMPLE)
    acceleration = samples["acceleration_g"].astype(float) * STANDARD_GRAVITY_MPS2
    angular_velocity = samples["angular_velocity_dps"].astype(float) * DEGREE_RAD
    for values in (acceleration, angular_velocity):
        values[~np.isfinite(values)] = np.nan
    return samples["time_ms"] / 1000.0, acceleration, angular_velocity


def encode(time_ms: int, acceleration_g: Sequence[float], angular_velocity_dps: Sequence[float]) -> bytes:
    """Return the notification for one sample (the inverse of ``decode_many``)."""
    sample = np.array([(time_ms % WRAP_MS, tuple(acceleration_g), tuple(angular_velocity_dps))], dtype=_SAMPLE)
    return sample.tobytes()
