"""An ``org.bluez`` of our own on a private bus: what bleak's real BlueZ backend talks to when no radio is there.

Behind it are bumble centrals on a virtual radio, so everything below D-Bus (ATT, SMP) is real. Faults are switched on
by attributes; what real BlueZ does after each is done here as far as a client can see it.
"""

import asyncio
import os
from collections import Counter, deque
from collections.abc import Coroutine
from typing import Any, Literal

from bumble import att, core
from bumble.device import Device
from dbus_fast import BusType, Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus

from tests.radio.fake_adapter import ADAPTER, FakeAdapter
from tests.radio.fake_device import DEVICE
from tests.radio.object_tree import ObjectTree, RefusalError

BLUEZ = "org.bluez"
CALLS = "org.freedesktop.DBus"


class FakeBluez:
    """bluetoothd as seen over D-Bus.

    errors : interface.member, such as ``"Device1.Connect"``, → error replies (name, text) it gives next, in order.
    hangs : interface.member that get no answer. acquire : what AcquireNotify does. largest_signal_hz : StartNotify
    signals a second after which all stall, None never. n_lost : values that did not fit a socket. n_left_open : sockets
    a client still held when it disconnected a sensor, which crashes bluetoothd 5.66 now and then. n_calls, n_refused :
    by interface.member.
    """

    def __init__(self, **centrals: Device) -> None:
        self.tree = ObjectTree()
        self.errors: dict[str, list[tuple[str, str]]] = {}
        self.acquire: Literal["works", "refused", "silent"] = "works"
        self.largest_signal_hz: int | None = None
        self.hangs: set[str] = set()
        self.n_lost = 0
        self.n_left_open = 0
        self.n_calls: Counter[str] = Counter()
        self.n_refused: Counter[str] = Counter()
        self.agent: tuple[str, str] | None = None
        self.adapters = {name: FakeAdapter(self, name, central) for name, central in centrals.items()}
        self._signals: deque[float] = deque()
        self._stalled = False
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def may_signal(self) -> bool:
        """Whether another value may be signalled, or bluetoothd has stalled."""
        if self.largest_signal_hz is None:
            return True
        now_s = asyncio.get_running_loop().time()
        self._signals.append(now_s)
        while self._signals[0] < now_s - 1:
            self._signals.popleft()
        self._stalled = self._stalled or len(self._signals) > self.largest_signal_hz
        return not self._stalled

    # --- its life ----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Appear on the bus with the adapters there are."""
        bus = MessageBus(bus_type=BusType.SYSTEM, negotiate_unix_fd=True)
        await bus.connect()
        bus.add_message_handler(self._on_message)
        rule = f"type='signal',sender='{CALLS}',member='NameOwnerChanged'"
        await bus.call(
            Message(
                destination=CALLS, path="/org/freedesktop/DBus", interface=CALLS, member="AddMatch",
                signature="s", body=[rule],
            )
        )  # fmt: skip
        await bus.request_name(BLUEZ)
        self.tree.bus = bus
        self.tree.objects["/org/bluez"] = {"org.bluez.AgentManager1": {}}
        for adapter in self.adapters.values():
            adapter.publish()

    async def kill(self) -> None:
        """End as by SIGKILL: no signal is sent, the name goes, sockets and links break."""
        bus, self.tree.bus = self.tree.bus, None
        if bus is not None:
            bus.disconnect()
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        self.agent = None
        self.tree.objects.clear()
        for adapter in self.adapters.values():
            await adapter.drop_everything()
            adapter.devices.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def renumber(self, old: str, new: str) -> None:
        """A USB reset: the adapter goes and comes back under another name."""
        adapter = self.adapters.pop(old)
        await adapter.drop_everything()
        self.tree.remove(adapter.path)
        adapter.rename(new)
        self.adapters[new] = adapter
        adapter.publish()

    async def unplug(self, name: str) -> FakeAdapter:
        """Take an adapter away; ``plug_in`` brings it back."""
        adapter = self.adapters.pop(name)
        await adapter.drop_everything()
        self.tree.remove(adapter.path)
        return adapter

    def plug_in(self, adapter: FakeAdapter, name: str) -> None:
        adapter.rename(name)
        self.adapters[name] = adapter
        adapter.publish()

    async def ask_agent(self, device_path: str) -> int | None:
        if self.agent is None or self.tree.bus is None:
            return None
        sender, path = self.agent
        reply = await self.tree.bus.call(
            Message(
                destination=sender, path=path, interface="org.bluez.Agent1", member="RequestPasskey", signature="o",
                body=[device_path],
            )
        )  # fmt: skip
        return int(reply.body[0]) if reply.message_type is MessageType.METHOD_RETURN else None

    # --- calls -------------------------------------------------------------------------------------------------------

    def _on_message(self, message: Message) -> bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, new_owner = message.body
            if name.startswith(":") and not new_owner:
                self._client_left(name)
            return None
        path = message.path or ""
        if message.message_type is not MessageType.METHOD_CALL or not (path == "/" or path.startswith("/org/bluez")):
            return None
        self.soon(self._serve(message))
        return True

    def _client_left(self, sender: str) -> None:
        if self.agent is not None and self.agent[0] == sender:
            self.agent = None
        for adapter in self.adapters.values():
            self.soon(adapter.forget_scanner(sender))
            for device in adapter.devices.values():
                device.forget_client(sender)

    async def _serve(self, message: Message) -> None:
        call = f"{(message.interface or '').rpartition('.')[2]}.{message.member}"
        self.n_calls[call] += 1
        if call in self.hangs:
            return
        handed_over: list[int] = []
        try:
            self._refuse_if_told_to(call)
            signature, body, handed_over = await self._answer(call, message)
            reply = Message.new_method_return(message, signature, body, handed_over)
        except RefusalError as refusal:
            self.n_refused[call] += 1
            reply = Message.new_error(message, refusal.name, refusal.text)
        except att.ATT_Error as error:
            reply = Message.new_error(message, *_att_refusal(error))
        except core.BaseBumbleError as error:
            reply = Message.new_error(message, "org.bluez.Error.Failed", str(error))
        bus = self.tree.bus
        if bus is not None and bus.connected and not message.flags & MessageFlag.NO_REPLY_EXPECTED:
            await bus.send(reply)
        for number in handed_over:
            os.close(number)

    def _refuse_if_told_to(self, call: str) -> None:
        if self.errors.get(call):
            raise RefusalError(*self.errors[call].pop(0))

    async def _answer(self, call: str, message: Message) -> tuple[str, list[Any], list[int]]:
        path, sender, body = message.path or "", message.sender or "", message.body
        match call:
            case "ObjectManager.GetManagedObjects":
                return "a{oa{sa{sv}}}", [self.tree.objects], []
            case "Properties.Get":
                self.tree.value(path, *body)
                return "v", [self.tree.objects[path][body[0]][body[1]]], []
            case "Properties.Set" if body[0] == ADAPTER and body[1] == "Powered":
                await self._adapter(path).set_powered(body[2].value)
            case "Properties.Set":
                self.tree.update(path, body[0], {body[1]: body[2].value})
            case "AgentManager1.RegisterAgent":
                self.agent = (sender, body[0])
            case "AgentManager1.UnregisterAgent":
                self.agent = None
            case "Adapter1.StartDiscovery":
                await self._adapter(path).start_discovery(sender)
            case "Adapter1.StopDiscovery":
                await self._adapter(path).stop_discovery(sender)
            case "Adapter1.RemoveDevice":
                await self._adapter(path).remove_device(body[0])
            case "AgentManager1.RequestDefaultAgent" | "Adapter1.SetDiscoveryFilter":
                pass
            case _:
                return await self._answer_device(call, path, sender, body)
        return "", [], []

    async def _answer_device(
        self, call: str, path: str, sender: str, body: list[Any]
    ) -> tuple[str, list[Any], list[int]]:
        device = self._adapter(path).device(path)
        match call:
            case "Device1.Connect":
                await device.connect()
            case "Device1.Disconnect":
                await device.disconnect()
            case "Device1.Pair":
                await device.pair()
            case "GattCharacteristic1.ReadValue":
                return "ay", [await device.read(path)], []
            case "GattCharacteristic1.WriteValue":
                with_response = body[1]["type"].value == "request" if "type" in body[1] else True
                await device.write(path, bytes(body[0]), with_response)
            case "GattCharacteristic1.StartNotify":
                await device.start_notify(path, sender)
            case "GattCharacteristic1.StopNotify":
                await device.stop_notify(path, sender)
            case "GattCharacteristic1.AcquireNotify":
                number, mtu = await device.acquire_notify(path)
                return "hq", [0, mtu], [number]
            case _:
                raise RefusalError("org.freedesktop.DBus.Error.UnknownMethod", call)
        return "", [], []

    def _adapter(self, path: str) -> FakeAdapter:
        for adapter in self.adapters.values():
            if path == adapter.path or path.startswith(f"{adapter.path}/"):
                return adapter
        raise RefusalError("org.freedesktop.DBus.Error.UnknownObject", f"no object at {path}")

    def paired(self, address: str) -> bool:
        """Whether any adapter has a bond with the sensor."""
        devices = [d for a in self.adapters.values() for d in a.devices.values() if d.plain_address == address]
        return any(self.tree.value(d.path, DEVICE, "Paired") for d in devices)


def _att_refusal(error: att.ATT_Error) -> tuple[str, str]:
    names = {2: ("NotPermitted", "Read not permitted"), 3: ("NotPermitted", "Write not permitted"),
             5: ("NotPermitted", "Not paired"), 8: ("NotAuthorized", "Operation Not Authorized"),
             15: ("NotPermitted", "Not paired")}  # fmt: skip
    name, text = names.get(error.error_code, ("Failed", f"Operation failed with ATT error: 0x{error.error_code:02x}"))
    return f"org.bluez.Error.{name}", text
