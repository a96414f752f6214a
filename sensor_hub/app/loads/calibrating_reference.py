"""What a run is calibrated against: the events of a force, or the contact times of another pod."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.recordings.reference_csv import (
    ForceUnit,
    UnitFrom,
    is_contacts_csv,
    read_contacts_csv,
    read_force_csv,
)
from sensor_hub.app.analysis import DEVICE_CLOCK, analyze
from sensor_hub.errors import RecordingError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import StepTable
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.signal.calibration.comparison import Pairs, Refusal, means_of, pair_minutes, pair_steps
from sensor_hub.signal.calibration.event_matching import FEWEST_STEPS, Stances
from sensor_hub.signal.calibration.force_events import THRESHOLD_N, ZERO_ERROR_S, force_events
from sensor_hub.units import STANDARD_GRAVITY_MPS2, US_PER_S

Kind: TypeAlias = Literal["force", "pod"]
Faults: TypeAlias = tuple[tuple[str, Fault], ...]
HASH_LENGTH: Final = 8
PEAK_BW: Final = (1.0, 6.0)  # ours: walking has a little more than one, sprinting less than five
MASS_KG: Final = (20.0, 250.0)  # the lightest and the heaviest an athlete may be
LARGEST_ZERO_N: Final = 20.0  # ours: the threshold itself; belts read -13 to +14 N with nobody on them


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """What to compare with, and how to read it.

    paths : one file, or the belts of a treadmill. kind : None tells it from the content. mass_kg : needed where forces
    are in body weights; None takes the athlete's. offset_n : the belt's zero, None takes it from the flights.
    """

    paths: tuple[Path, ...]
    kind: Kind | None = None
    mass_kg: float | None = None
    offset_n: float | None = None
    unit: ForceUnit | None = None
    time_column: str | None = None
    force_columns: tuple[str, ...] = ()
    contact_column: str | None = None
    contact_stream: str | None = None


@dataclass(frozen=True, slots=True)
class ForceUsed:
    """How a force was understood.

    unit_from : what told the unit. mass_kg : None where none is known. usual_peak_n : median over the contacts, above
    the zero; NaN without one. unknown_share : of its samples. zero_n : what was taken for the belt's zero.
    flights_zero_n : the zero its flights show; NaN without flights.
    """

    unit: ForceUnit
    unit_from: UnitFrom
    mass_kg: float | None
    usual_peak_n: float
    n_contacts: int
    unknown_share: float
    zero_n: float
    flights_zero_n: float

    @property
    def usual_peak_bw(self) -> float:
        """NaN where no mass is known."""
        return np.nan if self.mass_kg is None else self.usual_peak_n / (self.mass_kg * STANDARD_GRAVITY_MPS2)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Pairs of a run and a reference.

    reference : what it is, in words. error_s : how far its mean contact time may lie from force at 20 N, None where
    nobody knows. force : how it was understood, None without one.
    """

    pairs: Pairs
    kind: Kind
    reference: str
    faults: Faults
    error_s: float | None = None
    force: ForceUsed | None = None


def compare(info: RecordingInfo, table: StepTable, begin_us: int, reference: ReferenceFile, who: Athlete) -> Compared:
    """Pair the steps of a run with a reference; RecordingError names file, place and mend.

    table : as ``steps_of`` returns it, with the UTC microsecond at which its session began.
    """
    own = Stances(table.seconds_since(begin_us), table.contact_time_s)
    first, kind = reference.paths[0], reference.kind or _kind_of(reference)
    force, error_s = None, None
    if kind == "force":
        beside, force, faults = _force(reference, who)
        pairs, error_s = _pair(own, table, beside, force), ZERO_ERROR_S
        text = f"vertical force at {THRESHOLD_N:g} N"
    elif len(reference.paths) > 1:
        raise RecordingError(str(reference.paths[1]), "reference", "a second file, and no belt", "give one pod's file")
    elif _is_text(first):
        columns = {"time_column": reference.time_column, "contact_column": reference.contact_column}
        contacts = read_contacts_csv(first, **columns)
        pairs = _pair(own, table, Stances(contacts.t_s, contacts.values))
        text, faults = "another pod, step by step", contacts.faults
    else:
        pairs, faults = _minutes(info, table, reference)
        text = "another pod, means of minutes"
    text = f"{text} ({_content_hash(reference.paths)})"
    return Compared(pairs, kind, text, faults, error_s, force)


def _pair(own: Stances, table: StepTable, beside: Stances, force: ForceUsed | None = None) -> Pairs:
    """Pair single steps; what is wrong with the reference itself goes before what follows from it."""
    pairs, n = pair_steps(own, table.side, beside), int(np.isfinite(beside.contact_time_s).sum())
    apart_n = np.nan if force is None else force.zero_n - force.flights_zero_n
    if abs(apart_n) > LARGEST_ZERO_N:
        return replace(pairs, refusals=(Refusal("zero-differs", apart_n, LARGEST_ZERO_N),))
    if n < FEWEST_STEPS:
        return replace(pairs, refusals=(Refusal("few-in-reference", n, FEWEST_STEPS),))
    return pairs


def _is_text(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise RecordingError(str(path), "opening", error.strerror or str(error), "check the path") from None
    return b"\0" not in head and not head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")


def _is_csv_of_contacts(reference: ReferenceFile) -> bool:
    path = reference.paths[0]
    return _is_text(path) and (reference.contact_column is not None or is_contacts_csv(path))


def _kind_of(reference: ReferenceFile) -> Kind:
    return "pod" if not _is_text(reference.paths[0]) or _is_csv_of_contacts(reference) else "force"


def _force(reference: ReferenceFile, who: Athlete) -> tuple[Stances, ForceUsed, Faults]:
    path = str(reference.paths[0])
    table = read_force_csv(
        reference.paths,
        time_column=reference.time_column,
        force_columns=reference.force_columns,
        unit=reference.unit,
    )
    mass_kg = reference.mass_kg or who.mass_kg
    if table.unit == "BW" and mass_kg is None:
        problem = f"{', '.join(table.columns)} is in body weights, and {THRESHOLD_N:g} N need a mass"
        raise RecordingError(
            path, "force", problem, "give --mass-kg, or athlete set --mass-kg; --force-unit N if it is not"
        )
    scale = mass_kg * STANDARD_GRAVITY_MPS2 if table.unit == "BW" and mass_kg is not None else 1.0
    force_n: FloatArray = table.values * scale
    unknown = float(np.mean(~np.isfinite(force_n)))
    try:
        events = force_events(table.t_s, force_n, offset_n=reference.offset_n)
    except ValueError as error:
        mend = "give --offset-n, or another file" if "zero" in str(error) else "check column, unit and time"
        problem = f"{error} ({100 * unknown:.0f} % of its samples are unknown)" if unknown else str(error)
        raise RecordingError(path, "force", problem, mend) from None
    peak_n = float(np.median(events.peak_n)) if len(events) else np.nan
    flights_n = events.offset_n if reference.offset_n is None else _flights_zero_n(table.t_s, force_n)
    unit, told_by = table.unit or "N", table.unit_from or "asked"
    used = ForceUsed(unit, told_by, mass_kg, peak_n, len(events), unknown, events.offset_n, flights_n)
    _refuse_peak(path, used)
    return Stances(events.initial_contact_s, events.contact_time_s), used, table.faults


def _flights_zero_n(t_s: FloatArray, force_n: FloatArray) -> float:
    try:
        return force_events(t_s, force_n).offset_n
    except ValueError:
        return np.nan


def _refuse_peak(path: str, used: ForceUsed) -> None:
    """Refuse a force that is no runner's: a wrong unit or mass, or belts summed twice."""
    lightest_kg, heaviest_kg = MASS_KG if used.mass_kg is None else (used.mass_kg, used.mass_kg)
    least_n, most_n = (
        bw * kg * STANDARD_GRAVITY_MPS2 for bw, kg in zip(PEAK_BW, (lightest_kg, heaviest_kg), strict=True)
    )
    if least_n <= used.usual_peak_n <= most_n or not np.isfinite(used.usual_peak_n):
        return
    of = "no mass is known" if used.mass_kg is None else f"{used.usual_peak_bw:.2f} body weights of {used.mass_kg:g} kg"
    problem = f"its usual peak is {used.usual_peak_n:.0f} N ({of}; unit {used.unit}, told by {used.unit_from})"
    mend = f"running has {PEAK_BW[0]:g} to {PEAK_BW[1]:g} body weights: check --force-unit, --mass-kg, the columns"
    raise RecordingError(path, "force", problem, mend)


def _minutes(info: RecordingInfo, table: StepTable, reference: ReferenceFile) -> tuple[Pairs, Faults]:
    path = reference.paths[0]
    other = analyze(path, contact_stream=reference.contact_stream)
    measured = other.summary is not None and other.summary.header.tier == "contact"
    if not measured or not np.isfinite(other.steps.contact_time_s).any():
        problem = "has no contact times that another device measured"
        raise RecordingError(str(path), "contact time", problem, "give a FIT file of a watch or pod that measures them")
    if info.kind in DEVICE_CLOCK and info.start_utc is None:
        problem = "has a device clock and no date, and the reference's minutes are told by the time of day"
        raise RecordingError(info.path, "beginning", problem, "give --start 2025-11-20T06:31Z, or compare with force")
    own, beside = (means_of(t.time_utc_us / US_PER_S, t.contact_time_s, t.n_steps) for t in (table, other.steps))
    return pair_minutes(own, beside), tuple((str(path), fault) for fault in other.faults)


def _content_hash(paths: Sequence[Path]) -> str:
    """Names the reference without its file name, which may hold a person's."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]
