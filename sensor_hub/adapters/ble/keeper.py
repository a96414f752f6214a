"""Keeps one sensor collected for ever: finds it, links, and does so again after every end."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from bleak.backends.device import BLEDevice

from sensor_hub.adapters.ble.acquaintance import Acquaintance
from sensor_hub.adapters.ble.antenna import Antenna
from sensor_hub.adapters.ble.faults import RADIO_FAULTS, in_words
from sensor_hub.adapters.ble.link import Link, LinkEndedError, OtherTableError
from sensor_hub.adapters.ble.orders import RefusedError
from sensor_hub.adapters.ble.pod import Patience, Pod
from sensor_hub.adapters.ble.uuids import ABOUT_THE_DEVICE, BATTERY_LEVEL, SERIAL
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import LINK, LinkCause, LinkChange, PodPhase, PodState
from sensor_hub.model.raw import RawNotification

NOT_HEARD: Final = "not heard: is it switched on, charged and near? Many sensors wake only when they are moved"
STALLS_OF_A_STALE_CACHE: Final = 2  # a subscription to what is elsewhere now may succeed and hear nothing
_TELL_AGAIN_S: Final = 5.0  # nothing to do but wait: look again at least this often


class Keeper:
    """One sensor and everything that has to be remembered about it between its links."""

    def __init__(
        self,
        pod: Pod,
        antennas: Sequence[Antenna],
        put: Callable[[RawNotification], None],
        *,
        on_state: Callable[[PodState], None],
        on_fingerprint: Callable[[str, str], None],
        on_slot: Callable[[], None],
        patience: Patience,
        now_utc: Callable[[], datetime],
    ) -> None:
        self.pod = pod
        self._antennas, self._put, self._patience, self._now_utc = antennas, put, patience, now_utc
        self._on_state, self._on_slot = on_state, on_slot
        self._acquaintance = Acquaintance(pod, on_fingerprint)
        self._stirred = asyncio.Event()
        self._link: Link | None = None
        self._antenna = antennas[0]
        self._phase: PodPhase = "waiting"
        self._problem: str | None = None
        self._battery_percent: int | None = None
        self._n_received = self._n_links = 0
        self._n_failures = self._n_stalls = 0
        self._down_told = False
        self._uses_acquire = _begins_with_acquire(pod)
        self._about_read = False
        self._verdict: asyncio.Task[None] | None = None

    # --- what is told ------------------------------------------------------------------------------------------------

    def state(self) -> PodState:
        """Return how the sensor is doing."""
        link = self._link
        battery_percent = self._battery_percent if link is None else link.battery_percent
        return PodState(
            device=self.pod.device,
            phase=self._phase,
            battery_percent=battery_percent if battery_percent is not None else self._battery_percent,
            rssi_dbm=self._antenna.rssi_dbm(self.pod.address),
            n_received=self._n_received + (link.n_received if link else 0),
            n_reconnects=max(self._n_links - 1, 0),
            problem=self._problem,
        )

    def _tell(self, phase: PodPhase, problem: str | None = None) -> None:
        if (phase, problem) != (self._phase, self._problem):
            self._phase, self._problem = phase, problem
            self._on_state(self.state())

    def _tell_down(self, cause: LinkCause, at_utc: datetime) -> None:
        """Record that the link is down, once until it is up again."""
        if not self._down_told:
            self._down_told = True
            self._put(LinkChange(self.pod.device, at_utc, "down", cause).to_notification())

    @property
    def is_waiting(self) -> bool:
        """Whether it has no link at the moment."""
        return self._link is None

    def stir(self) -> None:
        """Something changed in the radio or its slots: end a link that cannot be alive, look again if waiting."""
        self._stirred.set()
        link = self._link
        if link is not None:
            cause = link.antenna.what_broke(link.lives, link.adapter)
            if cause is not None:
                link.end(cause)

    # --- its life ----------------------------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Collect until cancelled; then stop the sensor, disconnect and return."""
        try:
            while True:
                antenna, device = await self._found()
                try:
                    await self._one_link(antenna, device)
                finally:
                    antenna.give_back_slot(self.pod.device)
                    self._on_slot()
                await self._pause()
        finally:
            await self._judged()
            self._tell("stopped")

    async def _found(self) -> tuple[Antenna, BLEDevice]:
        """Wait for a radio, a free slot and the sensor; return with the slot taken."""
        sought_s = asyncio.get_running_loop().time()
        while True:
            self._stirred.clear()
            usable = [a for a in self._antennas if a.problem is None]
            free = sorted((a for a in usable if a.n_links < a.slots), key=lambda a: a.n_links)
            if not usable:
                await self._judged()
                self._tell_down(self._antennas[0].cause, self._now_utc())
                self._tell("waiting", self._antennas[0].problem)
                await self._wait_for_a_change()
            elif not free:
                self._tell("waiting", _no_free_slot(usable))
                await self._wait_for_a_change()
            else:
                found = await self._heard_on(free, sought_s)
                if found is not None and found[0].take_slot(self.pod.device):
                    return found

    async def _wait_for_a_change(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_TELL_AGAIN_S):  # wait_for of Python 3.11 may swallow a cancellation
                await self._stirred.wait()

    async def _heard_on(self, antennas: Sequence[Antenna], sought_s: float) -> tuple[Antenna, BLEDevice] | None:
        """Return the first of these radios to hear the sensor; None when something changed."""
        loop = asyncio.get_running_loop()
        seeking = {loop.create_task(a.seek(self.pod.address)): a for a in antennas}
        change = loop.create_task(self._stirred.wait())
        try:
            done: set[asyncio.Future[Any]] = set()
            while not done:
                silent = loop.time() - sought_s > 2 * self._patience.scan_s
                if silent or self._n_links == 0:
                    for antenna in antennas:
                        await antenna.free_leftover(self.pod.address)
                trouble = next((a.trouble for a in antennas if a.trouble), None)
                self._tell("waiting" if self._n_links == 0 else "lost", trouble or (NOT_HEARD if silent else None))
                either: set[asyncio.Future[Any]] = {*seeking, change}
                done, _ = await asyncio.wait(either, timeout=self._patience.scan_s / 2, return_when="FIRST_COMPLETED")
            for task, antenna in seeking.items():
                if task.done() and antenna.n_links < antenna.slots:
                    return antenna, task.result()
            return None
        finally:
            change.cancel()
            for task in seeking:
                task.cancel()
            await asyncio.gather(*seeking, change, return_exceptions=True)

    async def _one_link(self, antenna: Antenna, device: BLEDevice) -> None:
        """Live through one link, from connecting to the last notification."""
        self._antenna = antenna
        await self._judged()
        self._tell("connecting")
        link = self._link = Link(self.pod, antenna, self._passed_on, self._patience, self._now_utc)
        polite = False
        try:
            async with antenna.turn:
                await link.while_it_lasts(link.connect(device))
            self._tell("starting")
            self._acquaintance.check(link)
            async with asyncio.timeout(self._patience.open_s):
                await link.while_it_lasts(link.open(self._uses_acquire))
            self._streams()
            self._over(link, await self._watch(link))
            if self._n_stalls == STALLS_OF_A_STALE_CACHE and not link.n_stream:
                await link.close(polite=False)
                await self._acquaintance.ask_anew(link)
        except LinkEndedError as ended:
            self._over(link, ended.cause)
        except RefusedError as error:
            self._failed(str(error), "starting")
            self._tell_down("refused", self._now_utc())
        except OtherTableError as error:
            await link.close(polite=False)
            await self._ask_anew(link, error)
        except RADIO_FAULTS as error:
            self._over(link, link.ended.result() if link.ended.done() else "disconnected", in_words(error))
        except asyncio.CancelledError:
            polite = True
            raise
        finally:
            await link.close(polite)
            self._link = None
            self._n_received += link.n_received
            if link.n_stream:
                self._acquaintance.streamed()
            self._battery_percent = link.battery_percent if link.battery_percent is not None else self._battery_percent

    def _passed_on(self, raw: RawNotification) -> None:
        if raw.characteristic == SERIAL:  # who bought it could be told from it, and recordings are shared
            return
        if raw.characteristic == LINK:
            self._down_told = False
        self._put(raw)
        if raw.characteristic == BATTERY_LEVEL:
            self._on_state(self.state())

    def _streams(self) -> None:
        self._n_links += 1
        self._n_failures = 0
        self._tell("streaming", self._acquaintance.note)

    async def _watch(self, link: Link) -> LinkCause:
        about = asyncio.ensure_future(self._read_about(link))
        try:
            stale_s = self.pod.profile.stale_timeout_s * 2**self._n_stalls
            return await link.watch(min(stale_s, max(self._patience.longest_stall_s, self.pod.profile.stale_timeout_s)))
        finally:
            about.cancel()
            await asyncio.gather(about, return_exceptions=True)

    async def _read_about(self, link: Link) -> None:
        """Maker, model and firmware: once, and not before the stream has begun."""
        if not self._about_read:
            for characteristic in ABOUT_THE_DEVICE:
                if characteristic != SERIAL and characteristic not in self.pod.profile.reads:
                    with suppress(BluetoothError, *RADIO_FAULTS):
                        await link.read(characteristic)
            self._about_read = True

    def _over(self, link: Link, cause: LinkCause, problem: str | None = None) -> None:
        """The link is over: say since when and why, and remember what the next one can learn from it."""
        at_utc = link.ended_utc or self._now_utc()
        self._n_stalls = 0 if link.n_stream else self._n_stalls
        if cause == "stalled":
            self._n_stalls = self._n_stalls + 1 if not link.n_stream else 1
            if not link.n_stream and self.pod.profile.notify_mode == "auto" and _begins_with_acquire(self.pod):
                self._uses_acquire = not self._uses_acquire
        if not link.is_up:
            self._failed(problem or (None if cause != "disconnected" else "the link broke while connecting"))
            return
        if problem is None:
            self._tell("stalled" if cause == "stalled" else "lost")
        else:
            self._failed(problem)
        if cause == "disconnected":
            self._verdict = asyncio.get_running_loop().create_task(self._judge(link, at_utc))
        else:
            self._tell_down(cause, at_utc)

    async def _ask_anew(self, link: Link, error: OtherTableError) -> None:
        told = await self._acquaintance.ask_anew(link)
        if told is None:
            self._failed(f"{error}; pair it again")
        else:
            self._tell("connecting", f"{error}: {told}")
        if link.is_up:
            self._tell_down("disconnected", self._now_utc())

    async def _judged(self) -> None:
        """Wait until it is told why the last link broke; whatever comes next must come after that."""
        verdict, self._verdict = self._verdict, None
        if verdict is not None:
            await verdict

    async def _judge(self, link: Link, at_utc: datetime) -> None:
        """A link broken by its adapter is heard of before the adapter is: wait a moment for the better reason.

        Meanwhile the sensor is sought again already.
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._patience.settle_s
        while True:
            cause = link.antenna.what_broke(link.lives, link.adapter)
            if cause is not None or loop.time() >= until_s:
                self._tell_down(cause or "disconnected", at_utc)
                return
            await asyncio.sleep(self._patience.settle_s / 10)

    def _failed(self, problem: str | None, phase: PodPhase = "lost") -> None:
        self._n_failures += 1
        self._tell(phase, problem)

    async def _pause(self) -> None:
        """After a link that worked at once; after failures longer each time."""
        if self._n_failures:
            pause_s = self._patience.backoff_s * 2 ** min(self._n_failures - 1, 10)
            await asyncio.sleep(min(pause_s, self._patience.backoff_cap_s))


def _begins_with_acquire(pod: Pod) -> bool:
    """AcquireNotify for what sends hundreds a second, which StartNotify loses; StartNotify for all others."""
    mode = pod.profile.notify_mode
    return mode == "acquire" or (mode == "auto" and pod.profile.kind == "imu")


def _no_free_slot(antennas: Sequence[Antenna]) -> str:
    used, slots = sum(a.n_links for a in antennas), sum(a.slots for a in antennas)
    return (
        f"no free slot: {used} of {slots} links in use; add a Bluetooth adapter, or unpair a sensor that is not needed"
    )
