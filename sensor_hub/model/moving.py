"""What a session is to a store, whole: what goes from one store to another, and by which sum the two are compared."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields
from datetime import datetime
from math import isfinite
from typing import Any

import numpy as np

from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, TEXT_COLUMNS, StepTable
from sensor_hub.model.message import DeadLetter
from sensor_hub.model.minutes import MINUTE_COLUMNS, MinuteTable
from sensor_hub.model.session import GapFound, SessionSummary


@dataclass(frozen=True, slots=True)
class StoredPause:
    """A pause as a store has it: UTC microseconds, without a header of its own."""

    athlete: str
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class StoredFailure:
    """A payload that could not be decoded, as a store has it: UTC microseconds, without a header of its own."""

    athlete: str
    device: str
    characteristic: str
    arrival_us: int
    problem: str


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """Everything a store has of one session.

    summary : None where only a gap, a pause or a failure was heard of it. batch_us : of one that still runs, the last
    step of the batch whose totals it shows; None before one. replaced : another model took the place of what it was.
    minutes : of one whose single steps were let go of; None of any other.
    """

    sid: str
    summary: SessionSummary | None
    steps: StepTable
    gaps: tuple[GapFound, ...] = ()
    pauses: tuple[StoredPause, ...] = ()
    failures: tuple[StoredFailure, ...] = ()
    batch_us: int | None = None
    replaced: bool = False
    minutes: MinuteTable | None = None

    def is_empty(self) -> bool:
        """Whether nothing is stored."""
        return self.summary is None and not (len(self.steps) or self.gaps or self.pauses or self.failures)

    def checksum(self) -> str:
        """SHA-256 over every value, the same whichever store it came from; unknown is unknown, None or NaN alike."""
        running = self.summary is not None and not self.summary.ended
        said = {
            "sid": self.sid,
            "summary": self.summary and _plain(asdict(self.summary)),
            "gaps": sorted(json.dumps(_plain(asdict(gap)), sort_keys=True) for gap in self.gaps),
            "pauses": sorted(astuple(pause) for pause in self.pauses),
            "failures": sorted(astuple(failure) for failure in self.failures),
            "batch_us": self.batch_us if running else None,
            "replaced": self.replaced,
        }
        found = hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "replace"))
        found.update(_of_columns(self.steps, ("time_utc_us",), FLOAT_COLUMNS, TEXT_COLUMNS))
        if self.minutes is not None:
            found.update(_of_columns(self.minutes, MINUTE_COLUMNS[:1], MINUTE_COLUMNS[1:], ()))
        return found.hexdigest()


def checksum_of(parts: Iterable[object]) -> str:
    """SHA-256 over findings, dead letters, ranges or other sums, in the order given."""
    found = hashlib.sha256()
    for part in parts:
        match part:
            case Finding():
                said: Any = _plain({f.name: getattr(part, f.name) for f in fields(part)})
            case DeadLetter():
                said = [part.topic, part.payload.hex(), part.reason, part.gw, part.seq]
            case _:
                said = part
        found.update(json.dumps(said, sort_keys=True).encode("utf-8", "replace") + b"\n")
    return found.hexdigest()


def _plain(value: Any) -> Any:
    """Return a value as JSON can say it; a number that is unknown is null, and every other one a fraction."""
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case datetime():
            return value.isoformat()
        case bool() | str() | None:
            return value
        case int() | float():
            # a minus before zero says nothing, and not every store keeps it
            return float(value) + 0.0 if isfinite(value) else None
        case _:
            return str(value)


def _of_columns(table: object, times: Iterable[str], numbers: Iterable[str], texts: Iterable[str]) -> bytes:
    found = hashlib.sha256()
    for name in times:
        found.update(np.ascontiguousarray(getattr(table, name), np.int64).tobytes())
    for name in numbers:
        column = np.array(getattr(table, name), np.float64) + 0.0
        column[np.isnan(column)] = np.nan
        found.update(column.tobytes())
    for name in texts:
        found.update("\n".join(getattr(table, name).tolist()).encode() + b"\0")
    return found.digest()
