"""Hub and edge as processes: started, waited for, ended clean."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Final, TypeAlias

from sensor_hub.app.collecting.answering import Answering
from sensor_hub.app.collecting.live import Live, OnEnded, OnPod
from sensor_hub.app.collecting.on_air import OnAir
from sensor_hub.app.edge import Edge
from sensor_hub.app.edge_counting import edge_metrics
from sensor_hub.app.hub import Hub
from sensor_hub.app.people import open_archive
from sensor_hub.app.place import Place, broker_url, own_profiles
from sensor_hub.app.replaying import Replay, open_replay, play, play_simulated
from sensor_hub.config import Settings
from sensor_hub.errors import BluetoothError, ConfigError, RegistryError
from sensor_hub.model.finding import Finding
from sensor_hub.model.session import SessionSummary
from sensor_hub.simulation.squad import LiveRun, live_runs, squad
from sensor_hub.wire import Topics

DRAIN_S: Final = 30.0
LEAVING_S: Final = 2.0
RETRY_S: Final = 10.0
NOBODY_WEARS_ONE: Final = "nobody wears a sensor now: waiting for a roster (sensor-hub roster set), or a binding"
NONE_IS_PAIRED: Final = (
    "no sensor is paired: waiting until one is, on the hub's page (Sensors) or with sensor-hub devices pair"
)
OnFinding: TypeAlias = Callable[[Finding, str], None]
OnReady: TypeAlias = Callable[[str, str], None]
OnEmpty: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What an edge sends: a recording, a simulated run, or else its paired pods; speed 0 is as fast as it goes."""

    replay: Path | None = None
    simulate: bool = False
    speed: float = 1.0
    as_live: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it is what the paired pods send."""
        return self.replay is None and not self.simulate


@contextmanager
def told_to_end() -> Iterator[Event]:
    """Set the event on Ctrl-C, SIGTERM or a closed terminal, so that what runs can end by itself."""
    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait(
    stop: Event,
    ended: Event | None = None,
    problem: Callable[[], object] = lambda: None,
    on_line: Callable[[str], None] = lambda _line: None,
) -> None:
    """Return when told to end, or when ``ended`` is set; say a problem once, when it comes."""
    said: object = None
    while not stop.wait(0.2) and not (ended is not None and ended.is_set()):
        now = problem()
        if now is not None and str(now) != said:
            on_line(str(now))
        said = None if now is None else str(now)


def _new_hub(settings: Settings, place: Place, on_finding: OnFinding) -> Hub:
    def tell(finding: Finding, notify: bool) -> None:
        if notify:
            on_finding(finding, _name(hub, finding.athlete))

    hub = Hub(settings, place, on_finding=tell)
    return hub


def _name(hub: Hub, athlete: str) -> str:
    try:
        return hub.registry.athlete(athlete).display_name
    except RegistryError:
        return athlete


def _say_ready(hub: Hub, on_ready: OnReady, on_empty: OnEmpty) -> None:
    on_ready(str(hub.page_url), hub.broker_shown)
    if not hub.registry.athletes():
        on_empty(f"{hub.page_url}/start")


def serve_hub(
    settings: Settings, *, on_finding: OnFinding, on_ready: OnReady, on_empty: OnEmpty = lambda _page: None
) -> None:
    """Run a hub until it is told to end. on_empty : told the page to begin at, where nobody is here yet."""
    hub = _new_hub(settings, Place.at(settings.data_dir), on_finding)
    with told_to_end() as stop:
        hub.start()
        try:
            _say_ready(hub, on_ready, on_empty)
            wait(stop)
        finally:
            hub.stop()


def serve_both(
    settings: Settings,
    source: Source,
    *,
    on_finding: OnFinding,
    on_ready: OnReady,
    on_problem: Callable[[str], None],
    on_empty: OnEmpty = lambda _page: None,
    on_pod: OnPod = lambda _pod, _state: None,
    on_ended: OnEnded = lambda _summary, _names: None,
) -> None:
    """Run hub and edge in one process until told to end. Paired pods are collected unless another source is given."""
    place = Place.at(settings.data_dir)
    replay = _replay(settings, source.replay, source.as_live) if source.replay else None
    hub = _new_hub(settings, place, on_finding)
    with told_to_end() as stop, ExitStack() as ending:
        hub.start()
        ending.callback(hub.stop)
        edge = Edge(place.outbox, hub.mqtt_url, hub.topics)
        ending.callback(edge.stop, drain_s=LEAVING_S)
        on_air = OnAir(settings, place)
        if source.is_live and settings.edge_commands:
            ending.enter_context(Answering(settings, place, edge, on_air))
        edge.start()
        _say_ready(hub, on_ready, on_empty)
        if source.is_live:
            _collect(settings, place, edge, on_air, stop, on_problem, on_pod, on_ended)
        else:
            feeding = _Feeding(settings, place, edge, source, replay)
            wait(stop, problem=lambda: feeding.problem, on_line=on_problem)
            feeding.end()


def _collect(
    settings: Settings,
    place: Place,
    edge: Edge,
    on_air: OnAir,
    stop: Event,
    on_line: Callable[[str], None],
    on_pod: OnPod,
    on_ended: OnEnded,
) -> None:
    """Collect beside a hub until told to end; a hub without pods stays a hub, and begins when somebody wears one.

    A hub whose collecting breaks, or whose sensors another program collects, stays one: it says so, and tries again.
    """
    said: set[str] = set()

    def say_once(line: str) -> None:
        if line not in said:
            said.add(line)
            on_line(line)

    while not stop.is_set():
        with Live(settings, place, edge, on_pod=on_pod, on_air=on_air) as live:
            for reason in live.left_out:
                say_once(reason)
            try:
                live.start()
            except ConfigError as error:  # nobody need start this hub again when the sensors are free
                say_once(f"{error}; this hub runs on, and collects them then")
            else:
                said.clear()
                _wait_while_whole(live, stop, on_line, on_ended)
                if live.is_outdated:
                    continue
        stop.wait(RETRY_S)


def _wait_while_whole(
    live: Live,
    stop: Event,
    on_line: Callable[[str], None],
    on_ended: OnEnded,
    elsewhere: Callable[[], object] = lambda: None,
) -> None:
    """Collect until told to end or it has to begin anew; say its problems meanwhile, and those from elsewhere.

    The sessions that end meanwhile, and those that end with it, are told.
    """
    ended = Event()

    def problem() -> object:
        _tell_ended(live, on_ended)
        if live.is_broken or live.is_outdated:
            ended.set()
        return live.problem or elsewhere()

    wait(stop, ended, problem, on_line)
    live.stop()
    _tell_ended(live, on_ended)


def _tell_ended(live: Live, on_ended: OnEnded) -> None:
    for summary in live.ended():
        on_ended(summary, live.names)


class _Feeding:
    """A source that is fed to an edge in a thread; ``done`` when it is over, ``problem`` if it broke."""

    def __init__(self, settings: Settings, place: Place, edge: Edge, source: Source, replay: Replay | None) -> None:
        self.done = Event()
        self.problem: Exception | None = None
        self._stopping = Event()
        self._what = settings, place, edge, source, replay
        self._thread = Thread(target=self._run, name="edge-source", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        settings, place, edge, source, replay = self._what
        try:
            if replay is not None:
                play(replay, edge, speed=source.speed, stop=self._stopping.is_set)
            elif source.simulate:
                _simulate(settings, place, edge, source.speed, self._stopping)
        except Exception as error:  # composition root: the main thread has to hear of it
            self.problem = error
        finally:
            self.done.set()

    def end(self) -> None:
        """Stop the source and wait for it."""
        self._stopping.set()
        self._thread.join(10.0)


def _replay(settings: Settings, file: Path, as_live: bool) -> Replay:
    with open_archive(settings) as archive:
        owner = archive.athlete(None)
    return open_replay(file, owner, as_live=as_live, own_profiles=own_profiles(settings))


def _simulate(settings: Settings, place: Place, edge: Edge, speed: float, stop: Event) -> None:
    live = _one_run(settings)
    start_utc = datetime.now(UTC)
    play_simulated((live,), edge, start_utc=start_utc, speed=speed, recordings=place.recordings, stop=stop.is_set)


def _one_run(settings: Settings) -> LiveRun:
    """The first run of the simulated squad, for a simulated athlete of the registry."""
    people = squad(seed=1)
    with open_archive(settings) as archive:
        known = {a.display_name: a for a in archive.registry.athletes() if a.simulated}
        first = people[0]
        mine = known.get(first.display_name) or archive.registry.add_athlete(
            first.display_name, first.zone, mass_kg=first.mass_kg, simulated=True
        )
    return live_runs(1, (mine, *people[1:]))[0]


def serve_edge(
    settings: Settings,
    source: Source,
    *,
    on_line: Callable[[str], None],
    on_pod: OnPod = lambda _pod, _state: None,
    on_ended: OnEnded = lambda _summary, _names: None,
) -> bool:
    """Run an edge on one source until it ends, or on its pods until told to; return whether the hub has everything."""
    if source.is_live:
        return _serve_pods(settings, on_line, on_pod, on_ended)
    place = Place.at(settings.data_dir)
    replay = _replay(settings, source.replay, source.as_live) if source.replay else None
    with told_to_end() as stop, _edge_of(settings, place) as edge:
        edge.start()
        on_line(f"edge {edge.outbox.gw}: {edge.outbox.depth()} messages waiting from before")
        feeding = _Feeding(settings, place, edge, source, replay)
        try:
            wait(stop, feeding.done, lambda: edge.publisher.problem, on_line)
            feeding.end()
            _drain(edge, stop, on_line)
        finally:
            empty = edge.stop(drain_s=0.0)
    if feeding.problem is not None:
        raise feeding.problem
    return _said(empty, on_line)


@contextmanager
def _edge_of(settings: Settings, place: Place) -> Iterator[Edge]:
    """The edge of a process of its own, with its metrics; to be started and stopped inside."""
    edge = Edge(place.outbox, broker_url(settings, place, "edge"), Topics(settings.site), resend_after_s=2.0)
    with edge_metrics(edge, settings.metrics_port):
        yield edge


def _said(empty: bool, on_line: Callable[[str], None]) -> bool:
    on_line("the hub has everything" if empty else "the hub does not have everything yet; it stays in the outbox")
    return empty


def _serve_pods(settings: Settings, on_line: Callable[[str], None], on_pod: OnPod, on_ended: OnEnded) -> bool:
    """Collect the paired pods until told to end; what breaks is raised, so that a supervisor starts it again.

    While nobody wears one of them it waits for a roster, or a binding; if hubs may ask it, for the first pairing too.
    """
    place = Place.at(settings.data_dir)
    with told_to_end() as stop, _edge_of(settings, place) as edge, ExitStack() as ending:
        on_line(f"edge {edge.outbox.gw}: {edge.outbox.depth()} messages waiting from before")
        edge_runs, said = False, set[str]()
        on_air = OnAir(settings, place)
        if settings.edge_commands:
            ending.enter_context(Answering(settings, place, edge, on_air))
        try:
            while not stop.is_set():
                with Live(settings, place, edge, on_pod=on_pod, on_air=on_air) as live:
                    if not live.has_pods and not settings.edge_commands:
                        raise BluetoothError(
                            "no sensor is paired: sensor-hub devices pair (or give --replay FILE or --simulate)"
                        )
                    waits = NOBODY_WEARS_ONE if live.has_pods else NONE_IS_PAIRED
                    lines = [] if live.collecting is not None else [waits]
                    for line in [*live.left_out, *lines]:
                        if line not in said:
                            on_line(line)
                    said = {*live.left_out, *lines}
                    if not edge_runs:
                        edge.start()
                        edge_runs = True
                    live.start()
                    _wait_while_whole(live, stop, on_line, on_ended, lambda: edge.publisher.problem)
                    live.raise_if_broken()
            edge.publisher.wait_drained(LEAVING_S)
        finally:
            empty = edge.stop(drain_s=0.0)
    return _said(empty, on_line)


def _drain(edge: Edge, stop: Event, on_line: Callable[[str], None]) -> None:
    """Wait for the hub to have everything: long after the end of a source, shortly for somebody who wants to leave."""
    if stop.is_set():
        edge.publisher.wait_drained(LEAVING_S)
        return
    drained = Event()

    def watch() -> None:
        edge.publisher.wait_drained(DRAIN_S)
        drained.set()

    Thread(target=watch, name="edge-drain", daemon=True).start()
    wait(stop, drained, lambda: edge.publisher.problem, on_line)


def replay_to_hub(settings: Settings, file: Path, *, speed: float, as_live: bool) -> tuple[SessionSummary | None, bool]:
    """Send a recording through an edge to a running hub; return its summary, and whether the hub has everything."""
    place = Place.at(settings.data_dir)
    replay = _replay(settings, file, as_live)
    edge = Edge(place.outbox, broker_url(settings, place, "edge"), Topics(settings.site))
    edge.start()
    try:
        edge.publisher.wait_connected(10.0)
        runner = play(replay, edge, speed=speed)
        drained = edge.publisher.wait_drained(DRAIN_S)
    finally:
        edge.stop(drain_s=0.0)
    return runner.summary, drained
