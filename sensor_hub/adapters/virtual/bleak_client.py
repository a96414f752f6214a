"""bleak's client on a virtual radio."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, ClassVar, Final, TypeVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import att, core
from bumble.device import Connection, Peer

from sensor_hub.adapters.virtual.gatt import long_uuid
from sensor_hub.adapters.virtual.radio import VirtualRadio, whole

T = TypeVar("T")

LARGEST_MTU: Final = 517
_PROPERTIES: Final[tuple[tuple[int, CharacteristicPropertyName], ...]] = (
    (0x02, "read"),
    (0x04, "write-without-response"),
    (0x08, "write"),
    (0x10, "notify"),
    (0x20, "indicate"),
)


class VirtualClient(BaseBleakClient):
    """Connects over the radio of its class. What the link refuses or loses is a BleakError, as over the air."""

    radio: ClassVar[VirtualRadio]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None = None,
        timeout: float = 30.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **kwargs)
        given = address_or_ble_device
        self._name = (given.name or given.address) if isinstance(given, BLEDevice) else given
        self._connection: Connection | None = None
        self._listeners: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        """The advertised name, where it was given."""
        return self._name

    @property
    def mtu_size(self) -> int:
        """Negotiated ATT MTU, bytes."""
        return 23 if self._connection is None else int(self._connection.att_mtu)

    @property
    def is_connected(self) -> bool:
        """Whether there is a link."""
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Connect, encrypt if there is a bond, pair if asked to, discover everything."""
        if self._connection is not None:
            raise BleakError("already connected")
        connection = await self.radio.connect(self.address, kwargs.get("timeout", self._timeout))
        if connection is None:
            raise BleakDeviceNotFoundError(self.address, f"{self.address} was not there")
        connection.on("disconnection", self._on_disconnection)
        self._connection = connection
        try:
            if await self.radio.bonded(connection):
                await self._while_connected(connection.encrypt())
            if pair:
                await self.pair()
            self.services = await self._while_connected(self._discover(Peer(connection)))
        except BaseException:
            with suppress(BleakError):
                await self.disconnect()
            raise

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        await peer.request_mtu(LARGEST_MTU)
        await peer.discover_all()  # type: ignore[no-untyped-call]
        found = BleakGATTServiceCollection()
        for service in peer.services:
            here = BleakGATTService(service, service.handle, long_uuid(service.uuid))
            found.add_service(here)
            for characteristic in service.characteristics:
                names = [name for bit, name in _PROPERTIES if int(characteristic.properties) & bit]
                there = BleakGATTCharacteristic(
                    characteristic,
                    characteristic.handle - 1,  # bleak counts from the declaration
                    long_uuid(characteristic.uuid),
                    names,
                    lambda: self.mtu_size - 3,
                    here,
                )
                found.add_characteristic(there)
                for descriptor in characteristic.descriptors:
                    found.add_descriptor(
                        BleakGATTDescriptor(descriptor, descriptor.handle, long_uuid(descriptor.type), there)
                    )
        return found

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self.services = None
        self._listeners.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        """End the link."""
        connection = self._connection
        if connection is not None:
            with suppress(core.BaseBumbleError):
                await whole(connection.disconnect())

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Pair; the radio is asked for a passkey."""
        connection = self._live()
        try:
            await self._while_connected(connection.pair())
        except BleakError as error:
            raise BleakError(f"pairing with {self.address} failed: {error}") from error

    async def unpair(self) -> None:
        """Forget the bond."""
        await self.radio.forget(self.address)

    def _live(self) -> Connection:
        if self._connection is None:
            raise BleakError("not connected")
        return self._connection

    async def _while_connected(self, work: Awaitable[T]) -> T:
        """Do something on the link; BleakError when the link goes first."""
        connection = self._live()
        gone = asyncio.get_running_loop().create_future()

        def on_gone(_reason: int) -> None:
            if not gone.done():
                gone.set_result(None)

        connection.on("disconnection", on_gone)
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise BleakError("disconnected")
            return task.result()
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error) or type(error).__name__) from error
        finally:
            task.cancel()
            gone.cancel()
            connection.remove_listener("disconnection", on_gone)

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        """Read a characteristic."""
        return bytearray(await self._while_connected(characteristic.obj.read_value()))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        """Read a descriptor."""
        return bytearray(await self._while_connected(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        """Write a characteristic."""
        await self._while_connected(characteristic.obj.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor."""
        await self._while_connected(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        """Subscribe; BleakError if it is subscribed to already."""
        self._live()
        if characteristic.handle in self._listeners:
            raise BleakError(f"characteristic {characteristic.uuid} notifies already")

        def listener(value: bytes) -> None:
            callback(bytearray(value))

        self._listeners[characteristic.handle] = listener
        prefers_notify = "notify" in characteristic.properties
        try:
            await self._while_connected(characteristic.obj.subscribe(listener, prefer_notify=prefers_notify))
        except BaseException:
            self._listeners.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """End a subscription; no harm if there is none."""
        listener = self._listeners.pop(characteristic.handle, None)
        if listener is not None and self._connection is not None:
            await self._while_connected(characteristic.obj.unsubscribe(listener))
