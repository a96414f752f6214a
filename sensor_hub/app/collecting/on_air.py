"""Where an edge does what is asked of its radio: beside what it collects, or, while it collects nothing, by itself.

An adapter has one user at a time that scans and connects, and a virtual one lives in one event loop only: so whatever
is done goes into the loop of what is collected, if there is one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event, Lock
from typing import Final, TypeVar

from sensor_hub.adapters.ble.bluez import forget_stale_picture
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.ble.thread import ENDED
from sensor_hub.app.collecting import radios
from sensor_hub.app.collecting.checking import PodCheck, check_live, examine
from sensor_hub.app.collecting.collecting import BoundPod, Collecting
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from sensor_hub.errors import BluetoothError

T = TypeVar("T")
LOOK_S: Final = 0.2


class OnAir:
    """The radio of one edge, shared between what it collects and what it is asked; from any thread.

    One thing is done at a time. Collecting begins when it is done, and ends it.
    """

    def __init__(self, settings: Settings, place: Place) -> None:
        self._settings, self._place = settings, place
        self._turn = Lock()
        self._collecting: Collecting | None = None
        self._is_still = Event()  # nothing that was collecting is still on its way out
        self._is_still.set()
        self._closing = Event()

    def begin(self, collecting: Collecting, first: Callable[[], None] = lambda: None) -> None:
        """Start to collect, once what is being done is done; ``first`` is done before, and may raise."""
        with self._turn:
            first()
            collecting.start()
            self._collecting = collecting

    def end(self, collecting: Collecting) -> None:
        """Stop collecting; what is being done beside it ends with it. Safe to call twice."""
        self._is_still.clear()
        self._collecting = None
        try:
            collecting.stop()
        finally:
            self._is_still.set()

    def close(self) -> None:
        """End what is being done, and do nothing more; what is collected goes on."""
        self._closing.set()

    def is_in_run(self, device: str) -> bool:
        """Whether a running session counts on a sensor."""
        collecting = self._collecting
        return collecting is not None and collecting.is_in_run(device)

    def is_collected(self, device: str) -> bool:
        """Whether a sensor is linked, or looked for."""
        collecting = self._collecting
        return collecting is not None and collecting.is_collected(device)

    def battery_percent(self, device: str) -> int | None:
        """What a sensor said of its battery; None unknown."""
        collecting = self._collecting
        state = None if collecting is None else collecting.states().get(device)
        return None if state is None else state.battery_percent

    def do(self, work: Callable[[Radio], Awaitable[T]]) -> T:
        """Do something with the first radio, and wait for it. BluetoothError if there is none that can be used."""
        with self._turn:
            if self._collecting is not None:
                return self._collecting.beside(work)
            self._is_still.wait()
            return asyncio.run(self._alone(work))

    async def _alone(self, work: Callable[[Radio], Awaitable[T]]) -> T:
        air = radios.air(self._settings)
        radio = air.radio if isinstance(air.radio, Radio) else air.radio[0]
        await air.on_loop_start()
        try:
            return await self._unless_closing(work(radio))
        finally:
            if not radio.is_virtual:
                await forget_stale_picture()  # bleak keeps its bus open otherwise
            await air.on_loop_stop()

    async def _unless_closing(self, work: Awaitable[T]) -> T:
        """Wait for something, and cancel it when told to close; again and again, for a library may swallow one."""
        task = asyncio.ensure_future(work)
        while not task.done():
            if self._closing.is_set():
                task.cancel()
            await asyncio.wait({task}, timeout=LOOK_S)
        if task.cancelled():
            raise BluetoothError(ENDED)
        return task.result()

    def check(self, pod: BoundPod, seconds: float) -> PodCheck:
        """Look whether a sensor is fit for a run. ConfigError if another program collects, BluetoothError as above."""
        with self._turn:
            if self._collecting is not None:
                raws, state = self._collecting.listen_in(pod, seconds)
                return examine(pod, raws, state)
            self._is_still.wait()
            with self._place.lock_for_collecting():
                return check_live([pod], radios.air(self._settings), seconds, stop=self._closing.is_set)[0]
