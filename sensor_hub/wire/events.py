"""What an edge says: session events ↔ messages."""

import json
from collections.abc import Callable
from dataclasses import fields as fields_of
from operator import itemgetter
from typing import Any, Final, get_args

import numpy as np

from sensor_hub.errors import DecodeError
from sensor_hub.model.foot_strike import STRIKES
from sensor_hub.model.gait import FLOAT_COLUMNS, GAIT_DTYPE, ORIGIN_DTYPE, Gait, Side, StepTable, Tier, ValueOrigin
from sensor_hub.model.load import Surface, Totals
from sensor_hub.model.message import Envelope, Message
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
from sensor_hub.units import US_PER_S, from_utc_us, utc_us
from sensor_hub.wire.joining import MOST_JOINED
from sensor_hub.wire.reading import Fields, are_among, parse
from sensor_hub.wire.topics import VERSION, Topics
from sensor_hub.wire.writing import Body, column, columns, dump, iso, number, word_column

_MOST_DT_S: Final = 1e8
_STEP_NUMBERS: Final = ("dt_s", *FLOAT_COLUMNS)
# Beyond any value of any field, in whatever unit: what says more was no runner's, and would judge one.
_ABSURD: Final = 1e9
_SIDES: Final = frozenset(get_args(Side))
_TIERS: Final = frozenset(get_args(Tier))
_ORIGINS: Final = frozenset(get_args(Origin))
_LEDGERS: Final = frozenset(get_args(Ledger))
_VALUE_ORIGINS: Final = frozenset(get_args(ValueOrigin))
_STRIKES: Final = frozenset(STRIKES)
_GAITS: Final = frozenset(get_args(Gait))
_TOTALS: Final = tuple(f.name for f in fields_of(Totals))
_ALWAYS_KNOWN: Final = ("n_steps", "n_strides", "duration_s")
_NUMBERS: Final = tuple(name for name in _TOTALS if name != "foot_strike")
_SURFACES: Final = frozenset(get_args(Surface))
_OF_A_HEADER: Final = itemgetter(
    "ath", "sid", "tz", "origin", "tier", "model", "reference", "profile", "ledger", "instrument", "surface"
)
_MOST_HEADERS: Final = 4096
_HEADERS: Final[dict[tuple[Any, ...], SessionHeader]] = {}


def _header_body(header: SessionHeader) -> Body:
    return {
        "ath": header.athlete, "sid": header.sid, "tz": header.zone, "origin": header.origin, "tier": header.tier,
        "model": header.model, "reference": header.reference, "profile": header.profile, "ledger": header.ledger,
        "instrument": header.instrument, "surface": header.surface,
    }  # fmt: skip


def _header(fields: Fields) -> SessionHeader:
    """Every message of a session repeats its header: one that was read before is not read again."""
    try:
        key = _OF_A_HEADER(fields.body)
        known = _HEADERS.get(key)
    except (KeyError, TypeError):  # an older program's; a list where a text should be
        return _new_header(fields)
    if known is None:
        known = _new_header(fields)
        if len(_HEADERS) >= _MOST_HEADERS:
            _HEADERS.clear()
        _HEADERS[key] = known
    return known


def _new_header(fields: Fields) -> SessionHeader:
    return SessionHeader(
        sid=fields.ident("sid"),
        athlete=fields.ident("ath"),
        zone=fields.label("tz"),
        origin=fields.choice("origin", _ORIGINS),
        tier=fields.choice("tier", _TIERS),
        model=fields.label("model"),
        reference=fields.label("reference"),
        profile=fields.label("profile"),
        ledger=fields.choice("ledger", _LEDGERS, "run"),
        instrument=fields.label("instrument", ""),
        surface=fields.choice("surface", _SURFACES, "unknown"),
    )


def _totals_body(totals: Totals) -> Body:
    told = [(name, getattr(totals, name)) for name in _TOTALS]
    return {name: value if isinstance(value, str) else number(value) for name, value in told}


def _totals(fields: Fields) -> Totals:
    numbers: dict[str, Any] = fields.maybes(_NUMBERS)
    known = [number for number in numbers.values() if number is not None]
    if known and not -_ABSURD < min(known) <= max(known) < _ABSURD:
        raise fields.fail("it has a number that nobody runs")
    numbers |= {name: numbers[name] or 0.0 for name in _ALWAYS_KNOWN}
    return Totals(foot_strike=fields.maybe_choice("foot_strike", _STRIKES), **numbers)


# --- events ----------------------------------------------------------------------------------------------------------


def _steps_body(event: StepBatch) -> Body:
    steps = event.steps
    first_us = int(steps.time_utc_us[0]) if len(steps) else utc_us(event.start_utc)
    # all at once: of a live batch's one or two rows, a call a column would cost more than its numbers
    told = columns(np.stack([getattr(steps, name) for name in FLOAT_COLUMNS]))
    return {
        "start": iso(event.start_utc), "t0": iso(from_utc_us(first_us)), "side": steps.side.tolist(),
        "dt_s": column(steps.seconds_since(first_us)), **dict(zip(FLOAT_COLUMNS, told, strict=True)),
        "step_time_origin": word_column(steps.step_time_origin), "gait": word_column(steps.gait),
        "total": _totals_body(event.totals),
    }  # fmt: skip


def _steps(fields: Fields) -> StepBatch:
    sides = fields.list_of("side")
    if not are_among(sides, _SIDES):
        raise fields.fail("'side' has an entry that is not L, R or U")
    n = len(sides)
    numbers = fields.columns(_STEP_NUMBERS, n)
    size = np.abs(numbers)
    if not (size[0] < _MOST_DT_S).all():
        raise fields.fail("'dt_s' has an entry that is unknown or beyond three years")
    if (size > _ABSURD).any():  # unknown is not
        raise fields.fail("a step has a number that nobody runs")
    table = StepTable(
        time_utc_us=utc_us(fields.moment("t0")) + np.rint(numbers[0] * US_PER_S).astype(np.int64),
        side=np.array(sides, dtype="<U1"),
        step_time_origin=fields.word_column("step_time_origin", n, _VALUE_ORIGINS, ORIGIN_DTYPE),
        gait=fields.word_column("gait", n, _GAITS, GAIT_DTYPE),
        **dict(zip(FLOAT_COLUMNS, numbers[1:], strict=True)),
    )
    return StepBatch(_header(fields), fields.moment("start"), table, _totals(fields.inner("total")))


def _start(fields: Fields) -> SessionStarted:
    return SessionStarted(_header(fields), fields.moment("start"), fields.texts("devices"))


def _live(fields: Fields) -> LiveReading:
    return LiveReading(
        _header(fields), fields.moment("t"), fields.choice("side", _SIDES), fields.maybe("cadence_spm"),
        fields.maybe("contact_time_s"), _totals(fields.inner("total")),
    )  # fmt: skip


def _gap(fields: Fields) -> GapFound:
    return GapFound(
        _header(fields), fields.label("device"), fields.moment("start"), fields.moment("end"), fields.text("cause")
    )


def _pause(fields: Fields) -> SessionPaused:
    return SessionPaused(_header(fields), fields.moment("start"), fields.moment("end"))


def _decode_failed(fields: Fields) -> DecodeFailed:
    return DecodeFailed(
        _header(fields),
        fields.label("device"),
        fields.label("characteristic"),
        fields.moment("t"),
        fields.text("problem"),
    )


def _summary(fields: Fields) -> SessionSummary:
    return SessionSummary(
        header=_header(fields),
        start_utc=fields.moment("start"),
        end_utc=fields.moment("end"),
        totals=_totals(fields.inner("total")),
        source=fields.text("source", ""),
        warnings=fields.texts("warnings") if "warnings" in fields.body else (),
    )


_READERS: Final[dict[str, Callable[[Fields], Event]]] = {
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
            return "start", {"start": iso(event.start_utc), "devices": list(event.devices)}
        case StepBatch():
            return "steps", _steps_body(event)
        case LiveReading():
            return "live", {
                "t": iso(event.time_utc), "side": event.side, "cadence_spm": number(event.cadence_spm),
                "contact_time_s": number(event.contact_time_s), "total": _totals_body(event.totals),
            }  # fmt: skip
        case GapFound():
            return "gap", {
                "device": event.device, "start": iso(event.start_utc), "end": iso(event.end_utc),
                "cause": event.cause,
            }  # fmt: skip
        case SessionPaused():
            return "pause", {"start": iso(event.start_utc), "end": iso(event.end_utc)}
        case DecodeFailed():
            return "decode-failed", {
                "device": event.device, "characteristic": event.characteristic, "t": iso(event.arrival_utc),
                "problem": event.problem,
            }  # fmt: skip
        case SessionSummary():
            return "summary", {
                "start": iso(event.start_utc), "end": iso(event.end_utc), "source": event.source,
                "warnings": list(event.warnings), "total": _totals_body(event.totals),
            }  # fmt: skip


def encode(event: Event, *, topics: Topics, gw: str, seq: int) -> Message:
    """Return the message an edge publishes for an event.

    ``live`` goes at QoS 0 and everything else at QoS 1; nothing of a session is retained.
    """
    kind, body = _event_body(event)
    payload = dump({"v": VERSION, "type": kind, "gw": gw, "seq": seq, **_header_body(event.header), **body})
    if kind == "live":
        return Message(topics.live(event.header.athlete), payload, qos=0)
    leaf = kind if kind in {"steps", "summary"} else "event"
    return Message(topics.session(event.header.athlete, event.header.sid, leaf), payload, qos=1)


def decode(payload: bytes) -> Envelope:
    """Read a message of an edge; DecodeError says what is wrong with it."""
    fields = parse(payload, "message")
    kind = fields.text("type")
    reader = _READERS.get(kind)
    if reader is None:
        raise fields.fail(f"unknown type {kind!r}")
    fields.wire_format = kind
    seq = fields.integer("seq")
    joined = _joined(fields, seq) if kind == "steps" and "joined" in fields.body else ()
    return Envelope(fields.ident("gw"), seq, reader(fields), joined)


def _joined(fields: Fields, last: int) -> tuple[int, ...]:
    """All numbers of a joined message; few enough that nobody can make a hub count for ever."""
    seqs: list[int] = []
    for ends in fields.list_of("joined"):
        if not (isinstance(ends, list) and len(ends) == 2 and all(type(end) is int for end in ends)):
            raise fields.fail("'joined' has an entry that is not a pair of whole numbers")
        if not (seqs[-1] if seqs else -1) < ends[0] <= ends[1] < ends[0] + MOST_JOINED - len(seqs):
            raise fields.fail(f"'joined' is not ascending, or has more than {MOST_JOINED} numbers")
        seqs += range(ends[0], ends[1] + 1)
    if not seqs or seqs[-1] != last:
        raise fields.fail("'joined' does not end at 'seq'")
    return tuple(seqs)


def sender(payload: bytes) -> tuple[str | None, int | None]:
    """(gw, seq) of a message that may be unusable otherwise, so that it can be acknowledged; None where unreadable.

    Of a joined message too: whichever of its parts is unusable, the others are not. What is not acknowledged comes
    again, each part alone.
    """
    try:
        fields = Fields(json.loads(payload), payload, "message")
        if "joined" in fields.body:
            return None, None
        return fields.ident("gw"), fields.integer("seq")
    except (ValueError, RecursionError, AttributeError, TypeError, DecodeError):
        return None, None
