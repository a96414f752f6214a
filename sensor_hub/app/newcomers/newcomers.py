"""First people of a hub: somebody real, or a simulated squad that comes with a season behind it and goes completely."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.newcomers.simulated_runs import GATEWAY, SimulatedRuns
from sensor_hub.errors import RegistryError, SensorHubError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.message import Envelope
from sensor_hub.model.newcomer import SimulatedSquad, SquadDoing
from sensor_hub.simulation.squad import live_runs, season, squad
from sensor_hub.words import translate as _

SEED: Final = 1
JUDGED_DAYS: Final = 30


class HubNewcomers:
    """Implements ``model.ports.Newcomers``. Safe from any thread.

    ingest : of the hub whose people they become. erase : lets go of everything kept of an athlete, by pseudonym; it may
    take seconds. on_change : told the pseudonym of whose tile is new.
    """

    def __init__(
        self,
        registry: Registry,
        ingest: Ingest,
        runs: SimulatedRuns,
        *,
        erase: Callable[[str], object],
        on_change: Callable[[str], object],
    ) -> None:
        self._registry, self._ingest, self._runs = registry, ingest, runs
        self._erase, self._on_change = erase, on_change
        self._lock = Lock()
        self._state = SimulatedSquad()

    def add(self, name: str, zone: str, *, mass_kg: float | None = None, height_m: float | None = None) -> Athlete:
        """Add an athlete."""
        added = self._registry.add_athlete(name, zone, mass_kg=mass_kg, height_m=height_m)
        self._on_change(added.id)
        return added

    def simulated(self) -> SimulatedSquad:
        """How it stands with the simulated runners."""
        return replace(self._state, n_athletes=len(self._simulated()), n_running=self._runs.n_running)

    def invite_simulated_squad(self) -> int:
        """Add those who are missing with their season, and let three of them run."""
        with self._at_work("coming", len(squad(SEED))):
            people = self._people()
            self._tell_season(people)
            self._runs.start(live_runs(SEED, people))
            return len(people)

    def dismiss_simulated_squad(self) -> int:
        """Erase every simulated athlete."""
        people = self._simulated()
        with self._at_work("going", len(people)):
            self._runs.end(drop=True)
            for athlete in people:
                self._erase(athlete.id)
                self._step()
            return len(people)

    def _simulated(self) -> list[Athlete]:
        return [athlete for athlete in self._registry.athletes() if athlete.simulated]

    @contextmanager
    def _at_work(self, doing: SquadDoing, n_total: int) -> Iterator[None]:
        if not self._lock.acquire(blocking=False):
            raise RegistryError(_("The simulated runners are on their way already; wait until they are there or gone."))
        problem: str | None = None
        try:
            self._state = SimulatedSquad(doing=doing, n_total=n_total)
            yield
        except SensorHubError as error:
            problem = str(error)
            raise
        finally:
            self._state = SimulatedSquad(problem=problem)
            self._lock.release()

    def _step(self) -> None:
        self._state = replace(self._state, n_done=self._state.n_done + 1)

    def _people(self) -> tuple[Athlete, ...]:
        """Return the squad as the registry knows it; who was there before is not added again."""
        known = {athlete.display_name: athlete for athlete in self._simulated()}
        return tuple(
            known.get(one.display_name)
            or self._registry.add_athlete(one.display_name, one.zone, mass_kg=one.mass_kg, simulated=True)
            for one in squad(SEED)
        )

    def _tell_season(self, people: Sequence[Athlete]) -> None:
        """Store the past of whoever has none, one athlete after the other: a kill leaves whole ones and empty ones."""
        now_utc, gw, seq = datetime.now(UTC), f"{GATEWAY}{secrets.token_hex(8)}", 0
        told = season(
            SEED, now_utc.date(), model=ACHILLES_1.version, reference=ACHILLES_1.reference.id, athletes=people
        )
        for one in told:
            if not self._ingest.store.sessions(one.athlete.id):
                envelopes = [Envelope(gw, seq + i, summary) for i, summary in enumerate(one.sessions, start=1)]
                seq += len(envelopes)
                self._ingest.commit(envelopes)
                since = local_day(now_utc, one.athlete.zone) - timedelta(days=JUDGED_DAYS)
                self._ingest.judge(one.athlete, since, notify=False)
            self._on_change(one.athlete.id)
            self._step()


__all__ = ["HubNewcomers"]
