"""Where the fields of a declared layout are in a frame of a given length and given flags."""

import math
import struct
from dataclasses import dataclass
from typing import Final

from sensor_hub.model.profile import Layout, LayoutField

FIELD_TYPES: Final = {
    "u8": (1, "u1"), "i8": (1, "i1"), "u16": (2, "<u2"), "i16": (2, "<i2"), "u24": (3, "u1"), "i24": (3, "u1"),
    "u32": (4, "<u4"), "i32": (4, "<i4"), "u64": (8, "<u8"), "i64": (8, "<i8"), "f32": (4, "<f4"), "f64": (8, "<f8"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose length and flags agree.

    fields : those that are there. offsets : byte of each; of a repeated one in the repeated part.
    n_samples : how often the repeated part is there; 1 if nothing is repeated.
    """

    fields: tuple[LayoutField, ...]
    offsets: tuple[int, ...]
    n_samples: int


def frame_of(layout: Layout, length: int, absent: frozenset[int] = frozenset()) -> Frame | str:
    """Return the places of a frame's fields, or what is wrong with it.

    Parameters
    ----------
    layout : Layout
        What is declared.
    length : int
        Bytes of the frame.
    absent : frozenset of int
        Numbers of the fields that the frame's flags say are not there.
    """
    if not length:
        return "no bytes"
    if layout.frame_bytes not in {None, length}:
        return f"{length} bytes, not {layout.frame_bytes}"
    fields, offsets = [], []
    end, end_of_repeated = 0, 0
    for number, field in enumerate(layout.fields):
        if number in absent:
            continue
        start = field.at if field.at is not None else end_of_repeated if field.repeated else end
        fields.append(field)
        offsets.append(start)
        if field.repeated:
            end_of_repeated = start + FIELD_TYPES[field.type][0]
        else:
            end = start + FIELD_TYPES[field.type][0]
    needed = max([end, *(o + FIELD_TYPES[f.type][0] for f, o in zip(fields, offsets, strict=True) if not f.repeated)])
    needed = max([needed, *(at + len(constant) for at, constant in layout.match)])
    if layout.repeat_at is not None and layout.repeat_bytes:
        n_samples, left = divmod(length - layout.repeat_at, layout.repeat_bytes)
        if n_samples < 0 or left or needed > layout.repeat_at:
            return f"{length} bytes, not {layout.repeat_at} and a multiple of {layout.repeat_bytes}"
        return Frame(tuple(fields), tuple(offsets), n_samples)
    if needed > length or (layout.frame_bytes is None and needed < length):
        return f"{length} bytes, not {needed}"
    return Frame(tuple(fields), tuple(offsets), 1)


def absent_fields(layout: Layout, payload: bytes) -> frozenset[int] | None:
    """Numbers of the fields that a frame's flags say are not there; None if a flag itself is missing."""
    absent = []
    for number, field in enumerate(layout.fields):
        if field.present is None:
            continue
        if field.present.byte >= len(payload):
            return None
        if payload[field.present.byte] & field.present.mask != field.present.equals:
            absent.append(number)
    return frozenset(absent)


def matches(layout: Layout, frame: bytes) -> bool:
    """Tell whether a frame has the constant bytes of its layout."""
    return all(frame[at : at + len(constant)] == constant for at, constant in layout.match)


def number_at(payload: bytes, at: int, field_type: str) -> float:
    """Return one raw number of a frame; NaN where a float is not finite."""
    size, _ = FIELD_TYPES[field_type]
    if field_type.startswith("f"):
        value: float = struct.unpack_from("<f" if size == 4 else "<d", payload, at)[0]
        return value if math.isfinite(value) else math.nan
    return int.from_bytes(payload[at : at + size], "little", signed=field_type.startswith("i"))


def divisor_of(scale: float) -> float | None:
    """Return the whole number a scale below 1 stands for (1000 for 0.001): dividing by it rounds only once."""
    turned = 1 / scale if 0 < abs(scale) < 1 else 0.0
    return turned if turned and math.isfinite(turned) and turned == round(turned) else None
