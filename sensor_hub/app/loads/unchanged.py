"""Whether recomputed numbers are those that are stored."""

from dataclasses import astuple, replace
from math import isclose
from typing import Final

import numpy as np

from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.session import SessionSummary

# What came over MQTT has six decimals: of a contact's SD, the smallest number used, 5e-5. Less than that is no change.
WIRE_DIGIT: Final = 1e-6
ALIKE_STEPS: Final = 1e-4  # as a fraction
ALIKE_TOTALS: Final = 1e-5  # as a fraction; over a session the rounding of steps averages out


def are_alike(before: SessionSummary, after: SessionSummary) -> bool:
    """Whether two summaries of a session say the same: totals but for rounding, everything else exactly."""
    pairs = zip(astuple(before.totals), astuple(after.totals), strict=True)
    return replace(before, totals=after.totals) == after and all(_is_close(one, other) for one, other in pairs)


def _is_close(one: object, other: object) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return isclose(one, other, rel_tol=ALIKE_TOTALS, abs_tol=WIRE_DIGIT)
    return one == other


def are_equal(stored: StepTable, steps: StepTable) -> bool:
    """Whether all but rounding is the same."""
    if len(stored) != len(steps) or not np.array_equal(stored.time_utc_us, steps.time_utc_us):
        return False
    texts = all(np.array_equal(getattr(stored, n), getattr(steps, n)) for n in ("side", "step_time_origin", "gait"))
    pairs = ((getattr(stored, name), getattr(steps, name)) for name in FLOAT_COLUMNS)
    close = {"rtol": ALIKE_STEPS, "atol": WIRE_DIGIT}
    return texts and all(np.allclose(one, other, equal_nan=True, **close) for one, other in pairs)
