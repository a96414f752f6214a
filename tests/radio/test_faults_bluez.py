"""bluetoothd and adapters that go away, come back, and have other names.

Each test shows, where it can, that the fault is there.
"""

import asyncio
from contextlib import suppress

import pytest
from bleak import BleakClient
from bleak.exc import BleakError

from sensor_hub.adapters.ble.radio import Radio
from tests.radio.rig import (
    HCI0,
    collecting,
    forever,
    heard,
    once,
    rig,
    run,
    stream,
    streaming,
    until,
)
from tests.radio.sensors import (
    SHANK,
    SHANK_PROFILE,
    bound,
    logger,
    numbered,
    numbers,
)


def test_a_client_believes_in_its_link_after_bluetoothd_was_killed() -> None:
    async def test() -> None:
        async with rig(logger()) as r:
            told: list[str] = []
            client = BleakClient(await heard(), disconnected_callback=lambda _: told.append("disconnected"))
            await client.connect()
            await r.bluez.kill()
            await asyncio.sleep(0.5)
            assert client.is_connected
            assert told == []
            with suppress(BleakError):
                await client.disconnect()

    run(test)


@pytest.mark.parametrize("new_name", ["hci0", "hci1"])
def test_bluetoothd_killed_and_started_again_is_noticed_and_collected_from(new_name: str) -> None:
    """Also when the adapter has another name afterwards: bleak still believes in the link on the old one."""

    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, SHANK_PROFILE), radio=Radio(HCI0)) as c:
            await streaming(c)
            sending = forever(stream(pod, SHANK, 100, 250, numbered))
            await asyncio.sleep(0.3)
            await r.bluez.kill()
            await until(lambda: c.links("pod-1")[-1] == "down bluetooth-service-gone", 2)
            await until(lambda: any("bluetoothd is not running" in p for p in c.problems("pod-1")))
            r.bluez.adapters = {new_name: r.bluez.adapters["hci0"]}
            r.bluez.adapters[new_name].rename(new_name)
            await r.bluez.start()
            await streaming(c)
            await sending
            await until(lambda: numbers(c.data("pod-1", SHANK))[-1] == 249)
        assert once(numbers(c.data("pod-1", SHANK)))
        assert c.links("pod-1") == ["up", "down bluetooth-service-gone", "up"]

    run(test)


def test_the_adapter_switched_off_and_on_is_the_cause_and_is_collected_from_again() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, SHANK_PROFILE)) as c:
            await streaming(c)
            sending = forever(stream(pod, SHANK, 100, 200, numbered))
            await asyncio.sleep(0.3)
            await r.bluez.adapters["hci0"].set_powered(False)
            await until(lambda: c.links("pod-1")[-1] == "down adapter-off")
            await until(lambda: any("switched off" in p for p in c.problems("pod-1")))
            await r.bluez.adapters["hci0"].set_powered(True)
            await streaming(c)
            await sending
            await until(lambda: numbers(c.data("pod-1", SHANK))[-1] == 199)
        assert once(numbers(c.data("pod-1", SHANK)))
        assert c.links("pod-1") == ["up", "down adapter-off", "up"]

    run(test)


def test_an_adapter_that_comes_back_under_another_name_is_found_by_its_address() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, SHANK_PROFILE), radio=Radio(HCI0)) as c:
            await streaming(c)
            await r.bluez.renumber("hci0", "hci1")
            await until(lambda: c.links("pod-1") == ["up", "down adapter-off", "up"])
            sending = forever(stream(pod, SHANK, 200, 50, numbered))
            await sending
            await until(lambda: len(c.data("pod-1", SHANK)) == 50)

    run(test)


def test_an_adapter_that_is_unplugged_is_waited_for() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, SHANK_PROFILE)) as c:
            await streaming(c)
            adapter = await r.bluez.unplug("hci0")
            await until(lambda: any("no Bluetooth adapter" in p for p in c.problems("pod-1")))
            assert c.collector is not None
            assert "no Bluetooth adapter" in (c.collector.problem or "")
            r.bluez.plug_in(adapter, "hci3")
            await until(lambda: c.links("pod-1") == ["up", "down adapter-off", "up"])
            assert c.collector.problem is None

    run(test)


def test_a_collector_started_before_bluetoothd_waits_for_it() -> None:
    async def test() -> None:
        async with rig(logger()) as r:
            await r.bluez.kill()
            async with collecting(bound(1, SHANK_PROFILE)) as c:
                await until(lambda: any("bluetoothd is not running" in p for p in c.problems("pod-1")))
                await r.bluez.start()
                await streaming(c)
            assert c.links("pod-1") == ["down bluetooth-service-gone", "up"]

    run(test)
