"""What streams of devices tell the session, on its one timeline of UTC microseconds."""

from dataclasses import dataclass
from typing import TypeAlias

from sensor_hub.model.arrays import BoolArray
from sensor_hub.model.gait import StepTable


@dataclass(frozen=True, slots=True)
class Rows:
    """Steps that have become certain; ``running`` (n,) says which belong to the run."""

    steps: StepTable
    running: BoolArray


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is known of this device over ``[start_us, end_us)``."""

    start_us: int
    end_us: int
    cause: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The runner paused over ``[start_us, end_us)``."""

    start_us: int
    end_us: int


Told: TypeAlias = Rows | Silence | Paused
