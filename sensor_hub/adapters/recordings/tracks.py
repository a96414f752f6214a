"""Points of a track → readings: pauses between parts, steps of both feet, times that cannot be."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from sensor_hub.adapters.recordings.stray_times import stray_times
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.load import Surface
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import Ledger

LARGEST_STRIDES_PER_MIN: Final = 120.0  # nobody's one foot is faster, so a median above it counts both feet
FEET: Final = 2

_LEDGERS: Final[dict[str, Ledger]] = {
    **dict.fromkeys(
        ("running", "run", "trailrunning", "treadmillrunning", "streetrunning", "trackrunning", "9"), "run"
    ),
    **dict.fromkeys(("walking", "walk", "hiking", "hike", "10", "4"), "walk"),
}
_ON_A_BELT: Final = {"treadmillrunning", "treadmill", "indoorrunning", "virtualrun"}


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """One point as written. ``cadence_per_min`` counts what the file counts; ``distance_m`` since its beginning."""

    at_utc: datetime
    cadence_per_min: float | None = None
    speed_mps: float | None = None
    distance_m: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_m: float | None = None


@dataclass(slots=True)
class Part:
    """Points without a break between them. ``pause_before``: what lies between it and the part before is a pause."""

    points: list[TrackPoint]
    pause_before: bool = True


def without_strays(parts: Sequence[Part], faults: list[Fault]) -> list[Part]:
    """Leave out points at times days away from those around them, and say where time runs back."""
    points = [point for part in parts for point in part.points]
    t_s = np.array([point.at_utc.timestamp() for point in points])
    stray = stray_times(t_s)
    if stray.any():
        problem = f"{int(stray.sum())} at a time days away from the points around them are left out"
        faults.append(Fault(f"point {int(np.argmax(stray)) + 1}", problem, lost=True))
    back = np.nonzero(np.diff(t_s[~stray]) < 0)[0]
    if len(back):
        by_s = float(-np.diff(t_s[~stray])[back[0]])
        problem = f"time runs back by {by_s:.0f} s" + (f", and {len(back) - 1} times more" if len(back) > 1 else "")
        faults.append(Fault(f"point {int(back[0]) + 2}", f"{problem}; the points are kept", lost=False))
    left_out = {id(point) for point, is_stray in zip(points, stray.tolist(), strict=True) if is_stray}
    kept = [replace(part, points=[p for p in part.points if id(p) not in left_out]) for part in parts]
    return [part for part in kept if part.points]


def readings(device: str, parts: Sequence[Part], faults: list[Fault]) -> Iterator[RecordReading | PauseReading]:
    """Return the readings of a track, lazily: a point each, and a pause between parts."""
    feet = _feet(parts, faults)
    return _readings(device, parts, feet)


def _readings(device: str, parts: Sequence[Part], feet: int) -> Iterator[RecordReading | PauseReading]:
    last_utc: datetime | None = None
    for part in parts:
        first_utc = part.points[0].at_utc
        if part.pause_before and last_utc is not None and first_utc > last_utc:
            yield PauseReading(device, last_utc, first_utc)
        for point in part.points:
            cadence = point.cadence_per_min
            yield RecordReading(
                device=device,
                end_utc=point.at_utc,
                cadence_spm=None if cadence is None else feet * cadence,
                speed_mps=point.speed_mps,
                distance_m=point.distance_m,
                altitude_m=point.altitude_m,
            )
        last_utc = max(last_utc or part.points[-1].at_utc, part.points[-1].at_utc)


def _feet(parts: Sequence[Part], faults: list[Fault]) -> int:
    """Return 2 where the cadence counts one foot, as these formats say; 1 where it cannot."""
    moving = [p.cadence_per_min for part in parts for p in part.points if p.cadence_per_min]
    if not moving or float(np.median(moving)) <= LARGEST_STRIDES_PER_MIN:
        return FEET
    problem = f"its median of {np.median(moving):.0f} is too fast for one foot, so it is taken to count both"
    faults.append(Fault("cadence", problem, lost=False))
    return 1


def ledger_of(sports: Sequence[str], faults: list[Fault]) -> Ledger:
    """Ledger of the sports a file names; a run if it names none, and said so."""
    named = [s for s in dict.fromkeys(_plain(s) for s in sports) if s]
    ledgers = {_LEDGERS.get(s, "other") for s in named}
    if len(ledgers) == 1:
        return ledgers.pop()
    if not ledgers:
        faults.append(Fault("sport", "none is named; taken as a run", lost=False))
        return "run"
    problem = f"several sports ({', '.join(named)}); their steps cannot be told apart"
    faults.append(Fault("sport", problem, lost=False))
    return "other"


def surface_of(sports: Sequence[str], parts: Sequence[Part]) -> Surface:
    """What was run on: a treadmill if every sport the file names says so, overground where it has positions."""
    belts = [_plain(sport) in _ON_A_BELT for sport in sports if sport]
    if any(belts):
        return "treadmill" if all(belts) else "unknown"
    placed = any(p.latitude_deg is not None for part in parts for p in part.points)
    return "overground" if placed else "unknown"


def _plain(sport: str) -> str:
    return "".join(c for c in sport.lower() if c.isalnum())


def utc_of(time: datetime | None) -> datetime:
    """Aware UTC; a time without zone is UTC, as both formats demand. ValueError if it is None or beyond any clock."""
    if time is None:
        raise ValueError("it has no time")
    aware = time.replace(tzinfo=UTC) if time.tzinfo is None else time
    if not 1970 < aware.year < 2200:
        raise ValueError(f"the year {aware.year}")
    return aware.astimezone(UTC)


def known(value: object) -> float | None:
    """Return a finite number, or None."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
