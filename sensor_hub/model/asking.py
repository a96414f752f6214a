"""What a hub can ask an edge to do, and what an edge answers. No address of a sensor is in any of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.sensor_view import HeardSensor, SensorCheck

Verb: TypeAlias = Literal["list", "scan", "pair", "unpair", "check"]
VERBS: Final[tuple[Verb, ...]] = ("list", "scan", "pair", "unpair", "check")
EXPIRES_S: Final = 30.0  # ours: nobody waits at a page for longer than that for something to begin
LONGEST_SCAN_S: Final = 30.0
LONGEST_CHECK_S: Final = 60.0
MOST_HEARD: Final = 200  # sensors of one scan; a start line has fewer

RefusalCode: TypeAlias = Literal[
    "busy", "too-old", "not-taken", "not-understood", "bluetooth", "not-heard", "key-gone", "no-profile", "place-taken",
    "passkey", "is-anothers", "unknown-sensor", "in-run", "not-here", "failed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListSensors:
    """Tell every sensor that is paired there."""


@dataclass(frozen=True, slots=True)
class ScanAir:
    """Listen for some seconds and tell who is heard."""

    seconds: float


@dataclass(frozen=True, slots=True)
class PairSensor:
    """Pair what was heard under a key. athlete : None of a sensor of a box; zone, simulated : of the athlete.

    mount : None where the profile knows it. name : what to call it; None is what it calls itself.
    """

    key: str
    athlete: str | None
    zone: str
    simulated: bool
    side: Side
    mount: Mount | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class UnpairSensor:
    """Let go of a sensor, by pseudonym."""

    device: str


@dataclass(frozen=True, slots=True)
class CheckSensor:
    """Look for some seconds whether a sensor is fit for a run."""

    device: str
    seconds: float


Ask: TypeAlias = ListSensors | ScanAir | PairSensor | UnpairSensor | CheckSensor
VERB_OF: Final[dict[type, Verb]] = {
    ListSensors: "list", ScanAir: "scan", PairSensor: "pair", UnpairSensor: "unpair", CheckSensor: "check",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a hub asks of an edge. id : random, answered once. It is void ``expires_s`` after ``sent_utc``."""

    id: str
    gw: str
    ask: Ask
    sent_utc: datetime
    expires_s: float = EXPIRES_S

    @property
    def verb(self) -> Verb:
        """What is asked, in the word of the contract."""
        return VERB_OF[type(self.ask)]


@dataclass(frozen=True, slots=True)
class PairedSensor:
    """A sensor as the edge that has paired it knows it. athlete : whose it is for good; None of the box.

    worn_by : whose it is now, by the roster of that edge.
    """

    device: str
    name: str
    profile: str
    side: Side
    mount: Mount | None
    athlete: str | None
    worn_by: str | None
    battery_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an edge did not do what it was asked. text : in words of the edge, "" where the code says it all."""

    code: RefusalCode
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an edge says to one request; of the parts only that of the verb is there.

    at_utc : by the edge's clock. refusal : None where it was done.
    """

    id: str
    gw: str
    verb: Verb
    at_utc: datetime
    refusal: Refusal | None = None
    sensors: tuple[PairedSensor, ...] = ()
    heard: tuple[HeardSensor, ...] = ()
    check: SensorCheck | None = None


__all__ = [
    "EXPIRES_S", "LONGEST_CHECK_S", "LONGEST_SCAN_S", "MOST_HEARD", "VERBS", "VERB_OF", "Ask", "CheckSensor",
    "ListSensors", "PairSensor", "PairedSensor", "Refusal", "RefusalCode", "Reply", "Request", "ScanAir",
    "UnpairSensor", "Verb",
]  # fmt: skip
