"""Sensors and edges as a hub knows them: what a page shows of them, and what it can ask an edge to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sensor_hub.model.gait import Mount, Side

DeviceState: TypeAlias = Literal["init", "ready", "streaming", "sleeping", "lost", "alert"]


@dataclass(frozen=True, slots=True)
class SensorCheck:
    """What the last check of a sensor before a run found. verdict : "fit", "look" or "no", as `devices check` says it.

    found : codes with a number each where there is one. problem : of its link, in words, None without one.
    """

    device: str
    checked_utc: datetime
    verdict: Literal["fit", "look", "no"]
    found: tuple[tuple[str, float | None], ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SensorView:
    """One sensor that was paired or heard of. Never an address.

    device : pseudonym. name : what people call it, None where only an edge knows it. profile : id of its firmware
    profile; profile_name : in words, "" where it is not here. athlete : who wears it now; owner : whose it is for good,
    None of the box. gw : the edge that has it, None if none has said so. can_be_asked : whether that edge is there and
    takes requests. state : what its edge said last, None if nothing, or if that edge is gone; heard_utc : when it was
    said, by this hub's clock; of what a broker kept, when this hub heard it first. battery_percent : None unknown.
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
    owner: str | None = None
    can_be_asked: bool = False
    profile_name: str = ""


@dataclass(frozen=True, slots=True)
class EdgeView:
    """An edge that has said how it is. label : what the hub's people call it, "" if nothing.

    takes_requests : whether it pairs and checks sensors when it is asked; one that plays a recording does not. about :
    pseudonyms of whose gateway it is, None of everybody's: what is heard there is heard where these people are.
    """

    gw: str
    is_ready: bool
    label: str = ""
    takes_requests: bool = False
    about: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HeardSensor:
    """A sensor an edge hears on the air. key : opaque, means it in what is asked of that edge next; never an address.

    profile : what it was recognised as, None if nothing fits; profile_name : in words. mounts : where it can be worn;
    none of them: not asked. asks_side : whether it measures one leg, so that a side has to be told. paired : its
    pseudonym if that edge knows it.
    """

    key: str
    name: str
    profile: str | None
    rssi_dbm: int | None
    mounts: tuple[Mount, ...] = ()
    paired: str | None = None
    profile_name: str = ""
    asks_side: bool = False


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """What a gateway said of itself last. takes : verbs of requests that it takes."""

    gw: str
    is_ready: bool
    takes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What an edge said of a sensor last. profile : ``id@version``."""

    device: str
    gw: str
    state: DeviceState
    profile: str
    side: Side
    battery_percent: int | None
    n_reconnects: int = 0
    n_dropped: int = 0
