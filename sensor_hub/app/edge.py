"""The edge: record first, decode second, keep in the outbox, hand to the broker.

One ``Runner`` a session, one outbox and one publisher for all of them. A source is any iterable of notifications; its
pace is the wall clock times ``speed``.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Final, Protocol

from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.errors import RecordingError, StoreError
from sensor_hub.model.link import LinkChange
from sensor_hub.model.message import Message
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import (
    Event,
    GapFound,
    LiveReading,
    Origin,
    Reading,
    SessionSetup,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session import RunSession
from sensor_hub.units import from_utc_us
from sensor_hub.wire import Topics, encode

TICK_S: Final = 0.05
MOST_HELD: Final = 50_000  # events; about two hours of a run
RESUME_S: Final = 5.0  # how often a recording that the disk refused is tried again


class Recorder(Protocol):
    """What keeps raw notifications."""

    def append(self, raw: RawNotification) -> None:
        """Keep one; RecordingError if the disk refuses."""
        ...

    def resume(self) -> None:
        """Go on after a refusal, losing nothing of what was kept; RecordingError while the disk still refuses."""
        ...

    def close(self) -> None:
        """End the recording."""
        ...


class Runner:
    """Carries one session's notifications, in order: recorder, session, outbox; live readings straight out.

    A disk that takes no more of the recording stops the recording and not the run: ``recording_problem`` says so while
    it lasts, the numbers go on, and so does the recording when there is room again. What came meanwhile is counted in
    ``n_unrecorded``, and the recording says it of each sensor, so a replay knows the cause of the hole. An outbox that
    takes no more is offered everything again with what comes next: ``outbox_problem`` says so meanwhile, and StoreError
    only comes when too much is held, or at the end.
    newest : the last live reading. gaps : what is unknown so far.
    """

    def __init__(
        self, setup: SessionSetup, outbox: Outbox, publish_live: Callable[[Message], object], topics: Topics,
        recorder: Recorder | None = None,
    ) -> None:  # fmt: skip
        self.setup = setup
        self._session = RunSession(setup)
        self._outbox, self._publish_live, self._topics, self._recorder = outbox, publish_live, topics, recorder
        self._n_given = 0
        self._held: list[Event] = []
        self.summary: SessionSummary | None = None
        self.newest: LiveReading | None = None
        self.last_step_utc: datetime | None = None
        self.gaps: list[GapFound] = []
        self.recording_problem: str | None = None
        self.n_unrecorded = 0
        self._missed: dict[str, int] = {}
        self._resume_at_s = 0.0
        self.outbox_problem: str | None = None
        self.closing: Thread | None = None

    def take(self, items: Sequence[RawNotification | Reading]) -> None:
        """Record, decode, keep. StoreError if the outbox has refused for so long that too much is held."""
        self._record(items)
        self._give(self._session.receive_many(items))
        try:
            self.keep()
        except StoreError:
            if len(self._held) > MOST_HELD:
                raise

    @property
    def recording_note(self) -> str | None:
        """Why the recording is not whole, None if it is."""
        if self.recording_problem is None and self.n_unrecorded:
            return f"the disk was full for a while: {self.n_unrecorded} notifications are not in it"
        return self.recording_problem

    def _record(self, items: Sequence[RawNotification | Reading]) -> None:
        if self._recorder is None:
            return
        raws = [item for item in items if isinstance(item, RawNotification)]
        done = 0
        try:
            if self.recording_problem is not None:
                self._resume(self._recorder, raws)
            for raw in raws if self.recording_problem is None else ():
                done += 1  # the one it is refused at is in hand, and written first when there is room
                self._recorder.append(raw)
        except RecordingError as error:
            self.recording_problem = str(error)
            self._resume_at_s = time.monotonic() + RESUME_S
        for raw in raws[done:]:
            self.n_unrecorded += 1
            self._missed[raw.device] = self._missed.get(raw.device, 0) + 1

    def _resume(self, recorder: Recorder, raws: Sequence[RawNotification]) -> None:
        """Try to go on with a recording, and say in it what it misses; RecordingError while the disk refuses."""
        if not raws or time.monotonic() < self._resume_at_s:
            return
        recorder.resume()
        for device in list(self._missed):
            lost = LinkChange(device, raws[0].arrival_utc, "lost", "disk-full", self._missed.pop(device))
            recorder.append(lost.to_notification())
        self.recording_problem = None

    def finish(self) -> None:
        """End session and recording; the recording is put in order in a thread, which takes a while.

        StoreError if the outbox does not take everything; ``keep`` offers it again.
        """
        self._give(self._session.finish())
        self._close_recording()
        self.keep()

    def keep(self) -> None:
        """Offer the outbox what it has not taken; a live reading alone is not worth a commit."""
        if all(isinstance(event, LiveReading) for event in self._held):
            return
        try:
            # A recording replayed as another origin says other things; its numbering is one of its own.
            self._outbox.append(self._held, first_index=self._n_given, sid=self._key)
        except StoreError as error:
            self.outbox_problem = str(error)
            raise
        self.outbox_problem = None
        self._n_given += len(self._held)
        self._held = []

    def patterns(self) -> tuple[GaitPattern, ...]:
        """Return how the strides looked to each sensor that was worn as it should be."""
        return self._session.patterns()

    def fits(self) -> dict[str, str]:
        """Return, by sensor, the one of whom its strides look like rather than of who should wear it."""
        return self._session.fits()

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is left to do: it is ended, kept, and its recording is in order."""
        is_closed = self._recorder is None and (self.closing is None or not self.closing.is_alive())
        return self.summary is not None and is_closed and self.outbox_problem is None

    def close_recording(self) -> None:
        """Stop recording, and wait until the file is in order."""
        self._close_recording()
        if self.closing is not None:
            self.closing.join()

    def _close_recording(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            self.closing = Thread(target=self._close, args=(recorder,), name="recording", daemon=True)
            self.closing.start()

    def _close(self, recorder: Recorder) -> None:
        try:
            recorder.close()
        except RecordingError as error:  # it stays readable in the form it has
            self.recording_problem = self.recording_problem or str(error)

    def _give(self, events: Sequence[Event]) -> None:
        """Hand on live readings at once, and hold everything for the disk."""
        for event in events:
            if isinstance(event, LiveReading):
                self.newest = event
                self._publish_live(encode(event, topics=self._topics, gw=self._outbox.gw, seq=0))
            elif isinstance(event, StepBatch):
                self._remember_steps(event)
            elif isinstance(event, GapFound):
                self.gaps.append(event)
            elif isinstance(event, SessionSummary):
                self.summary = event
        self._held += events

    @property
    def _key(self) -> str:
        return numbered_as(self.setup.sid, self.setup.origin)

    def finish_over_again(self) -> None:
        """End a session that is replayed because it was killed, so that its summary is told in any case.

        A power cut may take the last second of the recording and not of the outbox: then fewer events come than were
        taken, and the summary's number would be one that is passed over.
        """
        n_taken = self._outbox.taken(self._key)
        self.finish()
        if self.summary is not None and self._n_given <= n_taken:
            self._outbox.append([self.summary], first_index=n_taken, sid=self._key)

    def _remember_steps(self, batch: StepBatch) -> None:
        times_us = batch.steps.time_utc_us[batch.steps.n_steps > 0]
        if len(times_us):
            last_utc = from_utc_us(int(times_us.max()))
            self.last_step_utc = max(last_utc, self.last_step_utc or last_utc)


def numbered_as(sid: str, origin: Origin) -> str:
    """Return what an outbox knows a session's events by."""
    return f"{sid}/{origin}"


def _nowhere(_message: Message) -> None:
    return None


class Edge:
    """Outbox and publisher of one gateway."""

    def __init__(self, outbox: Path, url: str, topics: Topics, *, resend_after_s: float = 5.0) -> None:
        self.topics = topics
        self.outbox = Outbox(outbox, topics)
        self._runners: list[Runner] = []
        self.publisher = OutboxPublisher(self.outbox, url, topics, resend_after_s=resend_after_s)

    def start(self) -> None:
        """Begin to send; a broker that is away is waited for."""
        self.publisher.start()

    def runner(self, setup: SessionSetup, recorder: Recorder | None = None, *, shows: bool = True) -> Runner:
        """Return the carrier of a new session; ``shows`` is whether its readings are what a screen is to show now."""
        publish_live = self.publisher.publish_live if shows else _nowhere
        runner = Runner(setup, self.outbox, publish_live, self.topics, recorder)
        self._runners = [*(known for known in self._runners if not known.is_over), runner]
        return runner

    def stop(self, drain_s: float = 10.0) -> bool:
        """Wait for the hub to have everything, then leave; return whether it has."""
        empty = self.publisher.stop(drain_s)
        self.outbox.close()
        for runner in self._runners:
            if runner.closing is not None:
                runner.closing.join()
        return empty


def paced(
    items: Iterable[RawNotification], *, speed: float, start_utc: datetime, stop: Callable[[], bool] = lambda: False
) -> Iterator[list[RawNotification]]:
    """Yield notifications in small batches when their time has come; ``speed`` x the wall clock, 0 as fast as it goes.

    ``start_utc`` on the items' clock is now.
    """
    begin_s = time.monotonic()
    batch: list[RawNotification] = []
    for item in items:
        due_s = (item.arrival_utc - start_utc).total_seconds() / speed if speed > 0 else 0.0
        if batch and (due_s > time.monotonic() - begin_s or len(batch) >= 5000):
            yield batch
            batch = []
            while (wait_s := due_s - (time.monotonic() - begin_s)) > 0:
                if stop():
                    return
                time.sleep(min(TICK_S, wait_s))
        if stop():
            return
        batch.append(item)
    if batch:
        yield batch


def feed(runners: dict[str, Runner], batch: Sequence[RawNotification]) -> None:
    """Give a batch to the sessions its devices belong to; each keeps its own order, and sessions share nothing."""
    shares: dict[int, tuple[Runner, list[RawNotification]]] = {}
    for raw in batch:
        runner = runners[raw.device]
        shares.setdefault(id(runner), (runner, []))[1].append(raw)
    for runner, items in shares.values():
        runner.take(items)
