"""Which radio to use: an adapter of this machine, or a virtual one."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner

from sensor_hub.adapters.ble.bluez import AdapterInfo, Bluez
from sensor_hub.errors import BluetoothError

OFF_S: Final = 1.0  # ours: controllers need a moment without power before they forget what they were doing
__all__ = ["ANY_RADIO", "AdapterInfo", "Radio", "adapters", "power_cycle"]


@dataclass(frozen=True, slots=True)
class Radio:
    """One Bluetooth radio.

    adapter : the adapter's address, or ``hciN``; an address is looked up at each use because ``hciN`` may be another
    after a USB reset; None takes the first with power. client_backend, scanner_backend : bleak backends of a virtual
    radio; then nothing touches D-Bus.
    """

    adapter: str | None = None
    client_backend: type[BaseBleakClient] | None = None
    scanner_backend: type[BaseBleakScanner] | None = None

    @property
    def is_virtual(self) -> bool:
        """Whether it has backends of its own."""
        return self.client_backend is not None or self.scanner_backend is not None

    def scanner_options(self, name: str | None) -> dict[str, Any]:
        """Return what bleak's scanner is made with; ``name`` is the adapter's name at the moment."""
        if self.scanner_backend is not None:
            return {"backend": self.scanner_backend}
        return {"bluez": {"adapter": name}} if name else {}

    def client_options(self, name: str | None) -> dict[str, Any]:
        """Return what bleak's client is made with."""
        if self.client_backend is not None:
            return {"backend": self.client_backend}
        return {"bluez": {"adapter": name}} if name else {}


ANY_RADIO: Final = Radio()


async def adapters() -> list[AdapterInfo]:
    """Return the adapters of this machine. BluetoothError if Bluetooth is not running."""
    bluez = Bluez()
    await bluez.connect()
    try:
        if not bluez.is_there:
            raise BluetoothError(bluez.problem or "")
        return bluez.adapters
    finally:
        await bluez.close()


async def power_cycle(radio: Radio) -> None:
    """Switch the adapter off and on; every link on it breaks. BluetoothError if BlueZ refuses."""
    if radio.is_virtual:
        return
    bluez = Bluez()
    await bluez.connect()
    try:
        found = bluez.find(radio.adapter)
        if found is None:
            raise BluetoothError(bluez.problem_of(radio.adapter) or "no Bluetooth adapter")
        await switch_off_and_on(bluez, found.name)
    finally:
        await bluez.close()


async def switch_off_and_on(bluez: Bluez, name: str) -> None:
    """Power cycle through a watch that is open already. BluetoothError if BlueZ refuses."""
    await bluez.set_powered(name, False)
    await asyncio.sleep(OFF_S)
    await bluez.set_powered(name, True)
