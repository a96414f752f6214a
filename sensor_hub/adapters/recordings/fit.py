"""FIT activity files, read with fitdecode: one ``RecordReading`` a record, one ``PauseReading`` a stopped timer.

A watch's own contact time (``stance_time``) and a pod's (developer field ``Ground Time``) can stand in one file. They
differ by a few per cent, so one of them is used throughout and never mixed with the other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.fit_contents import NATIVE_STREAM, POD_STREAM, FitContents, FitRecord, read_contents
from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole, slug
from sensor_hub.errors import NoActivityError, RecordingError
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.load import Conditions, Surface
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice, Ledger

ACTIVITY: Final = "activity"  # type of the files that hold one
CONTACT_STREAMS: Final = (NATIVE_STREAM, POD_STREAM)  # in order of preference
CONTACT_TIME_RANGE_S: Final = (0.100, 0.450)  # outside: standing (0 or above 1,000 ms), walking (about 900 ms), noise

_LEDGERS: Final[dict[str, Ledger]] = {"running": "run", "walking": "walk", "hiking": "walk"}
_ON_A_BELT: Final = {"treadmill", "indoor_running", "virtual_activity"}
_NOT_A_SPORT: Final = {"generic", "transition", "all", ""}


def is_fit(data: bytes) -> bool:
    """True if the signature of a FIT header is in its place."""
    return data[8:12] == b".FIT"


def open_fit(path: Path, data: bytes | None = None, *, contact_stream: str | None = None) -> OpenRecording:
    """Open a FIT file, or its content ``data`` where the file itself is compressed.

    Yields ``RecordReading`` (contact time only inside ``CONTACT_TIME_RANGE_S``, else None) and ``PauseReading``.
    ``contact_stream`` is one of ``CONTACT_STREAMS``; None prefers the watch's own if it has a plausible value.
    Cadence is doubled in every sport, as for feet; ``info.ledger`` says whether it means steps.

    RecordingError if this is not FIT or has no record, NoActivityError if it is another file of a watch. A damaged file
    yields what stands before the damage.
    """
    if contact_stream is not None and contact_stream not in CONTACT_STREAMS:
        choice = " or ".join(repr(name) for name in CONTACT_STREAMS)
        raise RecordingError(str(path), "contact stream", f"{contact_stream!r} is unknown", f"give {choice}")
    data = read_whole(path) if data is None else data
    if not is_fit(data):
        raise RecordingError(str(path), "byte 8", f"no FIT signature but {data[8:12]!r}", "give a .fit file")
    found = read_contents(data)
    _check_activity(path, found)
    if not any(found.records):
        why = found.faults[-1] if found.faults else Fault("end of file", "it has no record message", lost=False)
        raise RecordingError(str(path), why.place, f"no record could be read: {why.problem}", "give an activity file")
    n_valid = {
        name: sum(_plausible(r.contact_s.get(name)) is not None for r in found.records) for name in CONTACT_STREAMS
    }
    chosen = contact_stream or next((name for name in CONTACT_STREAMS if n_valid[name]), NATIVE_STREAM)
    found.faults += _stream_faults(n_valid, chosen)
    device = found.device or "fit"
    info = RecordingInfo(
        kind="fit",
        path=str(path),
        devices=(BoundDevice(device=device, profile=None, contact_stream=slug(chosen) if n_valid[chosen] else ""),),
        start_utc=found.start_utc,
        sid=found.sid,
        ledger=_ledger(found),
        origin="simulated" if found.simulated else None,
        contact_streams=n_valid,
        conditions=Conditions(surface=_surface(found)),
    )
    return OpenRecording(info, found.faults, _readings(found, device, chosen))


def _check_activity(path: Path, found: FitContents) -> None:
    """NoActivityError for the other files of a watch: its settings, courses, workouts, nights and days.

    A course has records with times that nobody ran. One that says it is an activity and has no record was damaged, or
    was put in by hand.
    """
    kind = found.file_type
    if kind is not None and kind != ACTIVITY:
        raise NoActivityError(str(path), "file type", f"is no activity but {kind.replace('_', ' ')!r}")
    whole = not any(fault.lost for fault in found.faults)
    if whole and kind == ACTIVITY and not any(found.records) and found.sports:
        raise NoActivityError(str(path), "end of file", "is an activity that was put in by hand: it has no record")


def _readings(found: FitContents, device: str, stream: str) -> Iterator[RecordReading | PauseReading]:
    for entry in found.entries:
        if isinstance(entry, FitRecord):
            yield RecordReading(
                device=device,
                end_utc=entry.end_utc,
                cadence_spm=entry.cadence_spm,
                contact_time_s=_plausible(entry.contact_s.get(stream)),
                speed_mps=entry.speed_mps,
                distance_m=entry.distance_m,
                altitude_m=entry.altitude_m,
            )
        else:
            yield PauseReading(device, *entry)


def _plausible(contact_s: float | None) -> float | None:
    low, high = CONTACT_TIME_RANGE_S
    return contact_s if contact_s is not None and low < contact_s < high else None


def _stream_faults(n_valid: dict[str, int], chosen: str) -> list[Fault]:
    counts = ", ".join(f"{name}: {n}" for name, n in n_valid.items())
    if all(n_valid.values()):
        return [Fault("contact time", f"two streams ({counts} values); {chosen} is used alone", lost=False)]
    if any(n_valid.values()) and not n_valid[chosen]:
        return [Fault("contact time", f"{chosen} was asked for and has no plausible value ({counts})", lost=False)]
    return []


def _surface(found: FitContents) -> Surface:
    """What it was run on: of a treadmill the sub-sport says so, and a file with positions was run outside.

    A run in a game is told as ``virtual_activity``: its positions and altitudes are the game's, its belt is not.
    """
    told = {sub_sport for sub_sport in found.sub_sports if sub_sport not in _NOT_A_SPORT}
    if told & _ON_A_BELT:
        return "treadmill" if told <= _ON_A_BELT else "unknown"
    return "overground" if told or found.n_placed else "unknown"


def _ledger(found: FitContents) -> Ledger:
    """Ledger of the file's sport; its records' activity type where damage took the session away."""
    sports = [s for s in found.sports if s not in _NOT_A_SPORT]
    if not sports:
        sports = [s for s, _ in found.activity_types.most_common(1) if s not in _NOT_A_SPORT]
    ledgers = {_LEDGERS.get(s, "other") for s in sports}
    if len(ledgers) == 1:
        return ledgers.pop()
    if not ledgers:
        found.faults.append(Fault("session", "no sport is named; taken as a run", lost=False))
        return "run"
    names = ", ".join(dict.fromkeys(sports))
    found.faults.append(Fault("session", f"several sports ({names}); their steps cannot be told apart", lost=False))
    return "other"
