"""``activities.csv`` of a Strava account export: what each activity was, and which file of the export holds it.

Columns repeat: the first "Elapsed Time" and "Distance" are as the page shows them, the second are seconds and metres.
Starts are in UTC. An export in another language has other headings; its files are imported all the same.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.opened import read_whole
from sensor_hub.adapters.recordings.rows import cells_of, decode_header
from sensor_hub.adapters.recordings.session_log import FARTHEST_M, LONGEST_S, LoggedSession
from sensor_hub.adapters.recordings.tracks import ledger_of
from sensor_hub.errors import RecordingError
from sensor_hub.model.recording import Fault

NAME: Final = "activities.csv"
NEEDED: Final = ("Activity Date", "Activity Type", "Elapsed Time", "Distance", "Filename")
FORMATS: Final = ("%b %d, %Y, %I:%M:%S %p", "%d %b %Y, %H:%M:%S", "%Y-%m-%d %H:%M:%S")
METRES: Final = 1000.0


@dataclass(frozen=True, slots=True)
class IndexedActivity:
    """One line. filename : below the folder of the index, "" where Strava has no file of it.

    session : the line as a session of its own, None where its numbers cannot be read.
    """

    line: int
    filename: str
    sport: str
    session: LoggedSession | None


def is_strava_index(head: bytes) -> bool:
    """True if the first line has the columns of such an index."""
    return set(NEEDED) <= set(cells_of(decode_header(head.split(b"\n", 1)[0]), ","))


def read_strava_index(path: Path) -> tuple[list[IndexedActivity], list[Fault]]:
    """Read the lines; one whose date, distance or time cannot be read is a fault, and its file is still known."""
    text = read_whole(path).decode("utf-8-sig", errors="replace")
    try:
        lines = list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise RecordingError(str(path), "CSV", f"cannot be read: {error}") from None
    header = [cell.strip() for cell in lines[0]] if lines else []
    if not set(NEEDED) <= set(header):
        raise RecordingError(str(path), "header", f"is not that of {NAME}", f"it needs: {', '.join(NEEDED)}")
    first = {name: header.index(name) for name in NEEDED}
    last = {name: len(header) - 1 - header[::-1].index(name) for name in NEEDED}
    found, faults = [], []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        cells += [""] * (len(header) - len(cells))
        sport, filename = cells[first["Activity Type"]].strip(), cells[first["Filename"]].strip()
        session = None
        try:
            session = _session(number, cells, first, last, sport)
        except ValueError as error:
            faults.append(Fault(f"line {number}", str(error), lost=not filename))
        found.append(IndexedActivity(number, filename, sport, session))
    return found, faults


def _session(line: int, cells: list[str], first: dict[str, int], last: dict[str, int], sport: str) -> LoggedSession:
    start_utc = _start_utc(cells[first["Activity Date"]].strip())
    duration_s = _number(cells[last["Elapsed Time"]], "time")
    is_km = last["Distance"] == first["Distance"]
    distance = cells[last["Distance"]].strip()
    distance_m = _number(distance, "distance") * (METRES if is_km else 1.0) if distance else None
    if not 0 < duration_s <= LONGEST_S or not 0 <= (distance_m or 0.0) <= FARTHEST_M:
        raise ValueError(f"{duration_s:.0f} s and {distance_m} m are no session")
    ledger = ledger_of([sport], []) if sport else "run"
    return LoggedSession(line, start_utc, start_utc.isoformat(), duration_s, distance_m, sport.lower(), ledger)


def _start_utc(text: str) -> datetime:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no start time")


def _number(text: str, what: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise ValueError(f"{text!r} is no {what}") from None
    if not 0 <= value < float("inf"):
        raise ValueError(f"{text!r} is no {what}")
    return value
