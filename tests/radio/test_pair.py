"""Pairing through a real org.bluez agent, with real SMP behind it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from sensor_hub.adapters.ble.pair import pair, unpair
from sensor_hub.adapters.ble.radio import ANY_RADIO
from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.errors import BluetoothError
from tests.radio.rig import collecting, heard, rig, run, until
from tests.radio.sensors import RSC_PROFILE, address, bound, footpod

PASSKEY = 123456


def asked(answer: int, times: list[int]) -> Callable[[], int]:
    def ask() -> int:
        times.append(1)
        time.sleep(0.2)  # somebody reads the number and types it
        return answer

    return ask


def test_a_sensor_with_a_passkey_is_paired_and_says_what_it_is() -> None:
    async def test() -> None:
        times: list[int] = []
        async with rig(rsc_pod(address(1), "POD1", passkey=PASSKEY)) as r:
            facts = await pair(ANY_RADIO, address(1), ask_passkey=asked(PASSKEY, times))
            assert r.bluez.paired(address(1))
            assert not r.radio.pods[0].connected
        assert facts.bonded
        assert times == [1]
        assert (facts.name, facts.model, facts.serial, facts.firmware) == ("POD1", "virtual footpod", "SIM-1", "1.0")
        assert (facts.battery_percent, facts.sensor_location) == (87, 2)
        assert facts.manufacturer == "sensor-hub (simulated)"
        assert {"1814", "180f", "180a"} <= set(facts.services)
        assert {"2a53", "2a5d", "2a19"} <= set(facts.characteristics)

    run(test)


def test_a_wrong_passkey_is_said_to_be_wrong_and_bonds_nothing() -> None:
    async def test() -> None:
        async with rig(rsc_pod(address(1), "POD1", passkey=PASSKEY)) as r:
            with pytest.raises(BluetoothError, match="was the passkey right"):
                await pair(ANY_RADIO, address(1), ask_passkey=asked(1, []))
            assert not r.bluez.paired(address(1))
            assert r.bluez.agent is None
            facts = await pair(ANY_RADIO, address(1), ask_passkey=asked(PASSKEY, []))
            assert facts.bonded

    run(test)


def test_without_anybody_to_ask_a_passkey_is_refused_in_words() -> None:
    async def test() -> None:
        async with rig(rsc_pod(address(1), "POD1", passkey=PASSKEY)):
            with pytest.raises(BluetoothError, match="nobody to ask"):
                await pair(ANY_RADIO, address(1), ask_passkey=None)

    run(test)


def test_a_sensor_that_asks_for_nothing_is_not_bonded() -> None:
    async def test() -> None:
        times: list[int] = []
        async with rig(footpod()) as r:
            facts = await pair(ANY_RADIO, address(1), ask_passkey=asked(1, times))
            assert not r.bluez.paired(address(1))
        assert not facts.bonded
        assert facts.battery_percent == 87
        assert times == []

    run(test)


def test_the_loop_goes_on_while_somebody_types() -> None:
    async def test() -> None:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.01)

        def slow() -> int:
            before = ticks
            time.sleep(0.5)
            assert ticks > before + 5
            return PASSKEY

        async with rig(rsc_pod(address(1), "POD1", passkey=PASSKEY)):
            ticking = asyncio.ensure_future(tick())
            assert (await pair(ANY_RADIO, address(1), ask_passkey=slow)).bonded
            ticking.cancel()

    run(test)


def test_unpairing_forgets_the_sensor_and_its_key() -> None:
    async def test() -> None:
        async with rig(rsc_pod(address(1), "POD1", passkey=PASSKEY)) as r:
            await pair(ANY_RADIO, address(1), ask_passkey=asked(PASSKEY, []))
            await unpair(ANY_RADIO, address(1))
            assert not r.bluez.paired(address(1))
            await unpair(ANY_RADIO, address(1))  # nothing left to forget is no error

    run(test)


def test_a_sensor_still_linked_by_a_killed_program_can_be_paired() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            await heard()
            [device] = r.bluez.adapters["hci0"].devices.values()
            await device.connect()
            assert (await pair(ANY_RADIO, address(1), ask_passkey=None)).name == "POD1"

    run(test)


def test_a_sensor_that_is_not_there_is_said_not_to_be_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensor_hub.adapters.ble.pair.FIND_S", 0.5)

    async def test() -> None:
        async with rig(footpod()):
            with pytest.raises(BluetoothError, match="not heard"):
                await pair(ANY_RADIO, address(9), ask_passkey=None)

    run(test)


def test_a_paired_sensor_is_collected_and_an_unpaired_one_says_that_it_must_be() -> None:

    profile = replace(RSC_PROFILE, reads=("2a5d",))

    async def test() -> None:
        async with rig(rsc_pod(address(1), "POD1", passkey=PASSKEY)):
            async with collecting(bound(1, profile)) as c:
                await until(lambda: any("must be paired first" in p for p in c.problems("pod-1")))
            await pair(ANY_RADIO, address(1), ask_passkey=asked(PASSKEY, []))
            async with collecting(bound(1, profile)) as c:
                await until(lambda: c.phase("pod-1") == "streaming")
                assert c.data("pod-1", "2a5d") == [b"\x02"]

    run(test)
