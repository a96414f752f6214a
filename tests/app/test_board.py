"""What the pages see of a hub: tiles, weeks, days, ages; and nothing that is not known."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.board import N_WEEKS, Board
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.marking import Marking
from sensor_hub.app.showing.heard import BEHIND_S, IDLE_S
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Totals
from sensor_hub.model.ports import AthleteView, Tile
from sensor_hub.model.session import Event, Ledger
from tests.app.histories import EASY_KM, NOW_UTC, ended, envelopes, header, history, live, running, started


@dataclass(slots=True)
class Clock:
    """Both clocks of a hub, moved by hand."""

    now_utc: datetime = NOW_UTC
    monotonic_s: float = 1000.0

    def monotonic(self) -> float:
        return self.monotonic_s

    def wait(self, seconds: float) -> None:
        self.monotonic_s += seconds
        self.now_utc += timedelta(seconds=seconds)


class HubAtHand:
    """Store, registry, ingest and board, with a clock that stands still."""

    def __init__(self, store: SqliteStore, registry: Registry, clock: Clock) -> None:
        self.store, self.registry, self.clock = store, registry, clock
        self.board = Board(store, registry, clock=lambda: clock.now_utc, clock_s=clock.monotonic)
        self.ingest = Ingest(store, registry, clock=lambda: clock.now_utc)
        self._seq = 0

    def add(self, name: str, zone: str = "UTC", *, days: tuple[int, ...] = (28, 21, 14, 7)) -> Athlete:
        athlete = self.registry.add_athlete(name, zone)
        self.take(*history(athlete, self.clock.now_utc, days), heard=False)
        return athlete

    def take(self, *events: Event, heard: bool = True) -> None:
        batch = envelopes(events, first_seq=self._seq + 1)
        self._seq += len(events)
        self.ingest.take(batch)
        for athlete in {e.header.athlete for e in events}:
            self.board.touch(self.registry.resolve(athlete), heard=heard)

    def view(self, athlete: Athlete) -> AthleteView:
        found = self.board.athlete(athlete.id)
        assert found is not None
        return found

    def tile(self, athlete: Athlete) -> Tile:
        return self.view(athlete).tile


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(store: SqliteStore, registry: Registry, clock: Clock) -> HubAtHand:
    return HubAtHand(store, registry, clock)


# --- tiles -----------------------------------------------------------------------------------------------------------


def test_those_who_need_attention_come_first_and_then_by_name(hub: HubAtHand) -> None:
    far = {"Zoe": 7.0, "Ada": 5.2, "Ben": 2.0, "Eve": 1.0}
    people = {name: hub.add(name) for name in far}
    people["New"] = hub.add("New", days=())
    hub.add("Off")
    hub.add("Alf")
    hub.clock.wait(5.0)
    for name, km in [*far.items(), ("New", 4.0)]:
        hub.take(running(header(people[name], f"run-{name}"), NOW_UTC, km))
    states = {tile.athlete.display_name: tile.state for tile in hub.board.tiles()}
    assert states == {
        "Zoe": "alert", "Ada": "near", "New": "unknown", "Ben": "ok", "Eve": "ok", "Alf": "idle", "Off": "idle",
    }  # fmt: skip
    assert list(states) == ["Zoe", "Ada", "New", "Ben", "Eve", "Alf", "Off"]


def test_a_run_with_too_little_recorded_is_not_judged_to_be_fine(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(running(header(ana, "run"), NOW_UTC, 3.0, coverage=0.5))
    tile = hub.tile(ana)
    assert tile.state == "unknown"
    assert {h.measure: h.reason for h in tile.headroom} == {
        "distance_m": None, "load_eq_km": "low-coverage", "hard_load_bw_s": "low-coverage",
    }  # fmt: skip


def test_of_a_run_that_two_edges_hear_the_tile_stays_with_the_session_that_counts(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    kept, clock = KeptStore(hub.store, hub.registry), hub.clock
    hub.board = Board(kept, hub.registry, clock=lambda: clock.now_utc, clock_s=clock.monotonic)
    one, other = header(ana, "run-a"), header(ana, "run-b")
    for of, coverage in ((one, 0.7), (other, 1.0)):
        hub.take(started(of, NOW_UTC), running(of, NOW_UTC, 1.0, coverage=coverage))
    seen = set()
    for n in range(4):
        at_utc = NOW_UTC + timedelta(seconds=400 + n)
        for of, cadence_spm in ((other, 171.0), (one, 140.0)):
            hub.board.hear(live(of, at_utc, km=1.1, cadence_spm=cadence_spm))
            seen.add(hub.tile(ana).cadence_spm)
            hub.clock.wait(0.5)
    assert seen == {171.0}
    for n in range(3):  # its edge is out of reach, the other's is not
        hub.clock.wait(BEHIND_S / 2)
        hub.board.hear(live(one, NOW_UTC + timedelta(seconds=410 + n), km=1.2, cadence_spm=140.0))
    assert hub.tile(ana).cadence_spm is None


def test_a_running_tile_shows_the_newest_live_values(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    of = header(ana, "run")
    hub.take(started(of, NOW_UTC), running(of, NOW_UTC, 1.0))
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=400), km=1.1, cadence_spm=171.0))
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=401), km=1.2, cadence_spm=172.0))
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=399), km=1.0, cadence_spm=150.0))
    tile = hub.tile(ana)
    assert tile.cadence_spm == 172.0
    assert tile.totals is not None
    assert tile.totals.distance_m == pytest.approx(1200.0)
    assert (tile.origin, tile.tier) == ("live", "imu")


def test_a_live_value_of_another_session_is_not_shown(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(running(header(ana, "run-1"), NOW_UTC, 1.0))
    hub.board.hear(live(header(ana, "run-0"), NOW_UTC + timedelta(seconds=400), km=9.0, cadence_spm=99.0))
    tile = hub.tile(ana)
    assert tile.cadence_spm is None
    assert tile.contact_time_s is None
    assert tile.totals is not None
    assert tile.totals.distance_m == pytest.approx(1000.0)


def test_the_age_counts_from_the_newest_message(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    of = header(ana, "run")
    assert hub.tile(ana).age_s is None
    hub.take(running(of, NOW_UTC, 1.0))
    hub.clock.wait(7.5)
    assert hub.tile(ana).age_s == pytest.approx(7.5)
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=400)))
    assert hub.tile(ana).age_s == pytest.approx(0.0)


def test_a_session_that_was_never_ended_stops_running_when_it_is_silent(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    of = header(ana, "run")
    hub.take(running(of, NOW_UTC, 1.0))
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=360)))
    assert hub.tile(ana).cadence_spm == 170.0
    hub.clock.wait(IDLE_S + 1)
    assert hub.tile(ana).cadence_spm is None
    assert hub.tile(ana).age_s == pytest.approx(IDLE_S + 1), "an edge that is out of reach is not one without data"


def test_an_ended_session_has_no_live_values(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    of = header(ana, "run")
    hub.take(running(of, NOW_UTC, 1.0))
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=360)))
    hub.take(ended(of, NOW_UTC, 2.0))
    tile = hub.tile(ana)
    assert (tile.state, tile.cadence_spm) == ("idle", None)
    assert tile.totals is not None
    assert tile.totals.distance_m == pytest.approx(2000.0)


@pytest.mark.parametrize("ledger", ["exercise", "walk", "other"])
def test_what_is_no_run_never_hides_the_run_of_today(hub: HubAtHand, ledger: Ledger) -> None:
    ana = hub.add("Ana")
    hub.take(ended(header(ana, "run"), NOW_UTC, 7.0))
    alone = hub.tile(ana)
    assert (alone.state, len(alone.findings)) == ("alert", 3)
    later = replace(header(ana, "later"), ledger=ledger)
    hub.take(ended(later, NOW_UTC + timedelta(hours=2), 1.0))
    assert replace(hub.tile(ana), age_s=alone.age_s) == alone


def test_a_run_that_only_a_log_tells_of_hides_no_finding_of_the_run_before_it(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(ended(header(ana, "run"), NOW_UTC, 7.0))
    told = hub.tile(ana).findings
    logged = ended(header(ana, "logged"), NOW_UTC + timedelta(hours=2), 1.0)
    hub.take(replace(logged, totals=Totals(duration_s=360.0, distance_m=1000.0)))
    tile = hub.tile(ana)
    assert (tile.state, tile.findings) == ("alert", told)
    assert tile.totals is not None
    assert tile.totals.distance_m == 1000.0


def test_an_older_session_that_never_ended_does_not_hide_today_s(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(running(header(ana, "lost"), NOW_UTC - timedelta(days=2), 3.0), heard=False)
    hub.take(ended(header(ana, "today"), NOW_UTC - timedelta(hours=1), 2.0))
    tile = hub.tile(ana)
    assert tile.totals is not None
    assert tile.totals.distance_m == pytest.approx(2000.0)
    assert tile.state == "idle"


# --- days ------------------------------------------------------------------------------------------------------------


def test_a_run_over_midnight_stays_the_run_in_progress(hub: HubAtHand) -> None:
    hub.clock.now_utc = datetime(2026, 11, 20, 23, 50, tzinfo=UTC)
    ana = hub.add("Ana")
    of, start_utc = header(ana, "night"), hub.clock.now_utc
    hub.take(started(of, start_utc), running(of, start_utc, 1.0))
    hub.clock.wait(1200)
    hub.take(running(of, start_utc, 3.0))
    hub.board.hear(live(of, hub.clock.now_utc, km=3.1))
    tile = hub.tile(ana)
    assert (tile.state, tile.cadence_spm) == ("ok", 170.0)
    assert hub.board.load(ana).day == "2026-11-20", "a run belongs to the day it began on"
    assert tile.headroom[0].so_far == pytest.approx(3000.0)


@pytest.mark.parametrize("uphill_s", [None, 0.0])
def test_while_nothing_tells_the_slopes_of_a_run_its_loads_say_that_hills_are_not_counted(
    hub: HubAtHand, uphill_s: float | None
) -> None:
    ana = hub.add("Ana")
    of, start_utc = header(ana, "now"), NOW_UTC
    batch = running(of, start_utc, 3.0)
    hub.take(started(of, start_utc), replace(batch, totals=replace(batch.totals, uphill_s=uphill_s)))
    hub.board.hear(live(of, start_utc + timedelta(minutes=18), km=3.0))
    missing = {h.measure: h.without_hills for h in hub.tile(ana).headroom}
    assert missing["distance_m"] is False
    assert missing["load_eq_km"] is (uphill_s is None)
    hub.take(ended(of, start_utc, 3.0))
    assert not any(h.without_hills for h in hub.board.load(ana).headroom)


def test_the_next_day_begins_with_nothing_run(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(ended(header(ana, "run"), NOW_UTC, 4.0))
    assert hub.board.load(ana).today_distance_m == pytest.approx(4000.0)
    hub.clock.wait(24 * 3600)
    load = hub.board.load(ana)
    assert (load.day, load.today_distance_m) == ("2026-11-21", 0.0)
    assert load.week_distance_m == pytest.approx(4000.0)
    assert hub.tile(ana).state == "idle"
    assert hub.tile(ana).totals is None


def test_the_day_is_the_athlete_s_own(hub: HubAtHand) -> None:
    hub.clock.now_utc = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    here, there = hub.add("Here", "UTC"), hub.add("There", "Asia/Tokyo")
    assert hub.view(here).today == date(2026, 11, 20)
    assert hub.view(there).today == date(2026, 11, 21)


def test_while_a_session_runs_its_own_clock_decides_the_day(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    of, start_utc = header(ana, "fast"), NOW_UTC + timedelta(days=2)  # a simulation that runs ahead of the wall
    hub.take(running(of, start_utc, 1.0))
    hub.board.hear(live(of, start_utc + timedelta(seconds=360)))
    assert hub.view(ana).today == date(2026, 11, 22)
    assert hub.tile(ana).state == "ok"


def test_the_days_hold_each_session_of_the_last_month_with_that_day_s_limit(hub: HubAtHand) -> None:
    ana = hub.add("Ana", days=(40, 28, 14))
    hub.take(running(header(ana, "run"), NOW_UTC, 1.0))
    days = hub.view(ana).days
    assert [(d.sid, d.ended) for d in days] == [(f"{ana.id}-28", True), (f"{ana.id}-14", True), ("run", False)]
    limits = [d.limit_distance_m for d in days]
    assert limits == pytest.approx([1.1 * EASY_KM * 1000] * 3)


# --- weeks -----------------------------------------------------------------------------------------------------------


def test_weeks_before_the_first_run_are_unknown_and_weeks_of_rest_are_zero(hub: HubAtHand) -> None:
    ana = hub.add("Ana", days=(28, 7))
    weeks = hub.view(ana).weeks
    assert len(weeks) == N_WEEKS
    assert [w.monday for w in weeks] == [date(2026, 11, 16) - timedelta(weeks=k) for k in range(N_WEEKS - 1, -1, -1)]
    assert [w.distance_m for w in weeks] == [None] * 7 + [5000.0, 0.0, 0.0, 5000.0, 0.0]
    assert [w.load_eq_km for w in weeks] == [None] * 7 + [5.0, 0.0, 0.0, 5.0, 0.0]
    assert [w.n_sessions for w in weeks] == [0] * 7 + [1, 0, 0, 1, 0]


def test_without_any_run_every_week_is_unknown(hub: HubAtHand) -> None:
    new = hub.add("New", days=())
    weeks = hub.view(new).weeks
    assert [(w.distance_m, w.limit_distance_m) for w in weeks] == [(None, None)] * N_WEEKS
    assert [(h.left, h.reason) for h in hub.board.load(new).headroom] == [(None, "no-history")] * 3


def test_a_week_with_an_unknown_load_is_unknown_and_one_recorded_in_part_is_a_lower_bound(hub: HubAtHand) -> None:
    ana = hub.add("Ana", days=(28,))
    no_load = ended(header(ana, "watch"), NOW_UTC - timedelta(days=14), 5.0, eq_km=float("nan"))
    hub.take(no_load, ended(header(ana, "half"), NOW_UTC - timedelta(days=7), 5.0, coverage=0.5))
    by_monday = {w.monday: w for w in hub.view(ana).weeks}
    unknown, partial = by_monday[date(2026, 11, 2)], by_monday[date(2026, 11, 9)]
    assert (unknown.distance_m, unknown.load_eq_km) == (5000.0, None)
    assert (partial.load_eq_km, partial.lower_bound, unknown.lower_bound) == (5.0, True, False)


def test_weeks_start_on_the_day_that_was_set(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.registry.set_athlete("Ana", week_start=7)
    assert hub.view(ana).weeks[-1].monday == date(2026, 11, 15)
    assert hub.view(ana).weeks[-1].monday.isoweekday() == 7


def test_walks_and_replays_are_no_part_of_a_week(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(ended(header(ana, "again", origin="replay"), NOW_UTC, 4.0))
    assert hub.view(ana).weeks[-1].distance_m == 0.0


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_stranger_is_none_and_a_merged_athlete_is_who_stayed(hub: HubAtHand) -> None:
    old, new = hub.add("Ana (old)", days=(3,)), hub.add("Ana")
    assert hub.board.athlete("zzzzzzzz") is None
    hub.store.reassign(old.id, new.id)
    hub.registry.merge_athletes(old.id, new.id)
    hub.board.touch(new.id, heard=False)
    found = hub.board.athlete(old.id)
    assert found is not None
    assert found.tile.athlete.display_name == "Ana"
    assert len(hub.board.sessions(old.id)) == 5


def test_the_live_value_of_a_merged_athlete_is_seen_at_who_stayed(hub: HubAtHand) -> None:
    old, new = hub.add("Ana (old)", days=(3,)), hub.add("Ana")
    hub.store.reassign(old.id, new.id)
    hub.registry.merge_athletes(old.id, new.id)
    hub.clock.wait(60)  # the list of athletes is read again
    of = header(old, "run")
    hub.take(running(of, NOW_UTC, 1.0))
    hub.board.hear(live(of, NOW_UTC + timedelta(seconds=400)))
    assert hub.tile(new).cadence_spm == 170.0


def test_sessions_are_newest_first_and_steps_in_order(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(running(header(ana, "run"), NOW_UTC, 1.0))
    starts = [s.start_utc for s in hub.board.sessions(ana.id)]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) == 5
    assert len(hub.board.steps("run")) == 3
    assert hub.board.session("run") is not None
    assert hub.board.session("none") is None


def test_withdrawn_findings_are_not_shown(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(running(header(ana, "run"), NOW_UTC, 7.0))
    assert {f.scope for f in hub.board.findings()} >= {"session:run"}
    assert hub.tile(ana).state == "alert"
    hub.take(ended(header(ana, "found"), NOW_UTC - timedelta(days=3), 8.0))
    assert "session:run" not in {f.scope for f in hub.board.findings() if f.severity == "alert"}
    assert hub.tile(ana).state != "alert"


def test_an_athlete_added_later_appears(hub: HubAtHand) -> None:
    assert hub.board.tiles() == []
    hub.add("Ana")
    hub.clock.wait(10)
    assert [t.athlete.display_name for t in hub.board.tiles()] == ["Ana"]


# --- another sensor --------------------------------------------------------------------------------------------------

SHANK = "imu/shank/shank-1.0"


def test_a_page_marks_where_another_sensor_begins_and_says_that_its_load_is_still_learned(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    new = header(ana, "new", instrument=SHANK)
    hub.take(ended(new, NOW_UTC - timedelta(days=3), 4.0), running(header(ana, "now", instrument=SHANK), NOW_UTC, 9.0))
    view = hub.view(ana)
    assert [(c.first_day, c.normal_from, c.instrument) for c in view.changes] == [("2026-11-17", "2026-12-01", SHANK)]
    assert view.load.bridging == view.tile.bridging == view.changes[0]
    assert {h.measure: h.reason for h in view.load.headroom} == {
        "distance_m": None, "load_eq_km": "bridging", "hard_load_bw_s": "bridging",
    }  # fmt: skip
    assert {f.measure for f in view.findings}.isdisjoint({"load_eq_km", "hard_load_bw_s"})
    assert [(d.sid, d.bridging, d.limit_load_eq_km) for d in view.days][-2:] == [
        ("new", True, None),
        ("now", True, None),
    ]
    assert not any(d.bridging for d in view.days[:-2])


def test_the_limit_on_load_of_a_day_is_that_of_its_own_sensor(hub: HubAtHand) -> None:
    ana = hub.add("Ana", days=(28, 21))
    for days, km in ((20, 3.0), (5, 2.0)):
        of = header(ana, f"shank-{days}", instrument=SHANK)
        hub.take(ended(of, NOW_UTC - timedelta(days=days), km), heard=False)
    newest = hub.view(ana).days[-1]
    assert (newest.instrument, newest.bridging) == (SHANK, False)
    assert newest.limit_load_eq_km == pytest.approx(1.1 * 3.0)
    assert newest.limit_hard_load_bw_s == pytest.approx(1.1 * 90.0)
    assert newest.limit_distance_m == pytest.approx(1.1 * 5000.0)
    assert (newest.load_eq_km_sd, newest.hard_load_bw_s, newest.hard_load_sd) == (0.01, 60.0, 0.3)


def test_a_week_of_two_sensors_names_both_and_has_a_distance_and_no_load(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    of = header(ana, "new", instrument=SHANK)
    hub.take(ended(of, NOW_UTC - timedelta(days=6), 4.0), heard=False)
    week = hub.view(ana).weeks[-2]
    assert (week.n_sessions, week.distance_m, week.load_eq_km) == (2, 9000.0, None)
    assert (week.instruments, week.reason) == (("imu/foot/foot-1.0", SHANK), "mixed-instruments")
    alone = hub.view(ana).weeks[-3]
    assert (alone.load_eq_km, alone.instruments, alone.reason) == (5.0, ("imu/foot/foot-1.0",), None)


def test_a_logged_run_marks_no_change_and_names_no_sensor(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    logged = ended(header(ana, "log", instrument=""), NOW_UTC - timedelta(days=3), 4.0)
    hub.take(replace(logged, totals=Totals(distance_m=4000.0, duration_s=1440.0)), heard=False)
    view = hub.view(ana)
    assert view.changes == ()
    assert (view.days[-1].sid, view.days[-1].bridging, view.days[-1].load_eq_km) == ("log", False, None)
    week = view.weeks[-1]
    assert (week.instruments, week.reason, week.load_eq_km, week.distance_m) == ((), None, None, 4000.0)


# --- marks -----------------------------------------------------------------------------------------------------------


def test_a_seen_alert_stays_an_alert_and_sorts_behind_those_nobody_saw(hub: HubAtHand) -> None:
    ana, zoe = hub.add("Ana"), hub.add("Zoe")
    marking = Marking(
        hub.registry, on_change=lambda who: hub.board.touch(who, heard=False), clock=lambda: hub.clock.now_utc
    )
    for who in (ana, zoe):
        hub.take(running(header(who, f"run-{who.id}"), NOW_UTC, 7.0))
    assert [t.athlete.id for t in hub.board.tiles()] == [ana.id, zoe.id]
    alerts = [f for f in hub.tile(ana).findings if f.severity == "alert"]
    for finding in alerts[1:]:
        marking.acknowledge(finding, by="coach")
    assert not hub.tile(ana).quiet, "one alert is left that nobody saw"
    marking.snooze(alerts[0], hub.clock.now_utc + timedelta(hours=1), by="coach")
    assert (hub.tile(ana).quiet, hub.tile(ana).state) == (True, "alert")
    assert [t.athlete.id for t in hub.board.tiles()] == [zoe.id, ana.id]
    assert set(hub.view(ana).marks) == {f.id for f in alerts}
    assert hub.view(ana).findings, "a mark takes nothing out of what was found"
    hub.clock.wait(3600.0)
    assert not hub.tile(ana).quiet, "the snooze is over"


def test_a_rise_of_level_makes_a_seen_finding_news_again(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    marking = Marking(
        hub.registry, on_change=lambda who: hub.board.touch(who, heard=False), clock=lambda: hub.clock.now_utc
    )
    run = header(ana, "run")
    hub.take(running(run, NOW_UTC, 5.6))
    for finding in hub.tile(ana).findings:
        marking.acknowledge(finding, by="runner")
    assert hub.tile(ana).quiet
    hub.take(running(run, NOW_UTC, 11.0))
    assert not hub.tile(ana).quiet
    for finding in hub.tile(ana).findings:
        marking.acknowledge(finding, by="runner")
    assert hub.tile(ana).quiet
    marking.unmark(next(f for f in hub.tile(ana).findings if f.severity == "alert"), by="runner")
    assert not hub.tile(ana).quiet


def test_what_was_withdrawn_in_the_last_month_is_kept_with_its_day(hub: HubAtHand) -> None:
    ana = hub.add("Ana")
    hub.take(running(header(ana, "run"), NOW_UTC, 7.0))
    hub.clock.wait(86_400.0)
    hub.take(ended(header(ana, "found"), NOW_UTC - timedelta(days=3), 8.0))
    gone = hub.view(ana).withdrawn
    assert {f.scope for f in gone} >= {"session:run"}
    assert {f.updated_utc for f in gone} == {hub.clock.now_utc}
    assert hub.board.findings(withdrawn=True) == [f for f in hub.store.findings() if f in gone or not f.withdrawn]
    assert not any(f.withdrawn for f in hub.board.findings())
    hub.clock.wait(31 * 86_400.0)
    assert hub.view(ana).withdrawn == ()
