"""The collector in a thread of its own, for programs that have no event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from threading import Thread
from typing import Final, TypeVar

from sensor_hub.adapters.ble.bluez import forget_stale_picture
from sensor_hub.adapters.ble.collector import SLOTS, Collector
from sensor_hub.adapters.ble.faults import without_address
from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.pod import PATIENT, Patience, Pod
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio
from sensor_hub.adapters.ble.steady_clock import SteadyClock
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import PodState

STOP_S = 15.0
T = TypeVar("T")
_LOOK_S: Final = 0.5
ENDED: Final = "the collecting of sensors ended meanwhile: try again"


async def _nothing() -> None:
    return None


class CollectorThread:
    """Collects into an inbox from ``start`` to ``stop``.

    on_state, on_fingerprint : called in this thread. on_loop_start : awaited in the thread's loop before anything else,
    so that a virtual radio can live there; on_loop_stop : awaited when all links are closed.
    """

    def __init__(
        self,
        pods: Sequence[Pod],
        inbox: Inbox,
        radio: Radio | Sequence[Radio] = ANY_RADIO,
        on_state: Callable[[PodState], None] = lambda _: None,
        slots: int = SLOTS,
        *,
        on_fingerprint: Callable[[str, str], None] = lambda _device, _fingerprint: None,
        patience: Patience = PATIENT,
        clock: SteadyClock | None = None,
        on_loop_start: Callable[[], Awaitable[None]] = _nothing,
        on_loop_stop: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        self._inbox = inbox
        self._collector = Collector(
            pods,
            inbox.put,
            radio=radio,
            on_state=lambda state: on_state(self._with_losses(state)),
            on_fingerprint=on_fingerprint,
            slots=slots,
            patience=patience,
            clock=clock,
        )
        radios = (radio,) if isinstance(radio, Radio) else tuple(radio)
        self._uses_bluez = not all(r.is_virtual for r in radios)
        self._on_loop_start, self._on_loop_stop = on_loop_start, on_loop_stop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._stop_asked = False
        self._outcome: Future[None] = Future()
        self._thread = Thread(target=self._run, name="bluetooth", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Stop the sensors' streams, disconnect, end the thread; returns after ``timeout_s`` at the latest."""
        self._stop_asked = True
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def want(self, pods: Sequence[Pod]) -> None:
        """Collect these from now on, and no others; a link of one that stays is not touched."""
        loop = self._loop
        if loop is None:
            self._collector.want(pods)
            return
        with suppress(RuntimeError):  # the loop is closed: it is over
            loop.call_soon_threadsafe(self._collector.want, pods)

    def beside(self, work: Callable[[Radio], Awaitable[T]]) -> T:
        """Do something else with the radio, in the loop of what is collected; wait for it, from another thread.

        Links stream on meanwhile. BluetoothError if there is no usable radio, or the collecting ends before it is done.
        """
        loop = self._loop
        if loop is None or loop.is_closed():
            raise BluetoothError(ENDED)
        coroutine = self._collector.beside(work)
        try:
            done = asyncio.run_coroutine_threadsafe(coroutine, loop)
        except RuntimeError:  # closed just now
            coroutine.close()
            raise BluetoothError(ENDED) from None
        while True:
            try:
                return done.result(_LOOK_S)
            except CancelledError:
                raise BluetoothError(ENDED) from None
            except TimeoutError:
                if done.done():
                    raise  # it is what was done that took too long
                if not self._thread.is_alive():
                    raise BluetoothError(ENDED) from None

    def now_utc(self) -> datetime:
        """Return what it is now by the clock that dates what the sensors say, which need not be the host's."""
        return self._collector.clock.now_utc()

    @property
    def is_running(self) -> bool:
        """Whether the thread lives."""
        return self._thread.is_alive()

    @property
    def problem(self) -> str | None:
        """What keeps all sensors away, in words with its mend; None if nothing does."""
        return str(self.broken) if self.broken is not None else self._collector.problem

    @property
    def broken(self) -> BluetoothError | None:
        """What ended it, if it ended by itself; its words carry no address."""
        error = self._outcome.exception() if self._outcome.done() else None
        if error is None:
            return None
        text = without_address(str(error))
        return BluetoothError(f"the collector ended: {type(error).__name__}: {text} (start it again; this is a defect)")

    def states(self) -> dict[str, PodState]:
        """Return how each sensor is doing."""
        return {device: self._with_losses(state) for device, state in self._collector.states().items()}

    def _with_losses(self, state: PodState) -> PodState:
        n_dropped = self._inbox.dropped_of(state.device)
        return replace(state, n_dropped=n_dropped) if n_dropped else state

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            task = self._loop.create_task(self._main())
            task.add_done_callback(self._take_outcome)
            self._loop.run_until_complete(asyncio.wait({task}))

    def _take_outcome(self, task: "asyncio.Task[None]") -> None:
        error = RuntimeError("it was cancelled") if task.cancelled() else task.exception()
        if error is not None:
            self._outcome.set_exception(error)
        else:
            self._outcome.set_result(None)

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        if self._stop_asked:
            return
        await self._on_loop_start()
        try:
            await self._collector.run(self._stop)
        finally:
            if self._uses_bluez:
                await forget_stale_picture()  # bleak keeps its bus open otherwise
            await self._on_loop_stop()
