"""Events → InfluxDB line protocol, the same text for every InfluxDB. Pure.

Measurements, with tags; the timestamp in nanoseconds is part of the key, so the same message is the same point again:

steps           ath, sid, side                       at the step
session_open    ath, sid                             at the session's start; header while it runs; written and tidied:
                                                     which writing there was last, and which one the minutes are of
progress        ath, sid                             at the batch's last step; running totals
session         ath, sid                             at the session's start; header, totals, end: the summary;
                                                     replaced=true where another model took its place, pruned=true
                                                     where its single steps were let go of
minutes         ath, sid                             at the minute's start; of a session that ended
gap             ath, sid, device                     at the gap's start
pause           ath, sid                             at the pause's start
decode_failure  ath, sid, device, characteristic     at the arrival
finding         ath, id                              at first_utc
dead_letter     id                                   at the time it was first stored
received        gw                                   at seq nanoseconds
reassigned      ath                                  at 0; after a merge of athletes

What a replay says of its session (session_open, progress, session, gap) has the tag replayed=yes as well: it lies
beside the points of other origins and never over them, and whoever reads takes it only where there are no others.

A point cannot say null, and writing it again does not erase a field. So each point has a text field ``unknown`` with
the names of what is not known, and that list overrules an older value.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from math import isfinite
from operator import attrgetter, itemgetter
from typing import Final

import numpy as np

from sensor_hub.adapters.storage.progress import dead_letter_key, is_replay, last_step_us
from sensor_hub.errors import StoreError
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, TEXT_COLUMNS, UNKNOWN_TEXT
from sensor_hub.model.load import Totals
from sensor_hub.model.message import DeadLetter
from sensor_hub.model.minutes import MINUTE_COLUMNS, MinuteTable
from sensor_hub.model.moving import StoredFailure, StoredPause
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    GapFound,
    LiveReading,
    SessionHeader,
    SessionPaused,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.units import US_PER_S, utc_us

NS_PER_US: Final = 1000
LAST_NS: Final = 2**63 - 3  # the server's own limit is one more
TOTALS: Final = tuple(f.name for f in fields(Totals))
HEADER: Final = tuple(f.name for f in fields(SessionHeader) if f.name not in {"sid", "athlete"})
REPLAYED: Final = "yes"
REPLACED: Final = "replaced"
PRUNED: Final = "pruned"
WRITTEN: Final = "written"
TIDIED: Final = "tidied"
FINDING_NUMBERS: Final = ("probability", "value", "reference", "limit")
_TAG_ESCAPES: Final = str.maketrans({",": r"\,", " ": r"\ ", "=": r"\="})
_UNTAGGABLE: Final = re.compile(r"[\\\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")
WORDS: Final = tuple(name for name in TEXT_COLUMNS if name != "side")  # the side is a tag
_totals: Final = attrgetter(*TOTALS)
_STEP_FIELDS: Final = np.array(FLOAT_COLUMNS)


def tag_value(text: str) -> str:
    """Return a text as the value of a tag.

    A tag cannot be empty, end in a backslash or hold a line break; such a text becomes a readable part and a hash.
    """
    if text and not _UNTAGGABLE.search(text):
        return text
    return f"{_UNTAGGABLE.sub('_', text)}~{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _key(measurement: str, **tags: str) -> str:
    return measurement + "".join(f",{name}={tag_value(tags[name]).translate(_TAG_ESCAPES)}" for name in sorted(tags))


def _ranked_key(measurement: str, header: SessionHeader, **tags: str) -> str:
    if is_replay(header):
        tags["replayed"] = REPLAYED
    return _key(measurement, ath=header.athlete, sid=header.sid, **tags)


@lru_cache(maxsize=1024)
def _progress_key(header: SessionHeader) -> str:
    return _ranked_key("progress", header)


@lru_cache(maxsize=1024)
def _steps_key(athlete: str, sid: str, side: str) -> str:
    return _key("steps", ath=athlete, sid=sid, side=side)


def quoted(text: str) -> str:
    """Return a text as the value of a string field."""
    if text.isascii() and "\\" not in text and '"' not in text:
        return f'"{text}"'
    clean = text.encode("utf-8", "replace").decode()
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rendered(value: object) -> str | None:
    """Return a field's value; None if it is unknown."""
    if type(value) is float:  # nearly all of them are
        return repr(value) if isfinite(value) else None
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value}i"
        case float():
            return repr(float(value)) if isfinite(value) else None
        case _:
            return quoted(str(value))


def point(key: str, values: Mapping[str, object], time_ns: int) -> str:
    """Return one line; what is None or not finite is named in the field ``unknown``."""
    rendered = {name: _rendered(value) for name, value in values.items()}
    unknown = ",".join(name for name, text in rendered.items() if text is None)
    known = "".join(f"{name}={text}," for name, text in rendered.items() if text is not None)
    return f'{key} {known}unknown="{unknown}" {time_ns}'


def _time_ns(time_us: int) -> int:
    if abs(time_us) > LAST_NS // NS_PER_US:
        raise StoreError("InfluxDB holds times from 1677 to 2262 only; check the clock of the device or the gateway")
    return time_us * NS_PER_US


def event_lines(event: Event, seq: int) -> list[str]:
    """Lines of one event; none for a live reading, which nothing needs to remember.

    Raises
    ------
    StoreError
        If one of its times is outside what InfluxDB can hold.
    """
    h = event.header
    match event:
        case StepBatch():
            return [*_step_lines(event), progress_line(h, event.totals, last_step_us(event), seq), _open_line(event)]
        case SessionStarted():
            return [_open_line(event)]
        case SessionSummary():
            values = _header_fields(h) | _totals_fields(event.totals) | {
                "end_us": utc_us(event.end_utc), "source": event.source, "warnings": json.dumps(event.warnings),
                "ended": True,
            }  # fmt: skip
            return [point(_ranked_key("session", h), values, _time_ns(utc_us(event.start_utc)))]
        case GapFound():
            key = _ranked_key("gap", h, device=event.device)
            values = _header_fields(h) | {
                "name": event.device, "end_us": utc_us(event.end_utc), "cause": event.cause,
                "duration_s": (event.end_utc - event.start_utc).total_seconds(),
            }  # fmt: skip
            return [point(key, values, _time_ns(utc_us(event.start_utc)))]
        case SessionPaused():
            return [pause_line(h.sid, StoredPause(h.athlete, utc_us(event.start_utc), utc_us(event.end_utc)))]
        case DecodeFailed():
            arrival_us = utc_us(event.arrival_utc)
            failed = StoredFailure(h.athlete, event.device, event.characteristic, arrival_us, event.problem)
            return [failure_line(h.sid, failed)]
        case LiveReading():
            return []


def replaced_line(summary: SessionSummary) -> str:
    """Line that marks the point of a session's summary as recomputed, beside its other fields."""
    return f"{_ranked_key('session', summary.header)} {REPLACED}=true {_time_ns(utc_us(summary.start_utc))}"


def pruned_line(summary: SessionSummary, *, pruned: bool = True) -> str:
    """Line that marks a session as one whose single steps were let go of, or no longer."""
    said = "true" if pruned else "false"
    return f"{_ranked_key('session', summary.header)} {PRUNED}={said} {_time_ns(utc_us(summary.start_utc))}"


def written_again(measurement: str, tags: Mapping[str, str], values: Mapping[str, object], time_ns: int) -> str:
    """Line that writes some fields of a point as they are given, and leaves its others; None is left out."""
    key = _key(measurement, **{tag: value for tag, value in tags.items() if value})
    fields = (f"{name}={text}" for name, value in values.items() if (text := _rendered(value)) is not None)
    return f"{key} {','.join(fields)} {time_ns}"


def _floats(values: Mapping[str, float | str | None]) -> dict[str, object]:
    """A field's type is fixed by its first point: a whole number must not make it an integer for ever."""
    return {name: v if v is None or isinstance(v, str) else float(v) for name, v in values.items()}


def _totals_fields(totals: Totals) -> dict[str, object]:
    return _floats(dict(zip(TOTALS, _totals(totals), strict=True)))


def _header_fields(header: SessionHeader) -> dict[str, object]:
    return {name: getattr(header, name) for name in HEADER}


def _open_line(event: SessionStarted | StepBatch) -> str:
    return _opening(event.header, event.start_utc)


@lru_cache(maxsize=1024)
def _opening(header: SessionHeader, start_utc: datetime) -> str:
    """Every batch of a session repeats it."""
    return point(_ranked_key("session_open", header), _header_fields(header), _time_ns(utc_us(start_utc)))


def progress_line(header: SessionHeader, totals: Totals, batch_us: int, seq: int = 0) -> str:
    """Line of running totals, at the last step of their batch.

    Two batches may end at the same step; the digits below a microsecond keep their points apart.
    """
    return point(_progress_key(header), _totals_fields(totals), _time_ns(batch_us) + seq % NS_PER_US)


def pause_line(sid: str, pause: StoredPause) -> str:
    """Line of a pause."""
    values = {"end_us": pause.end_us, "duration_s": (pause.end_us - pause.start_us) / US_PER_S}
    return point(_key("pause", ath=pause.athlete, sid=sid), values, _time_ns(pause.start_us))


def failure_line(sid: str, failed: StoredFailure) -> str:
    """Line of a payload that could not be decoded."""
    tags = {"ath": failed.athlete, "sid": sid, "device": failed.device, "characteristic": failed.characteristic}
    return point(_key("decode_failure", **tags), {"problem": failed.problem}, _time_ns(failed.arrival_us))


def _step_lines(batch: StepBatch) -> Iterator[str]:
    steps = batch.steps
    if not len(steps):
        return
    _time_ns(int(steps.time_utc_us.min()))
    _time_ns(int(steps.time_utc_us.max()))
    header = batch.header
    keys = {s: _steps_key(header.athlete, header.sid, s) for s in set(steps.side.tolist())}
    values = np.array([getattr(steps, name) for name in FLOAT_COLUMNS], float).T
    known = np.isfinite(values)
    times_ns, sides = (steps.time_utc_us * NS_PER_US).tolist(), steps.side.tolist()
    said = zip(*(getattr(steps, name).tolist() for name in WORDS), strict=True)
    width, masks = known.shape[1], known.tobytes()
    for i, (side, time_ns, row, words) in enumerate(zip(sides, times_ns, values.tolist(), said, strict=True)):
        chosen, form = _pattern(masks[i * width : (i + 1) * width], words)
        yield f"{keys[side]} {form % chosen(row)} {time_ns}"


@lru_cache(maxsize=256)
def _pattern(known: bytes, words: tuple[str, ...]) -> tuple[Callable[[list[float]], tuple[float, ...]], str]:
    """What picks the known numbers of a row, and the form of its fields that they are put into.

    Rows of one source mostly lack the same columns and say the same words, so this is made once for each pattern.
    """
    mask = np.frombuffer(known, dtype=np.bool_)
    unknown = [*_STEP_FIELDS[~mask].tolist(), *(n for n, w in zip(WORDS, words, strict=True) if w == UNKNOWN_TEXT)]
    end = "".join(f"{n}={quoted(w)}," for n, w in zip(WORDS, words, strict=True) if w != UNKNOWN_TEXT)
    end = f'{end}unknown="{",".join(unknown)}"'.replace("%", "%%")
    form = "".join(f"{name}=%r," for name in _STEP_FIELDS[mask].tolist()) + end
    places = np.flatnonzero(mask).tolist()
    if len(places) > 1:
        return itemgetter(*places), form
    return (lambda row: tuple(row[place] for place in places)), form


def received_line(gw: str, seq: int) -> str:
    """Return the mark that a message has arrived; the numbers of a gateway fill one shard, a nanosecond each."""
    return f'{_received_key(gw)} n=1i,unknown="" {min(seq, LAST_NS)}'


@lru_cache(maxsize=1024)
def _received_key(gw: str) -> str:
    return _key("received", gw=gw)


def written_line(event: StepBatch, token: int) -> str:
    """Return the mark that something of a session was written, on the point that opens it; no two tokens are equal."""
    return f"{_ranked_key('session_open', event.header)} {WRITTEN}={token}i {_time_ns(utc_us(event.start_utc))}"


def minute_lines(athlete: str, sid: str, minutes: MinuteTable) -> Iterator[str]:
    """Lines of a session's minutes."""
    key = _key("minutes", ath=athlete, sid=sid)
    columns = [getattr(minutes, name).tolist() for name in MINUTE_COLUMNS]
    for minute_us, *values in zip(*columns, strict=True):
        yield point(key, dict(zip(MINUTE_COLUMNS[1:], values, strict=True)), _time_ns(minute_us))


def dead_letter_id(dead: DeadLetter) -> str:
    """Return the tag of a dead letter: the same for the same message."""
    return hashlib.sha256(dead_letter_key(dead).encode("utf-8", "replace")).hexdigest()[:20]


def dead_letter_line(dead: DeadLetter, stored_ns: int) -> str:
    """Line of a dead letter; its payload is base64 text."""
    payload = base64.b64encode(dead.payload).decode()
    values = {"topic": dead.topic, "payload": payload, "reason": dead.reason, "gw": dead.gw, "seq": dead.seq}
    return point(_key("dead_letter", id=dead_letter_id(dead)), values, stored_ns)


def finding_line(finding: Finding) -> str:
    """Line of a finding; its tag ``id`` is the same for the same key."""
    numbers = {name: getattr(finding, name) for name in FINDING_NUMBERS}
    values = asdict(finding) | _floats(numbers) | {"updated_us": utc_us(finding.updated_utc)}
    del values["athlete"], values["first_utc"], values["updated_utc"]
    return point(_key("finding", ath=finding.athlete, id=finding.id), values, _time_ns(utc_us(finding.first_utc)))


def reassigned_line(old_athlete: str, new_athlete: str) -> str:
    """Line that gives what comes late under an old pseudonym to the new one."""
    return point(_key("reassigned", ath=old_athlete), {"to": new_athlete}, 0)


def raw_line(measurement: str, tags: Mapping[str, str], values: Mapping[str, object], time_ns: int) -> str:
    """Line of a point that was read back from a server, for copying."""
    return point(_key(measurement, **tags), {k: v for k, v in values.items() if k != "unknown"}, time_ns)


def documents(lines: Iterable[str], size: int = 1_000_000) -> Iterator[str]:
    """Join lines into texts of about ``size`` characters at most: a server refuses bodies above 25 MB."""
    part: list[str] = []
    length = 0
    for line in lines:
        part.append(line)
        length += len(line) + 1
        if length >= size:
            yield "\n".join(part)
            part, length = [], 0
    if part:
        yield "\n".join(part)
