"""Paired pods, live: radio → inbox → recording → session → outbox. One session an athlete, whatever they wear.

The radio is given, so a virtual one does as well. Two threads: the radio's, which only fills the inbox, and one that
empties it. Nothing that leaves here knows an address.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Final

from sensor_hub.adapters.ble.collector import SLOTS
from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.pod import PATIENT, Patience, Pod
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio
from sensor_hub.adapters.ble.thread import CollectorThread
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting_gate import AUTOMATIC, ON_COMMAND, BoundPod, Rules
from sensor_hub.app.collecting_run import AthleteRun
from sensor_hub.app.conditions import UNTOLD
from sensor_hub.app.edge import Edge, Runner
from sensor_hub.errors import RecordingError
from sensor_hub.model.link import PodState
from sensor_hub.model.load import Conditions
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Origin, SessionSetup
from sensor_hub.wire import encode_device_state

_LOG = logging.getLogger(__name__)

TAKE_S: Final = 0.2


async def _nothing() -> None:
    return None


def bound_pods(
    registry: Registry, profiles: dict[str, DeviceProfile], athlete: str | None = None
) -> tuple[list[BoundPod], list[str]]:
    """Return the paired pods that are bound to somebody (or to one athlete), and why others are left out.

    A pod that was bound to nobody, or whose firmware profile is not here, cannot be collected.
    """
    pods, left_out = [], []
    for device in registry.devices(athlete):
        profile = profiles.get(device.profile)
        if device.athlete is None:
            left_out.append(f"{device.name} is bound to nobody (sensor-hub devices bind {device.id} --athlete …)")
        elif profile is None:
            left_out.append(
                f"{device.name}: its firmware profile {device.profile!r} is not here (add it, or pair again)"
            )
        else:
            pods.append(BoundPod(device, profile, registry.athlete(device.athlete)))
    return pods, left_out


@dataclass(frozen=True, slots=True)
class Air:
    """How pods are reached: the radio, how patient, and what runs in its event loop before and after."""

    radio: Radio | Sequence[Radio] = ANY_RADIO
    patience: Patience = PATIENT
    slots: int = SLOTS
    on_loop_start: Callable[[], Awaitable[None]] = field(default=_nothing)
    on_loop_stop: Callable[[], Awaitable[None]] = field(default=_nothing)


class Gathering:
    """Shares out notifications to their athletes' sessions; knows no thread and no radio."""

    def __init__(
        self,
        edge: Edge,
        pods: Sequence[BoundPod],
        *,
        recordings: Path | None,
        rules: Rules,
        origin: Origin,
        registry: Registry | None = None,
        conditions: Conditions = UNTOLD,
    ) -> None:
        self._edge, self._recordings = edge, recordings
        self.recording_problem: str | None = None
        by_athlete: dict[str, list[BoundPod]] = {}
        for pod in pods:
            by_athlete.setdefault(pod.athlete.id, []).append(pod)
        self.runs = {
            who: AthleteRun(theirs, self._runner, rules, origin, registry, conditions)
            for who, theirs in by_athlete.items()
        }
        self._owner = {pod.device.id: pod.athlete.id for pod in pods}

    def take(self, items: Sequence[RawNotification], now_utc: datetime) -> None:
        """Take what came; also with nothing, for what time alone brings about."""
        shares: dict[str, list[RawNotification]] = {who: [] for who in self.runs}
        for raw in items:
            shares[self._owner[raw.device]].append(raw)
        for who, share in shares.items():
            self.runs[who].take(share, now_utc)

    def finish(self) -> None:
        """End every running session; what one of them refuses is raised when all of them have ended."""
        refused: list[Exception] = []
        for run in self.runs.values():
            try:
                run.finish()
                run.keep()
            except Exception as error:  # composition root: nobody's run is lost because of another's
                refused.append(error)
        if refused:
            raise refused[0]

    def _runner(self, setup: SessionSetup) -> Runner:
        if self._recordings is None:
            return self._edge.runner(setup)
        path = self._recordings / f"{setup.sid}.mcap"
        try:
            return self._edge.runner(setup, McapRecorder.for_session(path, setup))
        except RecordingError as error:  # a run that cannot be recorded is still a run; it is said, and goes on
            runner = self._edge.runner(setup)
            runner.recording_problem = str(error)
            return runner


class Collecting:
    """Collects bound pods from ``start`` to ``stop``.

    rules : when sessions begin and end. origin : what sessions are labelled, except those of simulated athletes, which
    are simulated. registry : what was learned of the athletes' gait, and learns more; None neither knows nor learns.
    conditions : what the load model is told of every session.
    on_state, on_fingerprint : told changes of a pod, in the radio's thread.
    """

    def __init__(
        self,
        edge: Edge,
        pods: Sequence[BoundPod],
        *,
        recordings: Path | None,
        air: Air | None = None,
        rules: Rules = AUTOMATIC,
        origin: Origin = "live",
        registry: Registry | None = None,
        conditions: Conditions = UNTOLD,
        on_state: Callable[[BoundPod, PodState], None] = lambda _pod, _state: None,
        on_fingerprint: Callable[[str, str], None] = lambda _device, _fingerprint: None,
    ) -> None:
        self.pods = {pod.device.id: pod for pod in pods}
        self._edge, self._tell, self._tell_fingerprint = edge, on_state, on_fingerprint
        self._gathering = Gathering(
            edge, pods, recordings=recordings, rules=rules, origin=origin, registry=registry, conditions=conditions
        )
        self._inbox = Inbox()
        air = air or Air()
        self._radio = CollectorThread(
            [Pod(p.device.id, p.device.address, p.profile, p.device.fingerprint) for p in pods],
            self._inbox,
            air.radio,
            self._on_state,
            air.slots,
            on_fingerprint=self._on_fingerprint,
            patience=air.patience,
            on_loop_start=air.on_loop_start,
            on_loop_stop=air.on_loop_stop,
        )
        self._now_utc = self._radio.now_utc  # arrivals are judged by the clock that dates them
        self._stopping = Event()
        self._broken: Exception | None = None
        self._thread = Thread(target=self._run, name="collecting", daemon=True)

    @property
    def runs(self) -> dict[str, AthleteRun]:
        """Each athlete's sessions, by pseudonym."""
        return self._gathering.runs

    @property
    def problem(self) -> str | None:
        """What stands in the way of everything, or of the recording, in words; None if nothing does."""
        if self.broken is not None:
            return str(self.broken)
        return self._radio.problem or next((run.problem for run in self.runs.values() if run.problem), None)

    @property
    def broken(self) -> Exception | None:
        """What ended it, if it ended by itself: the radio's thread, or the one that empties the inbox."""
        return self._broken or self._radio.broken

    def states(self) -> dict[str, PodState]:
        """Return how each pod is doing."""
        return self._radio.states()

    def start(self) -> None:
        """Begin to listen; returns at once."""
        for device, state in self.states().items():
            self._publish(self.pods[device], state)
        self._radio.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop the pods, take what is still on its way, end every session."""
        self._radio.stop()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._gathering.take(self._inbox.take(TAKE_S), self._now_utc())
            self._gathering.take(self._inbox.take(0.0), self._now_utc())
        except Exception as error:  # composition root: the main thread has to hear of it
            self._broken = error
        try:
            self._gathering.finish()
        except Exception as error:  # composition root: as above
            self._broken = self._broken or error

    def _on_state(self, state: PodState) -> None:
        pod = self.pods[state.device]
        for tell in (self._publish, self._tell):
            try:
                tell(pod, state)
            except Exception:  # composition root: a screen that fails must not end the radio's thread
                _LOG.exception("a change of %s could not be told", pod.device.id)

    def _on_fingerprint(self, device: str, fingerprint: str) -> None:
        try:
            self._tell_fingerprint(device, fingerprint)
        except Exception:  # composition root: as above
            _LOG.exception("what %s has could not be kept", device)

    def _publish(self, pod: BoundPod, state: PodState) -> None:
        publisher = self._edge.publisher
        publisher.publish_retained(
            encode_device_state(
                state, gw=self._edge.outbox.gw, profile=pod.profile.tag, side=pod.device.side, topics=self._edge.topics
            )
        )


__all__ = ["AUTOMATIC", "ON_COMMAND", "Air", "BoundPod", "Collecting", "Gathering", "Rules", "bound_pods"]
