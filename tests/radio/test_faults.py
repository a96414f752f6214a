"""The faults a collector must survive, one test a fault. Each shows first, where it can, that the fault is there."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from sensor_hub.adapters.ble.pair import pair
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio
from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import shank_pod
from sensor_hub.adapters.virtual.polar_pod import IN_CHARGER, pmd_pod
from tests.radio.rig import HCI0, QUICK, Collected, Rig, collecting, forever, rig, run, stream, until
from tests.radio.sensors import (
    PMD_PROFILE,
    RSC,
    RSC_PROFILE,
    SHANK,
    SHANK_PROFILE,
    address,
    bare_pod,
    bound,
    footpod,
    logger,
    numbered,
    numbers,
)

BUSY = ("InProgress", "Operation already in progress")
START_NOTIFY = replace(SHANK_PROFILE, notify_mode="start")


async def streaming(c: Collected, device: str = "pod-1", timeout_s: float = 15.0) -> None:
    await until(lambda: c.phase(device) == "streaming", timeout_s)


async def until_up_again(c: Collected, times: int) -> None:
    await until(lambda: c.links("pod-1").count("up") == times + 1)


def once(received: list[int]) -> bool:
    """Rising without a repeat."""
    return all(later > earlier for earlier, later in pairwise(received))


async def heard(name: str = "POD1") -> BLEDevice:
    device = await BleakScanner.find_device_by_name(name, timeout=5)
    assert device is not None
    return device


# --- an unsolicited drop ----------------------------------------------------------------------------------------------


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


# --- bluetoothd, the adapter ------------------------------------------------------------------------------------------


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


# --- ways to be notified ----------------------------------------------------------------------------------------------

EIGHT = range(1, 9)


async def eight_at_200_hz(r: Rig, c: Collected, n: int) -> None:
    await until(lambda: all(c.phase(f"pod-{i}") == "streaming" for i in EIGHT), 30)
    await asyncio.gather(*(stream(pod, SHANK, 200, n, numbered) for pod in r.radio.pods))
    await asyncio.sleep(0.5)


@pytest.mark.parametrize(("mode", "loses"), [("start", True), ("auto", False)])
def test_1600_notifications_a_second_stall_by_start_notify_and_not_as_the_collector_chooses(
    mode: Literal["start", "auto"], loses: bool
) -> None:
    async def test() -> None:
        profile = replace(SHANK_PROFILE, notify_mode=mode, stale_timeout_s=30.0)
        async with rig(*(logger(i) for i in EIGHT)) as r:
            r.bluez.largest_signal_hz = 1000
            async with collecting(*(bound(i, profile) for i in EIGHT), slots=8) as c:
                await eight_at_200_hz(r, c, 150)
            received = [len(c.data(f"pod-{i}", SHANK)) for i in EIGHT]
        assert (sum(received) < 8 * 150) if loses else (received == [150] * 8)

    run(test)


@pytest.mark.parametrize("fault", ["refused", "silent"])
def test_a_sensor_that_cannot_be_acquired_is_subscribed_to_the_other_way(fault: str) -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, replace(SHANK_PROFILE, stale_timeout_s=0.4))) as c:
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
        async with rig(pod), collecting(bound(1, replace(SHANK_PROFILE, stale_timeout_s=0.6))) as c:
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


# --- scanning and connecting ------------------------------------------------------------------------------------------


def test_a_scan_in_progress_is_waited_for_while_collecting() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            r.bluez.errors["Adapter1.StartDiscovery"] = [BUSY] * 6
            async with collecting(bound()) as c:
                await streaming(c)

    run(test)


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (BUSY, 4),
        (("Failed", "le-connection-abort-by-local"), 1),
        (("Failed", "Software caused connection abort"), 4),
    ],
    ids=["in-progress", "abort-by-local", "abort"],
)
def test_a_connection_that_fails_is_tried_again(error: tuple[str, str], times: int) -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            r.bluez.errors["Device1.Connect"] = [error] * times
            async with collecting(bound(), patience=replace(QUICK, connect_s=2.0)) as c:
                await streaming(c, timeout_s=30)
            assert r.bluez.errors["Device1.Connect"] == []

    run(test)


def test_a_scanner_that_goes_silent_while_collecting_is_restarted_then_power_cycled() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            adapter = r.bluez.adapters["hci0"]
            adapter.deaf = True
            async with collecting(bound(), patience=replace(QUICK, scan_s=0.4)) as c:
                await streaming(c)
            assert adapter.n_power_cycles == 1
            assert adapter.n_scans >= 3

    run(test)


def test_a_silent_scanner_never_costs_the_links_there_are() -> None:
    async def test() -> None:
        pods = [footpod(1), footpod(2)]
        async with rig(*pods) as r, collecting(bound(1), bound(2), patience=replace(QUICK, scan_s=0.3)) as c:
            await until(lambda: c.phase("pod-1") == c.phase("pod-2") == "streaming")
            feeding = forever(stream(pods[0], RSC, 10, 1000, lambda i: bytes([0, i % 256, 0, 0])))
            adapter = r.bluez.adapters["hci0"]
            adapter.deaf = True
            await pods[1].drop()
            await until(lambda: any("hears nobody" in p for p in c.problems("pod-2")))
            await asyncio.sleep(1)
            assert adapter.n_power_cycles == 0
            assert c.links("pod-1") == ["up"]
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)

    run(test)


def test_a_sensor_that_went_out_of_range_is_sought_until_it_is_back() -> None:
    async def test() -> None:
        pod = footpod()
        async with rig(pod), collecting(bound(), patience=replace(QUICK, scan_s=0.4)) as c:
            await streaming(c)
            await pod.power_off()
            await until(lambda: any("not heard" in p for p in c.problems("pod-1")))
            assert c.phase("pod-1") == "lost"
            await pod.power_on()
            await streaming(c)
        assert c.links("pod-1") == ["up", "down disconnected", "up"]

    run(test)


def test_a_link_left_over_by_a_program_that_was_killed_is_broken_first() -> None:
    async def test() -> None:
        pod = footpod()
        async with rig(pod) as r:
            await heard()
            [device] = r.bluez.adapters["hci0"].devices.values()
            await device.connect()
            async with collecting(bound()) as c:
                await streaming(c)
                assert pod.n_connections == 2

    run(test)


def test_a_link_bluez_would_not_break_is_broken_later() -> None:
    async def test() -> None:
        pod = footpod()
        profile = replace(RSC_PROFILE, stale_timeout_s=0.4)
        async with rig(pod) as r, collecting(bound(1, profile), patience=replace(QUICK, scan_s=0.4)) as c:
            await streaming(c)
            r.bluez.errors["Device1.Disconnect"] = [("Failed", "Software caused connection abort")]
            await until(lambda: c.links("pod-1") == ["up", "down stalled"])
            await until(lambda: c.links("pod-1")[-1] == "up")
            assert pod.n_connections == 2

    run(test)


# --- slots ------------------------------------------------------------------------------------------------------------


def test_a_sensor_without_a_free_slot_says_so_and_takes_the_first_that_is_given_back() -> None:
    async def test() -> None:
        pods = [footpod(i) for i in (1, 2, 3)]
        async with rig(*pods), collecting(*(bound(i) for i in (1, 2, 3)), slots=2) as c:
            await until(lambda: [c.phase(f"pod-{i}") for i in (1, 2, 3)].count("streaming") == 2)
            [left_out] = [i for i in (1, 2, 3) if c.phase(f"pod-{i}") != "streaming"]
            await until(lambda: c.problems(f"pod-{left_out}"))
            assert c.problems(f"pod-{left_out}") == [
                "no free slot: 2 of 2 links in use; add a Bluetooth adapter, or unpair a sensor that is not needed"
            ]
            assert not pods[left_out - 1].connected
            [other, _] = [pod for pod in pods if pod.connected]
            await other.power_off()
            await streaming(c, f"pod-{left_out}")

    run(test)


# --- another attribute table ------------------------------------------------------------------------------------------


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
        async with rig(logger(1), footpod(2)), collecting(bound(1, RSC_PROFILE), bound(2)) as c:
            await until(lambda: any("is that the right profile" in p for p in c.problems("pod-1")))
            await streaming(c, "pod-2")

    run(test)


# --- refusals ---------------------------------------------------------------------------------------------------------


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


def test_a_sensor_that_does_not_answer_is_told_of() -> None:
    async def test() -> None:
        pod, _ = pmd_pod(address(1), "POD1")
        async with rig(pod), collecting(bound(1, PMD_PROFILE), patience=replace(QUICK, reply_s=0.3)) as c:
            pod.mute()
            await until(lambda: any("gave no answer" in p for p in c.problems("pod-1")))
            pod.unmute()
            await streaming(c)

    run(test)
