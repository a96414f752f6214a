"""One sensor to be collected, and how patient the collector is."""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.profile import DeviceProfile


@dataclass(frozen=True, slots=True)
class Pod:
    """A sensor that is bound to somebody.

    device : its pseudonym. address : its Bluetooth address, which stays in this room. services : fingerprint of its
    characteristics when it was last seen, None if unknown (``fingerprint``).
    """

    device: str
    address: str
    profile: DeviceProfile
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the collector waits for what, s. All *ours*; tests shorten them.

    scan_s : one window of listening. rest_s : silence between windows while other sensors stream, at most.
    connect_s, open_s, read_s, reply_s, disconnect_s : for the steps of a connection. backoff_s, backoff_cap_s : after a
    failure, doubled each time. silent_windows : windows in which nobody at all was heard before the adapter is power
    cycled; power_cycle_s : at most one in this time, doubled while nobody is heard. settle_s : how long a broken link
    waits to hear that the adapter is the cause. battery_s : between readings. longest_stall_s : a link that stays
    silent after reconnecting is left alone longer and longer, up to this.
    """

    scan_s: float = 5.0
    rest_s: float = 10.0
    connect_s: float = 15.0
    open_s: float = 20.0
    read_s: float = 8.0
    reply_s: float = 5.0
    disconnect_s: float = 5.0
    backoff_s: float = 0.5
    backoff_cap_s: float = 30.0
    silent_windows: int = 3
    power_cycle_s: float = 120.0
    settle_s: float = 0.3
    battery_s: float = 300.0
    longest_stall_s: float = 60.0


PATIENT: Final = Patience()
