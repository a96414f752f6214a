"""From what a segment does to what a sensor on it reports: bandwidth, orientation, noise, range, clock and faults."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

BANDWIDTH: Final = 0.4  # of the sample rate, where a sensor's own filter usually is set; ours
ACCELERATION_NOISE_MPS2: Final = 0.05
ROTATION_NOISE_RADPS: Final = 0.3 * DEGREE_RAD
_GAUSSIAN_3DB: Final = 0.1325  # s·Hz: standard deviation of a Gaussian times the frequency at which it passes 1/√2
_ROWS: Final = {
    "gyroscope": ([], [0, 1, 2]),
    "acceleration_x": ([0], []), "acceleration_y": ([1], []), "acceleration_z": ([2], []),
    "rotation_x": ([], [0]), "rotation_y": ([], [1]), "rotation_z": ([], [2]),
}  # fmt: skip
Missing = Literal[
    "gyroscope", "acceleration_x", "acceleration_y", "acceleration_z", "rotation_x", "rotation_y", "rotation_z"
]


@dataclass(frozen=True, slots=True, eq=False)
class Slip:
    """From a moment on the sensor has turned further on its segment; turn is (3, 3), from its old axes to its new."""

    at_s: float
    turn: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """Where a sensor sits and how good it is.

    side : "L" or "R"; without meaning at the sacrum. rate_hz : samples a second.
    jitter_s : one standard deviation of a sample's time around its even place, at most 0.45 of an interval away.
    lost : fraction of samples that never arrive, at random.
    noise : factor on the white noise, 0.05 m/s² and 0.3 deg/s. bandwidth_hz : -3 dB of the sensor's own filter, without
        delay; None is 0.4 of the rate.
    ranges : (m/s², rad/s) at which it clips; 16 g and 2,000 deg/s.
    turn : (3, 3) rotation from segment axes (x forward, y left, z up when standing) to sensor axes; None is none.
    slip : turns it further. rotation_offset_radps : (x, y, z) of an uncalibrated gyroscope, sensor axes.
    missing : what the sensor does not report: NaN.
    """

    mount: Mount
    side: Literal["L", "R"] = "L"
    rate_hz: float = 200.0
    jitter_s: float = 0.0
    lost: float = 0.0
    noise: float = 1.0
    bandwidth_hz: float | None = None
    ranges: tuple[float, float] = (16 * STANDARD_GRAVITY_MPS2, 2000 * DEGREE_RAD)
    turn: FloatArray | None = field(default=None)
    slip: Slip | None = None
    rotation_offset_radps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    missing: Missing | None = None

    def __post_init__(self) -> None:
        if not 10 <= self.rate_hz <= 1000:
            raise ValueError(f"sensors are simulated at 10 to 1,000 Hz, not {self.rate_hz}")
        if not 0 <= self.lost < 1 or self.jitter_s < 0 or self.noise < 0:
            raise ValueError("lost is a fraction below 1; jitter and noise are 0 or more")
        for turn in (self.turn, self.slip.turn if self.slip is not None else None):
            if turn is not None and not (np.allclose(turn @ turn.T, np.eye(3)) and np.linalg.det(turn) > 0):
                raise ValueError("a turn is a rotation matrix, (3, 3)")


def sample_times_s(fitting: Fitting, duration_s: float, rng: np.random.Generator) -> FloatArray:
    """(n,) s, rising, within the recording."""
    even = np.arange(int(duration_s * fitting.rate_hz)) / fitting.rate_hz
    reach = 0.45 / fitting.rate_hz
    t_s = even + np.clip(rng.normal(0, 1, len(even)) * fitting.jitter_s, -reach, reach)
    return np.asarray(np.maximum(t_s[rng.random(len(t_s)) >= fitting.lost], 0.0))


def smooth(values: FloatArray, fitting: Fitting, grid_hz: float) -> FloatArray:
    """(n,) after the sensor's own filter: Gaussian, without delay."""
    bandwidth_hz = fitting.bandwidth_hz or BANDWIDTH * fitting.rate_hz
    sd = _GAUSSIAN_3DB / bandwidth_hz * grid_hz
    reach = int(np.ceil(4 * sd))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sd) ** 2)
    padded = np.pad(values, reach, mode="edge")
    return np.convolve(padded, weights / weights.sum(), mode="valid")


def sensed(
    fitting: Fitting, t_s: FloatArray, acceleration: FloatArray, rotation: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """(n, 3), (n, 3) in sensor axes, with noise, range and what is missing."""
    if fitting.turn is not None:
        acceleration, rotation = acceleration @ fitting.turn.T, rotation @ fitting.turn.T
    if fitting.slip is not None:
        late = t_s >= fitting.slip.at_s
        acceleration[late] = acceleration[late] @ fitting.slip.turn.T
        rotation[late] = rotation[late] @ fitting.slip.turn.T
    acceleration = acceleration + rng.normal(0, 1, acceleration.shape) * fitting.noise * ACCELERATION_NOISE_MPS2
    rotation = rotation + rng.normal(0, 1, rotation.shape) * fitting.noise * ROTATION_NOISE_RADPS
    rotation += np.array(fitting.rotation_offset_radps)
    acceleration = np.clip(acceleration, -fitting.ranges[0], fitting.ranges[0])
    rotation = np.clip(rotation, -fitting.ranges[1], fitting.ranges[1])
    if fitting.missing is not None:
        lost_acceleration, lost_rotation = _ROWS[fitting.missing]
        acceleration[:, lost_acceleration] = np.nan
        rotation[:, lost_rotation] = np.nan
    return acceleration, rotation
