"""Two short runs of ``make chaos``, and that its account would see what it looks for."""

from contextlib import closing
from pathlib import Path

import pytest

from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.message import Envelope
from tests import need
from tests.chaos.made import N_ATHLETES, Made
from tests.chaos.run import Outcome, Plan, run, verify
from tests.chaos.victims import Victim, wait_until

SECONDS = 12.0
PLANS = [
    # hub and edge on these two are killed by tests/integration/test_nothing_is_lost.py as well
    pytest.param(Plan(7, "embedded", "sqlite", SECONDS), marks=pytest.mark.thorough, id="embedded"),
    pytest.param(Plan(8, "defaults", "influx", SECONDS), id="servers"),
]


@pytest.mark.parametrize("plan", PLANS)
def test_ten_kills_of_everybody_lose_nothing_and_double_nothing(tmp_path: Path, plan: Plan) -> None:
    if plan.broker != "embedded":
        for name in ("mosquitto", "mosquitto_passwd", "influxd"):
            need.command(name)
    outcome = run(plan, tmp_path / "run")
    assert outcome.good, outcome.line()
    assert sum(outcome.kills.values()) >= 10
    assert outcome.n_made == 10 * 360


@pytest.fixture
def accounted(tmp_path: Path) -> tuple[Plan, Path]:
    """What a run of two seconds leaves when all went well."""
    plan = Plan(3, "embedded", "sqlite", 2.0, least_kills=0)
    made = Made.of(plan.seed, plan.seconds, plan.messages_per_s)
    (tmp_path / "made.txt").write_text("".join(f"\nmade {a} {made.n_events}\n" for a in range(N_ATHLETES)))
    (tmp_path / "delivered.txt").write_text(f"{made.n_messages} {made.n_messages}\n")
    events = [made.event(athlete, number) for number in range(made.n_events) for athlete in range(N_ATHLETES)]
    with closing(SqliteStore(tmp_path / "store.db")) as store:
        store.commit([Envelope("edge-1", seq, event) for seq, event in enumerate(events, start=1)])
    return plan, tmp_path


def account(plan: Plan, folder: Path) -> Outcome:
    outcome = Outcome(plan, {}, {}, drain_s=0.0)
    verify(plan, folder, "edge-1", f"sqlite:///{folder / 'store.db'}", outcome)
    return outcome


def test_the_account_of_a_whole_store_is_good(accounted: tuple[Plan, Path]) -> None:
    outcome = account(*accounted)
    assert outcome.good, outcome.line()


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM steps WHERE (sid, time_utc_us) IN (SELECT sid, time_utc_us FROM steps LIMIT 1)",
        "UPDATE steps SET contact_time_s = contact_time_s + 0.000001 WHERE sid = 'chaos-3-4' AND side = 'R'",
        "UPDATE steps SET time_utc_us = time_utc_us + 1 WHERE sid = 'chaos-3-4' AND side = 'R'",
        "UPDATE sessions SET n_steps = n_steps + 1 WHERE sid = 'chaos-3-4'",
        "UPDATE sessions SET ended = 0 WHERE sid = 'chaos-3-4'",
        "UPDATE received SET last = last - 1",
        "UPDATE received SET last = last + 1",
        "INSERT INTO dead_letters (key, topic, payload, reason) VALUES ('k', 't', x'00', 'r')",
    ],
)
def test_the_account_sees_what_is_missing_changed_or_doubled(accounted: tuple[Plan, Path], harm: str) -> None:
    import sqlite3

    with closing(sqlite3.connect(accounted[1] / "store.db", isolation_level=None)) as db:
        assert db.execute(harm).rowcount >= 1
    assert not account(*accounted).good


def test_the_account_sees_an_outbox_that_forgot(accounted: tuple[Plan, Path]) -> None:
    with (accounted[1] / "made.txt").open("a") as paper:
        paper.write("\nforgot 3 20 10\n")
    assert not account(*accounted).good


def test_a_victim_that_is_killed_comes_back(tmp_path: Path) -> None:
    victim = Victim("sleeper", ["sh", "-c", "echo here; exec sleep 60"], tmp_path / "log")
    try:
        assert wait_until(lambda: victim.kill(0.0), 10)
        assert wait_until(lambda: victim.kill(0.0), 10)
        assert victim.n_kills == 2
        assert victim.n_falls == 0
    finally:
        victim.end()
