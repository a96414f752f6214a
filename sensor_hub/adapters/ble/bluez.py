"""What BlueZ itself says over D-Bus, watched beside bleak.

bleak keeps its own picture of BlueZ, and it does not notice when bluetoothd dies: links then stay "connected" for ever.
This one watches the owner of ``org.bluez`` and the adapters.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from bleak.backends.bluezdbus.manager import get_global_bluez_manager
from dbus_fast import BusType, Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus

from sensor_hub.adapters.ble.faults import ADAPTER_OFF, NO_ADAPTER, NO_BUS, NO_DAEMON, RADIO_FAULTS
from sensor_hub.errors import BluetoothError

BLUEZ: Final = "org.bluez"
ADAPTER: Final = "org.bluez.Adapter1"
DEVICE: Final = "org.bluez.Device1"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
OBJECTS: Final = "org.freedesktop.DBus.ObjectManager"
DBUS: Final = "org.freedesktop.DBus"
CALL_S: Final = 10.0
BUS_RETRY_S: Final = 1.0
_RULES: Final = (
    f"type='signal',sender='{DBUS}',interface='{DBUS}',member='NameOwnerChanged',arg0='{BLUEZ}'",
    f"type='signal',sender='{BLUEZ}',interface='{OBJECTS}'",
    f"type='signal',sender='{BLUEZ}',interface='{PROPERTIES}',path_namespace='/org/bluez',arg0='{ADAPTER}'",
)


@dataclass(frozen=True, slots=True)
class AdapterInfo:
    """A Bluetooth adapter. name : ``hciN``, which may be another after a USB reset; address : stays."""

    name: str
    address: str
    powered: bool


class Bluez:
    """A view of bluetoothd of our own: whether it lives, which adapters it has, which have power.

    ``lives`` counts: it rises each time a bluetoothd appears, so a link can tell that its own is gone. ``on_change`` is
    called in the loop after every change.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.lives = 0
        self.is_there = False
        self._on_change = on_change
        self._adapters: dict[str, AdapterInfo] = {}
        self._bus: MessageBus | None = None
        self._bus_end: asyncio.Future[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def adapters(self) -> list[AdapterInfo]:
        """Adapters, by name."""
        return sorted(self._adapters.values(), key=lambda a: (len(a.name), a.name))

    @property
    def problem(self) -> str | None:
        """What is missing altogether, in words."""
        if self._bus is None:
            return NO_BUS
        if not self.is_there:
            return NO_DAEMON
        return None if self._adapters else NO_ADAPTER

    def find(self, adapter: str | None) -> AdapterInfo | None:
        """Return the adapter of that address or ``hciN``; of none, the first with power, else the first."""
        if adapter is None:
            return next((a for a in self.adapters if a.powered), next(iter(self.adapters), None))
        wanted = adapter.lower()
        return next((a for a in self.adapters if wanted in (a.name, a.address.lower())), None)

    def problem_of(self, adapter: str | None) -> str | None:
        """Return why that adapter cannot be used, in words, or None if it can."""
        if self.problem is not None:
            return self.problem
        found = self.find(adapter)
        if found is None:
            names = ", ".join(f"{a.name} {a.address}" for a in self.adapters)
            return f"no Bluetooth adapter {adapter} (there is: {names})"
        return None if found.powered else ADAPTER_OFF

    # --- connection --------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        """Begin to watch. BluetoothError if there is no system bus."""
        try:
            bus = MessageBus(bus_type=BusType.SYSTEM)
        except (OSError, ValueError) as error:
            raise BluetoothError(NO_BUS) from error
        try:
            async with asyncio.timeout(CALL_S):
                await bus.connect()
            bus.add_message_handler(self._on_message)
            self._bus = bus
            self._bus_end = asyncio.ensure_future(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
            for rule in _RULES:
                await self._ask(DBUS, "/org/freedesktop/DBus", DBUS, "AddMatch", "s", [rule])
            [owned] = (await self._ask(DBUS, "/org/freedesktop/DBus", DBUS, "NameHasOwner", "s", [BLUEZ])).body
            if owned:
                self._appeared()
                await self._look()
        except (BluetoothError, *RADIO_FAULTS) as error:
            self._bus = None
            bus.disconnect()
            raise BluetoothError(NO_BUS) from error

    async def close(self) -> None:
        """Stop watching."""
        bus, self._bus = self._bus, None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if bus is not None:
            bus.disconnect()
        if self._bus_end is not None:
            await asyncio.gather(self._bus_end, return_exceptions=True)

    async def watch(self) -> None:
        """Watch for ever, also when the bus itself goes and comes back; until cancelled."""
        while True:
            try:
                if self._bus is None:
                    await self.connect()
                    self._on_change()
                if self._bus_end is not None:
                    await asyncio.shield(self._bus_end)
            except (BluetoothError, *RADIO_FAULTS):
                pass
            if self._bus is not None:
                self._bus.disconnect()
                self._bus = None
                self._gone()
            await asyncio.sleep(BUS_RETRY_S)

    # --- what is heard -----------------------------------------------------------------------------------------------

    def _on_message(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        match message.member:
            case "NameOwnerChanged" if message.body[0] == BLUEZ:
                if message.body[1]:
                    self._gone()
                if message.body[2]:
                    self._appeared()
                    self._later(self._look())
                    self._on_change()
            case "InterfacesAdded" if ADAPTER in message.body[1]:
                self._adapter(message.body[0], message.body[1][ADAPTER])
                self._on_change()
            case "InterfacesRemoved" if ADAPTER in message.body[1]:
                self._adapters.pop(message.body[0], None)
                self._on_change()
            case "PropertiesChanged" if message.body[0] == ADAPTER and message.path in self._adapters:
                known = self._adapters[message.path]
                powered = message.body[1].get("Powered", Variant("b", known.powered)).value
                self._adapters[message.path] = AdapterInfo(known.name, known.address, powered)
                self._on_change()

    def _appeared(self) -> None:
        self.is_there = True
        self.lives += 1

    def _gone(self) -> None:
        self.is_there = False
        self._adapters.clear()
        self._on_change()

    def _adapter(self, path: str, properties: dict[str, Variant]) -> None:
        address, powered = properties["Address"].value, properties["Powered"].value
        self._adapters[path] = AdapterInfo(path.rpartition("/")[2], address, powered)

    async def _look(self) -> None:
        with suppress(BluetoothError, *RADIO_FAULTS):
            reply = await self._ask(BLUEZ, "/", OBJECTS, "GetManagedObjects")
            for path, interfaces in reply.body[0].items():
                if ADAPTER in interfaces:
                    self._adapter(path, interfaces[ADAPTER])
            self._on_change()

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- what is told ------------------------------------------------------------------------------------------------

    async def _ask(
        self, to: str, path: str, interface: str, member: str, signature: str = "", body: Any = ()
    ) -> Message:
        if self._bus is None:
            raise BluetoothError(NO_BUS)
        message = Message(
            destination=to, path=path, interface=interface, member=member, signature=signature, body=list(body),
            flags=MessageFlag.NO_AUTOSTART,
        )  # fmt: skip
        try:
            async with asyncio.timeout(CALL_S):
                reply = await self._bus.call(message)
        except RADIO_FAULTS as error:
            raise BluetoothError(f"BlueZ did not answer {member}: {type(error).__name__}") from error
        if reply.message_type is MessageType.ERROR:
            raise BluetoothError(f"BlueZ refused {member}: {reply.error_name} {' '.join(map(str, reply.body))}".strip())
        return reply

    async def set_powered(self, name: str, powered: bool) -> None:
        """Switch an adapter on or off. BluetoothError if BlueZ refuses."""
        await self._ask(
            BLUEZ, f"/org/bluez/{name}", PROPERTIES, "Set", "ssv", [ADAPTER, "Powered", Variant("b", powered)]
        )

    async def disconnect_device(self, name: str, address: str) -> None:
        """Break the link to a sensor, whoever made it. BluetoothError if BlueZ refuses."""
        await self._ask(BLUEZ, device_path(name, address), DEVICE, "Disconnect")

    async def remove_device(self, name: str, address: str) -> bool:
        """Have BlueZ forget a sensor, its bond and its cached services; False if it did not know it."""
        try:
            await self._ask(BLUEZ, f"/org/bluez/{name}", ADAPTER, "RemoveDevice", "o", [device_path(name, address)])
        except BluetoothError as error:
            if "DoesNotExist" in str(error) or "UnknownObject" in str(error):
                return False
            raise
        return True

    async def n_links(self, name: str) -> int:
        """Return how many sensors (anybody's) are connected on an adapter."""
        reply = await self._ask(BLUEZ, "/", OBJECTS, "GetManagedObjects")
        devices = [
            i[DEVICE] for path, i in reply.body[0].items() if DEVICE in i and path.startswith(f"/org/bluez/{name}/")
        ]
        return sum(bool(device["Connected"].value) for device in devices)

    async def device_property(self, name: str, address: str, key: str) -> Any:
        """Return a property of ``org.bluez.Device1``, None if BlueZ does not know the sensor or the property."""
        with suppress(BluetoothError):
            reply = await self._ask(BLUEZ, device_path(name, address), PROPERTIES, "Get", "ss", [DEVICE, key])
            return reply.body[0].value
        return None


def device_path(name: str, address: str) -> str:
    """Return the object path BlueZ gives a sensor on an adapter."""
    return f"/org/bluez/{name}/dev_{address.upper().replace(':', '_')}"


async def forget_stale_picture() -> None:
    """Make bleak read BlueZ's objects anew.

    When bluetoothd dies nothing tells bleak that its objects are gone, so it would "connect" to the ghost of a link
    without asking. Ending bleak's own bus connection is what makes it look again; it has no public call for that.
    """
    with suppress(*RADIO_FAULTS):
        async with asyncio.timeout(CALL_S):
            bus = (await get_global_bluez_manager())._bus
        if bus is not None:
            bus.disconnect()
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
