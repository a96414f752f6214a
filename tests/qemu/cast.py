"""Who is on the air: names and addresses both sides know. No Bluetooth library is imported here."""

from dataclasses import dataclass
from typing import Final

PASSKEY: Final = 123_456
RSC, SHANK, BATTERY, LOCATION = "2a53", "2fff", "2a19", "2a5d"


@dataclass(frozen=True, slots=True)
class Role:
    """A pod as both sides know it.

    device : what the collector calls it. stream : characteristic it notifies. rate_hz : how often when it plays.
    """

    device: str
    name: str
    address: str
    stream: str
    rate_hz: int


FOOTPOD: Final = Role("footpod", "Footpod", "C0:00:00:00:00:01", RSC, 20)
LOCKED: Final = Role("locked", "Locked", "C0:00:00:00:00:02", RSC, 20)
CHANGING: Final = Role("changing", "Changing", "C0:00:00:00:00:03", RSC, 20)
SHANKS: Final = tuple(Role(f"shank-{i}", f"MyFoot {i}", f"C0:00:00:00:01:{i:02X}", SHANK, 200) for i in range(1, 9))
EVERYBODY: Final = (FOOTPOD, LOCKED, CHANGING, *SHANKS)
