"""Recent load over that of four weeks: a number other programs show. Shown here too, and nothing rests on it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

RatioMeasure: TypeAlias = Literal["distance_m", "load_eq_km"]
RatioReason: TypeAlias = Literal[
    "short-history",  # of fewer than 28 days
    "not-recorded",  # somebody said so of a day
    "unanswered",  # a week or more without a record, and nobody has said whether it was rest
    "unknown-run",
    "low-coverage",  # a load that is only known to be at least so much
    "mixed-instruments",
    "nothing-run",  # in 28 days that were known to be rest
]


@dataclass(frozen=True, slots=True)
class LoadRatio:
    """Load of a week over that of four, of one measure, up to and with a day.

    rolling : mean of the last 7 days over the mean of the last 28, those 7 among them ("coupled"). weighted : the same
    of means in which a day weighs the less the longer it is past, with 2 / (N + 1) for N = 7 and 28. Both None where
    reason says why.
    """

    measure: RatioMeasure
    rolling: float | None
    weighted: float | None
    reason: RatioReason | None = None
