"""Scanning, connecting and slots: adapters that are busy, deaf or full, sensors that are away.

Each test shows, where it can, that the fault is there.
"""

import asyncio
from dataclasses import replace

import pytest

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
    RSC,
    RSC_PROFILE,
    bound,
    footpod,
)

BUSY = ("InProgress", "Operation already in progress")


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


def test_a_connection_that_never_comes_about_is_given_up_and_the_others_get_their_turn() -> None:
    async def test() -> None:
        patience = replace(QUICK, connect_s=0.5, scan_s=0.3)
        async with rig(footpod(1)) as r:
            r.bluez.hangs.add("Device1.Connect")
            async with collecting(bound(1), patience=patience) as c:
                await until(lambda: any("did not answer in time" in p for p in c.problems("pod-1")))
                r.bluez.hangs.clear()
                await streaming(c)

    run(test)


def test_an_adapter_that_is_not_ready_yet_is_not_taken_for_a_silent_one() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            r.bluez.errors["Adapter1.StartDiscovery"] = [("NotReady", "Resource Not Ready")] * 6
            async with collecting(bound()) as c:
                await streaming(c)
            assert r.bluez.adapters["hci0"].n_power_cycles == 0

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
        async with (
            rig(*pods) as r,
            collecting(bound(1), bound(2), patience=replace(QUICK, scan_s=0.2, rest_s=0.1)) as c,
        ):
            await until(lambda: c.phase("pod-1") == c.phase("pod-2") == "streaming")
            feeding = forever(stream(pods[0], RSC, 10, 1000, lambda i: bytes([0, i % 256, 0, 0])))
            adapter = r.bluez.adapters["hci0"]
            adapter.deaf = True
            await pods[1].drop()
            await until(lambda: any("hears nobody" in p for p in c.problems("pod-2")))
            await asyncio.sleep(0.5)
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
