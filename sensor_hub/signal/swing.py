"""``swing-0.1``: contacts of one leg, timed around its swings (see ``contacts`` for the idea)."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.signal.contacts import (
    CALIBRATION_S,
    EARLIEST_TOE_OFF_S,
    Contacts,
    Method,
    possible_acceleration,
    possible_rotation,
    resolution_quality,
)

MOVING_RADPS: Final = 2.6  # ~150 deg/s: no standing or fidgeting leg turns that fast
SWING_FRACTION: Final = 0.4  # of the fast swings seen in calibration
SHORTEST_SWING_S: Final = 0.1
LONGEST_SWING_S: Final = 1.0
CONTACT_SEARCH_S: Final = 0.2  # after the swing ends
LONGEST_CONTACT_S: Final = 1.5  # walking slowly; longer is standing
HISTORY_S: Final = 3.0
# One standard deviation of a contact time until a force plate says better; ours, of the order of what field methods
# leave once their bias is taken off.
CONTACT_SD_S: Final = 0.020


class SwingDetector:
    """Contacts of one leg from an IMU on the foot or the shank, worn in any orientation."""

    feet_seen = 1
    needs_gyroscope = True

    def __init__(self, mount: Mount = "shank") -> None:
        self.method = Method("swing-0.1", mount, "", "", CONTACT_SD_S, CONTACT_SD_S, "none")
        self._axis: FloatArray | None = None
        self._swing_radps = 0.0
        self._clear()

    def _clear(self) -> None:
        self._t = np.empty(0)
        self._impact = np.empty(0)
        self._rotation = np.empty((0, 3))
        self._cursor_s = -np.inf
        self._open: tuple[float, float] | None = None  # initial contact, sample interval there

    def usable(self, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> BoolArray:
        """(n,) True where all axes of both sensors are known."""
        whole: BoolArray = np.logical_and.reduce(possible_acceleration(acceleration_mps2), axis=1)
        return whole & possible_rotation(rotation_radps)

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Contacts:
        """Take samples; those that are not usable are left out."""
        whole = self.usable(acceleration_mps2, rotation_radps)
        acceleration = acceleration_mps2[whole]
        self._t = np.concatenate([self._t, t_s[whole]])
        self._impact = np.concatenate([self._impact, np.sqrt(np.einsum("ij,ij->i", acceleration, acceleration))])
        self._rotation = np.concatenate([self._rotation, rotation_radps[whole]])
        if self._axis is None and not self._calibrate():
            return Contacts.none()
        return self._scan(final=False)

    def flush(self) -> Contacts:
        """End the stretch; the axis stays known."""
        found = self._scan(final=True) if self._axis is not None else Contacts.none()
        if self._open is not None:
            found = Contacts.concatenate([found, self._contact(np.nan, self._open[1])])
        self._clear()
        return found

    def _calibrate(self) -> bool:
        """Find the axis the leg swings about, from the first seconds of fast movement."""
        if not len(self._t):
            return False
        speed = np.sqrt(np.einsum("ij,ij->i", self._rotation, self._rotation))
        moving = np.nonzero(speed > MOVING_RADPS)[0]
        if not len(moving):
            self._drop_before(self._t[-1] - HISTORY_S)
            return False
        first_s = self._t[moving[0]]
        if self._t[-1] < first_s + CALIBRATION_S:
            return False
        window = self._rotation[(self._t >= first_s) & (self._t < first_s + CALIBRATION_S)]
        _, vectors = np.linalg.eigh(window.T @ window)
        about = window @ vectors[:, -1]
        half = np.percentile(np.abs(about), 99) / 2
        # The swing lobe is broader than the spikes the other way around contact and toe-off.
        sign = 1.0 if np.count_nonzero(about > half) >= np.count_nonzero(about < -half) else -1.0
        self._axis = sign * vectors[:, -1]
        self._cursor_s = first_s - LONGEST_SWING_S  # nothing older is sure to be still here
        self._swing_radps = max(SWING_FRACTION * float(np.percentile(sign * about, 98)), MOVING_RADPS / 2)
        return True

    def _drop_before(self, t_s: float) -> None:
        keep = int(np.searchsorted(self._t, t_s))
        self._t, self._impact, self._rotation = self._t[keep:], self._impact[keep:], self._rotation[keep:]

    def _scan(self, *, final: bool) -> Contacts:
        found: list[Contacts] = []
        if self._axis is None or not len(self._t):
            return Contacts.none()
        # einsum, not @: a matrix product may sum in another order for another number of rows
        about: FloatArray = np.einsum("ij,j->i", self._rotation, self._axis)
        while (swing := self._next_swing(about, final=final)) is not None:
            begin, end = swing
            if self._t[end] - self._t[begin] < SHORTEST_SWING_S:
                continue  # a shake, not a swing
            if self._open is not None:
                found.append(self._close(about, begin))
            self._open = self._initial_contact(end)
        if self._cursor_s > self._t[0] + 2 * HISTORY_S:
            self._drop_before(self._cursor_s - HISTORY_S)
        return Contacts.concatenate(found)

    def _next_swing(self, about: FloatArray, *, final: bool) -> tuple[int, int] | None:
        """Return the samples where the next swing begins and has ended, once its contact can be searched."""
        while True:
            at = int(np.searchsorted(self._t, self._cursor_s, side="right"))
            above = np.nonzero(about[at:] > self._swing_radps)[0]
            if not len(above):
                self._cursor_s = self._t[-1]
                return None
            fast = at + int(above[0])
            limit = int(np.searchsorted(self._t, self._t[fast] + LONGEST_SWING_S, side="right"))
            ended = np.nonzero(about[fast:limit] < 0)[0]
            if not len(ended):
                if limit == len(self._t):
                    return None  # still swinging
                self._cursor_s = self._t[limit]
                continue
            end = fast + int(ended[0])
            if not final and self._t[-1] < self._t[end] + CONTACT_SEARCH_S:
                return None
            back = int(np.searchsorted(self._t, self._t[fast] - LONGEST_SWING_S))
            slow = np.nonzero(about[back:fast] <= 0)[0]
            begin = back + int(slow[-1]) if len(slow) else back
            self._cursor_s = self._t[end]
            return begin, end

    def _initial_contact(self, end: int) -> tuple[float, float] | None:
        stop = int(np.searchsorted(self._t, self._t[end] + CONTACT_SEARCH_S, side="right"))
        if stop - end < 2:
            return None
        rise = np.diff(self._impact[end - 1 : stop])
        i = end - 1 + int(np.argmax(rise))
        return float((self._t[i] + self._t[i + 1]) / 2), float(self._t[i + 1] - self._t[i])

    def _close(self, about: FloatArray, begin: int) -> Contacts:
        """Return the open contact with its toe-off, now that the next swing begins at sample ``begin``."""
        assert self._open is not None  # noqa: S101 -- for the type checker; the caller has looked
        contact_s, interval_s = self._open
        self._open = None
        if self._t[begin] - contact_s > LONGEST_CONTACT_S:
            return self._contact(np.nan, interval_s, contact_s)
        start = int(np.searchsorted(self._t, contact_s + EARLIEST_TOE_OFF_S))
        if begin - start < 1:
            return self._contact(np.nan, interval_s, contact_s)
        i = start + int(np.argmin(about[start : begin + 1]))
        interval_s = max(interval_s, float(self._t[min(i + 1, len(self._t) - 1)] - self._t[max(i - 1, 0)]) / 2)
        return self._contact(float(self._t[i]), interval_s, contact_s)

    def _contact(self, toe_off_s: float, interval_s: float, contact_s: float | None = None) -> Contacts:
        if contact_s is None:
            assert self._open is not None  # noqa: S101 -- for the type checker; flush has looked
            contact_s = self._open[0]
        sd = float(np.hypot(CONTACT_SD_S, 0.408 * interval_s))
        columns = [np.array([v]) for v in (contact_s, toe_off_s, sd, resolution_quality(interval_s), np.nan)]
        return Contacts(columns[0], columns[1], columns[2], columns[3], columns[4], np.array([False]))
