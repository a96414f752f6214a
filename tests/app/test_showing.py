"""A tile that is kept between commits is the tile that would be made from scratch, and what changes is told of."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.board import LOOK_S, Board
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.showing.heard import MOST_SESSIONS
from sensor_hub.app.showing.histories import GROWN_S, KNOWN_S
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import Consent, SayPain
from sensor_hub.model.ports import Tile
from sensor_hub.model.roster import RosterLine
from sensor_hub.model.session import LiveReading, SessionHeader
from tests.app.histories import NOW_UTC, ended, envelopes, header, history, live, running, started

ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland")


@dataclass
class Team:
    """Three runners of one hub, with clocks that are moved by hand, and everything that was heard of them."""

    store: SqliteStore
    registry: Registry
    now_utc = NOW_UTC
    now_s = 1000.0
    heard: list[tuple[float, LiveReading]] = field(default_factory=list)
    touched_s: dict[str, float] = field(default_factory=dict)
    n_sent = 0

    def __post_init__(self) -> None:
        self.kept = KeptStore(self.store, self.registry)
        self.ingest = Ingest(
            self.kept, self.registry, clock=lambda: self.now_utc,
            on_finding=lambda finding, _: self.board.touch(finding.athlete, heard=False),
        )  # fmt: skip
        keeping = HistoryKeeping(self.kept, self.registry, self.ingest)
        self.guide = Guiding(self.kept, self.registry, self.ingest, keeping, clock=lambda: self.now_utc)
        self.board = self._board()
        first = len(self.registry.athletes())
        self.people = [self.registry.add_athlete(f"Runner {n}", zone) for n, zone in enumerate(ZONES, first)]
        for athlete in self.people:
            self.send(*history(athlete, self.now_utc))
        self.runs: dict[str, tuple[SessionHeader, float, bool]] = {}

    def _board(self) -> Board:
        return Board(self.kept, self.registry, guide=self.guide, clock=lambda: self.now_utc, clock_s=lambda: self.now_s)

    def send(self, *events: object) -> None:
        batch = envelopes(events, gw=f"edge-{self.people[0].id}", first_seq=self.n_sent + 1)  # type: ignore[arg-type]
        self.n_sent += len(batch)
        self.ingest.take(batch)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.now_utc += timedelta(seconds=seconds)

    def hear(self, reading: LiveReading) -> None:
        self.heard.append((self.now_s, reading))
        self.board.hear(reading)

    def from_scratch(self) -> list[Tile]:
        """The tiles of a board that was only just made, and is told all that the other one was."""
        fresh, now_s = self._board(), self.now_s
        moments = [(at_s, reading.header.athlete, reading) for at_s, reading in self.heard]
        commits = [(at_s, who, None) for who, at_s in self.touched_s.items()]
        for at_s, who, reading in sorted([*moments, *commits], key=lambda one: one[0]):
            self.now_s = at_s
            if reading is None:
                fresh.touch(who)
            else:
                fresh.hear(reading)
        self.now_s = now_s
        return fresh.tiles()

    # --- what may happen ---------------------------------------------------------------------------------------------

    def run_on(self, who: int, km: float) -> None:
        """Begin a run or go on with it: a commit, as the hub tells of it."""
        athlete = self.people[who]
        begun = self.runs.get(athlete.id)
        if begun is None or begun[2]:
            of, before = header(athlete, f"{athlete.id}-run-{self.n_sent}", athlete.zone), 0.0
            self.send(started(of, self.now_utc))
            self.board.touch(athlete.id)
        else:
            of, before = begun[:2]
        start_utc = self.now_utc - timedelta(seconds=before * 360)
        known = self.kept.session(of.sid)
        start_utc = start_utc if known is None else known.start_utc
        self.send(running(of, start_utc, before + km))
        self.runs[athlete.id] = of, before + km, False
        self.touched_s[athlete.id] = self.now_s
        self.board.grew(athlete.id, [of.sid])

    def step(self, who: int, spm: float) -> None:
        begun = self.runs.get(self.people[who].id)
        if begun is not None and not begun[2]:
            self.hear(live(begun[0], self.now_utc, begun[1] + 0.01, spm))

    def end(self, who: int) -> None:
        athlete = self.people[who]
        begun = self.runs.get(athlete.id)
        if begun is None or begun[2]:
            return
        known = self.kept.session(begun[0].sid)
        assert known is not None
        self.send(ended(begun[0], known.start_utc, begun[1]))
        self.runs[athlete.id] = (*begun[:2], True)
        self.touched_s[athlete.id] = self.now_s
        self.board.touch(athlete.id)

    def hurt(self, who: int, score: float) -> None:
        self.guide.say(self.people[who].id, [SayPain(self.now_utc, "evening", score, "L")], by="page")

    def consent(self, who: int, yes: bool) -> None:
        self.guide.say(self.people[who].id, [Consent("load", granted=yes)], by="page")


@pytest.fixture
def team(store: SqliteStore, registry: Registry) -> Team:
    return Team(store, registry)


runner = st.integers(0, 2)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("run_on"), runner, st.sampled_from([0.3, 1.7, 4.9])),
        st.tuples(st.just("step"), runner, st.sampled_from([165.0, 171.0])),
        st.tuples(st.just("end"), runner),
        st.tuples(st.just("hurt"), runner, st.sampled_from([0.0, 2.0, 8.0])),
        st.tuples(st.just("consent"), runner, st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from([0.3, 7.0, 400.0, 650.0, 40_000.0])),
    ),
    min_size=3,
    max_size=14,
)


@given(happenings)
@settings(
    max_examples=6, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_happens_a_kept_tile_is_the_one_made_from_scratch(
    store: SqliteStore, registry: Registry, happens: list[tuple[object, ...]]
) -> None:
    team = Team(store, registry)
    mine = {athlete.id for athlete in team.people}
    for what, *how in happens:
        getattr(team, str(what))(*how)
        team.board.tiles()  # what is kept was made at any moment
        team.wait(GROWN_S)
        kept = [tile for tile in team.board.tiles() if tile.athlete.id in mine]
        fresh = [tile for tile in team.from_scratch() if tile.athlete.id in mine]
        assert kept == fresh


def test_the_cases_above_reach_every_state(team: Team) -> None:
    for who, km in ((0, 7.0), (1, 5.2), (2, 1.0)):
        team.run_on(who, km)
        team.step(who, 170.0)
    team.wait(GROWN_S)
    assert [tile.state for tile in team.board.tiles()] == ["alert", "near", "ok"]
    team.hurt(1, 8.0)
    team.consent(2, yes=False)
    tiles = {tile.athlete.id: tile for tile in team.board.tiles()}
    assert tiles[team.people[1].id].held
    assert not tiles[team.people[2].id].shows_load
    assert tiles[team.people[2].id].totals is None


def test_of_who_does_not_let_their_coach_see_what_they_run_no_step_is_on_the_grid(team: Team) -> None:
    who = team.people[0].id
    team.run_on(0, 1.0)
    team.step(0, 170.0)
    team.consent(0, yes=False)
    team.board.ask_batteries_of(lambda: {who: 15})
    grid, own = team.board.tile(who), team.board.tile(who, own=True)
    assert grid is not None
    assert own is not None
    assert (grid.tier, grid.cadence_spm, grid.contact_time_s, grid.step_utc) == ("imu", None, None, None)
    assert (own.cadence_spm, own.step_utc) == (170.0, team.now_utc)
    assert (grid.battery_percent, own.battery_percent) == (None, 15), "whose sensors these are is theirs to share too"


# --- what is read ----------------------------------------------------------------------------------------------------


class Reads:
    """Counts what is asked of a store."""

    def __init__(self, store: KeptStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []

        def counted(name: str, asked: Callable[..., Any]) -> Callable[..., Any]:
            def ask(*of: Any, **more: Any) -> Any:
                self.names.append(name)
                return asked(*of, **more)

            return ask

        for name in ("sessions", "session", "findings", "steps", "days", "settings"):
            monkeypatch.setattr(store, name, counted(name, getattr(store, name)))


def test_a_step_reads_nothing_and_a_commit_one_session(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.run_on(0, 1.0)
    team.wait(GROWN_S)
    team.board.tiles()
    reads = Reads(team.kept, monkeypatch)
    for spm in range(150, 180):
        team.step(0, float(spm))
        tile = team.board.tile(team.people[0].id)
        assert tile is not None
        assert tile.cadence_spm == spm
    assert reads.names == []
    team.wait(GROWN_S)
    team.run_on(0, 0.1)
    reads.names.clear()
    team.board.tiles()
    team.board.tiles()
    assert reads.names == ["session"]


def test_what_another_process_writes_is_noticed(team: Team) -> None:
    who = team.people[0]
    assert team.board.tiles()[0].totals is None
    team.kept.commit(envelopes([ended(header(who, "elsewhere"), team.now_utc - timedelta(hours=1), 3.0)], gw="import"))
    team.wait(KNOWN_S)
    tile = team.board.tile(who.id)
    assert tile is not None
    assert tile.totals is not None


# --- news ------------------------------------------------------------------------------------------------------------


def test_news_names_whom_something_was_said_of(team: Team) -> None:
    one, other, _ = (athlete.id for athlete in team.people)
    version, names = team.board.news(0)
    assert names is None
    team.run_on(0, 1.0)
    later, names = team.board.news(version)
    assert (later > version, names) == (True, frozenset({one}))
    assert team.board.news(later) == (later, frozenset())
    team.board.touch(other)
    assert team.board.news(version)[1] == frozenset({one, other})
    assert team.board.news(later + 1000)[1] is None  # of a hub before this one


def test_news_come_of_what_time_or_another_process_changes(team: Team) -> None:
    who = team.people[0]
    team.run_on(0, 1.0)
    team.step(0, 170.0)
    team.wait(LOOK_S)
    version, _ = team.board.news(0)
    team.wait(LOOK_S)
    assert team.board.news(version) == (version, frozenset())  # an age that only grows
    team.wait(1000.0)  # nothing is heard: nobody is running any more
    version, names = team.board.news(version)
    assert names is not None
    assert who.id in names
    team.kept.commit(
        envelopes([ended(header(who, "elsewhere"), team.now_utc - timedelta(minutes=10), 1.0)], gw="import")
    )
    team.wait(KNOWN_S)
    version, names = team.board.news(version)
    assert names == frozenset({who.id})
    team.registry.add_athlete("Somebody new", "UTC")
    team.wait(KNOWN_S)
    assert team.board.news(version)[1] is None


def test_whoever_listens_is_woken_without_a_lock_and_only_as_long_as_they_want(team: Team) -> None:
    woken: list[frozenset[str] | None] = []

    def wake() -> None:
        asked = threading.Thread(target=lambda: woken.append(team.board.news(1)[1]))
        asked.start()
        asked.join(10)
        assert not asked.is_alive()

    stop = team.board.listen(wake)
    team.board.touch(team.people[0].id)
    team.board.welcome(Athlete("stranger1", "stranger1", "UTC"))
    team.board.forget("stranger1")
    assert len(woken) >= 3
    stop()
    n_before = len(woken)
    team.board.touch(team.people[0].id)
    assert len(woken) == n_before


# --- what stands beside ----------------------------------------------------------------------------------------------


def test_squads_charge_and_tonights_roster_stand_on_a_tile(team: Team) -> None:
    one, other, _ = (athlete.id for athlete in team.people)
    team.board.ask_squads_of(lambda: {one: ("s1", "s2")})
    team.board.ask_batteries_of(lambda: {other: 15})
    device = team.registry.add_device("aa:bb", "Pod", "footpod-imu")
    line = RosterLine(
        0, device.id, one, "L", None, team.now_utc - timedelta(hours=1), team.now_utc + timedelta(hours=1)
    )
    team.registry.rosters.write([line], team.now_utc)
    team.wait(3.0)
    tiles = {tile.athlete.id: tile for tile in team.board.tiles()}
    assert [(tiles[who].squads, tiles[who].battery_percent, tiles[who].tonight) for who in (one, other)] == [
        (("s1", "s2"), None, True), ((), 15, False),
    ]  # fmt: skip
    team.wait(3600.0)
    assert not any(tile.tonight for tile in team.board.tiles())


# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_a_commit_that_could_not_be_read_is_read_the_next_time(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    who = team.people[0].id
    team.run_on(0, 1.0)
    team.wait(GROWN_S)
    team.board.tiles()
    team.run_on(0, 0.5)
    team.wait(GROWN_S)
    with monkeypatch.context() as patch:
        patch.setattr(team.kept, "session", _away)
        with pytest.raises(StoreError):
            team.board.tile(who)
    team.wait(GROWN_S)
    tile = team.board.tile(who)
    assert tile is not None
    assert tile.totals is not None
    assert tile.totals.distance_m == pytest.approx(1500.0)


def test_a_registry_that_cannot_be_read_does_not_say_that_there_is_nobody(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert team.board.person("nobody") is None

    def away(_of: str) -> None:
        raise RegistryError("the database is away")

    monkeypatch.setattr(team.registry, "resolve", away)
    with pytest.raises(RegistryError):
        team.board.person(team.people[0].id)


def _away(_of: str) -> None:
    raise StoreError("the disk is away")


def test_of_one_runner_no_more_sessions_are_held_than_edges_can_hear(team: Team) -> None:
    who = team.people[0]
    for n in range(3 * MOST_SESSIONS):
        team.wait(0.1)
        team.board.hear(live(header(who, f"made-up-{n}"), team.now_utc))
    assert len(team.board._heard.of(who.id).live) == MOST_SESSIONS
    assert team.board._heard.of(who.id).reading(f"made-up-{3 * MOST_SESSIONS - 1}") is not None
