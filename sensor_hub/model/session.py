"""A run: who, with what, and the events it is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from sensor_hub.model.gait import Mount, PauseReading, RecordReading, Side, StepTable, Tier
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.load import Totals
from sensor_hub.model.profile import DeviceProfile

Origin: TypeAlias = Literal["live", "import", "replay", "simulated"]
Reading: TypeAlias = ImuBlock | RecordReading | PauseReading
Ledger: TypeAlias = Literal["run", "walk", "other"]


@dataclass(frozen=True, slots=True)
class BoundDevice:
    """A sensor in its role for this session.

    profile is None for sources that come as Readings (files that are already decoded).
    """

    device: str
    profile: DeviceProfile | None
    side: Side = "U"
    mount: Mount | None = None


@dataclass(frozen=True, slots=True)
class SessionSetup:
    """Everything a ``RunSession`` has to be told; it knows no clock and no disk.

    sid : lower-case ULID made by the edge, or a hash for imports. zone : the athlete's IANA zone.
    tier : the best its devices can give; rows come from devices of that tier only, so sources never mix.
    start_utc : None lets the first reading set it; needed where the readings have only a device clock.
    """

    sid: str
    athlete: str
    zone: str
    origin: Origin
    devices: tuple[BoundDevice, ...]
    tier: Tier
    start_utc: datetime | None = None
    source: str = ""
    ledger: Ledger = "run"


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What every message of a session repeats, so that each can be understood alone."""

    sid: str
    athlete: str
    zone: str
    origin: Origin
    tier: Tier
    model: str
    reference: str
    profile: str
    ledger: Ledger = "run"


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The session has its first usable reading."""

    header: SessionHeader
    start_utc: datetime
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepBatch:
    """Steps that became certain within the same half second of stream time, with the totals after them."""

    header: SessionHeader
    start_utc: datetime
    steps: StepTable
    totals: Totals


@dataclass(frozen=True, slots=True)
class LiveReading:
    """The newest step, for a screen; may be lost without harm (QoS 0)."""

    header: SessionHeader
    time_utc: datetime
    side: Side
    cadence_spm: float | None
    contact_time_s: float | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class GapFound:
    """Nothing is known of ``[start_utc, end_utc)``.

    cause : "silence", "clock-reset", "rate-too-low", "no-gyroscope" or "no-acceleration".
    """

    header: SessionHeader
    device: str
    start_utc: datetime
    end_utc: datetime
    cause: str


@dataclass(frozen=True, slots=True)
class SessionPaused:
    """The runner paused over ``[start_utc, end_utc)``."""

    header: SessionHeader
    start_utc: datetime
    end_utc: datetime


@dataclass(frozen=True, slots=True)
class DecodeFailed:
    """A payload was not what its profile promises; it stays in the recording."""

    header: SessionHeader
    device: str
    characteristic: str
    arrival_utc: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session as history keeps it; ``ended`` is False while it still runs."""

    header: SessionHeader
    start_utc: datetime
    end_utc: datetime
    totals: Totals
    source: str = ""
    warnings: tuple[str, ...] = field(default=())
    ended: bool = True


Event: TypeAlias = SessionStarted | StepBatch | LiveReading | GapFound | SessionPaused | DecodeFailed | SessionSummary
