"""One connection to one sensor, from connecting until it is over. It is never used twice.

A client that is used again after a drop, or left undisconnected, has BlueZ deliver every notification twice. So each
link has its own client, the old one is always disconnected, and nothing a link hears after its end is passed on.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from sensor_hub.adapters.ble.antenna import Antenna
from sensor_hub.adapters.ble.echoes import Echoes
from sensor_hub.adapters.ble.faults import RADIO_FAULTS, is_another_table
from sensor_hub.adapters.ble.needs import (
    answers_of,
    fingerprint_of,
    needed_characteristics,
    services_wanted,
    streams_of,
)
from sensor_hub.adapters.ble.orders import Orders, RefusedError
from sensor_hub.adapters.ble.pod import Patience, Pod
from sensor_hub.adapters.ble.silence import Silence
from sensor_hub.adapters.ble.uuids import BATTERY_LEVEL, short_uuid
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import LinkCause, LinkChange
from sensor_hub.model.raw import RawNotification

CONNECT_ATTEMPTS: Final = 2
LEAVE_S: Final = 3.0  # for the stop commands, when nobody wants to wait any more
LET_GO_S: Final = 1.0  # closing a socket takes no time; a virtual radio asks the sensor
LARGEST_PERCENT: Final = 100
T = TypeVar("T")


class OtherTableError(BluetoothError):
    """The sensor's characteristics are not those it had, or not those its profile needs."""


class LinkEndedError(BluetoothError):
    """The link broke while it was being used; ``cause`` as far as it is known."""

    def __init__(self, cause: LinkCause) -> None:
        super().__init__(f"the link broke: {cause}")
        self.cause: LinkCause = cause


class _Client(BleakClientWithServiceCache):
    """A client that is known from the moment it is made, so that it can be disconnected whatever happens."""

    def __init__(self, device: BLEDevice, *, made: Callable[[BleakClient], None], **options: Any) -> None:
        super().__init__(device, **options)
        made(self)


class Link:
    """One connection. ``ended`` gets its cause once; ``n_stream`` counts notifications of the streams."""

    def __init__(
        self,
        pod: Pod,
        antenna: Antenna,
        put: Callable[[RawNotification], None],
        patience: Patience,
        now_utc: Callable[[], datetime],
    ) -> None:
        self.pod = pod
        self.antenna = antenna
        self.lives = antenna.bluez.lives if antenna.bluez else 0
        self.adapter = antenna.adapter
        self.ended: asyncio.Future[LinkCause] = asyncio.get_running_loop().create_future()
        self.ended_utc: datetime | None = None
        self.is_up = False
        self.n_stream = 0
        self.n_received = 0
        self.battery_percent: int | None = None
        self.table: dict[str, BleakGATTCharacteristic] = {}
        self.streams = streams_of(pod.profile)
        self._put, self._patience, self._now_utc = put, patience, now_utc
        self._clients: list[BleakClient] = []
        self._client: BleakClient | None = None
        self._acquired: list[BleakGATTCharacteristic] = []
        self._is_open = True
        self._silence: Silence | None = None
        self._echoes = Echoes(pod.profile)
        self._orders = Orders(self._write, self.read, self.streams, patience.reply_s)

    # --- its life ----------------------------------------------------------------------------------------------------

    def end(self, cause: LinkCause) -> None:
        """Say that it is over; the first cause counts."""
        if not self.ended.done():
            self.ended_utc = self._now_utc()
            self.ended.set_result(cause)

    async def while_it_lasts(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work returns; LinkEndedError as soon as the link ends before."""
        task = asyncio.get_running_loop().create_task(work)
        try:
            either: set[asyncio.Future[Any]] = {task, self.ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise LinkEndedError(self.ended.result())
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def connect(self, device: BLEDevice) -> None:
        """Connect and discover; raises what bleak raises."""
        options = self.antenna.radio.client_options(self.adapter.name if self.adapter else None)
        wanted = services_wanted(self.pod.profile)
        if wanted is not None:
            options["services"] = wanted
        async with asyncio.timeout(self._patience.connect_s):
            self._client = await establish_connection(
                _Client,
                device,
                self.pod.device,
                disconnected_callback=lambda _: self.end("disconnected"),
                max_attempts=CONNECT_ATTEMPTS,
                use_services_cache=False,
                made=self._clients.append,
                **options,
            )
        skipped = set(self.pod.profile.skip_services)
        for service in self._client.services:
            if short_uuid(service.uuid) not in skipped:
                for characteristic in service.characteristics:
                    self.table.setdefault(short_uuid(characteristic.uuid), characteristic)

    async def close(self, polite: bool) -> None:
        """Disconnect, always, and pass nothing on any more; a polite end tells the sensor to stop first."""
        if polite and self._client is not None and not self.ended.done():
            with suppress(BluetoothError, *RADIO_FAULTS):
                async with asyncio.timeout(LEAVE_S):
                    await self._orders.stop(self.pod.profile.stop)
        self._is_open = False
        await self._let_go()
        for client in self._clients:
            with suppress(*RADIO_FAULTS):
                async with asyncio.timeout(self._patience.disconnect_s):
                    await client.disconnect()

    async def _let_go(self) -> None:
        """Close acquired sockets while BlueZ still knows whose they are.

        bluetoothd 5.66 may crash when a program leaves D-Bus before the socket of a stream that flows is closed.
        """
        client = self._client
        for target in self._acquired:
            if client is not None and client.is_connected:
                with suppress(*RADIO_FAULTS):
                    async with asyncio.timeout(LET_GO_S):
                        await client.stop_notify(target)

    # --- what the sensor has -----------------------------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """Of the characteristics it found."""
        return fingerprint_of(self.table)

    @property
    def missing(self) -> set[str]:
        """Characteristics the profile needs and the sensor does not have."""
        return needed_characteristics(self.pod.profile) - set(self.table)

    @property
    def has_any_stream(self) -> bool:
        """Whether the sensor has a characteristic to be collected from."""
        return bool(self.streams & set(self.table)) or not self.streams

    async def open(self, use_acquire: bool) -> None:
        """Read what is read once, subscribe, start. RefusedError, OtherTableError, or what bleak raises."""
        profile = self.pod.profile
        try:
            for characteristic in profile.reads:
                await self.read(characteristic)
            for characteristic in dict.fromkeys((*answers_of(profile), *profile.subscribe)):
                if characteristic in self.table:
                    await self._subscribe(characteristic, use_acquire and characteristic in self.streams)
        except RADIO_FAULTS as error:
            if is_another_table(error) and not self.ended.done():
                raise OtherTableError("its characteristics are elsewhere than they were") from error
            raise
        await self._orders.start(profile.start, profile.stop)
        self._came_up()

    async def _subscribe(self, characteristic: str, use_acquire: bool) -> None:
        def heard(_: BleakGATTCharacteristic, payload: bytearray) -> None:
            self._heard(characteristic, bytes(payload))

        client, target = self._require(), self.table[characteristic]
        if use_acquire:
            try:
                await client.start_notify(target, heard, bluez={"use_start_notify": False})
            except RADIO_FAULTS as error:  # some sensors and BlueZ builds cannot: the other way is slower, yet works
                if self.ended.done() or is_another_table(error):
                    raise
            else:
                self._acquired.append(target)
                return
        await client.start_notify(target, heard, bluez={"use_start_notify": True})

    async def read(self, characteristic: str) -> bytes | None:
        """Read a value and deliver it like a notification; None if the sensor does not have it."""
        target = self.table.get(characteristic)
        if target is None:
            return None
        try:
            async with asyncio.timeout(self._patience.read_s):
                value = bytes(await self._require().read_gatt_char(target))
        except TimeoutError:  # BlueZ tries to pair by itself, and waits for somebody to type a passkey
            raise RefusedError(
                f"the sensor does not let {characteristic} be read: it must be paired first (sensor-hub devices pair)"
            ) from None
        if self._is_open:
            self._deliver(characteristic, self._now_utc(), value)
        return value

    async def _write(self, characteristic: str, payload: bytes, with_response: bool) -> None:
        target = self.table.get(characteristic)
        if target is None:
            raise RefusedError(f"the sensor has no characteristic {characteristic} to be told anything")
        await self._require().write_gatt_char(target, payload, response=with_response)

    def _require(self) -> BleakClient:
        if self._client is None:
            raise ValueError("a link must be connected before it is used")
        return self._client

    # --- what the sensor says ----------------------------------------------------------------------------------------

    def _heard(self, characteristic: str, payload: bytes) -> None:
        if not self._is_open:  # the stack may still call for a link that is over
            return
        now_s = asyncio.get_running_loop().time()
        if self._echoes.is_echo(characteristic, payload, now_s):
            return
        at_utc = self._now_utc()
        self.n_received += 1
        if characteristic in self.streams:
            self.n_stream += 1
            if not self._orders.awaits(characteristic):
                self._came_up(at_utc)
        if self._silence is not None:
            self._silence.heard(characteristic, now_s)
        self._deliver(characteristic, at_utc, payload)
        self._orders.heard(characteristic, payload)

    def _deliver(self, characteristic: str, at_utc: datetime, value: bytes) -> None:
        if characteristic == BATTERY_LEVEL and len(value) == 1 and value[0] <= LARGEST_PERCENT:
            self.battery_percent = value[0]
        self._put(RawNotification(self.pod.device, characteristic, at_utc, value))

    def _came_up(self, at_utc: datetime | None = None) -> None:
        if not self.is_up and self._is_open:
            self.is_up = True
            self._put(LinkChange(self.pod.device, at_utc or self._now_utc(), "up").to_notification())

    # --- while it lasts ----------------------------------------------------------------------------------------------

    async def watch(self, stale_s: float) -> LinkCause:
        """Keep it alive and return why it ended. ``stale_s`` without data means that it stalled."""
        tasks = [asyncio.ensure_future(w) for w in (self._keep_alive(), self._ask_battery(), self._watchdog(stale_s))]
        try:
            return await asyncio.shield(self.ended)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_alive(self) -> None:
        profile = self.pod.profile
        while profile.keep_alive and profile.keep_alive_s > 0:
            await asyncio.sleep(profile.keep_alive_s)
            with suppress(BluetoothError, *RADIO_FAULTS):  # if it mattered, the watchdog will see
                await self._orders.send_all(profile.keep_alive)

    async def _ask_battery(self) -> None:
        is_known = self.battery_percent is not None
        while BATTERY_LEVEL in self.table and BATTERY_LEVEL not in self.pod.profile.subscribe:
            if not is_known:
                with suppress(BluetoothError, *RADIO_FAULTS):
                    await self.read(BATTERY_LEVEL)
            is_known = False
            await asyncio.sleep(self._patience.battery_s)

    async def _watchdog(self, stale_s: float) -> None:
        """End the link when its data stop. Seen twice in a row, so that a loop that was held up is not blamed on it."""
        clock, suspected = asyncio.get_running_loop().time, False
        silence = self._silence = Silence(self.streams, stale_s, clock())
        while True:
            await asyncio.sleep(min(stale_s / 4, 0.5))
            silent = silence.is_silent(clock())
            if silent and suspected:
                self.end("stalled")
            suspected = silent
