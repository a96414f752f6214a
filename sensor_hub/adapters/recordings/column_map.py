"""Column maps: a TOML text that declares which columns of a CSV are time, acceleration and angular velocity.

The whole of it, with what may stand where:

header = true               # default: true if any column is given by name
delimiter = ","
skip_rows = 0               # lines above the header (or above the first sample)
header_begins = "t_s,"      # instead of skip_rows: the header is the first line that begins so
mount = "sacrum"            # foot, shank or sacrum; optional

[time]
column = "t_s"              # a name, or a 0-based index
unit = "s"                  # s, ms or us
wrap_bits = 32              # optional: the column counts units in so many bits and then begins again

[acceleration]
columns = ["", "-acc_ap", "acc_v"]   # sensor x, y, z; "" is missing, a leading "-" turns the axis around
unit = "g"                  # g, mg or m/s2

[angular_velocity]          # optional
columns = [4, 5, "-6"]
unit = "deg/s"              # deg/s or rad/s
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, get_args

from sensor_hub.errors import ProfileError
from sensor_hub.model.gait import Mount
from sensor_hub.units import DEGREE_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2, US_PER_S

TIME_UNITS: Final = {"s": 1.0, "ms": float(MS_PER_S), "us": float(US_PER_S)}
ACCELERATION_UNITS: Final = {"g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000, "m/s2": 1.0}
ANGULAR_VELOCITY_UNITS: Final = {"deg/s": DEGREE_RAD, "rad/s": 1.0}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: by name or 0-based index; ``sign`` is -1.0 where its axis is turned around.

    A name is kept as it was written, because a header may really have a name that begins with "-".
    """

    key: str
    source: str | int
    sign: float = 1.0


Axes: TypeAlias = tuple[Column | None, Column | None, Column | None]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A checked column map; ``origin`` names it in messages.

    time_per_s : the time column's units in a second. The other factors lead to SI.
    header_begins : how the header's line begins; empty if it stands below ``skip_rows`` lines.
    wrap_bits : bits of the time column's counter, in its units; None if it never begins again.
    """

    origin: str
    time: Column
    time_per_s: float
    acceleration: Axes
    acceleration_factor: float
    angular_velocity: Axes | None
    angular_velocity_factor: float
    header: bool
    delimiter: str
    skip_rows: int
    header_begins: str
    wrap_bits: int | None
    mount: Mount | None


def parse_column_map(text: str, origin: str = "column map") -> ColumnMap:
    """Read a column map; ProfileError names the key and the mend."""
    try:
        root = _Table(tomllib.loads(text), origin, "")
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{origin}: not TOML: {error}") from None
    header = root.optional("header", bool, None, "true or false")
    time, acceleration = root.table("time"), root.table("acceleration")
    rotation = root.table("angular_velocity") if "angular_velocity" in root.body else None
    root.refuse_others()
    axes = acceleration.axes("columns")
    turns = rotation.axes("columns") if rotation else None
    column = time.column("column", time.need("column"))
    if column is None or column.sign < 0:
        raise time.fail("column", "needs a column", 'write its name or 0-based index, without "-"')
    used = [c for c in (column, *axes, *(turns or ())) if c is not None]
    by_name = any(isinstance(c.source, str) and not _index_text(c.source) for c in used)
    if header is None:
        header = by_name
    if not header and by_name:
        named = next(c for c in used if isinstance(c.source, str) and not _index_text(c.source))
        raise ProfileError(
            f"{origin}: {named.key}: {named.source!r} is a name, but header is false (use a 0-based index)"
        )
    found = ColumnMap(
        origin=origin,
        time=column,
        time_per_s=time.unit(TIME_UNITS),
        acceleration=axes,
        acceleration_factor=acceleration.unit(ACCELERATION_UNITS),
        angular_velocity=turns,
        angular_velocity_factor=rotation.unit(ANGULAR_VELOCITY_UNITS) if rotation else 1.0,
        header=header,
        delimiter=_delimiter(root),
        skip_rows=_skip_rows(root),
        header_begins=_header_begins(root, header=header),
        wrap_bits=_wrap_bits(time),
        mount=_mount(root),
    )
    for table in (time, acceleration, rotation):
        if table is not None:
            table.refuse_others()
    return found


def resolve(column: Column, header: Sequence[str] | None) -> tuple[int, float]:
    """0-based index and sign of a column in a file with this header; LookupError if the file has no such column."""
    if isinstance(column.source, int):
        return column.source, column.sign
    name = column.source
    if header is None:
        return int(name.removeprefix("-")), column.sign
    if name in header:
        return header.index(name), 1.0
    if name.startswith("-") and name[1:] in header:
        return header.index(name[1:]), -1.0
    raise LookupError(name)


def _index_text(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()


def _delimiter(root: "_Table") -> str:
    delimiter: str = root.optional("delimiter", str, ",", "one character")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise root.fail("delimiter", f"{delimiter!r} is not one plain character", 'write "," or ";" or "\\t"')
    return delimiter


def _skip_rows(root: "_Table") -> int:
    skip_rows: int = root.optional("skip_rows", int, 0, "a whole number")
    if skip_rows < 0:
        raise root.fail("skip_rows", f"{skip_rows} is negative", "write 0 or more")
    return skip_rows


def _header_begins(root: "_Table", *, header: bool) -> str:
    begins: str = root.optional("header_begins", str, "", "text")
    if begins and ("skip_rows" in root.body or not header):
        raise root.fail("header_begins", "stands beside skip_rows or header = false", "keep one of them")
    return begins


def _wrap_bits(time: "_Table") -> int | None:
    bits: int | None = time.optional("wrap_bits", int, None, "a whole number of bits")
    if bits is not None and not 8 <= bits <= 64:
        raise time.fail("wrap_bits", f"{bits} is no size of a counter", "write 8 to 64, such as 32")
    return bits


def _mount(root: "_Table") -> Mount | None:
    mount: Mount | None = root.optional("mount", str, None, "text")
    if mount is not None and mount not in get_args(Mount):
        raise root.fail("mount", f"{mount!r} is unknown", f"write one of {', '.join(get_args(Mount))}")
    return mount


@dataclass(slots=True)
class _Table:
    """A table of the map, able to say where it is wrong."""

    body: Mapping[str, Any]
    origin: str
    name: str

    KNOWN = {  # noqa: RUF012 (a constant; slots keeps it off the instances)
        "": {"header", "delimiter", "skip_rows", "header_begins", "mount", "time", "acceleration", "angular_velocity"},
        "time": {"column", "unit", "wrap_bits"},
        "acceleration": {"columns", "unit"},
        "angular_velocity": {"columns", "unit"},
    }

    def fail(self, key: str, problem: str, mend: str) -> ProfileError:
        place = f"[{self.name}] {key}" if self.name else key
        return ProfileError(f"{self.origin}: {place}: {problem} ({mend})")

    def refuse_others(self) -> None:
        known = self.KNOWN[self.name]
        for key in self.body:
            if key not in known:
                raise self.fail(key, "is not a key of a column map", f"known here: {', '.join(sorted(known))}")

    def need(self, key: str) -> Any:
        if key not in self.body:
            raise self.fail(key, "is missing", "add it")
        return self.body[key]

    def optional(self, key: str, kind: type, default: Any, what: str) -> Any:
        value = self.body.get(key, default)
        if value is not default and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise self.fail(key, f"{value!r} is not {what}", f"write {what}")
        return value

    def table(self, key: str) -> "_Table":
        body = self.need(key)
        if not isinstance(body, dict):
            raise self.fail(key, "is not a table", f"write [{key}] on a line of its own")
        return _Table(body, self.origin, key)

    def unit(self, units: Mapping[str, float]) -> float:
        unit = self.need("unit")
        if not isinstance(unit, str) or unit not in units:
            raise self.fail("unit", f"{unit!r} is unknown", f"write one of {', '.join(units)}")
        return units[unit]

    def column(self, key: str, value: Any) -> Column | None:
        if isinstance(value, str):
            negative = value.startswith("-") and len(value) > 1
            return Column(f"[{self.name}] {key}", value, -1.0 if negative else 1.0) if value else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return Column(f"[{self.name}] {key}", value)
        raise self.fail(key, f"{value!r} is not a column", 'write a name, a 0-based index, or "" for a missing axis')

    def axes(self, key: str) -> Axes:
        value = self.need(key)
        if not isinstance(value, list) or len(value) != 3:
            raise self.fail(key, "is not a list of three", 'write [x, y, z], with "" for a missing axis')
        axes = (self.column(key, value[0]), self.column(key, value[1]), self.column(key, value[2]))
        if axes == (None, None, None):
            raise self.fail(key, "has no column at all", "name at least one axis")
        return axes
