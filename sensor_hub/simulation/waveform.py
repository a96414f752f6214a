"""What an IMU on a simulated lower leg feels during one stride.

Two phases: 0 to 1 from initial contact to the fastest backward rotation of push-off, 1 to 2 from there to the same
foot's next contact. The knots are read off, rounded, from the median stride of one public recording of a real run
(fuzzylabs/wearable-my-foot, Apache-2.0, 70 strides at 173 steps/min); the impact is added in seconds, because the
ringing of a strap does not slow down with the runner. The shape is of one person and one mounting: good enough to
exercise a detector, no evidence that the detector is right about people.

Axes are the recording's: x across the leg (swing is negative rotation about it), y along it, z fore and aft.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray

SHAPE_SPEED_MPS: Final = 3.4  # the population's speed at the recording's step rate
STANDING_ACCELERATION_G: Final = np.array([0.12, 0.57, 0.813])  # of length 1: gravity in the recording's axes
ACCELEROMETER_RANGE_G: Final = 16.0
GYROSCOPE_RANGE_DPS: Final = 2000.0
IMPACT_G: Final = 19.0
IMPACT_DECAY_S: Final = 0.022
IMPACT_PERIOD_S: Final = 0.042
IMPACT_SPIKE_DPS: Final = 620.0
_SPIKE_LEAD_S: Final = 0.004
_SPIKE_WIDTH_S: Final = 0.011

# (phase, value), deg/s and g.
_ROTATION: Final = {
    "x": [
        (0.0, 110), (0.15, 75), (0.27, 60), (0.39, 52), (0.52, 67), (0.64, 157), (0.76, 312), (0.88, 455), (1.0, 522),
        (1.02, 513), (1.04, 480), (1.08, 347), (1.11, 240), (1.14, 190), (1.17, 236), (1.21, 300), (1.25, 285),
        (1.28, 236), (1.32, 183), (1.36, 120), (1.4, -12), (1.44, -170), (1.47, -303), (1.51, -400), (1.55, -465),
        (1.61, -534), (1.66, -558), (1.72, -584), (1.755, -588), (1.795, -535), (1.83, -420), (1.87, -210),
        (1.915, 0), (1.95, 130), (2.0, 110),
    ],
    "y": [
        (0.0, -100), (0.3, -10), (0.7, -30), (1.0, -20), (1.08, 45), (1.15, -20), (1.36, 10), (1.44, -176),
        (1.47, -150), (1.55, 30), (1.61, 134), (1.72, 185), (1.78, 110), (1.85, 150), (1.9, 100), (2.0, -100),
    ],
    "z": [
        (0.0, 90), (0.3, 0), (0.7, -40), (1.0, -100), (1.08, -25), (1.12, 90), (1.2, 48), (1.36, 150), (1.44, 40),
        (1.5, 0), (1.6, 68), (1.68, 0), (1.78, -195), (1.84, -50), (1.88, 160), (1.94, 90), (2.0, 90),
    ],
}  # fmt: skip
_ACCELERATION: Final = {
    "x": [
        (0.0, 0.2), (0.7, 0.1), (0.95, 0.6), (1.1, -0.4), (1.24, 0.45), (1.34, -0.1), (1.38, -1.05), (1.4, -1.5),
        (1.45, -0.72), (1.5, 0.0), (1.72, 0.4), (1.76, 1.6), (1.8, 2.3), (1.84, 0.2), (1.88, 2.1), (1.92, -0.7),
        (2.0, 0.0),
    ],
    "y": [
        (0.0, 1.0), (0.27, 0.9), (0.39, 0.54), (0.52, 0.15), (0.64, -0.5), (0.76, -0.8), (0.88, 0.0), (1.0, 1.9),
        (1.04, 3.74), (1.06, 4.3), (1.08, 4.0), (1.11, 2.9), (1.14, 0.8), (1.17, 0.9), (1.21, 1.78), (1.28, 1.6),
        (1.32, 1.44), (1.38, 1.72), (1.4, 1.7), (1.42, 1.36), (1.44, 0.94), (1.47, 0.63), (1.51, 1.0), (1.55, 1.6),
        (1.61, 1.8), (1.66, 2.0), (1.72, 3.1), (1.76, 4.5), (1.8, 6.6), (1.82, 6.94), (1.86, 6.35), (1.88, 5.8),
        (1.9, 4.5), (1.915, 3.6), (1.95, 3.1), (2.0, 1.0),
    ],
    "z": [
        (0.0, 1.0), (0.39, 1.03), (0.52, 1.3), (0.64, 1.7), (0.76, 1.4), (0.88, 0.97), (1.0, 1.0), (1.06, 1.6),
        (1.14, 1.2), (1.17, 1.6), (1.21, 2.55), (1.25, 2.85), (1.28, 3.28), (1.32, 3.6), (1.38, 3.93), (1.4, 3.86),
        (1.42, 2.9), (1.44, 1.99), (1.455, 1.2), (1.47, 0.78), (1.51, 0.58), (1.61, 1.0), (1.68, 1.4), (1.725, 1.65),
        (1.76, 1.1), (1.8, -0.47), (1.84, -2.3), (1.86, -4.2), (1.88, -5.5), (1.9, -4.0), (1.915, -2.6), (1.95, -1.7),
        (2.0, 1.0),
    ],
}  # fmt: skip


def _table(knots: Mapping[str, Sequence[tuple[float, float]]], phase: FloatArray) -> FloatArray:
    return np.column_stack([np.interp(phase, *np.array(knots[axis]).T) for axis in "xyz"])


def stride_rotation_dps(phase: FloatArray) -> FloatArray:
    """(n, 3) deg/s of a lower leg at phases 0 to 2, without the impact."""
    return _table(_ROTATION, phase)


def stride_acceleration_g(phase: FloatArray) -> FloatArray:
    """(n, 3) g of a lower leg at phases 0 to 2, gravity included, without the impact."""
    return _table(_ACCELERATION, phase)


def impact_rotation_dps(since_contact_s: FloatArray) -> FloatArray:
    """(n,) deg/s about x: the spike around initial contact."""
    return IMPACT_SPIKE_DPS * np.exp(-0.5 * ((since_contact_s + _SPIKE_LEAD_S) / _SPIKE_WIDTH_S) ** 2)


def impact_acceleration_g(since_contact_s: FloatArray) -> FloatArray:
    """(n, 3) g: the blow of initial contact and the ringing of leg and strap after it; zero before contact."""
    after_s = np.maximum(since_contact_s, 0.0)
    envelope = np.where(since_contact_s >= 0, IMPACT_G * np.exp(-after_s / IMPACT_DECAY_S), 0.0)
    turn = 2 * np.pi * after_s / IMPACT_PERIOD_S
    return np.column_stack([-0.3 * np.sin(turn), 0.95 * np.cos(turn), 0.8 * np.sin(turn)]) * envelope[:, None]
