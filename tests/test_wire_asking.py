"""What a hub asks of an edge and what it answers: there and back, by its schema, and whatever is broken is said so."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sensor_hub.errors import DecodeError
from sensor_hub.model.asking import (
    VERB_OF,
    VERBS,
    CheckSensor,
    ListSensors,
    PairedSensor,
    PairSensor,
    Refusal,
    Reply,
    Request,
    ScanAir,
    UnpairSensor,
)
from sensor_hub.model.link import PodState
from sensor_hub.model.sensor_view import HeardSensor, SensorCheck
from sensor_hub.wire import (
    Topics,
    decode_device_state,
    decode_gateway_state,
    decode_reply,
    decode_request,
    encode_device_state,
    encode_gateway_state,
    encode_reply,
    encode_request,
)

TOPICS = Topics("club")
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SIDES, MOUNTS = st.sampled_from(["L", "R", "U"]), st.sampled_from(["foot", "shank", "sacrum"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (zone beside)
PERCENTS = st.none() | st.integers(0, 100)
ASKS = st.one_of(
    st.just(ListSensors()),
    st.builds(ScanAir, st.integers(1, 30).map(float)),
    st.builds(UnpairSensor, IDS),
    st.builds(CheckSensor, IDS, st.integers(1, 60).map(float)),
    st.builds(
        PairSensor,
        IDS,
        st.none() | IDS,
        st.just("Europe/Lisbon"),
        st.booleans(),
        SIDES,
        st.none() | MOUNTS,
        st.none() | NAMES,
    ),
)
REQUESTS = st.builds(Request, IDS, IDS, ASKS, MOMENTS, st.sampled_from([30.0, 5.5]))
SENSORS = st.builds(
    PairedSensor, IDS, NAMES, NAMES, SIDES, st.none() | MOUNTS, st.none() | IDS, st.none() | IDS, PERCENTS
)
HEARD = st.builds(
    HeardSensor, IDS, NAMES, st.none() | NAMES, st.none() | st.integers(-127, 20),
    st.lists(MOUNTS, max_size=3).map(tuple), st.none() | IDS, NAMES, st.booleans(),
)  # fmt: skip
CODES = st.sampled_from(["battery-low", "not-heard", "gaps"])
VALUES = st.none() | st.integers(0, 100).map(float)
CHECKS = st.builds(
    SensorCheck, IDS, MOMENTS, st.sampled_from(["fit", "look", "no"]),
    st.lists(st.tuples(CODES, VALUES), max_size=3).map(tuple), st.none() | NAMES,
)  # fmt: skip
REPLIES = st.builds(
    Reply, IDS, IDS, st.sampled_from(VERBS), MOMENTS,
    st.none() | st.builds(Refusal, st.sampled_from(["busy", "in-run", "failed"]), NAMES),
    st.lists(SENSORS, max_size=3).map(tuple), st.lists(HEARD, max_size=3).map(tuple), st.none() | CHECKS,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def schema(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((files("sensor_hub") / "schemas" / f"{kind}.json").read_text("utf-8")))


SCHEMAS = {kind: schema(kind) for kind in ("reply", *(f"cmd-{verb}" for verb in VERBS))}


@given(REQUESTS)
def test_a_request_comes_back_as_it_was_sent_and_keeps_to_its_schema(request: Request) -> None:
    message = encode_request(request, TOPICS)
    assert message.topic == f"sensorhub/v1/club/gw/{request.gw}/cmd/{request.verb}"
    assert (message.qos, message.retain) == (1, False)
    SCHEMAS[f"cmd-{request.verb}"].validate(json.loads(message.payload))
    assert decode_request(request.verb, message.payload) == request


@given(REPLIES)
def test_a_reply_comes_back_as_it_was_said_and_keeps_to_its_schema(reply: Reply) -> None:
    message = encode_reply(reply, TOPICS)
    assert message.topic == f"sensorhub/v1/club/gw/{reply.gw}/reply/{reply.id}"
    assert (message.qos, message.retain) == (1, False)
    SCHEMAS["reply"].validate(json.loads(message.payload))
    assert decode_reply(message.payload) == reply


def test_every_verb_has_a_schema_and_every_ask_a_verb() -> None:
    assert sorted(VERB_OF.values()) == sorted(VERBS)
    there = {f.name for f in (files("sensor_hub") / "schemas").iterdir()}
    assert {name for name in there if name.startswith("cmd-")} == {f"cmd-{verb}.json" for verb in VERBS}


def scan_body(**changes: object) -> bytes:
    body = json.loads(encode_request(Request("r-1", "edge-1", ScanAir(8.0), NOW), TOPICS).payload)
    return json.dumps(body | changes).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": 0.5}, {"seconds": 31}, {"seconds": None}, {"seconds": True}, {"seconds": "8"}, {"v": 2},
        {"type": "cmd-pair"}, {"id": "../x"}, {"id": ""}, {"gw": 7}, {"sent_utc": "now"}, {"expires_s": -1},
        {"expires_s": 1e9},
    ],
)  # fmt: skip
def test_a_request_with_one_wrong_field_is_refused(changes: dict[str, object]) -> None:
    assert decode_request("scan", scan_body()).ask == ScanAir(8.0)
    with pytest.raises(DecodeError):
        decode_request("scan", scan_body(**changes))


def test_a_verb_that_is_none_and_a_topic_of_another_verb_are_refused() -> None:
    for verb in ("record-start", "", "list", "SCAN"):
        with pytest.raises(DecodeError):
            decode_request(verb, scan_body())


def test_what_is_not_known_is_passed_over_and_an_unknown_refusal_is_a_failure_with_its_text() -> None:
    assert decode_request("scan", scan_body(loudness=7)).ask == ScanAir(8.0)
    reply = Reply("r-1", "edge-1", "scan", NOW, Refusal("busy", "wait"))
    body = json.loads(encode_reply(reply, TOPICS).payload)
    body["refusal"]["code"] = "too-wet"
    assert decode_reply(json.dumps(body).encode()).refusal == Refusal("failed", "wait")


def reads(payload: bytes) -> None:
    """Whatever comes, it is read or refused in words of ours."""
    for verb in VERBS:
        try_to(lambda verb=verb: decode_request(verb, payload))
    for read in (decode_reply, decode_device_state, decode_gateway_state):
        try_to(lambda read=read: read(payload))


def try_to(read: Any) -> None:
    with suppress(DecodeError):
        read()


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_decode_error_and_nothing_else(payload: bytes) -> None:
    reads(payload)


@given(st.one_of(REQUESTS.map(lambda r: encode_request(r, TOPICS)), REPLIES.map(lambda r: encode_reply(r, TOPICS))),
       st.data())  # fmt: skip
def test_a_field_of_any_other_kind_is_refused_with_a_decode_error_and_nothing_else(message: Any, data: Any) -> None:
    body = json.loads(message.payload)
    at = body
    for _ in range(3):  # down into lists and objects
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        at[key] = data.draw(JSON)
        break
    reads(json.dumps(body).encode())


def test_the_states_that_edges_keep_at_the_broker_are_read() -> None:
    said = encode_gateway_state("edge-1", "ready", TOPICS, ("scan", "pair", "fly")).payload
    report = decode_gateway_state(said)
    assert (report.gw, report.is_ready, report.takes) == ("edge-1", True, frozenset(("scan", "pair")))
    old = json.loads(said)
    del old["takes"]
    assert decode_gateway_state(json.dumps(old).encode()).takes == frozenset(), "an edge of before takes nothing"
    state = PodState("pod-1", "streaming", battery_percent=81, n_reconnects=2, n_dropped=3)
    device = decode_device_state(
        encode_device_state(state, gw="edge-1", profile="x@1", side="L", topics=TOPICS).payload
    )
    assert (device.device, device.state, device.battery_percent) == ("pod-1", "streaming", 81)
    assert (device.n_reconnects, device.n_dropped, device.side) == (2, 3, "L")


def test_a_request_says_when_it_is_over() -> None:
    request = decode_request("scan", scan_body(expires_s=12))
    assert request.sent_utc + timedelta(seconds=request.expires_s) == NOW + timedelta(seconds=12)
