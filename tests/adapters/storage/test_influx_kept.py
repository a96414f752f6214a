"""Minutes and letting go of steps in an InfluxDB: killed anywhere, by several hubs, beside replays."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.influx_persons import Persons
from sensor_hub.errors import StoreError
from sensor_hub.model.message import Envelope
from sensor_hub.model.minutes import minutes_of
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, header, run, table

LONG_AFTER = START_UTC + timedelta(days=900)


@pytest.fixture
def store(influx_url: str, database: str) -> Iterator[InfluxStore]:
    with closing(InfluxStore(influx_url, database=database)) as opened:
        yield opened


def points(influx_url: str, database: str, measurement: str) -> int:
    """How many points a dashboard finds."""
    asked = {"q": f'SELECT count(n_steps) FROM "{measurement}"', "db": database}  # noqa: S608 (our own names)
    found = httpx.get(f"{influx_url}/query", params=asked, trust_env=False).json()["results"][0]
    return int(found["series"][0]["values"][0][1]) if "series" in found else 0


def test_a_dashboard_finds_minutes_of_what_has_ended_only(influx_url: str, database: str, store: InfluxStore) -> None:
    *running, end = run(200)
    store.commit(running)
    assert store.tidy() == 0
    assert points(influx_url, database, "minutes") == 0
    store.commit([end])
    assert store.tidy() == 1
    assert points(influx_url, database, "minutes") == len(minutes_of(all_steps(200))) > 3
    assert store.tidy() == 0


def test_what_comes_late_is_in_the_minutes_after_the_next_call(
    influx_url: str, database: str, store: InfluxStore
) -> None:
    *early, late, end = run(200)
    store.commit([*early, end])
    store.tidy()
    with closing(InfluxStore(influx_url, database=database)) as another:
        another.commit([late])
        assert store.tidy() == 1
        assert another.tidy() == 0
    assert store._kept.minutes(HEADER.sid) == minutes_of(all_steps(200))


def test_what_is_written_while_minutes_are_made_makes_them_due_again(
    influx_url: str, database: str, store: InfluxStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    *early, late, end = run(30)
    store.commit([*early, end])
    steps = store.steps

    def read_and_then_more_comes(sid: str) -> object:
        found = steps(sid)
        with closing(InfluxStore(influx_url, database=database)) as another:
            another.commit([late])
        return found

    monkeypatch.setattr(store._kept, "_steps", read_and_then_more_comes)
    assert store.tidy() == 1
    monkeypatch.setattr(store._kept, "_steps", steps)
    assert store._kept.minutes(HEADER.sid) != minutes_of(all_steps(30))
    assert store.tidy() == 1
    assert store._kept.minutes(HEADER.sid) == minutes_of(all_steps(30))
    assert store.tidy() == 0


def test_what_takes_its_place_while_minutes_are_made_makes_them_due_again(
    store: InfluxStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.commit(run(30))
    known, steps = store.session(HEADER.sid), store.steps
    assert known is not None
    store.replace_session(known, all_steps(30), [])
    shorter = all_steps(30).slice(0, 50)

    def read_and_then_it_is_replaced(sid: str) -> object:
        found = steps(sid)
        store.replace_session(known, shorter, [])
        return found

    monkeypatch.setattr(store._kept, "_steps", read_and_then_it_is_replaced)
    assert store.tidy() == 1
    monkeypatch.setattr(store._kept, "_steps", steps)
    assert store.tidy() == 1
    assert store._kept.minutes(HEADER.sid) == minutes_of(shorter)
    assert store.tidy() == 0


def test_minutes_that_a_session_no_longer_has_are_gone(store: InfluxStore) -> None:
    store.commit(run(200))
    store.tidy()
    before = store.session(HEADER.sid)
    assert before is not None
    new = replace(before, header=replace(HEADER, model="achilles-2.0.0"))
    shorter = store.steps(HEADER.sid).slice(0, 100)
    store.replace_session(new, shorter, [])
    assert store.tidy() == 1
    assert store._kept.minutes(HEADER.sid) == minutes_of(shorter)


def test_letting_go_may_be_killed_anywhere_and_nobody_sees_a_part(
    influx_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, delete, left = InfluxStore._write, Persons.delete, [0]

    def killed() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise StoreError("killed")

    def counted_write(self: InfluxStore, lines: object) -> None:
        killed()
        write(self, lines)  # type: ignore[arg-type]

    def counted_delete(self: Persons, measurement: str, **chosen: object) -> int:
        killed()
        return delete(self, measurement, **chosen)  # type: ignore[arg-type]

    monkeypatch.setattr(InfluxStore, "_write", counted_write)
    monkeypatch.setattr(Persons, "delete", counted_delete)
    expected, n_stops = minutes_of(all_steps(40)), 0
    for at in range(1, 20):
        with closing(InfluxStore(influx_url, database=f"let_go_{at}")) as store:
            left[0] = 0
            store.commit(run(40))
            left[0] = at
            try:
                store.prune(LONG_AFTER)
            except StoreError:
                n_stops += 1
            over, left[0] = left[0] > 0, 0
            # all of the steps, or none and it is known why
            assert len(store.steps(HEADER.sid)) == (0 if store.pruned(HEADER.sid) else 120)
            assert store.minutes(HEADER.sid) == expected
            store.prune(LONG_AFTER)
            assert store.pruned(HEADER.sid)
            assert len(store.steps(HEADER.sid)) == 0
            assert store.minutes(HEADER.sid) == expected
        if over:
            break
    assert n_stops >= 4


def test_steps_that_come_after_it_are_received_and_change_nothing(store: InfluxStore) -> None:
    *early, late, end = run(5)
    store.commit([*early, end])
    assert store.prune(LONG_AFTER) == 1
    before = store.minutes(HEADER.sid)
    store.commit([late])
    store.tidy()
    assert store.minutes(HEADER.sid) == before
    assert len(store.steps(HEADER.sid)) == 0
    assert store.received(GW) == [(0, 6)]
    assert store.prune(LONG_AFTER) == 0


def test_letting_go_of_many_leaves_those_that_run(store: InfluxStore) -> None:
    for i in range(60):
        store.commit([replace(e, gw=f"g{i}") for e in run(1, header(sid=f"old{i:02}"))])
    store.commit([Envelope("live", 1, replace(batches(1)[0], steps=table(1_000_000, 3)))])
    assert store.prune(LONG_AFTER, keep=["old07"]) == 59
    assert [store.pruned(f"old{i:02}") for i in range(60)] == [i != 7 for i in range(60)]
    assert len(store.steps("old07")) == len(store.steps(HEADER.sid)) == 3


def test_erasing_leaves_no_minutes(influx_url: str, database: str, store: InfluxStore) -> None:
    store.commit(run(3))
    store.prune(LONG_AFTER)
    store.erase(HEADER.athlete)
    assert points(influx_url, database, "minutes") == 0
    assert not [said for said in store.texts() if HEADER.athlete in str(said) or HEADER.sid in str(said)]
