"""The air between a central and virtual pods: one simulated link in one event loop."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, Final, TypeVar

from bumble import hci
from bumble.controller import Controller
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration
from bumble.keys import MemoryKeyStore
from bumble.link import LocalLink
from bumble.pairing import PairingConfig, PairingDelegate

from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.stack import UNUSED_FEATURES, plain_controller

T = TypeVar("T")

CENTRAL_ADDRESS: Final = "F0:F0:F0:F0:F0:F0"
_ASK_AGAIN_S: Final = 0.05
AskPasskey = Callable[[], int]


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Await something of bumble to its end, and only then be cancelled.

    It waits for answers with ``asyncio.wait_for``, which in Python 3.11 swallows a cancellation that comes with the
    answer.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


class _PasskeyEntry(PairingDelegate):
    """A central on which somebody types the passkey a pod shows."""

    def __init__(self, ask: AskPasskey) -> None:
        super().__init__(PairingDelegate.IoCapability.KEYBOARD_INPUT_ONLY)
        self._ask = ask

    async def get_number(self) -> int | None:
        return await asyncio.to_thread(self._ask)


class VirtualRadio:
    """A simulated radio. Everything on it comes into being in the event loop that first uses it.

    Used in another event loop later, it is built anew there, as if every pod had been switched off and on: bonds, what
    a pod counts and where its run is stay. ``ask_passkey`` is called in a thread when a pod shows a passkey; None pairs
    only with pods that need none.
    """

    def __init__(self, pods: Iterable[VirtualPod] = (), *, ask_passkey: AskPasskey | None = None) -> None:
        self.pods: list[VirtualPod] = list(pods)
        self.ask_passkey = ask_passkey
        self._loop: asyncio.AbstractEventLoop | None = None
        self._link: LocalLink | None = None
        self._lock: asyncio.Lock | None = None
        self._connecting = asyncio.Lock()
        self._here: list[VirtualPod] = []
        self._centrals: dict[str, Device] = {}
        self._controllers: dict[str, Controller] = {}
        self._listening: list[Device] = []
        self._bonds: dict[str, MemoryKeyStore] = {}

    @property
    def link(self) -> LocalLink:
        """The link of the running event loop."""
        self._move()
        if self._link is None:
            raise RuntimeError("the radio has no link")
        return self._link

    def _move(self) -> asyncio.Lock:
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._lock is None:
            self._connecting = asyncio.Lock()
            self._loop, self._link, self._lock = loop, LocalLink(), asyncio.Lock()  # type: ignore[no-untyped-call]
            self._here, self._centrals, self._listening = [], {}, []
        return self._lock

    async def start(self) -> None:
        """Put the pods on the air, in the running event loop."""
        async with self._move():
            for pod in self.pods:
                if pod not in self._here:
                    self._here.append(pod)
                    await pod.attach(self.link)

    async def add(self, pod: VirtualPod) -> None:
        """Put another pod on the air."""
        self.pods.append(pod)
        await self.start()

    async def central(self, address: str = CENTRAL_ADDRESS) -> Device:
        """Return the central with an address, powered on; the same one in the same event loop."""
        await self.start()
        async with self._move():
            if address not in self._centrals:
                self._centrals[address] = await self._new_central(address)
            return self._centrals[address]

    async def _new_central(self, address: str) -> Device:
        controller = self._controllers[address] = plain_controller(f"central {address}", self.link)
        configuration = DeviceConfiguration(name="central", address=hci.Address(address))
        device = Device.from_config_with_hci(configuration, controller, controller)
        device.keystore = self._bonds.setdefault(address, MemoryKeyStore())
        device.pairing_config_factory = lambda _connection: self._pairing()
        await device.power_on()
        return device

    def _pairing(self) -> PairingConfig:
        if self.ask_passkey is None:
            return PairingConfig(sc=True, mitm=False, bonding=True)
        return PairingConfig(sc=True, mitm=True, bonding=True, delegate=_PasskeyEntry(self.ask_passkey))

    async def listen(self, heard: Callable[[Advertisement], None]) -> None:
        """Tell ``heard`` every advertisement, until ``unlisten``."""
        central = await self.central()
        central.on("advertisement", heard)
        self._listening.append(central)
        try:
            if self._listening.count(central) == 1:
                await whole(central.start_scanning(active=True))
        except BaseException:
            await self.unlisten(heard)
            raise

    async def unlisten(self, heard: Callable[[Advertisement], None]) -> None:
        """End what ``listen`` began."""
        central = await self.central()
        if central in self._listening:
            central.remove_listener("advertisement", heard)
            self._listening.remove(central)
            if central not in self._listening:
                await whole(central.stop_scanning())

    async def connect(self, address: str, timeout_s: float) -> Connection | None:
        """Return a link to an address, None if nobody advertised there in time; one attempt after the other."""
        central = await self.central()
        async with self._connecting:
            task = asyncio.ensure_future(central.connect_le(hci.Address(address), timeout=None))
            try:
                await asyncio.wait({task}, timeout=timeout_s)
            finally:
                if not task.done():
                    await self._give_up(task, self._controllers[CENTRAL_ADDRESS])
            return task.result() if not task.cancelled() else None

    async def _give_up(self, task: "asyncio.Task[Connection]", controller: Controller) -> None:
        """End an attempt to connect; bumble's virtual controller would go on with it, and say nothing about it."""
        controller.pending_le_connection = None
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_ASK_AGAIN_S)
        if not task.cancelled() and task.exception() is None:
            await task.result().disconnect()

    async def bonded(self, connection: Connection) -> bool:
        """Whether the central and this pod have keys of each other."""
        keystore = connection.device.keystore
        return keystore is not None and await keystore.get(str(connection.peer_address)) is not None

    async def forget(self, address: str) -> None:
        """Remove the keys of a pod, if there are any."""
        keystore = (await self.central()).keystore
        if keystore is not None:
            with suppress(KeyError):
                await keystore.delete(str(hci.Address(address)))

    def attach_host(self, name: str, source: Any, sink: Any) -> Controller:
        """Give a Bluetooth stack outside a controller on this link, over its HCI packets (bumble source and sink)."""
        controller = Controller(name, host_source=source, host_sink=sink, link=self.link)
        controller.le_features &= ~UNUSED_FEATURES
        return controller

    def do(self, coroutine: Coroutine[Any, Any, T], timeout_s: float = 10.0) -> T:
        """Run something in the radio's event loop from another thread, such as ``radio.do(pod.drop())``."""
        if self._loop is None:
            coroutine.close()
            raise RuntimeError("nobody has used the radio yet")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout_s)

    async def close(self) -> None:
        """Take every pod off the air and end what the radio does in this event loop."""
        for pod in self._here:
            await pod.leave()
        for central in self._centrals.values():
            for connection in list(central.connections.values()):
                await connection.disconnect()
            await central.power_off()
        self._loop = self._link = self._lock = None
        self._here, self._centrals, self._listening = [], {}, []
