"""Runs of simulated people inside a hub, at the pace of a real run.

Their notifications go the way of everybody's, decoders and all, and what comes of them is handed to the hub as messages
of a gateway of their own. There is no broker in between: with one whose users are somebody else's a hub may not speak
for athletes. Nothing of it is recorded, and there is no outbox: who erases them finds nothing left behind.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import merge
from threading import Event, Lock, Thread
from typing import Final, TypeAlias

from sensor_hub.adapters.mqtt.subscriber import Incoming
from sensor_hub.app.edge import paced
from sensor_hub.app.replaying import simulated_setup
from sensor_hub.errors import StoreError
from sensor_hub.model.message import Message
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Event as SessionEvent
from sensor_hub.model.session import LiveReading
from sensor_hub.session import RunSession
from sensor_hub.simulation.squad import LiveRun
from sensor_hub.wire import Topics, encode

_LOG = logging.getLogger(__name__)
GATEWAY: Final = "sim-"
HEAD_START: Final = timedelta(minutes=8)  # ours: somebody who looks sees runs under way, and not their first step
AT_ONCE: Final = 400  # notifications between two looks at whether to stop: the head start is thousands at once
RETRY_S: Final = 0.5
Take: TypeAlias = Callable[[list[Incoming]], None]


class _One:
    """One simulated run and its session."""

    def __init__(self, live: LiveRun, start_utc: datetime) -> None:
        self.live = live
        self.session = RunSession(simulated_setup(live, live.athlete, start_utc))
        self.is_over = False


class SimulatedRuns:
    """Lets simulated runs happen in a thread. take : a hub's own, which keeps a batch or raises StoreError.

    Runs that are ended end there, as a run does whose runner switches the sensor off.
    """

    def __init__(self, take: Take, topics: Topics) -> None:
        self._take, self._topics = take, topics
        self._lock = Lock()
        self._runs: list[_One] = []
        self._stopping = Event()
        self._dropping = Event()
        self._thread: Thread | None = None
        self._is_closed = False

    @property
    def n_running(self) -> int:
        """How many runs go on."""
        with self._lock:
            return sum(not run.is_over for run in self._runs)

    def start(self, lives: Sequence[LiveRun]) -> None:
        """Let these runs happen, some minutes of them over already; nothing where runs go on."""
        if self.n_running or self._is_closed:
            return
        self.end()
        now_utc = datetime.now(UTC)
        with self._lock:
            if self._is_closed:  # meanwhile
                return
            self._runs = [_One(live, now_utc - HEAD_START) for live in lives]
            self._stopping, self._dropping = Event(), Event()
            told = (list(self._runs), now_utc, self._stopping, self._dropping)
            self._thread = Thread(target=self._run, args=told, name="simulated-runs", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End what goes on, for good: the hub is going down."""
        with self._lock:
            self._is_closed = True
        self.end()

    def end(self, *, drop: bool = False) -> None:
        """End what goes on, and wait for it. drop : say nothing more of it, as those who ran are being erased."""
        if drop:
            self._dropping.set()
        self._stopping.set()
        thread = self._thread
        if thread is not None and thread.is_alive():
            thread.join()
        with self._lock:
            self._runs = []

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _run(self, runs: list[_One], now_utc: datetime, stopping: Event, dropping: Event) -> None:
        told = _Told(self._take, self._topics, stopping)
        try:
            self._feed(runs, now_utc, told, stopping)
            for run in runs:
                if not run.is_over and not dropping.is_set():
                    told.say(run.session.finish(), last=True)
        except StoreError as error:
            _LOG.warning("simulated runs end here: %s", error)
        except Exception:
            # Composition root: whatever is wrong with a simulated run, the hub goes on with the real ones.
            _LOG.exception("simulated runs end here by a fault of this program")
        finally:
            for run in runs:
                run.is_over = True

    def _feed(self, runs: list[_One], now_utc: datetime, told: "_Told", stopping: Event) -> None:
        start_utc = now_utc - HEAD_START
        over: list[_One] = []
        by_device = {device.id: run for run in runs for device in run.live.devices}

        def raws(run: _One) -> Iterator[RawNotification]:
            yield from run.live.notifications(start_utc)
            over.append(run)

        together = merge(*(raws(run) for run in runs), key=lambda raw: raw.arrival_utc)
        for batch in paced(together, speed=1.0, start_utc=now_utc, stop=stopping.is_set):
            for first in range(0, len(batch), AT_ONCE):
                if stopping.is_set():
                    return
                part = batch[first : first + AT_ONCE]
                for run in {id(by_device[raw.device]): by_device[raw.device] for raw in part}.values():
                    own = [raw for raw in part if by_device[raw.device] is run]
                    told.say(run.session.receive_many(own))
            while over:
                run = over.pop()
                told.say(run.session.finish(), last=True)
                run.is_over = True


class _Told:
    """Numbers what sessions say as a gateway does, and hands it to the hub until it has it."""

    def __init__(self, take: Take, topics: Topics, stopping: Event) -> None:
        self._take, self._topics, self._stopping = take, topics, stopping
        self._gw, self._seq = f"{GATEWAY}{secrets.token_hex(8)}", 0

    def say(self, events: Sequence[SessionEvent], *, last: bool = False) -> None:
        """Hand events on; StoreError where the hub cannot keep them and it is time to end."""
        newest = next((event for event in reversed(events) if isinstance(event, LiveReading)), None)
        messages: list[Message] = []
        for event in events:
            if not isinstance(event, LiveReading):
                self._seq += 1
                messages.append(encode(event, topics=self._topics, gw=self._gw, seq=self._seq))
        if newest is not None and not last:  # of several readings at once a screen shows the newest
            messages.append(encode(newest, topics=self._topics, gw=self._gw, seq=0))
        batch = [Incoming(message.topic, message.payload) for message in messages]
        while batch:
            try:
                self._take(batch)
            except StoreError:
                if self._stopping.wait(RETRY_S):
                    raise
            else:
                return


__all__ = ["SimulatedRuns", "Take"]
