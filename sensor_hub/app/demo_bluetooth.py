"""``sensor-hub demo --ble``: virtual pods on a virtual radio, collected as real ones are.

Scan, pair, registry, collector, recording, session, outbox, hub, page: all of it is the program itself. Only the radio
and the pods on it are made of software, and what they send is simulated (or a recording, played again).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event
from typing import Final, Literal, TypeAlias

from sensor_hub.adapters.ble.pod import Patience
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.virtual.bleak_backend import client_backend, scanner_backend
from sensor_hub.adapters.virtual.player import RunClock
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting.collecting import Air, BoundPod, Collecting, bound_pods
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.pairing import choose, hear, pair_pod, profile_for
from sensor_hub.app.collecting.virtual_pods import RecordedPod, recorded_pods, simulated_virtual_pod, virtual_pod
from sensor_hub.app.collecting.wearing import Wearing, needs_side
from sensor_hub.app.demo import Stage
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.link import PodPhase, PodState
from sensor_hub.model.session import GapFound
from sensor_hub.simulation.on_air import BREAK_AFTER_S, BREAK_S, air_runs, comeback_athlete, comeback_season
from sensor_hub.simulation.squad import SimulatedSeason, season, squad

SCAN_S: Final = 1.5
SLOTS: Final = 16  # a radio made of software holds any number of links
POLL_S: Final = 0.1
AFTER_THE_LAST_S: Final = 3.0  # the steps at the end are certain a moment later
RECORDED_NAME: Final = "Recorded run (simulated)"
_HASTE: Final = Patience(scan_s=1.0, rest_s=2.0, backoff_s=0.25)
News: TypeAlias = Literal["paired", "connected", "streaming", "lost", "back"]
OnNews: TypeAlias = Callable[[str, str, News], None]
OnGap: TypeAlias = Callable[[str, GapFound], None]


@dataclass(slots=True)
class _Part:
    """One virtual pod, its role, and its profile's id (None: by what it advertises)."""

    pod: VirtualPod
    athlete: Athlete
    side: Side
    mount: Mount | None
    profile: str | None = None
    breaks: bool = False


@dataclass(slots=True)
class BluetoothShow:
    """Four simulated runners with seven virtual pods, in real time; the link of one pod breaks on the way.

    on_news : told (athlete, pod, what) in other threads. on_gap : told (athlete, gap), once each. recording : played by
    one more pod, or several.
    """

    seed: int
    on_news: OnNews
    on_gap: OnGap
    recording: Path | None = None
    own_profiles: Path | None = None
    _recorded: list[RecordedPod] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.recording is not None:
            self._recorded = recorded_pods(self.recording, own_profiles=self.own_profiles)

    def cast(self) -> Sequence[Athlete]:
        """Return the squad, the runner on the way back, and whoever the recording belongs to."""
        recorded = (Athlete("recorded", RECORDED_NAME, "UTC", simulated=True),) if self._recorded else ()
        return (*squad(self.seed), comeback_athlete(), *recorded)

    def past(self, athletes: Sequence[Athlete], today: date, *, model: str, reference: str) -> list[SimulatedSeason]:
        """Return their season; of a recorded run nothing is known before."""
        n_squad = len(squad(self.seed))
        seasons = season(self.seed, today, model=model, reference=reference, athletes=athletes[:n_squad])
        back = comeback_season(self.seed, today, model=model, reference=reference, athlete=athletes[n_squad])
        return [*seasons, back]

    def play(self, stage: Stage, stop: Event) -> None:
        """Pair the pods, collect from them until their runs are over or ``stop`` is set."""
        parts = self._parts(stage.athletes)
        air = VirtualRadio(part.pod for part in parts)
        radio = Radio(client_backend=client_backend(air), scanner_backend=scanner_backend(air))
        asyncio.run(_pair_all(stage, radio, air, parts, self.on_news, self.own_profiles, stop))
        if stop.is_set():
            return
        pods, _ = bound_pods(stage.hub.registry, all_profiles(self.own_profiles))
        collecting = Collecting(
            stage.edge,
            pods,
            recordings=stage.place.recordings,
            air=Air(radio, _HASTE, SLOTS, on_loop_start=air.start, on_loop_stop=air.close),
            origin="simulated",
            registry=stage.hub.registry,
            on_state=Newsreel(self.on_news).on_state,
        )
        collecting.start()
        try:
            self._watch(collecting, air, parts, stop)
        finally:
            collecting.stop()
        if collecting.broken is not None:
            raise collecting.broken

    def _watch(self, collecting: Collecting, air: VirtualRadio, parts: Sequence[_Part], stop: Event) -> None:
        """Wait for the end of the runs, tell gaps, and break the link of the pod whose link is to break."""
        trouble = _Trouble(air, next((part.pod for part in parts if part.breaks), None))
        players = [part.pod.player for part in parts if part.pod.player is not None]
        told: dict[str, int] = {}
        while not stop.wait(POLL_S) and collecting.broken is None:
            trouble.happen()
            for run in collecting.runs.values():
                gaps = run.runner.gaps if run.runner is not None else []
                for gap in gaps[told.get(run.athlete.id, 0) :]:
                    told[run.athlete.id] = told.get(run.athlete.id, 0) + 1
                    self.on_gap(run.athlete.display_name, gap)
            if all(player.ended for player in players):
                stop.wait(AFTER_THE_LAST_S)
                return

    def _parts(self, athletes: Sequence[Athlete]) -> list[_Part]:
        profiles = all_profiles(self.own_profiles)
        parts = []
        n_simulated = len(squad(self.seed)) + 1
        for run in air_runs(self.seed, athletes[:n_simulated]):
            clock = RunClock()
            for simulated in run.pods:
                pod = simulated_virtual_pod(simulated, profiles, clock)
                breaks = run.breaks and simulated is run.pods[0]
                parts.append(_Part(pod, run.athlete, simulated.side, simulated.mount, breaks=breaks))
        clock = RunClock()
        for number, recorded in enumerate(self._recorded, start=1):
            pod = virtual_pod(
                recorded.profile, f"C0:5E:00:00:EE:{number:02X}", f"Recorded {number}", recorded.frames, clock
            )
            mount = recorded.mount or recorded.profile.mount or "shank"
            side = "R" if recorded.side == "U" and needs_side(recorded.profile, mount) else recorded.side
            parts.append(_Part(pod, athletes[-1], side, mount, recorded.profile.id))
        return parts


async def _pair_all(
    stage: Stage, radio: Radio, air: VirtualRadio, parts: Sequence[_Part], on_news: OnNews, own_profiles: Path | None,
    stop: Event,
) -> None:  # fmt: skip
    """Find every pod by scanning, and pair it as ``devices pair`` does, unless told to stop."""
    registry, profiles = stage.hub.registry, all_profiles(own_profiles)
    begins = [part.pod.begins_with_subscription for part in parts]
    for part in parts:
        part.pod.begins_with_subscription = False  # getting to know a pod is no run yet
    heard = await hear(radio, SCAN_S, registry, profiles)
    for part in parts:
        if stop.is_set():
            break
        one = choose(heard, part.pod.address)
        profile = profile_for(one, part.profile, profiles)
        wearing = Wearing(part.athlete, part.side, part.mount)
        await pair_pod(radio, registry, profiles, one, profile, wearing, ask_passkey=None)
        on_news(part.athlete.display_name, part.pod.name, "paired")
    await air.close()
    for part, does in zip(parts, begins, strict=True):
        part.pod.begins_with_subscription = does


class _Trouble:
    """Lets a pod go away once in its run, and come back."""

    def __init__(self, air: VirtualRadio, pod: VirtualPod | None) -> None:
        self._air, self._pod = air, pod
        self._is_away = False

    def happen(self) -> None:
        """Do what is due."""
        if self._pod is None or self._pod.player is None:
            return
        now_s = self._pod.player.clock.now_s
        if not self._is_away and now_s > BREAK_AFTER_S:
            self._is_away = True
            self._air.do(self._pod.power_off())
        elif self._is_away and now_s > BREAK_AFTER_S + BREAK_S:
            self._air.do(self._pod.power_on())
            self._pod = None


class Newsreel:
    """Turns the phases of a pod's link into the four things a person wants to hear of it."""

    def __init__(self, tell: OnNews) -> None:
        self._tell = tell
        self._was_lost: dict[str, bool] = {}
        self._phases: dict[str, PodPhase] = {}

    def on_state(self, pod: BoundPod, state: PodState) -> None:
        """Tell what changed, in the radio's thread."""
        news = self._news(state.device, state.phase)
        if news is not None:
            self._tell(pod.athlete.display_name, pod.device.name, news)

    def _news(self, device: str, phase: PodPhase) -> News | None:
        was_lost = self._was_lost.get(device)
        before, self._phases[device] = self._phases.get(device), phase
        if phase == "starting" and before != "starting" and was_lost is None:
            return "connected"
        if phase == "streaming" and was_lost is not False:
            self._was_lost[device] = False
            return "back" if was_lost else "streaming"
        if phase in ("lost", "stalled") and was_lost is False:
            self._was_lost[device] = True
            return "lost"
        return None
