"""A sensor made of software: it advertises, is connected to, notifies, goes silent, goes away and comes back."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

from bumble import core, hci
from bumble.device import Connection, Device
from bumble.gatt import Characteristic
from bumble.keys import MemoryKeyStore
from bumble.link import LocalLink

from sensor_hub.adapters.virtual.gatt import (
    VirtualCharacteristic,
    VirtualService,
    add_services,
    advertisement,
    pairing_of,
)
from sensor_hub.adapters.virtual.player import Frame, Player, RunClock
from sensor_hub.adapters.virtual.stack import device_on
from sensor_hub.adapters.virtual.waiting import Waiting

__all__ = ["VirtualCharacteristic", "VirtualPod", "VirtualService"]


class VirtualPod:
    """One virtual sensor; put it on a ``VirtualRadio`` to be heard.

    Parameters
    ----------
    address
        Random static address, such as ``"C0:00:00:00:00:01"``.
    name
        As it is advertised.
    services
        What it offers.
    passkey
        What it shows when it is paired with; None pairs without asking.
    company_id
        Advertised manufacturer, if any.
    advertises
        UUIDs of services in its advertisement; None: the adopted ones.
    largest_mtu
        What it negotiates at most: a notification carries three bytes less.

    Attributes
    ----------
    n_sent, n_missed, n_too_long : by UUID: notifications that went out on the link, those due while nobody listened,
        and those of a run that a link with so small an MTU does not carry.
    n_connections : how often it was connected to.
    """

    def __init__(
        self,
        address: str,
        name: str,
        services: Sequence[VirtualService],
        *,
        passkey: int | None = None,
        company_id: int | None = None,
        advertises: Sequence[str] | None = None,
        largest_mtu: int = 517,
    ) -> None:
        self.address, self.name, self.services = address, name, tuple(services)
        self.passkey, self.largest_mtu = passkey, largest_mtu
        self.n_sent: Counter[str] = Counter()
        self.n_missed: Counter[str] = Counter()
        self.n_too_long: Counter[str] = Counter()
        self.n_connections = 0
        self.muted = False
        self.powered = True
        self.player: Player | None = None
        self.begins_with_subscription = True
        self.passes: Callable[[str, bytes], bool] = lambda _characteristic, _payload: True
        self.shapes: Callable[[str, bytes], Sequence[bytes]] = lambda _characteristic, payload: (payload,)
        self.on_disconnect: list[Callable[[], None]] = []
        self._advertisement = advertisement(name, self.services, advertises, company_id)
        self._bonds = MemoryKeyStore()
        self._device: Device | None = None
        self._connection: Connection | None = None
        self._characteristics: dict[str, Characteristic[bytes]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._playing: asyncio.Task[None] | None = None
        self._waiting = Waiting()

    # -- what it is doing ----------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether there is a link to it."""
        return self._connection is not None

    @property
    def mtu(self) -> int:
        """Negotiated ATT MTU of the link, bytes; 23 without a link."""
        return 23 if self._connection is None else int(self._connection.att_mtu)

    def subscribed(self, uuid: str) -> bool:
        """Whether somebody asked to be notified (or indicated) of a characteristic."""
        if self._device is None or self._connection is None:
            return False
        known = self._device.gatt_server.subscribers.get(self._connection, {})
        return bool(known.get(self._characteristics[uuid].handle, b"\0")[0] & 0x03)

    async def when(self, happened: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Wait until ``happened()`` after a connection, subscription, write or loss; TimeoutError if it does not."""
        await self._waiting.when(happened, timeout_s)

    def changed(self) -> None:
        """Let those who wait look again."""
        self._waiting.changed()

    # -- on the air ----------------------------------------------------------------------------------------------------

    async def attach(self, link: LocalLink) -> None:
        """Come into being on a link (of the running event loop); called by the radio."""
        device = device_on(link, self.name, self.address, self._advertisement)
        device.keystore = self._bonds
        device.pairing_config_factory = lambda _connection: pairing_of(self.passkey)
        device.gatt_server.max_mtu = self.largest_mtu
        self._characteristics = add_services(device, self.services)
        device.gatt_server.on("characteristic_subscription", self._on_subscription)
        device.on("connection", self._on_connection)
        self._device, self._connection, self._playing = device, None, None
        self._tasks, self._waiting = set(), Waiting()
        await device.power_on()
        await self._advertise()
        self._go_on_playing()

    async def _advertise(self) -> None:
        if self.powered and self._device is not None and not self.connected:
            await self._device.start_advertising()

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        self.n_connections += 1
        connection.on("disconnection", self._on_disconnection)
        self.changed()

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        for tell in self.on_disconnect:
            tell()
        self.soon(self._after_disconnection())  # when the stack has forgotten the subscriptions

    async def _after_disconnection(self) -> None:
        self.changed()
        await self._advertise()

    def _on_subscription(self, _bearer: Any, _characteristic: Any, notify: bool, indicate: bool) -> None:
        if (notify or indicate) and self.begins_with_subscription:
            self.begin()
        self.changed()

    def soon(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something after what the link is doing now, such as answering a command."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- sending -------------------------------------------------------------------------------------------------------

    async def notify(self, uuid: str, payload: bytes) -> bool:
        """Notify (or indicate) a value; return whether somebody had asked for it.

        Raises
        ------
        ValueError
            If the link's MTU is too small for it: a stack would cut it off silently.
        """
        device, connection = self._device, self._connection
        if device is None or connection is None or self.muted or not self.subscribed(uuid):
            self.n_missed[uuid] += 1
            return False
        if len(payload) > self.mtu - 3:
            raise ValueError(f"{len(payload)} bytes on {uuid} do not fit an MTU of {self.mtu}")
        characteristic = self._characteristics[uuid]
        self.n_sent[uuid] += 1
        if characteristic.properties & Characteristic.Properties.NOTIFY:
            await device.notify_subscriber(connection, characteristic, payload)
        else:
            with suppress(asyncio.TimeoutError, core.BaseBumbleError):  # the link went before the confirmation
                await device.indicate_subscriber(connection, characteristic, payload)
        return True

    def play(self, frames: Sequence[Frame], *, speed: float = 1.0, clock: RunClock | None = None) -> Player:
        """Play a run; it begins with the first subscription or with ``begin``.

        clock : shared by the pods of one runner, whose run begins with the first of them; it has its own speed.
        """
        self.player = Player(frames, clock or RunClock(speed))
        return self.player

    def begin(self) -> None:
        """Let the run begin now, whoever listens (in the radio's event loop)."""
        if self.player is not None and not self._is_playing:
            self.n_missed.update(uuid for _, uuid, _ in self.player.begin())
            self._go_on_playing()

    @property
    def _is_playing(self) -> bool:
        return self._playing is not None and not self._playing.done()

    def _go_on_playing(self) -> None:
        if self.player is not None and self.player.clock.begun and not self._is_playing:
            self._playing = asyncio.get_running_loop().create_task(self.player.run(self._send))

    async def _send(self, uuid: str, payload: bytes) -> None:
        if not self.passes(uuid, payload):
            self.n_missed[uuid] += 1
            return
        for piece in self.shapes(uuid, payload):
            if self.connected and len(piece) > self.mtu - 3:
                self.n_too_long[uuid] += 1
            else:
                await self.notify(uuid, piece)

    # -- what goes wrong -----------------------------------------------------------------------------------------------

    def mute(self) -> None:
        """Stay connected, send nothing."""
        self.muted = True

    def unmute(self) -> None:
        """Send again."""
        self.muted = False

    async def drop(self) -> None:
        """End the link from the pod's side, unasked; it advertises again at once."""
        connection = self._connection
        if connection is not None:
            with suppress(core.BaseBumbleError):
                await connection.disconnect(hci.HCI_REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR)

    async def power_off(self) -> None:
        """Go away: no link, no advertisement. The run it plays goes on."""
        self.powered = False
        await self._vanish()

    async def _vanish(self) -> None:
        if self._device is None:
            return
        await self._device.stop_advertising()
        connection = self._connection
        if connection is not None:
            with suppress(core.BaseBumbleError):
                await connection.disconnect(hci.HCI_CONNECTION_TIMEOUT_ERROR)

    async def power_on(self) -> None:
        """Come back and advertise."""
        self.powered = True
        await self._advertise()

    async def leave(self) -> None:
        """Be gone from this event loop's radio, for another one to go on; called by the radio when it closes."""
        powered, self.powered = self.powered, False
        await self._vanish()
        for task in [*self._tasks, *([self._playing] if self._playing is not None else [])]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.powered = powered
