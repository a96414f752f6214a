"""Paired pods, live: radio → inbox → recording → session → outbox. One session an athlete, whatever they wear.

The radio is given, so a virtual one does as well. Two threads: the radio's, which only fills the inbox, and one that
empties it. Nothing that leaves here knows an address.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Final, TypeVar

from sensor_hub.adapters.ble.collector import SLOTS
from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.pod import PATIENT, Patience, Pod
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio
from sensor_hub.adapters.ble.thread import ENDED, CollectorThread
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting_gate import AUTOMATIC, ON_COMMAND, BoundPod, Rules
from sensor_hub.app.collecting.collecting_run import AthleteRun
from sensor_hub.app.collecting.collecting_share import Gathering
from sensor_hub.app.collecting.collecting_tap import Tap
from sensor_hub.app.collecting.rostering import effective_devices
from sensor_hub.app.edge import Edge
from sensor_hub.app.loads.conditions import UNTOLD
from sensor_hub.errors import BluetoothError, RegistryError
from sensor_hub.model.link import PodState
from sensor_hub.model.load import Conditions
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Origin
from sensor_hub.wire import encode_device_state

_LOG = logging.getLogger(__name__)

TAKE_S: Final = 0.2
T = TypeVar("T")
LINK_S: Final = 30.0  # a sleeping pod that is moved needs some seconds
POLL_S: Final = 0.1
FOLLOW_S: Final = 2.0  # ours: whoever changes a roster looks up and sees it done


async def _nothing() -> None:
    return None


def bound_pods(
    registry: Registry,
    profiles: dict[str, DeviceProfile],
    athlete: str | None = None,
    *,
    now_utc: datetime | None = None,
) -> tuple[list[BoundPod], list[str]]:
    """Return the paired pods that somebody (or one athlete) wears now, and why others are left out.

    Tonight's roster goes before what is bound for good. A pod that nobody has, or whose firmware profile is not here,
    cannot be collected. now_utc : None is now.
    """
    people = {who.id: who for who in registry.athletes()}
    wanted = None if athlete is None else registry.athlete(athlete).id
    pods, left_out = [], []
    for device in effective_devices(registry, profiles, now_utc or datetime.now(UTC)):
        if wanted is not None and device.athlete != wanted:
            continue
        profile, who = profiles.get(device.profile), people.get(device.athlete or "")
        if who is None:
            left_out.append(
                f"{device.name} is bound to nobody (sensor-hub devices bind {device.id} --athlete …,"
                f" or for one evening: sensor-hub roster set {device.id}=NAME)"
            )
        elif profile is None:
            left_out.append(
                f"{device.name}: its firmware profile {device.profile!r} is not here (add it, or pair again)"
            )
        else:
            pods.append(BoundPod(device, profile, who))
    return pods, left_out


@dataclass(frozen=True, slots=True)
class Air:
    """How pods are reached: the radio, how patient, and what runs in its event loop before and after."""

    radio: Radio | Sequence[Radio] = ANY_RADIO
    patience: Patience = PATIENT
    slots: int = SLOTS
    on_loop_start: Callable[[], Awaitable[None]] = field(default=_nothing)
    on_loop_stop: Callable[[], Awaitable[None]] = field(default=_nothing)


class Collecting:
    """Collects bound pods from ``start`` to ``stop``.

    rules : when sessions begin and end. origin : what sessions are labelled, except those of simulated athletes, which
    are simulated. registry : what was learned of the athletes' gait, and learns more; None neither knows nor learns.
    conditions : what the load model is told of every session. bindings : asked every ``FOLLOW_S`` for the pods as they
    are bound at a moment; None collects these for ever.
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
        bindings: Callable[[datetime], Sequence[BoundPod]] | None = None,
        on_state: Callable[[BoundPod, PodState], None] = lambda _pod, _state: None,
        on_fingerprint: Callable[[str, str], None] = lambda _device, _fingerprint: None,
    ) -> None:
        self.pods = {pod.device.id: pod for pod in pods}
        self._edge, self._tell, self._tell_fingerprint = edge, on_state, on_fingerprint
        self._gathering = Gathering(
            edge, pods, recordings=recordings, rules=rules, origin=origin, registry=registry, conditions=conditions
        )
        self._bindings, self._asked_s = bindings, time.monotonic()
        self._tuned = set(self.pods)
        self._taps: tuple[Tap, ...] = ()  # replaced, never changed: they are looked at from two threads
        self._guests: dict[str, BoundPod] = {}  # 〃
        self._inbox = Inbox()
        air = air or Air()
        self._radio = CollectorThread(
            [_pod(pod) for pod in pods],
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
        of_a_run = next((run.problem for run in self.runs.values() if run.problem), None)
        return self._radio.problem or of_a_run or self._gathering.swapped or self._gathering.note

    @property
    def is_idle(self) -> bool:
        """Whether nobody wears a pod any more, and no session runs."""
        return not self._tuned and not any(run.is_busy for run in self.runs.values())

    @property
    def broken(self) -> Exception | None:
        """What ended it, if it ended by itself: the radio's thread, or the one that empties the inbox."""
        return self._broken or self._radio.broken

    def states(self) -> dict[str, PodState]:
        """Return how each pod is doing."""
        return self._radio.states()

    def is_collected(self, device: str) -> bool:
        """Whether this pod is linked or looked for; one that was let go of is neither once its link has ended."""
        return device in self.states()

    def is_in_run(self, device: str) -> bool:
        """Whether a running session counts on this pod."""
        return self._gathering.is_held(device)

    def beside(self, work: Callable[[Radio], Awaitable[T]]) -> T:
        """Do something else with the radio from another thread, while everybody's links stream on; wait for it."""
        return self._radio.beside(work)

    def listen_in(
        self, pod: BoundPod, seconds: float, *, link_within_s: float = LINK_S
    ) -> tuple[list[RawNotification], PodState | None]:
        """Hear a paired pod for some seconds once it is linked, beside what becomes of it; wait, from another thread.

        One that nobody wears is linked for this long. BluetoothError if something keeps all pods away, or the
        collecting ends.
        """
        device = pod.device.id
        tap = Tap(device)
        self._guests = self._guests | {device: pod}
        self._taps = (*self._taps, tap)
        try:
            self._wait(link_within_s, until=lambda: self._is_linked(device))
            self._wait(seconds)
            return tap.heard, self.states().get(device)
        finally:
            self._taps = tuple(other for other in self._taps if other is not tap)
            self._guests = {known: guest for known, guest in self._guests.items() if known != device}

    def _is_linked(self, device: str) -> bool:
        state = self.states().get(device)
        return state is not None and state.phase == "streaming"

    def _wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s and not until():
            if self._radio.problem is not None:
                raise BluetoothError(self._radio.problem)
            if self._stopping.wait(POLL_S):
                raise BluetoothError(ENDED)

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
                items = self._inbox.take(TAKE_S)
                self._tapped(items)
                self._gathering.take(items, self._now_utc())
                self._follow()
            self._gathering.take(self._inbox.take(0.0), self._now_utc())
        except Exception as error:  # composition root: the main thread has to hear of it
            self._broken = error
        try:
            self._gathering.finish()
        except Exception as error:  # composition root: as above
            self._broken = self._broken or error

    def _tapped(self, items: Sequence[RawNotification]) -> None:
        for tap in self._taps:
            tap.begin(self._gathering.said(tap.device))
            tap.hear(items)

    def _follow(self) -> None:
        """Take over what has been bound otherwise since, and collect those pods."""
        if self._bindings is None:
            return
        if time.monotonic() - self._asked_s >= FOLLOW_S:
            self._asked_s = time.monotonic()
            with suppress(RegistryError):  # held by another program: what was bound holds on
                self._gathering.follow(self._bindings(self._now_utc()))
        on_air = self._guests | self._gathering.on_air
        moved = [pod for device, pod in on_air.items() if pod.bound() != self._bound_as(device)]
        self.pods = self.pods | on_air
        if on_air.keys() != self._tuned:
            self._tuned = set(on_air)
            self._radio.want([_pod(pod) for pod in on_air.values()])
        states = self.states() if moved else {}
        for pod in moved:
            if pod.device.id in states:
                self._publish(pod, states[pod.device.id])

    def _bound_as(self, device: str) -> BoundDevice | None:
        return self.pods[device].bound() if device in self.pods else None

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


def _pod(pod: BoundPod) -> Pod:
    return Pod(pod.device.id, pod.device.address, pod.profile, pod.device.fingerprint)


__all__ = ["AUTOMATIC", "ON_COMMAND", "Air", "BoundPod", "Collecting", "Gathering", "Rules", "bound_pods"]
