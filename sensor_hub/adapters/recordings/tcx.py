"""TCX activity files (Garmin Training Center); trackpoints are read with tcxreader.

Schema: TrainingCenterDatabase v2 with ActivityExtension v2. ``RunCadence`` counts one foot. Tracks of one lap are
parted by a stopped timer, which is a pause; between laps nothing stopped unless more time passed than a record may
stand for.
"""

from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from tcxreader.tcx_track_point import TCXTrackPoint
from tcxreader.tcxreader import TCXReader

from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole
from sensor_hub.adapters.recordings.tracks import (
    Part,
    TrackPoint,
    known,
    ledger_of,
    readings,
    surface_of,
    utc_of,
    without_strays,
)
from sensor_hub.adapters.recordings.xml_text import elements, refuse_document_type, root_name
from sensor_hub.errors import RecordingError
from sensor_hub.model.load import Conditions
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

ROOT: Final = "TrainingCenterDatabase"
DEVICE: Final = "tcx"  # the watch's name stands behind its points, where a cut file has none
LONGEST_LAP_BORDER_S: Final = 10.0  # a watch that saves battery writes a point every few seconds
FAULTS_NAMED: Final = 20


def is_tcx(head: bytes) -> bool:
    """True if the document's first element is that of TCX."""
    return b"TrainingCenterDatabase" in head and root_name(head) == ROOT


def open_tcx(path: Path, data: bytes | None = None) -> OpenRecording:
    """Open a TCX file; yields a ``RecordReading`` a trackpoint and a ``PauseReading`` between tracks.

    Broken trackpoints are faults, and of a damaged file what stands before the damage is kept. RecordingError if it is
    no TCX, declares entities, or has no trackpoint with a time.
    """
    data = read_whole(path) if data is None else data
    if root_name(data[: 1 << 16]) != ROOT:
        raise RecordingError(str(path), "beginning", f"no <{ROOT}> stands here", "give a .tcx file")
    refuse_document_type(path, data)
    found = _Activity()
    for ends, name, element in elements(data, found.faults):
        (found.end if ends else found.begin)(name, element)
    found.close()
    parts = without_strays(found.parts, found.faults)
    if not parts:
        why = found.faults[0] if found.faults else Fault("end of file", "it has no trackpoint", lost=False)
        raise RecordingError(str(path), why.place, f"no trackpoint could be read: {why.problem}")
    info = RecordingInfo(
        kind="tcx",
        path=str(path),
        devices=(BoundDevice(device=DEVICE, profile=None),),
        start_utc=parts[0].points[0].at_utc,
        ledger=ledger_of(found.sports, found.faults),
        conditions=Conditions(surface=surface_of(found.sports, parts)),
    )
    return OpenRecording(info, found.faults, readings(DEVICE, parts, found.faults))


class _Activity:
    """What has been read so far."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.sports: list[str] = []
        self.faults: list[Fault] = []
        self._reader: Any = TCXReader()
        self._lap_begins = False
        self._n_points = self._n_broken = 0

    def begin(self, name: str, element: Element) -> None:
        if name == "Activity":
            self.sports.append(element.get("Sport", ""))
        elif name == "Lap":
            self._lap_begins = True
        elif name == "Track":
            self.parts.append(Part([], pause_before=not self._lap_begins))
            self._lap_begins = False

    def end(self, name: str, element: Element) -> None:
        if name == "Trackpoint":
            self._point(element)
            element.clear()
        elif name in {"Lap", "Track"}:
            element.clear()

    def close(self) -> None:
        """Drop empty tracks, decide which borders of laps are pauses, and say what was broken."""
        self.parts = [part for part in self.parts if part.points]
        for before, part in zip(self.parts, self.parts[1:], strict=False):
            apart_s = (part.points[0].at_utc - before.points[-1].at_utc).total_seconds()
            part.pause_before = part.pause_before or apart_s > LONGEST_LAP_BORDER_S
        if self._n_broken > FAULTS_NAMED:
            n_more = self._n_broken - FAULTS_NAMED
            self.faults.append(Fault("trackpoints", f"{n_more} more like these", lost=True))

    def _point(self, element: Element) -> None:
        self._n_points += 1
        point = TCXTrackPoint(tpx_ext={})
        try:
            self._reader.trackpoint_parser(point, element)
            at_utc = utc_of(point.time)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            self._n_broken += 1
            if self._n_broken <= FAULTS_NAMED:
                self.faults.append(Fault(f"trackpoint {self._n_points}", str(error), lost=True))
            return
        if not self.parts:  # a point outside of every track
            self.parts.append(Part([]))
        steps = point.tpx_ext.get("RunCadence")
        self.parts[-1].points.append(
            TrackPoint(
                at_utc=at_utc,
                cadence_per_min=known(point.cadence if steps is None else steps),
                speed_mps=known(point.tpx_ext.get("Speed")),
                distance_m=known(point.distance),
                latitude_deg=known(point.latitude),
                longitude_deg=known(point.longitude),
                altitude_m=known(point.elevation),
            )
        )
