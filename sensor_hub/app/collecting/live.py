"""Paired pods of this machine, collected by an edge: for as long as it runs, or as one run on command."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Final, Self

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting import radios
from sensor_hub.app.collecting.collecting import (
    AUTOMATIC,
    FOLLOW_S,
    ON_COMMAND,
    BoundPod,
    Collecting,
    Rules,
    bound_pods,
)
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.on_air import OnAir
from sensor_hub.app.collecting.rostering import names_at
from sensor_hub.app.collecting.settling import cut_off, settle
from sensor_hub.app.edge import Edge, Runner
from sensor_hub.app.people import local_zone
from sensor_hub.app.place import Place, broker_url, own_profiles, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import BluetoothError, RegistryError, SensorHubError
from sensor_hub.model.link import PodState
from sensor_hub.model.load import Conditions, Surface
from sensor_hub.model.session import SessionSummary
from sensor_hub.wire import Topics

TICK_S: Final = 1.0
DRAIN_S: Final = 5.0
OnPod = Callable[[BoundPod, PodState], None]
OnEnded = Callable[[SessionSummary, Mapping[str, str]], None]  # with the names of the pods


class Live:
    """Everything a machine needs to collect its pods; use it as a context, then ``start``.

    athlete : pseudonym of the one whose pods are collected, as they are bound now; None for everybody's, and then who
    wears what may change while it runs (tonight's roster, or a binding). surface : what is run on, where somebody says
    so. left_out : why some are not. has_pods : whether any sensor is paired.
    on_air : the radio, where others use it too.
    """

    def __init__(
        self,
        settings: Settings,
        place: Place,
        edge: Edge,
        *,
        athlete: str | None = None,
        rules: Rules = AUTOMATIC,
        surface: Surface = "unknown",
        on_pod: OnPod = lambda _pod, _state: None,
        on_air: OnAir | None = None,
    ) -> None:
        self._on_air = on_air or OnAir(settings, place)
        self._place, self._edge, self._own_profiles = place, edge, own_profiles(settings)
        self._open = ExitStack()
        self._registry = registry = Registry(registry_in_use(settings, place))
        self._open.callback(registry.close)
        self._profiles = profiles = all_profiles(self._own_profiles)
        pods, self.left_out = bound_pods(registry, profiles, athlete)
        self.has_pods = bool(registry.devices())
        self._follows, self._looked_s, self._outdated = athlete is None, time.monotonic(), False
        self._stopping = Event()
        self._told: set[str] = set()  # sessions
        self._settling: Thread | None = None
        self.collecting: Collecting | None = None
        if pods:
            self.collecting = Collecting(
                edge,
                pods,
                recordings=place.recordings,
                air=radios.air(settings),
                rules=rules,
                registry=registry,
                conditions=Conditions(surface=surface, drop_per_mm=settings.drop_per_mm),
                bindings=self._bindings if self._follows else None,
                on_state=on_pod,
                on_fingerprint=lambda device, seen: _remember(registry, device, seen),
            )

    def _bindings(self, now_utc: datetime) -> list[BoundPod]:
        return bound_pods(self._registry, self._profiles, now_utc=now_utc)[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.stop()
        self._open.close()

    def start(self) -> None:
        """Begin to collect, if there are pods. ConfigError if another process collects them already."""
        if self.collecting is not None:
            left: list[Path] = []

            def first() -> None:
                self._open.enter_context(self._place.lock_for_collecting())
                left.extend(cut_off(self._place.recordings))  # before a recording of our own is among them

            self._on_air.begin(self.collecting, first)
            self._settling = Thread(target=self._settle, args=(left,), name="settling", daemon=True)
            self._settling.start()

    def _settle(self, left: list[Path]) -> None:
        """A thread of its own: a long recording takes a while, and the runner does not wait."""
        with suppress(SensorHubError):  # a disk that refuses is told by what runs now; the next start tries again
            settle(left, self._edge, self._own_profiles, stop=self._stopping.is_set)

    def stop(self) -> None:
        """End every session and link; safe to call twice, and before ``start``."""
        self._stopping.set()
        if self.collecting is not None:
            self._on_air.end(self.collecting)
        if self._settling is not None:
            self._settling.join()

    def ended(self) -> list[SessionSummary]:
        """Return the sessions that ended since this was asked last, with what they noticed."""
        runs = self.collecting.runs.values() if self.collecting is not None else ()
        summaries = [runner.summary for run in runs for runner in run.ended]
        new = [s for s in summaries if s is not None and s.header.sid not in self._told]
        self._told |= {summary.header.sid for summary in new}
        return new

    @property
    def names(self) -> dict[str, str]:
        """What people call the pods, by id; those of tonight's roster with whom they are on."""
        pods = self.collecting.pods if self.collecting is not None else {}
        names = {device: pod.device.name for device, pod in pods.items()}
        with suppress(RegistryError):
            names |= names_at(self._registry, datetime.now(UTC))
        return names

    @property
    def is_outdated(self) -> bool:
        """Whether to begin anew: there were no pods and somebody wears one now, or nobody does any more."""
        if not self._follows or self._outdated:
            return self._outdated
        if self.collecting is not None:
            self._outdated = self.collecting.is_idle
        elif time.monotonic() - self._looked_s >= FOLLOW_S:
            self._looked_s = time.monotonic()
            with suppress(RegistryError):
                self._outdated = bool(self._bindings(datetime.now(UTC)))
        return self._outdated

    @property
    def problem(self) -> str | None:
        """What stands in the way of collecting, in words."""
        return self.collecting.problem if self.collecting is not None else None

    def raise_if_broken(self) -> None:
        """Raise what ended the collecting, if it ended by itself."""
        if self.collecting is not None and self.collecting.broken is not None:
            raise self.collecting.broken

    @property
    def is_broken(self) -> bool:
        """Whether it ended by itself."""
        return self.collecting is not None and self.collecting.broken is not None


def _remember(registry: Registry, device: str, fingerprint: str) -> None:
    with suppress(RegistryError):  # unpaired meanwhile, or the disk is full: the next link tells it again
        registry.remember_device(device, fingerprint=fingerprint)


@dataclass(slots=True)
class Recorded:
    """What ``session record`` made.

    runners : its sessions, which is one unless nothing was heard. drained : whether a hub has everything.
    names : what people call its sensors, by id.
    """

    runners: list[Runner] = field(default_factory=list)
    drained: bool = False
    names: dict[str, str] = field(default_factory=dict)


def record(
    settings: Settings,
    athlete: str | None,
    *,
    stop: Event,
    minutes: float | None,
    surface: Surface = "unknown",
    on_pod: OnPod,
    on_line: Callable[[str], None],
    on_tick: Callable[[Collecting], None],
) -> Recorded:
    """Collect one athlete's pods until told to stop or the minutes are over. BluetoothError if there is no pod."""
    place = Place.at(settings.data_dir)
    with Registry(registry_in_use(settings, place)) as registry:
        named = athlete not in {None, "me"}
        who = registry.athlete(str(athlete)) if named else registry.me(local_zone(settings))
    edge = Edge(place.outbox, broker_url(settings, place, "edge"), Topics(settings.site), resend_after_s=2.0)
    done = Recorded()
    try:
        with Live(settings, place, edge, athlete=who.id, rules=ON_COMMAND, surface=surface, on_pod=on_pod) as live:
            for reason in live.left_out:
                on_line(reason)
            if live.collecting is None:
                raise BluetoothError(f"no sensor is paired for {who.display_name}: sensor-hub devices pair")
            edge.start()
            live.start()
            _watch(live, live.collecting, stop, minutes, on_line, on_tick)
            live.stop()
            live.raise_if_broken()
            done.names = live.names
            done.runners = live.collecting.runs[who.id].ended
        done.drained = edge.publisher.wait_drained(DRAIN_S)
    finally:
        edge.stop(0.0)
    return done


def _watch(
    live: Live,
    collecting: Collecting,
    stop: Event,
    minutes: float | None,
    on_line: Callable[[str], None],
    on_tick: Callable[[Collecting], None],
) -> None:
    end_s = None if minutes is None else time.monotonic() + 60 * minutes
    said: str | None = None
    while not stop.wait(TICK_S) and (end_s is None or time.monotonic() < end_s) and not live.is_broken:
        if live.problem is not None and live.problem != said:
            on_line(live.problem)
        said = live.problem
        on_tick(collecting)
