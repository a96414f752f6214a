"""Sensors that are only a script: one of Mia's, one of Jonas', one of the box that Mia wears tonight, one on nobody."""

from dataclasses import replace

from sensor_hub.errors import EdgeError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.sensor_view import EdgeView, HeardSensor, SensorCheck, SensorView
from tests.adapters.web.hub import NOW

GW = "edge-1"
CHECK = SensorCheck("pod-mia", NOW, "look", (("battery-low", 20.0), ("some-undecodable", 2.0)))
HEARD = (
    HeardSensor("key-1", "Stride 1", "standard-rsc", -52, (), None, "Footpod"),
    HeardSensor("key-2", "MyFoot 7", "imu-generic", -71, ("foot", "shank", "sacrum"), None, "Open logger"),
    HeardSensor("key-3", "Television", None, -40),
)


def sensor(device: str, athlete: str | None, owner: str | None, **changes: object) -> SensorView:
    base = SensorView(
        device, device.title(), "standard-rsc", "L", "foot", athlete, GW, "streaming", 81, NOW, owner=owner,
        can_be_asked=True, profile_name="Footpod",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


class ScriptedSensors:
    """Implements the port; ``asked`` is what edges were asked, ``refuses`` makes them refuse."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have everything as at first."""
        self.asked: list[tuple[object, ...]] = []
        self.refuses: str | None = None
        self.held = [
            sensor("pod-mia", "mia", "mia", check=CHECK),
            sensor("pod-jon", "jon", "jon", state="sleeping", battery_percent=None),
            sensor("pod-box", "mia", None),
            sensor("pod-free", None, None, state="lost"),
        ]
        self.known_edges = [EdgeView(GW, True, "Track", True), EdgeView("edge-2", False)]

    def _ask(self, *what: object) -> None:
        if self.refuses is not None:
            raise EdgeError(self.refuses)
        self.asked.append(what)

    def all(self, athlete: str | None = None) -> list[SensorView]:
        return [view for view in self.held if athlete is None or athlete in {view.athlete, view.owner}]

    def edges(self) -> list[EdgeView]:
        return list(self.known_edges)

    def scan(self, gw: str, seconds: float) -> list[HeardSensor]:
        self._ask("scan", gw, seconds)
        return list(HEARD)

    def pair(
        self, gw: str, key: str, athlete: str | None, *, side: Side, mount: Mount | None, name: str | None = None
    ) -> SensorView:
        self._ask("pair", gw, key, athlete, side, mount, name)
        new = sensor(f"new-{athlete or 'box'}", athlete, athlete, side=side, mount=mount, name=name or "Stride 1")
        self.held.append(new)
        return new

    def unpair(self, gw: str, device: str) -> None:
        self._ask("unpair", gw, device)
        self.held = [view for view in self.held if view.device != device]

    def check(self, gw: str, device: str, seconds: float) -> SensorCheck:
        self._ask("check", gw, device, seconds)
        return replace(CHECK, device=device)
