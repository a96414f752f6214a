"""``sensor-hub demo``: a simulated squad with a season behind it, and runs that go live until one crosses its limit.

Everything in it is simulated and says so. It lives in a folder of its own that is removed at the end.
"""

import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from pydantic import SecretStr

from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.replaying import play_simulated
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Envelope
from sensor_hub.simulation.squad import SimulatedSeason, live_runs, season, squad

SEASON_GATEWAY: Final = "simulated-season"
JUDGED_DAYS: Final = 30
LEAVING_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What a show plays on: hub, edge, folders, and its athletes as the registry knows them."""

    hub: Hub
    edge: Edge
    place: Place
    athletes: tuple[Athlete, ...]


class Show(Protocol):
    """Who is in a demonstration, what they did before, and what happens in it."""

    def cast(self) -> Sequence[Athlete]:
        """Return the simulated athletes to be registered."""
        ...

    def past(self, athletes: Sequence[Athlete], today: date, *, model: str, reference: str) -> list[SimulatedSeason]:
        """Return what they did before today."""
        ...

    def play(self, stage: Stage, stop: threading.Event) -> None:
        """Let it happen; returns when it is over, or soon after ``stop`` is set."""
        ...


@dataclass(frozen=True, slots=True)
class SquadShow:
    """Three runs of the squad, faster than real time, straight into the edge."""

    seed: int
    speed: float

    def cast(self) -> Sequence[Athlete]:
        """Return the squad."""
        return squad(self.seed)

    def past(self, athletes: Sequence[Athlete], today: date, *, model: str, reference: str) -> list[SimulatedSeason]:
        """Return their season."""
        return list(season(self.seed, today, model=model, reference=reference, athletes=athletes))

    def play(self, stage: Stage, stop: threading.Event) -> None:
        """Let the three runs go live."""
        play_simulated(
            live_runs(self.seed, stage.athletes),
            stage.edge,
            start_utc=datetime.now(UTC),
            speed=self.speed,
            recordings=stage.place.recordings,
            stop=stop.is_set,
        )


class Demo:
    """A hub and an edge over simulated people; ``start`` returns when the page can be opened.

    ``ended`` is set when the show is over, ``broke`` if it ended with a ``problem``.
    """

    def __init__(self, settings: Settings, show: Show, *, on_finding: Callable[[Finding, str], None]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sensor-hub-demo-")
        self._place = Place.at(Path(self._folder.name))
        none = SecretStr("")  # whatever store and broker the person has, nothing simulated goes there
        own = {"data_dir": self._place.root, "site": "demo", "mqtt_port": 0, "store": none, "mqtt": none}
        self._settings = settings.model_copy(update=own | {"influx_token": none})
        self._show = show
        self._tell = on_finding
        self._names: dict[str, str] = {}
        self._stopping = threading.Event()
        self.ended = threading.Event()
        self.broke = threading.Event()
        self.problem: Exception | None = None
        self._hub: Hub | None = None
        self._edge: Edge | None = None
        self._thread = threading.Thread(target=self._live, name="demo-edge", daemon=True)
        self._athletes: tuple[Athlete, ...] = ()

    def start(self) -> str:
        """Load the season, start hub, page and edge; return the page's address."""
        try:
            self._hub = self._start_hub()
            self._edge = Edge(self._place.outbox, self._hub.mqtt_url, self._hub.topics)
            self._edge.start()
        except BaseException:
            self.stop()
            raise
        self._thread.start()
        return str(self._hub.page_url)

    def _start_hub(self) -> Hub:
        hub = self._new_hub(self._settings)
        try:
            hub.start()
        except ConfigError:
            # The usual port is taken: a demo takes any other.
            hub = self._new_hub(self._settings.model_copy(update={"web_port": 0}))
            hub.start()
        return hub

    def _new_hub(self, settings: Settings) -> Hub:
        hub = Hub(settings, self._place, on_finding=self._on_finding)
        if not hub.registry.athletes():
            self._load_season(hub)
        return hub

    def _load_season(self, hub: Hub) -> None:
        added = [
            hub.registry.add_athlete(a.display_name, a.zone, mass_kg=a.mass_kg, simulated=True)
            for a in self._show.cast()
        ]
        self._athletes = tuple(added)
        self._names = {a.id: a.display_name for a in added}
        today = datetime.now(UTC).date()
        model = ACHILLES_1
        simulated = self._show.past(added, today, model=model.version, reference=model.reference.id)
        past = [summary for one in simulated for summary in one.sessions]
        hub.store.commit([Envelope(SEASON_GATEWAY, seq, summary) for seq, summary in enumerate(past, start=1)])
        for athlete in added:
            hub.ingest.judge(athlete, local_day(datetime.now(UTC), athlete.zone) - timedelta(days=JUDGED_DAYS))

    def _on_finding(self, finding: Finding, notify: bool) -> None:
        if notify:
            self._tell(finding, self._names.get(finding.athlete, finding.athlete))

    def _live(self) -> None:
        try:
            if self._hub is not None and self._edge is not None:
                self._show.play(Stage(self._hub, self._edge, self._place, self._athletes), self._stopping)
                self._edge.publisher.wait_drained(LEAVING_S if self._stopping.is_set() else 10.0)
        except Exception as error:  # composition root: the main thread has to hear of it
            self.problem = error
            self.broke.set()
        finally:
            self.ended.set()

    def stop(self) -> None:
        """End edge, hub and page; remove everything."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(15.0)
        if self._edge is not None:
            self._edge.stop(drain_s=2.0)
        if self._hub is not None:
            self._hub.stop()
        with suppress(OSError):
            self._folder.cleanup()
