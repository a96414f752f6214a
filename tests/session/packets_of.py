"""What a sensor of the open layout sends, as notifications and as columns."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.raw import RawNotification
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2, US_PER_S, from_utc_us, utc_us
from tests.session.runs import START
from tests.synthetic_run import SyntheticRun

GENERIC = all_profiles()["generic-imu"]
CHARACTERISTIC = next(iter(GENERIC.characteristics))
N = 10  # samples a notification


def packets(
    run: SyntheticRun, start_utc: datetime = START, device_s: FloatArray | None = None, late_s: float = 0.01
) -> PacketColumns:
    """The run in frames of ten samples, counted by the sensor, arriving a little after their newest sample."""
    m = len(run.t_s) // N
    scale = np.array([16 / 32768 * STANDARD_GRAVITY_MPS2] * 3 + [2000 / 32768 * DEGREE_RAD] * 3)
    values = np.column_stack([run.acceleration_mps2, run.rotation_radps])[: m * N]
    frame = np.dtype([("sequence", "<u2"), ("time_us", "<u4"), ("counts", "<i2", (N, 6))])
    frames = np.zeros(m, frame)
    first_s = (run.t_s if device_s is None else device_s)[: m * N : N]
    frames["sequence"] = np.arange(m) % 2**16
    frames["time_us"] = np.round(first_s * US_PER_S).astype(np.int64) % 2**32
    frames["counts"] = np.clip(np.round(values / scale), -32768, 32767).astype("<i2").reshape(m, N, 6)
    arrival_us = utc_us(start_utc) + np.round((run.t_s[N - 1 :: N][:m] + late_s) * US_PER_S).astype(np.int64)
    return PacketColumns(CHARACTERISTIC, arrival_us, frames.view(np.uint8).reshape(m, -1))


def notified(
    device: str,
    run: SyntheticRun,
    start_utc: datetime = START,
    device_s: FloatArray | None = None,
    late_s: float = 0.01,
) -> list[RawNotification]:
    """The same, one notification after the other."""
    columns = packets(run, start_utc, device_s, late_s)
    rows = zip(columns.arrival_us.tolist(), columns.payload, strict=True)
    return [RawNotification(device, CHARACTERISTIC, from_utc_us(at), row.tobytes()) for at, row in rows]


def columns_of(raws: Sequence[RawNotification]) -> dict[str, PacketColumns]:
    """Notifications of one characteristic a device as columns of each."""
    found = {}
    for device in dict.fromkeys(raw.device for raw in raws):
        own = [raw for raw in raws if raw.device == device]
        arrival_us = np.array([utc_us(raw.arrival_utc) for raw in own], dtype=np.int64)
        payload = np.frombuffer(b"".join(raw.payload for raw in own), np.uint8).reshape(len(own), -1)
        found[device] = PacketColumns(own[0].characteristic, arrival_us, payload)
    return found
