"""What changes the tendon's share of a step's force, each with its evidence; the one list of them.

A grade of evidence says what stands behind a number: "A" a table of several conditions that the model was
fitted to and meets, "B" one published contrast, "C" an assumption without a table, off unless it is switched on.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.load import Conditions

# The mean force over contact raises the lever by its root: speed and cadence speak through it.
MEAN_FORCE_AT_EASY_BW: Final = 1.425  # step time / contact time of the population at 2.78 m/s
MEAN_FORCE_EXPONENT: Final = 0.5
PEAK_EXPONENT: Final = 1.0 + MEAN_FORCE_EXPONENT  # a peak is an impulse over contact time once more
GRADE_PER_RAD: Final = 3.10  # 0.0541 a degree; ln of the lever, fitted on -6 to +6 degrees
STEEPEST_RAD: Final = 0.1745  # 10 degrees: beyond it the lever is held, nothing is known there
TREADMILL: Final = 1.125
DROP_AT_REFERENCE_MM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Modifier:
    """One influence: what it does in words, the study, and how good the evidence is."""

    name: str
    effect: str
    evidence: Literal["A", "B", "C"]
    source: str


MODIFIERS: Final = (
    Modifier(
        "speed", "lever grows as the root of step time / contact time", "A",
        "Van Hooren et al. 2024, Table 2, 19 runners, five speeds, second-hand; Starbuck et al. 2021 (peak)",
    ),
    Modifier(
        "cadence", "the same root: shorter steps at a speed, less force", "A",
        "Van Hooren et al. 2024, two cadences; Lyght et al. 2016 (direction)",
    ),
    Modifier("grade", "lever x exp(0.054 · degrees)", "A", "Van Hooren et al. 2024, four slopes of 3 and 6 degrees"),
    Modifier(
        "strike", "impulse of mid- and forefoot together +11 %", "B",
        "Almonroeder et al. 2013 (p = 0.05); J Sports Sci Med 2025 (order of the three)",
    ),
    Modifier("treadmill", "force of running +12.5 % where the session says treadmill", "B", "Willy et al. 2016"),
    Modifier(
        "shoe drop", "off; an own percentage a millimetre can be switched on", "C",
        "no table found; in walking a 10 mm offset raised the load (Wearing et al. 2014, title)",
    ),
)  # fmt: skip


def grade_factor(grade: FloatArray) -> FloatArray:
    """(n,) factor of a slope on the lever; rise over run, NaN counts as level (its uncertainty is in the band)."""
    slope_rad = np.arctan(np.where(np.isnan(grade), 0.0, grade))
    factor: FloatArray = np.exp(GRADE_PER_RAD * np.minimum(np.maximum(slope_rad, -STEEPEST_RAD), STEEPEST_RAD))
    return factor


def condition_factor(conditions: Conditions) -> float:
    """Factor of what a session says of itself: the treadmill, and the shoe's drop if that assumption is on."""
    factor = TREADMILL if conditions.surface == "treadmill" else 1.0
    if conditions.shoe_drop_mm is not None and conditions.drop_per_mm:
        factor *= max(0.0, 1.0 - conditions.drop_per_mm * (conditions.shoe_drop_mm - DROP_AT_REFERENCE_MM))
    return factor
