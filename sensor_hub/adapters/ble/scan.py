"""Listening for sensors: one scanner an adapter, patient with a busy or silent one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Lock
from typing import Final

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from sensor_hub.adapters.ble.bluez import Bluez
from sensor_hub.adapters.ble.faults import RADIO_FAULTS, in_words, is_in_progress
from sensor_hub.adapters.ble.radio import Radio, switch_off_and_on
from sensor_hub.adapters.ble.uuids import short_uuid
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import Found

BUSY_BACKOFF_S: Final = (0.25, 0.5, 1.0, 2.0)
SILENT_S: Final = 4.0  # ours: sensors advertise every 0.02 to 2 s; nobody at all for this long is worth a new scan
UNKNOWN_RSSI_DBM: Final = -127
LONGEST_NAME: Final = 60  # ours: an advertisement holds 29, extended ones more than anybody wants to read
_POLL_S: Final = 0.05
_owners: dict[str, Lock] = {}
Heard = Callable[[BLEDevice, AdvertisementData], None]


@asynccontextmanager
async def sole_use(radio: Radio, name: str | None) -> AsyncIterator[None]:
    """Own the adapter's scanner while in the block: a process has one at a time, whatever loops and threads it has."""
    key = name or str(radio.scanner_backend)
    owner = _owners.setdefault(key, Lock())
    while not owner.acquire(blocking=False):  # noqa: ASYNC110 - the owner may live in another thread's loop
        await asyncio.sleep(_POLL_S)
    try:
        yield
    finally:
        owner.release()


async def listen(radio: Radio, name: str | None, seconds: float, heard: Heard, enough: asyncio.Event) -> int:
    """Scan for some seconds or until ``enough`` is set; return how many advertisements were heard.

    A scanner that BlueZ says is in progress is asked for again, each time later. What bleak raises comes through.
    """
    n_heard = 0

    def on_advertisement(device: BLEDevice, advertisement: AdvertisementData) -> None:
        nonlocal n_heard
        n_heard += 1
        heard(device, advertisement)

    for wait_s in (*BUSY_BACKOFF_S, None):
        scanner = BleakScanner(on_advertisement, **radio.scanner_options(name))
        try:
            await scanner.start()
            break
        except RADIO_FAULTS as error:
            if wait_s is None or not is_in_progress(error):
                raise
            await asyncio.sleep(wait_s)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may swallow a cancellation
                await enough.wait()
    finally:
        with suppress(*RADIO_FAULTS):  # an adapter that went away stopped scanning by itself
            await scanner.stop()
    return n_heard


async def revive(bluez: Bluez, name: str) -> bool:
    """Power cycle an adapter that hears nothing; False, and nothing done, while anybody is connected on it."""
    try:
        if await bluez.n_links(name):
            return False
        await switch_off_and_on(bluez, name)
    except (BluetoothError, *RADIO_FAULTS):
        return False
    return True


async def scan(radio: Radio, seconds: float, on_found: Callable[[Found], None] | None = None) -> list[Found]:
    """Listen and return who was heard, the loudest first.

    ``on_found`` is called for each sensor when it is first heard and when more is known of it. BluetoothError if there
    is no usable adapter or it stays busy.
    """
    found: dict[str, Found] = {}

    def heard(device: BLEDevice, advertisement: AdvertisementData) -> None:
        known = found.get(device.address)
        found[device.address] = now = _merged(known, device, advertisement)
        if on_found is not None and (known is None or _said(known) != _said(now)):
            on_found(now)

    if radio.is_virtual:
        async with sole_use(radio, None):
            await listen(radio, None, seconds, heard, asyncio.Event())
    else:
        bluez = Bluez()
        await bluez.connect()
        try:
            await _scan_adapter(bluez, radio, seconds, heard, found)
        finally:
            await bluez.close()
    return sorted(found.values(), key=lambda f: -(f.rssi_dbm if f.rssi_dbm is not None else UNKNOWN_RSSI_DBM))


async def _scan_adapter(bluez: Bluez, radio: Radio, seconds: float, heard: Heard, found: dict[str, Found]) -> None:
    """The ladder: scan, scan anew, power cycle; then say what is wrong."""
    clock = asyncio.get_running_loop().time
    end_s, may_revive = clock() + seconds, True
    rung = 0
    while clock() < end_s:
        problem, adapter = bluez.problem_of(radio.adapter), bluez.find(radio.adapter)
        if problem is not None or adapter is None:
            raise BluetoothError(problem or "no Bluetooth adapter")
        window_s = end_s - clock() if found else min(SILENT_S, end_s - clock())
        try:
            async with sole_use(radio, adapter.name):
                await listen(radio, adapter.name, window_s, heard, asyncio.Event())
        except RADIO_FAULTS as error:
            if not is_in_progress(error) or not may_revive or not await revive(bluez, adapter.name):
                raise BluetoothError(f"cannot scan: {in_words(error)}") from error
            may_revive, end_s = False, clock() + seconds
            continue
        rung += 1
        if not found and rung >= 2 and may_revive:
            may_revive = False
            await revive(bluez, adapter.name)


def _merged(known: Found | None, device: BLEDevice, advertisement: AdvertisementData) -> Found:
    services = {short_uuid(u) for u in advertisement.service_uuids} | set(known.services if known else ())
    companies = set(advertisement.manufacturer_data) | set(known.company_ids if known else ())
    rssi_dbm = advertisement.rssi if advertisement.rssi != UNKNOWN_RSSI_DBM else None
    return Found(
        address=device.address,
        name=shown_name(advertisement.local_name) or (known.name if known else "") or shown_name(device.name),
        rssi_dbm=rssi_dbm if rssi_dbm is not None or known is None else known.rssi_dbm,
        services=tuple(sorted(services)),
        company_ids=tuple(sorted(companies)),
    )


def shown_name(told: str | None) -> str:
    """Return what can be shown of a name from the air: a control character would command the terminal."""
    printable = "".join(c if c.isprintable() else " " for c in told or "")
    return " ".join(printable.split())[:LONGEST_NAME].rstrip()


def _said(found: Found) -> tuple[object, ...]:
    return found.name, found.services, found.company_ids
