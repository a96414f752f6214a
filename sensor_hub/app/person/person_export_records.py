"""What an export is made of, as text and back, without loss: JSON by the fields of the model, steps as CSV."""

import json
import math
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import FLOAT_COLUMNS, GAIT_DTYPE, ORIGIN_DTYPE, StepTable
from sensor_hub.model.minutes import MINUTE_COLUMNS, MinuteTable

T = TypeVar("T")
WORD_COLUMNS: Final = {"side": "<U1", "step_time_origin": ORIGIN_DTYPE, "gait": GAIT_DTYPE}
STEP_COLUMNS: Final = ("time_utc_us", *WORD_COLUMNS, *FLOAT_COLUMNS)
DAMAGED: Final = "give another copy of the export"


def body_of(value: Any) -> Any:
    """Return a dataclass of the model, or what stands in one, as JSON values; NaN and None are null."""
    if is_dataclass(value):
        return {f.name: body_of(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [body_of(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def line_of(body: Any) -> bytes:
    """Return a line of JSON; the same body is the same line."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False, sort_keys=True).encode() + b"\n"


def lines_of(bodies: Iterable[Any]) -> bytes:
    """Return JSON lines."""
    return b"".join(map(line_of, bodies))


def bodies_of(data: bytes, place: tuple[str, str]) -> Iterator[tuple[Any, tuple[str, str]]]:
    """Yield each line of JSON with its place (file, part and line); RecordingError at one that is none."""
    path, part = place
    for number, line in enumerate(data.splitlines(), start=1):
        where = path, f"{part}, line {number}"
        try:
            yield json.loads(line), where
        except (ValueError, RecursionError):
            raise RecordingError(*where, "is not JSON", DAMAGED) from None


def read(made: type[T], body: Any, place: tuple[str, str]) -> T:
    """Return a dataclass of the model from its body; RecordingError names the place and the field that is wrong.

    A field that an older program did not write has its default; one that this program does not know is refused.
    """
    if not isinstance(body, dict):
        raise RecordingError(*place, "is not a JSON object", DAMAGED)
    hints, known = _hints(cast(Any, made)), {f.name: f for f in fields(cast(Any, made))}
    for name in body:
        if name not in known:
            raise RecordingError(*place, f"has {name!r}, which this program does not know", "update sensor-hub")
    values = {}
    for name, field in known.items():
        if name in body:
            try:
                values[name] = _value(hints[name], body[name], place)
            except (TypeError, ValueError, OverflowError):
                raise RecordingError(*place, f"{name!r} cannot be {str(body[name])[:60]!r}", DAMAGED) from None
        elif field.default is MISSING and field.default_factory is MISSING:
            raise RecordingError(*place, f"{name!r} is missing", DAMAGED)
    return made(**values)


@cache
def _hints(made: Any) -> dict[str, Any]:
    return get_type_hints(made)


def _value(hint: Any, value: Any, place: tuple[str, str]) -> Any:
    """One value by its type; TypeError or ValueError if it is another."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        if value is None and type(None) in inner:
            return None
        options = [one for one in inner if one is not type(None)]
        words = [word for one in options if get_origin(one) is Literal for word in get_args(one)]
        return _word(words, value) if words else _value(options[0], value, place)
    if origin is Literal:
        return _word(inner, value)
    if origin is tuple:
        return tuple(_value(inner[0], one, place) for one in _checked(value, list))
    if is_dataclass(hint):
        return read(cast(Any, hint), value, place)
    if hint is float:
        return math.nan if value is None else float(_checked(value, int, float))
    if hint is datetime:
        return _moment(_checked(value, str))
    if hint is date:
        return date.fromisoformat(_checked(value, str))
    return _checked(value, hint)


def _word(known: Sequence[Any], value: Any) -> Any:
    if value not in known:
        raise ValueError(value)
    return value


def _checked(value: Any, *kinds: type) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(value)
    if isinstance(value, str):
        value.encode()  # half a character is none
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def steps_csv(steps: StepTable) -> bytes:
    """Return steps as CSV, a line a step; every number reads back as the same bits, and unknown is empty."""
    columns: list[Iterable[str]] = [map(str, steps.time_utc_us.tolist())]
    columns += [getattr(steps, name).tolist() for name in WORD_COLUMNS]
    columns += [[repr(v) if v == v else "" for v in getattr(steps, name).tolist()] for name in FLOAT_COLUMNS]
    lines = [",".join(STEP_COLUMNS), *map(",".join, zip(*columns, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def steps_of(data: bytes, place: tuple[str, str]) -> StepTable:
    """Return the steps of a CSV; RecordingError names what is wrong. A column that is missing is unknown throughout."""
    try:
        header, *lines = data.decode().splitlines()
        names = header.split(",")
        if unknown := sorted(set(names) - set(STEP_COLUMNS)):
            raise RecordingError(*place, f"has {unknown[0]!r}, which this program does not know", "update sensor-hub")
        rows = [line.split(",") for line in lines]
        by_column: Any = zip(*rows, strict=True) if rows else [()] * len(names)
        columns: dict[str, Any] = dict(zip(names, by_column, strict=True))
        return StepTable(
            time_utc_us=np.array(list(map(int, columns["time_utc_us"])), np.int64),
            **{name: np.array(columns.get(name, [""] * len(rows)), kind) for name, kind in WORD_COLUMNS.items()},
            **{name: _numbers(columns.get(name), len(rows)) for name in FLOAT_COLUMNS},
        )
    except (ValueError, LookupError, OverflowError) as error:
        raise RecordingError(*place, f"is no table of steps: {error}", DAMAGED) from None


def minutes_csv(minutes: MinuteTable) -> bytes:
    """Return the minutes of a session as CSV, a line a minute, as exact as ``steps_csv``."""
    columns: list[Iterable[str]] = [map(str, minutes.minute_utc_us.tolist())]
    columns += [[repr(v) if v == v else "" for v in getattr(minutes, name).tolist()] for name in MINUTE_COLUMNS[1:]]
    lines = [",".join(MINUTE_COLUMNS), *map(",".join, zip(*columns, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def minutes_of_csv(data: bytes, place: tuple[str, str]) -> MinuteTable:
    """Return the minutes of a CSV; RecordingError names what is wrong."""
    try:
        header, *lines = data.decode().splitlines()
        if unknown := sorted(set(header.split(",")) ^ set(MINUTE_COLUMNS)):
            raise RecordingError(
                *place, f"misses {unknown[0]!r}, or this program does not know it", "update sensor-hub"
            )
        rows = [line.split(",") for line in lines]
        columns = dict(
            zip(header.split(","), zip(*rows, strict=True) if rows else [()] * len(MINUTE_COLUMNS), strict=True)
        )
        return MinuteTable(
            minute_utc_us=np.array(list(map(int, columns["minute_utc_us"])), np.int64),
            **{name: _numbers(columns[name], len(rows)) for name in MINUTE_COLUMNS[1:]},
        )
    except (ValueError, LookupError, OverflowError) as error:
        raise RecordingError(*place, f"is no table of minutes: {error}", DAMAGED) from None


def _numbers(texts: Iterable[str] | None, n: int) -> Any:
    if texts is None:
        return np.full(n, np.nan)
    return np.array([float(text) if text else math.nan for text in texts], float)


__all__ = [
    "bodies_of",
    "body_of",
    "line_of",
    "lines_of",
    "minutes_csv",
    "minutes_of_csv",
    "read",
    "steps_csv",
    "steps_of",
]
