"""Sensors and edges as a hub knows them: what a page shows of them, and what it can ask an edge to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sensor_hub.model.gait import Mount, Side

DeviceState: TypeAlias = Literal["init", "ready", "streaming", "sleeping", "lost", "alert"]


@dataclass(frozen=True, slots=True)
class SensorCheck:
    """What the last check of a sensor before a run found. verdict : "fit", "look" or "no", as `devices check` says it.

    found : codes with a number each where there is one.
    """

    device: str
    checked_utc: datetime
    verdict: Literal["fit", "look", "no"]
    found: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class SensorView:
    """One sensor that was paired or heard of. Never an address.

    device : pseudonym. name : what people call it, None where only an edge knows it. athlete : who wears it now.
    state : what its edge said last, None if nothing; heard_utc : when. battery_percent : None unknown.
    """

    device: str
    name: str | None
    profile: str
    side: Side
    mount: Mount | None
    athlete: str | None
    gw: str | None
    state: DeviceState | None
    battery_percent: int | None
    heard_utc: datetime | None
    n_reconnects: int = 0
    n_dropped: int = 0
    check: SensorCheck | None = None


@dataclass(frozen=True, slots=True)
class EdgeView:
    """An edge that has said how it is. label : what the hub's people call it, "" if nothing."""

    gw: str
    is_ready: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class HeardSensor:
    """A sensor an edge hears on the air. key : opaque, means it in what is asked of that edge next; never an address.

    profile : what it was recognised as, None if nothing fits. mounts : where it can be worn, None of them: not asked.
    paired : its pseudonym if that edge knows it.
    """

    key: str
    name: str
    profile: str | None
    rssi_dbm: int | None
    mounts: tuple[Mount, ...] = ()
    paired: str | None = None
