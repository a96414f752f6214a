"""One radio in use: who is looked for on it, who is connected over it, and whose turn it is.

Adapters do one thing at a time badly: they scan or connect, one sensor after the other, and hold five to seven links.
"""

import asyncio
from contextlib import suppress
from typing import Final

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from sensor_hub.adapters.ble.bluez import AdapterInfo, Bluez
from sensor_hub.adapters.ble.faults import RADIO_FAULTS, in_words, is_in_progress
from sensor_hub.adapters.ble.pod import Patience
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.ble.scan import UNKNOWN_RSSI_DBM, listen, revive, sole_use
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import LinkCause

NOBODY_HEARD: Final = (
    "the Bluetooth adapter hears nobody at all: nothing is switched on, or its scanner is stuck (plug it in again)"
)
LONGEST_POWER_CYCLE_S: Final = 3600.0  # an empty room is no reason to do it again and again
_AFTER_A_FIND_S: Final = 0.05  # lets the one that was found take its turn before the next scan does


class Antenna:
    """One radio with its links. ``turn`` is held by whoever scans or connects; ``trouble`` is what scanning met."""

    def __init__(self, radio: Radio, bluez: Bluez | None, slots: int, patience: Patience) -> None:
        self.radio = radio
        self.bluez = bluez
        self.slots = slots
        self.turn = asyncio.Lock()
        self.trouble: str | None = None
        self.n_power_cycles = 0
        self._patience = patience
        self._holders: set[str] = set()
        self._seekers: dict[str, list[asyncio.Future[BLEDevice]]] = {}
        self._heard: dict[str, tuple[BLEDevice, float]] = {}
        self._rssi_dbm: dict[str, int] = {}
        self._stirred = asyncio.Event()
        self._revived_s: float | None = None
        self._revive_again_s = patience.power_cycle_s
        self._rest_s = 0.0

    # --- the adapter -------------------------------------------------------------------------------------------------

    @property
    def adapter(self) -> AdapterInfo | None:
        """The adapter as it is called at the moment; None for a virtual radio or while there is none."""
        return self.bluez.find(self.radio.adapter) if self.bluez else None

    @property
    def name(self) -> str | None:
        """``hciN`` at the moment."""
        adapter = self.adapter
        return adapter.name if adapter else None

    @property
    def problem(self) -> str | None:
        """Why it cannot be used, in words."""
        return self.bluez.problem_of(self.radio.adapter) if self.bluez else None

    @property
    def cause(self) -> LinkCause:
        """What that means for a link."""
        return "adapter-off" if self.bluez is None or self.bluez.is_there else "bluetooth-service-gone"

    def what_broke(self, lives: int, adapter: AdapterInfo | None) -> LinkCause | None:
        """Return why a link made in that life of bluetoothd on that adapter cannot be alive; None if it can."""
        if self.bluez is None:
            return None
        if not self.bluez.is_there or self.bluez.lives != lives:
            return "bluetooth-service-gone"
        now = self.bluez.find(adapter.address) if adapter else None
        return None if now is not None and now.powered and now.name == adapter.name else "adapter-off"  # type: ignore[union-attr]

    # --- slots -------------------------------------------------------------------------------------------------------

    @property
    def n_links(self) -> int:
        """Slots in use."""
        return len(self._holders)

    def take_slot(self, device: str) -> bool:
        """Take a slot for a link; False if there is none."""
        if self.n_links >= self.slots:
            return False
        self._holders.add(device)
        return True

    def give_back_slot(self, device: str) -> None:
        """Give it back; no harm if it was not taken."""
        self._holders.discard(device)

    # --- who is looked for -------------------------------------------------------------------------------------------

    def rssi_dbm(self, address: str) -> int | None:
        """Return how loud a sensor was when it was last heard."""
        return self._rssi_dbm.get(address.upper())

    def stir(self) -> None:
        """Something changed: scan now instead of resting."""
        self._stirred.set()

    def forget(self, address: str) -> None:
        """Do not believe what was heard of a sensor until now."""
        self._heard.pop(address.upper(), None)

    async def free_leftover(self, address: str) -> None:
        """Break a link nobody here has: a killed program leaves its own, and the sensor is never heard again."""
        bluez, name = self.bluez, self.name
        if bluez is not None and name is not None and await bluez.device_property(name, address, "Connected"):
            with suppress(BluetoothError, *RADIO_FAULTS):
                await bluez.disconnect_device(name, address)

    async def seek(self, address: str) -> BLEDevice:
        """Return a sensor when it is heard, however long that takes."""
        address, loop = address.upper(), asyncio.get_running_loop()
        device, heard_s = self._heard.pop(address, (None, 0.0))
        if device is not None and loop.time() - heard_s <= self._patience.scan_s:
            return device
        found: asyncio.Future[BLEDevice] = loop.create_future()
        self._seekers.setdefault(address, []).append(found)
        self._rest_s = 0.0
        self.stir()
        try:
            return await found
        finally:
            self._seekers[address].remove(found)
            if not self._seekers[address]:
                del self._seekers[address]

    async def listen_forever(self) -> None:
        """Scan whenever somebody is looked for; until cancelled."""
        n_silent = 0
        while True:
            self._stirred.clear()
            if not self._seekers or self.problem is not None:
                await self._rest(None)
                n_silent = 0
                continue
            n_heard, found = await self._window()
            if n_heard is not None:
                n_silent = 0 if n_heard else n_silent + 1
            self._revive_again_s = self._patience.power_cycle_s if n_heard else self._revive_again_s
            if n_silent >= self._patience.silent_windows:
                self.trouble = self.trouble or NOBODY_HEARD
                if await self._revive():
                    n_silent = 0
            if found:
                self._rest_s = 0.0
                await asyncio.sleep(_AFTER_A_FIND_S)
            elif self._holders:  # a scan takes air time from the links that stream
                await self._rest(self._rest_s)
                self._rest_s = min(max(2 * self._rest_s, 1.0), self._patience.rest_s)

    async def _window(self) -> tuple[int | None, bool]:
        """Scan once; return how many were heard (None: no scan was possible) and whether one was looked for."""
        enough = asyncio.Event()

        def heard(device: BLEDevice, advertisement: AdvertisementData) -> None:
            address = device.address.upper()
            if advertisement.rssi != UNKNOWN_RSSI_DBM:
                self._rssi_dbm[address] = advertisement.rssi
            waiting = [f for f in self._seekers.get(address, ()) if not f.done()]
            if waiting:
                waiting[0].set_result(device)
                enough.set()
            else:
                self._heard[address] = (device, asyncio.get_running_loop().time())

        n_heard: int | None = None
        async with self.turn:
            try:
                async with sole_use(self.radio, self.name):
                    n_heard = await listen(self.radio, self.name, self._patience.scan_s, heard, enough)
                self.trouble = None if n_heard else self.trouble
            except RADIO_FAULTS as error:
                self.trouble = in_words(error)
                n_heard = 0 if is_in_progress(error) else None  # a scanner that stays busy is as good as a silent one
                await asyncio.sleep(self._patience.backoff_s)
        return n_heard, enough.is_set()

    async def _revive(self) -> bool:
        """The last rung for a silent scanner; breaks links, so never while there are any."""
        now_s, name = asyncio.get_running_loop().time(), self.name
        recently = self._revived_s is not None and now_s - self._revived_s < self._revive_again_s
        if self._holders or recently or self.bluez is None or name is None:
            return False
        async with self.turn:
            if self._revived_s is not None:
                self._revive_again_s = min(2 * self._revive_again_s, LONGEST_POWER_CYCLE_S)
            self._revived_s = now_s
            done = await revive(self.bluez, name)
        self.n_power_cycles += done
        return done

    async def _rest(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may swallow a cancellation
                await self._stirred.wait()
