"""Ways to be notified, and streams that fall silent although BlueZ calls them connected.

Each test shows, where it can, that the fault is there.
"""

import asyncio
from dataclasses import replace

import pytest

from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic
from tests.radio.rig import (
    Collected,
    Rig,
    collecting,
    forever,
    once,
    rig,
    run,
    stream,
    streaming,
    until,
)
from tests.radio.sensors import (
    RSC_PROFILE,
    SHANK,
    SHANK_PROFILE,
    bare_pod,
    bound,
    footpod,
    logger,
    numbered,
    numbers,
)

EIGHT = range(1, 9)


async def eight_at_200_hz(r: Rig, c: Collected, n: int) -> None:
    await until(lambda: all(c.phase(f"pod-{i}") == "streaming" for i in EIGHT), 30)
    await asyncio.gather(*(stream(pod, SHANK, 200, n, numbered) for pod in r.radio.pods))
    await asyncio.sleep(0.5)


def test_1600_notifications_a_second_by_start_notify_are_too_many() -> None:
    """As the collector chooses they are not: see the eight pods of ``test_no_step_is_lost``."""

    async def test() -> None:
        profile = replace(SHANK_PROFILE, notify_mode="start", stale_timeout_s=30.0)
        async with rig(*(logger(i) for i in EIGHT)) as r:
            r.bluez.largest_signal_hz = 1000
            async with collecting(*(bound(i, profile) for i in EIGHT), slots=8) as c:
                await eight_at_200_hz(r, c, 150)
            received = [len(c.data(f"pod-{i}", SHANK)) for i in EIGHT]
        assert sum(received) < 8 * 150

    run(test)


@pytest.mark.parametrize("fault", ["refused", "silent"])
def test_a_sensor_that_cannot_be_acquired_is_subscribed_to_the_other_way(fault: str) -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, replace(SHANK_PROFILE, stale_timeout_s=0.3))) as c:
            r.bluez.acquire = fault  # type: ignore[assignment]
            sending = forever(stream(pod, SHANK, 50, 600, numbered))
            await until(lambda: len(c.data("pod-1", SHANK)) >= 50)
            await pod.drop()
            n_acquired = r.bluez.n_calls["GattCharacteristic1.AcquireNotify"]
            await until(lambda: c.links("pod-1")[-1] == "up")
            if fault == "silent":  # what was learned is remembered
                assert r.bluez.n_calls["GattCharacteristic1.AcquireNotify"] == n_acquired
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        assert once(numbers(c.data("pod-1", SHANK)))

    run(test)


def test_a_stream_that_stalls_is_noticed_and_linked_anew_although_bluez_calls_it_connected() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod), collecting(bound(1, replace(SHANK_PROFILE, stale_timeout_s=0.3))) as c:
            sending = forever(stream(pod, SHANK, 100, 100_000, numbered))
            await until(lambda: len(c.data("pod-1", SHANK)) >= 50)
            pod.mute()
            await until(lambda: "down stalled" in c.links("pod-1"))
            assert any(s.phase == "stalled" for s in c.told)
            pod.unmute()
            await until(lambda: c.links("pod-1")[-1] == "up")
            n = len(c.data("pod-1", SHANK))
            await until(lambda: len(c.data("pod-1", SHANK)) >= n + 50)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        assert once(numbers(c.data("pod-1", SHANK)))
        assert c.links("pod-1")[:2] == ["up", "down stalled"]

    run(test)


def test_one_stream_that_stops_while_another_goes_on_is_a_stall_too() -> None:
    async def test() -> None:
        pod = bare_pod(
            1, "abc0", VirtualCharacteristic("abc1", notify=True), VirtualCharacteristic("abc2", notify=True)
        )
        profile = replace(RSC_PROFILE, subscribe=("abc1", "abc2"), stale_timeout_s=0.3)
        async with rig(pod), collecting(bound(1, profile)) as c:
            await streaming(c)
            await pod.notify("abc2", b"once")
            sending = forever(stream(pod, "abc1", 50, 100_000, numbered))
            await until(lambda: "down stalled" in c.links("pod-1"))
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    run(test)


def test_a_sensor_that_stays_silent_is_left_linked_longer_and_longer() -> None:
    async def test() -> None:
        pod = footpod()
        async with rig(pod), collecting(bound(1, replace(RSC_PROFILE, stale_timeout_s=0.2))) as c:
            await until(lambda: c.links("pod-1").count("down stalled") >= 2, 20)
            ups = [r.arrival_utc for r in c.raws if r.payload == b"up"]
            downs = [r.arrival_utc for r in c.raws if r.payload == b"down stalled"]
            lasted = [(down - up).total_seconds() for up, down in zip(ups, downs, strict=False)]
            assert lasted[1] > lasted[0]

    run(test)


def test_the_socket_of_an_acquired_stream_is_closed_before_the_sensor_is_disconnected() -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r:
            async with collecting(bound(1, SHANK_PROFILE)) as c:
                sending = forever(stream(pod, SHANK, 200, 100_000, numbered))
                await until(lambda: len(c.data("pod-1", SHANK)) >= 50)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            assert r.bluez.n_calls["GattCharacteristic1.AcquireNotify"] == 1
            assert r.bluez.n_calls["Device1.Disconnect"] >= 1
            assert r.bluez.n_left_open == 0

    run(test)
