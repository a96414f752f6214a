"""How long one stream was heard, and how long not: what is recorded, what is unknown and why.

Time without a usable sample is unknown, like time without a sample. A hole of up to ``LONGEST_INTERVAL_S`` that begins
or ends at a usable sample hides no contact and counts as recorded, whichever of the two it is.
"""

from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from sensor_hub.session.links import LinkLog
from sensor_hub.session.stream_place import StreamPlace
from sensor_hub.session.timeline import LATEST_US, Silence, Told
from sensor_hub.signal.gaps import LONGEST_INTERVAL_S, SLOW_RUN

Lack: TypeAlias = Literal["rate-too-low", "stale", "no-gyroscope"]
LACKS: Final[tuple[Lack, ...]] = get_args(Lack)  # what is told of several: the first


class HeardTime:
    """Adds up a stream's time.

    settled_s : what came before this is either recorded or unknown. sees : whether the sample there was usable.
    lacks : what the samples since lack.
    """

    def __init__(self, place: StreamPlace, links: LinkLog) -> None:
        self._place, self._links = place, links
        self.settled_s = 0.0
        self.sees = False
        self.lacks: set[Lack] = set()
        self._begun_s = -np.inf  # first sample after the newest break
        self._disordered_s = -np.inf  # what came before this is unknown already, because the clock ran backwards
        self._broken: tuple[int, int, str, int] | None = None  # start, end, cause, how many breaks in a row
        self._recorded_us = 0  # whole microseconds: sums must not depend on how the samples were grouped
        self._unknown_us = 0

    @property
    def recorded_us(self) -> int:
        """Microseconds in which a contact would have been found."""
        return self._recorded_us + (self._open_us() if self.is_short_hole() else 0)

    @property
    def unknown_us(self) -> int:
        """Microseconds in which a contact could not have been found."""
        return self._unknown_us + (0 if self.is_short_hole() else self._open_us())

    @property
    def is_broken(self) -> bool:
        """Whether a break has not been told yet."""
        return self._broken is not None

    def begin(self, first_s: float) -> None:
        """Take the first sample of the stream."""
        self.settled_s = self._begun_s = first_s

    def record(self, last_s: float, last_us: int) -> list[Told]:
        """Take usable samples up to a device second, and its UTC microsecond."""
        recorded_us = last_us - self._place.time_us(self.settled_s)
        # a lone sample between two breaks mends nothing
        told = self.tell_broken() if self._broken is not None and recorded_us > 0 else []
        self._recorded_us += recorded_us
        self.settled_s = last_s
        return told

    def repeat(self, first_s: float) -> list[Told] | None:
        """Take samples that were overtaken, the first at a device second; what lies between is told twice.

        Which of the two is true nobody knows, so the time is unknown; the newest sample stays where it was. None where
        nothing was usable there anyway: a stretch has ended, and its time is to be settled.
        """
        newest_s = self._place.newest_s
        if newest_s is None:
            raise ValueError("samples can only be overtaken by others")
        begin_s = max(first_s, self._begun_s, self._disordered_s)
        self._disordered_s = newest_s
        start_us, end_us = self._place.time_us(begin_s), self._place.time_us(newest_s)
        if end_us <= start_us:
            return []
        if not self.is_short_hole():
            return None
        self.settle()
        self._recorded_us -= end_us - start_us
        self._unknown_us += end_us - start_us
        return [Silence(start_us, end_us, "clock-reset")]

    def miss(self, missed_us: int) -> None:
        """Count time before the first sample as unknown."""
        self._unknown_us += missed_us

    def is_short_hole(self) -> bool:
        """Whether what is open since the last usable sample is too short to hide a contact."""
        newest_s = self._place.newest_s
        return self.sees and newest_s is not None and newest_s - self.settled_s <= LONGEST_INTERVAL_S

    def _open_us(self) -> int:
        place = self._place
        return 0 if place.newest_s is None else place.time_us(place.newest_s) - place.time_us(self.settled_s)

    def settle(self) -> list[Told]:
        """Decide about what is open since the last usable sample, because no other one will."""
        if self._place.newest_s is None:
            return []
        if not self.is_short_hole():
            return self.blind(self._place.newest_s)
        self._recorded_us += self._open_us()
        self.settled_s = self._place.newest_s
        return []

    def blind(self, until_s: float) -> list[Told]:
        """Tell that up to a device second no sample was usable."""
        start_us, end_us = self._place.time_us(self.settled_s), self._place.time_us(until_s)
        self.settled_s = until_s
        self._unknown_us += end_us - start_us
        cause = next((why for why in LACKS if why in self.lacks), "no-acceleration")
        self.lacks.clear()
        return [*self.tell_broken(), Silence(start_us, end_us, cause)] if end_us > start_us else []

    def broke(self, start_s: float, end_s: float, cause: str, arrived_us: int | None) -> list[Told]:
        """Take a break between two device seconds; arrived_us : UTC microsecond at which the sample after it came."""
        start_us = self._place.time_us(start_s)
        if cause == "clock-reset":
            begun_us = start_us if arrived_us is None else min(max(start_us, arrived_us), LATEST_US)
            self._place.clock.start(end_s, begun_us)
        end_us = self._place.time_us(end_s)
        self._place.newest_s = self.settled_s = self._begun_s = end_s
        self._disordered_s = -np.inf
        self.sees = False
        self.lacks.clear()
        self._unknown_us += max(0, end_us - start_us)
        if self._broken is not None and self._broken[1] == start_us:
            first_us, _, first_cause, count = self._broken
            self._broken = (first_us, end_us, first_cause, count + 1)
            return []
        told = self.tell_broken()
        self._broken = (start_us, end_us, cause, 1)
        return told

    def tell_broken(self) -> list[Told]:
        """Tell the breaks since the last usable sample."""
        broken, self._broken = self._broken, None
        if broken is None:
            return []
        start_us, end_us, cause, count = broken
        cause = "rate-too-low" if count >= SLOW_RUN else self._links.cause(start_us, end_us) or cause
        return [Silence(start_us, end_us, cause)]
