"""One athlete's pods: from the gate through a session to its end, and to the gate again."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting_gate import BoundPod, Gate, Rules, tier_for
from sensor_hub.app.collecting.collecting_talk import Talk
from sensor_hub.app.collecting.squad_patterns import with_squad
from sensor_hub.app.edge import Runner
from sensor_hub.app.loads.conditions import UNTOLD, conditions_of
from sensor_hub.app.loads.learned import learn, with_learned
from sensor_hub.app.loads.referencing import with_reference
from sensor_hub.app.sids import new_sid
from sensor_hub.errors import StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Conditions
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Origin, SessionSetup

SOURCE = "bluetooth"
LOOK_EACH: Final = timedelta(seconds=15)  # ours: whose strides they are is worked out anew at most so often


class AthleteRun:
    """Sessions of one athlete, one after the other.

    talks : what was said on the present link of each pod, by device, whoever wears it. new_runner : makes the carrier
    of a session that begins. registry : what was learned of the athlete's gait; None neither knows nor learns.
    conditions : what the load model is told of each session, beside what is known of the athlete. A pod that is heard
    or worn only after the start is recorded in the running session, but its steps do not count: the session counts on
    the pods it began with.
    """

    def __init__(
        self,
        athlete: Athlete,
        talks: Mapping[str, Talk],
        new_runner: Callable[[SessionSetup], Runner],
        rules: Rules,
        origin: Origin,
        registry: Registry | None = None,
        conditions: Conditions = UNTOLD,
    ) -> None:
        self.athlete, self.pods = athlete, tuple[BoundPod, ...]()
        self._talks, self._new_runner, self._rules, self._registry = talks, new_runner, rules, registry
        self._conditions, self._live_origin = conditions, origin
        self._gate = Gate((), rules, talks)
        self._counted: frozenset[str] = frozenset()
        self._began_utc: datetime | None = None
        self.runner: Runner | None = None
        self.ended: list[Runner] = []  # the newest, and those of which something is still to be done
        self._not_worn: tuple[str, ...] = ()
        self.fits: dict[str, str] = {}  # of the running session: pods, and of whom their strides look like
        self._looked_utc: datetime | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a session runs, or has begun and waits for another pod."""
        return self.runner is not None or self._gate.begin_utc is not None

    @property
    def held(self) -> frozenset[str]:
        """Devices that the running session counts on; one that has only begun holds all."""
        if self.runner is not None:
            return self._counted
        return frozenset(pod.device.id for pod in self.pods) if self.is_busy else frozenset()

    def wear(self, athlete: Athlete, pods: Sequence[BoundPod]) -> None:
        """Wait for the next session with these pods. ValueError while one runs: it goes on as it began."""
        if self.is_busy:
            raise ValueError("a session runs")
        before = [pod.bound() for pod in self.pods]
        self.athlete, self.pods = athlete, tuple(pods)
        if before != [pod.bound() for pod in pods]:
            self._gate = Gate(self.pods, self._rules, self._talks)

    def take(self, items: Sequence[RawNotification], now_utc: datetime) -> None:
        """Take what came from this athlete's pods, and begin or end a session if it is time."""
        if self.runner is not None:
            for raw in items:  # the next session on the same link will have to be told
                self._talks[raw.device].hear(raw)
            if items:
                self.runner.take(items)
                self._look_whose(self.runner, now_utc)
        else:
            self._gate.take(items, now_utc)
            if self._gate.is_due(now_utc):
                self._begin()
        self._end_if_over(now_utc)
        with suppress(StoreError):  # ``problem`` says so meanwhile
            self.keep()

    @property
    def problem(self) -> str | None:
        """What makes the running session less than it could be, in words; None if nothing does."""
        unkept = next(
            (r.outbox_problem for r in (*self.ended, self.runner) if r is not None and r.outbox_problem), None
        )
        if unkept is not None:
            return f"the run goes on, but what it says is kept in memory only: {unkept}"
        if self.runner is None:
            return None
        if self.runner.recording_problem:
            return f"the run goes on unrecorded: {self.runner.recording_problem}"
        if self._not_worn:
            names = " and ".join(self._not_worn)
            return f"{names}: streams, but takes no steps: not worn? This run is counted without it"
        return None

    def _begin(self) -> None:
        begin_utc = self._gate.begin_utc
        if begin_utc is None:
            return
        self._began_utc = begin_utc
        self._not_worn = tuple(pod.device.name for pod in self._gate.not_worn())
        self.runner = self._new_runner(self._setup(begin_utc))
        self.runner.take(self._gate.opening())

    def _look_whose(self, runner: Runner, now_utc: datetime) -> None:
        """Look now and then whose strides they are; only where there is somebody to compare with."""
        if not any(bound.others for bound in runner.setup.devices):
            return
        if self._looked_utc is None or now_utc - self._looked_utc >= LOOK_EACH:
            self._looked_utc, self.fits = now_utc, runner.fits()

    def _setup(self, begin_utc: datetime) -> SessionSetup:
        counted = self._counted = frozenset(pod.device.id for pod in self._gate.counted())
        devices = [self._bound(pod, begin_utc, counts=pod.device.id in counted) for pod in self.pods]
        devices.sort(key=lambda bound: bound.device not in counted)  # the first IMU is the one that counts
        setup = SessionSetup(
            sid=new_sid(begin_utc),
            athlete=self.athlete.id,
            zone=self.athlete.zone,
            origin="simulated" if self.athlete.simulated else self._live_origin,
            devices=tuple(devices),
            tier=tier_for([pod.profile for pod in self.pods if pod.device.id in counted]),
            source=SOURCE,
            conditions=conditions_of(self._conditions, self.athlete, self._registry, begin_utc),
        )
        return setup if self._registry is None else with_reference(setup, self._registry)

    def _bound(self, pod: BoundPod, begin_utc: datetime, *, counts: bool) -> BoundDevice:
        """A foot that is not there or not worn at the start is no half of the session: nobody may count on its pod."""
        bound = pod.bound()
        if not counts and pod.profile.kind == "imu":
            return replace(bound, side="U")
        if self._registry is None:
            return bound
        learned = with_learned(bound, self._registry, self.athlete.id)
        return with_squad(learned, self._registry, self.athlete.id, begin_utc)

    def _end_if_over(self, now_utc: datetime) -> None:
        if self.runner is None or self._rules.stop_after_s is None or self._began_utc is None:
            return
        last_utc = self.runner.last_step_utc or self._began_utc
        if now_utc - max(last_utc, self._began_utc) >= timedelta(seconds=self._rules.stop_after_s):
            self.finish()

    def keep(self) -> None:
        """Offer the outbox once more what it refused of ended sessions. StoreError if it refuses again."""
        for runner in self.ended:
            if runner.outbox_problem is not None:
                runner.keep()

    def finish(self) -> None:
        """End the running session, if there is one, and wait for the next.

        A run that has begun and only waits for another pod is a session too: nobody's steps are thrown away.
        """
        if self.runner is None:
            self._begin()
        runner, self.runner = self.runner, None
        self.fits, self._looked_utc = {}, None
        if runner is not None:
            self.ended = [*(known for known in self.ended if not known.is_over), runner]
            with suppress(StoreError):  # it is offered again
                runner.finish()
            if self._registry is not None:
                learn(self._registry, self.athlete.id, runner.patterns())
        self._gate, self._began_utc = Gate(self.pods, self._rules, self._talks), None
