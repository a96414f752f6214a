"""When a run begins, told from what its sensors send: ten steps, and what came before them is kept.

Nothing here knows a clock: time is what notifications carry, and what ``tick`` is told.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sensor_hub.decoders.catalogue import LAYOUT_PREFIX, is_stream
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Tier
from sensor_hub.model.link import LINK
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup, SessionStarted, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.units import from_utc_us

MOST_TALK: Final = 200  # notifications of one connecting: values read, answers to commands


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
    stop_after_s: float | None = 600.0
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
    """One pod while no session runs: its steps, and what was said when it connected."""

    def __init__(self, pod: BoundPod) -> None:
        self.pod = pod
        self.since_utc: datetime | None = None  # the first reading of this link
        self.talk: list[RawNotification] = []
        named = pod.profile.characteristics.items()
        self._streams = {uuid for uuid, name in named if gives_readings(name, pod.profile)}
        self._talking = True
        self._session = self._new_session()

    def _new_session(self) -> RunSession:
        tier = tier_for([self.pod.profile])
        return RunSession(SessionSetup("gate", "gate", "UTC", "live", (self.pod.bound(),), tier))

    def take(self, raws: Sequence[RawNotification]) -> list[tuple[datetime, float]]:
        """Return the steps that became certain: when, and how many of both feet."""
        for raw in raws:
            if raw.characteristic == LINK:
                self._hear_link(raw)
            elif raw.characteristic in self._streams and (not self._talking or self._is_reading(raw)):
                self.since_utc, self._talking = self.since_utc or raw.arrival_utc, False
            else:
                self._hear_talk(raw)
        steps: list[tuple[datetime, float]] = []
        for event in self._session.receive_many(raws):
            if isinstance(event, StepBatch):
                rows = zip(event.steps.time_utc_us.tolist(), event.steps.n_steps.tolist(), strict=True)
                steps += [(from_utc_us(at_us), n) for at_us, n in rows if n > 0]
        return steps

    def _hear_link(self, raw: RawNotification) -> None:
        if raw.payload.startswith(b"down"):
            self._talking, self.since_utc = True, None
            self.talk.clear()
        elif raw.payload == b"up":
            self._talking = False
        self.talk.append(raw)

    def _hear_talk(self, raw: RawNotification) -> None:
        if not self._talking:  # a battery that is read again: the newest says it all
            self.talk = [said for said in self.talk if said.characteristic != raw.characteristic]
        self.talk = [*self.talk[1 - MOST_TALK :], raw]

    def _is_reading(self, raw: RawNotification) -> bool:
        """Whether a notification would begin a session, in which case it is no mere talk."""
        return any(isinstance(event, SessionStarted) for event in self._new_session().receive(raw))


def gives_readings(decoder: str, profile: DeviceProfile) -> bool:
    """Whether what a decoder of this name makes are readings of a run; a battery's are not."""
    return decoder == "rsc" or decoder.startswith(LAYOUT_PREFIX) or is_stream(decoder, profile)


class Gate:
    """Waits for the beginning of one athlete's run."""

    def __init__(self, pods: Sequence[BoundPod], rules: Rules) -> None:
        self._rules = rules
        self._watched = {pod.device.id: _Watched(pod) for pod in pods}
        self._kept: deque[RawNotification] = deque()
        self._steps: deque[tuple[datetime, float]] = deque()
        self._due_utc: datetime | None = None
        self._begin_utc: datetime | None = None

    def take(self, items: Sequence[RawNotification], now_utc: datetime) -> None:
        """Watch what came; items are in the order of their arrival."""
        self._kept += [raw for raw in items if raw.device in self._watched]
        for device, watched in self._watched.items():
            mine = [raw for raw in items if raw.device == device]
            self._steps += watched.take(mine)
            if self._rules.start_steps == 0 and watched.since_utc is not None:
                self._open(watched.since_utc, now_utc)
        if self._begin_utc is None:
            self._forget(before_utc=now_utc - timedelta(seconds=self._rules.window_s))
            steps = sorted(self._steps)
            if self._rules.start_steps > 0 and sum(n for _, n in steps) >= self._rules.start_steps:
                self._open(steps[0][0] - timedelta(seconds=self._rules.lead_s), now_utc)

    def _open(self, begin_utc: datetime, now_utc: datetime) -> None:
        if self._begin_utc is None:
            self._begin_utc = begin_utc
            self._due_utc = now_utc + timedelta(seconds=self._rules.wait_for_others_s)

    def _forget(self, before_utc: datetime) -> None:
        while self._kept and self._kept[0].arrival_utc < before_utc:
            self._kept.popleft()
        self._steps = deque(step for step in self._steps if step[0] >= before_utc)

    def is_due(self, now_utc: datetime) -> bool:
        """Whether the run is to begin now: there were steps, and nobody is missing or was waited for long enough."""
        if self._due_utc is None:
            return False
        return now_utc >= self._due_utc or not any(self._is_awaited(w) for w in self._watched.values())

    @staticmethod
    def _is_awaited(watched: _Watched) -> bool:
        return watched.pod.profile.kind == "imu" and watched.since_utc is None

    def heard(self) -> list[BoundPod]:
        """Return the pods that send readings."""
        return [w.pod for w in self._watched.values() if w.since_utc is not None]

    @property
    def begin_utc(self) -> datetime | None:
        """When the run begins; None before there were enough steps."""
        return self._begin_utc

    def opening(self) -> list[RawNotification]:
        """Return what the session has to be given first: how its pods were connected, then everything since begin."""
        begin_utc = self._begin_utc
        if begin_utc is None:
            raise ValueError("the run has not begun")
        talk = [raw for w in self._watched.values() for raw in w.talk if raw.arrival_utc < begin_utc]
        since = [raw for raw in self._kept if raw.arrival_utc >= begin_utc]
        return sorted(talk, key=lambda raw: raw.arrival_utc) + since
