"""What streams of devices tell the session, on its one timeline of UTC microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self, TypeAlias

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.gait import Side, StepTable
from sensor_hub.signal.steps import Steps
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

    def only(self, chosen: IntArray) -> "Rows":
        """Return the rows of these numbers, in this order."""
        return Rows(self.steps.only(chosen), self.running[chosen], self.too_fast[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Landed:
    """Contacts as soon as they are found, (n,) each; NaN is unknown.

    time_us : initial contact. ended_step_s : the step that ended with it.
    """

    side: Side
    time_us: IntArray
    contact_time_s: FloatArray
    ended_step_s: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class DatedSteps:
    """Steps of one IMU that have become certain, (n,) each, before their forces are known.

    time_us : initial contact. ends_us : the next one this sensor saw, or time_us where that is unknown.
    n_steps : steps of both feet that each of them stands for. grade : rise over run, NaN is unknown.
    """

    side: Side
    n_steps: float
    steps: Steps
    time_us: IntArray
    ends_us: IntArray
    speed_mps: FloatArray
    grade: FloatArray

    def __len__(self) -> int:
        return len(self.time_us)

    def only(self, chosen: BoolArray | slice) -> "DatedSteps":
        """Return the steps chosen."""
        columns = (getattr(self, name)[chosen] for name in _DATED_COLUMNS)
        return DatedSteps(self.side, self.n_steps, self.steps.only(chosen), *columns)

    def to_other_foot(self, step_time_s: FloatArray) -> "DatedSteps":
        """Return the same steps with (n,) s to the other foot's contact; where that is NaN they stay as they are."""
        measured = ~np.isnan(step_time_s)
        both_s = np.where(measured, step_time_s, self.steps.step_time_s)
        steps = self.steps.to_other_foot(both_s, measured)
        return DatedSteps(self.side, self.n_steps, steps, *(getattr(self, name) for name in _DATED_COLUMNS))

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Return the steps of all parts of one sensor, in the order given; there must be one."""
        if len(parts) == 1:
            return parts[0]
        steps = Steps.concatenate([p.steps for p in parts])
        columns = (np.concatenate([getattr(p, name) for p in parts]) for name in _DATED_COLUMNS)
        return cls(parts[0].side, parts[0].n_steps, steps, *columns)


_DATED_COLUMNS: Final = ("time_us", "ends_us", "speed_mps", "grade")


@dataclass(frozen=True, slots=True)
class DatedRecord:
    """One interval of a source's records, before its forces are known; NaN is unknown.

    time_us : its end. interval_s : what of it was moved in, 0 where it stands for no time. gait : "run", "walk" or "".
    """

    side: Side
    time_us: int
    interval_s: float
    step_time_s: float
    contact_time_s: float
    speed_mps: float
    grade: float
    gait: str
    too_fast: bool


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


Told: TypeAlias = Landed | DatedSteps | DatedRecord | Silence | Paused
