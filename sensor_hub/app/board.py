"""What the pages and REST ask of a hub: store, registry and the newest live readings put together."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.attention import matters, tile_state, weight
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.guiding.held import held_back
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import HISTORY_DAYS
from sensor_hub.app.showing.beside import BatteriesOf, Beside, SquadsOf
from sensor_hub.app.showing.news import News
from sensor_hub.app.timelines import Timelines
from sensor_hub.app.weeks import day_session, week_bar
from sensor_hub.errors import RegistryError
from sensor_hub.guidelines.baseline import changes
from sensor_hub.guidelines.evaluate import local_day, past_of, standing
from sensor_hub.guidelines.history import runs_of, week_of
from sensor_hub.guidelines.live import with_hills_said
from sensor_hub.guidelines.ratios import ratios_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.mark import FindingMark, all_marked
from sensor_hub.model.ports import AthleteView, Store, Tile, TileState
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.model.session import LiveReading, SessionSummary
from sensor_hub.model.timeline import Timeline

N_WEEKS: Final = 12
N_DAYS: Final = 30
ROSTER_S: Final = 2.0  # how long the list of athletes is believed
KNOWN_S: Final = 5.0  # how long a history is believed: another process may import or merge
IDLE_S: Final = 600.0  # a session that was never ended and is silent for so long no longer runs
BEHIND_S: Final = 10.0  # a session that is silent for so long while another of the athlete is heard shows nothing live
ORDER: Final[dict[TileState, int]] = {"alert": 0, "near": 1, "unknown": 2, "ok": 3, "idle": 4}


@dataclass(slots=True)
class _Live:
    reading: LiveReading
    heard_s: float


@dataclass(slots=True)
class _Known:
    """What the store says of an athlete, until something changes."""

    sessions: list[SessionSummary]
    findings: list[Finding]
    day: str
    read_s: float
    days: list[DaySpan]
    settings: RuleSettings
    marks: Mapping[str, FindingMark]


class Board:
    """The read side of a hub. Safe from any thread; ``touch`` says what a commit has changed.

    guide : says whose headroom is held back; without it nobody's is.
    clock : the hub's own; while an athlete runs, their session's clock decides the day.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        *,
        guide: Guiding | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._registry, self._guide, self._clock = store, registry, guide, clock
        self._lock = threading.RLock()
        self._touched: dict[str, int] = {}
        self._trouble: Callable[[], str | None] = lambda: None
        self._live: dict[str, dict[str, _Live]] = {}  # by athlete and session: two edges may hear one run
        self._heard_s: dict[str, float] = {}
        self._known: dict[str, _Known] = {}
        self._strangers: dict[str, Athlete] = {}
        self._roster: tuple[float, list[Athlete]] = (float("-inf"), [])
        self._news = News()
        self._beside = Beside(registry, clock)
        self._timelines = Timelines(store, store.reference) if isinstance(store, KeptStore) else Timelines(store)

    # --- what the ingest says ----------------------------------------------------------------------------------------

    def hear(self, reading: LiveReading) -> None:
        """Take the newest step of an athlete's session."""
        athlete = self._resolved(reading.header.athlete)
        with self._lock:
            now_s = time.monotonic()
            heard = self._heard(athlete)
            newest = heard.get(reading.header.sid)
            if newest is None or newest.reading.time_utc <= reading.time_utc or newest.reading.header != reading.header:
                heard[reading.header.sid] = _Live(reading, now_s)
            self._live[athlete] = heard
            self._heard_s[athlete] = now_s
        self._news.tell(athlete)

    def welcome(self, athlete: Athlete) -> None:
        """Show an athlete whom only a sending edge knows."""
        with self._lock:
            if athlete.id not in self._strangers and all(a.id != athlete.id for a in self._athletes()):
                self._strangers[athlete.id] = athlete
                self._roster = (float("-inf"), [])
                self._news.tell()

    def touch(self, athlete: str, *, heard: bool = True) -> None:
        """Forget what was read of an athlete: the store has something newer."""
        with self._lock:
            self._known.pop(athlete, None)
            self._touched[athlete] = self._touched.get(athlete, 0) + 1
            if heard:
                self._heard_s[athlete] = time.monotonic()
        self._news.tell(athlete)

    def people(self) -> set[str]:
        """Pseudonyms of everybody of whom something is held."""
        with self._lock:
            return {*self._live, *self._heard_s, *self._known, *self._touched, *self._strangers}

    def forget(self, athlete: str) -> None:
        """Let go of everything that is held of an athlete: they were erased."""
        with self._lock:
            for held in (self._live, self._heard_s, self._known, self._touched, self._strangers):
                held.pop(athlete, None)
            self._roster = (float("-inf"), [])
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
        with self._lock:
            self._roster = (float("-inf"), [])
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
        tiles = [self._for_the_coach(self._tile(athlete)) for athlete in self._athletes()]
        return sorted(tiles, key=lambda t: (ORDER[t.state], t.quiet, t.athlete.display_name.casefold()))

    def tile(self, athlete: str, *, own: bool = False) -> Tile | None:
        """One athlete as on the grid; own : with what they keep from their coach. None of nobody."""
        person = next((a for a in self._athletes() if a.id == athlete), None) or self._person(athlete)
        if person is None:
            return None
        tile = self._tile(person)
        return tile if own else self._for_the_coach(tile)

    def news(self, since: int) -> tuple[int, frozenset[str] | None]:
        """What may have changed since a version, as ``HubView`` says."""
        return self._news.since(since)

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have ``wake`` called at each change; return how to stop."""
        return self._news.listen(wake)

    def _person(self, athlete: str) -> Athlete | None:
        """Return who has a pseudonym now, also one that was merged away."""
        try:
            return self._registry.athlete(self._registry.resolve(athlete))
        except RegistryError:
            return self._strangers.get(athlete)

    def athlete(self, athlete: str) -> AthleteView | None:
        """One athlete, or None."""
        person = self._person(athlete)
        if person is None:
            return None
        known = self._of(person)
        tile = self._tile(person)
        now_utc = self._now(person)
        load = self.load(person, known)
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
        return self._store.sessions(self._registry.resolve(athlete))[::-1]

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
        with self._lock:
            return self._touched.get(self._resolved(athlete), 0)

    def findings(self, *, withdrawn: bool = False) -> list[Finding]:
        """All findings that stand, newest first. withdrawn : with those of the last 30 days that no longer do."""
        return [f for f in self._store.findings() if not f.withdrawn or (withdrawn and self._is_lately_withdrawn(f))]

    def _is_lately_withdrawn(self, finding: Finding) -> bool:
        return finding.withdrawn and finding.updated_utc >= self._clock() - timedelta(days=N_DAYS)

    # --- putting together --------------------------------------------------------------------------------------------

    def load(self, athlete: Athlete, known: _Known | None = None) -> LoadStatus:
        """Today, week and headroom of an athlete."""
        known = known or self._of(athlete)
        current = self._current(athlete, known)
        sid = current.header.sid if current else None
        now_utc = self._now(athlete)
        status = standing(athlete, known.sessions, now_utc, sid, days=known.days, settings=known.settings).status
        status = with_hills_said(status, current)
        return held_back(status) if self._is_held(athlete) else status

    def _is_held(self, athlete: Athlete) -> bool:
        verdict = None if self._guide is None else self._guide.verdict(athlete, self._now(athlete))
        return verdict is not None and verdict.hold_headroom is not None

    def _athletes(self) -> list[Athlete]:
        with self._lock:
            read_s, athletes = self._roster
            if time.monotonic() - read_s > ROSTER_S:
                athletes = self._registry.athletes()
                known = {a.id for a in athletes}
                athletes = [*athletes, *(a for a in self._strangers.values() if a.id not in known)]
                self._roster = (time.monotonic(), athletes)
            return athletes

    def _resolved(self, pseudonym: str) -> str:
        if any(a.id == pseudonym for a in self._athletes()):
            return pseudonym
        return self._registry.resolve(pseudonym)

    def _now(self, athlete: Athlete) -> datetime:
        """The session's clock while one runs, else the hub's."""
        heard = self._heard(athlete.id)
        if not heard:
            return self._clock()
        return max(heard.values(), key=lambda live: live.heard_s).reading.time_utc

    def _heard(self, athlete: str) -> dict[str, _Live]:
        """Return the sessions of an athlete of which something was heard that is not too long ago."""
        with self._lock:
            now_s, heard = time.monotonic(), self._live.get(athlete, {})
            return {sid: live for sid, live in heard.items() if now_s - live.heard_s <= IDLE_S}

    def _reading(self, athlete: Athlete, sid: str) -> LiveReading | None:
        """Return what was heard of a session last; None where it fell silent and another of theirs did not."""
        heard = self._heard(athlete.id)
        mine = heard.get(sid)
        newest_s = max((live.heard_s for live in heard.values()), default=0.0)
        return None if mine is None or newest_s - mine.heard_s > BEHIND_S else mine.reading

    def _of(self, athlete: Athlete) -> _Known:
        day = local_day(self._now(athlete), athlete.zone).isoformat()
        with self._lock:
            known = self._known.get(athlete.id)
            touched = self._touched.get(athlete.id, 0)
        if known is not None and known.day == day and time.monotonic() - known.read_s < KNOWN_S:
            return known
        read_s = time.monotonic()
        since = self._now(athlete) - timedelta(days=HISTORY_DAYS)
        kept = self._store if isinstance(self._store, KeptStore) else None
        days = [] if kept is None else kept.days(athlete.id)
        settings = DEFAULT_SETTINGS if kept is None else kept.settings(athlete.id)
        sessions, findings = self._store.sessions(athlete.id, since), self._store.findings(athlete.id)
        marks = self._registry.marks.of(athlete.id)
        known = _Known(sessions, findings, day, read_s, days, settings, marks)
        with self._lock:
            if touched == self._touched.get(athlete.id, 0):  # else a commit came in between, and this is old already
                self._known[athlete.id] = known
        return known

    def _current(self, athlete: Athlete, known: _Known) -> SessionSummary | None:
        """The run in progress, whatever day it began on, else today's newest; a walk or an exercise hides no run."""
        heard = self._heard(athlete.id)
        runs = [s for s in known.sessions if s.header.ledger == "run"]
        newest = runs[-1].header.sid if runs else None
        running = [s for s in runs if not s.ended and s.header.sid in {*heard, newest}]
        if running and self._age_s(athlete) is not None:
            return running[-1]
        today = local_day(self._now(athlete), athlete.zone)
        todays = [s for s in runs if local_day(s.start_utc, athlete.zone) == today]
        return todays[-1] if todays else None

    def _told_of(self, athlete: Athlete, current: SessionSummary | None, known: _Known) -> set[str]:
        """Whose findings a tile tells: the run's; of a day that ends with a run without a load also the other runs'."""
        if current is None:
            return set()
        told = [current]
        if current.ended and current.totals.load_eq_km is None:
            day = local_day(current.start_utc, athlete.zone)
            told += [s for s in known.sessions if local_day(s.start_utc, athlete.zone) == day]
        return {f"session:{s.header.sid}" for s in told}

    def _age_s(self, athlete: Athlete) -> float | None:
        with self._lock:
            heard_s = self._heard_s.get(athlete.id)
        age_s = None if heard_s is None else time.monotonic() - heard_s
        return age_s if age_s is None or age_s < IDLE_S else None

    def _tile(self, athlete: Athlete) -> Tile:
        known = self._of(athlete)
        current = self._current(athlete, known)
        age_s = self._age_s(athlete)
        running = current is not None and not current.ended and age_s is not None
        reading = self._reading(athlete, current.header.sid) if current is not None and running else None
        load = self.load(athlete, known)
        scopes = self._told_of(athlete, current, known)
        findings = tuple(f for f in known.findings if f.scope in scopes and not f.withdrawn)
        totals = reading.totals if reading else (current.totals if current else None)
        beside = self._beside.now()
        return Tile(
            athlete=athlete,
            state=tile_state(current, load.headroom, findings, running=running),
            cadence_spm=reading.cadence_spm if reading else None,
            contact_time_s=reading.contact_time_s if reading else None,
            totals=totals,
            headroom=load.headroom,
            age_s=age_s if current is not None else None,
            tier=current.header.tier if current is not None and running else None,
            origin=current.header.origin if current else ("simulated" if athlete.simulated else None),
            findings=findings,
            bridging=load.bridging,
            held=self._is_held(athlete),
            standing=None if self._guide is None else self._guide.for_the_coach(athlete, self._now(athlete)).standing,
            quiet=all_marked(findings, known.marks, self._clock()),
            contact_balance_left=None if totals is None else totals.contact_balance_left,
            battery_percent=beside.battery_percent.get(athlete.id),
            squads=beside.squads.get(athlete.id, ()),
            tonight=athlete.id in beside.tonight,
            step_utc=reading.time_utc if reading else None,
        )

    def _for_the_coach(self, tile: Tile) -> Tile:
        """A tile of the grid: without what was run, of somebody who does not let their coach see it."""
        if self._guide is None or self._guide.for_the_coach(tile.athlete, self._now(tile.athlete)).load:
            return tile
        state: TileState = "idle" if tile.state == "idle" else "unknown"
        return replace(
            tile, state=state, totals=None, headroom=(), findings=(), bridging=None, held=False, quiet=False,
            shows_load=False,
            contact_balance_left=None,
        )  # fmt: skip
