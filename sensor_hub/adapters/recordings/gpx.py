"""GPX tracks; distances on the sphere and times by gpxpy.

A GPX file has positions and, in Garmin's TrackPointExtension, the cadence of one foot; it has no distance. Distance and
speed come from positions averaged over ``SMOOTHING_S`` around each point, or the noise of a receiver would be counted
as way. Validity: points a second or two apart. Averaging shortens bends (by 1.2 % on those of a 400 m track at
4 m/s), noise that is independent from second to second lengthens the rest (by under 2 % for 1 m of it), and drift is
not seen at all. A file's own speed is used where it has one.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np
from gpxpy.geo import haversine_distance
from gpxpy.gpx import GPXException
from gpxpy.gpxfield import parse_time

from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole, slug
from sensor_hub.adapters.recordings.tracks import (
    Part,
    TrackPoint,
    ledger_of,
    readings,
    surface_of,
    utc_of,
    without_strays,
)
from sensor_hub.adapters.recordings.xml_text import elements, local_name, refuse_document_type, root_name
from sensor_hub.errors import RecordingError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.load import Conditions
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

ROOT: Final = "gpx"
SMOOTHING_S: Final = 5.0
LONGEST_INTERVAL_S: Final = 10.0
FAULTS_NAMED: Final = 20


def is_gpx(head: bytes) -> bool:
    """True if the document's first element is that of GPX."""
    return b"gpx" in head and root_name(head) == ROOT


def open_gpx(path: Path, data: bytes | None = None) -> OpenRecording:
    """Open a GPX file; yields a ``RecordReading`` a point with a time, and a ``PauseReading`` between segments.

    Broken points are faults, and of a damaged file what stands before the damage is kept. RecordingError if it is no
    GPX, declares entities, or has no track point with position and time.
    """
    data = read_whole(path) if data is None else data
    if root_name(data[: 1 << 16]) != ROOT:
        raise RecordingError(str(path), "beginning", f"no <{ROOT}> stands here", "give a .gpx file")
    refuse_document_type(path, data)
    found = _Track()
    for ends, name, element in elements(data, found.faults):
        (found.end if ends else found.begin)(name, element)
    if found.n_broken > FAULTS_NAMED:
        found.faults.append(Fault("points", f"{found.n_broken - FAULTS_NAMED} more like these", lost=True))
    parts = without_strays(found.parts, found.faults)
    if not parts:
        why = found.faults[0] if found.faults else Fault("end of file", "it has no track point with a time", lost=False)
        raise RecordingError(str(path), why.place, f"no track point could be read: {why.problem}")
    device = slug(found.creator) or "gpx"
    info = RecordingInfo(
        kind="gpx",
        path=str(path),
        devices=(BoundDevice(device=device, profile=None),),
        start_utc=parts[0].points[0].at_utc,
        ledger=ledger_of(found.types, found.faults),
        conditions=Conditions(surface=surface_of(found.types, parts)),
    )
    parts = _measured(parts)
    found.faults.append(Fault("distance", "is reckoned from positions; noise of the receiver changes it", lost=False))
    return OpenRecording(info, found.faults, readings(device, parts, found.faults))


class _Track:
    """What has been read so far."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.types: list[str] = []
        self.creator = ""
        self.faults: list[Fault] = []
        self.n_broken = 0
        self._n_points = 0

    def begin(self, name: str, element: Element) -> None:
        if name == "gpx":
            self.creator = element.get("creator", "")
        elif name == "trkseg":
            self.parts.append(Part([]))

    def end(self, name: str, element: Element) -> None:
        if name == "trkpt":
            self._point(element)
            element.clear()
        elif name == "trk":
            self.types += [child.text or "" for child in element if local_name(child) == "type"]
            element.clear()

    def _point(self, element: Element) -> None:
        self._n_points += 1
        said = {local_name(child): child.text or "" for child in (*element.iter(), *element) if child is not element}
        try:
            point = TrackPoint(
                at_utc=utc_of(parse_time(said.get("time", "").strip())),
                cadence_per_min=_number(said.get("cad")),
                speed_mps=_number(said.get("speed")),
                latitude_deg=_degrees(element.get("lat"), 90.0),
                longitude_deg=_degrees(element.get("lon"), 180.0),
                altitude_m=_number(said.get("ele")),
            )
        except (GPXException, ArithmeticError, TypeError, ValueError) as error:
            self.n_broken += 1
            if self.n_broken <= FAULTS_NAMED:
                self.faults.append(Fault(f"point {self._n_points}", str(error), lost=True))
            return
        if not self.parts:
            self.parts.append(Part([]))
        self.parts[-1].points.append(point)


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _degrees(text: str | None, largest: float) -> float:
    value = _number(text)
    if value is None or abs(value) > largest:
        raise ValueError(f"{text!r} is no place on earth")
    return value


def _measured(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with distance since the beginning, and with speed where the file has none."""
    measured, before_m = [], 0.0
    for part in parts:
        t_s = np.array([p.at_utc.timestamp() for p in part.points])
        latitude = _smoothed(t_s, np.array([p.latitude_deg for p in part.points], dtype=float))
        longitude = np.array([p.longitude_deg for p in part.points], dtype=float)
        longitude = _smoothed(t_s, np.degrees(np.unwrap(np.radians(longitude))))
        places = list(zip(latitude.tolist(), longitude.tolist(), strict=True))
        steps_m = [haversine_distance(*a, *b) for a, b in pairwise(places)]
        total_m = before_m + np.concatenate([[0.0], np.cumsum(steps_m)])
        points = []
        for i, point in enumerate(part.points):
            speed_mps = point.speed_mps
            interval_s = float(t_s[i] - t_s[i - 1]) if i else 0.0
            if speed_mps is None and 0 < interval_s <= LONGEST_INTERVAL_S:
                speed_mps = steps_m[i - 1] / interval_s
            points.append(replace(point, speed_mps=speed_mps, distance_m=float(total_m[i])))
        measured.append(replace(part, points=points))
        before_m = float(total_m[-1])
    return measured


def _smoothed(t_s: FloatArray, values: FloatArray) -> FloatArray:
    """Mean of the values within ``SMOOTHING_S`` around each; the same number on both sides, so ends stay in place."""
    n = len(values)
    if n < 3 or (np.diff(t_s) < 0).any():
        return values
    index = np.arange(n)
    before = index - np.searchsorted(t_s, t_s - SMOOTHING_S / 2, side="left")
    after = np.searchsorted(t_s, t_s + SMOOTHING_S / 2, side="right") - 1 - index
    reach = np.minimum(before, after)
    sums = np.concatenate([[0.0], np.cumsum(values - values[0])])
    means: FloatArray = (sums[index + reach + 1] - sums[index - reach]) / (2 * reach + 1) + values[0]
    return means
