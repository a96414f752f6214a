"""TOML text → DeviceProfile. Reading the files is the composition root's work."""

import tomllib
from typing import Any, Final, TypeVar, get_args

from sensor_hub.errors import ProfileError
from sensor_hub.model.gait import Mount
from sensor_hub.model.profile import DeviceProfile, ProfileStatus

DECODERS: Final = frozenset({"rsc", "shank_logger"})
_KNOWN: Final = {
    "device": {"id", "version", "name", "name_patterns", "kind", "mount", "status", "evidence"},
    "characteristics": None,
    "clock": {"timestamp", "wrap_bits"},
    "records": {"cadence_counts", "stride_divisor"},
    "stream": {"stale_timeout_s"},
}
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
    characteristics = table.root.get("characteristics", {})
    for uuid, decoder in characteristics.items():
        if decoder not in DECODERS:
            raise ProfileError(f"{source}: characteristics.{uuid} is {decoder!r}; known: {', '.join(sorted(DECODERS))}")
    if not characteristics:
        raise ProfileError(f"{source}: [characteristics] is empty: nothing would be decoded")
    has_mount = "mount" in table.root.get("device", {})
    wrap_bits = table.root.get("clock", {}).get("wrap_bits")
    if wrap_bits is not None and wrap_bits not in {8, 16, 24, 32, 64}:
        raise ProfileError(f"{source}: clock.wrap_bits is {wrap_bits!r}; allowed: 8, 16, 24, 32, 64")
    profile = DeviceProfile(
        id=table.get("device.id", str),
        version=table.get("device.version", int),
        name=table.get("device.name", str),
        name_patterns=tuple(table.get("device.name_patterns", list)),
        characteristics={uuid.lower(): decoder for uuid, decoder in characteristics.items()},
        kind=table.choice("device.kind", ("imu", "records")),
        status=table.choice("device.status", get_args(ProfileStatus)),
        evidence=table.get("device.evidence", str),
        cadence_counts=table.choice("records.cadence_counts", ("steps", "strides"), "steps"),
        stride_divisor=table.get("records.stride_divisor", float, 1.0),
        stale_timeout_s=table.get("stream.stale_timeout_s", float, 3.0),
        timestamp=table.choice("clock.timestamp", ("last_sample", "first_sample", "none"), "none"),
        timestamp_wrap_bits=wrap_bits,
        mount=table.choice("device.mount", get_args(Mount)) if has_mount else None,
    )
    if profile.stale_timeout_s <= 0 or profile.stride_divisor <= 0:
        raise ProfileError(f"{source}: stream.stale_timeout_s and records.stride_divisor must be above zero")
    return profile
