"""Notifications → readings, by the decoder a device's profile names. Bad bytes become a ``Failed``, in their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np

from sensor_hub.decoders import rsc, shank_logger
from sensor_hub.decoders.clock import WrappedClock
from sensor_hub.errors import DecodeError
from sensor_hub.model.gait import RecordReading
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice

SATURATED_CADENCE: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """Samples with the notifications they came in, one a sample."""

    block: ImuBlock
    raws: Sequence[RawNotification]


@dataclass(frozen=True, slots=True)
class Failed:
    """A notification that is not what its profile promises."""

    raw: RawNotification
    problem: str


Decoded: TypeAlias = Arrived | RecordReading | Failed


class NotificationDecoder:
    """Decodes runs of notifications of one device; keeps what a device's clock needs from one run to the next."""

    def __init__(self, devices: Sequence[BoundDevice]) -> None:
        self._profiles = {d.device: d.profile for d in devices}
        self._clocks: dict[str, WrappedClock] = {}

    def decode(self, device: str, run: Sequence[RawNotification]) -> Iterator[Decoded]:
        """Yield what a run of one device holds, in order."""
        profile = self._profiles.get(device)
        for characteristic, same in groupby(run, key=lambda raw: raw.characteristic):
            decoder = profile.characteristics.get(characteristic) if profile else None
            if profile is not None and decoder == "shank_logger":
                yield from self._imu(device, list(same))
            elif profile is not None and decoder == "rsc":
                yield from (_rsc(raw, profile) for raw in same)
            else:
                yield from (Failed(raw, "no decoder in the device's profile") for raw in same)

    def _imu(self, device: str, group: Sequence[RawNotification]) -> Iterator[Decoded]:
        for is_whole, same in groupby(group, key=lambda raw: len(raw.payload) == shank_logger.SIZE_BYTES):
            part = list(same)
            if not is_whole:
                yield from (Failed(raw, f"{len(raw.payload)} bytes") for raw in part)
                continue
            with np.errstate(invalid="ignore"):  # a signalling NaN in the bytes is as unknown as a quiet one
                time_s, acceleration, rotation = shank_logger.decode_many([raw.payload for raw in part])
            clock = self._clocks.setdefault(device, WrappedClock(shank_logger.WRAP_MS / 1000))
            yield Arrived(ImuBlock(device, clock.unwrap(time_s), acceleration, rotation), part)


def _rsc(raw: RawNotification, profile: DeviceProfile) -> Decoded:
    try:
        measured = rsc.RscMeasurement.from_bytes(raw.payload)
    except DecodeError as error:
        return Failed(raw, error.problem)
    counted = 2.0 if profile.cadence_counts == "strides" else 1.0
    saturated = measured.cadence_per_min == SATURATED_CADENCE
    return RecordReading(
        device=raw.device,
        end_utc=raw.arrival_utc,
        cadence_spm=None if saturated else measured.cadence_per_min * counted,
        speed_mps=measured.speed_mps,
        distance_m=measured.total_distance_m,
    )
