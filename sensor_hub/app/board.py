"""What the pages and REST ask of a hub: store, registry and the newest live readings put together."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.attention import matters, weight
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.showing.beside import BatteriesOf, Beside, SquadsOf
from sensor_hub.app.showing.everybody import Everybody
from sensor_hub.app.showing.heard import Heard
from sensor_hub.app.showing.histories import Histories
from sensor_hub.app.showing.news import News
from sensor_hub.app.showing.still import Stills
from sensor_hub.app.timelines import Timelines
from sensor_hub.app.weeks import day_session, week_bar
from sensor_hub.guidelines.baseline import changes
from sensor_hub.guidelines.evaluate import local_day, past_of
from sensor_hub.guidelines.history import runs_of, week_of
from sensor_hub.guidelines.ratios import ratios_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.mark import all_marked
from sensor_hub.model.ports import AthleteView, Store, Tile, TileState
from sensor_hub.model.session import LiveReading, SessionSummary
from sensor_hub.model.timeline import Timeline

N_WEEKS: Final = 12
N_DAYS: Final = 30
LOOK_S: Final = 1.0  # how often what nobody tells of is looked for, while somebody asks
ORDER: Final[dict[TileState, int]] = {"alert": 0, "near": 1, "unknown": 2, "ok": 3, "idle": 4}


class Board:
    """The read side of a hub. Safe from any thread; ``touch`` and ``grew`` say what a commit has changed.

    A live step costs a tile and no more: what it stands on was made before (``showing.still``). What time or another
    process changes is looked for while somebody asks for news, every ``LOOK_S``.

    guide : says whose headroom is held back; without it nobody's is.
    clock : the hub's own; while an athlete runs, their session's clock decides the day. clock_s : seconds, which only
        grow, by which it is known how old something is.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        *,
        guide: Guiding | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._clock, self._clock_s = store, clock, clock_s
        self._trouble: Callable[[], str | None] = lambda: None
        self._everybody = Everybody(registry, clock_s)
        self._heard = Heard(clock_s)
        self._histories = Histories(store, registry, clock_s)
        self._stills = Stills(self._heard, self._histories, guide, clock)
        self._beside = Beside(registry, clock, clock_s)
        self._news = News()
        self._timelines = Timelines(store, store.reference) if isinstance(store, KeptStore) else Timelines(store)
        self._looking = threading.Lock()
        self._looked_s = float("-inf")
        self._looked: dict[str, Tile] = {}

    # --- what the ingest says ----------------------------------------------------------------------------------------

    def hear(self, reading: LiveReading) -> None:
        """Take the newest step of an athlete's session."""
        athlete = self._everybody.resolved(reading.header.athlete)
        self._heard.hear(athlete, reading)
        self._news.tell(athlete)

    def welcome(self, athlete: Athlete) -> None:
        """Show an athlete whom only a sending edge knows."""
        if self._everybody.welcome(athlete):
            self._news.tell()

    def touch(self, athlete: str, *, heard: bool = True) -> None:
        """Forget what was read of an athlete: store or registry has something newer."""
        self._histories.touch(athlete)
        if heard:
            self._heard.touch(athlete)
        self._news.tell(athlete)

    def grew(self, athlete: str, sids: Iterable[str]) -> None:
        """More was committed of runs in progress, and nothing else: those are read again within a second."""
        self._histories.grew(athlete, sids)
        self._heard.touch(athlete)
        self._news.tell(athlete)

    def people(self) -> set[str]:
        """Pseudonyms of everybody of whom something is held."""
        return self._heard.people() | self._histories.people() | self._everybody.strangers()

    def forget(self, athlete: str) -> None:
        """Let go of everything that is held of an athlete: they were erased."""
        for part in (self._heard, self._histories, self._stills, self._everybody):
            part.forget(athlete)
        self._looked.pop(athlete, None)
        self._timelines.forget()
        self._news.tell()

    def ask_squads_of(self, squads: SquadsOf) -> None:
        """Say who knows in which squads people are; asked at most every two seconds."""
        self._beside.ask_squads_of(squads)

    def ask_batteries_of(self, batteries: BatteriesOf) -> None:
        """Say who knows how charged the sensors are; asked at most every two seconds."""
        self._beside.ask_batteries_of(batteries)

    def look_around(self) -> None:
        """Ask again who there is and what stands beside them, as one of us has changed it."""
        self._everybody.forget()
        self._beside.forget()
        self._news.tell()

    def ask_trouble_of(self, trouble: Callable[[], str | None]) -> None:
        """Say whom to ask why nothing is being taken in."""
        self._trouble = trouble

    def trouble(self) -> str | None:
        """Why nothing is being taken in, for a person; None if all is well."""
        return self._trouble()

    # --- what the pages ask ------------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        """Every athlete, those who need attention first."""
        tiles = [self._tile(athlete) for athlete in self._everybody.now().values()]
        return sorted(tiles, key=lambda t: (ORDER[t.state], t.quiet, t.athlete.display_name.casefold()))

    def tile(self, athlete: str, *, own: bool = False) -> Tile | None:
        """One athlete as on the grid; own : with what they keep from their coach. None of nobody."""
        person = self._everybody.now().get(athlete) or self._everybody.of(athlete)
        return None if person is None else self._tile(person, own=own)

    def person(self, athlete: str) -> Athlete | None:
        """Who has a pseudonym at this very moment."""
        return self._everybody.of(athlete)

    def news(self, since: int) -> tuple[int, frozenset[str] | None]:
        """What may have changed since a version, as ``HubView`` says."""
        self._look()
        return self._news.since(since)

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have ``wake`` called at each change; return how to stop."""
        return self._news.listen(wake)

    def _look(self) -> None:
        """Tell of whom a tile is another one, though nobody said so: by time, or by another process."""
        if self._clock_s() - self._looked_s < LOOK_S or not self._looking.acquire(blocking=False):
            return
        try:
            self._looked_s = self._clock_s()
            now = {who: replace(self._tile(athlete, own=True), age_s=None)
                   for who, athlete in self._everybody.now().items()}  # fmt: skip
            before, self._looked = self._looked, now
        finally:
            self._looking.release()
        if before.keys() != now.keys():
            self._news.tell()
        elif changed := [who for who, tile in now.items() if before[who] != tile]:
            self._news.tell(*changed)

    def athlete(self, athlete: str) -> AthleteView | None:
        """One athlete, or None."""
        person = self._everybody.of(athlete)
        if person is None:
            return None
        still = self._stills.of(person)
        known, load, now_utc = still.known, still.load, self._now(person)
        tile = self._tile(person, own=True)
        runs = runs_of(known.sessions, person.zone, simulated=person.simulated)
        today = local_day(now_utc, person.zone)
        monday = week_of(today, person.week_start)
        weeks = [monday - timedelta(weeks=k) for k in reversed(range(N_WEEKS))]
        first = today - timedelta(days=N_DAYS)
        past = past_of(person, known.sessions, known.days, known.settings)
        return AthleteView(
            tile=tile,
            today=today,
            weeks=tuple(week_bar(runs, day, person.week_start, known.days, known.settings, past) for day in weeks),
            days=tuple(day_session(runs, run, known.settings) for run in runs if first <= run.day <= today),
            load=load,
            findings=tuple(
                sorted((f for f in known.findings if not f.withdrawn and matters(f, tile, monday)), key=weight)
            ),
            changes=tuple(changes([run for run in runs if run.day <= today])),
            ratios=ratios_of(past_of(person, known.sessions, known.days), today),
            marks=known.marks,
            withdrawn=tuple(f for f in known.findings if self._is_lately_withdrawn(f)),
        )

    def sessions(self, athlete: str) -> list[SessionSummary]:
        """Sessions of an athlete, newest first."""
        return self._store.sessions(self._everybody.resolved(athlete))[::-1]

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        return self._store.session(sid)

    def steps(self, sid: str) -> StepTable:
        """Steps of a session."""
        return self._store.steps(sid)

    def pruned(self, sid: str) -> bool:
        """Whether a session's single steps are no longer kept."""
        return self._store.pruned(sid)

    def timeline(self, sid: str) -> Timeline | None:
        """A session over its time."""
        return self._timelines.of(sid, self._version_of)

    def _version_of(self, athlete: str) -> int:
        return self._histories.version(self._everybody.resolved(athlete))

    def findings(self, *, withdrawn: bool = False) -> list[Finding]:
        """All findings that stand, newest first. withdrawn : with those of the last 30 days that no longer do."""
        return [f for f in self._store.findings() if not f.withdrawn or (withdrawn and self._is_lately_withdrawn(f))]

    def _is_lately_withdrawn(self, finding: Finding) -> bool:
        return finding.withdrawn and finding.updated_utc >= self._clock() - timedelta(days=N_DAYS)

    # --- putting together --------------------------------------------------------------------------------------------

    def load(self, athlete: Athlete) -> LoadStatus:
        """Today, week and headroom of an athlete."""
        return self._stills.of(athlete).load

    def _now(self, athlete: Athlete) -> datetime:
        """The session's clock while one runs, else the hub's."""
        return self._heard.of(athlete.id).now_utc() or self._clock()

    def _tile(self, athlete: Athlete, *, own: bool = False) -> Tile:
        """One tile. own : else it is as on the grid, without what is run of who does not let their coach see it."""
        heard = self._heard.of(athlete.id)
        still = self._stills.of(athlete, heard)
        current, running = still.current, still.running
        reading = heard.reading(current.header.sid) if current is not None and running else None
        totals = reading.totals if reading else (current.totals if current else None)
        beside = self._beside.now()
        shows_load = own or still.shown.load
        step = reading if shows_load else None
        state: TileState = still.state if shows_load or still.state == "idle" else "unknown"
        return Tile(
            athlete=athlete,
            state=state,
            cadence_spm=step.cadence_spm if step else None,
            contact_time_s=step.contact_time_s if step else None,
            totals=totals if shows_load else None,
            headroom=still.load.headroom if shows_load else (),
            age_s=heard.silent_s if current is not None else None,
            tier=current.header.tier if current is not None and running else None,
            origin=current.header.origin if current else ("simulated" if athlete.simulated else None),
            findings=still.findings if shows_load else (),
            bridging=still.load.bridging if shows_load else None,
            held=still.held and shows_load,
            standing=still.shown.standing,
            shows_load=shows_load,
            quiet=shows_load and all_marked(still.findings, still.known.marks, self._clock()),
            contact_balance_left=totals.contact_balance_left if totals is not None and shows_load else None,
            battery_percent=beside.battery_percent.get(athlete.id) if shows_load else None,
            squads=beside.squads.get(athlete.id, ()),
            tonight=athlete.id in beside.tonight,
            step_utc=step.time_utc if step else None,
            contact_beside=still.contact_beside if shows_load else None,
            balance_beside=still.balance_beside if shows_load else None,
        )
