"""When a device's notifications arrived, as if nobody had set the clock of the host meanwhile.

A host that learns the time in mid-run moves every later arrival by seconds or days. A device with a clock of its own
shows it: there, one sample followed on the other, while the arrival jumped. That is no time that passed, so later
arrivals are moved back. A clock of a device that stood still would look alike, but whoever told of the link would have
said that it stalled. Where nobody told of the link, only a jump of more than ``LONGEST_STAND_S`` is the host's.

Validity: a jump while samples were lost, or after which the first to be heard is news of the link, is not seen.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensor_hub.model.arrays import FloatArray
from sensor_hub.session.timeline import EARLIEST_US, LATEST_US
from sensor_hub.signal.gaps import LONGEST_INTERVAL_S
from sensor_hub.units import US_PER_S

LONGEST_HOLD_S: Final = 10.0  # a notification is not held longer than that by a link that stays up
LONGEST_STAND_S: Final = 3600.0


class HostClock:
    """Follows the arrivals of one device, however they are cut into calls."""

    def __init__(self) -> None:
        self._shift_us = 0.0
        self._arrival_us: float | None = None  # newest, as the host told it
        self._device_s: dict[int, float] = {}  # newest of each kind of sample, since the link last changed
        self._is_told = False

    def session_us(self, arrival_us: int) -> int:
        """Return an arrival without what the host's clock was set by so far."""
        return min(max(arrival_us + round(self._shift_us), EARLIEST_US), LATEST_US)

    def link_changed(self) -> None:
        """Something happened to the link: a jump until the next sample is time that passed."""
        self._is_told = True
        self._device_s.clear()

    def follow(
        self, device_s: FloatArray, kinds: NDArray[np.uint8], arrival_us: FloatArray, period_s: float | None
    ) -> FloatArray:
        """Return (n,) arrivals without what the host's clock was set by.

        device_s : (n,) counter of the device. kinds : (n,) what each sample measured; each kind may be behind the
        others. arrival_us : (n,) UTC µs by the host. period_s : after which the counter begins anew, None if never.
        """
        before_us = float(arrival_us[0]) if self._arrival_us is None else self._arrival_us
        longest_us = (LONGEST_HOLD_S if self._is_told else LONGEST_STAND_S) * US_PER_S
        least_us, most_us = min(before_us, float(arrival_us.min())), max(before_us, float(arrival_us.max()))
        if most_us - least_us <= longest_us:  # then no two of them are further apart
            self._arrival_us = float(arrival_us[-1])
            self._remember(device_s, kinds)
            return arrival_us + self._shift_us if self._shift_us else arrival_us
        passed_us = np.diff(arrival_us, prepend=before_us)
        shifts_us = np.zeros(len(arrival_us))
        for i in np.nonzero(np.abs(passed_us) > longest_us)[0].tolist():
            kind = int(kinds[i])
            same = np.nonzero(kinds[:i] == kind)[0]
            last_s = float(device_s[same[-1]]) if len(same) else self._device_s.get(kind)
            if last_s is None:
                continue
            step_s = float(device_s[i]) - last_s
            step_s = step_s % period_s if period_s else step_s
            if 0.0 <= step_s <= LONGEST_INTERVAL_S:
                shifts_us[i] = step_s * US_PER_S - passed_us[i]
        self._arrival_us = float(arrival_us[-1])
        self._remember(device_s, kinds)
        if not shifts_us.any():
            return arrival_us + self._shift_us if self._shift_us else arrival_us
        moved_us = self._shift_us + np.cumsum(shifts_us)
        self._shift_us = float(moved_us[-1])
        found: FloatArray = arrival_us + moved_us
        return found

    def shift_us(self, last_s: float, kind: int, earliest_us: float, latest_us: float, last_us: float) -> float | None:
        """Return what ``follow`` adds to the arrivals of samples of one kind; 0 for nothing.

        last_s : newest of their counters. earliest_us, latest_us, last_us : of their arrivals. None, with nothing done,
        where the host's clock may have been set.
        """
        before_us = last_us if self._arrival_us is None else self._arrival_us
        longest_us = (LONGEST_HOLD_S if self._is_told else LONGEST_STAND_S) * US_PER_S
        if max(before_us, latest_us) - min(before_us, earliest_us) > longest_us:
            return None
        self._arrival_us = last_us
        self._device_s[kind] = last_s
        return self._shift_us

    def _remember(self, device_s: FloatArray, kinds: NDArray[np.uint8]) -> None:
        if len(kinds) == 1 or (kinds == kinds[-1]).all():
            self._device_s[int(kinds[-1])] = float(device_s[-1])
            return
        for kind in np.unique(kinds).tolist():
            self._device_s[kind] = float(device_s[np.nonzero(kinds == kind)[0][-1]])
