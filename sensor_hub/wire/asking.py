"""What a hub asks of an edge, what it answers, and states of gateways and sensors as a hub reads them ↔ messages.

Whatever is wrong with a message is a DecodeError. Unknown fields are ignored, an unknown verb is none of ours.
"""

import math
import re
from typing import Any, Final, get_args

from sensor_hub.model.asking import (
    LONGEST_CHECK_S,
    LONGEST_SCAN_S,
    MOST_HEARD,
    VERBS,
    Ask,
    CheckSensor,
    ListSensors,
    PairedSensor,
    PairSensor,
    Refusal,
    RefusalCode,
    Reply,
    Request,
    ScanAir,
    UnpairSensor,
)
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.message import Message
from sensor_hub.model.sensor_view import DeviceReport, DeviceState, GatewayReport, HeardSensor, SensorCheck
from sensor_hub.wire.reading import Fields, parse
from sensor_hub.wire.topics import VERSION, Topics
from sensor_hub.wire.writing import Body, dump, iso, number

MOST_SENSORS: Final = 1000  # ours, of one edge
MOST_FOUND: Final = 40  # findings of one check; there are fewer kinds
LONGEST_EXPIRY_S: Final = 3600.0
_SIDES: Final = frozenset(get_args(Side))
_MOUNTS: Final = frozenset(get_args(Mount))
_STATES: Final = frozenset(get_args(DeviceState))
_VERDICTS: Final = frozenset(("fit", "look", "no"))
_REFUSALS: Final = frozenset(get_args(RefusalCode))
_CODE: Final = re.compile(r"[a-z0-9-]{1,40}")


# --- requests --------------------------------------------------------------------------------------------------------


def encode_request(request: Request, topics: Topics) -> Message:
    """Return a request; never retained, so that nobody does it again who comes later."""
    body: Body = {
        "v": VERSION, "type": f"cmd-{request.verb}", "id": request.id, "gw": request.gw,
        "sent_utc": iso(request.sent_utc), "expires_s": number(request.expires_s), **_asked(request.ask),
    }  # fmt: skip
    return Message(topics.command(request.gw, request.verb), dump(body), 1)


def _asked(ask: Ask) -> Body:
    match ask:
        case ScanAir(seconds):
            return {"seconds": number(seconds)}
        case PairSensor():
            return {
                "key": ask.key, "ath": ask.athlete, "tz": ask.zone, "simulated": ask.simulated, "side": ask.side,
                "mount": ask.mount, "called": ask.name,
            }  # fmt: skip
        case UnpairSensor(device):
            return {"dev": device}
        case CheckSensor(device, seconds):
            return {"dev": device, "seconds": number(seconds)}
        case ListSensors():
            return {}


def decode_request(verb: str, payload: bytes) -> Request:
    """Read a request that came under a verb of its topic."""
    fields = parse(payload, "cmd")
    if verb not in VERBS or fields.text("type") != f"cmd-{verb}":
        raise fields.fail(f"it is no request {verb!r}")
    return Request(
        fields.ident("id"),
        fields.ident("gw"),
        _ask_of(verb, fields),
        fields.moment("sent_utc"),
        _within(fields, "expires_s", 0.0, LONGEST_EXPIRY_S),
    )


def _ask_of(verb: str, fields: Fields) -> Ask:
    match verb:
        case "scan":
            return ScanAir(_within(fields, "seconds", 1.0, LONGEST_SCAN_S))
        case "pair":
            return PairSensor(
                key=fields.ident("key"),
                athlete=_maybe_ident(fields, "ath"),
                zone=fields.label("tz"),
                simulated=_flag(fields, "simulated"),
                side=fields.choice("side", _SIDES),
                mount=fields.maybe_choice("mount", _MOUNTS),
                name=_maybe_label(fields, "called"),
            )
        case "unpair":
            return UnpairSensor(fields.ident("dev"))
        case "check":
            return CheckSensor(fields.ident("dev"), _within(fields, "seconds", 1.0, LONGEST_CHECK_S))
    return ListSensors()


# --- replies ---------------------------------------------------------------------------------------------------------


def encode_reply(reply: Reply, topics: Topics) -> Message:
    """Return an answer."""
    body: Body = {
        "v": VERSION, "type": "reply", "id": reply.id, "gw": reply.gw, "verb": reply.verb, "at_utc": iso(reply.at_utc),
    }  # fmt: skip
    if reply.refusal is not None:
        body["refusal"] = {"code": reply.refusal.code, "text": reply.refusal.text}
    if reply.sensors:
        body["sensors"] = [_paired_body(sensor) for sensor in reply.sensors]
    if reply.heard:
        body["heard"] = [_heard_body(heard) for heard in reply.heard]
    if reply.check is not None:
        body["check"] = _check_body(reply.check)
    return Message(topics.reply(reply.gw, reply.id), dump(body), 1)


def decode_reply(payload: bytes) -> Reply:
    """Read an answer."""
    fields = parse(payload, "reply")
    if fields.text("type") != "reply":
        raise fields.fail("it is no reply")
    return Reply(
        id=fields.ident("id"),
        gw=fields.ident("gw"),
        verb=fields.choice("verb", frozenset(VERBS)),
        at_utc=fields.moment("at_utc"),
        refusal=None if fields.body.get("refusal") is None else _refusal(fields.inner("refusal")),
        sensors=tuple(_paired(inner) for inner in _objects(fields, "sensors", MOST_SENSORS)),
        heard=tuple(_heard(inner) for inner in _objects(fields, "heard", MOST_HEARD)),
        check=None if fields.body.get("check") is None else _check(fields.inner("check")),
    )


def _refusal(fields: Fields) -> Refusal:
    """An unknown code of a newer edge is a failure that its text tells."""
    code = fields.label("code")
    return Refusal(code if code in _REFUSALS else "failed", fields.label("text", ""))  # type: ignore[arg-type]


def _paired_body(sensor: PairedSensor) -> Body:
    return {
        "dev": sensor.device, "called": sensor.name, "profile": sensor.profile, "side": sensor.side,
        "mount": sensor.mount, "ath": sensor.athlete, "worn_by": sensor.worn_by,
        "battery_percent": sensor.battery_percent,
    }  # fmt: skip


def _paired(fields: Fields) -> PairedSensor:
    return PairedSensor(
        device=fields.ident("dev"),
        name=fields.label("called"),
        profile=fields.label("profile"),
        side=fields.choice("side", _SIDES),
        mount=fields.maybe_choice("mount", _MOUNTS),
        athlete=_maybe_ident(fields, "ath"),
        worn_by=_maybe_ident(fields, "worn_by"),
        battery_percent=_percent(fields, "battery_percent"),
    )


def _heard_body(heard: HeardSensor) -> Body:
    return {
        "key": heard.key, "called": heard.name, "profile": heard.profile, "profile_name": heard.profile_name,
        "rssi_dbm": heard.rssi_dbm, "mounts": list(heard.mounts), "asks_side": heard.asks_side, "paired": heard.paired,
    }  # fmt: skip


def _heard(fields: Fields) -> HeardSensor:
    mounts = fields.texts("mounts")
    if not _MOUNTS.issuperset(mounts):
        raise fields.fail(f"'mounts' has an entry that is not one of {sorted(_MOUNTS)}")
    return HeardSensor(
        key=fields.ident("key"),
        name=fields.label("called"),
        profile=_maybe_label(fields, "profile"),
        rssi_dbm=_whole(fields, "rssi_dbm", -200, 100),
        mounts=mounts,  # type: ignore[arg-type]
        paired=_maybe_ident(fields, "paired"),
        profile_name=fields.label("profile_name", ""),
        asks_side=_flag(fields, "asks_side"),
    )


def _check_body(check: SensorCheck) -> Body:
    found = [{"code": code, "value": number(value)} for code, value in check.found]
    return {
        "dev": check.device, "checked_utc": iso(check.checked_utc), "verdict": check.verdict, "found": found,
        "problem": check.problem,
    }  # fmt: skip


def _check(fields: Fields) -> SensorCheck:
    return SensorCheck(
        fields.ident("dev"),
        fields.moment("checked_utc"),
        fields.choice("verdict", _VERDICTS),
        tuple((_code(inner), inner.maybe("value")) for inner in _objects(fields, "found", MOST_FOUND)),
        _maybe_label(fields, "problem"),
    )


def _code(fields: Fields) -> str:
    code = fields.label("code")
    if not _CODE.fullmatch(code):
        raise fields.fail("'code' is no code of a finding")
    return code


# --- states ----------------------------------------------------------------------------------------------------------


def decode_gateway_state(payload: bytes) -> GatewayReport:
    """Read the retained state of a gateway. What it takes is nothing where it does not say."""
    fields = parse(payload, "state")
    takes = fields.texts("takes") if fields.body.get("takes") is not None else ()
    return GatewayReport(fields.ident("gw"), fields.label("state") == "ready", frozenset(takes) & frozenset(VERBS))


def decode_device_state(payload: bytes) -> DeviceReport:
    """Read the retained state of a sensor."""
    fields = parse(payload, "device-state")
    if fields.text("type") != "device-state":
        raise fields.fail("it is no state of a sensor")
    return DeviceReport(
        device=fields.ident("dev"),
        gw=fields.ident("gw"),
        state=fields.choice("state", _STATES),
        profile=fields.label("profile"),
        side=fields.choice("side", _SIDES),
        battery_percent=_percent(fields, "battery_percent"),
        n_reconnects=_count(fields, "n_reconnects"),
        n_dropped=_count(fields, "n_dropped"),
    )


# --- fields ----------------------------------------------------------------------------------------------------------


def _objects(fields: Fields, name: str, most: int) -> list[Fields]:
    """Objects of a list, each to be asked for its fields; none where it is absent."""
    values: list[Any] = fields.list_of(name) if fields.body.get(name) is not None else []
    if len(values) > most:
        raise fields.fail(f"{name!r} has {len(values)} entries, more than {most}")
    if not all(isinstance(value, dict) for value in values):
        raise fields.fail(f"{name!r} has an entry that is not an object")
    return [Fields(value, fields.payload, f"{fields.wire_format}.{name}") for value in values]


def _within(fields: Fields, name: str, lowest: float, highest: float) -> float:
    value = fields.maybe(name)
    if value is None or math.isnan(value) or not lowest <= value <= highest:
        raise fields.fail(f"{name!r} is not a number from {lowest:g} to {highest:g}")
    return value


def _whole(fields: Fields, name: str, lowest: int, highest: int) -> int | None:
    value = fields.body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise fields.fail(f"{name!r} is not a whole number from {lowest} to {highest}")
    return value


def _percent(fields: Fields, name: str) -> int | None:
    return _whole(fields, name, 0, 100)


def _count(fields: Fields, name: str) -> int:
    return 0 if fields.body.get(name) is None else fields.integer(name)


def _flag(fields: Fields, name: str) -> bool:
    value = fields.body.get(name, False)
    if not isinstance(value, bool):
        raise fields.fail(f"{name!r} is neither true nor false")
    return value


def _maybe_ident(fields: Fields, name: str) -> str | None:
    return None if fields.body.get(name) is None else fields.ident(name)


def _maybe_label(fields: Fields, name: str) -> str | None:
    return None if fields.body.get(name) is None else fields.label(name)


__all__ = [
    "decode_device_state", "decode_gateway_state", "decode_reply", "decode_request", "encode_reply",
    "encode_request",
]  # fmt: skip
