"""Recordings and simulated runs as sources of an edge."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from pathlib import Path

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.app.analysis import open_file, setup_for
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.edge import Edge, Runner, feed, paced
from sensor_hub.app.sids import import_sid, new_sid
from sensor_hub.errors import RecordingError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Origin, SessionSetup
from sensor_hub.simulation.squad import LiveRun


@dataclass(frozen=True, slots=True)
class Replay:
    """A recording that can be sent again; it keeps its sid, so what a hub has already is passed over."""

    setup: SessionSetup
    items: Iterator[RawNotification]
    start_utc: datetime


def open_replay(path: Path, athlete: Athlete, *, as_live: bool = False, own_profiles: Path | None = None) -> Replay:
    """Open a recording of notifications; RecordingError if it holds none (files are imported, not replayed).

    athlete : whose it is where the recording does not say. as_live : let the hub judge it as if it happened now; what
    is simulated stays simulated.
    """
    recording = open_file(path, own_profiles=own_profiles)
    info = recording.info
    items = iter(recording)
    first = next(items, None)
    if not isinstance(first, RawNotification):
        problem = "holds no notifications, so there is nothing to replay"
        raise RecordingError(str(path), "beginning", problem, "sensor-hub session import FILE")
    who, zone = info.athlete or athlete.id, info.zone or athlete.zone
    origin: Origin = "simulated" if info.origin == "simulated" else "live" if as_live else "replay"
    sid = info.sid or import_sid(path, who)
    setup = setup_for(info, sid=sid, athlete=who, zone=zone, origin=origin)

    def notifications() -> Iterator[RawNotification]:
        yield first
        yield from (item for item in items if isinstance(item, RawNotification))

    return Replay(setup, notifications(), first.arrival_utc)


def play(replay: Replay, edge: Edge, *, speed: float, stop: Callable[[], bool] = lambda: False) -> Runner:
    """Send a recording through an edge at ``speed`` x its own pace (0: as fast as it goes); return its session."""
    runner = edge.runner(replay.setup)
    for batch in paced(replay.items, speed=speed, start_utc=replay.start_utc, stop=stop):
        runner.take(batch)
    if not stop():
        runner.finish()
    return runner


def simulated_setup(live: LiveRun, athlete: Athlete, start_utc: datetime) -> SessionSetup:
    """Say what a simulated run's session is."""
    profiles = all_profiles()
    devices = tuple(BoundDevice(d.id, profiles[d.profile], d.side, d.mount) for d in live.devices)
    has_imu = any(d.profile is not None and d.profile.kind == "imu" for d in devices)
    return SessionSetup(
        sid=new_sid(start_utc + timedelta(seconds=live.start_offset_s)),
        athlete=athlete.id,
        zone=athlete.zone,
        origin="simulated",
        devices=devices,
        tier="imu" if has_imu else "speed",
        source="simulated",
    )


def play_simulated(
    runs: tuple[LiveRun, ...], edge: Edge, *, start_utc: datetime, speed: float, recordings: Path | None,
    stop: Callable[[], bool] = lambda: False,
) -> None:  # fmt: skip
    """Let simulated runs go live through an edge as notifications, all on one clock, until they end or ``stop``."""
    by_device: dict[str, Runner] = {}
    running: list[Runner] = []
    over: list[Runner] = []

    def stream(live: LiveRun, runner: Runner) -> Iterator[RawNotification]:
        yield from live.notifications(start_utc)
        over.append(runner)

    streams = []
    for live in runs:
        runner = _simulated_runner(live, edge, start_utc, recordings)
        by_device |= {device.id: runner for device in live.devices}
        running.append(runner)
        streams.append(stream(live, runner))
    together = merge(*streams, key=lambda raw: raw.arrival_utc)
    for batch in paced(together, speed=speed, start_utc=start_utc, stop=stop):
        feed(by_device, batch)
        while over:  # its last notification was in this batch or an earlier one
            ended = over.pop()
            running.remove(ended)
            ended.finish()
    for runner in running:
        runner.finish()


def _simulated_runner(live: LiveRun, edge: Edge, start_utc: datetime, recordings: Path | None) -> Runner:
    setup = simulated_setup(live, live.athlete, start_utc)
    if recordings is None:
        return edge.runner(setup)
    return edge.runner(setup, McapRecorder.for_session(recordings / f"{setup.sid}.mcap", setup))
