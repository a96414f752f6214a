"""An unsolicited drop: every notification comes once, and none of an old link.

Each test shows, where it can, that the fault is there.
"""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from bleak import BleakClient
from bleak.backends.device import BLEDevice

from sensor_hub.model.profile import DeviceProfile
from tests.radio.rig import (
    Collected,
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
    RSC,
    RSC_PROFILE,
    SHANK,
    SHANK_PROFILE,
    address,
    bound,
    footpod,
    logger,
    numbered,
    numbers,
)

START_NOTIFY = replace(SHANK_PROFILE, notify_mode="start")


def device_of(c: Collected) -> BLEDevice:
    """The sensor as a program that finds it connected knows it."""
    path = f"/org/bluez/hci0/dev_{address(1).replace(':', '_')}"
    assert c.phase("pod-1") == "streaming"
    return BLEDevice(address(1), "POD1", {"path": path, "props": {"Adapter": "/org/bluez/hci0"}})


async def until_up_again(c: Collected, times: int) -> None:
    await until(lambda: c.links("pod-1").count("up") == times + 1)


def test_a_careless_client_gets_everything_twice_after_a_drop() -> None:
    async def test() -> None:
        pod, received = logger(), list[bytes]()
        async with rig(pod):
            clients = [BleakClient(await heard()) for _ in range(2)]
            for client in clients:
                await client.connect()
                await client.start_notify(SHANK, lambda _, payload: received.append(bytes(payload)))
                if client is clients[0]:
                    await pod.drop()
                    await until(lambda: not clients[0].is_connected)
            await stream(pod, SHANK, 200, 20, numbered)
            await until(lambda: len(received) >= 40)
            for client in clients:
                await client.disconnect()
        assert numbers(received) == [i for i in range(20) for _ in range(2)]

    run(test)


@pytest.mark.parametrize("profile", [START_NOTIFY, SHANK_PROFILE], ids=["start", "acquire"])
def test_after_a_drop_every_notification_comes_once(profile: object) -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod), collecting(bound(1, profile)) as c:  # type: ignore[arg-type]
            await streaming(c)
            sending = forever(stream(pod, SHANK, 200, 500, numbered))
            for n in (1, 2):
                await asyncio.sleep(0.4)
                await pod.drop()
                await until_up_again(c, n)
            await sending
            await until(lambda: numbers(c.data("pod-1", SHANK))[-1] == 499)
            assert c.collector is not None
            assert c.collector.states()["pod-1"].n_reconnects == 2
        received = numbers(c.data("pod-1", SHANK))
        assert once(received)
        assert sum(later != earlier + 1 for earlier, later in pairwise(received)) == 2  # nothing is missing elsewhere
        assert pod.n_sent[SHANK] - len(received) <= 2  # one a drop was in the air when the link broke
        assert c.links("pod-1") == ["up", "down disconnected"] * 2 + ["up"]

    run(test)


@pytest.mark.parametrize("profile", [RSC_PROFILE, replace(START_NOTIFY, timestamp="last_sample")], ids=["rsc", "imu"])
def test_another_program_that_subscribes_to_the_same_stream_doubles_nothing(profile: DeviceProfile) -> None:
    async def test() -> None:
        [stream_of] = profile.subscribe
        pod, doubled = (footpod() if stream_of == RSC else logger()), list[bytes]()
        async with rig(pod), collecting(bound(1, profile)) as c:
            await streaming(c)
            other = BleakClient(device_of(c))
            await other.connect()
            await other.start_notify(stream_of, lambda _, payload: doubled.append(bytes(payload)))
            await stream(pod, stream_of, 100, 50, numbered)
            await until(lambda: len(doubled) == 100)
            assert numbers(c.data("pod-1", stream_of)) == list(range(50))
            await other.disconnect()

    run(test)


def test_equal_samples_of_a_sensor_without_a_clock_all_count() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod), collecting(bound(1, START_NOTIFY)) as c:
            await streaming(c)
            await stream(pod, SHANK, 200, 20, lambda _: bytes(28))
            await until(lambda: len(c.data("pod-1", SHANK)) == 20)

    run(test)


def test_a_callback_of_a_link_that_is_over_is_not_passed_on() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod), collecting(bound(1, START_NOTIFY)) as c:
            await streaming(c)
            assert c.collector is not None
            old = c.collector._keepers[0]._link
            assert old is not None
            await pod.drop()
            await until(lambda: c.links("pod-1") == ["up", "down disconnected", "up"])
            n = len(c.raws)
            old._heard(SHANK, numbered(1))
            assert len(c.raws) == n

    run(test)
