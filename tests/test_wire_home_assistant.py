"""A runner as a device of Home Assistant: by its documentation, with its templates, from messages of ours."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sensor_hub.model.link import PodState
from sensor_hub.model.load import Headroom, LoadStatus, LoadSums
from sensor_hub.wire import Topics, encode_device_state, encode_load
from sensor_hub.wire.home_assistant import (
    ENTITIES,
    Shown,
    WornSensor,
    athlete_of_config,
    config_topic,
    encode_gone,
    encode_hub_state,
    encode_shown,
    encode_status,
    is_ours,
)
from sensor_hub.words.home_assistant import battery_name, entity_names, runner_name
from tests.home_assistant import available, checked, state

TOPICS = Topics("home")
ANA = "k3vt7q2a"
NAMES = entity_names()
SHOWN = Shown(
    ANA, runner_name(ANA), "cafe0123", {e: NAMES[e] for e in ENTITIES}, (WornSensor("podleft2", "L", "Battery"),),
    f"https://hub.example/athlete/{ANA}", "1.2.3",
)  # fmt: skip
ROOM = (
    Headroom("distance_m", 10_000.0, 11_000.0, 5000.0, 6000.0, "normal"),
    Headroom("load_eq_km", 10.0, 11.0, 12.345, -1.345, "normal"),
    Headroom("hard_load_bw_s", None, None, None, None, "learning", "no-history"),
)
LOAD = LoadStatus(
    ANA, "UTC", "2026-11-20", 5000.4, 12.345, 29_400.0, float("nan"), ROOM, "live", LoadSums(hard_load_bw_s=123.45)
)


def components(shown: Shown = SHOWN) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = checked(encode_shown(shown, TOPICS).payload)["cmps"]
    return found


def test_a_device_is_as_home_assistants_documentation_has_it() -> None:
    message = encode_shown(SHOWN, TOPICS)
    assert (message.topic, message.retain) == (f"homeassistant/device/sensorhub_{ANA}/config", True)
    body = checked(message.payload)
    assert body["dev"]["ids"] == [f"sensorhub_{ANA}"]
    assert set(body["cmps"]) == {*ENTITIES, "battery_podleft2"}
    assert "cu" not in checked(encode_shown(replace(SHOWN, page=None), TOPICS).payload)["dev"]


def test_without_names_nothing_but_pseudonyms_is_said() -> None:
    assert runner_name(ANA) == f"Runner {ANA}"
    assert battery_name("L", None) == "Battery of the left sensor"
    assert battery_name("U", "Ana's pod") == "Battery of Ana's pod"


def test_what_is_modelled_is_called_so() -> None:
    for entity, name in NAMES.items():
        assert ("modelled" in name) == (entity.startswith(("load", "hard")))


@pytest.mark.parametrize(
    ("entity", "shows"),
    [
        ("load_today", 12.35), ("distance_today", 5000.0), ("hard_today", 123.5), ("load_left", -1.35),
        ("distance_left", 6000.0), ("hard_left", None), ("load_week", None), ("distance_week", 29_400.0),
    ],
)  # fmt: skip
def test_each_number_is_picked_out_of_the_load_message(entity: str, shows: float | None) -> None:
    message = encode_load(LOAD, TOPICS)
    component = components()[entity]
    assert component["stat_t"] == message.topic
    assert state(component, message.payload) == (None if shows is None else pytest.approx(shows, abs=0.06))


numbers = st.none() | st.floats(-1e6, 1e6) | st.just(float("nan"))
rooms = st.lists(
    st.builds(Headroom, st.sampled_from([h.measure for h in ROOM]), *[numbers] * 4, st.just("normal")),
    max_size=3, unique_by=lambda room: room.measure,
)  # fmt: skip


@given(numbers, numbers, rooms)
def test_what_is_unknown_is_never_shown_as_a_number(load: float | None, km: float | None, room: list[Headroom]) -> None:
    status = replace(LOAD, today_load_eq_km=load, week_distance_m=km, headroom=tuple(room))
    payload, known = encode_load(status, TOPICS).payload, components()
    left = {one.measure: one.left for one in room}
    for entity, value in [
        ("load_today", load), ("distance_week", km), ("load_left", left.get("load_eq_km")),
        ("hard_left", left.get("hard_load_bw_s")), ("distance_left", left.get("distance_m")),
    ]:  # fmt: skip
        shows = state(known[entity], payload)
        is_known = value is not None and value == value
        assert (shows is None) == (not is_known)
        if is_known:
            assert shows == pytest.approx(value, abs=0.51)


@pytest.mark.parametrize(
    ("status", "shows"), [("alert", "alert"), ("near", "near"), ("ok", "ok"), ("idle", "idle"), ("unknown", None)]
)
def test_the_status_is_a_word_of_the_list_or_unknown(status: str, shows: str | None) -> None:
    message, known = encode_status(ANA, status, 2, TOPICS), components()
    assert known["status"]["stat_t"] == known["alerts"]["stat_t"] == message.topic
    assert state(known["status"], message.payload) == shows
    assert state(known["alerts"], message.payload) == 2


@pytest.mark.parametrize("percent", [87, 0, None])
def test_a_battery_is_picked_out_of_the_sensors_own_state(percent: int | None) -> None:
    pod = PodState("podleft2", "streaming", battery_percent=percent)
    message = encode_device_state(pod, gw="edge-1", profile="p@1", side="L", topics=TOPICS)
    component = components()["battery_podleft2"]
    assert component["stat_t"] == message.topic
    assert state(component, message.payload) == percent


def test_while_its_hub_is_lost_a_device_is_not_there() -> None:
    body = checked(encode_shown(SHOWN, TOPICS).payload)
    ready, lost = (encode_hub_state("cafe0123", word, TOPICS) for word in ("ready", "lost"))
    assert body["avty"][0]["t"] == ready.topic == lost.topic
    assert available(body, ready.payload)
    assert not available(body, lost.payload)
    assert ready.retain


def test_what_the_hub_says_beside_it_keeps_to_its_schema() -> None:
    said = {
        "status": encode_status(ANA, "near", 1, TOPICS).payload,
        "hub-state": encode_hub_state("cafe0123", "lost", TOPICS).payload,
    }
    for name, payload in said.items():
        schema = json.loads((files("sensor_hub") / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(json.loads(payload))


def test_a_device_that_is_gone_is_an_empty_message_on_its_topic() -> None:
    gone = encode_gone(ANA)
    assert (gone.topic, gone.payload, gone.retain) == (config_topic(ANA), b"", True)


def test_ours_are_told_from_other_peoples_and_other_sites() -> None:
    ours = encode_shown(SHOWN, TOPICS).payload
    assert is_ours(ours, TOPICS)
    assert not is_ours(ours, Topics("away"))
    assert athlete_of_config(config_topic(ANA)) == ANA
    for topic in ("homeassistant/device/kitchen/config", "homeassistant/status", "homeassistant/device/a/b/config"):
        assert athlete_of_config(topic) is None


ODD = [b"{}", b"[]", b"null", b'{"o":1}', b'{"o":{"name":"sensor_hub"},"avty":7}', b"[" * 9000]


@given(st.binary(max_size=60) | st.sampled_from(ODD))
def test_no_bytes_of_somebody_else_are_taken_for_ours(payload: bytes) -> None:
    assert not is_ours(payload, TOPICS)
