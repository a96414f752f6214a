"""Sessions to feed, and their events as bytes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.model.gait import StepTable, Tier
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import (
    BoundDevice,
    Event,
    GapFound,
    Origin,
    Reading,
    SessionSetup,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session import RunSession
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from sensor_hub.wire import Topics, encode
from tests.shank_frames import SHANK_LOGGER
from tests.synthetic_run import SyntheticRun, payloads

START = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
IMU = SHANK_LOGGER
RSC = DeviceProfile("rsc", 1, "RSC", ("*",), {"2a53": "rsc"}, "records", "documented", "-", stale_timeout_s=3.5)
STRIDES = DeviceProfile(
    "one-foot", 1, "RSC", ("*",), {"2a53": "rsc"}, "records", "documented", "-", cadence_counts="strides"
)
ONE_POD = (BoundDevice("pod-1", None, "R", "shank"),)


def setup(
    devices: tuple[BoundDevice, ...] = ONE_POD,
    tier: Tier = "imu",
    origin: Origin = "live",
    start_utc: datetime | None = START,
) -> SessionSetup:
    return SessionSetup("01jd", "k3f9", "Europe/Lisbon", origin, devices, tier, start_utc, "test")


def encoded(events: Iterable[Event]) -> list[bytes]:
    return [encode(e, topics=Topics(), gw="edge-1", seq=i).payload for i, e in enumerate(events)]


def run_one_by_one(what: SessionSetup, items: Iterable[RawNotification | Reading]) -> list[Event]:
    session = RunSession(what)
    events: list[Event] = []
    for item in items:
        events += session.receive(item)
    return events + list(session.finish())


def run_grouped(
    what: SessionSetup, items: Sequence[RawNotification | Reading], pieces: Iterable[tuple[int, int]]
) -> list[Event]:
    session = RunSession(what)
    events: list[Event] = []
    for start, stop in pieces:
        events += session.receive_many(items[start:stop])
    return events + list(session.finish())


def blocks(block: ImuBlock, pieces: Iterable[tuple[int, int]]) -> list[ImuBlock]:
    return [block.slice(start, stop) for start, stop in pieces]


def logger_file(path: Path) -> ImuBlock:
    """A shank logger's CSV as one block, read without the package's own reader."""
    rows = np.genfromtxt(path, delimiter=",", invalid_raise=False)
    rows = rows[np.isfinite(rows).all(axis=1)]
    return ImuBlock("pod-1", rows[:, 0] / 1000, rows[:, 1:4] * STANDARD_GRAVITY_MPS2, rows[:, 4:7] * DEGREE_RAD)


def notified(
    device: str, run: SyntheticRun, start_utc: datetime = START, late_s: float = 0.02
) -> list[RawNotification]:
    """What the logger would have sent, arriving a little late."""
    return [
        RawNotification(device, "2fff", start_utc + timedelta(seconds=float(t) + late_s), payload)
        for t, payload in zip(run.t_s, payloads(run), strict=True)
    ]


def rsc(
    at_s: float, cadence: int = 170, speed_mps: float = 3.0, distance_m: float | None = None, device: str = "rsc-1"
) -> RawNotification:
    payload = bytes(RscMeasurement(speed_mps, cadence, True, None, distance_m))
    return RawNotification(device, "2a53", START + timedelta(seconds=at_s), payload)


def summary(events: Sequence[Event]) -> SessionSummary:
    last = events[-1]
    assert isinstance(last, SessionSummary)
    return last


def gaps(events: Iterable[Event]) -> list[GapFound]:
    return [e for e in events if isinstance(e, GapFound)]


def steps(events: Iterable[Event]) -> StepTable:
    return StepTable.concatenate([e.steps for e in events if isinstance(e, StepBatch)])
