"""Values → JSON: the only way a number or a time leaves."""

import json
import math
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray, TextArray

Body: TypeAlias = dict[str, Any]


def iso(moment: datetime) -> str:
    """Return an ISO 8601 UTC time with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def number(value: float | None) -> float | None:
    """Return a number rounded to a millionth; None where unknown."""
    return None if value is None or not math.isfinite(value) else round(float(value), 6)


def column(values: FloatArray) -> list[float | None]:
    """Return (n,) numbers as a list, None where unknown."""
    return [v if math.isfinite(v) else None for v in np.round(values, 6).tolist()]


def columns(values: FloatArray) -> list[list[float | None]]:
    """Return (m, n) numbers as a list a column of the table, m columns; None where unknown."""
    return [[v if math.isfinite(v) else None for v in row] for row in np.round(values, 6).tolist()]


def word_column(values: TextArray) -> list[str | None]:
    """Return (n,) words as a list, None where unknown."""
    return [v or None for v in values.tolist()]


def known(body: Any) -> Any:
    """Return a body with null for every number that is unknown, however deep."""
    if isinstance(body, dict):
        return {name: known(value) for name, value in body.items()}
    if isinstance(body, list | tuple):
        return [known(value) for value in body]
    return number(body) if isinstance(body, float) else body


def dump(body: Body) -> bytes:
    """Return a body as compact JSON."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
