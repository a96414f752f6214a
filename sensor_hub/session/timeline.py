"""What streams of devices tell the session, on its one timeline of UTC microseconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sensor_hub.model.arrays import BoolArray
from sensor_hub.model.gait import StepTable

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def to_utc(microseconds: int) -> datetime:
    """Aware UTC datetime of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=microseconds)


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
