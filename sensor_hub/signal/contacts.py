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

from sensor_hub.model.arrays import FloatArray

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

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> list[Contact]:
        """Take samples, (n,), (n, 3), (n, 3); return the contacts that became certain, in order."""
        ...

    def flush(self) -> list[Contact]:
        """End the stretch: return what is still open, with an unknown toe-off, and forget the samples."""
        ...


def resolution_quality(interval_s: float) -> float:
    """1 at continuous time, 0 where the samples around an event are 50 ms apart."""
    return float(min(1.0, max(0.0, 1.0 - interval_s / 0.05)))
