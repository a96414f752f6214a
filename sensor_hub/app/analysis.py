"""A recording through the session, without store or broker: what ``session analyze`` shows."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from sensor_hub.adapters.exports.content import write_whole
from sensor_hub.adapters.recordings.captures import parse_handle_map
from sensor_hub.adapters.recordings.column_map import parse_column_map
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.app.collecting.binding import bind
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.importing.column_maps import map_text, text_of
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import Mount, StepTable, Tier, ValueOrigin
from sensor_hub.model.load import Surface
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice, Event, Origin, SessionSetup, SessionSummary, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.session.primary import mount_of
from sensor_hub.signal.detectors import detector_for
from sensor_hub.units import utc_us as to_us
from sensor_hub.words import warning_text
from sensor_hub.words.sessions import DURATION_UNKNOWN
from sensor_hub.words.wearing import NOBODY_NAMED

BLOCK: Final = 2000  # notifications decoded together; the events do not depend on it
ANSWER: Final = (
    "n_steps", "n_strides", "duration_s", "distance_m", "cadence_spm", "contact_time_s", "contact_time_bias_s",
    "contact_balance_left", "duty_factor", "flight_time_s", "flight_time_origin", "foot_pitch_rad", "foot_strike",
    "load_eq_km", "hard_load_bw_s", "coverage", "tier", "model", "reference", "source", "warnings", "warning_texts",
    "faults", "contact_method", "contact_method_evidence", "contact_mount", "contact_time_calibrated",
    "load_eq_km_sd", "hard_load_sd", "load_bw_s", "load_left_bw_s", "load_right_bw_s", "push_off_bw_s",
    "load_m4_eq_km", "load_m9_eq_km", "achilles_peak_bw", "vgrf_peak_bw", "vertical_stiffness_bw_per_m",
    "leg_stiffness_bw_per_m", "n_walk_steps", "walk_load_bw_s", "instrument", "surface",
    "median_speed_mps", "speed_5min_mps", "uphill_s", "ascent_m",
)  # fmt: skip
CONTACT_KEYS: Final = ("contact_method", "contact_method_evidence", "contact_mount", "contact_time_calibrated")
STEP_COLUMNS: Final = (
    "t_s", "side", "contact_time_s", "contact_time_sd", "flight_time_s", "vgrf_peak_bw", "achilles_peak_bw",
    "achilles_impulse_bw_s", "quality", "step_time_s", "step_time_origin", "duty_factor", "foot_pitch_rad",
    "vgrf_peak_sd", "achilles_peak_sd", "achilles_impulse_sd", "achilles_push_off_bw_s", "grade", "gait",
)  # fmt: skip
DEVICE_CLOCK: Final = ("shank-csv", "columns-csv")  # kinds of files whose readings have no wall clock
UNDATED: Final = (*DEVICE_CLOCK, "nrf-log")  # kinds that may say nothing of the day
NO_CLOCK_UTC: Final = datetime(1970, 1, 1, tzinfo=UTC)  # start of a file that has only a device clock


@dataclass(frozen=True, slots=True)
class Analysis:
    """One file, analysed. ``start_known`` is False where the file has no wall clock."""

    summary: SessionSummary | None
    steps: StepTable
    faults: tuple[Fault, ...]
    info: RecordingInfo
    start_known: bool

    @property
    def lost(self) -> bool:
        """True if something that was in the file could not be read."""
        return any(fault.lost for fault in self.faults)


def open_file(
    path: Path,
    *,
    columns: Path | str | None = None,
    mount: Mount | None = None,
    contact_stream: str | None = None,
    own_profiles: Path | None = None,
    handles: Path | None = None,
    profile: str | None = None,
    zone: str = "UTC",
    start_utc: datetime | None = None,
    surface: Surface | None = None,
) -> OpenRecording:
    """Open a recording with its devices bound to firmware profiles; RecordingError or ProfileError if it cannot be.

    columns : column map of a CSV, a file or the name of a shipped one. handles : handle map of a Bluetooth capture.
    own_profiles : folder of the user's own firmware profiles, which go before those shipped. profile : id of the one
    to take. zone, start_utc : of a log that has only a time of day. surface : goes before what the file says.
    """
    recording = open_recording(
        path,
        columns=parse_column_map(map_text(columns), str(columns)) if columns is not None else None,
        contact_stream=contact_stream,
        handles=parse_handle_map(text_of(handles), str(handles)) if handles is not None else None,
        zone=ZoneInfo(zone),
        start_utc=start_utc,
    )
    bind(recording, all_profiles(own_profiles), profile_id=profile, mount=mount)
    if surface is not None:
        recording.info.conditions = replace(recording.info.conditions, surface=surface)
    return recording


def tier_of(info: RecordingInfo) -> Tier:
    """The tier a recording says it was made with, else the best that the devices of a file can give."""
    if info.tier is not None:
        return info.tier
    if info.kind in DEVICE_CLOCK or any(d.profile and d.profile.kind == "imu" for d in info.devices):
        return "imu"
    gives_contact = any(d.profile and d.profile.gives_contact_time for d in info.devices)
    return "contact" if gives_contact or any(info.contact_streams.values()) else "speed"


def setup_for(
    info: RecordingInfo, *, sid: str, athlete: str, zone: str, origin: Origin, start_utc: datetime | None = None
) -> SessionSetup:
    """Say what a recording's session is."""
    return SessionSetup(
        sid=sid,
        athlete=athlete,
        zone=zone,
        origin=origin,
        devices=info.devices,
        tier=tier_of(info),
        start_utc=start_utc,
        source=info.kind,
        ledger=info.ledger,
        conditions=info.conditions,
        load_reference=info.load_reference,
    )


def events_of(recording: OpenRecording, setup: SessionSetup) -> Iterator[Event]:
    """Run a recording through a session, lazily."""
    session = RunSession(setup)
    items = iter(recording)
    while block := list(islice(items, BLOCK)):
        yield from session.receive_many(block)
    yield from session.finish()


def analyze(path: Path, **how: Any) -> Analysis:
    """Analyse one file; what is broken is in ``faults``, what cannot be read at all raises RecordingError.

    ``how`` is that of ``open_file``.
    """
    recording = open_file(path, **how)
    start_utc = recording.info.start_utc
    # A reading of a device clock needs a wall clock to stand on; records and notifications bring their own.
    anchor = (start_utc or NO_CLOCK_UTC) if recording.info.kind in DEVICE_CLOCK else None
    setup = setup_for(recording.info, sid="analysis", athlete="me", zone="UTC", origin="import", start_utc=anchor)
    batches, summary = [], None
    for event in events_of(recording, setup):
        match event:
            case StepBatch():
                batches.append(event.steps)
            case SessionSummary():
                summary = event
    has_clock = start_utc is not None or recording.info.kind not in UNDATED
    return Analysis(summary, StepTable.concatenate(batches), tuple(recording.faults), recording.info, has_clock)


def session_answer(summary: SessionSummary, names: Mapping[str, str] = NOBODY_NAMED) -> dict[str, Any]:
    """Return a session as JSON values; None is unknown. names : what people call the sensors, by id."""
    totals, header = asdict(summary.totals), summary.header
    rounded = {name: round(value, 6) if isinstance(value, float | int) else value for name, value in totals.items()}
    if DURATION_UNKNOWN in summary.warnings:
        rounded["duration_s"] = None
    return {
        "sid": header.sid,
        "start_utc": summary.start_utc.isoformat(),
        "end_utc": summary.end_utc.isoformat(),
        **rounded,
        "tier": header.tier,
        "model": header.model,
        "reference": header.reference,
        "instrument": header.instrument,
        "surface": header.surface,
        "origin": header.origin,
        "ledger": header.ledger,
        "source": summary.source,
        "ended": summary.ended,
        "warnings": list(summary.warnings),
        "warning_texts": warning_texts(summary, summary.warnings, names),
    }


def warning_texts(summary: SessionSummary, codes: Sequence[str], names: Mapping[str, str] = NOBODY_NAMED) -> list[str]:
    """Return a sentence for each of a session's codes; one that was imported needs other mends than a live one."""
    return [warning_text(code, names, of_file=summary.header.origin == "import") for code in codes]


def flight_origin(steps: StepTable) -> ValueOrigin | None:
    """Return "measured" if every known flight time is; one estimate among them makes the mean an estimate."""
    known = ~np.isnan(steps.flight_time_s)
    if not known.any():
        return None
    return "measured" if (steps.step_time_origin[known] == "measured").all() else "estimated"


def _imus(found: Analysis) -> list[BoundDevice]:
    """The sensors whose contacts we found ourselves, the one that counts first; none where there are none."""
    if found.summary is None or found.summary.header.tier != "imu" or not len(found.steps):
        return []
    samples = found.info.kind in DEVICE_CLOCK  # such files have samples and no profile
    return [d for d in found.info.devices if (samples if d.profile is None else d.profile.kind == "imu")]


def sees_both_feet(found: Analysis) -> bool:
    """Whether contacts of both feet were looked for: by a sensor that sees both, or by one on each."""
    imus = _imus(found)
    on_each = {"L", "R"} <= {device.side for device in imus}
    return on_each or (bool(imus) and detector_for(mount_of(imus[0])).feet_seen > 1)


def _of_contacts(found: Analysis) -> dict[str, Any]:
    """By which method contacts were found, and on what it rests; None where the source did, or none was found."""
    imus = _imus(found)
    if not imus:
        return dict.fromkeys(CONTACT_KEYS)
    device, mount = imus[0], mount_of(imus[0])
    method = detector_for(mount).method
    calibrated = device.calibration is not None and device.calibration.method == method.name
    return dict(zip(CONTACT_KEYS, (method.name, method.evidence, mount, calibrated), strict=True))


def answer_of(found: Analysis) -> dict[str, Any]:
    """Return what ``session analyze --json`` prints."""
    faults = [asdict(fault) for fault in found.faults]
    if found.summary is None:
        empty, codes = dict.fromkeys(ANSWER), ["nothing-usable"]
        nothing = {"n_steps": 0.0, "n_strides": 0.0, "duration_s": 0.0, "source": found.info.kind, "faults": faults}
        return {**empty, **nothing, "warnings": codes, "warning_texts": [warning_text(code) for code in codes]}
    answer = session_answer(found.summary) | _of_contacts(found)
    answer["flight_time_origin"] = flight_origin(found.steps)
    if not found.start_known:
        answer["warnings"].append("no-start-time")
        answer["warning_texts"].append(warning_text("no-start-time"))
    answer["faults"] = faults
    return {name: answer[name] for name in ANSWER}


def write_steps(path: Path, found: Analysis) -> None:
    """Write one line a step; atomically, an unknown value as an empty field. RecordingError if the disk refuses."""
    if path.exists() and path.samefile(found.info.path):
        raise RecordingError(str(path), "writing", "is the recording itself", "choose another file for --steps")
    steps = found.steps
    start_us = to_us(found.summary.start_utc) if found.summary else 0
    columns = [steps.seconds_since(start_us), steps.side, *(getattr(steps, name) for name in STEP_COLUMNS[2:])]

    def write(scratch: Path) -> None:
        with scratch.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(STEP_COLUMNS)
            for row in zip(*(column.tolist() for column in columns), strict=True):
                writer.writerow(["" if v != v else v if isinstance(v, str) else round(v, 6) for v in row])

    write_whole(path, write, force=True, option="--steps")
