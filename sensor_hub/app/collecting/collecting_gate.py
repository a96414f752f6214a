"""When a run begins, told from what its sensors send: ten steps, and what came before them is kept.

Nothing here knows a clock: time is what notifications carry, and what ``take`` and ``is_due`` are told.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sensor_hub.app.collecting.collecting_talk import Talk, is_down
from sensor_hub.decoders.catalogue import LAYOUT_PREFIX, is_stream
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Side, Tier
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.roster import RUN_LASTS_S
from sensor_hub.model.session import BoundDevice, SessionSetup, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.units import from_utc_us

STEPS_OF_THE_OTHER: Final = 10.0  # ours: of both feet; while one leg takes them the other cannot stand still


@dataclass(frozen=True, slots=True)
class BoundPod:
    """A paired sensor, what it is, and whose."""

    device: Device
    profile: DeviceProfile
    athlete: Athlete

    def bound(self) -> BoundDevice:
        """Return it as a session is told of it."""
        return BoundDevice(self.device.id, self.profile, self.device.side, self.device.mount or self.profile.mount)


@dataclass(frozen=True, slots=True)
class Rules:
    """When a session begins and ends.

    start_steps : steps of both feet that begin it, within ``window_s``; 0 begins it with the first reading.
    lead_s : what is kept from before the first of these steps. wait_for_others_s : how long a start waits for the
    athlete's other pods. stop_after_s : time without a step that ends it; None leaves that to a command.
    """

    start_steps: float = 10.0
    stop_after_s: float | None = RUN_LASTS_S
    window_s: float = 30.0  # ours: ten slow steps take 8 s, and a detector may be some seconds late
    lead_s: float = 5.0  # ours
    wait_for_others_s: float = 20.0  # ours: a sleeping pod needs some strides to wake and connect


AUTOMATIC: Final = Rules()
ON_COMMAND: Final = Rules(start_steps=0.0, stop_after_s=None)


def tier_for(profiles: Sequence[DeviceProfile]) -> Tier:
    """Return the best tier these sensors can give."""
    if any(profile.kind == "imu" for profile in profiles):
        return "imu"
    return "contact" if any(profile.gives_contact_time for profile in profiles) else "speed"


class _Watched:
    """One pod while no session runs: its steps, and since when it is heard."""

    def __init__(self, pod: BoundPod, talk: Talk) -> None:
        self.pod, self.talk = pod, talk
        self.since_utc: datetime | None = None  # the first reading of this link
        self.n_steps = 0.0  # of those the gate has not forgotten
        self._session = new_session(pod)
        self._session.receive_many(talk.said)

    def take(self, raws: Sequence[RawNotification]) -> list[tuple[datetime, float]]:
        """Return the steps that became certain: when, and how many of both feet."""
        for raw in raws:
            if self.talk.hear(raw):
                self.since_utc = self.since_utc or raw.arrival_utc
            elif is_down(raw):
                self.since_utc = None
        steps: list[tuple[datetime, float]] = []
        for event in self._session.receive_many(raws):
            if isinstance(event, StepBatch):
                rows = zip(event.steps.time_utc_us.tolist(), event.steps.n_steps.tolist(), strict=True)
                steps += [(from_utc_us(at_us), n) for at_us, n in rows if n > 0]
        return steps

    @property
    def leg(self) -> Side | None:
        """The side of an IMU on one leg; None of anything else."""
        bound = self.pod.bound()
        on_leg = self.pod.profile.kind == "imu" and bound.mount in {"foot", "shank"} and bound.side != "U"
        return bound.side if on_leg else None


def new_session(pod: BoundPod) -> RunSession:
    """Return a session in which only this pod is, and which nobody is told of."""
    return RunSession(SessionSetup("gate", "gate", "UTC", "live", (pod.bound(),), tier_for([pod.profile])))


def new_talk(pod: BoundPod) -> Talk:
    """Return an empty talk of this pod."""
    streams = {uuid for uuid, name in pod.profile.characteristics.items() if gives_readings(name, pod.profile)}
    return Talk(streams, pod.profile.start, lambda: new_session(pod))


def gives_readings(decoder: str, profile: DeviceProfile) -> bool:
    """Whether what a decoder of this name makes are readings of a run; a battery's are not."""
    return decoder == "rsc" or decoder.startswith(LAYOUT_PREFIX) or is_stream(decoder, profile)


class Gate:
    """Waits for the beginning of one athlete's run.

    talks : what was said on the present link of each pod, by device; the gate hears on.
    """

    def __init__(self, pods: Sequence[BoundPod], rules: Rules, talks: Mapping[str, Talk]) -> None:
        self._rules = rules
        self._watched = {pod.device.id: _Watched(pod, talks[pod.device.id]) for pod in pods}
        self._kept: deque[RawNotification] = deque()
        self._steps: deque[tuple[datetime, float, _Watched]] = deque()
        self._due_utc: datetime | None = None
        self._begin_utc: datetime | None = None

    def take(self, items: Sequence[RawNotification], now_utc: datetime) -> None:
        """Watch what came; items are in the order of their arrival."""
        self._kept += [raw for raw in items if raw.device in self._watched]
        for device, watched in self._watched.items():
            for at_utc, n in watched.take([raw for raw in items if raw.device == device]):
                self._steps.append((at_utc, n, watched))
                watched.n_steps += n
            if self._rules.start_steps == 0 and watched.since_utc is not None:
                self._open(watched.since_utc, now_utc)
        if self._begin_utc is None:
            self._forget(before_utc=now_utc - timedelta(seconds=self._rules.window_s))
            if self._rules.start_steps > 0 and sum(n for _, n, _ in self._steps) >= self._rules.start_steps:
                first_utc = min(at_utc for at_utc, _, _ in self._steps)
                self._open(first_utc - timedelta(seconds=self._rules.lead_s), now_utc)

    def _open(self, begin_utc: datetime, now_utc: datetime) -> None:
        if self._begin_utc is None:
            self._begin_utc = begin_utc
            self._due_utc = now_utc + timedelta(seconds=self._rules.wait_for_others_s)

    def _forget(self, before_utc: datetime) -> None:
        while self._kept and self._kept[0].arrival_utc < before_utc:
            self._kept.popleft()
        for at_utc, n, watched in self._steps:
            if at_utc < before_utc:
                watched.n_steps -= n
        self._steps = deque(step for step in self._steps if step[0] >= before_utc)

    def is_due(self, now_utc: datetime) -> bool:
        """Whether the run is to begin now: there were steps, and nobody is missing or was waited for long enough."""
        if self._due_utc is None:
            return False
        return now_utc >= self._due_utc or not any(self._is_awaited(w) for w in self._watched.values())

    def _is_awaited(self, watched: _Watched) -> bool:
        """An IMU that is not heard yet, or that may only be late with its first steps."""
        if watched.since_utc is None:
            return watched.pod.profile.kind == "imu"
        return self._rules.start_steps > 0 and watched.leg is not None and watched.n_steps <= 0

    def _is_worn(self, watched: _Watched) -> bool:
        """Not if the other leg runs and this one does not move at all: it lies on a table."""
        if watched.leg is None or watched.n_steps > 0:
            return True
        others = [w for w in self._watched.values() if w.leg not in {None, watched.leg}]
        return all(other.n_steps < STEPS_OF_THE_OTHER for other in others)

    def counted(self) -> list[BoundPod]:
        """Return the pods a session may count on: they send readings, and are worn as far as anybody can tell."""
        return [w.pod for w in self._watched.values() if w.since_utc is not None and self._is_worn(w)]

    def not_worn(self) -> list[BoundPod]:
        """Return the pods that send readings and take no steps, while the other leg does."""
        return [w.pod for w in self._watched.values() if w.since_utc is not None and not self._is_worn(w)]

    @property
    def begin_utc(self) -> datetime | None:
        """When the run begins; None before there were enough steps."""
        return self._begin_utc

    def opening(self) -> list[RawNotification]:
        """Return what the session has to be given first: how its pods were connected, then everything since begin."""
        begin_utc = self._begin_utc
        if begin_utc is None:
            raise ValueError("the run has not begun")
        since = [raw for raw in self._kept if raw.arrival_utc >= begin_utc]
        given = {id(raw) for raw in since}
        talk = [raw for w in self._watched.values() for raw in w.talk.said if id(raw) not in given]
        return sorted(talk, key=lambda raw: raw.arrival_utc) + since
