"""A sealed session beside the same one as rows: its size, how fast it is read, and what sealing costs."""

import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import SessionSummary
from tests.benchmarks.a_long_run import batch, header, steps_and_totals
from tests.benchmarks.an_hour import seconds, tell
from tests.session.runs import START

N_RUNS = 3  # one after the other, as forty minutes are: together two hours


def filled(path: Path) -> SqliteStore:
    """A store with sessions that have ended and are not sealed."""
    steps, totals = steps_and_totals()
    store = SqliteStore(path)
    for athlete in range(N_RUNS):
        end = SessionSummary(header(athlete), START, START + timedelta(seconds=2400), totals)
        store.commit([Envelope(f"edge-{athlete}", 0, batch(athlete, 0, len(steps)))])
        store.commit([Envelope(f"edge-{athlete}", 1, end)])
    return store


def used_bytes(store: SqliteStore) -> int:
    """Bytes of the file that hold something."""
    with store._file.reading() as db:
        (page,), (n,), (free,) = (
            db.execute(f"PRAGMA {what}").fetchone() for what in ("page_size", "page_count", "freelist_count")
        )
    return int(page * (n - free))


@pytest.mark.benchmark(group="sealing")
def test_a_session_as_columns_beside_rows(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    sids = [header(athlete).sid for athlete in range(N_RUNS)]
    with closing(filled(tmp_path / "s.sqlite")) as store:
        empty = SqliteStore(tmp_path / "e.sqlite")
        nothing = used_bytes(empty)
        empty.close()
        n_steps, rows_bytes = sum(len(store.steps(sid)) for sid in sids), used_bytes(store) - nothing
        rows_s = min(seconds(lambda: [store.steps(sid) for sid in sids]) for _ in range(5))
        before = [store.steps(sid) for sid in sids]
        sealing_s = seconds(store.tidy)
        assert store.tidy() == 0
        assert [store.steps(sid) for sid in sids] == before
        benchmark.pedantic(lambda: [store.steps(sid) for sid in sids], rounds=7)  # type: ignore[no-untyped-call]
        assert benchmark.stats is not None
        sealed_s, sealed_bytes = benchmark.stats.stats.min, used_bytes(store) - nothing
    sys.stderr.write(
        f"\n{n_steps:,} steps: {rows_bytes / n_steps:.0f} bytes a step as rows, {sealed_bytes / n_steps:.0f} sealed; "
        f"read in {1000 * rows_s:.1f} ms and {1000 * sealed_s:.1f} ms; sealed in {1000 * sealing_s:.0f} ms"
    )
    tell("rows / sealed, size", rows_bytes / sealed_bytes, "x", must=5, aim=8, more_is_better=True)
    tell("rows / sealed, time to read", rows_s / sealed_s, "x", must=5, aim=10, more_is_better=True)
