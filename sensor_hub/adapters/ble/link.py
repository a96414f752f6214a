"""One connection to one sensor, from connecting until it is over. It is never used twice.

A client that is used again after a drop, or left undisconnected, has BlueZ deliver every notification twice. So each
link has its own client, the old one is always disconnected, and nothing a link hears after its end is passed on.
"""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from sensor_hub.adapters.ble.antenna import Antenna
from sensor_hub.adapters.ble.faults import RADIO_FAULTS, is_another_table
from sensor_hub.adapters.ble.pod import Patience, Pod
from sensor_hub.adapters.ble.uuids import BATTERY_LEVEL, SERVICE_OF, long_uuid, short_uuid
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import LinkCause, LinkChange
from sensor_hub.model.profile import Command, DeviceProfile
from sensor_hub.model.raw import RawNotification

CONNECT_ATTEMPTS: Final = 2
LEAVE_S: Final = 3.0  # for the stop commands, when nobody wants to wait any more
FIRST_DATA_S: Final = 2.0  # a sensor may need this longer for its first notification than between two
LONE_STREAM: Final = 4.0  # times stale_timeout_s for one stream that stopped while others go on
RARELY: Final = {BATTERY_LEVEL, "2a05", "2a55", "2a5d"}  # their silence means nothing
T = TypeVar("T")


class RefusedError(BluetoothError):
    """The sensor would not start its stream; says what it answered."""


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


def services_wanted(profile: DeviceProfile) -> list[str] | None:
    """Return the services to discover: all (None), or if some must be skipped those the profile is about."""
    if not profile.skip_services:
        return None
    asked = {*profile.subscribe, *profile.reads, *(c.characteristic for c in profile.start), BATTERY_LEVEL, "2a24"}
    wanted = {*profile.services, *(SERVICE_OF[c] for c in asked if c in SERVICE_OF)} - set(profile.skip_services)
    return sorted(long_uuid(service) for service in wanted)


def needed_characteristics(profile: DeviceProfile) -> set[str]:
    """Return the characteristics without which the profile cannot be collected."""
    commands = (*profile.start, *profile.stop, *profile.keep_alive)
    answers = {c.reply_from for c in commands if c.reply_from is not None}
    return {*profile.subscribe, *(c.characteristic for c in commands), *answers}


def fingerprint_of(characteristics: Iterable[str]) -> str:
    """Return a short fingerprint of a set of characteristics; another one means another firmware, or a stale cache."""
    return hashlib.sha256(" ".join(sorted(set(characteristics))).encode()).hexdigest()[:16]


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
        self._put, self._patience, self._now_utc = put, patience, now_utc
        self._clients: list[BleakClient] = []
        self._client: BleakClient | None = None
        self._is_open = True
        self._started = False
        self._last_s: dict[str, float] = {}
        self._answers: dict[str, asyncio.Queue[bytes]] = {}
        replies = {c.reply_from for c in (*pod.profile.start, *pod.profile.stop, *pod.profile.keep_alive)}
        subscribed = set(pod.profile.subscribe)
        self.streams = frozenset(subscribed - replies - RARELY or subscribed - RARELY or subscribed)

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
        try:
            for characteristic in self.pod.profile.reads:
                await self.read(characteristic)
            for characteristic in self._to_subscribe():
                await self._subscribe(characteristic, use_acquire and characteristic in self.streams)
        except RADIO_FAULTS as error:
            if is_another_table(error) and not self.ended.done():
                raise OtherTableError("its characteristics are elsewhere than they were") from error
            raise
        await self._start()
        self._came_up()
        self._started = True

    def _to_subscribe(self) -> list[str]:
        profile = self.pod.profile
        answers = [c.reply_from for c in (*profile.start, *profile.stop, *profile.keep_alive) if c.reply_from]
        return [c for c in dict.fromkeys((*answers, *profile.subscribe)) if c in self.table]

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
                return
        await client.start_notify(target, heard, bluez={"use_start_notify": True})

    def _heard(self, characteristic: str, payload: bytes) -> None:
        if not self._is_open:  # the stack may still call for a link that is over
            return
        at_utc = self._now_utc()
        if characteristic in self.streams:
            if self._answers.get(characteristic) is None:
                self._came_up(at_utc)
            self.n_stream += 1
        self._last_s[characteristic] = asyncio.get_running_loop().time()
        self.n_received += 1
        if characteristic == BATTERY_LEVEL and len(payload) == 1 and payload[0] <= 100:
            self.battery_percent = payload[0]
        self._put(RawNotification(self.pod.device, characteristic, at_utc, payload))
        waiting = self._answers.get(characteristic)
        if waiting is not None:
            waiting.put_nowait(payload)

    def _came_up(self, at_utc: datetime | None = None) -> None:
        if not self.is_up and self._is_open:
            self.is_up = True
            self._put(LinkChange(self.pod.device, at_utc or self._now_utc(), "up").to_notification())

    # --- what it is told ---------------------------------------------------------------------------------------------

    def _require(self) -> BleakClient:
        if self._client is None:
            raise ValueError("a link must be connected before it is used")
        return self._client

    async def read(self, characteristic: str) -> bytes | None:
        """Read a value and deliver it like a notification; None if the sensor does not have it."""
        target = self.table.get(characteristic)
        if target is None:
            return None
        value = bytes(await self._require().read_gatt_char(target))
        if not self._is_open:
            return None
        if characteristic == BATTERY_LEVEL and len(value) == 1 and value[0] <= 100:
            self.battery_percent = value[0]
        self._put(RawNotification(self.pod.device, characteristic, self._now_utc(), value))
        return value

    async def _start(self) -> None:
        """Send the start commands; a sensor that still streams from before is stopped and started once more."""
        try:
            await self._send_all(self.pod.profile.start)
        except RefusedError:
            if not self.pod.profile.stop:
                raise
            await self._tell_to_stop()
            await self._send_all(self.pod.profile.start)

    async def _tell_to_stop(self) -> None:
        for command in self.pod.profile.stop:
            with suppress(RefusedError):  # what was not started cannot be stopped; the next may be
                await self.send(command)

    async def _send_all(self, commands: Iterable[Command]) -> None:
        for command in commands:
            await self.send(command)

    async def send(self, command: Command) -> None:
        """Send a command and wait for its answer. RefusedError if the answer is another or none comes."""
        target = self.table.get(command.characteristic)
        if target is None:
            raise RefusedError(f"the sensor has no characteristic {command.characteristic} to be told anything")
        answers: asyncio.Queue[bytes] = asyncio.Queue()
        if command.reply_from is not None:
            self._answers[command.reply_from] = answers
        try:
            if command.payload:
                await self._require().write_gatt_char(target, command.payload, response=command.response)
            else:
                await self.read(command.characteristic)
            if command.reply_from is not None:
                await self._await_answer(command, answers)
        finally:
            if command.reply_from is not None:
                self._answers.pop(command.reply_from, None)

    async def _await_answer(self, command: Command, answers: asyncio.Queue[bytes]) -> None:
        told = command.payload.hex(" ")
        try:
            async with asyncio.timeout(self._patience.reply_s):
                while True:
                    answer = await answers.get()
                    if answer.startswith(command.reply_prefix):
                        return
                    # where data share the channel with answers, only what begins like the answer is one
                    if command.reply_from not in self.streams or answer[:1] == command.reply_prefix[:1]:
                        break
        except TimeoutError:
            raise RefusedError(f"the sensor gave no answer to {told}") from None
        raise RefusedError(f"the sensor answered {answer.hex(' ')} to {told}, not {command.reply_prefix.hex(' ')}")

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
                await self._send_all(profile.keep_alive)

    async def _ask_battery(self) -> None:
        profile, is_known = self.pod.profile, self.battery_percent is not None
        while BATTERY_LEVEL in self.table and BATTERY_LEVEL not in profile.subscribe:
            if not is_known:
                with suppress(*RADIO_FAULTS):
                    await self.read(BATTERY_LEVEL)
            is_known = False
            await asyncio.sleep(self._patience.battery_s)

    async def _watchdog(self, stale_s: float) -> None:
        """End the link when its data stop. Seen twice in a row, so that a loop that was held up is not blamed on it."""
        loop, suspected = asyncio.get_running_loop(), False
        opened_s = loop.time()
        while True:
            await asyncio.sleep(min(stale_s / 4, 0.5))
            silent = self._is_silent(loop.time(), opened_s, stale_s)
            if silent and suspected:
                self.end("stalled")
            suspected = silent

    def _is_silent(self, now_s: float, opened_s: float, stale_s: float) -> bool:
        if not self.streams:
            return False
        last_s = [self._last_s[c] for c in self.streams if c in self._last_s]
        if not last_s:
            return now_s - opened_s > stale_s + FIRST_DATA_S
        return now_s - max(last_s) > stale_s or now_s - min(last_s) > LONE_STREAM * stale_s

    # --- its end -----------------------------------------------------------------------------------------------------

    async def close(self, polite: bool) -> None:
        """Disconnect, always, and pass nothing on any more; a polite end tells the sensor to stop first."""
        if polite and self._client is not None and not self.ended.done():
            with suppress(BluetoothError, *RADIO_FAULTS):
                async with asyncio.timeout(LEAVE_S):
                    await self._tell_to_stop()
        self._is_open = False
        for client in self._clients:
            with suppress(*RADIO_FAULTS):
                async with asyncio.timeout(self._patience.disconnect_s):
                    await client.disconnect()
