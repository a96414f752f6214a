"""What streams of devices tell the session, on its one timeline of UTC microseconds."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sensor_hub.model.arrays import BoolArray
from sensor_hub.model.gait import StepTable
from sensor_hub.units import utc_us

# The first and the last moment a calendar can name: no clock of a device leads beyond them.
EARLIEST_US: Final = utc_us(datetime.min.replace(tzinfo=UTC))
LATEST_US: Final = utc_us(datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Rows:
    """Steps that have become certain.

    running, too_fast : (n,) which belong to the run, and which came faster than anybody steps.
    """

    steps: StepTable
    running: BoolArray
    too_fast: BoolArray


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
