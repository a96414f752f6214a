"""What a Bluetooth link hands over, before anybody has understood it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawNotification:
    """One notification as it arrived.

    device : pseudonym of the sensor, never its address.
    characteristic : UUID in lower case, 4 hex digits for adopted numbers (``"2a53"``), else 36 characters.
    arrival_utc : aware UTC; microsecond resolution.
    """

    device: str
    characteristic: str
    arrival_utc: datetime
    payload: bytes
