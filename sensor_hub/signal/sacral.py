"""``sacral-0.1``: contacts of both feet from low-passed acceleration at the sacrum (see ``contacts`` for the idea)."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.signal.contacts import (
    CALIBRATION_S,
    EARLIEST_TOE_OFF_S,
    Contacts,
    Method,
    possible_acceleration,
    resolution_quality,
)
from sensor_hub.units import STANDARD_GRAVITY_MPS2

ON_BW: Final = 0.25
SHORTEST_STRETCH_S: Final = 1.0  # less than a stride may be one flight, whose mean points anywhere
# 22 ms between the means of 16 open trials of one runner against treadmill force at 20 N, rounded up.
CONTACT_SD_S: Final = 0.025


class SacralDetector:
    """Contacts of both feet, one after the other, from low-passed acceleration at the sacrum.

    The vertical is the mean acceleration of the first three seconds; axes the sensor lacks (NaN) count as zero.
    """

    feet_seen = 2
    needs_gyroscope = False
    method = Method("sacral-0.1", "sacrum", "", "", CONTACT_SD_S, CONTACT_SD_S, "none")

    def __init__(self) -> None:
        self._vertical: FloatArray | None = None
        self._clear()

    def _clear(self) -> None:
        self._t = np.empty(0)
        self._acceleration = np.empty((0, 3))
        self._on_s: float | None = None
        self._last: tuple[float, float] | None = None  # time and vertical acceleration of the last sample seen

    def usable(self, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> BoolArray:
        """(n,) True where any axis of the acceleration is known."""
        del rotation_radps
        known: BoolArray = np.logical_or.reduce(possible_acceleration(acceleration_mps2), axis=1)
        return known

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Contacts:
        """Take samples; the gyroscope is not used."""
        del rotation_radps
        known = possible_acceleration(acceleration_mps2)
        whole = known.any(axis=1)
        acceleration = np.where(known, acceleration_mps2, 0.0)[whole]
        if self._vertical is not None:
            return self._crossings(t_s[whole], acceleration)
        self._t = np.concatenate([self._t, t_s[whole]])
        self._acceleration = np.concatenate([self._acceleration, acceleration])
        if not len(self._t) or self._t[-1] < self._t[0] + CALIBRATION_S:
            return Contacts.none()
        return self._calibrate()

    def _calibrate(self) -> Contacts:
        mean = self._acceleration[self._t < self._t[0] + CALIBRATION_S].mean(axis=0)
        length = float(np.linalg.norm(mean))
        self._vertical = mean / length if length > 0 else np.array([0.0, 0.0, 1.0])
        held, self._t, self._acceleration = (self._t, self._acceleration), np.empty(0), np.empty((0, 3))
        return self._crossings(*held)

    def flush(self) -> Contacts:
        """End the stretch; a contact whose end was not seen is returned without toe-off."""
        found = Contacts.none()
        if self._vertical is None and len(self._t) and self._t[-1] - self._t[0] >= SHORTEST_STRETCH_S:
            found = self._calibrate()
            self._vertical = None  # good enough for this stretch; the next one may tell it better
        if self._on_s is not None:
            found = Contacts.concatenate([found, _contact(self._on_s, np.nan, 0.0)])
        self._clear()
        return found

    def _crossings(self, t_s: FloatArray, acceleration: FloatArray) -> Contacts:
        if not len(t_s) or self._vertical is None:
            return Contacts.none()
        # einsum, not @: a matrix product may sum in another order for another number of rows
        up_bw = np.einsum("ij,j->i", acceleration, self._vertical) / STANDARD_GRAVITY_MPS2
        if self._last is not None:
            t_s, up_bw = np.concatenate([[self._last[0]], t_s]), np.concatenate([[self._last[1]], up_bw])
        self._last = float(t_s[-1]), float(up_bw[-1])
        loaded = up_bw > ON_BW
        found: list[Contacts] = []
        for i in np.nonzero(loaded[1:] != loaded[:-1])[0].tolist():
            share = (ON_BW - up_bw[i]) / (up_bw[i + 1] - up_bw[i])
            crossing_s = float(t_s[i] + share * (t_s[i + 1] - t_s[i]))
            if loaded[i + 1]:
                self._on_s = crossing_s
            elif self._on_s is not None:
                if crossing_s - self._on_s >= EARLIEST_TOE_OFF_S:
                    quality = resolution_quality(float(t_s[i + 1] - t_s[i]))
                    found.append(_contact(self._on_s, crossing_s, quality))
                self._on_s = None
        return Contacts.concatenate(found)


def _contact(on_s: float, off_s: float, quality: float) -> Contacts:
    columns = [np.array([v]) for v in (on_s, off_s, CONTACT_SD_S, quality, np.nan)]
    return Contacts(columns[0], columns[1], columns[2], columns[3], columns[4], np.array([False]))
