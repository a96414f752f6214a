"""The retained state of a sensor: what it says of each phase, and that it keeps to its schema."""

import asyncio
import json
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sensor_hub.adapters.ble.collector import Collector
from sensor_hub.adapters.ble.pod import Pod
from sensor_hub.adapters.virtual.polar_pod import IN_CHARGER, pmd_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.model.link import PodPhase, PodState
from sensor_hub.wire import Topics, encode_device_state
from tests.app.on_air import LEFT, QUICK, radio_of
from tests.radio.sensors import PMD_PROFILE

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


def test_a_sensor_that_refuses_to_start_is_an_alert_until_it_starts() -> None:
    async def words() -> list[str]:
        pod, control = pmd_pod(LEFT, "POD1", refuse=IN_CHARGER)
        radio = VirtualRadio([pod])
        told: list[str] = []
        refused, started, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

        def tell(state: PodState) -> None:
            told.append(state_of(state))
            if told[-1] == "alert":
                refused.set()
            elif told[-1] == "streaming":
                started.set()

        collector = Collector(
            [Pod("pod-1", LEFT, PMD_PROFILE)], lambda _: None, radio=radio_of(radio), on_state=tell, patience=QUICK
        )
        running = asyncio.ensure_future(collector.run(stop))
        try:
            async with asyncio.timeout(60):
                await refused.wait()
                control.refuse = None
                await started.wait()
        finally:
            stop.set()
            await running
            await radio.close()
        return told

    told = asyncio.run(words())
    assert told.index("alert") < told.index("streaming")
    assert "alert" not in told[told.index("streaming") :]
