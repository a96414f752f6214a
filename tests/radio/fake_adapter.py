"""One adapter of the fake bluetoothd: power, scanning, and the sensors it knows."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bumble import core
from bumble.device import Advertisement, Connection, Device
from bumble.pairing import PairingConfig, PairingDelegate

from tests.radio.fake_device import FakeDevice, long_uuid
from tests.radio.object_tree import RefusalError

if TYPE_CHECKING:
    from tests.radio.fake_bluez import FakeBluez

ADAPTER = "org.bluez.Adapter1"
SERVICE_LISTS = (
    core.AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    core.AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    core.AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)
POWER_SIGNAL_S = 0.05  # real BlueZ tells of the broken links before it tells that the power went


class FakeAdapter:
    """One adapter and the sensors it knows. ``deaf`` hears no advertisement until it is power cycled."""

    def __init__(self, bluez: "FakeBluez", name: str, central: Device) -> None:
        self.bluez, self.central, self.tree = bluez, central, bluez.tree
        self.name, self.path = name, f"/org/bluez/{name}"
        self.powered, self.deaf, self.is_connecting = True, False, False
        self.n_power_cycles = self.n_scans = 0
        self.devices: dict[str, FakeDevice] = {}
        self._scanners: set[str] = set()
        self._told: set[str] = set()
        central.on("advertisement", self._on_advertisement)
        central.pairing_config_factory = lambda connection: PairingConfig(
            sc=True, mitm=True, bonding=True, delegate=_AsksAgent(bluez, self, connection)
        )

    @property
    def address(self) -> str:
        return str(self.central.random_address.to_string(with_type_qualifier=False))

    def publish(self) -> None:
        properties = {
            "Address": self.address, "Name": "fake", "Alias": "fake", "Powered": self.powered, "Discovering": False,
            "UUIDs": [], "Roles": ["central"],
        }  # fmt: skip
        self.tree.add(self.path, ADAPTER, properties)

    def rename(self, name: str) -> None:
        self.name, self.path = name, f"/org/bluez/{name}"
        self.devices.clear()
        self._told.clear()

    def device(self, path: str) -> FakeDevice:
        for device in self.devices.values():
            if path == device.path or path.startswith(f"{device.path}/"):
                return device
        raise RefusalError("org.freedesktop.DBus.Error.UnknownObject", f"no object at {path}")

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        address = str(advertisement.address)
        if not self._scanners or self.deaf or not self.powered or address in self._told:
            return
        self._told.add(address)  # DuplicateData is off: one report a sensor and scan
        data = advertisement.data
        told: dict[str, Any] = {"RSSI": advertisement.rssi}
        lists: list[Any] = [listed for kind in SERVICE_LISTS for listed in data.get_all(kind)]
        if uuids := [long_uuid(uuid) for listed in lists for uuid in listed]:
            told["UUIDs"] = uuids
        if name := data.get(core.AdvertisingData.Type.COMPLETE_LOCAL_NAME):
            told |= {"Name": name, "Alias": name}
        known = self.devices.get(address)
        if known is None:
            known = self.devices[address] = FakeDevice(self, advertisement.address)
            known.publish(told)
        else:
            known.update(**told)

    # --- Adapter1 ----------------------------------------------------------------------------------------------------

    async def start_discovery(self, sender: str) -> None:
        if not self.powered:
            raise RefusalError("NotReady", "Resource Not Ready")
        if sender in self._scanners:
            raise RefusalError("InProgress", "Operation already in progress")
        self.n_scans += 1
        self._told.clear()
        if not self._scanners:
            await self.central.start_scanning(active=True)
        self._scanners.add(sender)
        self.tree.update(self.path, ADAPTER, {"Discovering": True})

    async def stop_discovery(self, sender: str) -> None:
        if not self.powered:
            raise RefusalError("NotReady", "Resource Not Ready")
        if sender not in self._scanners:
            raise RefusalError("Failed", "No discovery started")
        await self.forget_scanner(sender)

    async def forget_scanner(self, sender: str) -> None:
        if sender in self._scanners:
            self._scanners.discard(sender)
            if not self._scanners:
                await self.central.stop_scanning()
                self.tree.update(self.path, ADAPTER, {"Discovering": False})

    async def remove_device(self, path: str) -> None:
        device = self.device(path)
        await device.disconnect()
        if self.central.keystore is not None:
            with suppress(KeyError):
                await self.central.keystore.delete(str(device.address))
        self.devices.pop(str(device.address), None)
        self._told.discard(str(device.address))
        self.tree.remove(path)

    async def set_powered(self, powered: bool) -> None:
        if powered and not self.powered:
            self.n_power_cycles += 1
            self.deaf = False
        self.powered = powered
        if not powered:
            for device in list(self.devices.values()):
                await device.disconnect()
            for sender in list(self._scanners):
                await self.forget_scanner(sender)
            await asyncio.sleep(POWER_SIGNAL_S)
        self.tree.update(self.path, ADAPTER, {"Powered": powered})

    async def drop_everything(self) -> None:
        """What a killed bluetoothd leaves: no link, no socket, no scan."""
        for device in list(self.devices.values()):
            device.close_sockets()
            await device.disconnect()
        for sender in list(self._scanners):
            await self.forget_scanner(sender)


class _AsksAgent(PairingDelegate):
    """Types the passkey which BlueZ's agent is asked for."""

    def __init__(self, bluez: "FakeBluez", adapter: FakeAdapter, connection: Connection) -> None:
        super().__init__(PairingDelegate.IoCapability.KEYBOARD_INPUT_ONLY)
        self._bluez, self._adapter, self._address = bluez, adapter, str(connection.peer_address)

    async def get_number(self) -> int | None:
        return await self._bluez.ask_agent(self._adapter.devices[self._address].path)
