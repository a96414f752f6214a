"""One session an athlete, whatever they wear: notifications are shared out, and who wears what may change meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting_gate import BoundPod, Rules, new_talk
from sensor_hub.app.collecting.collecting_run import AthleteRun
from sensor_hub.app.collecting.collecting_talk import Talk
from sensor_hub.app.edge import Edge, Runner
from sensor_hub.app.loads.conditions import UNTOLD
from sensor_hub.errors import RecordingError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Conditions
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Origin, SessionSetup
from sensor_hub.words.roster import goes_on_text
from sensor_hub.words.wearing import swap_text


class Gathering:
    """Shares out notifications to their athletes' sessions; knows no thread and no radio.

    Whose a pod is may change: a session goes on for whom it began and with what it counts on, everything else follows
    at once.
    """

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
        self._how = rules, origin, registry, conditions
        self.runs: dict[str, AthleteRun] = {}  # replaced, never changed: others look at it from their threads
        self._talks: dict[str, Talk] = {}
        self._owner: dict[str, str] = {}
        self._wanted: dict[str, BoundPod] = {}
        self.note: str | None = None
        self.follow(pods)

    @property
    def on_air(self) -> dict[str, BoundPod]:
        """The pods to be collected: those that are bound now, and those that a running session counts on."""
        held = {p.device.id: p for run in self.runs.values() for p in run.pods if p.device.id in run.held}
        return held | self._wanted

    def follow(self, pods: Sequence[BoundPod]) -> None:
        """Take over who wears what from now on; ``note`` says for whom that has to wait."""
        self._wanted = {pod.device.id: pod for pod in pods}
        self._settle()

    def said(self, device: str) -> list[RawNotification]:
        """Return what was said on the present link of a pod; nothing of one that is not collected."""
        talk = self._talks.get(device)
        return [] if talk is None else [*talk.said]

    def is_held(self, device: str) -> bool:
        """Whether a running session counts on a pod."""
        return any(device in run.held for run in self.runs.values())

    def _settle(self) -> None:
        """Give every pod to whom it is bound now, as far as no running session counts on it."""
        held = {device: who for who, run in self.runs.items() for device in run.held}
        theirs: dict[str, list[BoundPod]] = {who: [] for who in self.runs}
        people: dict[str, Athlete] = {who: run.athlete for who, run in self.runs.items()}
        for pod in self._wanted.values():
            people[pod.athlete.id] = pod.athlete
            free = theirs.setdefault(pod.athlete.id, [])
            if held.get(pod.device.id, pod.athlete.id) == pod.athlete.id:
                free.append(pod)
        on_air = self.on_air
        for device in on_air.keys() - self._talks.keys():
            self._talks[device] = new_talk(on_air[device])
        new = {who: self._new_run(people[who]) for who in theirs if who not in self.runs}
        self.runs = self.runs | new
        self._owner = {}
        for who, run in self.runs.items():
            if not run.is_busy:
                run.wear(people[who], theirs[who])
            mine = {pod.device.id for pod in theirs[who]} | run.held
            self._owner |= {pod.device.id: who for pod in run.pods if pod.device.id in mine}
        for device in self._talks.keys() - on_air.keys():
            del self._talks[device]
        self.note = self._waiting()

    def _waiting(self) -> str | None:
        """Say what is not yet as it is bound."""
        said = []
        for device, pod in self._wanted.items():
            owner = self._owner.get(device)
            if owner not in {None, pod.athlete.id}:
                goes_on = self.runs[str(owner)].athlete.display_name
                name = pod.athlete.display_name
                said.append(goes_on_text(pod.device.name, goes_on, name, self._how[0].stop_after_s))
            elif owner is None:
                said.append(f"{pod.device.name}: counts from {pod.athlete.display_name}'s next run on")
        return "; ".join(said) or None

    @property
    def swapped(self) -> str | None:
        """Which running pods look like somebody else's on tonight's roster, each couple of people once; else None."""
        runs = self.runs
        worn = {p.device.id: p for run in runs.values() for p in run.pods}
        worn = self._wanted | worn
        seen: dict[tuple[str, str], tuple[BoundPod, BoundPod]] = {}
        for device, other in sorted((pair for run in runs.values() for pair in run.fits.items()), reverse=True):
            if device in worn and other in worn:
                mine, theirs = worn[device], worn[other]
                seen[mine.athlete.id, theirs.athlete.id] = mine, theirs
        said = []
        for (who, whose), (mine, theirs) in sorted(seen.items()):
            mutual = (whose, who) in seen
            if not mutual or who < whose:
                names = mine.device.name, mine.athlete.display_name, theirs.device.name, theirs.athlete.display_name
                said.append(swap_text(*names, mutual=mutual))
        return "; ".join(said) or None

    def _new_run(self, athlete: Athlete) -> AthleteRun:
        rules, origin, registry, conditions = self._how
        return AthleteRun(athlete, self._talks, self._runner, rules, origin, registry, conditions)

    def take(self, items: Sequence[RawNotification], now_utc: datetime) -> None:
        """Take what came; also with nothing, for what time alone brings about."""
        shares: dict[str, list[RawNotification]] = {who: [] for who in self.runs}
        for raw in items:
            owner = self._owner.get(raw.device)
            if owner is not None:
                shares[owner].append(raw)
            elif raw.device in self._talks:  # it waits for a session to end; the next one will have to be told
                self._talks[raw.device].hear(raw)
        were_busy = self._busy()
        for who, share in shares.items():
            self.runs[who].take(share, now_utc)
        if were_busy - self._busy() or (self.note is not None and self._is_freed()):
            self._settle()

    def _busy(self) -> set[str]:
        return {who for who, run in self.runs.items() if run.is_busy}

    def _is_freed(self) -> bool:
        """Whether a session has begun without a pod that somebody else waits for."""
        waited = {
            device for device, pod in self._wanted.items() if self._owner.get(device) not in {None, pod.athlete.id}
        }
        return any(device not in self.runs[self._owner[device]].held for device in waited)

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
