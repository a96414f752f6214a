"""Notifications of one characteristic as columns: what a recording holds of a sensor that streams."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensor_hub.model.arrays import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class PacketColumns:
    """m notifications of one length, in order of arrival.

    arrival_us : (m,) UTC µs, never falling. payload : (m, length) bytes as the sensor sent them.
    """

    characteristic: str
    arrival_us: IntArray
    payload: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.arrival_us)

    def slice(self, start: int, stop: int) -> "PacketColumns":
        """Notifications ``[start, stop)``."""
        return PacketColumns(self.characteristic, self.arrival_us[start:stop], self.payload[start:stop])
