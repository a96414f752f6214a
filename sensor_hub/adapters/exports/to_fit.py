"""A session as FIT activity, written with fit-tool: a record a second, one lap, one session.

Native fields carry what is measured: cadence (strides/min, with its fraction), stance time, its percentage of the
stride (the duty factor) and its balance (the left's percentage of both), speed, distance, grade. What is modelled
stands in developer fields whose names say so, the session's id, instrument and surface in others. A value that is
unknown is left out of its message.
Source: FIT protocol and profile (Garmin), activity file; that the percentage is of the stride is what files of Garmin's
watches say of themselves (stance time x cadence, medians of six files within 1 %).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
from fit_tool.base_type import BaseType
from fit_tool.developer_field import DeveloperField
from fit_tool.fit_file_builder import FitFileBuilder
from fit_tool.profile.messages.activity_message import ActivityMessage
from fit_tool.profile.messages.developer_data_id_message import DeveloperDataIdMessage
from fit_tool.profile.messages.event_message import EventMessage
from fit_tool.profile.messages.field_description_message import FieldDescriptionMessage
from fit_tool.profile.messages.file_id_message import FileIdMessage
from fit_tool.profile.messages.lap_message import LapMessage
from fit_tool.profile.messages.record_message import RecordMessage
from fit_tool.profile.messages.session_message import SessionMessage
from fit_tool.profile.profile_type import Activity, Event, EventType, FileType, Manufacturer, Sport, SubSport

from sensor_hub.adapters.exports.content import ExportedSession
from sensor_hub.adapters.exports.seconds import Seconds, seconds_of
from sensor_hub.errors import RecordingError
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader
from sensor_hub.units import MS_PER_S, S_PER_MIN

APPLICATION_ID: Final = bytes.fromhex("5e1150af6b7a4c1d9e0f00ac411e5001")
LOAD_NAME: Final = "push-off load, modelled"
ACHILLES_NAME: Final = "Achilles peak, modelled, within 40 %"
VGRF_NAME: Final = "vertical force peak, modelled"
FIRST_S: Final = 631_065_600 + 0x10000000  # FIT counts from 1989-12-31; smaller numbers are seconds since power-on
FEET: Final = 2
FRACTIONS: Final = 128  # of a stride a minute
LARGEST_STRIDES: Final = 254
PERCENT: Final = 100.0
FIRST_RECORD_ID, LAST_RECORD_ID = 7, 15  # local ids of records; the messages before them use the others
_SPORTS: Final = {
    "run": Sport.RUNNING, "walk": Sport.WALKING, "exercise": Sport.TRAINING, "other": Sport.GENERIC,
}  # fmt: skip
_SUB_SPORTS: Final = {"treadmill": SubSport.TREADMILL, "track": SubSport.TRACK, "trail": SubSport.TRAIL}
# Developer fields by number, which is never given to another: name and unit of a total, and of a text.
_OF_TOTALS: Final = {
    "load_eq_km": (0, LOAD_NAME, "eq-km, modelled"),
    "hard_load_bw_s": (1, "hard push-off load, modelled, within 40 %", "BW.s, modelled"),
    "load_eq_km_sd": (3, "push-off load, one SD beside own runs", "eq-km, modelled"),
    "hard_load_sd": (4, "hard push-off load, one SD beside own runs", "BW.s, modelled"),
    "load_bw_s": (5, "Achilles load a leg, modelled, within 40 %", "BW.s, modelled"),
    "load_left_bw_s": (6, "Achilles load left, modelled, within 40 %", "BW.s, modelled"),
    "load_right_bw_s": (7, "Achilles load right, modelled, within 40 %", "BW.s, modelled"),
    "push_off_bw_s": (8, "Achilles load after the peak, modelled, within 40 %", "BW.s, modelled"),
    "load_m4_eq_km": (9, "push-off load by 4th power, modelled", "eq-km, modelled"),
    "load_m9_eq_km": (10, "push-off load by 9th power, modelled", "eq-km, modelled"),
    "achilles_peak_bw": (11, ACHILLES_NAME, "BW, modelled"),
    "vgrf_peak_bw": (12, VGRF_NAME, "BW, modelled"),
    "vertical_stiffness_bw_per_m": (13, "vertical stiffness, modelled", "BW/m"),
    "leg_stiffness_bw_per_m": (14, "leg stiffness, modelled", "BW/m"),
    "n_walk_steps": (15, "steps walked", "steps"),
    "walk_load_bw_s": (16, "walking load a leg, modelled, within 40 %", "BW.s, modelled"),
}
_OF_HEADER: Final = {
    "sid": (2, "sensor_hub session"), "instrument": (17, "sensor_hub instrument"),
    "surface": (18, "sensor_hub surface"),
}  # fmt: skip
# Fields of a record, and what its value in SI is multiplied by.
_NATIVE: Final = (
    ("stance_time", MS_PER_S), ("stance_time_percent", PERCENT), ("stance_time_balance", PERCENT),
    ("enhanced_speed", 1.0), ("distance", 1.0), ("grade", PERCENT),
)  # fmt: skip
_MODELLED: Final = ("load_eq_km", "achilles_peak_bw", "vgrf_peak_bw")  # developer fields of a record


def write_fit(path: Path, session: ExportedSession) -> None:
    """Write the activity file; it has no place for a name. OSError if the disk refuses.

    RecordingError if the session began before the dates of FIT do.
    """
    seconds = seconds_of(session)
    if seconds.start_s < FIRST_S:
        problem = f"the session began on {session.summary.start_utc:%Y-%m-%d}, and dates in FIT begin on 1998-07-03"
        raise RecordingError(str(path), "writing", problem, "use --format csv or parquet")
    builder = FitFileBuilder(auto_define=True)
    for message in _messages(session, seconds):
        builder.add(message)
    path.write_bytes(builder.build_bytes())


def _messages(session: ExportedSession, seconds: Seconds) -> list[Any]:
    start_ms, n = seconds.start_s * MS_PER_S, len(seconds.n_steps)
    end_ms = start_ms + n * MS_PER_S
    totals = session.summary.totals
    file_id = FileIdMessage(local_id=0)
    file_id.type, file_id.manufacturer, file_id.product = FileType.ACTIVITY, Manufacturer.DEVELOPMENT.value, 0
    file_id.time_created = start_ms
    file_id.product_name = "sensor_hub, simulated" if session.summary.header.origin == "simulated" else "sensor_hub"
    developer = DeveloperDataIdMessage(local_id=1)
    developer.application_id, developer.developer_data_index, developer.application_version = APPLICATION_ID, 0, 1
    activity = ActivityMessage(local_id=6)
    activity.timestamp, activity.total_timer_time, activity.num_sessions = end_ms, totals.duration_s, 1
    activity.type, activity.event, activity.event_type = Activity.MANUAL, Event.ACTIVITY, EventType.STOP
    of_totals, about = _fields_of_totals(totals), _fields_of_header(session.summary.header)
    return [
        file_id,
        developer,
        *(_description(number, name, units, BaseType.FLOAT32) for number, name, units in _OF_TOTALS.values()),
        *(_description(number, name, "", BaseType.STRING) for number, name in _OF_HEADER.values()),
        *_records(seconds, totals, start_ms),
        _whole(LapMessage(local_id=4, developer_fields=of_totals), session, start_ms, end_ms),
        _whole(SessionMessage(local_id=5, developer_fields=of_totals + about), session, start_ms, end_ms),
        activity,
    ]


def _description(number: int, name: str, units: str, base_type: BaseType) -> Any:
    described = FieldDescriptionMessage(local_id=2)
    described.developer_data_index, described.field_definition_number = 0, number
    described.fit_base_type_id, described.field_name, described.units = base_type.value, name, units
    return described


def _number_field(total: str, value: float) -> DeveloperField:
    number, name, units = _OF_TOTALS[total]
    base = BaseType.FLOAT32
    made = DeveloperField(field_id=number, name=name, base_type=base, units=units, size=base.size)
    made.set_value(0, value)
    return made


def _text_field(attribute: str, value: str) -> DeveloperField:
    number, name = _OF_HEADER[attribute]
    size = len(value.encode()) + 1
    made = DeveloperField(field_id=number, name=name, base_type=BaseType.STRING, units="", size=size)
    made.set_value(0, value)
    return made


def _fields_of_totals(totals: Totals) -> list[DeveloperField]:
    values = {name: getattr(totals, name) for name in _OF_TOTALS}
    return [_number_field(name, value) for name, value in values.items() if value is not None and value == value]


def _fields_of_header(header: SessionHeader) -> list[DeveloperField]:
    values = {name: getattr(header, name) for name in _OF_HEADER}
    return [_text_field(name, value) for name, value in values.items() if value not in {"", "unknown"}]


def _timer(at_ms: int, kind: EventType) -> Any:
    event = EventMessage(local_id=3)
    event.timestamp, event.event, event.event_type = at_ms, Event.TIMER, kind
    return event


def _records(seconds: Seconds, totals: Totals, start_ms: int) -> list[Any]:
    """A record at the start, one at the end of each second that is no pause, and the timer around them."""
    # A definition of its own for each set of fields, or every change would write the definition again.
    local_ids: dict[str, int] = {}
    unknown, no_model = [np.nan] * len(_NATIVE), [np.nan] * len(_MODELLED)
    made: list[Any] = [_timer(start_ms, EventType.START), _record(start_ms, 0.0, no_model, unknown, local_ids)]
    stopped = False
    load_eq_km = seconds.load_share * (np.nan if totals.load_eq_km is None else totals.load_eq_km)
    columns = (
        seconds.contact_time_s, seconds.duty_factor, seconds.contact_balance_left, seconds.speed_mps,
        seconds.distance_m, seconds.grade,
    )  # fmt: skip
    modelled_columns = load_eq_km, seconds.achilles_peak_bw, seconds.vgrf_peak_bw
    for i, paused in enumerate(seconds.paused.tolist()):
        begin_ms = start_ms + i * MS_PER_S
        if paused != stopped:
            made.append(_timer(begin_ms, EventType.STOP_ALL if paused else EventType.START))
            stopped = paused
        if not paused:
            native = [float(column[i]) for column in columns]
            modelled = [float(column[i]) for column in modelled_columns]
            made.append(_record(begin_ms + MS_PER_S, float(seconds.n_steps[i]), modelled, native, local_ids))
    made.append(_timer(start_ms + len(seconds.paused) * MS_PER_S, EventType.STOP_ALL))
    return made


def _record(at_ms: int, n_steps: float, modelled: list[float], native: list[float], local_ids: dict[str, int]) -> Any:
    """Return a record of what is known; ``modelled`` goes with ``_MODELLED``, ``native`` with ``_NATIVE``.

    ``local_ids`` grows by each set of fields.
    """
    known = "".join("01"[value == value] for value in (n_steps, *modelled, *native))
    local_id = local_ids.setdefault(known, min(FIRST_RECORD_ID + len(local_ids), LAST_RECORD_ID))
    told = zip(_MODELLED, modelled, strict=True)
    fields = [_number_field(name, value) for name, value in told if value == value]
    record = RecordMessage(local_id=local_id, developer_fields=fields)
    record.timestamp = at_ms
    if n_steps == n_steps:
        fractions = min(round(n_steps / FEET * S_PER_MIN * FRACTIONS), LARGEST_STRIDES * FRACTIONS)
        record.cadence, record.fractional_cadence = fractions // FRACTIONS, fractions % FRACTIONS / FRACTIONS
    for (name, scale), value in zip(_NATIVE, native, strict=True):
        if value == value:
            setattr(record, name, value * scale)
    return record


def _whole(message: Any, session: ExportedSession, start_ms: int, end_ms: int) -> Any:
    """Fill a lap or session with the totals."""
    totals = session.summary.totals
    message.timestamp, message.start_time = end_ms, start_ms
    message.total_elapsed_time, message.total_timer_time = (end_ms - start_ms) / MS_PER_S, totals.duration_s
    message.sport, message.event, message.event_type = _SPORTS[session.summary.header.ledger], Event.LAP, EventType.STOP
    if session.summary.header.surface in _SUB_SPORTS:
        message.sub_sport = _SUB_SPORTS[session.summary.header.surface]
    if isinstance(message, SessionMessage):
        message.event, message.first_lap_index, message.num_laps = Event.SESSION, 0, 1
    if totals.distance_m is not None:
        message.total_distance = totals.distance_m
    if totals.n_steps:
        message.total_strides = round(totals.n_steps / FEET)
    if totals.contact_time_s is not None:
        message.avg_stance_time = totals.contact_time_s * MS_PER_S
    if totals.duty_factor is not None:
        message.avg_stance_time_percent = totals.duty_factor * PERCENT
    if totals.contact_balance_left is not None:
        message.avg_stance_time_balance = totals.contact_balance_left * PERCENT
    if totals.cadence_spm is not None:
        message.avg_running_cadence = int(totals.cadence_spm / FEET)
        message.avg_fractional_cadence = totals.cadence_spm / FEET % 1.0
    return message
