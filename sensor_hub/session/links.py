"""What the collector said about a device's link, so that a silence can be given its cause."""

from collections import deque
from typing import Final

from sensor_hub.model.link import LinkChange
from sensor_hub.session.timeline import EARLIEST_US

# A link breaks a moment before anybody notices, and a queue overflows while its notifications are under way.
NEAR_US: Final = 2_000_000


class LinkLog:
    """The newest changes of one device's link."""

    def __init__(self) -> None:
        self._changes: deque[tuple[int, LinkChange]] = deque(maxlen=64)  # UTC µs of the session, and what changed

    @property
    def is_down(self) -> bool:
        """Whether the link is known to be down."""
        states = [change.state for _, change in self._changes if change.state != "lost"]
        return bool(states) and states[-1] == "down"

    def went_down(self, start_us: int, end_us: int) -> bool:
        """Whether the link is known to have gone down in ``(start_us, end_us]``."""
        return any(c.state == "down" and start_us < at_us <= end_us for at_us, c in self._changes)

    def changed(self, start_us: int, end_us: int) -> bool:
        """Whether anything is known to have happened to the link in ``(start_us, end_us]``."""
        return any(start_us < at_us <= end_us for at_us, _ in self._changes)

    def take(self, change: LinkChange, at_us: int) -> None:
        """Remember a change, and the session's UTC microsecond at which it happened."""
        self._changes.append((at_us, change))

    def cause(self, start_us: int, end_us: int) -> str | None:
        """Return why nothing came over ``[start_us, end_us)``, None if nobody knows.

        The first time the link went down in it counts: what followed, such as a sensor that refuses to start again, is
        its consequence. A link that was up again when it began explains nothing. Notifications lost while the link was
        up explain it only if it never went down.
        """
        up_us = max((at_us for at_us, c in self._changes if c.state == "up" and at_us <= start_us), default=EARLIEST_US)
        near = [(at_us, c) for at_us, c in self._changes if start_us - NEAR_US <= at_us <= end_us + NEAR_US]
        causes = [c.cause for at_us, c in near if c.state == "down" and at_us >= up_us]
        causes = causes or [c.cause for _, c in near if c.state == "lost"]
        return causes[0] if causes else None
