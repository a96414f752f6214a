"""What a run is calibrated against: the events of a force, or the contact times of another pod."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.recordings.reference_csv import (
    ForceUnit,
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
from sensor_hub.signal.comparison import Pairs, means_of, pair_minutes, pair_steps
from sensor_hub.signal.event_matching import Stances
from sensor_hub.signal.force_events import THRESHOLD_N, ZERO_ERROR_S, force_events
from sensor_hub.units import STANDARD_GRAVITY_MPS2, US_PER_S

Kind: TypeAlias = Literal["force", "pod"]
Faults: TypeAlias = tuple[tuple[str, Fault], ...]
HASH_LENGTH: Final = 8


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


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Pairs of a run and a reference.

    reference : what it is, in words. force : None without one. error_s : how far its mean contact time may lie from
    force at 20 N, None where nobody knows.
    """

    pairs: Pairs
    kind: Kind
    reference: str
    faults: Faults
    error_s: float | None = None
    belt_offset_n: float | None = None


def compare(info: RecordingInfo, table: StepTable, begin_us: int, reference: ReferenceFile, who: Athlete) -> Compared:
    """Pair the steps of a run with a reference; RecordingError names file, place and mend.

    table : as ``steps_of`` returns it, with the UTC microsecond at which its session began.
    """
    own = Stances(table.seconds_since(begin_us), table.contact_time_s)
    first, kind = reference.paths[0], reference.kind or _kind_of(reference)
    belt_offset_n, error_s = None, None
    if kind == "force":
        beside, belt_offset_n, faults = _force(reference, who)
        pairs, error_s = pair_steps(own, table.side, beside), ZERO_ERROR_S
        text = f"vertical force at {THRESHOLD_N:g} N"
    elif len(reference.paths) > 1:
        raise RecordingError(str(reference.paths[1]), "reference", "a second file, and no belt", "give one pod's file")
    elif _is_text(first):
        columns = {"time_column": reference.time_column, "contact_column": reference.contact_column}
        contacts = read_contacts_csv(first, **columns)
        pairs = pair_steps(own, table.side, Stances(contacts.t_s, contacts.values))
        text, faults = "another pod, step by step", contacts.faults
    else:
        pairs, faults = _minutes(info, table, reference)
        text = "another pod, means of minutes"
    text = f"{text} ({_content_hash(reference.paths)})"
    return Compared(pairs, kind, text, tuple((str(first), fault) for fault in faults), error_s, belt_offset_n)


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


def _force(reference: ReferenceFile, who: Athlete) -> tuple[Stances, float, tuple[Fault, ...]]:
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
    try:
        events = force_events(table.t_s, force_n, offset_n=reference.offset_n)
    except ValueError as error:
        mend = "give --offset-n, or another file" if "zero" in str(error) else "check column, unit and time"
        raise RecordingError(path, "force", str(error), mend) from None
    return Stances(events.initial_contact_s, events.contact_time_s), events.offset_n, table.faults


def _minutes(info: RecordingInfo, table: StepTable, reference: ReferenceFile) -> tuple[Pairs, tuple[Fault, ...]]:
    path = reference.paths[0]
    other = analyze(path, contact_stream=reference.contact_stream)
    measured = other.summary is not None and other.summary.header.tier == "contact"
    if not measured or not np.isfinite(other.steps.contact_time_s).any():
        problem = "has no contact times that another device measured"
        raise RecordingError(str(path), "contact time", problem, "give a FIT file of a watch or pod that measures them")
    if info.kind in DEVICE_CLOCK and info.start_utc is None:
        problem = "has a device clock and no date, and the reference's minutes are told by the time of day"
        raise RecordingError(info.path, "beginning", problem, "compare with force, or give a dated recording")
    own, beside = (means_of(t.time_utc_us / US_PER_S, t.contact_time_s, t.n_steps) for t in (table, other.steps))
    return pair_minutes(own, beside), other.faults


def _content_hash(paths: Sequence[Path]) -> str:
    """Names the reference without its file name, which may hold a person's."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]
