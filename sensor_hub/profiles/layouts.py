"""Declared layouts: fields in the units of a data sheet become fields in SI."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from sensor_hub.model.profile import Layout, LayoutField, Presence, Quantity
from sensor_hub.profiles.reading import Table
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

_TIME: Final = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_LENGTH: Final = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "km": 1000.0}
_ACCELERATION: Final = {"m/s2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
_ANGULAR: Final = {"rad/s": 1.0, "mrad/s": 0.001, "deg/s": DEGREE_RAD, "mdeg/s": DEGREE_RAD / 1000}
UNITS: Final[dict[str, dict[str, float]]] = {
    "time": _TIME,
    "sequence": {},
    "acceleration": _ACCELERATION,
    "angular_velocity": _ANGULAR,
    "speed": {"m/s": 1.0, "cm/s": 0.01, "mm/s": 0.001, "km/h": 1 / 3.6},
    "cadence": {"1/min": 1.0, "1/s": 60.0},
    "contact_time": _TIME,
    "distance": _LENGTH,
    "stride_length": _LENGTH,
}
"""Quantity as a profile writes it → units it may have → factor to SI."""
TYPES: Final = ("u8", "i8", "u16", "i16", "u24", "i24", "u32", "i32", "u64", "i64", "f32", "f64")
LONGEST_FRAME: Final = 4096
_AXES: Final = ("x", "y", "z")
_LAYOUT_KEYS: Final = {"frame_bytes", "match", "resync", "repeat_at", "repeat_bytes", "ignore_unmatched", "fields"}
_FIELD_KEYS: Final = {
    "quantity", "type", "scale", "unit", "offset", "at", "present", "repeated", "valid_min", "valid_max",
}  # fmt: skip


def width_bytes(field_type: str) -> int:
    """Bytes of a number of a type."""
    return int(field_type[1:]) // 8


def read_layouts(tables: Table) -> dict[str, Layout]:
    """Return the layouts of a profile by name."""
    return {name: _layout(name, Table(tables.body[name], tables.source, tables.name(name), _LAYOUT_KEYS))
            for name in tables.body}  # fmt: skip


def _layout(name: str, table: Table) -> Layout:
    fields = tuple(f for each in table.tables("fields", _FIELD_KEYS) for f in _fields(each))
    layout = Layout(
        name=name,
        fields=fields,
        frame_bytes=table.whole("frame_bytes", 1, LONGEST_FRAME),
        match=tuple(_match(each) for each in table.tables("match", {"at", "bytes"})),
        resync=table.get("resync", bool, False),
        repeat_at=table.whole("repeat_at", 0, LONGEST_FRAME),
        repeat_bytes=table.whole("repeat_bytes", 1, LONGEST_FRAME),
        ignore_unmatched=table.get("ignore_unmatched", bool, False),
    )
    _check_what_it_says(table, layout)
    _check_places(table, layout)
    return layout


def _match(table: Table) -> tuple[int, bytes]:
    constant = table.octets("bytes")
    if not constant:
        raise table.wrong("bytes", "is missing; it must be bytes in hex")
    return table.whole("at", 0, LONGEST_FRAME) or 0, constant


def _fields(table: Table) -> Iterator[LayoutField]:
    """Yield a field, or the three of a vector."""
    said = table.get("quantity", str)
    base, axes = (said[:-2], (said[-1],)) if said[-2:] in {"_x", "_y", "_z"} else (said, _AXES)
    is_vector = base in {"acceleration", "angular_velocity"}
    if base not in UNITS or (len(axes) == 1 and not is_vector):
        raise table.wrong("quantity", f"is {said!r}; allowed: {', '.join(UNITS)}, and a vector with _x, _y or _z")
    kind, at = table.choice("type", TYPES), table.whole("at", 0, LONGEST_FRAME)
    scale = table.ratio("scale", 1.0) * _factor(table, base)
    if scale == 0 or abs(scale) > 1e30:
        raise table.wrong("scale", "is out of bounds")
    present = _presence(table)
    for i, axis in enumerate(axes if is_vector else ("",)):
        yield LayoutField(
            quantity=_quantity(base, axis),
            type=kind,
            scale=scale,
            offset=(table.number("offset") or 0.0) * _factor(table, base),
            at=None if at is None else at + i * width_bytes(kind),
            present=present,
            repeated=table.get("repeated", bool, False),
            valid_min=table.number("valid_min"),
            valid_max=table.number("valid_max"),
        )


def _factor(table: Table, base: str) -> float:
    units = UNITS[base]
    return units[table.choice("unit", tuple(units))] if units or table.has("unit") else 1.0


def _quantity(base: str, axis: str) -> Quantity:
    """Return our name of a quantity, which carries its unit."""
    stem = f"{base}_{axis}" if axis else base
    found: Any = next(q for q in get_args(Quantity) if q == stem or q.startswith(f"{stem}_"))
    checked: Quantity = found
    return checked


def _presence(table: Table) -> Presence | None:
    if not table.has("present"):
        return None
    flag = Table(table.body["present"], table.source, table.name("present"), {"byte", "mask", "equals"})
    byte, mask = flag.whole("byte", 0, LONGEST_FRAME), flag.whole("mask", 1, 255)
    if byte is None or mask is None:
        raise table.wrong("present", "needs byte and mask")
    equals = flag.whole("equals", 0, 255)
    if equals is not None and equals & ~mask:
        raise flag.wrong("equals", f"is {equals}, which the mask {mask} can never leave")
    return Presence(byte, mask, mask if equals is None else equals)


def _check_what_it_says(table: Table, layout: Layout) -> None:
    """Refuse fields that make no sense together."""
    quantities = [f.quantity for f in layout.fields]
    if not quantities:
        raise table.wrong("fields", "is empty: nothing would be decoded")
    if len(set(quantities)) < len(quantities):
        raise table.wrong("fields", "has a quantity twice")
    samples = [q for q in quantities if q.startswith(("acceleration_", "angular_"))]
    for vector in ("acceleration_", "angular_velocity_"):
        n_axes = sum(q.startswith(vector) for q in samples)
        if n_axes not in {0, 3}:
            raise table.wrong("fields", f"has {n_axes} of the three axes of {vector.rstrip('_')}")
        if len({f.repeated for f in layout.fields if f.quantity.startswith(vector)}) > 1:
            raise table.wrong("fields", f"repeats some axes of {vector.rstrip('_')} only")
    others = set(quantities) - set(samples) - {"time_s", "sequence"}
    if samples and others:
        raise table.wrong("fields", f"has samples and {', '.join(sorted(others))}; make them two layouts")
    if not samples and not others:
        raise table.wrong("fields", "says neither a movement nor a reading")


def _check_places(table: Table, layout: Layout) -> None:
    """Refuse fields that lie outside their frame, and repetitions that are none."""
    repeated = [f for f in layout.fields if f.repeated]
    if (layout.repeat_at is None) != (layout.repeat_bytes is None):
        raise table.wrong("repeat_at", "and repeat_bytes belong together")
    if bool(repeated) != (layout.repeat_at is not None):
        raise table.wrong("repeat_at", "and fields with repeated = true belong together")
    for f in repeated:
        if f.present is not None or f.quantity in {"time_s", "sequence"}:
            raise table.wrong("fields", f"repeats {f.quantity}: a repeated field is of a movement and always there")
    room = min(layout.repeat_at or LONGEST_FRAME, layout.frame_bytes or LONGEST_FRAME)
    if layout.repeat_at == 0:
        room = 0
    if (end := _end([f for f in layout.fields if not f.repeated])) > room:
        raise table.wrong("fields", f"end at byte {end}, beyond {room}")
    if repeated and (end := _end(repeated)) > (layout.repeat_bytes or 0):
        raise table.wrong("fields", f"need {end} bytes a sample, more than repeat_bytes")
    for at, constant in layout.match:
        if at + len(constant) > (layout.frame_bytes or LONGEST_FRAME):
            raise table.wrong("match", f"lies at byte {at}, beyond the frame")
    begins = bool(layout.match) and layout.match[0][0] == 0
    if layout.resync and (layout.frame_bytes is None or not begins or repeated):
        raise table.wrong("resync", "needs frame_bytes and a first match at byte 0, and nothing repeated")


def _end(fields: list[LayoutField]) -> int:
    """Return the byte after the last field, with every field there."""
    end = furthest = 0
    for field in fields:
        end = (end if field.at is None else field.at) + width_bytes(field.type)
        furthest = max(furthest, end)
    return furthest
