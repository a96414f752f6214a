"""What a person says of days and of runs without sensor reaches findings, tiles and weeks; an undo takes it back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from sensor_hub.app.board import Board
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.config import Settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import AddRun, MarkDays
from sensor_hub.model.finding import Finding
from sensor_hub.model.ports import AthleteView
from tests.app.histories import ended, header, keep

NOW_UTC = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW_UTC.date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
SID = "01ktc3zj00handmade00000000"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(Settings(data_dir=tmp_path)) as opened:
        yield opened


@pytest.fixture
def ana(archive: Archive) -> Athlete:
    """A run of 5 km on each Monday of the five weeks before, and one of 4 km more on Thursday of the last of them."""
    who = archive.registry.add_athlete("Ana", "UTC")
    mondays = [MONDAY - timedelta(weeks=k) for k in range(1, 6)]
    runs = [ended(header(who, f"run-{day}"), noon(day), 5.0) for day in mondays]
    more = ended(header(who, "more"), noon(mondays[0] + timedelta(days=3)), 4.0)
    keep(archive.recorded, [*runs, more], "edge-1")
    archive.ingest.judge(who, mondays[-1])
    return who


def of_week(archive: Archive, who: Athlete, monday: date, rule: str = "week-limit") -> list[Finding]:
    return [
        f
        for f in archive.store.findings(who.id)
        if (f.scope, f.rule, f.measure) == (f"week:{monday}", rule, "distance_m") and not f.withdrawn
    ]


def view(archive: Archive, who: Athlete) -> AthleteView:
    found = Board(archive.store, archive.registry).athlete(who.id)
    assert found is not None
    return found


def by_hand(day: date) -> AddRun:
    return AddRun(SID, datetime.combine(day, time.min, UTC), has_time=False)


def test_days_that_were_not_recorded_take_a_low_reference_away_and_an_undo_brings_it_back(
    archive: Archive, ana: Athlete
) -> None:
    last = MONDAY - timedelta(weeks=1)
    before = of_week(archive, ana, last, "week-on-week")
    assert [(f.level, f.reference) for f in before] == [("over-30", 5000.0)]
    marks = MarkDays(last - timedelta(days=3), last - timedelta(days=2), "not-recorded")
    outcome = archive.keeping.edit(ana.id, [marks], by="test")
    assert {(f.rule, f.withdrawn) for f in outcome.findings if f.measure == "distance_m"} >= {("week-on-week", True)}
    assert of_week(archive, ana, last, "week-on-week") == []
    bar = next(w for w in view(archive, ana).weeks if w.monday == last - timedelta(weeks=1))
    assert (bar.distance_m, bar.lower_bound, bar.reason) == (5000.0, True, "not-recorded")
    archive.keeping.undo(ana.id, by="test")
    assert of_week(archive, ana, last, "week-on-week") == before


def test_days_of_rest_change_no_finding(archive: Archive, ana: Athlete) -> None:
    last = MONDAY - timedelta(weeks=1)
    outcome = archive.keeping.edit(
        ana.id, [MarkDays(last - timedelta(days=6), last - timedelta(days=1), "rested")], by="t"
    )
    assert outcome.findings == ()


def test_a_run_done_without_sensor_leaves_the_days_tile_not_judged(archive: Archive, ana: Athlete) -> None:
    assert view(archive, ana).tile.state == "idle"
    archive.keeping.edit(ana.id, [by_hand(TODAY)], by="test")
    seen = view(archive, ana)
    assert seen.tile.state == "unknown"
    assert {h.reason for h in seen.tile.headroom} == {"unknown-run"}
    assert (seen.load.today.distance_m, seen.load.week.load_eq_km, seen.load.today.reason) == (
        None,
        None,
        "unknown-run",
    )
    assert seen.weeks[-1].distance_m is None
    archive.keeping.undo(ana.id, by="test")
    again = view(archive, ana)
    assert (again.tile.state, again.load.today.distance_m) == ("idle", 0.0)


def test_a_week_above_its_limit_stays_above_it_when_a_run_without_sensor_is_added(
    archive: Archive, ana: Athlete
) -> None:
    last = MONDAY - timedelta(weeks=1)
    (before,) = of_week(archive, ana, last)
    archive.keeping.edit(ana.id, [by_hand(last + timedelta(days=5))], by="test")
    (after,) = of_week(archive, ana, last)
    assert (after.level, after.value, after.reference) == (before.level, before.value, before.reference)
    assert (before.lower_bound, after.lower_bound) == (False, True)
    archive.keeping.undo(ana.id, by="test")
    assert of_week(archive, ana, last) == [before]
