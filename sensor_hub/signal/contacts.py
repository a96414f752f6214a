"""Initial contact and toe-off from one IMU: provisional methods behind the interface that will stay.

Theory. A leg's forward swing is one broad lobe of sagittal angular velocity; nothing else in running is as fast for
as long, so each swing is found first and everything else is timed around it. *Initial contact* is the steepest rise of
|acceleration| just after the swing ends; *toe-off* is the fastest opposite rotation (plantar flexion, the leg trailing)
between that contact and the next swing. Anchoring on the swing and not on a gyro minimum keeps forefoot strikers in.

At the sacrum the body's vertical acceleration, low-passed, is nearly the ground reaction force in body weights: contact
is where it is above a quarter of a body weight.

Both are ``swing-0.1`` and ``sacral-0.1``: provisional, without the correction to force-plate events. Every decision
looks only at samples inside windows of fixed length in device time, so the result does not depend on how the stream
was cut into blocks.

Idea of timing around mid-swing: Falbriard et al. 2018, doi:10.3389/fphys.2018.00610 (foot). Validity: running on firm
ground, >= 50 Hz.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS

CALIBRATION_S: Final = 3.0  # movement needed before an axis is trusted: four strides or more
EARLIEST_TOE_OFF_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Contact:
    """One foot on the ground.

    initial_contact_s, toe_off_s : device clock; toe_off_s is NaN where it was not seen.
    quality : 0 to 1, how finely the samples resolve the two events.
    """

    initial_contact_s: float
    toe_off_s: float
    contact_time_sd: float
    quality: float


class ContactDetector(Protocol):
    """Finds contacts in a stream whose time only grows, without breaks; after a break call ``flush`` and go on."""

    feet_seen: int
    needs_gyroscope: bool

    def usable(self, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> BoolArray:
        """(n,) True for the samples it can find a contact in; time without them is unknown."""
        ...

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> list[Contact]:
        """Take usable samples, (n,), (n, 3), (n, 3); return the contacts that became certain, in order."""
        ...

    def flush(self) -> list[Contact]:
        """End the stretch: return what is still open, with an unknown toe-off, and forget the samples."""
        ...


def possible_acceleration(acceleration_mps2: FloatArray) -> BoolArray:
    """(n, 3) True where a worn sensor can have measured that; NaN is none."""
    return np.abs(acceleration_mps2) <= LARGEST_MPS2


def possible_rotation(rotation_radps: FloatArray) -> BoolArray:
    """(n,) True where all three axes are what a worn gyroscope can have measured."""
    possible: BoolArray = np.abs(rotation_radps) <= LARGEST_RADPS
    whole: BoolArray = np.logical_and.reduce(possible, axis=1)
    return whole


def resolution_quality(interval_s: float) -> float:
    """1 at continuous time, 0 where the samples around an event are 50 ms apart."""
    return float(min(1.0, max(0.0, 1.0 - interval_s / 0.05)))
