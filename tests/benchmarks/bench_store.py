"""Steps a second into the SQLite store, beside a bare executemany of the same rows: what the contract costs."""

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.storage import rows, schema
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import StepBatch
from tests.adapters.storage.runs import GW, HEADER, batches

N_BATCHES = 2_000
PER_COMMIT = 200
_best_s: dict[str, float] = {}


def commits(parts: list[StepBatch]) -> list[list[Envelope]]:
    envelopes = [Envelope(GW, seq, batch) for seq, batch in enumerate(parts)]
    return [envelopes[i : i + PER_COMMIT] for i in range(0, len(envelopes), PER_COMMIT)]


def fresh(tmp_path: Path) -> Callable[[], Path]:
    numbers = itertools.count()
    return lambda: tmp_path / f"{next(numbers)}.sqlite"


def report(benchmark: BenchmarkFixture, name: str, n_steps: int) -> None:
    # a run without measuring has no statistics
    if benchmark.stats is None:
        return
    _best_s[name] = benchmark.stats.stats.min
    benchmark.extra_info["steps_per_s"] = round(n_steps / _best_s[name])
    text = f"\n{name}: {n_steps / _best_s[name]:,.0f} steps/s"
    if len(_best_s) == 2:
        text += f"; store / bare executemany = {_best_s['store'] / _best_s['bare']:.2f}"
    print(text)


@pytest.mark.benchmark(group="store")
def test_bare_executemany(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    parts = batches(N_BATCHES)
    table = [[row for batch in parts[i : i + PER_COMMIT] for row in rows.step_rows(batch.header, batch.steps)]
             for i in range(0, N_BATCHES, PER_COMMIT)]  # fmt: skip
    path = fresh(tmp_path)

    def prepared() -> tuple[tuple[sqlite3.Connection], dict[str, object]]:
        place = path()
        SqliteStore(place).close()
        db = sqlite3.connect(place, isolation_level=None)
        db.execute("PRAGMA synchronous=FULL")
        return (db,), {}

    def write(db: sqlite3.Connection) -> None:
        with closing(db):
            for part in table:
                db.execute("BEGIN IMMEDIATE")
                db.executemany(schema.PUT_STEPS, part)
                db.execute("COMMIT")

    benchmark.pedantic(write, setup=prepared, rounds=5)  # type: ignore[no-untyped-call]
    report(benchmark, "bare", 3 * N_BATCHES)


@pytest.mark.benchmark(group="store")
def test_commits_of_small_batches(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    parts = commits(batches(N_BATCHES))
    path = fresh(tmp_path)

    def write(store: SqliteStore) -> None:
        with closing(store):
            for part in parts:
                store.commit(part)

    benchmark.pedantic(write, setup=lambda: ((SqliteStore(path()),), {}), rounds=5)  # type: ignore[no-untyped-call]
    report(benchmark, "store", 3 * N_BATCHES)


@pytest.mark.benchmark(group="read")
def test_a_two_hour_session_is_read(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "s.sqlite")) as store:
        store.commit([Envelope(GW, 0, batches(1, n=21_000)[0])])
        assert len(benchmark(store.steps, HEADER.sid)) == 21_000
