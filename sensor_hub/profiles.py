"""TOML text → DeviceProfile. Reading the files is the composition root's work."""

import math
import re
import tomllib
from typing import Any, Final, TypeVar, get_args

from sensor_hub.errors import ProfileError
from sensor_hub.model.gait import Mount
from sensor_hub.model.profile import DeviceProfile, ProfileStatus

DECODERS: Final = frozenset(
    {
        "rsc", "shank_logger", "heart_rate", "cycling_power", "battery", "device_information", "rsc_feature",
        "sensor_location", "polar_pmd", "movesense", "metawear", "json_lines", "simple_stream",
    }
)  # fmt: skip
_KNOWN: Final = {
    "device": {"id", "version", "name", "name_patterns", "kind", "mount", "status", "evidence"},
    "characteristics": None,
    "clock": {"timestamp", "wrap_bits"},
    "records": {"cadence_counts", "stride_divisor"},
    "stream": {"stale_timeout_s"},
}
_ID: Final = re.compile(r"[a-z0-9-]{1,64}")
_UUID: Final = re.compile(r"[0-9a-f]{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WRAP_BITS: Final = (8, 16, 24, 32, 64)
T = TypeVar("T")


class _Table:
    """One profile's TOML, asked for typed values; whatever is wrong names the file and the key."""

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        try:
            self.root: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ProfileError(f"{source}: not TOML: {error}") from error
        for table, body in self.root.items():
            if table not in _KNOWN or not isinstance(body, dict):
                raise ProfileError(f"{source}: unknown table [{table}]; known: {', '.join(_KNOWN)}")
            known = _KNOWN[table]
            for key in body:
                if known is not None and key not in known:
                    raise ProfileError(f"{source}: unknown key {table}.{key}; known: {', '.join(sorted(known))}")

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        table, name = key.split(".")
        value = self.root.get(table, {}).get(name, default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ProfileError(f"{self.source}: {key} must be {kind.__name__}, not {value!r}")
        return value

    def above_zero(self, key: str, default: float) -> float:
        value = self.get(key, float, default)
        if not (0 < value < math.inf):
            raise ProfileError(f"{self.source}: {key} is {value!r}; it must be above zero")
        return value

    def words(self, key: str) -> str:
        value = self.get(key, str)
        if not value.strip():
            raise ProfileError(f"{self.source}: {key} is empty")
        return value

    def patterns(self, key: str) -> tuple[str, ...]:
        values: list[Any] = self.get(key, list)
        if not values or not all(isinstance(v, str) and v for v in values):
            raise ProfileError(f"{self.source}: {key} must be a list of at least one name, * for any")
        return tuple(values)

    def characteristics(self) -> dict[str, str]:
        found: dict[str, Any] = self.root.get("characteristics", {})
        if not found:
            raise ProfileError(f"{self.source}: [characteristics] is empty: nothing would be decoded")
        for uuid, decoder in found.items():
            where = f"{self.source}: characteristics.{uuid}"
            if not isinstance(decoder, str) or decoder not in DECODERS:
                raise ProfileError(f"{where} is {decoder!r}; known: {', '.join(sorted(DECODERS))}")
            if not _UUID.fullmatch(uuid.lower()):
                raise ProfileError(f"{where}: not a UUID (4 hex digits, or 36 characters)")
        return {uuid.lower(): decoder for uuid, decoder in found.items()}

    def choice(self, key: str, allowed: tuple[Any, ...], default: str | None = None) -> Any:
        value = self.get(key, str, default)
        if value not in allowed:
            raise ProfileError(f"{self.source}: {key} is {value!r}; allowed: {', '.join(allowed)}")
        return value


def load_profile(text: str, source: str) -> DeviceProfile:
    """Check one profile.

    Parameters
    ----------
    text : str
        The TOML text.
    source : str
        What to call it in an error: the file's path.

    Raises
    ------
    ProfileError
        Names the file, the key and what is allowed.
    """
    table = _Table(text, source)
    identity, version = table.get("device.id", str), table.get("device.version", int)
    if not _ID.fullmatch(identity):
        raise ProfileError(f"{source}: device.id is {identity!r}; allowed: a-z, 0-9 and -")
    if version < 1:
        raise ProfileError(f"{source}: device.version is {version}; it counts from 1")
    has_mount = "mount" in table.root.get("device", {})
    wrap_bits = table.get("clock.wrap_bits", int) if "wrap_bits" in table.root.get("clock", {}) else None
    if wrap_bits is not None and wrap_bits not in _WRAP_BITS:
        raise ProfileError(f"{source}: clock.wrap_bits is {wrap_bits}; allowed: {', '.join(map(str, _WRAP_BITS))}")
    return DeviceProfile(
        id=identity,
        version=version,
        name=table.words("device.name"),
        name_patterns=table.patterns("device.name_patterns"),
        characteristics=table.characteristics(),
        kind=table.choice("device.kind", ("imu", "records")),
        status=table.choice("device.status", get_args(ProfileStatus)),
        evidence=table.words("device.evidence"),
        cadence_counts=table.choice("records.cadence_counts", ("steps", "strides"), "steps"),
        stride_divisor=table.above_zero("records.stride_divisor", 1.0),
        stale_timeout_s=table.above_zero("stream.stale_timeout_s", 3.0),
        timestamp=table.choice("clock.timestamp", ("last_sample", "first_sample", "none"), "none"),
        timestamp_wrap_bits=wrap_bits,
        mount=table.choice("device.mount", get_args(Mount)) if has_mount else None,
    )
