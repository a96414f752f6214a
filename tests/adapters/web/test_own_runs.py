"""Which sessions are a runner's past, for how long they have run, and how much a run was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sensor_hub.adapters.web.own_runs import amount_of, days_of, own_runs
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Origin, SessionHeader, SessionSummary
from tests.adapters.web.hub import athlete

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def run(sid: str, days_ago: int = 0, origin: Origin = "live") -> SessionSummary:
    header = SessionHeader(sid, "ana", "Europe/Berlin", origin, "imu", "achilles-1", "ref-pop-1", "pod")
    start_utc = NOW - timedelta(days=days_ago)
    return SessionSummary(header, start_utc, start_utc + timedelta(minutes=40), Totals())


def test_a_past_has_no_walk_no_replay_and_of_a_real_person_nothing_simulated() -> None:
    walk = run("walk")
    walk = replace(walk, header=replace(walk.header, ledger="walk"))
    mine = [run("1"), walk, run("2", origin="import"), run("3", origin="replay"), run("4", origin="simulated")]
    assert [r.header.sid for r in own_runs(mine, athlete("ana", "Ana"))] == ["1", "2"]
    assert [r.header.sid for r in own_runs(mine, athlete("ana", "Ana", simulated=True))] == ["1", "2", "4"]


def test_how_long_somebody_has_run_counts_both_ends_and_is_said_below_a_fortnight() -> None:
    assert days_of([], TODAY) is None
    assert days_of([run("1")], TODAY) == 1
    assert days_of([run("2"), run("1", days_ago=12)], TODAY) == 13
    assert days_of([run("2"), run("1", days_ago=13)], TODAY) is None


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"distance_m": 8200.0, "load_eq_km": 7.6, "coverage": 0.97}, "8.2 km, 7.6 eq-km"),
        ({"distance_m": 8200.0, "load_eq_km": 7.6, "coverage": 0.61}, "8.2 km, ≥ 7.6 eq-km"),
        ({"distance_m": 8200.0}, "8.2 km"),
        ({}, "–"),
    ],
)
def test_a_run_that_was_recorded_in_part_was_at_least_so_much(totals: dict[str, Any], said: str) -> None:
    assert amount_of(replace(run("1"), totals=Totals(**totals))) == said
