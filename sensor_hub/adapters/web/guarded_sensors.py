"""Sensors and edges as one asker may see and ask them: of people they know, and of the box for who sets rosters."""

from dataclasses import replace

from sensor_hub.adapters.web import account_labels, sensor_labels
from sensor_hub.adapters.web.rights import Forbidden, Rights
from sensor_hub.errors import EdgeError, RegistryError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.ports import Sensors
from sensor_hub.model.sensor_view import EdgeView, HeardSensor, SensorCheck, SensorView
from sensor_hub.words.edges import edge_gone


class SeenSensors:
    """Sensors without those of people whom the asker may not see; what is asked of an edge needs a right each."""

    def __init__(self, sensors: Sensors, rights: Rights) -> None:
        self._sensors, self._rights = sensors, rights

    def all(self, athlete: str | None = None) -> list[SensorView]:
        """Sensors of one athlete whose they may be seen; of None, those that are nobody's."""
        if athlete is not None:
            self._rights.demand("see-sensors", athlete=athlete)
            return [self._cut(view) for view in self._sensors.all(athlete)]
        self._rights.demand("see-roster")
        return [self._cut(view) for view in self._sensors.all() if view.owner is None]

    def edges(self) -> list[EdgeView]:
        """Every edge of everybody, and of people they know: another's listens where these people are."""
        return [edge for edge in self._sensors.edges() if self._may_see(edge)]

    def scan(self, gw: str, seconds: float) -> list[HeardSensor]:
        """Ask an edge what it hears, for who may pair something."""
        if not self.pairs():
            raise Forbidden(account_labels.forbidden(reads_only=self._rights.asker().reads_only))
        self._demand_edge(gw)
        return self._sensors.scan(gw, seconds)

    def pairs(self) -> bool:
        """Whether they may pair a sensor for anybody, or for the box."""
        if self._rights.may("set-roster"):
            return True
        account = self._rights.asker().account
        mine = () if account is None else account.athletes
        return any(self._rights.may("pair-sensor", athlete=athlete) for athlete in mine)

    def pair(
        self, gw: str, key: str, athlete: str | None, *, side: Side, mount: Mount | None, name: str | None = None
    ) -> SensorView:
        """Have a sensor paired, for somebody or for the box."""
        self._demand(athlete)
        self._demand_edge(gw)
        return self._sensors.pair(gw, key, athlete, side=side, mount=mount, name=name)

    def unpair(self, gw: str, device: str) -> None:
        """Have an edge let go of a sensor of theirs, or of the box."""
        view = self._view(device)
        if view is None or view.gw != gw:
            raise RegistryError(sensor_labels.not_theirs(device))
        self._demand(view.owner)
        self._sensors.unpair(gw, device)

    def check(self, gw: str, device: str, seconds: float) -> SensorCheck:
        """Have a sensor looked at: by whose it is, and by who sets rosters and may see it."""
        view = self._view(device)
        if view is None or view.gw != gw:
            raise RegistryError(sensor_labels.not_theirs(device))
        if not self.may_check(view):
            raise Forbidden(account_labels.forbidden(reads_only=self._rights.asker().reads_only))
        return self._sensors.check(gw, device, seconds)

    def may_check(self, view: SensorView) -> bool:
        """Whether they may have a sensor checked."""
        people = {who for who in (view.athlete, view.owner) if who is not None}
        if any(self._rights.may("pair-sensor", athlete=who) for who in people):
            return True
        return self._rights.may("set-roster") and all(self._rights.may("see-sensors", athlete=who) for who in people)

    def may_unpair(self, view: SensorView) -> bool:
        """Whether they may have a sensor let go of."""
        if view.owner is None:
            return self._rights.may("set-roster")
        return self._rights.may("pair-sensor", athlete=view.owner)

    def _may_see(self, edge: EdgeView) -> bool:
        return edge.about is None or self._rights.knows_everybody() or any(map(self._rights.knows, edge.about))

    def _demand_edge(self, gw: str) -> None:
        """Raise as of an edge that is not there where it is one of people they do not know."""
        if any(edge.gw == gw and not self._may_see(edge) for edge in self._sensors.edges()):
            raise EdgeError(edge_gone())

    def _demand(self, athlete: str | None) -> None:
        if athlete is None:
            self._rights.demand("set-roster")
        else:
            self._rights.demand("pair-sensor", athlete=athlete)

    def _view(self, device: str) -> SensorView | None:
        """Return a sensor that the asker may know of; None alike of one that is somebody else's, and of none."""
        found = next((view for view in self._sensors.all() if view.device == device), None)
        if found is None or not any(self._is_known(found, who) for who in (found.athlete, found.owner)):
            return None
        return found

    def _is_known(self, view: SensorView, who: str | None) -> bool:
        if who is not None:
            return self._rights.may("see-sensors", athlete=who)
        return view.owner is None and self._rights.may("see-roster")

    def _cut(self, view: SensorView) -> SensorView:
        """Leave out whose it is where that is somebody whom the asker does not know."""
        athlete = view.athlete if view.athlete is None or self._rights.knows(view.athlete) else None
        owner = view.owner if view.owner is None or self._rights.knows(view.owner) else None
        return replace(view, athlete=athlete, owner=owner)
