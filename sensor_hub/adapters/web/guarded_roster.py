"""Tonight's roster as one asker may see and change it: pods of the box, and those of people they know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.rights import Forbidden, Rights
from sensor_hub.errors import RegistryError
from sensor_hub.model.gait import Side
from sensor_hub.model.ports import HubView, Roster
from sensor_hub.model.roster import PastLine, RosterPod, RosterQuestion, RosterView, Wish


class SeenRoster:
    """A roster without the pods of people whom the asker may not know of; what concerns those is not changed."""

    def __init__(self, roster: Roster, view: HubView, rights: Rights) -> None:
        self._roster, self._view, self._rights = roster, view, rights

    def tonight(self) -> RosterView:
        """Every pod that is nobody's, or of somebody the asker knows."""
        self._rights.demand("see-roster")
        return self._cut(self._roster.tonight())

    def past(self, since_utc: datetime | None = None) -> list[PastLine]:
        """Lines of earlier evenings; of everybody, so only for who knows everybody."""
        self._rights.demand("see-roster")
        return self._roster.past(since_utc) if self._rights.knows_everybody() else []

    def questions(self, wishes: Sequence[Wish], until_utc: datetime | None = None) -> list[RosterQuestion]:
        """What would have to be agreed to."""
        self._demand(wishes)
        return self._roster.questions(wishes, until_utc)

    def set(self, wishes: Sequence[Wish], until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Give pods."""
        self._demand(wishes)
        return self._cut(self._roster.set(wishes, until_utc, agreed=agreed))

    def bind(
        self,
        device: str,
        athlete: str,
        side: Side | None = None,
        until_utc: datetime | None = None,
        *,
        agreed: bool = False,
    ) -> RosterView:
        """Give one pod."""
        return self.set([Wish(device, athlete, side)], until_utc, agreed=agreed)

    def clear(self, device: str | None = None) -> RosterView:
        """Put one pod back, or all that the asker sees."""
        self._rights.demand("set-roster")
        if device is not None:
            self._pod(device)
        elif not self._rights.knows_everybody():
            for pod in self.tonight().pods:
                if pod.line is not None:
                    self._roster.clear(pod.device.id)
            return self.tonight()
        return self._cut(self._roster.clear(device))

    def swap(self, one: str, other: str) -> RosterView:
        """Let two pods change people."""
        self._rights.demand("set-roster")
        self._pod(one)
        self._pod(other)
        return self._cut(self._roster.swap(one, other))

    def copy(self, day: date, until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Do as on an earlier day; it concerns whoever wore a pod then."""
        self._rights.demand("set-roster")
        if not self._rights.knows_everybody():
            raise Forbidden(labels.copy_is_of_everybody())
        return self._cut(self._roster.copy(day, until_utc, agreed=agreed))

    def _demand(self, wishes: Sequence[Wish]) -> None:
        self._rights.demand("set-roster")
        if self._rights.knows_everybody():
            return
        names = {t.athlete.display_name.casefold() for t in self._view.tiles() if self._rights.knows(t.athlete.id)}
        for wish in wishes:
            self._pod(wish.device)
            if wish.athlete.casefold() not in names:
                self._rights.person(wish.athlete)

    def _pod(self, device: str) -> RosterPod | None:
        """Return a pod the asker sees, by id or name; RegistryError of any other, as of one that is not there."""
        if self._rights.knows_everybody():
            return None
        for pod in self.tonight().pods:
            if device == pod.device.id or device.casefold() == pod.device.name.casefold():
                return pod
        raise RegistryError(labels.no_pod(device))

    def _cut(self, view: RosterView) -> RosterView:
        if self._rights.knows_everybody():
            return view
        return replace(view, pods=tuple(pod for pod in view.pods if self._knows(pod)))

    def _knows(self, pod: RosterPod) -> bool:
        return all(who is None or self._rights.knows(who.id) for who in (pod.athlete, pod.owner))
