"""What stands in a FIT file, as far as it can be read: records, stopped timers, sport and device."""

import io
import math
import struct
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import fitdecode
import numpy as np

from sensor_hub.adapters.recordings.fit_records import RecordRun, TakenOut, taken_out
from sensor_hub.adapters.recordings.opened import slug
from sensor_hub.adapters.recordings.stray_times import stray_times
from sensor_hub.model.recording import Fault
from sensor_hub.units import MS_PER_S

NATIVE_STREAM: Final = "stance_time"
POD_STREAM: Final = "Ground Time"
SIMULATED: Final = "simulated"  # in the product name of a file that our own export made of a simulated run
OWN_SESSION: Final = "sensor_hub session"  # developer field in which our own export says what it was made of
FEET: Final = 2  # FIT counts the cycles of one foot
_PRODUCT_NUM: Final = 2  # of file_id: its name depends on the maker
_EPOCH_UTC: Final = datetime(1989, 12, 31, tzinfo=UTC)
_ACTIVITY_TYPES: Final[dict[int, str]] = fitdecode.profile.MESSAGE_TYPES[20].fields[42].type.enum
# fitdecode checks its input only in part: on damaged bytes these come out of its depths as well.
_UNREADABLE: Final = (
    fitdecode.FitError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError,
    struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FitRecord:
    """One record message; ``contact_s`` as written, by stream. ``altitude_m`` above any level."""

    end_utc: datetime
    cadence_spm: float | None
    speed_mps: float | None
    distance_m: float | None
    contact_s: dict[str, float]
    altitude_m: float | None = None


@dataclass(slots=True)
class FitContents:
    """What was found, in file order; an entry that is no record is a pause, [start, end)."""

    entries: list[FitRecord | tuple[datetime, datetime]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sports: list[str] = field(default_factory=list)
    sub_sports: list[str] = field(default_factory=list)
    activity_types: Counter[str] = field(default_factory=Counter)
    n_placed: int = 0  # records with a position
    device: str | None = None
    start_utc: datetime | None = None
    stopped_utc: datetime | None = None
    n_undated: int = 0
    simulated: bool = False
    sid: str | None = None
    file_type: str | None = None  # as its file_id says: "activity", "settings", "monitoring_b" …; a number if unknown

    @property
    def records(self) -> Iterator[FitRecord]:
        """The record messages alone."""
        return (entry for entry in self.entries if isinstance(entry, FitRecord))


def read_contents(data: bytes) -> FitContents:
    """Read a file up to its end or its first damage, which is then among the faults."""
    parts = taken_out(data, frozenset({POD_STREAM}))
    found = FitContents() if parts is None else _read_parts(parts)
    if parts is None or any(fault.lost for fault in found.faults):  # fitdecode would have minded: it is to say what
        found = FitContents()
        for frame in _frames(data, found.faults):
            _take(found, frame)
    if found.n_undated:
        found.faults.append(Fault("records", f"{found.n_undated} have no usable time and are left out", lost=True))
    _leave_out_strays(found)
    found.faults += _backward_faults(list(found.records))
    return found


def _read_parts(parts: TakenOut) -> FitContents:
    """Put a file together again: the records, and between them what else it says, in the order of the file."""
    found, runs, n_messages = FitContents(), deque(parts.runs), 0
    for frame in _frames(parts.rest, found.faults):
        if not isinstance(frame, fitdecode.FitDataMessage):
            continue
        while runs and runs[0][0] <= n_messages:
            _add_run(found, runs.popleft()[1])
        n_messages += 1
        _take(found, frame)
    for _, run in runs:
        _add_run(found, run)
    return found


def _take(found: FitContents, frame: Any) -> None:
    """Take one frame of fitdecode."""
    if not isinstance(frame, fitdecode.FitDataMessage):
        return
    values = _native(frame)
    match frame.name:
        case "record":
            _add_record(found, values, _developer(frame))
        case "event" if values.get("event") == "timer":
            _add_timer(found, str(values.get("event_type")), values.get("timestamp"))
        case "session" | "sport":
            found.sports.append(str(values.get("sport") or ""))
            found.sub_sports.append(str(values.get("sub_sport") or ""))
            found.sid = found.sid or _text(_developer(frame).get(OWN_SESSION))
        case "developer_data_id" if not (values.keys() & {"application_id", "developer_id"}):
            index = values.get("developer_data_index")
            problem = f"developer data {index} does not say whose it is; its fields are read by name"
            found.faults.append(Fault("developer data", problem, lost=False))
        case "file_id" if found.device is None:
            product = frame.get_value(_PRODUCT_NUM, fallback=None)
            found.file_type = None if values.get("type") is None else str(values["type"])
            found.simulated = SIMULATED in str(values.get("product_name") or "")
            found.device = slug(
                "-".join(str(part) for part in (values.get("manufacturer"), product) if part is not None)
            )


def _add_run(found: FitContents, run: RecordRun) -> None:
    """Add records that were taken out of a clean file."""
    nothing = [None] * run.n
    at_s, cadence, fraction, contact, speed, slow_speed, way, height, low_height, place, kind = (
        run.native.get(number, nothing) for number in (253, 4, 53, 41, 73, 6, 5, 78, 2, 0, 42)
    )
    pod = run.developer.get(POD_STREAM, nothing)
    first_utc = None
    for i in range(run.n):
        end_utc = _EPOCH_UTC + timedelta(seconds=at_s[i])
        first_utc = first_utc or end_utc
        contact_s = {} if contact[i] is None else {NATIVE_STREAM: contact[i] / MS_PER_S}
        if pod[i] is not None:
            contact_s[POD_STREAM] = float(pod[i]) / MS_PER_S
        found.entries.append(
            FitRecord(
                end_utc=end_utc,
                cadence_spm=None if cadence[i] is None else FEET * (float(cadence[i]) + (fraction[i] or 0.0)),
                speed_mps=slow_speed[i] if speed[i] is None else speed[i],
                distance_m=way[i],
                contact_s=contact_s,
                altitude_m=low_height[i] if height[i] is None else height[i],
            )
        )
    found.n_placed += sum(value is not None for value in place)
    for value, n in Counter(kind).items():
        found.activity_types["" if value is None else _ACTIVITY_TYPES.get(value, str(value))] += n
    found.start_utc = found.start_utc or first_utc


def _leave_out_strays(found: FitContents) -> None:
    """Leave out records days away from those around them: one ahead of its time would hide all that follow."""
    records = list(found.records)
    stray = stray_times(np.array([record.end_utc.timestamp() for record in records]))
    left_out = {id(record) for record, is_stray in zip(records, stray.tolist(), strict=True) if is_stray}
    if not left_out:
        return
    place = f"record {int(np.argmax(stray))}"
    found.entries = [entry for entry in found.entries if id(entry) not in left_out]
    if stray[0] and found.start_utc == records[0].end_utc:
        found.start_utc = next(found.records).end_utc
    problem = f"{len(left_out)} at a time days away from the records around them are left out"
    found.faults.append(Fault(place, problem, lost=True))


def _frames(data: bytes, faults: list[Fault]) -> Iterator[Any]:
    """Frames up to the first damage, which becomes a fault with its byte offset."""
    stream = io.BytesIO(data)
    check = {"check_crc": fitdecode.CrcCheck.READONLY, "error_handling": fitdecode.ErrorHandling.IGNORE}
    frame_start = body_end = 0
    try:
        with fitdecode.FitReader(stream, **check) as reader:
            for frame in reader:
                if isinstance(frame, fitdecode.FitHeader):
                    body_end = stream.tell() + frame.body_size
                    if frame.crc_matched is False:
                        faults.append(Fault(f"byte {frame_start}", "the header's checksum is wrong", lost=False))
                elif isinstance(frame, fitdecode.FitCRC) and not frame.matched:
                    faults.append(
                        Fault(f"byte {frame_start}", "the file's checksum is wrong; it was read whole", lost=False)
                    )
                frame_start = stream.tell()
                yield frame
    except _UNREADABLE as error:
        if frame_start == body_end > 0 and len(data) < body_end + 2:
            faults.append(
                Fault(f"byte {frame_start}", "the checksum at the end is missing; nothing else is", lost=False)
            )
        else:
            reason = str(error) or type(error).__name__
            faults.append(Fault(f"byte {frame_start}", f"damaged from here on: {reason}", lost=True))


def _native(frame: Any) -> dict[str, Any]:
    """Values of the profile's own fields by name; of fields that occur twice the one written, not the one derived."""
    values: dict[str, Any] = {}
    for item in frame.fields:
        derived = item.field_def is None
        if (derived or not item.field_def.is_dev) and item.value is not None and not (derived and item.name in values):
            values[item.name] = item.value
    return values


def _developer(frame: Any) -> dict[str, Any]:
    return {
        _first_text(item.name): item.value
        for item in frame.fields
        if item.field_def is not None and item.field_def.is_dev and item.value is not None
    }


def _first_text(name: Any) -> str:
    """Name of a developer field; some writers send it as an array."""
    return str(next(iter(name), "")) if isinstance(name, tuple | list) else str(name)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    """First number of a value that may be an array; None if there is none."""
    for part in value if isinstance(value, tuple | list) else (value,):
        if isinstance(part, int | float) and not isinstance(part, bool) and math.isfinite(part):
            return float(part)
    return None


def _add_record(found: FitContents, values: dict[str, Any], developer: dict[str, Any]) -> None:
    end_utc = values.get("timestamp")
    if not isinstance(end_utc, datetime):  # seconds since power-on, or nothing
        found.n_undated += 1
        return
    cadence = _number(values.get("cadence"))
    contact_ms = {NATIVE_STREAM: _number(values.get("stance_time")), POD_STREAM: _number(developer.get(POD_STREAM))}
    speed_mps = _number(values.get("enhanced_speed"))
    altitude_m = _number(values.get("enhanced_altitude"))
    found.entries.append(
        FitRecord(
            end_utc=end_utc,
            cadence_spm=None
            if cadence is None
            else FEET * (cadence + (_number(values.get("fractional_cadence")) or 0.0)),
            speed_mps=_number(values.get("speed")) if speed_mps is None else speed_mps,
            distance_m=_number(values.get("distance")),
            contact_s={name: ms / MS_PER_S for name, ms in contact_ms.items() if ms is not None},
            altitude_m=_number(values.get("altitude")) if altitude_m is None else altitude_m,
        )
    )
    found.n_placed += values.get("position_lat") is not None
    found.activity_types[str(values.get("activity_type") or "")] += 1
    found.start_utc = found.start_utc or end_utc


def _add_timer(found: FitContents, event_type: str, time_utc: Any) -> None:
    if not isinstance(time_utc, datetime):
        return
    if event_type.startswith("stop"):
        found.stopped_utc = found.stopped_utc or time_utc
    elif event_type == "start":
        if found.stopped_utc is not None and time_utc > found.stopped_utc:
            found.entries.append((found.stopped_utc, time_utc))
        found.stopped_utc = None
        found.start_utc = found.start_utc or time_utc


def _backward_faults(records: Iterable[FitRecord]) -> list[Fault]:
    times = [record.end_utc for record in records]
    back = [number for number in range(1, len(times)) if times[number] < times[number - 1]]
    if not back:
        return []
    back_s = (times[back[0] - 1] - times[back[0]]).total_seconds()
    problem = f"time runs back by {back_s:.0f} s" + (f", and {len(back) - 1} times more" if len(back) > 1 else "")
    return [Fault(f"record {back[0]}", f"{problem}; the records are kept", lost=False)]
