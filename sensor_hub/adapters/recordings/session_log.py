"""Logs with one session a line, such as a platform's list of activities: start, type, distance and duration only.

A file whose header has ``start_utc``, ``distance_m`` and ``duration_s`` needs no map; where it also has
``n_rows_in_source``, a line stands for so many of the log it was made of. Any other is declared:

[session]
start = "Date"                  # column
format = "%d/%m/%Y %H:%M"       # optional; ISO 8601 without it
zone = "Europe/Berlin"          # optional; of times without offset
type = "Activity Type"          # optional; all are runs without it
distance = "Distance"
distance_unit = "km"            # m, km or mi
duration = "Time"
duration_unit = "h:mm:ss"       # s, min, h or h:mm:ss
delimiter = ","                 # optional
"""

import csv
import io
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sensor_hub.adapters.recordings.opened import read_whole
from sensor_hub.adapters.recordings.rows import cells_of, decode_header
from sensor_hub.adapters.recordings.tracks import ledger_of
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import Ledger

KIND: Final = "session-log"
ROWS_IN_SOURCE: Final = "n_rows_in_source"
NEEDED: Final = ("start_utc", "distance_m", "duration_s")
DISTANCE_UNITS: Final = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
DURATION_UNITS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "h:mm:ss": 1.0}
FAULTS_NAMED: Final = 20
LONGEST_S: Final = 7 * 24 * 3600.0
FARTHEST_M: Final = 2e6
MOST_LINES: Final = 10_000  # of one session
_KNOWN: Final = {
    "start", "format", "zone", "type", "distance", "distance_unit", "duration", "duration_unit", "delimiter",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionLogMap:
    """Which column of a log is what; names of columns, and how they are written."""

    origin: str
    start: str = "start_utc"
    format: str = ""
    zone: tzinfo | None = None
    type: str | None = "type"
    distance: str = "distance_m"
    distance_unit: str = "m"
    duration: str = "duration_s"
    duration_unit: str = "s"
    delimiter: str = ","


OWN_MAP: Final = SessionLogMap("the header")


@dataclass(frozen=True, slots=True)
class LoggedSession:
    """One line. ``n_lines`` is how many lines told of it, of the file or of the log that the file was made of.

    start_told : start in UTC where log or map say the zone, else as on the clock it was written by.
    """

    line: int
    start_utc: datetime
    start_told: str
    duration_s: float
    distance_m: float | None
    sport: str
    ledger: Ledger
    n_lines: int = 1

    @property
    def end_utc(self) -> datetime:
        """When it ended, as if nobody had paused."""
        return self.start_utc + timedelta(seconds=self.duration_s)

    @property
    def content(self) -> str:
        """What identifies it: the values, not the way they are written, nor the zone somebody lives in today."""
        metres = "" if self.distance_m is None else f"{self.distance_m:.1f}"
        return f"{self.start_told}|{self.sport}|{metres}|{self.duration_s:.1f}"


def is_session_log(head: bytes) -> bool:
    """True if the first line is a header with the columns that need no map."""
    return set(NEEDED) <= set(cells_of(decode_header(head.split(b"\n", 1)[0][:4096]), ","))


def is_session_map(text: str) -> bool:
    """True if a column map declares a log of sessions."""
    try:
        return "session" in tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False


def parse_session_map(text: str, origin: str = "column map") -> SessionLogMap:
    """Read the map of a log; ProfileError names the key and the mend."""
    try:
        body: Any = tomllib.loads(text).get("session")
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{origin}: not TOML: {error}") from None
    if not isinstance(body, dict):
        raise ProfileError(f"{origin}: [session] is missing (write it on a line of its own)")
    for key, value in body.items():
        if key not in _KNOWN:
            raise ProfileError(f"{origin}: [session] {key}: is no key (known here: {', '.join(sorted(_KNOWN))})")
        if not isinstance(value, str) or not value:
            raise ProfileError(f'{origin}: [session] {key}: {value!r} is not text (write {key} = "…")')
    for key in ("start", "distance", "distance_unit", "duration", "duration_unit"):
        if key not in body:
            raise ProfileError(f"{origin}: [session] {key}: is missing (add it)")
    for key, units in (("distance_unit", DISTANCE_UNITS), ("duration_unit", DURATION_UNITS)):
        if body[key] not in units:
            raise ProfileError(f"{origin}: [session] {key}: {body[key]!r} is unknown (write one of {', '.join(units)})")
    if len(body.get("delimiter", ",")) != 1:
        raise ProfileError(f"{origin}: [session] delimiter: is not one character")
    try:
        zone = ZoneInfo(body["zone"]) if "zone" in body else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ProfileError(f"{origin}: [session] zone: {body['zone']!r} is unknown (such as Europe/Berlin)") from None
    return SessionLogMap(**{**body, "zone": zone, "type": body.get("type"), "origin": origin})


def read_session_log(
    path: Path, columns: SessionLogMap = OWN_MAP, *, zone: tzinfo = UTC
) -> tuple[list[LoggedSession], list[Fault]]:
    """Read a log.

    ``zone`` is that of times without offset, unless the map names one. Lines that tell of the same session (same start
    and type, or the same type at overlapping times) become one, the longest of them. A line that cannot be read is a
    fault. RecordingError if a column is missing or no line can be read.
    """
    text = read_whole(path).decode("utf-8-sig", errors="replace")
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=columns.delimiter))
    except csv.Error as error:
        raise RecordingError(str(path), "CSV", f"cannot be read: {error}") from None
    header = [cell.strip() for cell in lines[0]] if lines else []
    for name in (columns.start, columns.distance, columns.duration):
        if name not in header:
            mend = f"the header has: {', '.join(header)[:200]}"
            raise RecordingError(str(path), "header", f"has no column {name!r}, which {columns.origin} names", mend)
    found, faults = [], []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        try:
            found.append(_session(number, values, columns, zone))
        except (ArithmeticError, LookupError, ValueError) as error:
            reason = f"has no column {error}" if isinstance(error, LookupError) else str(error)
            faults.append(Fault(f"line {number}", reason, lost=True))
    if not found:
        place, problem = (
            (faults[0].place, faults[0].problem) if faults else ("line 2", "the file ends after its header")
        )
        raise RecordingError(str(path), place, f"no session could be read: {problem}")
    if n_more := len(faults) - FAULTS_NAMED:
        faults[FAULTS_NAMED:] = [Fault(faults[-1].place, f"and {n_more} more", lost=True)] if n_more > 0 else []
    merged = _merged(found)
    if n_repeated := len(found) - len(merged):
        problem = f"{n_repeated} tell again of a session in another line (same type, same time) and count once"
        faults.append(Fault("lines", problem, lost=False))
    return merged, faults


def _session(line: int, values: Mapping[str, str], columns: SessionLogMap, zone: tzinfo) -> LoggedSession:
    start = values[columns.start]
    try:
        at = datetime.strptime(start, columns.format) if columns.format else datetime.fromisoformat(start)  # noqa: DTZ007
    except ValueError:
        raise ValueError(f"{start!r} is no start time") from None
    at = at if at.tzinfo or columns.zone is None else at.replace(tzinfo=columns.zone)
    start_utc = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    start_told = (start_utc if at.tzinfo else at).isoformat()
    if not 1970 < start_utc.year < 2200:
        raise ValueError(f"{start!r} is no start time")
    duration_s = _duration_s(values[columns.duration], columns.duration_unit)
    distance = values[columns.distance]
    distance_m = _amount(distance, "distance") * DISTANCE_UNITS[columns.distance_unit] if distance else None
    if not 0 < duration_s <= LONGEST_S or not 0 <= (distance_m or 0.0) <= FARTHEST_M:
        raise ValueError(f"{duration_s:.0f} s and {distance_m} m are no session")
    sport = (values.get(columns.type, "") if columns.type else "run").lower()
    ledger: Ledger = ledger_of([sport], []) if sport else "run"
    n_lines = _n_lines(values.get(ROWS_IN_SOURCE, "") if columns is OWN_MAP else "")
    return LoggedSession(line, start_utc, start_told, duration_s, distance_m, sport, ledger, n_lines)


def _n_lines(text: str) -> int:
    """How many lines of its source a line stands for; one where it does not say."""
    if not text:
        return 1
    if not text.isdecimal() or not 0 < int(text) <= MOST_LINES:
        raise ValueError(f"{text!r} is no number of rows")
    return int(text)


def _duration_s(text: str, unit: str) -> float:
    if unit != "h:mm:ss":
        return _amount(text, "duration") * DURATION_UNITS[unit]
    parts = [_amount(part, "duration") for part in text.split(":")]
    if len(parts) not in {2, 3} or any(part >= 60 for part in parts[1:]):
        raise ValueError(f"{text!r} is no duration as h:mm:ss or mm:ss")
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def _amount(text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no {what}") from None
    if not math.isfinite(value) or value < 0 or "_" in text:
        raise ValueError(f"{text!r} is no {what}")
    return value


def _merged(found: Sequence[LoggedSession]) -> list[LoggedSession]:
    """Make one of the lines that overlap in time and are of the same ledger; the longest stands for them all."""
    kept: list[LoggedSession] = []
    newest: dict[str, int] = {}  # ledger → place in kept
    for session in sorted(found, key=lambda s: (s.start_utc, -s.duration_s, s.line)):
        at = newest.get(session.ledger)
        if at is not None and session.start_utc < kept[at].end_utc:
            other = kept[at]
            best = max(other, session, key=lambda s: (s.duration_s, s.distance_m or 0.0))
            kept[at] = replace(best, n_lines=other.n_lines + session.n_lines)
        else:
            newest[session.ledger] = len(kept)
            kept.append(session)
    return kept
