"""What every reader of files returns, and what a recorder is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Conditions, LoadReference
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Ledger, Reading


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a file. ``lost`` is True if readings that were there could not be read."""

    place: str
    problem: str
    lost: bool


@dataclass(slots=True)
class RecordingInfo:
    """What a file says about itself.

    kind : "fit", "tcx", "gpx", "shank-csv", "columns-csv", "rsc-vectors", "mcap", "btsnoop", "nrf-log".
    start_utc : None where the file has only a device clock.
    devices : sensors in the file; their profile is None where readings come decoded.
    sid, athlete, zone, tier, load_reference : only our own recordings know them.
    conditions : what the file says of them; of our own recordings all that the session was told.
    contact_streams : name of each contact-time stream a FIT file may have → number of its plausible values.
    profile_ids : device → id of the firmware profile it was recorded with; the reader does not load profiles.
    characteristics : device → characteristic → how many values a capture has of it; names : device → advertised name.
    unnamed : devices of a capture that were connected before it began, so that it does not have their address.
    """

    kind: str
    path: str
    devices: tuple[BoundDevice, ...]
    start_utc: datetime | None = None
    sid: str | None = None
    athlete: str | None = None
    zone: str | None = None
    origin: str | None = None
    ledger: Ledger = "run"
    contact_streams: dict[str, int] = field(default_factory=dict)
    profile_ids: dict[str, str] = field(default_factory=dict)
    characteristics: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    load_reference: LoadReference | None = None
    tier: Tier | None = None


class Recording(Protocol):
    """A file that is being read.

    Iterating yields what can be read, in file order, once; ``faults`` is complete when the iteration has ended.
    Opening raises ``RecordingError`` if nothing at all can be read; iterating never raises.
    """

    info: RecordingInfo
    faults: list[Fault]

    def __iter__(self) -> Iterator[RawNotification | Reading]:
        """Yield readings in file order."""
        ...
