"""What a session was told beside the bytes, as text in a recording, so that a replay knows what the run knew.

That is calibration and usual gait pattern of a sensor, the conditions of the session and its load reference.
"""

import json
import math
from dataclasses import asdict
from datetime import date
from typing import Any, get_args

from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.load import Conditions, LoadReference, Surface
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


def conditions_text(conditions: Conditions) -> str:
    """Return JSON from which ``read_conditions`` makes the same conditions, bit for bit."""
    return json.dumps(asdict(conditions), allow_nan=False)


def read_conditions(text: str) -> Conditions:
    """Read what ``conditions_text`` wrote; ValueError if it is something else. What it does not say is unknown."""
    try:
        values = _object(text)
        return Conditions(
            surface=_one_of(values.get("surface", "unknown"), get_args(Surface)),
            shoe_drop_mm=_number_or_none(values.get("shoe_drop_mm")),
            drop_per_mm=_number(values.get("drop_per_mm", 0.0)),
            leg_length_m=_number_or_none(values.get("leg_length_m")),
        )
    except (ArithmeticError, LookupError, TypeError) as error:
        raise ValueError(f"no conditions: {error}") from None


def reference_text(reference: LoadReference) -> str:
    """Return JSON from which ``read_reference`` makes the same load reference, bit for bit."""
    learned_on = None if reference.learned_on is None else reference.learned_on.isoformat()
    return json.dumps(asdict(reference) | {"learned_on": learned_on}, allow_nan=False)


def read_reference(text: str) -> LoadReference:
    """Read what ``reference_text`` wrote; ValueError if it is something else, or nothing can be expressed in it."""
    try:
        values = _object(text)
        learned_on = values.get("learned_on")
        return LoadReference(
            id=str(values["id"]),
            step_time_s=_above_zero(values["step_time_s"]),
            contact_time_s=_above_zero(values["contact_time_s"]),
            hard_line_bw=_above_zero(values["hard_line_bw"]),
            model=str(values["model"]),
            instrument=str(values.get("instrument", "")),
            learned_on=None if learned_on is None else date.fromisoformat(learned_on),
            n_sessions=int(values.get("n_sessions", 0)),
            n_steps=_number(values.get("n_steps", 0.0)),
            strike_factor=_above_zero(values.get("strike_factor", 1.0)),
        )
    except (ArithmeticError, LookupError, TypeError) as error:
        raise ValueError(f"no load reference: {error}") from None


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


def _number_or_none(value: object) -> float | None:
    return None if value is None else _number(value)


def _above_zero(value: object) -> float:
    if (number := _number(value)) <= 0:
        raise ValueError(f"{number} is not above zero")
    return number


def _number_or_nan(value: object) -> float:
    return math.nan if value is None else _number(value)


def _known(values: tuple[float, ...]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def _one_of(value: Any, known: tuple[Any, ...]) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is not one of {', '.join(known)}")
    return value
