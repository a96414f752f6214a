"""Live readings: what a screen shows of the newest contact, as soon as it is found.

A contact is told at its toe-off, when the step it begins has no duration yet: the cadence beside it is that of the step
that ended with it. Totals are those of the newest boundary of the session's clock, like in every other message.
"""

from collections.abc import Iterator
from typing import Final

from sensor_hub.model.gait import Side
from sensor_hub.model.load import Totals
from sensor_hub.model.session import LiveReading, SessionHeader
from sensor_hub.session.timeline import DatedRecord, Landed
from sensor_hub.units import S_PER_MIN, from_utc_us

INTERVAL_US: Final = 200_000  # at most five a second


class LiveReadings:
    """Makes the live readings of one session; none of a file, which nobody watches."""

    def __init__(self, header: SessionHeader) -> None:
        self._header = header
        self._is_live = header.origin != "import"
        self._after_us = 0

    def of(self, told: Landed | DatedRecord, totals: Totals) -> Iterator[LiveReading]:
        """Yield readings of contacts or of a source's records, no more than one each ``INTERVAL_US``."""
        if not self._is_live:
            return
        if isinstance(told, Landed):
            sides: list[Side] = [told.side] * len(told.time_us)
            columns = told.time_us, told.ended_step_s, told.contact_time_s
            contacts = list(zip(sides, *(c.tolist() for c in columns), strict=True))
        else:
            contacts = [(told.side, told.time_us, told.step_time_s, told.contact_time_s)]
        for side, at_us, step_s, contact_s in contacts:
            if at_us >= self._after_us:
                self._after_us = at_us + INTERVAL_US
                yield LiveReading(
                    self._header,
                    from_utc_us(at_us),
                    side,
                    S_PER_MIN / step_s if step_s == step_s else None,
                    contact_s if contact_s == contact_s else None,
                    totals,
                )
