"""Getting to know a sensor once: connect, pair if it asks for that, read what it says about itself."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Final

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from sensor_hub.adapters.ble.agent import NOBODY_TO_ASK, PasskeyAgent
from sensor_hub.adapters.ble.bluez import AdapterInfo, Bluez
from sensor_hub.adapters.ble.faults import RADIO_FAULTS, bluez_error, in_words, is_unlikely, wants_pairing
from sensor_hub.adapters.ble.needs import fingerprint_of
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.ble.scan import UNKNOWN_RSSI_DBM, listen, shown_name, sole_use
from sensor_hub.adapters.ble.uuids import (
    BATTERY_LEVEL,
    FIRMWARE,
    MANUFACTURER,
    MODEL,
    SENSOR_LOCATION,
    SERIAL,
    short_uuid,
)
from sensor_hub.errors import BluetoothError

FIND_S: Final = 20.0
CONNECT_S: Final = 30.0
PAIR_S: Final = 90.0  # somebody has to read six digits and type them
READ_S: Final = 10.0
MOST_CHARACTERISTICS: Final = 60
REFUSED: Final = "the sensor refused the pairing: was the passkey right? Wake it and try again"


@dataclass(frozen=True, slots=True)
class PairingFacts:
    """What a sensor says about itself; None and "" where it does not.

    services, characteristics : UUIDs, sorted. sensor_location : the number of the standard. bonded : whether the two
    now share a key.
    """

    address: str
    name: str
    services: tuple[str, ...]
    characteristics: tuple[str, ...]
    battery_percent: int | None
    manufacturer: str
    model: str
    serial: str
    firmware: str
    sensor_location: int | None
    bonded: bool
    rssi_dbm: int | None = None

    @property
    def fingerprint(self) -> str:
        """Of its characteristics: another one later means another firmware, or a stale cache."""
        return fingerprint_of(self.characteristics)


async def pair(
    radio: Radio, address: str, *, ask_passkey: Callable[[], int] | None, skip_services: Sequence[str] = ()
) -> PairingFacts:
    """Connect to a sensor, pair if any of its characteristics asks for it, and return what it says about itself.

    ask_passkey : called in a thread when the sensor shows or prints six digits; None refuses such sensors. The link is
    closed at the end. BluetoothError with the mend if it is not heard, cannot be connected, or refuses.
    """
    async with AsyncExitStack() as stack:
        bluez, adapter = await _adapter(radio, stack)
        name = adapter.name if adapter else None
        agent = PasskeyAgent(ask_passkey)
        if bluez is not None:
            await agent.register()
            stack.push_async_callback(agent.unregister)
        if bluez is not None and name is not None and await bluez.device_property(name, address, "Connected"):
            with suppress(BluetoothError):  # a link left by a program that was killed: who is connected is not heard
                await bluez.disconnect_device(name, address)
        async with sole_use(radio, name):
            device, rssi_dbm = await _find(radio, name, address)
            client = await _connect(radio, name, device)
        try:
            values = await _get_to_know(client, agent, ask_passkey, {short_uuid(s) for s in skip_services})
            bonded = bool(
                await bluez.device_property(name, device.address, "Paired") if bluez and name else agent.was_paired
            )
            return _facts(client, device, values, bonded, rssi_dbm, skip_services)
        finally:
            with suppress(*RADIO_FAULTS):
                await client.disconnect()


async def unpair(radio: Radio, address: str) -> None:
    """Forget a sensor, its key and what was cached of it; no harm if unknown. BluetoothError if BlueZ refuses."""
    async with AsyncExitStack() as stack:
        bluez, adapter = await _adapter(radio, stack)
        if bluez is not None and adapter is not None:
            await bluez.remove_device(adapter.name, address)


async def _adapter(radio: Radio, stack: AsyncExitStack) -> tuple[Bluez | None, AdapterInfo | None]:
    if radio.is_virtual:
        return None, None
    bluez = Bluez()
    await bluez.connect()
    stack.push_async_callback(bluez.close)
    problem, adapter = bluez.problem_of(radio.adapter), bluez.find(radio.adapter)
    if problem is not None or adapter is None:
        raise BluetoothError(problem or "no Bluetooth adapter")
    return bluez, adapter


async def _find(radio: Radio, name: str | None, address: str) -> tuple[BLEDevice, int | None]:
    found: list[tuple[BLEDevice, int]] = []
    enough = asyncio.Event()

    def heard(device: BLEDevice, advertisement: object) -> None:
        if device.address.upper() == address.upper() and not found:
            found.append((device, getattr(advertisement, "rssi", UNKNOWN_RSSI_DBM)))
            enough.set()

    try:
        await listen(radio, name, FIND_S, heard, enough)
    except RADIO_FAULTS as error:
        raise BluetoothError(f"cannot scan: {in_words(error)}") from error
    if not found:
        mend = "is it on, near, and not connected to a phone, a watch or a running edge?"
        raise BluetoothError(f"the sensor is not heard: {mend} ({address})")
    device, rssi_dbm = found[0]
    return device, rssi_dbm if rssi_dbm != UNKNOWN_RSSI_DBM else None


async def _connect(radio: Radio, name: str | None, device: BLEDevice) -> BleakClient:
    try:
        async with asyncio.timeout(CONNECT_S):
            return await establish_connection(
                BleakClientWithServiceCache,
                device,
                device.name or device.address,
                max_attempts=3,
                use_services_cache=False,
                **radio.client_options(name),
            )
    except RADIO_FAULTS as error:
        raise BluetoothError(in_words(error)) from error


async def _get_to_know(
    client: BleakClient, agent: PasskeyAgent, ask_passkey: Callable[[], int] | None, skip: set[str]
) -> dict[str, bytes]:
    """Return what can be read; pairs when something asks for it, and then reads again."""
    try:
        values, refused = await _read_all(client, agent, skip)
        if refused:
            await _pair(client, agent, ask_passkey)
            again, still_refused = await _read_all(client, agent, skip)
            values |= again
            if still_refused:
                raise BluetoothError("the sensor still refuses after pairing: unpair it, wake it and pair it again")
    except RADIO_FAULTS as error:
        words = REFUSED if agent.n_asked else in_words(error)
        raise BluetoothError(agent.failure or words) from error
    return values


async def _pair(client: BleakClient, agent: PasskeyAgent, ask_passkey: Callable[[], int] | None) -> None:
    try:
        async with asyncio.timeout(PAIR_S):
            await client.pair(ask_passkey=ask_passkey)  # BlueZ asks the agent, a virtual radio this
    except RADIO_FAULTS as error:
        if bluez_error(error) == "AlreadyExists":
            return
        raise BluetoothError(agent.failure or (REFUSED if agent.can_ask else NOBODY_TO_ASK)) from error
    agent.was_paired = True


async def _read_all(client: BleakClient, agent: PasskeyAgent, skip: set[str]) -> tuple[dict[str, bytes], bool]:
    """Read, or try to subscribe to, every characteristic: whether one must be paired shows in the refusals only."""
    values: dict[str, bytes] = {}
    refused = False
    characteristics = [c for s in client.services if short_uuid(s.uuid) not in skip for c in s.characteristics]
    for characteristic in characteristics[:MOST_CHARACTERISTICS]:
        try:
            async with asyncio.timeout(READ_S):
                if "read" in characteristic.properties:
                    values[short_uuid(characteristic.uuid)] = bytes(await client.read_gatt_char(characteristic))
                elif {"notify", "indicate"} & set(characteristic.properties):
                    await client.start_notify(characteristic, lambda _sender, _payload: None)
                    await client.stop_notify(characteristic)
        except RADIO_FAULTS as error:
            if wants_pairing(error) or (is_unlikely(error) and (agent.n_asked or not agent.can_ask)):
                refused = True
            elif not client.is_connected:
                raise
    return values, refused


def _facts(
    client: BleakClient,
    device: BLEDevice,
    values: dict[str, bytes],
    bonded: bool,
    rssi_dbm: int | None,
    skip_services: Sequence[str],
) -> PairingFacts:
    services = [s for s in client.services if short_uuid(s.uuid) not in skip_services]
    battery, location = values.get(BATTERY_LEVEL, b""), values.get(SENSOR_LOCATION, b"")
    return PairingFacts(
        address=device.address,
        name=shown_name(device.name),
        services=tuple(sorted({short_uuid(s.uuid) for s in services})),
        characteristics=tuple(sorted({short_uuid(c.uuid) for s in services for c in s.characteristics})),
        battery_percent=battery[0] if len(battery) == 1 and battery[0] <= 100 else None,
        manufacturer=_text(values.get(MANUFACTURER)),
        model=_text(values.get(MODEL)),
        serial=_text(values.get(SERIAL)),
        firmware=_text(values.get(FIRMWARE)),
        sensor_location=location[0] if len(location) == 1 else None,
        bonded=bonded,
        rssi_dbm=rssi_dbm,
    )


def _text(value: bytes | None) -> str:
    """Return a device information string as a person would type it; what is not text becomes nothing."""
    return shown_name((value or b"").decode("utf-8", errors="ignore"))
