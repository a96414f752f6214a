"""One profile's TOML → DeviceProfile, strict: a key that is not known is an error, and so is a value that cannot be."""

import re
import tomllib
from typing import Any, Final, Literal, get_args

from sensor_hub.errors import ProfileError
from sensor_hub.model.gait import Mount
from sensor_hub.model.profile import (
    Command,
    DeviceProfile,
    Layout,
    LayoutField,
    NotifyMode,
    ProfileKind,
    ProfileStatus,
    TimestampKind,
)
from sensor_hub.profiles.commands import read_commands, read_keep_alive
from sensor_hub.profiles.layouts import read_layouts, width_bytes
from sensor_hub.profiles.reading import Table
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

DECODERS: Final = frozenset(
    {
        "rsc", "rsc_feature", "sensor_location", "heart_rate", "cycling_power", "battery", "device_information",
        "polar_pmd", "movesense", "metawear", "json_lines", "simple_stream",
    }
)  # fmt: skip
STANDARD_DECODERS: Final = {
    "2a19": "battery",
    **dict.fromkeys(("2a24", "2a25", "2a26", "2a27", "2a28", "2a29"), "device_information"),
    "2a54": "rsc_feature",
    "2a5d": "sensor_location",
}
"""Adopted characteristics that are read once; a profile that reads them need not say who understands them."""
LARGEST_RATE_HZ: Final = 2000.0
LAYOUT: Final = "layout:"
SCALES: Final = "columns"
"""The layout that gives Simple Stream its scales; no characteristic has it, because the device says its columns."""
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_KNOWN: Final = {
    "device": {"id", "version", "name", "kind", "mount", "status", "evidence", "notes"},
    "recognise": {"names", "services", "company_ids"},
    "connection": {"notify_mode", "skip_services", "stale_timeout_s"},
    "stream": {"subscribe", "reads", "sampling_rate_hz", "largest_rate_hz", "range_g", "range_dps"},
    "clock": {"timestamp", "wrap_bits", "tick_s"},
    "records": {"cadence_counts", "stride_divisor"},
    "axes": {"x", "y", "z"},
}
_TABLES: Final = (*_KNOWN, "characteristics", "layouts", "start", "stop", "keep_alive")
_WRAP_BITS: Final = (8, 16, 24, 32, 64)


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
    root = _parsed(text, source)
    tables = {name: Table(root.get(name, {}), source, name, known) for name, known in _KNOWN.items()}
    layouts = read_layouts(Table(root.get("layouts", {}), source, "layouts", set(root.get("layouts", {}))))
    stream, connection, records = tables["stream"], tables["connection"], tables["records"]
    reads = stream.uuids("reads")
    characteristics = _characteristics(root, source, layouts, (*reads, *stream.uuids("subscribe")))
    keep_alive, keep_alive_s = read_keep_alive(root, source)
    timestamp, wrap_bits, tick_s = _clock(tables["clock"], layouts)
    profile = DeviceProfile(
        **_device(tables["device"]),
        **_recognition(tables["recognise"]),
        characteristics=characteristics,
        layouts=layouts,
        subscribe=stream.uuids("subscribe") or tuple(c for c in characteristics if c not in reads),
        reads=reads,
        start=read_commands(root, source, "start"),
        stop=read_commands(root, source, "stop"),
        keep_alive=keep_alive,
        keep_alive_s=keep_alive_s,
        skip_services=connection.uuids("skip_services"),
        notify_mode=connection.choice("notify_mode", get_args(NotifyMode), "auto"),
        stale_timeout_s=connection.above_zero("stale_timeout_s", 3.0),
        sampling_rate_hz=_rate(stream, "sampling_rate_hz"),
        largest_rate_hz=_rate(stream, "largest_rate_hz"),
        largest_acceleration_mps2=_range(stream, "range_g", STANDARD_GRAVITY_MPS2),
        largest_angular_velocity_radps=_range(stream, "range_dps", DEGREE_RAD),
        cadence_counts=records.choice("cadence_counts", ("steps", "strides"), "steps"),
        stride_divisor=records.above_zero("stride_divisor", 1.0),
        timestamp=timestamp,
        timestamp_wrap_bits=wrap_bits,
        timestamp_tick_s=tick_s,
        axes=_axes(tables["axes"]),
    )
    _check_together(profile, source)
    return profile


def _parsed(text: str, source: str) -> dict[str, Any]:
    try:
        root: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{source}: not TOML: {error}") from error
    except RecursionError:
        raise ProfileError(f"{source}: nested too deeply to be a profile") from None
    for table, body in root.items():
        lists = table in {"start", "stop", "keep_alive"}
        if table not in _TABLES or not isinstance(body, list if lists else dict):
            known = ", ".join(f"[[{t}]]" if t in {"start", "stop", "keep_alive"} else f"[{t}]" for t in _TABLES)
            raise ProfileError(f"{source}: unknown table [{table}]; known: {known}")
    return root


def _device(table: Table) -> dict[str, Any]:
    identity, version = table.get("id", str), table.get("version", int)
    if not _ID.fullmatch(identity):
        raise table.wrong("id", f"is {identity!r}; allowed: a-z, 0-9 and -, 64 at most")
    if version < 1:
        raise table.wrong("version", f"is {version}; it counts from 1")
    name = table.words("name")
    if not name.isprintable():
        raise table.wrong("name", f"is {name!r}; it must be text that can be shown")
    return {
        "id": identity,
        "version": version,
        "name": name,
        "kind": table.choice("kind", get_args(ProfileKind)),
        "mount": table.choice("mount", get_args(Mount)) if table.has("mount") else None,
        "status": table.choice("status", get_args(ProfileStatus)),
        "evidence": table.words("evidence"),
        "notes": table.words("notes", ""),
    }


def _recognition(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name_patterns": table.texts("names"),
        "services": table.uuids("services"),
        "company_ids": table.wholes("company_ids", 0xFFFF),
    }
    if not any(found.values()):
        raise table.wrong("names", "is missing; a profile needs names (* for any), services or company_ids")
    return found


def _characteristics(
    root: dict[str, Any], source: str, layouts: dict[str, Layout], asked: tuple[str, ...]
) -> dict[str, str]:
    body: dict[str, Any] = root.get("characteristics", {})
    table = Table(body, source, "characteristics", set(body))
    allowed = sorted(DECODERS | {f"{LAYOUT}{name}" for name in layouts})
    found = {table.as_uuid(uuid, uuid): table.choice(uuid, tuple(allowed)) for uuid in body}
    found |= {u: STANDARD_DECODERS[u] for u in asked if u in STANDARD_DECODERS and u not in found}
    if not found:
        raise ProfileError(f"{source}: [characteristics] is empty: nothing would be decoded")
    used = {*found.values(), *([f"{LAYOUT}{SCALES}"] if "simple_stream" in found.values() else [])}
    unused = [name for name in layouts if f"{LAYOUT}{name}" not in used]
    if unused:
        raise ProfileError(
            f"{source}: layouts.{unused[0]} is used by no characteristic; write layout:{unused[0]} there"
        )
    return found


def _rate(table: Table, key: str) -> float | None:
    if not table.has(key):
        return None
    rate_hz = table.above_zero(key, 0.0)
    if not 1 <= rate_hz <= LARGEST_RATE_HZ:
        raise table.wrong(key, f"is {rate_hz:g}; allowed: 1 to {LARGEST_RATE_HZ:g}")
    return rate_hz


def _range(table: Table, key: str, unit: float) -> float | None:
    return table.above_zero(key, 0.0) * unit if table.has(key) else None


def _clock(table: Table, layouts: dict[str, Layout]) -> tuple[TimestampKind, int | None, float | None]:
    """Return kind, bits and tick of the device clock; a declared time field says its own bits and tick."""
    timestamp: TimestampKind = table.choice("timestamp", get_args(TimestampKind), "none")
    wrap_bits = table.get("wrap_bits", int) if table.has("wrap_bits") else None
    tick_s = table.above_zero("tick_s", 0.0) if table.has("tick_s") else None
    if wrap_bits is not None and wrap_bits not in _WRAP_BITS:
        raise table.wrong("wrap_bits", f"is {wrap_bits}; allowed: {', '.join(map(str, _WRAP_BITS))}")
    for layout in layouts.values():
        for field in layout.fields:
            if field.quantity == "time_s":
                wrap_bits, tick_s = _clock_of(table, field, wrap_bits, tick_s)
    return timestamp, wrap_bits, tick_s


def _clock_of(
    table: Table, field: LayoutField, wrap_bits: int | None, tick_s: float | None
) -> tuple[int | None, float | None]:
    if tick_s not in {None, field.scale}:
        raise table.wrong("tick_s", f"is {tick_s:g}, yet the time of the layout counts {field.scale:g} s")
    if not field.type.startswith("u"):
        return wrap_bits, field.scale
    bits = width_bytes(field.type) * 8
    if wrap_bits is not None and wrap_bits > bits:
        raise table.wrong("wrap_bits", f"is {wrap_bits}, yet the time of the layout is {field.type}")
    return wrap_bits or bits, field.scale


def _axes(table: Table) -> tuple[str, str, str]:
    signed = tuple(f"{sign}{axis}" for axis in "xyz" for sign in ("", "-"))
    found: list[str] = [table.choice(axis, signed, axis) for axis in "xyz"]
    order = ["xyz".index(axis[-1]) for axis in found]
    if len(set(order)) < 3:
        raise table.wrong("x", f"y and z are {', '.join(found)}; each sensor axis must stand once")
    n_swapped = sum(order[i] > order[j] for i in range(3) for j in range(i + 1, 3))
    if (n_swapped + sum(axis.startswith("-") for axis in found)) % 2:
        raise table.wrong("x", f"y and z are {', '.join(found)}, which mirrors: turn another sign")
    return found[0], found[1], found[2]


def _check_together(profile: DeviceProfile, source: str) -> None:
    """Refuse what each table may say but not all together."""
    known = profile.characteristics
    for key, uuids in (("stream.subscribe", profile.subscribe), ("stream.reads", profile.reads)):
        for uuid in uuids:
            if uuid not in known:
                raise ProfileError(f"{source}: {key} has {uuid}, which is not in [characteristics]")
    for name in ("start", "stop", "keep_alive"):
        commands: tuple[Command, ...] = getattr(profile, name)
        for command in commands:
            if command.reply_from is not None and command.reply_from not in known:
                raise ProfileError(f"{source}: {name}.reply_from {command.reply_from} is not in [characteristics]")
    rate_hz, largest_hz = profile.sampling_rate_hz, profile.largest_rate_hz
    if rate_hz is not None and largest_hz is not None and rate_hz > largest_hz:
        raise ProfileError(f"{source}: stream.sampling_rate_hz is {rate_hz:g}, above largest_rate_hz {largest_hz:g}")
    _check_kind(profile, source)
    for layout in profile.layouts.values():
        _check_time(profile, layout, source)


def _check_kind(profile: DeviceProfile, source: str) -> None:
    """Refuse a kind that the characteristics do not bear out."""
    moves = any(f.quantity.startswith(("acc", "ang")) for layout in profile.layouts.values() for f in layout.fields)
    streams = {"polar_pmd", "movesense", "metawear", "json_lines", "simple_stream"}
    gives: Literal["imu", "records"] = "imu" if moves or streams & set(profile.characteristics.values()) else "records"
    if (profile.kind == "imu") != (gives == "imu"):
        raise ProfileError(f"{source}: device.kind is {profile.kind!r}, yet its characteristics give {gives}")
    if profile.kind == "imu" and profile.timestamp == "none" and profile.sampling_rate_hz is None:
        raise ProfileError(f"{source}: stream.sampling_rate_hz is missing; without a device clock it must be known")
    if profile.timestamp == "none" and profile.timestamp_wrap_bits is not None and not profile.layouts:
        raise ProfileError(f"{source}: clock.wrap_bits is there, yet clock.timestamp is none")


def _check_time(profile: DeviceProfile, layout: Layout, source: str) -> None:
    """Refuse a layout whose time and clock do not agree."""
    moves = any(f.quantity.startswith(("acc", "ang")) for f in layout.fields)
    has_time = any(f.quantity == "time_s" for f in layout.fields)
    if moves and has_time != (profile.timestamp != "none"):
        what = "has a time field" if has_time else "has no time field"
        raise ProfileError(f"{source}: layouts.{layout.name} {what}, yet clock.timestamp is {profile.timestamp!r}")
    if layout.repeat_bytes and profile.sampling_rate_hz is None:
        raise ProfileError(f"{source}: stream.sampling_rate_hz is missing; layouts.{layout.name} repeats samples")
