"""The port ``Sensors`` of a hub: what its registry and its edges know of sensors, and what edges do when asked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.rostering import effective_devices
from sensor_hub.app.sensors.edges import Edges
from sensor_hub.errors import EdgeError, RegistryError
from sensor_hub.model.asking import CheckSensor, PairedSensor, PairSensor, ScanAir, UnpairSensor
from sensor_hub.model.athlete import Device
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.sensor_view import DeviceReport, EdgeView, HeardSensor, SensorCheck, SensorView
from sensor_hub.words.edges import not_about


class HubSensors:
    """Implements ``model.ports.Sensors``; what it asks of an edge takes as long as the edge takes."""

    def __init__(
        self,
        registry: Registry,
        edges: Edges,
        profiles: Callable[[], Mapping[str, DeviceProfile]],
        zone: str,
        *,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """``profiles`` says which are known on this machine; ``zone`` is this machine's; ``on_change`` is told."""
        self._registry, self._edges, self._said = registry, edges, edges.said
        self._profiles, self._zone, self._on_change = profiles, zone, on_change

    # --- what is known -----------------------------------------------------------------------------------------------

    def all(self, athlete: str | None = None) -> list[SensorView]:
        """Every sensor that is paired here or was heard of; of one athlete those they wear now or that are theirs."""
        self._edges.refresh_outdated()
        wanted = None if athlete is None else self._registry.resolve(athlete)
        views = self._views()
        mine = [view for view in views if wanted is None or wanted in {view.athlete, view.owner}]
        return sorted(mine, key=lambda view: ((view.name or "~").casefold(), view.device))

    def _views(self) -> list[SensorView]:
        states, checks, profiles = self._said.states(), self._registry.sensor_checks.all(), self._profiles()
        paired = {device.id: device for device in self._registry.devices()}
        worn = {d.id: d for d in effective_devices(self._registry, profiles, datetime.now(UTC))}
        known = self._registry.gateways.all(also_retired=True)
        bound = {user.name: user.spoken for user in known if user.kind == "gateway" and not user.everybody}
        claims = self._said.listed()
        listed = _believed(claims, paired, bound)
        doubted = {told.device for _gw, told in claims} - listed.keys() - paired.keys()
        views = []
        for device in dict.fromkeys((*paired, *listed, *(device for device in states if device not in doubted))):
            gw, told = listed.get(device, (None, None))
            report, heard_utc = states.get(device, (None, None))
            view = _view(device, paired.get(device), worn.get(device), told, report)
            if view is None:
                continue
            if report is not None and not _may_say(report.gw, (view.athlete, view.owner), bound):
                report, heard_utc = None, None
            gw = gw or (None if report is None else report.gw)
            if device not in paired:
                view = _resolved(view, self._registry)
            profile = profiles.get(view.profile)
            view = view if profile is None else replace(view, profile_name=profile.name)
            views.append(self._with_edge(view, gw, report, heard_utc, checks.get(device)))
        return views

    def _with_edge(
        self,
        view: SensorView,
        gw: str | None,
        report: DeviceReport | None,
        heard_utc: datetime | None,
        check: SensorCheck | None,
    ) -> SensorView:
        """Add what its edge says; what an edge that is gone has said of it holds no longer."""
        edge = None if gw is None else self._said.gateway(gw)
        is_there = edge is not None and edge.is_ready
        now = report if is_there else None
        return replace(
            view,
            gw=gw,
            state=None if now is None else now.state,
            battery_percent=_charge(view, now) if is_there else None,
            heard_utc=heard_utc,
            n_reconnects=0 if now is None else now.n_reconnects,
            n_dropped=0 if now is None else now.n_dropped,
            check=check,
            can_be_asked=is_there and edge is not None and {"check", "unpair"} <= edge.takes,
        )

    def edges(self) -> list[EdgeView]:
        """Every edge that has said how it is, those that are ready and take requests first."""
        known = {user.name: user for user in self._registry.gateways.all(also_retired=True) if user.kind == "gateway"}
        views = []
        for edge in self._said.gateways():
            user, takes_requests = known.get(edge.gw), edge.is_ready and {"scan", "pair"} <= edge.takes
            about = None if user is None or user.everybody else user.athletes
            views.append(EdgeView(edge.gw, edge.is_ready, "" if user is None else user.label, takes_requests, about))
        return sorted(views, key=lambda view: (not view.takes_requests, not view.is_ready, view.label, view.gw))

    def batteries(self) -> dict[str, int]:
        """Return the lowest charge of the sensors that each athlete wears, percent, where any has said."""
        lowest: dict[str, int] = {}
        for view in self._views():
            if view.athlete is not None and view.battery_percent is not None:
                lowest[view.athlete] = min(view.battery_percent, lowest.get(view.athlete, 100))
        return lowest

    # --- what is asked -----------------------------------------------------------------------------------------------

    def scan(self, gw: str, seconds: float) -> list[HeardSensor]:
        """Ask an edge what it hears; takes as long as it listens."""
        return list(self._edges.ask(gw, ScanAir(seconds)).heard)

    def pair(
        self, gw: str, key: str, athlete: str | None, *, side: Side, mount: Mount | None, name: str | None = None
    ) -> SensorView:
        """Have an edge pair what it heard, for an athlete, or for the box; EdgeError if it cannot."""
        who = None if athlete is None else self._registry.athlete(athlete)
        if who is not None:
            self._check_rights(gw, who.id, who.display_name)
        zone, simulated = (self._zone, False) if who is None else (who.zone, who.simulated)
        ask = PairSensor(key, None if who is None else who.id, zone, simulated, side, mount, name)
        sensors = self._edges.ask(gw, ask).sensors
        if len(sensors) != 1:
            raise EdgeError("the edge said that it is paired, but not which: look at the list of sensors")
        self._on_change()
        return self._one(sensors[0].device, sensors[0])

    def unpair(self, gw: str, device: str) -> None:
        """Have an edge let go of a sensor; what was found of it is forgotten."""
        self._edges.ask(gw, UnpairSensor(device))
        self._registry.sensor_checks.remove(device)
        self._on_change()

    def check(self, gw: str, device: str, seconds: float) -> SensorCheck:
        """Have an edge look whether a sensor is fit for a run; what it finds is kept."""
        found = self._edges.ask(gw, CheckSensor(device, seconds)).check
        if found is None or found.device != device:
            raise EdgeError("the edge answered with no check: are both of the same version?")
        with suppress(RegistryError):  # held by another program: it is told all the same
            self._registry.sensor_checks.put(found)
        return found

    def _check_rights(self, gw: str, athlete: str, name: str) -> None:
        """Refuse before anything is paired what the broker would refuse of every run."""
        user = next((u for u in self._registry.gateways.all() if u.kind == "gateway" and u.name == gw), None)
        if user is not None and not user.everybody and athlete not in user.spoken:
            raise EdgeError(not_about(name, gw, athlete))

    def _one(self, device: str, told: PairedSensor) -> SensorView:
        found = next((view for view in self._views() if view.device == device), None)
        return found or SensorView(
            device, told.name, told.profile, told.side, told.mount, told.worn_by, None, None, None, None,
            owner=told.athlete,
        )  # fmt: skip


def _view(
    device: str, paired: Device | None, worn: Device | None, told: PairedSensor | None, report: DeviceReport | None
) -> SensorView | None:
    """Return a sensor as this hub's registry has it, else as its edge lists it, else as its state alone says."""
    if paired is not None:
        now = worn or paired
        athlete = None if worn is None else worn.athlete
        battery = None if told is None else told.battery_percent
        return SensorView(
            device, paired.name, paired.profile, now.side, now.mount, athlete, None, None, battery, None,
            owner=paired.athlete,
        )  # fmt: skip
    if told is not None:
        return SensorView(
            device, told.name, told.profile, told.side, told.mount, told.worn_by, None, None, told.battery_percent,
            None, owner=told.athlete,
        )  # fmt: skip
    if report is not None:
        profile = report.profile.partition("@")[0]
        return SensorView(device, None, profile, report.side, None, None, None, None, report.battery_percent, None)
    return None


def _believed(
    listed: Sequence[tuple[str, PairedSensor]], paired: Mapping[str, Device], bound: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, PairedSensor]]:
    """By sensor the edge that has it, and what it says of it; of nobody's but its own people, also if it says so."""
    believed = {}
    for gw, told in listed:
        known = paired.get(told.device)
        owner = told.athlete if known is None else known.athlete
        if _may_say(gw, (told.worn_by, owner), bound):
            believed[told.device] = gw, told
    return believed


def _may_say(gw: str, people: Iterable[str | None], bound: Mapping[str, Collection[str]]) -> bool:
    """Whether a gateway is about people; bound : whom those are about that have limits."""
    about = bound.get(gw)
    return about is None or all(who is None or who in about for who in people)


def _charge(view: SensorView, report: DeviceReport | None) -> int | None:
    """What was said last of its battery: a state comes with every change, a list now and then."""
    return view.battery_percent if report is None or report.battery_percent is None else report.battery_percent


def _resolved(view: SensorView, registry: Registry) -> SensorView:
    """An edge goes on with the pseudonym it learned; whose it is today the hub knows."""
    if view.athlete is None and view.owner is None:
        return view
    athlete = None if view.athlete is None else registry.resolve(view.athlete)
    return replace(view, athlete=athlete, owner=None if view.owner is None else registry.resolve(view.owner))


__all__ = ["HubSensors"]
