"""Sensors with other characteristics than they had, and sensors that refuse.

Each test shows, where it can, that the fault is there.
"""

import asyncio
from dataclasses import replace

from bleak import BleakClient

from sensor_hub.adapters.ble.pair import pair
from sensor_hub.adapters.ble.radio import ANY_RADIO
from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import shank_pod
from sensor_hub.adapters.virtual.polar_pod import IN_CHARGER, pmd_pod
from tests.radio.rig import (
    QUICK,
    collecting,
    forever,
    heard,
    rig,
    run,
    stream,
    streaming,
    until,
)
from tests.radio.sensors import (
    PMD_PROFILE,
    RSC_PROFILE,
    SHANK,
    SHANK_PROFILE,
    address,
    bare_pod,
    bound,
    footpod,
    logger,
    numbered,
)


def updated_pod() -> VirtualPod:
    """Its firmware update put another service first, so every handle is elsewhere, and added what the profile needs."""
    first = VirtualCharacteristic("abc1", b"new", read=True)
    pod = bare_pod(1, "abc0", first)
    return VirtualPod(pod.address, pod.name, [*pod.services[:1], *logger().services])


async def fill_cache() -> None:
    client = BleakClient(await heard())
    await client.connect()
    await client.disconnect()


def test_a_stale_cache_that_lacks_what_is_needed_is_asked_anew_and_the_user_is_told() -> None:
    async def test() -> None:
        old = bare_pod(1, "abc0", VirtualCharacteristic("abc1", b"old", read=True))
        async with rig(old) as r:
            await fill_cache()
            await old.leave()
            await r.radio.add(updated_pod())
            async with collecting(bound(1, SHANK_PROFILE)) as c:
                await streaming(c)
                assert r.bluez.n_calls["Adapter1.RemoveDevice"] == 1
            assert any("has no characteristic 2fff: asking it anew" in p for p in c.problems("pod-1"))

    run(test)


def test_a_stale_cache_whose_handles_are_elsewhere_is_asked_anew() -> None:
    async def test() -> None:
        old, new = shank_pod(address(1), "POD1"), updated_pod()
        async with rig(old) as r:
            async with collecting(bound(1, SHANK_PROFILE)) as c:
                await streaming(c)
                await old.leave()
                await r.radio.add(new)
                await until(lambda: c.links("pod-1").count("up") == 2)
                await stream(new, SHANK, 100, 20, numbered)
                await until(lambda: len(c.data("pod-1", SHANK)) == 20)
                assert r.bluez.n_calls["Adapter1.RemoveDevice"] == 1
            assert any("characteristics changed (a firmware update?)" in p for p in c.problems("pod-1"))
            assert len(c.fingerprints) == 2

    run(test)


def test_a_stale_cache_that_subscribes_to_the_wrong_characteristic_is_asked_anew() -> None:
    async def test() -> None:
        stream_here = VirtualCharacteristic(SHANK, notify=True)
        old = bare_pod(1, "abc0", stream_here)
        new = bare_pod(1, "abc0", VirtualCharacteristic("abc1", notify=True), stream_here)
        profile = replace(SHANK_PROFILE, stale_timeout_s=0.3)
        async with rig(old) as r:
            await fill_cache()
            await old.leave()
            await r.radio.add(new)
            async with collecting(bound(1, profile)) as c:
                sending = forever(stream(new, SHANK, 50, 100_000, numbered))
                await until(lambda: len(c.data("pod-1", SHANK)) >= 20)
                assert r.bluez.n_calls["Adapter1.RemoveDevice"] == 1
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    run(test)


def test_a_fingerprint_from_pairing_is_compared_with() -> None:
    async def test() -> None:
        async with rig(logger()):
            facts = await pair(ANY_RADIO, address(1), ask_passkey=None)
            async with collecting(replace(bound(1, SHANK_PROFILE), fingerprint=facts.fingerprint)) as c:
                await streaming(c)
                assert c.problems("pod-1") == []
            async with collecting(replace(bound(1, SHANK_PROFILE), fingerprint="another")) as c:
                await streaming(c)
                assert any("firmware update" in p for p in c.problems("pod-1"))
                assert c.fingerprints == [("pod-1", facts.fingerprint)]

    run(test)


def test_a_profile_that_does_not_fit_the_sensor_is_said_and_the_others_go_on() -> None:
    async def test() -> None:
        patience = replace(QUICK, scan_s=0.4)
        async with rig(logger(1), footpod(2)), collecting(bound(1, RSC_PROFILE), bound(2), patience=patience) as c:
            await until(lambda: any("is that the right profile" in p for p in c.problems("pod-1")))
            await streaming(c, "pod-2")

    run(test)


def test_a_sensor_that_refuses_to_start_is_told_of_and_tried_again() -> None:
    async def test() -> None:
        pod, control = pmd_pod(address(1), "POD1", refuse=IN_CHARGER)
        async with rig(pod), collecting(bound(1, PMD_PROFILE)) as c:
            await until(lambda: c.problems("pod-1"))
            assert "answered f0 02 02 0d" in c.problems("pod-1")[0]
            await until(lambda: len(control.commands) >= 8)
            assert c.links("pod-1") == ["down refused"]
            control.refuse = None
            await streaming(c)
        assert c.links("pod-1") == ["down refused", "up"]

    run(test)


def test_a_value_that_never_comes_is_said_to_need_pairing() -> None:
    """Real BlueZ pairs by itself when a protected value is read, and waits for a passkey nobody types."""

    async def test() -> None:
        profile = replace(RSC_PROFILE, reads=("2a5d",))
        async with rig(footpod()) as r, collecting(bound(1, profile), patience=replace(QUICK, read_s=0.3)) as c:
            r.bluez.hangs.add("GattCharacteristic1.ReadValue")
            await until(lambda: any("2a5d be read: it must be paired first" in p for p in c.problems("pod-1")))
            r.bluez.hangs.clear()
            await streaming(c)

    run(test)


def test_a_sensor_that_does_not_answer_is_told_of() -> None:
    async def test() -> None:
        pod, _ = pmd_pod(address(1), "POD1")
        async with rig(pod), collecting(bound(1, PMD_PROFILE), patience=replace(QUICK, reply_s=0.3)) as c:
            pod.mute()
            await until(lambda: any("gave no answer" in p for p in c.problems("pod-1")))
            pod.unmute()
            await streaming(c)

    run(test)
