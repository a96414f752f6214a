"""What edges have said of themselves and of their sensors, in memory: a broker keeps it, and tells it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from sensor_hub.model.asking import PairedSensor, Reply
from sensor_hub.model.sensor_view import DeviceReport, GatewayReport

MOST_EDGES: Final = 500  # ours; the oldest are let go of, for anybody with a gateway's password may say a state
MOST_SENSORS: Final = 5000
BELIEVED_S: Final = 30.0  # how long a list of an edge is believed without being asked for again


@dataclass(frozen=True, slots=True)
class _Heard:
    report: DeviceReport
    heard_utc: datetime


@dataclass(slots=True)
class _Edge:
    report: GatewayReport
    sensors: tuple[PairedSensor, ...] = ()
    asked_s: float = float("-inf")


class Said:
    """Newest states by edge and by sensor, and what each edge has listed. Safe from any thread; bounded."""

    def __init__(self, now_utc: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now_utc, self._lock = now_utc, Lock()
        self._edges: dict[str, _Edge] = {}
        self._sensors: dict[str, _Heard] = {}

    def hear_gateway(self, report: GatewayReport) -> bool:
        """Take what an edge says of itself; return whether it should be asked for its sensors."""
        with self._lock:
            known = self._edges.pop(report.gw, None)
            edge = _Edge(report) if known is None else known
            began = report.is_ready and (known is None or not known.report.is_ready)
            edge.report = report
            self._edges[report.gw] = edge
            _shorten(self._edges, MOST_EDGES)
            return began and "list" in report.takes

    def hear_sensor(self, report: DeviceReport) -> bool:
        """Take what an edge says of a sensor; return whether the edge should be asked for its sensors."""
        with self._lock:
            self._sensors.pop(report.device, None)
            self._sensors[report.device] = _Heard(report, self._now_utc())
            _shorten(self._sensors, MOST_SENSORS)
            edge = self._edges.get(report.gw)
            if edge is None or not edge.report.is_ready or "list" not in edge.report.takes:
                return False
            return all(sensor.device != report.device for sensor in edge.sensors)

    def forget_sensor(self, device: str) -> None:
        """Let go of a sensor: its edge has."""
        with self._lock:
            self._sensors.pop(device, None)
            for edge in self._edges.values():
                edge.sensors = tuple(sensor for sensor in edge.sensors if sensor.device != device)

    def take(self, reply: Reply, at_s: float) -> None:
        """Take what an answer tells of an edge's sensors, whoever asked; in the order in which they come."""
        if reply.refusal is not None:
            return
        gone = {sensor.device for sensor in reply.sensors}
        with self._lock:
            edge = self._edges.get(reply.gw)
            if edge is None:
                return
            others = tuple(other for other in edge.sensors if other.device not in gone)
            match reply.verb:
                case "list":
                    edge.sensors, edge.asked_s = reply.sensors, at_s
                case "pair":
                    edge.sensors = (*others, *reply.sensors)
                case "unpair":
                    edge.sensors = others
                    for device in gone:
                        self._sensors.pop(device, None)

    def tried(self, gw: str, at_s: float) -> None:
        """Remember that an edge was asked, and did not tell."""
        with self._lock:
            if gw in self._edges:
                self._edges[gw].asked_s = at_s

    def outdated(self, now_s: float) -> list[str]:
        """Edges that are there, take the question, and were not asked for their sensors for a while."""
        with self._lock:
            return [
                gw
                for gw, edge in self._edges.items()
                if edge.report.is_ready and "list" in edge.report.takes and now_s - edge.asked_s > BELIEVED_S
            ]

    def gateways(self) -> list[GatewayReport]:
        """What every edge said last."""
        with self._lock:
            return [edge.report for edge in self._edges.values()]

    def gateway(self, gw: str) -> GatewayReport | None:
        """What one edge said last; None if nothing."""
        with self._lock:
            edge = self._edges.get(gw)
            return None if edge is None else edge.report

    def states(self) -> dict[str, tuple[DeviceReport, datetime]]:
        """What was said of each sensor last, and when this hub heard it."""
        with self._lock:
            return {device: (heard.report, heard.heard_utc) for device, heard in self._sensors.items()}

    def listed(self) -> list[tuple[str, PairedSensor]]:
        """Every sensor that an edge has listed, with that edge; one of two edges twice, the newer one last."""
        with self._lock:
            return [(gw, sensor) for gw, edge in self._edges.items() for sensor in edge.sensors]


def _shorten(held: dict[str, _Edge] | dict[str, _Heard], most: int) -> None:
    while len(held) > most:
        del held[next(iter(held))]
