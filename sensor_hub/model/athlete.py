"""People and their things, as the registry keeps them."""

from dataclasses import dataclass
from datetime import datetime

from sensor_hub.model.gait import Mount, Side


@dataclass(frozen=True, slots=True)
class Athlete:
    """A runner. ``id`` is a random pseudonym and the only thing that leaves the registry.

    zone : IANA time zone that decides their days. week_start : ISO weekday, 1 = Monday. height_m : gives the leg's
    length for leg stiffness, and decides no load.
    """

    id: str
    display_name: str
    zone: str
    mass_kg: float | None = None
    week_start: int = 1
    simulated: bool = False
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A sensor that has been paired; ``id`` is its pseudonym, the address stays in the registry.

    fingerprint : of its characteristics when it was last linked. swing : which way its gyroscope turns when its leg
    swings forward where it is worn now, such as ``"z+"``. Both None until they were seen.
    """

    id: str
    address: str
    name: str
    profile: str
    athlete: str | None = None
    side: Side = "U"
    mount: Mount | None = None
    fingerprint: str | None = None
    swing: str | None = None


@dataclass(frozen=True, slots=True)
class Shoe:
    """A pair of shoes."""

    id: str
    athlete: str
    name: str
    drop_mm: float | None = None
    start_distance_m: float = 0.0
    retired_utc: datetime | None = None
