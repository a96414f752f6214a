"""One remote sensor as a BlueZ adapter knows it: a D-Bus object whose methods become real ATT and SMP.

What real BlueZ does and a collector must live with is done here too: a client that is not disconnected keeps its
subscription over a drop, and then every value is signalled once a client; characteristics are taken from a cache until
the device is removed; reading what needs pairing pairs.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bumble import att, core, hci
from bumble.device import Connection, Peer
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR
from bumble.gatt_client import CharacteristicProxy

from tests.radio.object_tree import RefusalError

if TYPE_CHECKING:
    from tests.radio.fake_adapter import FakeAdapter

T = TypeVar("T")
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
FLAGS = {2: "read", 4: "write-without-response", 8: "write", 16: "notify", 32: "indicate"}
CONNECT_S = 3.0


def long_uuid(uuid: core.UUID) -> str:
    digits = uuid.to_bytes(force_128=True)[::-1].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@dataclass(frozen=True)
class CachedCharacteristic:
    handle: int
    end_handle: int
    uuid: core.UUID
    properties: int


@dataclass(frozen=True)
class CachedService:
    handle: int
    uuid: core.UUID
    characteristics: tuple[CachedCharacteristic, ...]


def is_closed_there(end: socket.socket) -> bool:
    """Whether the other end of a socket was closed."""
    try:
        return end.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False


class FakeDevice:
    def __init__(self, adapter: "FakeAdapter", address: hci.Address) -> None:
        self.adapter, self.address = adapter, address
        self.path = f"{adapter.path}/dev_{self.plain_address.replace(':', '_')}"
        self.connection: Connection | None = None
        self.cache: tuple[CachedService, ...] | None = None
        self._proxies: dict[str, CharacteristicProxy[bytes]] = {}
        self._sessions: dict[str, set[str]] = {}  # path → D-Bus clients that called StartNotify
        self._acquired: dict[str, socket.socket] = {}

    @property
    def plain_address(self) -> str:
        return str(self.address.to_string(with_type_qualifier=False))

    def publish(self, advertised: dict[str, Any]) -> None:
        self.adapter.tree.add(
            self.path,
            DEVICE,
            {
                "Address": self.plain_address, "AddressType": "random", "Paired": False, "Bonded": False,
                "Trusted": False, "Blocked": False, "LegacyPairing": False, "Connected": False,
                "ServicesResolved": False, "Adapter": self.adapter.path, "UUIDs": [],
                "Alias": self.plain_address.replace(":", "-"), **advertised,
            },
        )  # fmt: skip

    def update(self, **properties: Any) -> None:
        self.adapter.tree.update(self.path, DEVICE, properties)

    # --- Device1 -----------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        if self.connection is not None:
            return
        if self.adapter.is_connecting:
            raise RefusalError("InProgress", "Operation already in progress")
        self.adapter.is_connecting = True
        try:
            connection = await self.adapter.central.connect_le(self.address, timeout=CONNECT_S)
        except (TimeoutError, core.BaseBumbleError):
            raise RefusalError("Failed", "le-connection-abort-by-local") from None
        finally:
            self.adapter.is_connecting = False
        connection.on("disconnection", lambda _reason: self._gone())
        self.connection = connection
        self.update(Connected=True)
        await self.while_connected(self._resolve(Peer(connection)))

    async def _resolve(self, peer: Peer) -> None:
        if self.adapter.tree.value(self.path, DEVICE, "Paired"):
            await peer.connection.encrypt()
        await peer.request_mtu(517)
        if self.cache is None:
            await peer.discover_all()  # type: ignore[no-untyped-call]
            self.cache = tuple(
                CachedService(
                    s.handle,
                    s.uuid,
                    tuple(
                        CachedCharacteristic(c.handle, c.end_group_handle, c.uuid, int(c.properties))
                        for c in s.characteristics
                    ),
                )
                for s in peer.services
            )
        self._publish_services(peer, self.cache)
        self.update(ServicesResolved=True)
        for path, sessions in self._sessions.items():  # BlueZ goes on for whoever subscribed before the drop
            if sessions and path in self._proxies:
                await self._subscribe(path)

    def _publish_services(self, peer: Peer, services: tuple[CachedService, ...]) -> None:
        tree = self.adapter.tree
        for service in services:
            service_path = f"{self.path}/service{service.handle:04x}"
            tree.add(service_path, SERVICE, {"UUID": long_uuid(service.uuid), "Device": self.path, "Primary": True})
            for c in service.characteristics:
                path = f"{service_path}/char{c.handle - 1:04x}"
                flags = [name for bit, name in FLAGS.items() if c.properties & bit]
                properties = {
                    "UUID": long_uuid(c.uuid), "Service": service_path, "Value": b"", "Flags": flags,
                    "MTU": peer.connection.att_mtu,
                }  # fmt: skip
                if {"notify", "indicate"} & set(flags):
                    properties |= {"Notifying": False, "NotifyAcquired": False}
                proxy: CharacteristicProxy[bytes] = CharacteristicProxy(
                    peer.gatt_client, c.handle, c.end_handle, c.uuid, c.properties
                )
                self._proxies[path] = proxy
                tree.add(path, CHARACTERISTIC, properties)

    def _gone(self) -> None:
        self.connection = None
        self._proxies.clear()
        self.close_sockets()
        self.update(ServicesResolved=False, Connected=False)
        for path in [p for p in self.adapter.tree.objects if p.startswith(f"{self.path}/service") and "char" not in p]:
            self.adapter.tree.remove(path)

    def close_sockets(self) -> None:
        for end in self._acquired.values():
            end.close()
        self._acquired.clear()

    async def disconnect(self) -> None:
        self.adapter.bluez.n_left_open += sum(not is_closed_there(end) for end in self._acquired.values())
        if self.connection is not None:
            with suppress(core.BaseBumbleError):
                await self.connection.disconnect()

    async def pair(self) -> None:
        if self.connection is None:
            await self.connect()
        assert self.connection is not None
        try:
            await self.while_connected(self.connection.pair())
        except (core.BaseBumbleError, RefusalError):
            raise RefusalError("AuthenticationFailed", "Authentication Failed") from None
        self.update(Paired=True, Bonded=True)

    async def while_connected(self, work: Awaitable[T]) -> T:
        """Do something on the link; a RefusalError when the link goes first."""
        connection = self.connection
        if connection is None:
            raise RefusalError("Failed", "Not connected")
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_gone(_reason: int) -> None:
            if not gone.done():
                gone.set_result(None)

        connection.on("disconnection", on_gone)
        task = asyncio.ensure_future(work)
        both: set[asyncio.Future[Any]] = {task, gone}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise RefusalError("Failed", "Not connected")
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            gone.cancel()
            connection.remove_listener("disconnection", on_gone)

    # --- GattCharacteristic1 -----------------------------------------------------------------------------------------

    def _proxy(self, path: str) -> CharacteristicProxy[bytes]:
        if self.connection is None or path not in self._proxies:
            raise RefusalError("Failed", "Not connected")
        return self._proxies[path]

    async def _secured(self, work: Callable[[], Awaitable[T]]) -> T:
        """What needs pairing pairs by itself, if there is an agent to ask."""
        try:
            return await self.while_connected(work())
        except att.ATT_Error as error:
            needs_pairing = error.error_code in {5, 15}
            if not needs_pairing or self.adapter.bluez.agent is None:
                raise
            try:
                await self.pair()
            except RefusalError:  # as real BlueZ 5.66 does
                raise RefusalError("Failed", "Operation failed with ATT error: 0x0e (Unlikely Error)") from None
        return await self.while_connected(work())

    async def read(self, path: str) -> bytes:
        proxy = self._proxy(path)
        return bytes(await self._secured(proxy.read_value))

    async def write(self, path: str, value: bytes, with_response: bool) -> None:
        proxy = self._proxy(path)
        await self._secured(lambda: proxy.write_value(value, with_response=with_response))

    async def start_notify(self, path: str, sender: str) -> None:
        self._proxy(path)
        self._sessions.setdefault(path, set()).add(sender)  # before the sensor may send
        try:
            await self._subscribe(path)
        except BaseException:
            self._sessions[path].discard(sender)
            raise
        self.adapter.tree.update(path, CHARACTERISTIC, {"Notifying": True})

    async def stop_notify(self, path: str, sender: str) -> None:
        self._sessions.get(path, set()).discard(sender)
        await self._unsubscribe_if_unheard(path)
        self.adapter.tree.update(path, CHARACTERISTIC, {"Notifying": False})

    async def acquire_notify(self, path: str) -> tuple[int, int]:
        if self.adapter.bluez.acquire == "refused":
            raise RefusalError("NotSupported", "Operation is not supported")
        self._proxy(path)
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        here.setblocking(False)
        self._acquired[path] = here
        try:
            await self._subscribe(path)
        except BaseException:
            self._acquired.pop(path, here).close()
            there.close()
            raise
        assert self.connection is not None
        return there.detach(), self.connection.att_mtu

    async def _subscribe(self, path: str) -> None:
        proxy = self._proxy(path)
        if not proxy.subscribers:
            await self._secured(lambda: proxy.subscribe(lambda value: self._heard(path, bytes(value))))
            if proxy.get_descriptor(GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR) is None:
                raise RefusalError("Failed", "Operation failed with ATT error: 0x0a (Attribute Not Found)")

    async def _unsubscribe_if_unheard(self, path: str) -> None:
        proxy = self._proxies.get(path)
        if proxy is None or self._sessions.get(path) or path in self._acquired:
            return
        with suppress(RefusalError, att.ATT_Error, core.BaseBumbleError):
            for subscriber in list(proxy.subscribers):
                await self.while_connected(proxy.unsubscribe(subscriber))

    def _heard(self, path: str, value: bytes) -> None:
        """Pass a value on: a signal for each client that asked, and a message for the one with the socket."""
        bluez = self.adapter.bluez
        for _ in self._sessions.get(path, ()):
            if bluez.may_signal():
                self.adapter.tree.update(path, CHARACTERISTIC, {"Value": value})
        if path in self._acquired and bluez.acquire == "works":
            try:
                self._acquired[path].send(value)
            except BlockingIOError:
                bluez.n_lost += 1
            except OSError:  # the client closed its end
                self._acquired.pop(path).close()
                bluez.soon(self._unsubscribe_if_unheard(path))

    def forget_client(self, sender: str) -> None:
        """A D-Bus client left: its subscriptions end."""
        for path, sessions in self._sessions.items():
            if sender in sessions:
                sessions.discard(sender)
                self.adapter.bluez.soon(self._unsubscribe_if_unheard(path))
