"""All samples of the IMUs of a recording, a table each: for what is looked at as a whole and not as a run."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Reading
from sensor_hub.session.decoding import NotificationDecoder
from sensor_hub.session.imu_decoding import Arrived, Single


def imu_samples(items: Iterable[RawNotification | Reading], devices: Sequence[BoundDevice]) -> dict[str, ImuBlock]:
    """Return the samples of each device in the order they were sent; bytes that cannot be read are left out."""
    decoder = NotificationDecoder(devices)
    blocks: dict[str, list[ImuBlock]] = {}

    def take(found: object) -> None:
        if isinstance(found, Arrived | Single):
            block = found.block() if isinstance(found, Single) else found.block
            blocks.setdefault(block.device, []).append(block)

    for device, run in groupby(items, key=lambda item: item.device if isinstance(item, RawNotification) else None):
        if device is None:
            for item in run:
                if isinstance(item, ImuBlock):
                    blocks.setdefault(item.device, []).append(item)
            continue
        for decoded in decoder.decode(device, [item for item in run if isinstance(item, RawNotification)]):
            take(decoded)
    for device in decoder.devices:
        for decoded in decoder.flush(device):
            take(decoded)
    return {device: _joined(device, parts) for device, parts in blocks.items()}


def _joined(device: str, parts: Sequence[ImuBlock]) -> ImuBlock:
    return ImuBlock(
        device,
        np.concatenate([part.t_s for part in parts]),
        np.concatenate([part.acceleration_mps2 for part in parts]),
        np.concatenate([part.angular_velocity_radps for part in parts]),
    )
