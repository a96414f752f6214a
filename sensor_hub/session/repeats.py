"""What gives a pod away that repeats an old value, or whose profile takes one foot for two."""

from typing import Final

from sensor_hub.model.gait import RecordReading
from sensor_hub.units import US_PER_S

STANDING_MPS: Final = 0.5  # slower than anybody walks
# A pod that claims to move while its odometer stands repeats an old value.
LONGEST_STILL_S: Final = 5.0
# Nobody runs with 60 to 110 steps a minute, or takes 120 to 240 strides: the profile counts the wrong one of them.
STEPS_SPM: Final = (120.0, 240.0)
STRIDES_SPM: Final = (60.0, 110.0)
SURELY_RUNNING_MPS: Final = 2.2
DOUBT_US: Final = 60_000_000


class Moves:
    """Whether a pod moves, told from its speed and its odometer; either may be one that never says anything."""

    def __init__(self) -> None:
        self._has_moved = False
        self._counts = False
        self._total_m: float | None = None
        self._still_from_us: int | None = None

    def stands(self, reading: RecordReading) -> bool:
        """Tell whether the pod stands still, once it is known that its speed is not always zero."""
        if reading.speed_mps is None:
            return False
        self._has_moved |= reading.speed_mps >= STANDING_MPS
        return self._has_moved and reading.speed_mps < STANDING_MPS

    def is_stale(self, reading: RecordReading, end_us: int) -> bool:
        """Tell whether the pod says it moves while an odometer that used to count has long stood still."""
        total_m, before_m = reading.distance_m, self._total_m
        self._total_m = total_m
        if total_m is None or total_m != before_m or (reading.speed_mps or 0.0) < STANDING_MPS:
            self._counts |= total_m is not None and before_m is not None and total_m != before_m
            self._still_from_us = end_us
            return False
        still_from_us = end_us if self._still_from_us is None else self._still_from_us
        return self._counts and end_us - still_from_us > LONGEST_STILL_S * US_PER_S


class CadenceUnit:
    """Whether a cadence is in the band of the other unit for a minute of running."""

    def __init__(self) -> None:
        self._other_us = 0
        self.is_doubtful = False

    def take(self, reading: RecordReading, interval_us: int) -> None:
        """Take a record that stands for an interval."""
        cadence_spm = reading.cadence_spm
        if cadence_spm is None or (reading.speed_mps or 0.0) < SURELY_RUNNING_MPS or interval_us > DOUBT_US:
            return
        halved = STRIDES_SPM[0] <= cadence_spm <= STRIDES_SPM[1]
        doubled = 2 * STEPS_SPM[0] < cadence_spm <= 2 * STEPS_SPM[1]
        self._other_us = self._other_us + interval_us if halved or doubled else 0
        self.is_doubtful |= self._other_us >= DOUBT_US
