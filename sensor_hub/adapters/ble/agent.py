"""Who answers BlueZ when a sensor wants a passkey."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Final

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusSignature, DBusStr, DBusUInt16, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method

from sensor_hub.adapters.ble.bluez import BLUEZ, CALL_S
from sensor_hub.adapters.ble.faults import NO_BUS, RADIO_FAULTS
from sensor_hub.errors import BluetoothError

PATH: Final = "/sensor_hub/agent"
MANAGER: Final = "org.bluez.AgentManager1"
LARGEST_PASSKEY: Final = 999_999
NOBODY_TO_ASK: Final = "the sensor asks for a passkey, and there is nobody to ask (run this in a terminal)"
NOT_SIX_DIGITS: Final = "a passkey has at most six digits"
Nothing = Annotated[None, DBusSignature("")]


class PasskeyAgent:
    """An ``org.bluez.Agent1`` that asks a person. ``failure`` says, in words, why there was no passkey."""

    def __init__(self, ask_passkey: Callable[[], int] | None) -> None:
        self.failure: str | None = None
        self.was_paired = False
        self.n_asked = 0
        self._ask = ask_passkey
        self._bus: MessageBus | None = None

    @property
    def can_ask(self) -> bool:
        """Whether there is anybody to ask."""
        return self._ask is not None

    async def register(self) -> None:
        """Become BlueZ's agent. BluetoothError if there is no bus or BlueZ refuses."""
        try:
            bus = MessageBus(bus_type=BusType.SYSTEM)
        except (OSError, ValueError) as error:
            raise BluetoothError(NO_BUS) from error
        try:
            await bus.connect()
            bus.export(PATH, _Agent1(self))
            self._bus = bus
            capability = "KeyboardDisplay" if self._ask else "NoInputNoOutput"
            await self._call("RegisterAgent", "os", [PATH, capability])
            await self._call("RequestDefaultAgent", "o", [PATH])
        except RADIO_FAULTS as error:
            bus.disconnect()
            raise BluetoothError(NO_BUS) from error

    async def unregister(self) -> None:
        """Be it no longer."""
        bus, self._bus = self._bus, None
        if bus is None:
            return
        with suppress(BluetoothError, *RADIO_FAULTS):
            async with asyncio.timeout(CALL_S):
                await bus.call(_message("UnregisterAgent", "o", [PATH]))
        bus.disconnect()
        with suppress(*RADIO_FAULTS):
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    async def passkey(self) -> int:
        """Ask. DBusError, which BlueZ takes for a refusal, if there is none."""
        self.n_asked += 1
        if self._ask is None:
            self.failure = NOBODY_TO_ASK
            raise DBusError("org.bluez.Error.Rejected", NOBODY_TO_ASK)
        try:
            passkey = await asyncio.to_thread(self._ask)
        except (BluetoothError, EOFError, OSError, ValueError) as error:
            self.failure = str(error) or "no passkey was given"
            raise DBusError("org.bluez.Error.Canceled", self.failure) from error
        if not 0 <= passkey <= LARGEST_PASSKEY:
            self.failure = NOT_SIX_DIGITS
            raise DBusError("org.bluez.Error.Rejected", NOT_SIX_DIGITS)
        return passkey

    async def _call(self, member: str, signature: str, body: list[str]) -> None:
        if self._bus is None:
            raise ValueError("register first")
        async with asyncio.timeout(CALL_S):
            reply = await self._bus.call(_message(member, signature, body))
        if reply.message_type is MessageType.ERROR and not str(reply.error_name).endswith("AlreadyExists"):
            raise BluetoothError(f"BlueZ refused {member}: {reply.error_name}")


def _message(member: str, signature: str, body: list[str]) -> Message:
    return Message(
        destination=BLUEZ, path="/org/bluez", interface=MANAGER, member=member, signature=signature, body=body
    )


class _Agent1(ServiceInterface):
    """The names BlueZ calls."""

    def __init__(self, agent: PasskeyAgent) -> None:
        super().__init__("org.bluez.Agent1")
        self._agent = agent

    @dbus_method()
    async def RequestPasskey(self, device: DBusObjectPath) -> DBusUInt32:  # noqa: N802
        return await self._agent.passkey()

    @dbus_method()
    async def RequestPinCode(self, device: DBusObjectPath) -> DBusStr:  # noqa: N802
        return f"{await self._agent.passkey():06d}"

    @dbus_method()
    def RequestConfirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> Nothing:  # noqa: N802
        """Numeric comparison: the runner holds the sensor in the hand and asked for this."""

    @dbus_method()
    def RequestAuthorization(self, device: DBusObjectPath) -> Nothing:  # noqa: N802
        """Just works: asked for by the runner as well."""

    @dbus_method()
    def AuthorizeService(self, device: DBusObjectPath, uuid: DBusStr) -> Nothing:  # noqa: N802
        """As above."""

    @dbus_method()
    def DisplayPasskey(self, device: DBusObjectPath, passkey: DBusUInt32, entered: DBusUInt16) -> Nothing:  # noqa: N802
        """No sensor has keys to type on."""

    @dbus_method()
    def DisplayPinCode(self, device: DBusObjectPath, pincode: DBusStr) -> Nothing:  # noqa: N802
        """As above."""

    @dbus_method()
    def Cancel(self) -> Nothing:  # noqa: N802
        """BlueZ gave up; what it says of the pairing tells the rest."""

    @dbus_method()
    def Release(self) -> Nothing:  # noqa: N802
        """BlueZ lets us go."""
