"""One recording through one detector, whole or sample by sample."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.contacts import ContactDetector, Contacts
from sensor_hub.signal.gaps import find_breaks


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Samples of one sensor: t_s (n,) device clock; the others (n, 3) in sensor axes, NaN where not measured."""

    t_s: FloatArray
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray

    @property
    def span_s(self) -> tuple[float, float]:
        """First and last time."""
        return float(self.t_s[0]), float(self.t_s[-1])

    def only(self, chosen: slice) -> "Recording":
        """Return the samples chosen."""
        return Recording(self.t_s[chosen], self.acceleration_mps2[chosen], self.rotation_radps[chosen])


def stretches(recording: Recording, detector: ContactDetector) -> list[Recording]:
    """Cut a recording where it breaks, and leave out what the detector cannot use, as a session does."""
    usable = detector.usable(recording.acceleration_mps2, recording.rotation_radps)
    kept = Recording(recording.t_s[usable], recording.acceleration_mps2[usable], recording.rotation_radps[usable])
    edges = [0, *(b.index for b in find_breaks(kept.t_s, None)), len(kept.t_s)]
    return [kept.only(slice(a, b)) for a, b in pairwise(edges) if b > a]


def contacts_of(recording: Recording, detector: ContactDetector) -> Contacts:
    """Return all contacts of a recording, each unbroken stretch given as one block."""
    found = []
    for part in stretches(recording, detector):
        found.append(detector.receive(part.t_s, part.acceleration_mps2, part.rotation_radps))
        found.append(detector.flush())
    return Contacts.concatenate([f for f in found if len(f)])


def told_of(recording: Recording, detector: ContactDetector) -> tuple[Contacts, FloatArray]:
    """Return the contacts, and for each the time of the sample on which it was told; NaN if only the end told it."""
    found, told_s = [], []
    for part in stretches(recording, detector):
        for i in range(len(part.t_s)):
            one = part.only(slice(i, i + 1))
            contacts = detector.receive(one.t_s, one.acceleration_mps2, one.rotation_radps)
            if len(contacts):
                found.append(contacts)
                told_s.append(np.full(len(contacts), one.t_s[0]))
        last = detector.flush()
        if len(last):
            found.append(last)
            told_s.append(np.full(len(last), np.nan))
    return Contacts.concatenate(found), np.concatenate(told_s) if told_s else np.empty(0)
