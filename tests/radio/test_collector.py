"""The collector through bleak's BlueZ backend: what it does with a sensor when nothing goes wrong."""

import asyncio
from dataclasses import replace
from typing import Literal

import pytest

from sensor_hub.adapters.ble.collector import Collector
from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.pod import Pod
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.ble.thread import CollectorThread
from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic
from sensor_hub.adapters.virtual.polar_pod import PMD_CONTROL, PMD_DATA, pmd_pod
from sensor_hub.model.profile import Command
from tests.radio.rig import HCI0, HCI1, QUICK, Collected, collecting, forever, rig, run, stream, until
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


async def until_streaming(c: Collected) -> None:
    await until(lambda: c.phase("pod-1") == "streaming")


@pytest.mark.parametrize(("mode", "call"), [("start", "StartNotify"), ("acquire", "AcquireNotify")])
def test_every_notification_comes_once_in_either_mode(mode: Literal["start", "acquire"], call: str) -> None:
    async def test() -> None:
        pod = logger()
        async with rig(pod) as r, collecting(bound(1, replace(SHANK_PROFILE, notify_mode=mode))) as c:
            await until(lambda: c.phase("pod-1") == "streaming")
            await stream(pod, SHANK, 200, 200, numbered)
            await until(lambda: len(c.data("pod-1", SHANK)) >= 200)
            assert r.bluez.n_calls[f"GattCharacteristic1.{call}"] == 1
        assert numbers(c.data("pod-1", SHANK)) == list(range(200))
        assert c.links("pod-1") == ["up"]

    run(test)


@pytest.mark.parametrize(("kind", "call"), [("records", "StartNotify"), ("imu", "AcquireNotify")])
def test_the_mode_is_chosen_by_how_much_a_sensor_sends(kind: Literal["records", "imu"], call: str) -> None:
    async def test() -> None:
        async with rig(footpod()) as r, collecting(bound(1, replace(RSC_PROFILE, kind=kind))) as c:
            await until(lambda: c.phase("pod-1") == "streaming")
            assert r.bluez.n_calls[f"GattCharacteristic1.{call}"] == 1

    run(test)


def test_what_is_read_is_delivered_like_a_notification() -> None:
    async def test() -> None:
        async with rig(footpod()), collecting(bound(1, replace(RSC_PROFILE, reads=("2a54", "2a5d")))) as c:
            await until(lambda: c.data("pod-1", "2a26") and c.data("pod-1", "2a19"))
            assert c.collector is not None
            assert c.collector.states()["pod-1"].battery_percent == 87
            assert c.collector.states()["pod-1"].rssi_dbm is not None
        assert c.data("pod-1", "2a54") == [bytes([7, 0])]
        assert c.data("pod-1", "2a24") == [b"virtual footpod"]
        first = [r.characteristic for r in c.raws]
        assert first.index("2a54") < first.index("link")  # what the decoder needs is there before the stream

    run(test)


def test_the_battery_is_read_again_after_a_while() -> None:
    async def test() -> None:
        async with rig(footpod()), collecting(bound(), patience=replace(QUICK, battery_s=0.2)) as c:
            await until(lambda: len(c.data("pod-1", "2a19")) >= 3)
            assert c.links("pod-1") == ["up"]
        assert c.told[-1].battery_percent == 87
        assert any(s.phase == "streaming" and s.battery_percent == 87 for s in c.told)

    run(test)


def test_a_sensor_is_started_after_subscribing_and_stopped_on_leaving() -> None:
    async def test() -> None:
        pod, control = pmd_pod(address(1), "POD1")
        async with rig(pod):
            async with collecting(bound(1, PMD_PROFILE)) as c:
                await until(lambda: c.phase("pod-1") == "streaming")
                assert control.started == {2}
                assert c.links("pod-1") == ["up"]
            assert [command[:2].hex() for command in control.commands] == ["0202", "0302"]
            assert not pod.connected
        assert c.data("pod-1", PMD_CONTROL)[0][:4] == bytes.fromhex("f0 02 02 00")
        assert c.phase("pod-1") == "stopped"

    run(test)


def test_a_sensor_that_streams_from_before_is_stopped_and_started_again() -> None:
    async def test() -> None:
        pod, control = pmd_pod(address(1), "POD1", stays_on=True)
        control.started.add(2)
        async with rig(pod), collecting(bound(1, PMD_PROFILE)) as c:
            await until(lambda: c.phase("pod-1") == "streaming")
            assert [command[:2].hex() for command in control.commands] == ["0202", "0302", "0202"]
        assert c.links("pod-1") == ["up"]

    run(test)


def test_an_answer_on_the_data_channel_is_told_from_data() -> None:
    async def test() -> None:
        service, write, notify = "abc0", "abc1", "abc2"
        answers: list[bytes] = [b"\x02data", b"\x01\x05\xc8\x00"]

        def on_write(_command: bytes) -> None:
            async def answer() -> None:
                for payload in answers:
                    await pod.notify(notify, payload)

            pod.soon(answer())

        pod = bare_pod(
            1,
            service,
            VirtualCharacteristic(write, write=True, on_write=on_write),
            VirtualCharacteristic(notify, notify=True),
        )
        start = Command(write, b"\x01\x05/Meas", reply_from=notify, reply_prefix=b"\x01\x05\xc8\x00")
        profile = replace(RSC_PROFILE, kind="imu", characteristics={notify: "x"}, subscribe=(notify,), start=(start,))
        async with rig(pod):
            async with collecting(bound(1, profile)) as c:
                await until(lambda: c.phase("pod-1") == "streaming")
            answers[1] = b"\x01\x05\x94\x01"
            async with collecting(bound(1, profile)) as c:
                await until(lambda: "down refused" in c.links("pod-1"))

    run(test)


def test_a_sensor_is_kept_alive() -> None:
    async def test() -> None:
        heard: list[bytes] = []
        pod = bare_pod(
            1,
            "abc0",
            VirtualCharacteristic("abc1", write=True, on_write=heard.append),
            VirtualCharacteristic(RSC, notify=True),
        )
        profile = replace(RSC_PROFILE, keep_alive=(Command("abc1", b"\x07"),), keep_alive_s=0.1)
        async with rig(pod), collecting(bound(1, profile)):
            await until(lambda: len(heard) >= 3)
        assert set(heard) == {b"\x07"}

    run(test)


def test_services_to_be_skipped_are_not_touched_nor_part_of_the_fingerprint() -> None:
    async def test() -> None:
        odd = VirtualCharacteristic("fff1", b"?", read=True, notify=True)
        prints: list[str] = []
        for services in ([odd], []):
            pod = bare_pod(1, "1814", VirtualCharacteristic(RSC, notify=True))
            if services:
                extra = bare_pod(1, "fff0", *services)
                pod = type(pod)(pod.address, pod.name, [*pod.services[:1], extra.services[0], *pod.services[1:]])
            async with rig(pod), collecting(bound(1, replace(RSC_PROFILE, skip_services=("fff0",)))) as c:
                await until_streaming(c)
            prints.append(c.fingerprints[0][1])
        assert prints[0] == prints[1]

    run(test)


def test_several_sensors_are_connected_one_after_the_other() -> None:
    async def test() -> None:
        pods = [footpod(i) for i in range(1, 6)]
        async with rig(*pods) as r, collecting(*(bound(i) for i in range(1, 6))) as c:
            await until(lambda: all(c.phase(f"pod-{i}") == "streaming" for i in range(1, 6)))
            assert r.bluez.n_refused["Device1.Connect"] == 0
            assert r.bluez.n_refused["Adapter1.StartDiscovery"] == 0
            assert all(pod.connected for pod in pods)

    run(test)


def test_sensors_spread_over_the_adapters_there_are() -> None:
    async def test() -> None:
        pods = [footpod(i) for i in range(1, 5)]
        async with rig(*pods, n_adapters=2) as r:
            radios = [Radio(HCI0), Radio(HCI1)]
            async with collecting(*(bound(i) for i in range(1, 5)), radio=radios, slots=2) as c:
                await until(lambda: all(c.phase(f"pod-{i}") == "streaming" for i in range(1, 5)))
                links = [sum(d.connection is not None for d in a.devices.values()) for a in r.bluez.adapters.values()]
                assert links == [2, 2]

    run(test)


def test_the_thread_collects_into_an_inbox_and_ends_when_asked() -> None:
    async def test() -> None:
        pod, inbox = footpod(), Inbox()
        async with rig(pod):
            thread = CollectorThread([bound()], inbox, patience=QUICK)
            thread.start()
            await until(lambda: thread.states()["pod-1"].phase == "streaming")
            sending = forever(stream(pod, RSC, 20, 10, lambda i: bytes([0, i, 0, 0])))
            await sending
            await until(lambda: thread.states()["pod-1"].n_received >= 10)
            assert thread.problem is None
            await asyncio.to_thread(thread.stop)
            assert not thread.is_running
            assert not pod.connected
            taken = inbox.take(0)
        assert [r.payload[1] for r in taken if r.characteristic == RSC] == list(range(10))
        assert inbox.dropped == 0

    run(test)


def test_the_thread_says_what_keeps_all_sensors_away() -> None:
    async def test() -> None:
        thread = CollectorThread([bound()], Inbox(), patience=QUICK)
        thread.start()
        await until(lambda: "bluetoothd is not running" in (thread.problem or ""))
        await asyncio.to_thread(thread.stop)
        assert not thread.is_running

    run(test)


def test_a_thread_whose_program_is_wrong_says_so() -> None:
    async def wrong() -> None:
        raise ValueError("no such radio")

    async def test() -> None:
        thread = CollectorThread([bound()], Inbox(), on_loop_start=wrong)
        thread.start()
        await until(lambda: not thread.is_running)
        assert str(thread.problem).startswith("the collector ended: ValueError: no such radio")

    run(test)


def test_one_address_cannot_be_two_devices() -> None:
    with pytest.raises(ValueError, match="given twice"):
        Collector([Pod("a", address(1), RSC_PROFILE), Pod("b", address(1).lower(), RSC_PROFILE)], lambda _: None)
    assert PMD_DATA in PMD_PROFILE.subscribe
