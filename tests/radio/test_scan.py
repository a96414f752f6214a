"""Scanning through bleak's BlueZ backend, and what may go wrong with it."""

import asyncio

import pytest

from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio, adapters, power_cycle
from sensor_hub.adapters.ble.scan import scan
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import Found
from tests.radio.private_bus import PrivateBus
from tests.radio.rig import HCI0, HCI1, rig, run
from tests.radio.sensors import address, footpod, logger

BUSY = ("InProgress", "Operation already in progress")


def test_a_scan_finds_who_advertises_with_name_services_and_loudness() -> None:
    async def test() -> None:
        told: list[Found] = []
        async with rig(footpod(1), logger(2)):
            found = await scan(ANY_RADIO, 0.6, told.append)
        assert {f.address: f.name for f in found} == {address(1): "POD1", address(2): "POD2"}
        assert next(f for f in found if f.name == "POD1").services == ("1814",)
        assert all(f.rssi_dbm is not None and f.rssi_dbm < 0 for f in found)
        assert {f.name for f in told} == {"POD1", "POD2"}

    run(test)


def test_adapters_are_listed_with_their_addresses_and_found_by_them() -> None:
    async def test() -> None:
        async with rig(footpod(), n_adapters=2) as r:
            r.bluez.adapters["hci1"].deaf = True
            assert [(a.name, a.address, a.powered) for a in await adapters()] == [
                ("hci0", HCI0, True),
                ("hci1", HCI1, True),
            ]
            assert [f.name for f in await scan(Radio(HCI0), 0.5)] == ["POD1"]
            assert r.bluez.adapters["hci0"].n_scans == 1
            assert r.bluez.adapters["hci1"].n_scans == 0
            await scan(Radio("hci1"), 0.5)
            assert r.bluez.adapters["hci1"].n_scans == 1

    run(test)


def test_a_scan_that_is_in_progress_is_tried_again() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            r.bluez.errors["Adapter1.StartDiscovery"] = [BUSY, BUSY]
            assert [f.name for f in await scan(ANY_RADIO, 0.5)] == ["POD1"]
            assert r.bluez.adapters["hci0"].n_power_cycles == 0

    run(test)


def test_a_scan_that_stays_in_progress_power_cycles_the_adapter() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            r.bluez.errors["Adapter1.StartDiscovery"] = [BUSY] * 5
            assert [f.name for f in await scan(ANY_RADIO, 0.5)] == ["POD1"]
            assert r.bluez.adapters["hci0"].n_power_cycles == 1

    run(test)


def test_a_scanner_that_hears_nobody_is_restarted_then_power_cycled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensor_hub.adapters.ble.scan.SILENT_S", 0.4)

    async def test() -> None:
        async with rig(footpod()) as r:
            adapter = r.bluez.adapters["hci0"]
            adapter.deaf = True
            assert [f.name for f in await scan(ANY_RADIO, 2.0)] == ["POD1"]
            assert adapter.n_power_cycles == 1
            assert adapter.n_scans >= 3

    run(test)


def test_two_scans_in_one_process_take_turns_on_an_adapter() -> None:
    async def test() -> None:
        async with rig(footpod()) as r:
            both = await asyncio.gather(scan(ANY_RADIO, 0.5), scan(ANY_RADIO, 0.5))
            assert [[f.name for f in found] for found in both] == [["POD1"], ["POD1"]]
            assert r.bluez.n_refused["Adapter1.StartDiscovery"] == 0

    run(test)


def test_what_is_missing_is_said_with_its_mend(bus: PrivateBus) -> None:
    async def test() -> None:
        with pytest.raises(BluetoothError, match=r"bluetoothd is not running \(sudo systemctl start bluetooth\)"):
            await scan(ANY_RADIO, 0.5)
        async with rig(footpod()) as r:
            with pytest.raises(BluetoothError, match=r"no Bluetooth adapter AA:AA:AA:AA:AA:AA \(there is: hci0 F0"):
                await scan(Radio("AA:AA:AA:AA:AA:AA"), 0.5)
            await r.bluez.adapters["hci0"].set_powered(False)
            with pytest.raises(BluetoothError, match=r"switched off \(rfkill unblock bluetooth; bluetoothctl power on"):
                await scan(ANY_RADIO, 0.5)
            await power_cycle(ANY_RADIO)
            assert [f.name for f in await scan(ANY_RADIO, 0.5)] == ["POD1"]
            await r.bluez.unplug("hci0")
            with pytest.raises(BluetoothError, match=r"no Bluetooth adapter \(plug one in"):
                await scan(ANY_RADIO, 0.5)
        bus.stop()
        with pytest.raises(BluetoothError, match="there is no system D-Bus here"):
            await scan(ANY_RADIO, 0.5)

    run(test)
