"""One file → the events of its session. What a worker process does: it reads and computes, and writes nothing."""

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from sensor_hub.adapters.recordings.opened import OpenRecording, readable
from sensor_hub.adapters.recordings.tracks import ledger_of
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.analysis import DEVICE_CLOCK, events_of, open_file, setup_for
from sensor_hub.app.importing.column_maps import map_text, text_of
from sensor_hub.app.loads.conditions import conditions_of
from sensor_hub.app.loads.learned import with_learned
from sensor_hub.app.loads.referencing import with_reference
from sensor_hub.errors import NoActivityError, SensorHubError, UnknownFormatError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import Mount
from sensor_hub.model.load import Surface
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import Event, LiveReading, SessionSetup

_LOG = logging.getLogger(__name__)
ACTIVITIES: Final = ("fit", "tcx", "gpx")  # kinds that come by the thousand
NO_SPORT: Final = ("none is named", "no sport is named")  # how the readers say it

What: TypeAlias = Literal[
    "read",  # the events are those of a session
    "by itself",  # a kind that needs more than a worker knows
    "no activity",
    "unknown format",
    "refused",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """How files are to be read, as whoever imports them says; None where they say nothing."""

    start_utc: datetime | None = None
    columns: Path | str | None = None
    mount: Mount | None = None
    handles: Path | None = None
    profile: str | None = None
    surface: Surface | None = None

    @property
    def of_file(self) -> dict[str, Any]:
        """The same as arguments of ``analysis.open_file``, without the start."""
        names = ("columns", "mount", "handles", "profile", "surface")
        return {name: getattr(self, name) for name in names}

    def interpretation(self, kind: str) -> str:
        """What else decides the numbers of a file of this kind, as text."""
        said = [map_text(self.columns) if self.columns else "", text_of(self.handles) if self.handles else ""]
        said.append(self.profile or "")
        if kind == "nrf-log" and self.start_utc is not None:
            said.append(self.start_utc.isoformat())
        return "".join(said)

    def key(self, drop_per_mm: float) -> str:
        """Hash of the question: of the same file the same question has the same answer."""
        told = (self.interpretation(""), self.start_utc, self.mount, self.surface, drop_per_mm)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Task:
    """A file for a worker. shown : its name in words for people. sport : what an index says of it, "" if nothing."""

    path: Path
    shown: str
    athlete: Athlete
    sid: str
    asked: Asked
    sport: str = ""
    own_profiles: Path | None = None
    drop_per_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What came of it. problem : why nothing did. exported : session that our own export says it was made of."""

    what: What
    problem: str = ""
    setup: SessionSetup | None = None
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
    exported: str | None = None


def read_file(task: Task, registry: Registry) -> ReadFile:
    """Read one file and compute its session; never raises for what is wrong with the file."""
    try:
        return _read(task, registry)
    except NoActivityError as error:
        return ReadFile("no activity", _said(error, task))
    except UnknownFormatError as error:
        return ReadFile("unknown format", _said(error, task))
    except SensorHubError as error:
        return ReadFile("refused", _said(error, task))
    except Exception as error:
        # Composition root: one file that we read wrongly must not keep the others out.
        _LOG.exception("%s could not be imported", task.shown)
        return ReadFile("refused", readable(f"{task.shown}: could not be read: {type(error).__name__}: {error}"))


def _said(error: SensorHubError, task: Task) -> str:
    return readable(str(error).replace(str(task.path), task.shown))


def _read(task: Task, registry: Registry) -> ReadFile:
    asked = task.asked
    how = {"own_profiles": task.own_profiles, "zone": task.athlete.zone, "start_utc": asked.start_utc, **asked.of_file}
    recording = open_file(task.path, **how)
    info = recording.info
    if info.kind not in ACTIVITIES or info.origin == "simulated":
        return ReadFile("by itself")
    take_sport(recording, task.sport)
    tell_what_is_known(info, task.athlete, registry, drop_per_mm=task.drop_per_mm)
    setup = setup_for(info, sid=task.sid, athlete=task.athlete.id, zone=task.athlete.zone, origin="import")
    setup = with_reference(setup, registry)
    events = tuple(event for event in events_of(recording, setup) if not isinstance(event, LiveReading))
    return ReadFile("read", "", setup, events, tuple(recording.faults), info.sid)


def take_sport(recording: OpenRecording, sport: str) -> None:
    """Let an index say what a file was that names no sport."""
    silent = [fault for fault in recording.faults if fault.problem.startswith(NO_SPORT)]
    if sport and silent:
        recording.faults[:] = [fault for fault in recording.faults if fault not in silent]
        recording.info.ledger = ledger_of([sport], recording.faults)


def tell_what_is_known(info: RecordingInfo, whose: Athlete, registry: Registry, *, drop_per_mm: float) -> None:
    """Give a file what is known of its athlete; a recording of ours says itself what was known when it was made."""
    if info.kind == "mcap":
        return
    otherwise: Mount | None = "shank" if info.kind in DEVICE_CLOCK else None
    info.devices = tuple(with_learned(d, registry, whose.id, otherwise=otherwise) for d in info.devices)
    told = replace(info.conditions, drop_per_mm=drop_per_mm)
    info.conditions = conditions_of(told, whose, registry, info.start_utc)
