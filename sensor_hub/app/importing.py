"""``session import``: a file through the same session and ingest as live data, without a broker in between.

The sid is a hash of file content and athlete, the gateway one of that and of everything else that decides the numbers:
the second import of a file changes nothing, and one that would read it in another way is refused. What was learned of
the athlete is no part of the way: the first import counts, whatever is learned later. What only another version of the
model would read otherwise is there already too (``data reanalyse`` brings it up to date). A recording of ours keeps the
sid it was made with.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.app.analysis import DEVICE_CLOCK, events_of, open_file, setup_for
from sensor_hub.app.column_maps import map_text, text_of
from sensor_hub.app.conditions import conditions_of
from sensor_hub.app.imported import Imported
from sensor_hub.app.importing_log import import_log, is_log
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.learned import with_learned
from sensor_hub.app.overlaps import counted_twice, near
from sensor_hub.app.people import Archive
from sensor_hub.app.referencing import with_known_reference, with_reference, with_reference_of
from sensor_hub.app.sids import import_sid
from sensor_hub.errors import RecordingError, RegistryError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import Mount
from sensor_hub.model.load import Surface
from sensor_hub.model.message import Envelope
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.recording import RecordingInfo
from sensor_hub.model.session import LiveReading, SessionSetup, SessionSummary

_LOG = logging.getLogger(__name__)
COMMIT_EVENTS: Final = 500
BEFORE_SURFACES: Final = "achilles-0.1"  # the model of a program that was not told the surface
WORDS_OF_A_PROFILE: Final = ("name", "status", "evidence", "notes")  # decide no number


def import_all(
    files: Sequence[Path],
    archive: Archive,
    athlete: str | None,
    *,
    start_utc: datetime | None = None,
    columns: Path | str | None = None,
    mount: Mount | None = None,
    handles: Path | None = None,
    profile: str | None = None,
    surface: Surface | None = None,
    progress: Callable[[int, Path], None] = lambda _done, _path: None,
) -> list[Imported]:
    """Import files one after another; one that cannot be read is a result with a problem, the others go on.

    A log of sessions gives a result a line. What else decides how a file is read is that of ``analysis.open_file``.
    """
    person = archive.athlete(athlete)
    how = {"columns": columns, "mount": mount, "handles": handles, "profile": profile, "surface": surface}
    results: list[Imported] = []
    for done, path in enumerate(files, start=1):
        try:
            results += _import_file(path, archive, person, named=athlete is not None, start_utc=start_utc, **how)
        except RecordingError as error:
            results.append(Imported(path, problem=str(error)))
        except (ArithmeticError, LookupError, ValueError) as error:
            # Composition root: one file that we read wrongly must not keep the others out.
            _LOG.exception("%s could not be imported", path)
            results.append(Imported(path, problem=f"{path}: could not be read: {type(error).__name__}: {error}"))
        progress(done, path)
    return results


def _import_file(
    path: Path, archive: Archive, person: Athlete, *, named: bool, start_utc: datetime | None, **how: Any
) -> list[Imported]:
    """Import one file; ``named`` says that the person was asked for, and goes before whom a recording names."""
    told: list[Finding] = []

    def tell(finding: Finding, notify: bool) -> None:
        if notify:
            told.append(finding)

    ingest = Ingest(archive.store, archive.registry, on_finding=tell)
    columns, handles = how["columns"], how["handles"]
    if is_log(path, columns):
        return import_log(path, person, ingest, told, columns=columns)
    recording = open_file(path, own_profiles=archive.own_profiles, zone=person.zone, start_utc=start_utc, **how)
    whose = person if named else _recorded_athlete(recording.info, archive) or person
    _tell_what_is_known(recording.info, whose, archive)
    read_as = [map_text(columns) if columns else "", text_of(handles) if handles else "", how["profile"] or ""]
    if recording.info.kind == "nrf-log" and start_utc is not None:
        read_as.append(start_utc.isoformat())
    result = import_recording(recording, whose, ingest, start_utc=start_utc, interpretation="".join(read_as))
    return [replace(result, findings=tuple(told))]


def _tell_what_is_known(info: RecordingInfo, whose: Athlete, archive: Archive) -> None:
    """Give a file what is known of its athlete; a recording of ours says itself what was known when it was made."""
    if info.kind == "mcap":
        return
    otherwise: Mount | None = "shank" if info.kind in DEVICE_CLOCK else None
    info.devices = tuple(with_learned(d, archive.registry, whose.id, otherwise=otherwise) for d in info.devices)
    told = replace(info.conditions, drop_per_mm=archive.drop_per_mm)
    info.conditions = conditions_of(told, whose, archive.registry)


def _way_of_reading(setup: SessionSetup, interpretation: str) -> str:
    """Hash of what decides the numbers beside the file: profiles, mounts, start, surface, model, how it was asked for.

    Height and shoes are of the athlete and may become known later, so they are no part of it, like what was learned.
    """
    return _way_with(AchillesModel(None, setup.conditions).version, setup, interpretation)


def _ways_of_older_models(stored: SessionSummary, setup: SessionSetup, interpretation: str) -> list[str]:
    """The same with the model a session was made with; its additions, which somebody chose, must be today's."""
    today, made = (name.split("+")[1:] for name in (AchillesModel(None, setup.conditions).version, stored.header.model))
    older = [stored.header.model] if today == made else []
    older += [BEFORE_SURFACES] if not today and setup.conditions.surface == "unknown" else []
    return [_way_with(model, setup, interpretation) for model in older]


def _way_with(model: str, setup: SessionSetup, interpretation: str) -> str:
    devices = [(device.mount, _numbers_of(device.profile)) for device in setup.devices]
    surface = () if model == BEFORE_SURFACES else (setup.conditions.surface,)
    decisive: tuple[object, ...] = (devices, setup.start_utc, setup.tier, *surface, model, interpretation)
    return hashlib.sha256(repr(decisive).encode()).hexdigest()[:8]


def _numbers_of(profile: DeviceProfile | None) -> str:
    """Everything of a profile that can decide a number, in one order."""
    if profile is None:
        return ""
    fields = {name: value for name, value in asdict(profile).items() if name not in WORDS_OF_A_PROFILE}
    return json.dumps(fields, sort_keys=True, default=repr)


def _recorded_athlete(info: RecordingInfo, archive: Archive) -> Athlete | None:
    """The athlete a recording of ours names, if the registry knows them."""
    try:
        return archive.registry.athlete(info.athlete) if info.athlete else None
    except RegistryError:
        return None


def import_recording(
    recording: OpenRecording,
    athlete: Athlete,
    ingest: Ingest,
    *,
    start_utc: datetime | None = None,
    interpretation: str = "",
) -> Imported:
    """Import one opened file for one athlete.

    ``interpretation`` names what else decides its numbers, such as the text of a column map.

    A recording of ours keeps its sid if the athlete is the one it was made with; a simulated one stays simulated. An
    export of a session that is here is that session. A new session at the time of another one is a fault, not lost.

    Raises
    ------
    RecordingError
        If nothing can be read, or the file has no date and ``start_utc`` does not give one.
    """
    info, path = recording.info, Path(recording.info.path)
    if info.origin == "simulated" and not athlete.simulated:
        problem = f"is simulated, and {athlete.display_name} is not"
        raise RecordingError(str(path), "recording", problem, "simulated runs are no history of a person")
    exported = ingest.store.session(info.sid) if info.kind == "fit" and info.sid else None
    if exported is not None and ingest.registry.resolve(exported.header.athlete) == athlete.id:
        return _already_there(recording, exported, athlete, ingest)
    is_theirs = info.athlete is not None and ingest.registry.resolve(info.athlete) == athlete.id
    sid = info.sid if info.sid and is_theirs else import_sid(path, athlete.id)
    start_utc = _start(info, start_utc)
    setup = setup_for(
        info,
        sid=sid,
        athlete=athlete.id,
        zone=athlete.zone,
        origin="simulated" if info.origin == "simulated" else "import",
        start_utc=start_utc if info.kind in DEVICE_CLOCK else None,
    )
    # A recording of ours says itself what its loads were expressed in; as somebody else's run that means nothing.
    says_it = info.kind == "mcap" and is_theirs
    setup = with_known_reference(setup, ingest.registry) if says_it else with_reference(setup, ingest.registry)
    way, store = _way_of_reading(setup, interpretation), ingest.store
    file = f"import-{import_sid(path, athlete.id)}"
    gw, mark = f"{file}-{way}", f"import-{sid}-{way}-read"
    stored = store.session(sid)
    if stored is not None and stored.ended and stored.header.origin != "replay":
        if stored.header.origin != "import" or store.received(gw):  # it came live, from the same recording, or as here
            return _already_there(recording, stored, athlete, ingest)
        if any(store.received(f"{file}-{older}") for older in _ways_of_older_models(stored, setup, interpretation)):
            return _already_there(recording, stored, athlete, ingest)
        # A recording of ours, read in the same way, may be the whole of what was imported cut off.
        if info.sid != sid or not store.received(mark):
            problem = "was imported before, read in another way (map, mount, start, profile, surface or program)"
            raise RecordingError(
                str(path), f"session {sid}", f"{problem}; what is stored stays", "the first import counts"
            )
    if stored is not None and stored.header.origin != "replay":
        setup = with_reference_of(stored, setup, ingest.registry)  # told in another one, it would be outdated
    before = store.received(gw)
    summary = _take_all(recording, setup, ingest, gw)
    if summary is not None and info.sid == sid:
        ingest.commit([Envelope(mark, 1, summary)])
    is_new = store.received(gw) != before
    if not is_new or summary is None:
        return Imported(path, sid, is_new, store.session(sid), tuple(recording.faults))
    twice = counted_twice(summary, near(store, [summary]))
    return Imported(path, sid, is_new, store.session(sid) or summary, (*recording.faults, *twice))


def _already_there(recording: OpenRecording, stored: SessionSummary, athlete: Athlete, ingest: Ingest) -> Imported:
    """Leave what is stored as it is; judge it again, as whoever imported it may have been stopped before."""
    for _ in recording:  # its faults are complete when it has been read
        pass
    ingest.judge(athlete, local_day(stored.start_utc, athlete.zone))
    faults = tuple(recording.faults)
    return Imported(Path(recording.info.path), stored.header.sid, new=False, summary=stored, faults=faults)


def _start(info: RecordingInfo, asked_utc: datetime | None) -> datetime | None:
    """When a file begins; RecordingError if neither it nor anybody says so and its numbers need it."""
    start_utc, has_clock_only = asked_utc or info.start_utc, info.kind in DEVICE_CLOCK
    if start_utc is None and (has_clock_only or info.kind == "nrf-log"):
        problem = (
            "the file has a device clock but no date" if has_clock_only else "the log has times of day but no date"
        )
        raise RecordingError(info.path, "beginning", problem, "give --start 2025-11-20T06:31:00+00:00")
    return start_utc


def _take_all(recording: OpenRecording, setup: SessionSetup, ingest: Ingest, gw: str) -> SessionSummary | None:
    """Take the events of a recording into the store, some hundred at once; return the summary."""
    summary, batch = None, []
    for seq, event in enumerate(events_of(recording, setup), start=1):
        if isinstance(event, LiveReading):
            continue
        if isinstance(event, SessionSummary):
            summary = event
        batch.append(Envelope(gw, seq, event))
        if len(batch) >= COMMIT_EVENTS:
            ingest.take(batch)
            batch = []
    ingest.take(batch)
    return summary
