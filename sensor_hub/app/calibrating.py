"""An athlete's contact times beside a reference's: from files to a line in the registry.

Only recordings can be compared, not stored sessions: a store keeps steps, and not by which method they were found.
What is stored stays as it is; a calibration counts for sessions that begin after it was made.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.recordings.reference_csv import (
    ForceUnit,
    ReferenceTable,
    is_contacts_csv,
    read_contacts_csv,
    read_force_csv,
)
from sensor_hub.app.analysis import DEVICE_CLOCK, Analysis, analyze, events_of, open_file, setup_for
from sensor_hub.app.people import Archive
from sensor_hub.errors import RecordingError, RegistryError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, StepTable
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import BoundDevice, SessionSummary, StepBatch
from sensor_hub.signal.calibration import Fit, fit
from sensor_hub.signal.comparison import Pairs, means_of, pair_minutes, pair_steps
from sensor_hub.signal.contacts import Method
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.event_matching import Stances
from sensor_hub.signal.force_events import THRESHOLD_N, force_events
from sensor_hub.units import STANDARD_GRAVITY_MPS2, US_PER_S, utc_us

Kind: TypeAlias = Literal["force", "pod"]

KINDS: Final = ("force", "pod")
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
    threshold_n: float = THRESHOLD_N
    offset_n: float | None = None
    unit: ForceUnit | None = None
    time_column: str | None = None
    force_columns: tuple[str, ...] = ()
    contact_column: str | None = None
    contact_stream: str | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What came of it. calibration : None if the line was refused. before : the one that was there until now.

    kept : whether it is in the registry now. mean_s : of the reference's contact times that were compared.
    """

    recording: str
    athlete: Athlete
    mount: Mount
    method: Method
    kind: Kind
    reference: str
    fit: Fit
    calibration: Calibration | None
    before: Calibration | None
    kept: bool
    lag_s: float
    drift: float
    details: tuple[tuple[str, float], ...] = ()
    faults: tuple[tuple[str, Fault], ...] = field(default=())

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values; None is unknown."""
        made = self.calibration
        return {
            "recording": self.recording,
            "athlete": self.athlete.id,
            "mount": self.mount,
            "method": self.method.name,
            "kind": self.kind,
            "reference": self.reference,
            "n": self.fit.n,
            "n_steps": self.fit.n_steps,
            "n_left_out": self.fit.n_left_out,
            "of_minutes": self.fit.of_minutes,
            "before": {"bias_s": known(self.fit.bias_before_s), "sd_s": known(self.fit.sd_before_s)},
            "after_left_out": {"bias_s": known(self.fit.bias_after_s), "sd_s": known(self.fit.sd_after_s)},
            "offset_s": known(self.fit.offset_s),
            "offset_se_s": known(self.fit.offset_se_s),
            "slope": known(self.fit.slope),
            "centre_s": known(self.fit.centre_s),
            "residual_sd_s": known(self.fit.residual_sd_s) if made is None else made.residual_sd_s,
            "by_side_s": {side: known(offset_s) for side, offset_s in self.fit.by_side_s},
            "clock_lag_s": known(self.lag_s),
            "clock_drift_ppm": known(self.drift * 1e6),
            **{name: known(value) for name, value in self.details},
            "refusals": [
                {"reason": r.reason, "found": known(r.found), "limit": known(r.limit)} for r in self.fit.refusals
            ],
            "kept": self.kept,
        }


def known(value: float) -> float | None:
    """Return a number for JSON; None for NaN."""
    return round(float(value), 9) if np.isfinite(value) else None


def calibrate(
    archive: Archive,
    what: str,
    reference: ReferenceFile,
    *,
    athlete: str | None = None,
    device: str | None = None,
    recordings: Path | None = None,
    dry_run: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    **how: Any,
) -> Calibrated:
    """Compare a recording with a reference, and keep the line for its athlete, mount and method if there is one.

    what : a file, the id of a session whose recording is in ``recordings``, or ``last``. ``how`` is that of
    ``open_file``. RecordingError, RegistryError or ProfileError where something cannot be read or does not belong
    together.
    """
    path = _recording_path(archive, recordings, what, athlete)
    recording = open_file(path, own_profiles=archive.own_profiles, **how)
    who = _athlete_of(archive, recording, athlete)
    mount, devices = _chosen(recording, device)
    method = detector_for(mount).method
    table, begin_us = _steps(recording, devices, who)
    own = Stances(table.seconds_since(begin_us), table.contact_time_s)
    details: tuple[tuple[str, float], ...] = ()
    kind = reference.kind or _kind_of(reference)
    if kind == "force":
        beside, details, faults = _force(reference, who)
        pairs = pair_steps(own, table.side, beside)
        text = f"vertical force at {reference.threshold_n:g} N"
    elif _is_csv_of_contacts(reference):
        contacts = read_contacts_csv(
            reference.paths[0], time_column=reference.time_column, contact_column=reference.contact_column
        )
        pairs = pair_steps(own, table.side, Stances(contacts.t_s, contacts.values))
        text, faults = "another pod, step by step", _faults(reference, contacts.faults)
    else:
        pairs, faults = _beside_pod(recording, table, reference)
        text = "another pod, means of minutes"
    found = fit(pairs)
    text = f"{text} ({_content_hash(reference.paths)})"
    made_on = local_day(now(), who.zone)
    made = None if found.refusals else found.calibration(method, mount, text, made_on)
    before = archive.registry.learned.calibration(who.id, mount, method.name)
    if made is not None and not dry_run:
        archive.registry.learned.keep_calibration(who.id, made)
    own_faults = tuple((str(path), fault) for fault in recording.faults)
    return Calibrated(
        recording=str(path),
        athlete=who,
        mount=mount,
        method=method,
        kind=kind,
        reference=text,
        fit=found,
        calibration=made,
        before=before,
        kept=made is not None and not dry_run,
        lag_s=pairs.lag_s,
        drift=pairs.drift,
        details=details,
        faults=own_faults + faults,
    )


# --- the session -----------------------------------------------------------------------------------------------------


def _recording_path(archive: Archive, recordings: Path | None, what: str, athlete: str | None) -> Path:
    """The file itself, or the recording of a session that was collected here."""
    if Path(what).exists():
        return Path(what)
    sid = what
    if what == "last":
        sessions = archive.store.sessions(archive.athlete(athlete).id)
        if not sessions:
            raise RecordingError(what, "session", "there is no session yet", "give a recording")
        sid = sessions[-1].header.sid
    if recordings is not None and (kept := recordings / f"{sid}.mcap").is_file():
        return kept
    stored = archive.store.session(sid)
    problem = "neither a file nor a session" if stored is None else "the session's recording is not here"
    mend = "its steps do not say how they were found: give the file it came from"
    raise RecordingError(what, "recording", problem, "give a recording" if stored is None else mend)


def _athlete_of(archive: Archive, recording: OpenRecording, asked: str | None) -> Athlete:
    recorded = recording.info.athlete
    if asked is not None or recorded is None:
        return archive.athlete(asked)
    try:
        return archive.registry.athlete(recorded)
    except RegistryError:
        problem = f"was recorded of {recorded}, who is not known here"
        raise RecordingError(recording.info.path, "athlete", problem, "say whose it is: --athlete NAME") from None


def _chosen(recording: OpenRecording, wanted: str | None) -> tuple[Mount, tuple[BoundDevice, ...]]:
    """The IMUs to compare, without what was known of the athlete, and where they sat."""
    info = recording.info
    imus = [d for d in info.devices if (d.profile.kind == "imu" if d.profile else info.kind in DEVICE_CLOCK)]
    if wanted is not None:
        imus = [d for d in imus if d.device == wanted]
    if not imus:
        there = ", ".join(d.device for d in info.devices) or "none"
        problem = f"no such IMU {wanted!r}" if wanted else "no IMU whose contact times are found here"
        raise RecordingError(info.path, "sensors", f"{problem}; its sensors: {there}", "calibrate an IMU's recording")
    mounts = {d.mount or (d.profile.mount if d.profile else None) or "shank" for d in imus}
    if len(mounts) > 1:
        names = ", ".join(d.device for d in imus)
        raise RecordingError(info.path, "sensors", f"IMUs at several places ({names})", "choose one: --device ID")
    return mounts.pop(), tuple(replace(d, calibration=None, usual=None) for d in imus)


def _steps(recording: OpenRecording, devices: tuple[BoundDevice, ...], who: Athlete) -> tuple[StepTable, int]:
    """Steps of these sensors by the method as it is, without calibration, in order; and when the session began."""
    info = recording.info
    info.devices = devices
    chosen = {d.device for d in devices}
    recording.readings = (item for item in recording.readings if item.device in chosen)
    start_utc = (info.start_utc or datetime(1970, 1, 1, tzinfo=UTC)) if info.kind in DEVICE_CLOCK else None
    setup = setup_for(info, sid="calibration", athlete=who.id, zone=who.zone, origin="import", start_utc=start_utc)
    batches, begin_us = [], 0
    for event in events_of(recording, setup):
        if isinstance(event, StepBatch):
            batches.append(event.steps)
        elif isinstance(event, SessionSummary):
            begin_us = utc_us(event.start_utc)
    table = StepTable.concatenate(batches)
    if not len(table) or not np.isfinite(table.contact_time_s).any():
        raise RecordingError(info.path, "steps", "no running step with a contact time in it", "give a run")
    order = np.argsort(table.time_utc_us, kind="stable")  # two feet come in batches of their own
    return StepTable(**{f.name: getattr(table, f.name)[order] for f in fields(table)}), begin_us


# --- the reference ---------------------------------------------------------------------------------------------------


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


def _force(
    reference: ReferenceFile, who: Athlete
) -> tuple[Stances, tuple[tuple[str, float], ...], tuple[tuple[str, Fault], ...]]:
    path = str(reference.paths[0])
    table = read_force_csv(
        reference.paths,
        time_column=reference.time_column,
        force_columns=reference.force_columns,
        unit=reference.unit,
    )
    mass_kg = reference.mass_kg or who.mass_kg
    if table.unit == "BW" and mass_kg is None:
        problem = f"{', '.join(table.columns)} is in body weights, and {reference.threshold_n:g} N need a mass"
        raise RecordingError(
            path, "force", problem, "give --mass-kg, or athlete set --mass-kg; --force-unit N if it is not"
        )
    scale = mass_kg * STANDARD_GRAVITY_MPS2 if table.unit == "BW" and mass_kg is not None else 1.0
    force_n: FloatArray = table.values * scale
    try:
        events = force_events(table.t_s, force_n, threshold_n=reference.threshold_n, offset_n=reference.offset_n)
    except ValueError as error:
        mend = "give --offset-n, or another file" if "zero" in str(error) else "check column, unit and time"
        raise RecordingError(path, "force", str(error), mend) from None
    beside = Stances(events.initial_contact_s, events.contact_time_s)
    return beside, (("belt_offset_n", events.offset_n),), _faults(reference, table.faults)


def _beside_pod(
    recording: OpenRecording, table: StepTable, reference: ReferenceFile
) -> tuple[Pairs, tuple[tuple[str, Fault], ...]]:
    path = reference.paths[0]
    other = analyze(path, contact_stream=reference.contact_stream)
    if other.summary is None or other.summary.header.tier != "contact" or not _has_contacts(other):
        problem = "has no contact times that another device measured"
        raise RecordingError(str(path), "contact time", problem, "give a FIT file of a watch or pod that measures them")
    if recording.info.kind in DEVICE_CLOCK and recording.info.start_utc is None:
        problem = "has a device clock and no date, and the reference's minutes are told by the time of day"
        raise RecordingError(recording.info.path, "beginning", problem, "compare with force, or give a dated recording")
    own, beside = (means_of(t.time_utc_us / US_PER_S, t.contact_time_s, t.n_steps) for t in (table, other.steps))
    return pair_minutes(own, beside), tuple((str(path), fault) for fault in other.faults)


def _has_contacts(other: Analysis) -> bool:
    return bool(np.isfinite(other.steps.contact_time_s).any())


def _faults(reference: ReferenceFile, faults: Sequence[Fault]) -> tuple[tuple[str, Fault], ...]:
    return tuple((str(reference.paths[0]), fault) for fault in faults)


def _content_hash(paths: Sequence[Path]) -> str:
    """Names the reference without its file name, which may hold a person's."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]


__all__ = ["KINDS", "Calibrated", "ReferenceFile", "ReferenceTable", "calibrate", "known"]
