"""Whose a pod is for one evening."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from sensor_hub.model.gait import Side
from sensor_hub.model.roster import PastLine, RosterQuestion, RosterView, Wish


class Roster(Protocol):
    """Whose a pod is for one evening: for the command line, pages and REST alike.

    A device or an athlete is named by id or name. ``until_utc`` None is 04:00 tomorrow morning in this machine's zone.
    What cannot be raises RegistryError, saying why, and what has to be agreed to raises it unless ``agreed``;
    ``questions`` tells it before. Then nothing has changed. A run that goes on while the roster changes stays with whom
    it began for.
    """

    def tonight(self) -> RosterView:
        """Every paired sensor, and whose it is now."""
        ...

    def past(self, since_utc: datetime | None = None) -> list[PastLine]:
        """Whose each pod was, and when, oldest first; lines that hold still are among them."""
        ...

    def questions(self, wishes: Sequence[Wish], until_utc: datetime | None = None) -> list[RosterQuestion]:
        """Return what has to be agreed to before these wishes hold till then; RegistryError if they cannot be."""
        ...

    def set(self, wishes: Sequence[Wish], until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Give pods to people, all or none of them; pods that are not named stay as they are."""
        ...

    def bind(
        self,
        device: str,
        athlete: str,
        side: Side | None = None,
        until_utc: datetime | None = None,
        *,
        agreed: bool = False,
    ) -> RosterView:
        """Give one pod to somebody, as in ``set``."""
        ...

    def clear(self, device: str | None = None) -> RosterView:
        """End the line of one pod, or of all, now; the permanent binding holds again."""
        ...

    def swap(self, one: str, other: str) -> RosterView:
        """Let two pods change people and places, for what comes; one of them may be nobody's."""
        ...

    def copy(self, day: date, until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Make the roster of an earlier day tonight's, as it was at its last; RegistryError if that day had none."""
        ...
