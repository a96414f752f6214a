"""What a sensor is and how it speaks, as declared by its firmware profile."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sensor_hub.model.gait import Mount

ProfileStatus: TypeAlias = Literal["verified", "documented", "unverified"]


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """One firmware profile, checked.

    characteristics : UUID → name of the decoder that understands it.
    cadence_counts : "steps" if the device's cadence counts both feet, "strides" if one.
    stride_divisor : the device's stride field divided by this is a stride.
    stale_timeout_s : silence longer than this is a gap.
    timestamp : "last_sample" or "first_sample" where the payload carries a device time, else "none".
    """

    id: str
    version: int
    name: str
    name_patterns: tuple[str, ...]
    characteristics: dict[str, str]
    kind: Literal["imu", "records"]
    status: ProfileStatus
    evidence: str
    cadence_counts: Literal["steps", "strides"] = "steps"
    stride_divisor: float = 1.0
    stale_timeout_s: float = 3.0
    timestamp: Literal["last_sample", "first_sample", "none"] = "none"
    timestamp_wrap_bits: int | None = None
    mount: Mount | None = None

    @property
    def tag(self) -> str:
        """``id@version``, as messages carry it."""
        return f"{self.id}@{self.version}"
