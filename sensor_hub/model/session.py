"""A run: who, with what, and the events it is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, PauseReading, RecordReading, Side, StepTable, Tier
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.link import LinkCause
from sensor_hub.model.load import Conditions, LoadReference, Surface, Totals
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.profile import DeviceProfile

Origin: TypeAlias = Literal["live", "import", "replay", "simulated"]
Reading: TypeAlias = ImuBlock | RecordReading | PauseReading
Ledger: TypeAlias = Literal["run", "walk", "exercise", "other"]
GapCause: TypeAlias = Literal[
    "silence",  # nothing came, and nobody knows why
    "clock-reset",  # the device's clock ran backwards, or ahead of the time that passed
    "rate-too-low",  # samples come too slowly to time a contact
    "no-gyroscope",  # samples came, without the angular velocity that contacts are found by
    "no-acceleration",  # samples came, without a usable acceleration
    "not-worn",  # samples came, without a contact while the other foot made some
    "stale",  # records came, and only repeated what was true before
    LinkCause,  # what the collector knows of the link
]


@dataclass(frozen=True, slots=True)
class BoundDevice:
    """A sensor in its role for this session.

    profile is None for sources that come as Readings (files that are already decoded). calibration : what the athlete's
    contact times need here, None without one. usual : how their strides usually look to a sensor there.
    contact_stream : which of a file's contact times are used, such as "stance-time"; "" where there is no choice.
    others : how strides usually look to a sensor there of whoever else may have taken this one, each with the pod they
    should wear; never recorded, for it is theirs.
    """

    device: str
    profile: DeviceProfile | None
    side: Side = "U"
    mount: Mount | None = None
    calibration: Calibration | None = None
    usual: GaitPattern | None = None
    contact_stream: str = ""
    others: tuple[tuple[str, GaitPattern], ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSetup:
    """Everything a ``RunSession`` has to be told; it knows no clock and no disk.

    sid : lower-case ULID made by the edge, or a hash for imports. zone : the athlete's IANA zone.
    tier : the best its devices can give; rows come from devices of that tier only, so sources never mix.
    start_utc : None lets the first reading set it; needed where the readings have only a device clock.
    conditions : what the load model is told. load_reference : the athlete's own, None for the population's.
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
    conditions: Conditions = field(default_factory=Conditions)
    load_reference: LoadReference | None = None


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What every message of a session repeats, so that each can be understood alone.

    instrument : what the load was measured with, such as "imu/foot/foot-1.0": loads of two instruments are never held
        against each other. "" where an older program did not say.
    """

    sid: str
    athlete: str
    zone: str
    origin: Origin
    tier: Tier
    model: str
    reference: str
    profile: str
    ledger: Ledger = "run"
    instrument: str = ""
    surface: Surface = "unknown"


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

    cause : one of ``GapCause``; text, because a hub may be older than an edge.
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
class ClockQuality:
    """How well a device's clock is known beside UTC.

    skew_ppm : how much faster than UTC it runs, parts per million; None before that can be told.
    residual_s : root mean square distance of the envelope of arrivals from the fit; None where nothing arrived.
    n_resets : how often it was set or began anew.
    """

    skew_ppm: float | None
    residual_s: float | None
    n_resets: int = 0


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
