import json
import math
import re
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sensor_hub.errors import DecodeError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import LEVELS, Finding, FindingMeasure
from sensor_hub.model.gait import UNKNOWN_TEXT, StepTable
from sensor_hub.model.load import Headroom, LoadStatus, Totals
from sensor_hub.model.message import Ack, DeadLetter, Message
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
from sensor_hub.wire import (
    Topics,
    decode,
    decode_ack,
    encode,
    encode_ack,
    encode_dead_letter,
    encode_finding,
    encode_gateway_state,
    encode_load,
    sender,
)
from tests.wire_strategies import EVENTS, FINDINGS, IDS, LOADS, TEXTS

TOPICS = Topics("club")
TYPES = [
    "ack", "alert", "cmd-check", "cmd-list", "cmd-pair", "cmd-scan", "cmd-unpair", "dead-letter", "decode-failed",
    "device-state", "gap", "live", "load", "pause", "reply", "start", "state", "steps", "summary",
]  # fmt: skip
HEADER = SessionHeader(
    "01jd", "k3f9", "Europe/Lisbon", "live", "imu", "m-1", "ref-1", "imu-generic@1", "run", "imu/foot/foot-1.0",
    "treadmill",
)  # fmt: skip
RESOLUTION = 0.5e-6  # the contract rounds to a millionth
PERSONAL = {"name", "display_name", "email", "e_mail", "address", "mac", "mass_kg", "height_m", "birth", "age"}


def schema(kind: str) -> dict[str, Any]:
    text = (files("sensor_hub") / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


VALIDATORS = {kind: Draft202012Validator(schema(kind)) for kind in TYPES}


def checked(message: Message) -> dict[str, Any]:
    """The body of a message, once its schema and its topic were found right."""
    body: dict[str, Any] = json.loads(message.payload)
    VALIDATORS[body["type"]].validate(body)
    assert re.fullmatch(r"[a-z0-9\-/+#_]+", message.topic), message.topic
    return body


def body_of(event: Event) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(encode(event, topics=TOPICS, gw="edge-1", seq=7).payload)
    return body


def dumped(body: object) -> bytes:
    return json.dumps(body).encode()


def alike(a: object, b: object) -> bool:
    """Equal up to the rounding of the contract; what is not finite comes back as unknown."""
    if isinstance(a, StepTable) and isinstance(b, StepTable):
        return all(alike(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.dtype.kind != "f":
            return bool(np.array_equal(a, b))
        return bool(a.shape == b.shape and np.allclose(a, b, rtol=0, atol=RESOLUTION, equal_nan=True))
    if is_dataclass(a):
        return type(a) is type(b) and all(alike(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, float):
        return b is None if not math.isfinite(a) else isinstance(b, float) and abs(a - b) <= RESOLUTION
    return a == b


def two_steps() -> StepBatch:
    columns = {f.name: np.array([0.5, np.nan]) for f in fields(StepTable)}
    columns["time_utc_us"] = np.array([1_800_000_000_000_000, 1_800_000_000_350_000])
    columns["side"] = np.array(["L", "R"])
    columns["step_time_origin"] = np.array(["estimated", ""])
    columns["gait"] = np.array(["run", ""])
    return StepBatch(HEADER, datetime(2026, 1, 1, tzinfo=UTC), StepTable(**columns), Totals(n_steps=2.0))


MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
EACH: dict[str, Event] = {
    "start": SessionStarted(HEADER, MOMENT, ("pod-1",)),
    "steps": two_steps(),
    "live": LiveReading(HEADER, MOMENT, "L", 170.0, 0.24, Totals()),
    "gap": GapFound(HEADER, "pod-1", MOMENT, MOMENT, "silence"),
    "pause": SessionPaused(HEADER, MOMENT, MOMENT),
    "decode-failed": DecodeFailed(HEADER, "pod-1", "2a53", MOMENT, "left over"),
    "summary": SessionSummary(HEADER, MOMENT, MOMENT, Totals()),
}


# --- schemas ---------------------------------------------------------------------------------------------------------


def test_every_message_type_has_one_schema_file() -> None:
    others = {
        "firmware-profile.json",  # describes a file, not a message
        "hub-state.json", "status.json",  # for a Home Assistant: tests/test_wire_home_assistant.py
    }  # fmt: skip
    there = {f.name for f in (files("sensor_hub") / "schemas").iterdir()}
    assert sorted(there - others) == [f"{kind}.json" for kind in TYPES]


def test_steps_and_totals_are_described_column_by_column() -> None:
    words = ("side", "t0", "dt_s")
    columns = set(schema("steps")["properties"]) - {"total", *words}
    assert columns >= {f.name for f in fields(StepTable)} - {"time_utc_us", "side"}
    for kind in ("steps", "live", "summary"):
        assert set(schema(kind)["properties"]["total"]["properties"]) == {f.name for f in fields(Totals)}


def test_the_schema_of_an_alert_knows_every_measure_and_level_of_a_finding() -> None:
    known = schema("alert")["properties"]
    assert set(known["measure"]["enum"]) == {measure for some in get_args(FindingMeasure) for measure in get_args(some)}
    assert set(known["level"]["enum"]) == set(LEVELS)


@pytest.mark.parametrize("kind", ["start", "steps", "live", "gap", "pause", "decode-failed", "summary"])
def test_the_schema_of_every_message_of_a_session_has_the_whole_header(kind: str) -> None:
    body = json.loads(encode(EACH[kind], topics=TOPICS, gw="edge-1", seq=1).payload)
    assert set(body) | ({"joined"} if kind == "steps" else set()) == set(schema(kind)["properties"])
    for name in ("instrument", "surface"):
        assert name not in schema(kind)["required"], "an older edge does not say it"


@pytest.mark.parametrize("kind", ["steps", "live", "summary"])
def test_every_force_of_the_tendon_says_modelled_and_how_far_off_it_may_be(kind: str) -> None:
    loaded = schema(kind)["properties"]
    told = loaded["total"]["properties"] | (loaded if kind == "steps" else {})
    forces = {name for name in told if name.endswith(("_bw", "_bw_s")) and not name.startswith("vgrf")}
    assert len(forces) >= 7
    for name in forces:
        assert "odelled" in told[name]["description"], name
        assert "±40 %" in told[name]["description"], name
    for name in {name for name in told if name.endswith("_sd")} - {"contact_time_sd", "vgrf_peak_sd"}:
        assert "One standard deviation of" in told[name]["description"], name
        assert "comparison with the same runner's" in told[name]["description"], name


def described(node: dict[str, Any], path: str) -> None:
    for name, child in node.get("properties", {}).items():
        assert child.get("description"), f"{path}.{name} has no description"
        unit = {"_s": "s", "_m": "m", "_bw": "BW", "_bw_s": "BW·s", "_spm": "steps/min", "_mps": "m/s"}
        suffix = next((s for s in ("_bw_s", "_bw", "_spm", "_mps", "_s", "_m") if name.endswith(s)), None)
        if suffix:
            assert unit[suffix] in child["description"], f"{path}.{name} does not say its unit"
        described(child, f"{path}.{name}")
        described(child.get("items", {}), f"{path}.{name}[]")


@pytest.mark.parametrize("kind", TYPES)
def test_a_schema_is_valid_and_describes_every_field_with_its_unit(kind: str) -> None:
    loaded = schema(kind)
    Draft202012Validator.check_schema(loaded)
    assert loaded["$id"] == f"urn:sensor-hub:v1:{kind}"
    assert loaded["properties"]["type"]["const"] == kind
    assert "additionalProperties" not in loaded
    described(loaded, kind)


@pytest.mark.parametrize("kind", TYPES)
def test_no_schema_has_a_field_for_a_persons_name_or_body(kind: str) -> None:
    def names(node: dict[str, Any]) -> set[str]:
        inner = node.get("properties", {})
        below = (names(c) | names(c.get("items", {})) for c in inner.values())
        return set(inner).union(*below)

    assert not names(schema(kind)) & PERSONAL


@given(EVENTS)
def test_every_event_fits_its_schema_and_topic(event: Event) -> None:
    message = encode(event, topics=TOPICS, gw="edge-1", seq=3)
    body = checked(message)
    assert message.topic.startswith(f"sensorhub/v1/club/ath/{event.header.athlete}/")
    assert (message.qos, message.retain) == (0 if body["type"] == "live" else 1, False)


@given(LOADS)
def test_every_load_fits_its_schema(status: LoadStatus) -> None:
    message = encode_load(status, TOPICS)
    assert checked(message)["ath"] == status.athlete
    assert message.retain


@given(FINDINGS)
def test_every_finding_fits_its_schema_and_a_withdrawn_one_is_empty(finding: Finding) -> None:
    message, cleared = encode_finding(finding, TOPICS), encode_finding(replace(finding, withdrawn=True), TOPICS)
    assert checked(message)["id"] == finding.id
    assert (cleared.topic, cleared.payload, cleared.retain) == (message.topic, b"", True)


@given(IDS, st.lists(st.integers(0, 2**63 - 1), max_size=5))
def test_an_ack_fits_its_schema_and_comes_back(gw: str, seqs: list[int]) -> None:
    message = encode_ack(Ack(gw, seqs), TOPICS)
    assert checked(message)["seqs"] == seqs
    assert decode_ack(message.payload) == Ack(gw, seqs)


@given(TEXTS, st.binary(max_size=6000), TEXTS)
def test_a_dead_letter_fits_its_schema_whatever_its_reason(topic: str, payload: bytes, reason: str) -> None:
    body = checked(encode_dead_letter(DeadLetter(topic, payload, reason), TOPICS))
    assert bytes.fromhex(body["payload_hex"]) == payload[:4096]


@pytest.mark.parametrize("state", ["ready", "lost"])
def test_a_gateway_state_fits_its_schema(state: str) -> None:
    message = encode_gateway_state("edge-1", state, TOPICS)
    assert checked(message)["state"] == state
    assert message.retain


def test_a_schema_refuses_a_message_without_its_session() -> None:
    body = body_of(SessionStarted(HEADER, datetime(2026, 1, 1, tzinfo=UTC), ("pod-1",)))
    del body["sid"]
    assert not VALIDATORS["start"].is_valid(body)


# --- there and back --------------------------------------------------------------------------------------------------


@given(EVENTS, IDS, st.integers(0, 2**63 - 1))
def test_an_event_comes_back_up_to_the_rounding(event: Event, gw: str, seq: int) -> None:
    payload = encode(event, topics=TOPICS, gw=gw, seq=seq).payload
    envelope = decode(payload)
    assert (envelope.gw, envelope.seq) == (gw, seq) == sender(payload)
    assert alike(event, envelope.event), envelope.event
    assert encode(envelope.event, topics=TOPICS, gw=gw, seq=seq).payload == payload


def test_unknown_is_null_and_never_zero() -> None:
    moment = datetime(2026, 11, 20, 6, 31, 4, 120000, tzinfo=UTC)
    body = body_of(LiveReading(HEADER, moment, "L", None, float("nan"), Totals(load_eq_km=float("nan"))))
    assert body["cadence_spm"] is body["contact_time_s"] is body["total"]["load_eq_km"] is None
    assert body["t"] == "2026-11-20T06:31:04.120000Z"


def test_unknown_numbers_of_a_load_are_null_however_deep() -> None:
    nan = float("nan")
    room = Headroom("load_eq_km", nan, None, nan, nan, "low", "no-history")
    body = checked(encode_load(LoadStatus("k3f9", "UTC", "2026-11-20", nan, None, nan, None, (room,), "live"), TOPICS))
    assert body["today_distance_m"] is body["headroom"][0]["left"] is None


def test_unknown_fields_are_ignored() -> None:
    event = SessionStarted(HEADER, datetime(2026, 1, 1, tzinfo=UTC), ("pod-1",))
    assert decode(dumped(body_of(event) | {"future": {"any": [1, None]}})).event == event


def test_a_message_without_the_later_fields_still_decodes() -> None:
    event = SessionStarted(HEADER, datetime(2026, 1, 1, tzinfo=UTC), ())
    body = body_of(event)
    del body["ledger"]
    assert decode(dumped(body)).event == event


STEPS_LATER: dict[int, tuple[str, ...]] = {
    2: ("foot_pitch_rad", "step_time_origin"),
    3: ("vgrf_peak_sd", "achilles_peak_sd", "achilles_impulse_sd", "achilles_push_off_bw_s", "grade", "gait"),
    4: (),
}
TOTALS_LATER = {
    2: ("duty_factor", "flight_time_s", "contact_balance_left", "contact_time_bias_s", "foot_pitch_rad", "foot_strike"),
    3: (
        "hard_load_sd", "load_bw_s", "load_left_bw_s", "load_right_bw_s", "push_off_bw_s", "load_m4_eq_km",
        "load_m9_eq_km", "achilles_peak_bw", "vgrf_peak_bw", "vertical_stiffness_bw_per_m", "leg_stiffness_bw_per_m",
        "n_walk_steps", "walk_load_bw_s",
    ),
    4: ("median_speed_mps", "speed_5min_mps", "uphill_s", "ascent_m"),
}  # fmt: skip


@pytest.mark.parametrize("since", [2, 3, 4])
def test_a_message_of_an_older_edge_reads_as_unknown_where_it_says_nothing(since: int) -> None:
    body = body_of(two_steps())
    steps_later, totals_later = ([n for v, ns in later.items() if v >= since for n in ns]
                                 for later in (STEPS_LATER, TOTALS_LATER))  # fmt: skip
    for name in steps_later:
        del body[name]
    for name in totals_later:
        del body["total"][name]
    if since < 4:
        del body["instrument"], body["surface"]
    VALIDATORS["steps"].validate(body)
    event = decode(dumped(body)).event
    assert isinstance(event, StepBatch)
    for name in steps_later:
        column = getattr(event.steps, name)
        assert (column == UNKNOWN_TEXT).all() if column.dtype.kind == "U" else np.isnan(column).all(), name
    assert {getattr(event.totals, name) for name in totals_later} == {None}
    said = (body.get("instrument", ""), body.get("surface", "unknown"))
    assert (event.header.instrument, event.header.surface) == said


BEFORE = (Path(__file__).parent / "messages-before-achilles-1.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("payload", BEFORE, ids=lambda payload: json.loads(payload)["type"])
def test_every_message_that_was_sent_before_the_load_model_still_reads_and_fits(payload: bytes) -> None:
    told = json.loads(payload)
    VALIDATORS[told["type"]].validate(told)
    envelope = decode(payload)
    assert envelope.event.header.model == "achilles-0.1"
    again = json.loads(encode(envelope.event, topics=TOPICS, gw=envelope.gw, seq=envelope.seq).payload)
    assert again["instrument"] == ""
    assert again["surface"] == "unknown"
    if "total" in told:
        assert {name: again["total"][name] for name in told["total"]} == told["total"]
        assert {value for name, value in again["total"].items() if name not in told["total"]} == {None}
    assert {name: again[name] for name in told if name != "total"} == {n: told[n] for n in told if n != "total"}


@pytest.mark.parametrize("version", [0, 2, "1", None, True, [1], 10**30])
def test_an_unknown_version_is_a_decode_error(version: object) -> None:
    body = body_of(SessionStarted(HEADER, datetime(2026, 1, 1, tzinfo=UTC), ()))
    with pytest.raises(DecodeError, match="unknown version"):
        decode(dumped(body | {"v": version}))


@pytest.mark.parametrize("kind", ["lap", "", "ack", "STEPS"])
def test_an_unknown_type_is_a_decode_error(kind: str) -> None:
    body = body_of(SessionStarted(HEADER, datetime(2026, 1, 1, tzinfo=UTC), ()))
    with pytest.raises(DecodeError, match="unknown type"):
        decode(dumped(body | {"type": kind}))


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("t0", "yesterday", "ISO 8601"),
        ("t0", "2026-11-20T06:31:04", "no time zone"),
        ("t0", "9999-12-31T23:59:59.9Z", "the year 9999"),
        ("t0", "0001-01-01T00:00:00Z", "the year 1;"),
        ("t0", 1, "not text"),
        ("tz", "\ud800", "half a character"),
        ("side", ["L", "X"], "not L, R or U"),
        ("side", "LR", "not a list"),
        ("dt_s", [0.0], "1 entries, not 2"),
        ("dt_s", [0.0, None], "unknown or beyond"),
        ("contact_time_s", [0.2, "0.2"], "not a number"),
        ("contact_time_s", [0.2, True], "not a number"),
        ("contact_time_s", [0.2, 10**400], "too large"),
        ("contact_time_s", [0.2, float("inf")], "not finite"),
        ("total", [], "not an object"),
        ("step_time_origin", ["measured", "guessed"], "not one of"),
        ("step_time_origin", ["measured", 1], "not one of"),
        ("step_time_origin", [["measured"], None], "not one of"),
        ("step_time_origin", ["measured"], "1 entries, not 2"),
        ("gait", ["run", "jog"], "not one of"),
        ("gait", ["run"], "1 entries, not 2"),
        ("grade", [0.03], "1 entries, not 2"),
        ("achilles_peak_sd", [0.03, "0.1"], "not a number"),
        ("instrument", None, "not text"),
        ("surface", "sand", "not one of"),
        ("ledger", "swim", "not one of"),
        ("origin", "rumour", "not one of"),
        ("ath", "Ann Smith", "not an id"),
        ("seq", -1, "not a whole number"),
        ("seq", True, "not a whole number"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object, problem: str) -> None:
    body = body_of(two_steps())
    with pytest.raises(DecodeError, match=re.escape(problem)) as caught:
        decode(dumped(body | {field: value}))
    assert field in caught.value.problem


@pytest.mark.parametrize(("strike", "problem"), [("heel", "not one of"), (1, "not text"), (["rearfoot"], "not text")])
def test_a_foot_strike_that_is_none_is_named(strike: object, problem: str) -> None:
    body = body_of(two_steps())
    body["total"]["foot_strike"] = strike
    with pytest.raises(DecodeError, match=f"'foot_strike' is .*{problem}"):
        decode(dumped(body))


@pytest.mark.parametrize("payload", [b"", b"[]", b"\xff", b"{", b"null", b"1" * 5000, b"[" * 100_000, b'{"v":1}'])
def test_what_is_no_message_is_a_decode_error_and_has_no_sender(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(payload)
    with pytest.raises(DecodeError):
        decode_ack(payload)
    assert sender(payload) == (None, None)


def test_an_ack_with_something_else_than_numbers_is_refused() -> None:
    for seqs in ([1, -1], [True], ["1"], [2**63], 5):
        with pytest.raises(DecodeError, match="seqs"):
            decode_ack(dumped({"v": 1, "type": "ack", "gw": "edge-1", "seqs": seqs}))


def test_the_sender_of_an_unusable_message_is_still_known() -> None:
    assert sender(b'{"v":99,"gw":"edge-1","seq":5,"type":"?"}') == ("edge-1", 5)


# --- nothing else than DecodeError ever escapes ----------------------------------------------------------------------

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


def survives(payload: bytes) -> None:
    """Whatever arrives decodes or is refused; what decodes can be told again."""
    gw, seq = sender(payload)
    assert (gw is None) == (seq is None)
    with suppress(DecodeError):
        decode_ack(payload)
    try:
        envelope = decode(payload)
    except DecodeError as error:
        str(error).encode()
        return
    again = encode(envelope.event, topics=TOPICS, gw=envelope.gw, seq=envelope.seq).payload
    decode(again)


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(payload: bytes) -> None:
    survives(payload)


@given(JSON)
def test_any_json_decodes_or_is_refused(value: object) -> None:
    survives(dumped(value))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS, st.data())
def test_any_change_of_a_valid_message_decodes_or_is_refused(event: Event, data: st.DataObject) -> None:
    body = body_of(event)
    inner = data.draw(st.sampled_from([body, *[v for v in body.values() if isinstance(v, dict)]]))
    name = data.draw(st.sampled_from(sorted(inner)))
    match data.draw(st.sampled_from(["drop", "replace", "nest", "list", "double"])):
        case "drop":
            del inner[name]
        case "replace":
            inner[name] = data.draw(JSON)
        case "nest":
            inner[name] = {name: inner[name]}
        case "list":
            inner[name] = [inner[name]]
        case _:
            assume(isinstance(inner[name], list | str))
            inner[name] = inner[name] * 2
    survives(dumped(body))


@given(EVENTS, st.data())
def test_any_flipped_or_cut_byte_decodes_or_is_refused(event: Event, data: st.DataObject) -> None:
    payload = bytearray(encode(event, topics=TOPICS, gw="edge-1", seq=1).payload)
    at = data.draw(st.integers(0, len(payload) - 1))
    survives(bytes(payload[:at]))
    payload[at] = data.draw(st.integers(0, 255))
    survives(bytes(payload))


@pytest.mark.parametrize("depth", [50, 500, 900, 980, 990, 1000, 5000])
def test_deep_nesting_is_refused(depth: int) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        survives(f'{{"v":{opening * depth}1{closing * depth}}}'.encode())
        survives(f'{{"v":1,"type":"start","gw":"e","seq":1,"ath":{opening * depth}1{closing * depth}}}'.encode())


# --- topics ----------------------------------------------------------------------------------------------------------


def test_a_hub_subscribes_to_what_edges_publish() -> None:
    live, session = TOPICS.from_edges
    assert live == TOPICS.live("+")
    assert session == "sensorhub/v1/club/ath/+/s/#"
    assert TOPICS.session("k3f9", "01jd", "steps").startswith("sensorhub/v1/club/ath/k3f9/s/")


def test_the_leaf_of_a_topic_says_what_kind_of_message_it_is() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert encode(two_steps(), topics=TOPICS, gw="e", seq=1).topic == TOPICS.session("k3f9", "01jd", "steps")
    started = SessionStarted(HEADER, moment, ())
    assert encode(started, topics=TOPICS, gw="e", seq=1).topic == TOPICS.session("k3f9", "01jd", "event")


def test_nothing_the_registry_knows_of_a_person_is_in_an_event() -> None:
    personal = {f.name for f in fields(Athlete)} - {"id", "zone", "simulated", "week_start"}
    assert personal == {"display_name", "mass_kg", "height_m"}
    for kind in TYPES:
        assert not personal & set(schema(kind)["properties"])


def test_a_steps_message_reads_as_the_contract_shows_it() -> None:
    body = body_of(two_steps())
    assert (body["v"], body["type"], body["gw"], body["seq"]) == (1, "steps", "edge-1", 7)
    assert body["t0"] == "2027-01-15T08:00:00.000000Z"
    assert (body["side"], body["dt_s"], body["contact_time_s"]) == (["L", "R"], [0.0, 0.35], [0.5, None])
    assert (body["step_time_origin"], body["foot_pitch_rad"]) == (["estimated", None], [0.5, None])
    assert (body["gait"], body["grade"], body["achilles_push_off_bw_s"]) == (["run", None], [0.5, None], [0.5, None])
    assert (body["instrument"], body["surface"]) == ("imu/foot/foot-1.0", "treadmill")
    assert body["total"]["n_steps"] == 2.0
