"""Steps a second from messages into the SQLite store, decoded and committed, beside JSON and SQLite alone."""

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage import rows, schema
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.digest import digest
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.model.session import StepBatch
from sensor_hub.wire import decode, encode
from tests.benchmarks.a_long_run import TOPICS, batch
from tests.benchmarks.an_hour import tell

Wire = list[tuple[str, bytes]]
PER_COMMIT = 500  # messages, as a hub takes them


def live(n_athletes: int = 100, n_rounds: int = 40) -> Wire:
    """What a hundred runners' edges send at once: one to three steps a message."""
    sent: Wire = []
    for turn in range(n_rounds):
        for athlete in range(n_athletes):
            event = batch(athlete, 2 * turn, 1 + (athlete + turn) % 3)
            message = encode(event, topics=TOPICS, gw=f"edge-{athlete:03}", seq=turn)
            sent.append((message.topic, message.payload))
    return sent


def backlog(n_athletes: int = 12, a_minute: int = 170) -> Wire:
    """What edges that were offline send: a minute a message, runner after runner."""
    sent: Wire = []
    for athlete in range(n_athletes):
        for seq in range(38):
            event = batch(athlete, seq * a_minute, a_minute)
            message = encode(event, topics=TOPICS, gw=f"edge-{athlete:03}", seq=seq)
            sent.append((message.topic, message.payload))
    return sent


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with closing(Registry(f"sqlite:///{tmp_path / 'registry.sqlite'}")) as registry:
        yield registry


@pytest.mark.parametrize("messages", [live, backlog], ids=["live", "backlog"])
def test_messages_into_the_store(
    benchmark: BenchmarkFixture, registry: Registry, tmp_path: Path, messages: Callable[[], Wire]
) -> None:
    sent, numbers = messages(), count()
    commits = [sent[i : i + PER_COMMIT] for i in range(0, len(sent), PER_COMMIT)]
    n_steps = sum(len(e.steps) for _, p in sent if isinstance(e := decode(p).event, StepBatch))

    def opened() -> tuple[tuple[Ingest], dict[str, object]]:
        store = KeptStore(SqliteStore(tmp_path / f"{next(numbers)}.sqlite"), registry)
        return (Ingest(store, registry),), {}

    cpu_s = []

    def take(ingest: Ingest) -> None:
        begin_s = time.process_time()
        with closing(ingest.store):
            for part in commits:
                found = digest(part)
                ingest.commit(found.envelopes, found.dead)
        cpu_s.append(time.process_time() - begin_s)

    benchmark.pedantic(take, setup=opened, rounds=5)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    per_s = n_steps / benchmark.stats.stats.min
    what = f"{len(sent):,} {messages.__name__} messages, {n_steps:,} steps, decoded and committed (synchronous=FULL)"
    tell(what, per_s, "steps/s", must=20_000, aim=40_000, more_is_better=True)
    sys.stderr.write(f"a CPU second, whatever else the machine does: {n_steps / min(cpu_s):,.0f} steps\n")


def test_json_and_sqlite_alone(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    sent, numbers = live(), count()
    commits = [sent[i : i + PER_COMMIT] for i in range(0, len(sent), PER_COMMIT)]
    events = [[decode(payload).event for _, payload in part] for part in commits]
    ready = [list(rows.batch_rows([e for e in part if isinstance(e, StepBatch)])) for part in events]

    def prepared() -> tuple[tuple[sqlite3.Connection], dict[str, object]]:
        place = tmp_path / f"{next(numbers)}.sqlite"
        SqliteStore(place).close()
        db = sqlite3.connect(place, isolation_level=None)
        db.execute("PRAGMA synchronous=FULL")
        return (db,), {}

    def write(db: sqlite3.Connection) -> None:
        with closing(db):
            for part, wire in zip(ready, commits, strict=True):
                for _, payload in wire:
                    json.loads(payload)
                db.execute("BEGIN IMMEDIATE")
                db.executemany(schema.PUT_STEPS, part)
                db.execute("COMMIT")

    benchmark.pedantic(write, setup=prepared, rounds=5)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    per_s = sum(map(len, ready)) / benchmark.stats.stats.min
    sys.stderr.write(f"\nthe limit: json.loads and executemany of the same live messages: {per_s:,.0f} steps/s\n")
