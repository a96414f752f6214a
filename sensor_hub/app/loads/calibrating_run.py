"""The run that is calibrated: which file, whose, which of its sensors, and its steps as they are measured."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.app.analysis import DEVICE_CLOCK, events_of, setup_for
from sensor_hub.app.people import Archive
from sensor_hub.errors import RecordingError, RegistryError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import Mount, StepTable
from sensor_hub.model.session import BoundDevice, SessionSummary, StepBatch
from sensor_hub.units import utc_us


def recording_path(archive: Archive, recordings: Path | None, what: str, athlete: str | None) -> Path:
    """The file itself, or the recording of a session that was collected here; ``last`` is the newest run."""
    if Path(what).exists():
        return Path(what)
    sid = what
    if what == "last":
        runs = [s for s in archive.store.sessions(archive.athlete(athlete).id) if s.header.ledger == "run"]
        if not runs:
            raise RecordingError(what, "session", "there is no session yet", "give a recording")
        sid = runs[-1].header.sid
    if recordings is not None and (kept := recordings / f"{sid}.mcap").is_file():
        return kept
    stored = archive.store.session(sid)
    problem = "neither a file nor a session" if stored is None else "the session's recording is not here"
    mend = "its steps do not say how they were found: give the file it came from"
    raise RecordingError(what, "recording", problem, "give a recording" if stored is None else mend)


def athlete_of(archive: Archive, recording: OpenRecording, asked: str | None) -> Athlete:
    """Whom to keep the line for: who is asked for, else whom the recording names, else ``me``."""
    recorded = recording.info.athlete
    if asked is not None or recorded is None:
        return archive.athlete(asked)
    try:
        return archive.registry.athlete(recorded)
    except RegistryError:
        problem = f"was recorded of {recorded}, who is not known here"
        raise RecordingError(recording.info.path, "athlete", problem, "say whose it is: --athlete NAME") from None


def chosen_imus(recording: OpenRecording, wanted: str | None) -> tuple[Mount, tuple[BoundDevice, ...]]:
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


def steps_of(recording: OpenRecording, devices: tuple[BoundDevice, ...], who: Athlete) -> tuple[StepTable, int]:
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
    return table.only(order), begin_us
