"""What a sensor is and how it speaks, as declared by its firmware profile."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sensor_hub.model.gait import Mount

ProfileStatus: TypeAlias = Literal["verified", "documented", "unverified"]
ProfileKind: TypeAlias = Literal["imu", "records", "companion"]
NotifyMode: TypeAlias = Literal["auto", "start", "acquire"]
TimestampKind: TypeAlias = Literal["last_sample", "first_sample", "none"]
Quantity: TypeAlias = Literal[
    "time_s", "sequence",
    "acceleration_x_mps2", "acceleration_y_mps2", "acceleration_z_mps2",
    "angular_velocity_x_radps", "angular_velocity_y_radps", "angular_velocity_z_radps",
    "speed_mps", "cadence_per_min", "contact_time_s", "distance_m", "stride_length_m",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """Bytes a sensor has to be told.

    characteristic : UUID it is written to. payload : what is written; empty with ``reads`` only.
    response : write with response. reply_from, reply_prefix : characteristic and first bytes of the answer that says
    "done"; None where no answer is waited for. Any other answer from there is a refusal.
    """

    characteristic: str
    payload: bytes
    response: bool = True
    reply_from: str | None = None
    reply_prefix: bytes = b""


@dataclass(frozen=True, slots=True)
class Presence:
    """A field is there only if ``byte & mask == equals`` (``equals`` is the mask itself unless given)."""

    byte: int
    mask: int
    equals: int


@dataclass(frozen=True, slots=True)
class LayoutField:
    """One number in a frame.

    quantity : what it is, in SI units after ``value * scale + offset``. type : u8 i8 u16 i16 u24 i24 u32 i32 u64 i64
    f32 f64, little-endian. at : byte in the frame, or in its repeated part; None means right after the field before.
    valid_min, valid_max : a raw value outside is unknown (such as a cadence of 255).
    """

    quantity: Quantity
    type: str
    scale: float = 1.0
    offset: float = 0.0
    at: int | None = None
    present: Presence | None = None
    repeated: bool = False
    valid_min: float | None = None
    valid_max: float | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A frame that needs no Python to be decoded.

    frame_bytes : its length, None where flags or a repetition decide. match : (byte, constant bytes) it must have.
    resync : frames run on over the borders of notifications; the first of ``match`` is where one begins.
    repeat_at, repeat_bytes : where the repeated part begins and how long one of it is; None if nothing is repeated.
    ignore_unmatched : a frame that does not match is of another kind, and not a failure.
    """

    name: str
    fields: tuple[LayoutField, ...]
    frame_bytes: int | None = None
    match: tuple[tuple[int, bytes], ...] = ()
    resync: bool = False
    repeat_at: int | None = None
    repeat_bytes: int | None = None
    ignore_unmatched: bool = False


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """One firmware profile, checked.

    name_patterns, services, company_ids : what recognises it in an advertisement.
    characteristics : UUID → name of the decoder that understands it, or ``layout:NAME``.
    layouts : declared frames by name.
    subscribe : UUIDs to be notified of, in order; reads : UUIDs read once after connecting and recorded like
        notifications. start, stop, keep_alive : what the sensor has to be told; keep_alive every keep_alive_s.
    skip_services : services that must not be discovered. notify_mode : which way of BlueZ to subscribe.
    sampling_rate_hz : what the start command asks for. largest_rate_hz : what it can do.
    largest_acceleration_mps2, largest_angular_velocity_radps : either way from zero, as it is started; None unknown.
    cadence_counts : "steps" if the device's cadence counts both feet, "strides" if one.
    stride_divisor : the device's stride field divided by this is a stride.
    stale_timeout_s : silence longer than this is a gap.
    timestamp : "last_sample" or "first_sample" where the payload carries a device time; "none": rebuilt from arrival.
    timestamp_wrap_bits : bits of the counter; timestamp_tick_s : what it counts.
    axes : sensor axis that is our x, y, z, such as ("x", "-z", "y").
    """

    id: str
    version: int
    name: str
    name_patterns: tuple[str, ...]
    characteristics: dict[str, str]
    kind: ProfileKind
    status: ProfileStatus
    evidence: str
    services: tuple[str, ...] = ()
    company_ids: tuple[int, ...] = ()
    layouts: dict[str, Layout] = field(default_factory=dict)
    subscribe: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    start: tuple[Command, ...] = ()
    stop: tuple[Command, ...] = ()
    keep_alive: tuple[Command, ...] = ()
    keep_alive_s: float = 0.0
    skip_services: tuple[str, ...] = ()
    notify_mode: NotifyMode = "auto"
    sampling_rate_hz: float | None = None
    largest_rate_hz: float | None = None
    largest_acceleration_mps2: float | None = None
    largest_angular_velocity_radps: float | None = None
    cadence_counts: Literal["steps", "strides"] = "steps"
    stride_divisor: float = 1.0
    stale_timeout_s: float = 3.0
    timestamp: TimestampKind = "none"
    timestamp_wrap_bits: int | None = None
    timestamp_tick_s: float | None = None
    mount: Mount | None = None
    axes: tuple[str, str, str] = ("x", "y", "z")
    notes: str = ""

    @property
    def tag(self) -> str:
        """``id@version``, as messages carry it."""
        return f"{self.id}@{self.version}"

    @property
    def gives_contact_time(self) -> bool:
        """Whether the device itself reports contact times."""
        quantities = {f.quantity for layout in self.layouts.values() for f in layout.fields}
        return "contact_time_s" in quantities
