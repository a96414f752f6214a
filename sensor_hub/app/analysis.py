"""A recording through the session, without store or broker: what ``session analyze`` shows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.column_map import parse_column_map
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.app.firmware import all_profiles, profile_of_name
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.gait import Mount, StepTable, Tier
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import Event, Origin, SessionSetup, SessionSummary, StepBatch
from sensor_hub.session import RunSession

BLOCK: Final = 2000  # notifications decoded together; the events do not depend on it
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
    path: Path, *, columns: Path | None = None, mount: Mount | None = None, contact_stream: str | None = None
) -> OpenRecording:
    """Open a recording with its devices bound to firmware profiles; RecordingError or ProfileError if it cannot be."""
    column_map = None
    if columns is not None:
        try:
            column_map = parse_column_map(columns.read_text(encoding="utf-8"), str(columns))
        except OSError as error:
            raise ProfileError(f"{columns}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ProfileError(f"{columns}: not UTF-8 text at byte {error.start}") from error
    recording = open_recording(path, columns=column_map, contact_stream=contact_stream)
    profiles = all_profiles()
    bound = []
    for device in recording.info.devices:
        profile_id = recording.info.profile_ids.get(device.device)
        profile = profiles.get(profile_id) if profile_id else None
        if profile is None and recording.info.kind == "rsc-vectors":
            profile = profile_of_name(device.device, profiles)
        if profile is None and profile_id is not None:
            raise RecordingError(str(path), device.device, f"firmware profile {profile_id!r} is not here", "add it")
        bound.append(replace(device, profile=profile, mount=mount or device.mount))
    recording.info.devices = tuple(bound)
    return recording


def tier_of(info: RecordingInfo) -> Tier:
    """The best tier the devices of a file can give."""
    if info.kind in {"shank-csv", "columns-csv"} or any(d.profile and d.profile.kind == "imu" for d in info.devices):
        return "imu"
    return "contact" if any(info.contact_streams.values()) else "speed"


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
    )


def events_of(recording: OpenRecording, setup: SessionSetup) -> Iterator[Event]:
    """Run a recording through a session, lazily."""
    session = RunSession(setup)
    items = iter(recording)
    while block := list(islice(items, BLOCK)):
        yield from session.receive_many(block)
    yield from session.finish()


def analyze(
    path: Path, *, columns: Path | None = None, mount: Mount | None = None, contact_stream: str | None = None
) -> Analysis:
    """Analyse one file; what is broken is in ``faults``, what cannot be read at all raises RecordingError."""
    recording = open_file(path, columns=columns, mount=mount, contact_stream=contact_stream)
    start_utc = recording.info.start_utc
    # A reading of a device clock needs a wall clock to stand on; records and notifications bring their own.
    anchor = (start_utc or NO_CLOCK_UTC) if tier_of(recording.info) == "imu" and not recording.info.sid else None
    setup = setup_for(recording.info, sid="analysis", athlete="me", zone="UTC", origin="import", start_utc=anchor)
    batches, summary = [], None
    for event in events_of(recording, setup):
        match event:
            case StepBatch():
                batches.append(event.steps)
            case SessionSummary():
                summary = event
    has_clock = start_utc is not None or anchor is None
    return Analysis(summary, StepTable.concatenate(batches), tuple(recording.faults), recording.info, has_clock)
