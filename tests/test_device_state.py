"""The retained state of a sensor: what it says of each phase, and that it keeps to its schema."""

import json
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sensor_hub.model.link import PodPhase, PodState
from sensor_hub.wire import Topics, encode_device_state

SCHEMA = json.loads((files("sensor_hub") / "schemas" / "device-state.json").read_text(encoding="utf-8"))
STATES = st.builds(
    PodState,
    device=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=8, max_size=8),
    phase=st.sampled_from(get_args(PodPhase)),
    battery_percent=st.none() | st.integers(0, 100),
    rssi_dbm=st.none() | st.integers(-127, 20),
    n_received=st.integers(0, 10**9),
    n_dropped=st.integers(0, 10**9),
    n_reconnects=st.integers(0, 10**6),
    problem=st.none() | st.just("AA:BB:CC:DD:EE:FF is away"),
)


def state_of(state: PodState) -> str:
    message = encode_device_state(state, gw="edge-1", profile="stryd@1", side="L", topics=Topics())
    return str(json.loads(message.payload)["state"])


@given(STATES)
def test_every_state_keeps_to_the_schema_and_says_no_address(state: PodState) -> None:
    message = encode_device_state(state, gw="edge-1", profile="stryd@1", side="L", topics=Topics("club"))
    Draft202012Validator(SCHEMA).validate(json.loads(message.payload))
    assert message.retain
    assert message.qos == 1
    assert message.topic == f"sensorhub/v1/club/dev/{state.device}/state"
    assert b"AA:BB" not in message.payload


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (PodState("p", "waiting"), "sleeping"),
        (PodState("p", "waiting", n_received=5), "lost"),
        (PodState("p", "connecting"), "init"),
        (PodState("p", "starting"), "ready"),
        (PodState("p", "starting", problem="refused"), "alert"),
        (PodState("p", "streaming", battery_percent=11), "streaming"),
        (PodState("p", "streaming", battery_percent=10), "alert"),
        (PodState("p", "stalled"), "lost"),
        (PodState("p", "lost"), "lost"),
        (PodState("p", "stopped"), "sleeping"),
    ],
)
def test_each_phase_has_its_word(state: PodState, word: str) -> None:
    assert state_of(state) == word
