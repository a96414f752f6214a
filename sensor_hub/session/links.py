"""What the collector said about a device's link, so that a silence can be given its cause."""

from collections import deque
from typing import Final

from sensor_hub.model.link import LinkChange
from sensor_hub.units import utc_us

# A link breaks a moment before anybody notices, and a queue overflows while its notifications are under way.
NEAR_US: Final = 2_000_000


class LinkLog:
    """The newest changes of one device's link."""

    def __init__(self) -> None:
        self._changes: deque[LinkChange] = deque(maxlen=64)

    @property
    def is_down(self) -> bool:
        """Whether the link is known to be down."""
        states = [change.state for change in self._changes if change.state != "lost"]
        return bool(states) and states[-1] == "down"

    def went_down(self, start_us: int, end_us: int) -> bool:
        """Whether the link is known to have gone down in ``(start_us, end_us]``."""
        return any(c.state == "down" and start_us < utc_us(c.at_utc) <= end_us for c in self._changes)

    def take(self, change: LinkChange) -> None:
        """Remember a change."""
        self._changes.append(change)

    def cause(self, start_us: int, end_us: int) -> str | None:
        """Return why nothing came over ``[start_us, end_us)``, None if nobody knows.

        The first time the link went down in it counts: what followed, such as a sensor that refuses to start again, is
        its consequence. Notifications lost while the link was up explain it only if it never went down.
        """
        within = [c for c in self._changes if start_us - NEAR_US <= utc_us(c.at_utc) <= end_us + NEAR_US]
        causes = [c.cause for c in within if c.state == "down"] or [c.cause for c in within if c.state == "lost"]
        return causes[0] if causes else None
