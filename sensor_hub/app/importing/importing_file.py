"""One file of ``session import``: through the same session and ingest as live data, without a broker.

The sid is a hash of file content and athlete, the gateway one of that and of everything else that decides the numbers:
the second import of a file changes nothing, and one that would read it in another way is refused. What was learned of
the athlete is no part of the way: the first import counts, whatever is learned later. What only another version of the
model would read otherwise is there already too (``data reanalyse`` brings it up to date). A recording of ours keeps the
sid it was made with.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.app.analysis import DEVICE_CLOCK, events_of, open_file, setup_for
from sensor_hub.app.importing.bulk_reading import Asked, ReadFile, take_sport, tell_what_is_known
from sensor_hub.app.importing.imported import Imported
from sensor_hub.app.importing.importing_log import import_log, is_log
from sensor_hub.app.importing.importing_way import way_of_reading, ways_of_older_models
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.referencing import with_known_reference, with_reference, with_reference_of
from sensor_hub.app.people import Archive
from sensor_hub.app.sids import import_sid
from sensor_hub.errors import RecordingError, RegistryError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import LiveReading, SessionSetup, SessionSummary


def import_file(
    path: Path, archive: Archive, person: Athlete, ingest: Ingest, asked: Asked, *, named: bool, sport: str = ""
) -> list[Imported]:
    """Import one file in this process; judging is left to the caller. RecordingError if it cannot be.

    A log of sessions gives a result a line. named : that the person was asked for, and goes before whom a recording
    names. sport : what an index says of a file that names none.
    """
    if is_log(path, asked.columns):
        return import_log(path, person, ingest, archive.recorded, columns=asked.columns)
    how: dict[str, Any] = {"own_profiles": archive.own_profiles, "zone": person.zone, "start_utc": asked.start_utc}
    recording = open_file(path, **how, **asked.of_file)
    take_sport(recording, sport)
    whose = person if named else _recorded_athlete(recording.info, archive) or person
    tell_what_is_known(recording.info, whose, archive.registry, drop_per_mm=archive.drop_per_mm)
    interpretation = asked.interpretation(recording.info.kind)
    result = import_recording(
        recording, whose, ingest, start_utc=asked.start_utc, interpretation=interpretation, judge=False
    )
    return [result]


def take_read(
    shown: Path, read: ReadFile, ingest: Ingest, recorded: Store, mark: str, interpretation: str
) -> Imported | None:
    """Commit what a worker has read, in one piece; None where something of it is there, so that it takes more thought.

    mark : name under which is kept that this question about this file was answered; its number says whether all of the
    file could be read.
    """
    setup = read.setup
    if setup is None or recorded.session(setup.sid) is not None:
        return None
    if read.exported is not None and recorded.session(read.exported) is not None:
        return None
    gw = f"import-{setup.sid}-{way_of_reading(setup, interpretation)}"
    envelopes = [Envelope(gw, seq, event) for seq, event in enumerate(read.events, start=1)]
    summary = next((e for e in reversed(read.events) if isinstance(e, SessionSummary)), None)
    if summary is None:
        return Imported(shown, setup.sid, False, None, read.faults)
    lost = any(fault.lost for fault in read.faults)
    ingest.commit([*envelopes, Envelope(mark, 2 if lost else 1, summary)])
    return Imported(shown, setup.sid, True, recorded.session(setup.sid) or summary, read.faults)


def mark_of(sid: str, asked: Asked, drop_per_mm: float) -> str:
    """Name under which is kept that a file was read as asked."""
    return f"import-{sid}-asked-{asked.key(drop_per_mm)}"


def there_already(shown: Path, sid: str, mark: str, recorded: Store) -> Imported | None:
    """Return what is stored of a file that was read as asked before, without opening it; None where nothing is."""
    stored = recorded.session(sid)
    if stored is None or not stored.ended or stored.header.origin != "import":
        return None
    answered = recorded.received(mark)
    if not answered:
        return None
    lost = answered[-1][1] > 1
    faults = (Fault("file", "part of it could not be read when it was imported", lost=True),) if lost else ()
    return Imported(shown, sid, False, stored, faults)


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
    judge: bool = True,
) -> Imported:
    """Import one opened file for one athlete.

    ``interpretation`` names what else decides its numbers, such as the text of a column map. judge : False where the
    caller does, once for many.

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
    store = ingest.recorded
    exported = store.session(info.sid) if info.kind == "fit" and info.sid else None
    if exported is not None and ingest.registry.resolve(exported.header.athlete) == athlete.id:
        return _already_there(recording, exported, athlete, ingest, judge=judge)
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
    way = way_of_reading(setup, interpretation)
    file = f"import-{import_sid(path, athlete.id)}"
    gw, mark = f"{file}-{way}", f"import-{sid}-{way}-read"
    stored = store.session(sid)
    if stored is not None and stored.ended and stored.header.origin != "replay":
        if stored.header.origin != "import" or store.received(gw):  # it came live, from the same recording, or as here
            return _already_there(recording, stored, athlete, ingest, judge=judge)
        if any(store.received(f"{file}-{older}") for older in ways_of_older_models(stored, setup, interpretation)):
            return _already_there(recording, stored, athlete, ingest, judge=judge)
        # A recording of ours, read in the same way, may be the whole of what was imported cut off.
        if info.sid != sid or not store.received(mark):
            problem = "was imported before, read in another way (map, mount, start, profile, surface or program)"
            raise RecordingError(
                str(path), f"session {sid}", f"{problem}; what is stored stays", "the first import counts"
            )
    if stored is not None and stored.header.origin != "replay":
        setup = with_reference_of(stored, setup, ingest.registry)  # told in another one, it would be outdated
    before = store.received(gw)
    summary = _take_all(recording, setup, ingest, gw, mark if info.sid == sid else None, judge=judge)
    is_new = store.received(gw) != before
    return Imported(path, sid, is_new, store.session(sid) or summary, tuple(recording.faults))


def _already_there(
    recording: OpenRecording, stored: SessionSummary, athlete: Athlete, ingest: Ingest, *, judge: bool
) -> Imported:
    """Leave what is stored as it is; judge it again, as whoever imported it may have been stopped before."""
    for _ in recording:  # its faults are complete when it has been read
        pass
    if judge:
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


def _take_all(
    recording: OpenRecording, setup: SessionSetup, ingest: Ingest, gw: str, mark: str | None, *, judge: bool
) -> SessionSummary | None:
    """Take the events of a recording into the store in one piece: there is never half of it. Return the summary.

    mark : name under which is kept that it was read to its end, None where nobody will ask.
    """
    events = enumerate(events_of(recording, setup), start=1)
    envelopes = [Envelope(gw, seq, event) for seq, event in events if not isinstance(event, LiveReading)]
    summary = next((e.event for e in reversed(envelopes) if isinstance(e.event, SessionSummary)), None)
    if mark is not None and summary is not None:
        envelopes.append(Envelope(mark, 1, summary))
    (ingest.take if judge else ingest.commit)(envelopes)
    return summary
