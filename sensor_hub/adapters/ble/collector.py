"""The collector: every bound sensor, over every radio, for as long as it is asked to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, TypeVar

from sensor_hub.adapters.ble.antenna import Antenna
from sensor_hub.adapters.ble.bluez import Bluez, forget_stale_picture
from sensor_hub.adapters.ble.keeper import Keeper
from sensor_hub.adapters.ble.pod import PATIENT, Patience, Pod
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio
from sensor_hub.adapters.ble.steady_clock import SteadyClock
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import PodState
from sensor_hub.model.raw import RawNotification

SLOTS: Final = 5  # links an adapter surely holds; many hold seven
T = TypeVar("T")
__all__ = ["Collector", "Patience", "Pod"]


class Collector:
    """Keeps all sensors linked and hands on what they say.

    put : takes every notification in the loop's thread and must not block. on_state : called there when a sensor's
    phase or problem changes. on_fingerprint : called with device and fingerprint when a sensor's characteristics are
    first seen or are others than before. clock : dates everything, by default UTC at the start of this collector plus
    the time that has passed since, so that a host whose clock is set in mid-run moves nothing. A fault of a sensor or a
    radio is a state, never an exception.
    """

    def __init__(
        self,
        pods: Sequence[Pod],
        put: Callable[[RawNotification], None],
        *,
        radio: Radio | Sequence[Radio] = ANY_RADIO,
        on_state: Callable[[PodState], None] = lambda _: None,
        on_fingerprint: Callable[[str, str], None] = lambda _device, _fingerprint: None,
        slots: int = SLOTS,
        clock: SteadyClock | None = None,
        patience: Patience = PATIENT,
    ) -> None:
        self.pods = _once(pods)
        self._put, self._patience = put, patience
        self.clock = clock or SteadyClock()
        self._on_state, self._on_fingerprint = on_state, on_fingerprint
        self._radios = (radio,) if isinstance(radio, Radio) else tuple(radio)
        self._slots = slots
        self._bluez: Bluez | None = None
        self._was_there = False
        self._antennas: list[Antenna] = []
        self._keepers: list[Keeper] = []
        self._kept: dict[str, asyncio.Task[None]] = {}  # by device
        self._changed = asyncio.Event()
        self._housekeeping: set[asyncio.Task[None]] = set()

    @property
    def problem(self) -> str | None:
        """What keeps all sensors away, in words; None while one radio can be used."""
        problems = [a.problem for a in self._antennas]
        return problems[0] if problems and all(problems) else None

    def states(self) -> dict[str, PodState]:
        """Return how each sensor is doing; safe from another thread."""
        states = {p.device: PodState(p.device, "waiting") for p in self.pods}
        return states | {k.pod.device: k.state() for k in list(self._keepers)}

    def want(self, pods: Sequence[Pod]) -> None:
        """Collect these from now on; a link of one that stays is not touched. Call it in the loop's thread."""
        self.pods = _once(pods)
        self._changed.set()

    async def beside(self, work: Callable[[Radio], Awaitable[T]]) -> T:
        """Do something else with the first radio that can be used, while nobody scans or connects on it for us.

        Links stream on meanwhile; who is looked for waits.
        """
        antenna = next((a for a in self._antennas if a.problem is None), None)
        if antenna is None:
            problem = self._antennas[0].problem if self._antennas else None
            raise BluetoothError(problem or "the collector has only begun: try again")
        async with antenna.turn:
            return await work(antenna.radio)

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until ``stop`` is set, then stop the sensors' streams and disconnect."""
        if not all(radio.is_virtual for radio in self._radios):
            self._bluez = Bluez(self._radio_changed)
            with suppress(BluetoothError):  # then its ``watch`` tries again
                await self._bluez.connect()
        self._antennas = [
            Antenna(radio, None if radio.is_virtual else self._bluez, self._slots, self._patience)
            for radio in self._radios
        ]
        services = [asyncio.ensure_future(a.listen_forever()) for a in self._antennas]
        if self._bluez is not None:
            services.append(asyncio.ensure_future(self._bluez.watch()))
        stopping = asyncio.ensure_future(stop.wait())
        self._changed.set()
        try:
            while not stopping.done():
                changed = asyncio.ensure_future(self._changed.wait())
                try:
                    watched = {*self._kept.values(), *services, stopping, changed}
                    done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
                ended = done - {stopping, changed}
                for task in ended:
                    task.result()  # nothing else ends unless this program is wrong, and then it must be heard
                if ended:
                    return
                if changed in done:
                    self._changed.clear()
                    await self._follow()
        finally:
            for tasks in ([stopping, *self._kept.values()], [*services, *self._housekeeping]):
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            if self._bluez is not None:
                await self._bluez.close()

    async def _follow(self) -> None:
        """Let go whom nobody wants any more, and keep whom somebody wants now."""
        wanted = {pod.device: pod for pod in self.pods}
        gone = [self._kept.pop(device) for device in list(self._kept) if device not in wanted]
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        new = [self._keeper(pod) for device, pod in wanted.items() if device not in self._kept]
        self._keepers = [*(k for k in self._keepers if k.pod.device in self._kept), *new]
        self._kept |= {k.pod.device: asyncio.ensure_future(k.keep()) for k in new}

    def _keeper(self, pod: Pod) -> Keeper:
        return Keeper(
            pod,
            self._antennas,
            self._put,
            on_state=self._on_state,
            on_fingerprint=self._on_fingerprint,
            on_slot=self._slot_given_back,
            patience=self._patience,
            now_utc=self.clock.stamp_utc,
        )

    def _radio_changed(self) -> None:
        bluez = self._bluez
        for keeper in self._keepers:
            keeper.stir()  # before bleak calls every link disconnected
        for antenna in self._antennas:
            antenna.stir()
        if bluez is not None and self._was_there and not bluez.is_there:
            task = asyncio.get_running_loop().create_task(forget_stale_picture())
            self._housekeeping.add(task)
            task.add_done_callback(self._housekeeping.discard)
        self._was_there = bluez is not None and bluez.is_there

    def _slot_given_back(self) -> None:
        for keeper in self._keepers:
            if keeper.is_waiting:
                keeper.stir()


def _once(pods: Sequence[Pod]) -> tuple[Pod, ...]:
    if len({p.device for p in pods}) != len(pods) or len({p.address.upper() for p in pods}) != len(pods):
        raise ValueError("a device or an address is given twice")
    return tuple(pods)
