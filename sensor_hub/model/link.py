"""What the collector itself has to say about a link, kept in the recording beside the notifications.

It travels as a ``RawNotification`` on the characteristic ``link``, so it is recorded first like everything else and a
replay knows why a sensor was silent. Payload, ASCII: ``up``, ``down CAUSE`` or ``lost CAUSE COUNT``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from sensor_hub.errors import DecodeError
from sensor_hub.model.raw import RawNotification

LINK: Final = "link"
LinkCause: TypeAlias = Literal[
    "disconnected",  # the link broke: distance, battery, the sensor's own doing
    "stalled",  # connected as far as anybody says, but no data came
    "adapter-off",  # the adapter lost its power or was unplugged
    "bluetooth-service-gone",  # bluetoothd ended
    "overflow",  # notifications came faster than they could be taken
    "refused",  # the sensor would not start its stream
    "disk-full",  # they came, and the recording could not take them; only a recording says this
]
LinkState: TypeAlias = Literal["up", "down", "lost"]


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link came up, went down, or lost notifications while it was up (``n_lost`` of them)."""

    device: str
    at_utc: datetime
    state: LinkState
    cause: LinkCause | None = None
    n_lost: int = 0

    def to_notification(self) -> RawNotification:
        """Return it as it is recorded."""
        words = [self.state, *([self.cause] if self.cause else []), *([str(self.n_lost)] if self.n_lost else [])]
        return RawNotification(self.device, LINK, self.at_utc, " ".join(words).encode("ascii"))

    @classmethod
    def from_notification(cls, raw: RawNotification) -> "LinkChange":
        """Read it back; DecodeError if the payload is not one of ours."""
        words = raw.payload.decode("ascii", errors="replace").split(" ")
        match words:
            case ["up"]:
                return cls(raw.device, raw.arrival_utc, "up")
            case ["down", cause] if cause in get_args(LinkCause):
                return cls(raw.device, raw.arrival_utc, "down", cause)  # type: ignore[arg-type]
            case ["lost", cause, count] if cause in get_args(LinkCause) and count.isascii() and count.isdigit():
                return cls(raw.device, raw.arrival_utc, "lost", cause, int(count[:12]))  # type: ignore[arg-type]
        raise DecodeError("link", "not a link change", raw.payload)


@dataclass(frozen=True, slots=True)
class Found:
    """A sensor that was heard advertising."""

    address: str
    name: str
    rssi_dbm: int | None
    services: tuple[str, ...] = ()
    company_ids: tuple[int, ...] = ()


PodPhase: TypeAlias = Literal["waiting", "connecting", "starting", "streaming", "stalled", "lost", "stopped"]


@dataclass(frozen=True, slots=True)
class PodState:
    """How one sensor is doing, for a screen.

    phase : where its link is. battery_percent, rssi_dbm : None unknown. n_received, n_dropped : since the start.
    problem : what stands in the way, in a sentence, or None.
    """

    device: str
    phase: PodPhase
    battery_percent: int | None = None
    rssi_dbm: int | None = None
    n_received: int = 0
    n_dropped: int = 0
    n_reconnects: int = 0
    problem: str | None = None
