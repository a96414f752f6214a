"""``sensor-hub demo``: a simulated squad with a season behind it, and runs that go live until one crosses its limit.

Everything in it is simulated and says so. It lives in a folder of its own that is removed at the end.
"""

import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.replaying import play_simulated
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.load.achilles import ACHILLES_0_1
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Envelope
from sensor_hub.simulation.squad import live_runs, season, squad

SEASON_GATEWAY: Final = "simulated-season"
JUDGED_DAYS: Final = 30


class Demo:
    """A hub and an edge over simulated people; ``start`` returns when the page can be opened."""

    def __init__(
        self, settings: Settings, *, speed: float, seed: int, on_finding: Callable[[Finding, str], None]
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sensor-hub-demo-")
        self._place = Place.at(Path(self._folder.name))
        none = SecretStr("")  # whatever store and broker the person has, nothing simulated goes there
        own = {"data_dir": self._place.root, "site": "demo", "mqtt_port": 0, "store": none, "mqtt": none}
        self._settings = settings.model_copy(update=own | {"influx_token": none})
        self._speed, self._seed = speed, seed
        self._tell = on_finding
        self._names: dict[str, str] = {}
        self._stopping = threading.Event()
        self.ended = threading.Event()
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
            for a in squad(self._seed)
        ]
        self._athletes = tuple(added)
        self._names = {a.id: a.display_name for a in added}
        today = datetime.now(UTC).date()
        model = ACHILLES_0_1
        simulated = season(self._seed, today, model=model.version, reference=model.reference.id, athletes=added)
        past = [summary for one in simulated for summary in one.sessions]
        hub.store.commit([Envelope(SEASON_GATEWAY, seq, summary) for seq, summary in enumerate(past, start=1)])
        for athlete in added:
            hub.ingest.judge(athlete, local_day(datetime.now(UTC), athlete.zone) - timedelta(days=JUDGED_DAYS))

    def _on_finding(self, finding: Finding, notify: bool) -> None:
        if notify:
            self._tell(finding, self._names.get(finding.athlete, finding.athlete))

    def _live(self) -> None:
        try:
            if self._edge is not None:
                play_simulated(
                    live_runs(self._seed, self._athletes),
                    self._edge,
                    start_utc=datetime.now(UTC),
                    speed=self._speed,
                    recordings=self._place.recordings,
                    stop=self._stopping.is_set,
                )
                self._edge.publisher.wait_drained(10.0)
        except Exception as error:  # composition root: the main thread has to hear of it
            self.problem = error
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
