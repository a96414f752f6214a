"""Calibration and usual gait pattern of a sensor as text in a recording, so that a replay knows what the run knew."""

import json
import math
from dataclasses import asdict
from datetime import date
from typing import Any, get_args

from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.pattern import GaitPattern


def calibration_text(calibration: Calibration) -> str:
    """Return JSON from which ``read_calibration`` makes the same calibration, bit for bit."""
    return json.dumps(asdict(calibration) | {"made_on": calibration.made_on.isoformat()}, allow_nan=False)


def read_calibration(text: str) -> Calibration:
    """Read what ``calibration_text`` wrote; ValueError if it is something else."""
    try:
        values = _object(text)
        return Calibration(
            method=str(values["method"]),
            mount=_one_of(values["mount"], get_args(Mount)),
            offset_s=_number(values["offset_s"]),
            slope=_number(values["slope"]),
            centre_s=_number(values["centre_s"]),
            residual_sd_s=_number(values["residual_sd_s"]),
            n_steps=int(values["n_steps"]),
            reference=str(values["reference"]),
            made_on=date.fromisoformat(values["made_on"]),
            bias_bound_s=None if values.get("bias_bound_s") is None else _number(values["bias_bound_s"]),
        )
    except (ArithmeticError, LookupError, TypeError) as error:
        raise ValueError(f"no calibration: {error}") from None


def pattern_text(pattern: GaitPattern) -> str:
    """Return JSON from which ``read_pattern`` makes the same pattern, bit for bit; an unknown feature is null."""
    values = asdict(pattern) | {"values": _known(pattern.values)}
    if pattern.spreads is not None:
        values["spreads"] = _known(pattern.spreads)
    return json.dumps(values, allow_nan=False)


def read_pattern(text: str) -> GaitPattern:
    """Read what ``pattern_text`` wrote; ValueError if it is something else."""
    try:
        values = _object(text)
        spreads = values["spreads"]
        return GaitPattern(
            mount=_one_of(values["mount"], get_args(Mount)),
            side=_one_of(values["side"], get_args(Side)),
            features=tuple(map(str, values["features"])),
            values=tuple(map(_number_or_nan, values["values"])),
            spreads=None if spreads is None else tuple(map(_number_or_nan, spreads)),
            n_sessions=int(values["n_sessions"]),
            n_strides=int(values["n_strides"]),
        )
    except (ArithmeticError, LookupError, TypeError) as error:
        raise ValueError(f"no gait pattern: {error}") from None


def _object(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(values, dict):
        raise TypeError("it is no JSON object")
    return values


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def _number_or_nan(value: object) -> float:
    return math.nan if value is None else _number(value)


def _known(values: tuple[float, ...]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def _one_of(value: Any, known: tuple[Any, ...]) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is not one of {', '.join(known)}")
    return value
