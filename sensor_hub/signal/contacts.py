"""What every contact detector gives, and how it says what it is.

A detector is a causal state machine: each decision looks only at samples inside windows of fixed length in device time
that lie before the moment it is made, so the result does not depend on how the stream was cut into blocks, and a whole
hour in one block is the same code. Methods and their sources stand in their own modules; ``detectors`` is the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, Protocol

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS


@dataclass(frozen=True, slots=True)
class Method:
    """A named way of finding contacts, and what is known of it.

    name : stands in messages and reports, with its version. source : DOI or title of the idea. validity : where it
        holds.
    contact_time_sd_s : one standard deviation of a single contact time against force at 20 N, finely sampled.
    bias_bound_s : how far the mean contact time of a session may lie from a force plate's at 20 N, for some 95 % of
        people by the evidence.
    lowest_rate_hz : samples a second below which it times nothing, nor finds every contact; such time is unknown.
    evidence : on what data SD and bound rest, with n.
    """

    name: str
    mount: Mount
    source: str
    validity: str
    contact_time_sd_s: float
    bias_bound_s: float
    lowest_rate_hz: float
    evidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Feet on the ground as columns, in order of initial contact; NaN is unknown.

    initial_contact_s, toe_off_s : (n,) device clock, at a force of 20 N after the method's declared correction.
    contact_time_sd : (n,) s, one standard deviation of their difference.
    quality : (n,) 0 to 1: how well the samples showed the two events.
    foot_pitch_rad : (n,) angle of the sole to the ground at initial contact, toes up positive; NaN where the mount
        does not tell.
    clipped : (n,) True where a sample the two events rest on was at the sensor's range.
    """

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    contact_time_sd: FloatArray
    quality: FloatArray
    foot_pitch_rad: FloatArray
    clipped: BoolArray

    def __len__(self) -> int:
        return len(self.initial_contact_s)

    @property
    def contact_time_s(self) -> FloatArray:
        """(n,) s; NaN where toe-off was not seen."""
        return self.toe_off_s - self.initial_contact_s

    def only(self, chosen: BoolArray | slice) -> "Contacts":
        """Return the contacts chosen."""
        return Contacts(
            self.initial_contact_s[chosen],
            self.toe_off_s[chosen],
            self.contact_time_sd[chosen],
            self.quality[chosen],
            self.foot_pitch_rad[chosen],
            self.clipped[chosen],
        )

    @classmethod
    def concatenate(cls, parts: "Sequence[Contacts]") -> "Contacts":
        """Return the contacts of all parts, in the order given."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return _NONE
        return cls(*[np.concatenate([getattr(p, name) for p in parts]) for name in _COLUMNS])

    @staticmethod
    def none() -> "Contacts":
        """Return no contact."""
        return _NONE


_COLUMNS: Final = tuple(f.name for f in fields(Contacts))
_EMPTY: Final = np.empty(0)
_NONE: Final = Contacts(_EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY, np.empty(0, dtype=bool))


class ContactDetector(Protocol):
    """Finds contacts in a stream whose time only grows, without breaks; after a break call ``flush`` and go on."""

    method: Method
    feet_seen: int
    needs_gyroscope: bool

    def usable(self, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> BoolArray:
        """(n,) True for the samples it can find a contact in; time without them is unknown."""
        ...

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Contacts:
        """Take usable samples, (n,), (n, 3), (n, 3); return the contacts that became certain, in order."""
        ...

    def flush(self) -> Contacts:
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
