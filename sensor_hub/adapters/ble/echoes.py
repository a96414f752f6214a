"""Notifications that the stack told twice.

BlueZ signals a value once for each program that subscribed to it, and every one of them hears all the signals. So a
second program on the same sensor doubles everything that comes by StartNotify.
"""

from typing import Final

from sensor_hub.model.profile import DeviceProfile

ECHO_S: Final = 0.05  # ours: copies follow within a millisecond, records of one sensor at least a tenth of a second


class Echoes:
    """Tells copies of one sensor's notifications.

    Only where a copy cannot be a measurement of its own: records, and frames that carry a time. Two samples of an IMU
    that sends no time may be equal in every byte, and then both count.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        self._is_sure = profile.kind != "imu" or profile.timestamp != "none"
        self._last: dict[str, tuple[bytes, float]] = {}

    def is_echo(self, characteristic: str, payload: bytes, at_s: float) -> bool:
        """Whether this is the notification before once more; at_s on any steady clock, s."""
        if not self._is_sure:
            return False
        last, last_s = self._last.get(characteristic, (None, 0.0))
        if last == payload and at_s - last_s < ECHO_S:
            return True
        self._last[characteristic] = (payload, at_s)
        return False
