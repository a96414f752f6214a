"""Event ↔ (topic, payload): the MQTT contract, version 1.

One JSON object a message. Every message from an edge carries ``v``, ``type``, ``gw`` and ``seq``; what a session says
also carries its header, so that each message can be understood alone. Unknown fields are ignored; an unknown ``v`` or
``type`` is a ``DecodeError``, and the hub keeps such a message as a dead letter. Times are ISO 8601 UTC with
microseconds; numbers are SI, rounded to a millionth; null is unknown. The JSON Schemas are in ``sensor_hub/schemas``.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias, get_args

import numpy as np

from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, Side, StepTable, Tier
from sensor_hub.model.load import LoadStatus, Totals
from sensor_hub.model.message import Ack, DeadLetter, Envelope, Message
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    GapFound,
    Ledger,
    LiveReading,
    Origin,
    SessionHeader,
    SessionPaused,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.units import US_PER_S

VERSION: Final = 1
ROOT: Final = f"sensorhub/v{VERSION}"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ID: Final = re.compile(r"[a-z0-9-]{1,64}")
_SIDES: Final = frozenset(get_args(Side))
_TIERS: Final = frozenset(get_args(Tier))
_ORIGINS: Final = frozenset(get_args(Origin))
_LEDGERS: Final = frozenset(get_args(Ledger))

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic of one site."""

    site: str = "home"

    @property
    def base(self) -> str:
        """Root of the site's tree."""
        return f"{ROOT}/{self.site}"

    @property
    def from_edges(self) -> tuple[str, ...]:
        """What a hub subscribes to."""
        return (f"{self.base}/ath/+/live", f"{self.base}/ath/+/s/#")

    def session(self, athlete: str, sid: str, leaf: str) -> str:
        """Topic of a session: steps, event, summary."""
        return f"{self.base}/ath/{athlete}/s/{sid}/{leaf}"

    def live(self, athlete: str) -> str:
        """Newest step of an athlete, QoS 0."""
        return f"{self.base}/ath/{athlete}/live"

    def load(self, athlete: str) -> str:
        """Today, week, headroom; retained."""
        return f"{self.base}/ath/{athlete}/load"

    def alert(self, athlete: str, finding: str) -> str:
        """One finding; retained; empty payload = cleared."""
        return f"{self.base}/ath/{athlete}/alert/{finding}"

    def ack(self, gw: str) -> str:
        """Hub → edge: what the store has."""
        return f"{self.base}/ack/{gw}"

    def gateway_state(self, gw: str) -> str:
        """Online or lost; retained, last will."""
        return f"{self.base}/gw/{gw}/state"

    def dead_letter(self, reason: str) -> str:
        """Copy of an unusable message."""
        return f"{self.base}/dlq/{re.sub('[^a-z0-9-]+', '-', reason.lower()).strip('-')[:48] or 'unknown'}"


# --- small conversions -----------------------------------------------------------------------------------------------


def utc_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_utc_us(microseconds: int) -> datetime:
    """Aware UTC datetime of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(microseconds))


_FIRST_US: Final = utc_us(datetime.min.replace(tzinfo=UTC))
_LAST_US: Final = utc_us(datetime.max.replace(tzinfo=UTC))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 6)


def _column(values: FloatArray) -> list[float | None]:
    return [v if math.isfinite(v) else None for v in np.round(values, 6).tolist()]


def _known(body: Any) -> Any:
    """Return a body with null for every number that is unknown, however deep."""
    if isinstance(body, dict):
        return {name: _known(value) for name, value in body.items()}
    if isinstance(body, list | tuple):
        return [_known(value) for value in body]
    return _number(body) if isinstance(body, float) else body


def _dump(body: Body) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


# --- reading fields: whatever is wrong ends as DecodeError -----------------------------------------------------------


def _is_unicode(text: str) -> bool:
    """Return False for a lone surrogate: JSON can spell one, but no store or encoder takes it."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


class _Fields:
    """A JSON object that is asked for typed fields; the first wrong one raises DecodeError."""

    def __init__(self, body: Body, payload: bytes, wire_format: str) -> None:
        self.body, self.payload, self.wire_format = body, payload, wire_format

    def fail(self, problem: str) -> DecodeError:
        return DecodeError(self.wire_format, problem, self.payload)

    def text(self, name: str, default: str | None = None) -> str:
        value = self.body.get(name, default)
        if not isinstance(value, str):
            raise self.fail(f"{name!r} is not text")
        if not _is_unicode(value):
            raise self.fail(f"{name!r} holds half a character")
        return value

    def choice(self, name: str, allowed: frozenset[str], default: str | None = None) -> Any:
        value = self.text(name, default)
        if value not in allowed:
            raise self.fail(f"{name!r} is {value!r}, not one of {sorted(allowed)}")
        return value

    def ident(self, name: str) -> str:
        value = self.text(name)
        if not _ID.fullmatch(value):
            raise self.fail(f"{name!r} is not an id ([a-z0-9-])")
        return value

    def integer(self, name: str) -> int:
        value = self.body.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
            raise self.fail(f"{name!r} is not a whole number")
        return value

    def maybe(self, name: str) -> float | None:
        value = self.body.get(name)
        if value is None:
            return None
        return self._finite(value, name)

    def _finite(self, value: object, name: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(f"{name!r} is not a number")
        try:
            number = float(value)
        except OverflowError:
            raise self.fail(f"{name!r} is too large") from None
        if not math.isfinite(number):
            raise self.fail(f"{name!r} is not finite")
        return number

    def moment(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(name))
            if moment.tzinfo is None:
                raise self.fail(f"{name!r} has no time zone")
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.fail(f"{name!r} is not an ISO 8601 time") from None
        return moment

    def list_of(self, name: str, length: int | None = None) -> list[Any]:
        value = self.body.get(name)
        if not isinstance(value, list):
            raise self.fail(f"{name!r} is not a list")
        if length is not None and len(value) != length:
            raise self.fail(f"{name!r} has {len(value)} entries, not {length}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.list_of(name)
        if not all(isinstance(v, str) and _is_unicode(v) for v in values):
            raise self.fail(f"{name!r} has an entry that is not text")
        return tuple(values)

    def column(self, name: str, length: int) -> FloatArray:
        if name not in self.body:
            return np.full(length, np.nan)
        values = self.list_of(name, length)
        return np.array([np.nan if v is None else self._finite(v, name) for v in values], dtype=float)

    def inner(self, name: str) -> "_Fields":
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise self.fail(f"{name!r} is not an object")
        return _Fields(value, self.payload, f"{self.wire_format}.{name}")


# --- header and totals -----------------------------------------------------------------------------------------------


def _header_body(header: SessionHeader) -> Body:
    return {
        "ath": header.athlete, "sid": header.sid, "tz": header.zone, "origin": header.origin, "tier": header.tier,
        "model": header.model, "reference": header.reference, "profile": header.profile, "ledger": header.ledger,
    }  # fmt: skip


def _header(fields: _Fields) -> SessionHeader:
    return SessionHeader(
        sid=fields.ident("sid"),
        athlete=fields.ident("ath"),
        zone=fields.text("tz"),
        origin=fields.choice("origin", _ORIGINS),
        tier=fields.choice("tier", _TIERS),
        model=fields.text("model"),
        reference=fields.text("reference"),
        profile=fields.text("profile"),
        ledger=fields.choice("ledger", _LEDGERS, "run"),
    )


def _totals_body(totals: Totals) -> Body:
    return {name: _number(value) for name, value in asdict(totals).items()}


def _totals(fields: _Fields) -> Totals:
    return Totals(
        n_steps=fields.maybe("n_steps") or 0.0,
        n_strides=fields.maybe("n_strides") or 0.0,
        duration_s=fields.maybe("duration_s") or 0.0,
        distance_m=fields.maybe("distance_m"),
        cadence_spm=fields.maybe("cadence_spm"),
        contact_time_s=fields.maybe("contact_time_s"),
        load_eq_km=fields.maybe("load_eq_km"),
        load_eq_km_sd=fields.maybe("load_eq_km_sd"),
        hard_load_bw_s=fields.maybe("hard_load_bw_s"),
        coverage=fields.maybe("coverage"),
    )


# --- events ----------------------------------------------------------------------------------------------------------


def _steps_body(event: StepBatch) -> Body:
    steps = event.steps
    first_us = int(steps.time_utc_us[0]) if len(steps) else utc_us(event.start_utc)
    columns = {name: _column(getattr(steps, name)) for name in FLOAT_COLUMNS}
    return {
        "start": _iso(event.start_utc), "t0": _iso(from_utc_us(first_us)), "side": steps.side.tolist(),
        "dt_s": _column(steps.seconds_since(first_us)), **columns, "total": _totals_body(event.totals),
    }  # fmt: skip


def _steps(fields: _Fields) -> StepBatch:
    sides = fields.list_of("side")
    if not all(isinstance(s, str) and s in _SIDES for s in sides):
        raise fields.fail("'side' has an entry that is not L, R or U")
    n = len(sides)
    dt_s = fields.column("dt_s", n)
    if not np.all(np.abs(dt_s) < 1e8):
        raise fields.fail("'dt_s' has an entry that is unknown or beyond three years")
    time_utc_us = utc_us(fields.moment("t0")) + np.round(dt_s * US_PER_S).astype(np.int64)
    if not np.all((time_utc_us >= _FIRST_US) & (time_utc_us <= _LAST_US)):
        raise fields.fail("'t0' and 'dt_s' leave the calendar")
    table = StepTable(
        time_utc_us=time_utc_us,
        side=np.array(sides, dtype="<U1"),
        **{name: fields.column(name, n) for name in FLOAT_COLUMNS},
    )
    return StepBatch(_header(fields), fields.moment("start"), table, _totals(fields.inner("total")))


def _start(fields: _Fields) -> SessionStarted:
    return SessionStarted(_header(fields), fields.moment("start"), fields.texts("devices"))


def _live(fields: _Fields) -> LiveReading:
    return LiveReading(
        _header(fields), fields.moment("t"), fields.choice("side", _SIDES), fields.maybe("cadence_spm"),
        fields.maybe("contact_time_s"), _totals(fields.inner("total")),
    )  # fmt: skip


def _gap(fields: _Fields) -> GapFound:
    return GapFound(
        _header(fields), fields.text("device"), fields.moment("start"), fields.moment("end"), fields.text("cause")
    )


def _pause(fields: _Fields) -> SessionPaused:
    return SessionPaused(_header(fields), fields.moment("start"), fields.moment("end"))


def _decode_failed(fields: _Fields) -> DecodeFailed:
    return DecodeFailed(
        _header(fields),
        fields.text("device"),
        fields.text("characteristic"),
        fields.moment("t"),
        fields.text("problem"),
    )


def _summary(fields: _Fields) -> SessionSummary:
    return SessionSummary(
        header=_header(fields),
        start_utc=fields.moment("start"),
        end_utc=fields.moment("end"),
        totals=_totals(fields.inner("total")),
        source=fields.text("source", ""),
        warnings=fields.texts("warnings") if "warnings" in fields.body else (),
    )


_READERS: Final[dict[str, Callable[[_Fields], Event]]] = {
    "start": _start,
    "steps": _steps,
    "live": _live,
    "gap": _gap,
    "pause": _pause,
    "decode-failed": _decode_failed,
    "summary": _summary,
}


def _event_body(event: Event) -> tuple[str, Body]:
    match event:
        case SessionStarted():
            return "start", {"start": _iso(event.start_utc), "devices": list(event.devices)}
        case StepBatch():
            return "steps", _steps_body(event)
        case LiveReading():
            return "live", {
                "t": _iso(event.time_utc), "side": event.side, "cadence_spm": _number(event.cadence_spm),
                "contact_time_s": _number(event.contact_time_s), "total": _totals_body(event.totals),
            }  # fmt: skip
        case GapFound():
            return "gap", {
                "device": event.device, "start": _iso(event.start_utc), "end": _iso(event.end_utc),
                "cause": event.cause,
            }  # fmt: skip
        case SessionPaused():
            return "pause", {"start": _iso(event.start_utc), "end": _iso(event.end_utc)}
        case DecodeFailed():
            return "decode-failed", {
                "device": event.device, "characteristic": event.characteristic, "t": _iso(event.arrival_utc),
                "problem": event.problem,
            }  # fmt: skip
        case SessionSummary():
            return "summary", {
                "start": _iso(event.start_utc), "end": _iso(event.end_utc), "source": event.source,
                "warnings": list(event.warnings), "total": _totals_body(event.totals),
            }  # fmt: skip


def encode(event: Event, *, topics: Topics, gw: str, seq: int) -> Message:
    """Return the message an edge publishes for an event.

    ``live`` goes at QoS 0 and everything else at QoS 1; nothing of a session is retained.
    """
    kind, body = _event_body(event)
    payload = _dump({"v": VERSION, "type": kind, "gw": gw, "seq": seq, **_header_body(event.header), **body})
    if kind == "live":
        return Message(topics.live(event.header.athlete), payload, qos=0)
    leaf = kind if kind in {"steps", "summary"} else "event"
    return Message(topics.session(event.header.athlete, event.header.sid, leaf), payload, qos=1)


def _parse(payload: bytes, wire_format: str) -> _Fields:
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        raise DecodeError(wire_format, "not JSON", payload) from None
    if not isinstance(body, dict):
        raise DecodeError(wire_format, "not a JSON object", payload)
    fields = _Fields(body, payload, wire_format)
    if body.get("v") != VERSION or isinstance(body["v"], bool):
        raise fields.fail(f"unknown version {body.get('v')!r}")
    return fields


def decode(payload: bytes) -> Envelope:
    """Read a message of an edge; DecodeError says what is wrong with it."""
    fields = _parse(payload, "message")
    kind = fields.text("type")
    reader = _READERS.get(kind)
    if reader is None:
        raise fields.fail(f"unknown type {kind!r}")
    fields.wire_format = kind
    return Envelope(fields.ident("gw"), fields.integer("seq"), reader(fields))


def sender(payload: bytes) -> tuple[str | None, int | None]:
    """(gw, seq) of a message that may be unusable otherwise, so that it can be acknowledged; None where unreadable."""
    try:
        fields = _Fields(json.loads(payload), payload, "message")
        return fields.ident("gw"), fields.integer("seq")
    except (ValueError, RecursionError, AttributeError, DecodeError):
        return None, None


# --- what a hub says -------------------------------------------------------------------------------------------------


def encode_ack(ack: Ack, topics: Topics) -> Message:
    """Return the hub's word to an edge that these sequence numbers are in the store."""
    return Message(topics.ack(ack.gw), _dump({"v": VERSION, "type": "ack", "gw": ack.gw, "seqs": list(ack.seqs)}), 1)


def decode_ack(payload: bytes) -> Ack:
    """Read an application ack."""
    fields = _parse(payload, "ack")
    seqs: Sequence[Any] = fields.list_of("seqs")
    if not all(isinstance(s, int) and not isinstance(s, bool) and 0 <= s < 2**63 for s in seqs):
        raise fields.fail("'seqs' has an entry that is not a whole number")
    return Ack(fields.ident("gw"), list(seqs))


def encode_load(status: LoadStatus, topics: Topics) -> Message:
    """Return the retained load message of an athlete."""
    body = _known(asdict(status))
    return Message(
        topics.load(status.athlete), _dump({"v": VERSION, "type": "load", "ath": body.pop("athlete"), **body}), 1, True
    )


def encode_finding(finding: Finding, topics: Topics) -> Message:
    """Return the retained alert message; a withdrawn finding is an empty payload, which clears it."""
    topic = topics.alert(finding.athlete, finding.id)
    if finding.withdrawn:
        return Message(topic, b"", 1, True)
    body = _known(asdict(finding)) | {"first_utc": _iso(finding.first_utc), "updated_utc": _iso(finding.updated_utc)}
    return Message(
        topic, _dump({"v": VERSION, "type": "alert", "id": finding.id, "ath": body.pop("athlete"), **body}), 1, True
    )


def encode_dead_letter(dead: DeadLetter, topics: Topics) -> Message:
    """Return the copy of an unusable message for the dead-letter topic."""
    body = {
        "v": VERSION, "type": "dead-letter", "reason": dead.reason, "topic": dead.topic,
        "payload_hex": dead.payload[:4096].hex(),
    }  # fmt: skip
    return Message(topics.dead_letter(dead.reason.split(":")[0]), _dump(body), 1)


def encode_gateway_state(gw: str, state: str, topics: Topics) -> Message:
    """Return the retained state of a gateway: ready, lost."""
    return Message(topics.gateway_state(gw), _dump({"v": VERSION, "type": "state", "gw": gw, "state": state}), 1, True)
