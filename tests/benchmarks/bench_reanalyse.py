"""``data reanalyse`` over 200 recorded sessions: this process, two processes, a Dask cluster of two workers."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.loads.reanalysing import Choice, Reanalysis
from sensor_hub.app.loads.spreading import DaskCluster, Processes, Workers
from sensor_hub.app.people import Archive
from sensor_hub.app.place import Place
from tests.app.recorded import as_older_program, feet, run_live, setup_of
from tests.servers_dask import dask_servers, wait_until

N_SESSIONS = 200
RUN_S = 20.0  # of each, with a sensor on each foot at 200 Hz
_took_s: dict[str, float] = {}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root, sent = tmp_path_factory.mktemp("old"), feet(RUN_S)
    with ExitStack() as stack:
        registry = stack.enter_context(Registry(f"sqlite:///{root / 'registry.db'}"))
        store = stack.enter_context(closing(SqliteStore(root / "store.db")))
        ana = registry.add_athlete("Ana", "UTC")
        for n in range(N_SESSIONS):
            sid = f"01jd000000000000000000{n:04d}"
            store.commit(run_live(Place.at(root).root, setup_of(sid, ana.id), sent, block=2000))
            (root / f"{sid}.outbox").unlink()
            as_older_program(store, sid)
    return root


def measure(benchmark: BenchmarkFixture, name: str, old: Path, tmp_path: Path, workers: Workers | None) -> None:
    numbers = count()

    def prepared() -> tuple[tuple[Path], dict[str, object]]:
        return (shutil.copytree(old, tmp_path / str(next(numbers))),), {}

    def run(root: Path) -> None:
        with ExitStack() as stack:
            registry = stack.enter_context(Registry(f"sqlite:///{root / 'registry.db'}"))
            store = stack.enter_context(closing(SqliteStore(root / "store.db")))
            archive = Archive(registry, KeptStore(store, registry), "UTC")
            lines = list(Reanalysis(archive, Place.at(root), Choice(), workers).run())
        assert [(line.result, line.way) for line in lines] == [("changed", "recording")] * N_SESSIONS

    benchmark.pedantic(run, setup=prepared, rounds=1)  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:
        _took_s[name] = benchmark.stats.stats.min
        of_one = _took_s[name] / _took_s.get("one process", _took_s[name])
        print(f"\n{name}: {N_SESSIONS} sessions of {RUN_S:.0f} s in {_took_s[name]:.1f} s; of one {of_one:.2f}")


@pytest.mark.benchmark(group="reanalyse")
def test_one_process(benchmark: BenchmarkFixture, old: Path, tmp_path: Path) -> None:
    measure(benchmark, "one process", old, tmp_path, None)


@pytest.mark.benchmark(group="reanalyse")
def test_two_processes(benchmark: BenchmarkFixture, old: Path, tmp_path: Path) -> None:
    with closing(Processes(2)) as workers:
        measure(benchmark, "two processes", old, tmp_path, workers)


@pytest.mark.benchmark(group="reanalyse")
def test_two_workers_of_a_cluster(benchmark: BenchmarkFixture, old: Path, tmp_path: Path) -> None:
    with dask_servers(tmp_path / "dask", "one", "two") as servers, closing(DaskCluster(servers.address)) as workers:
        wait_until(_has_both(workers))
        measure(benchmark, "two workers of a cluster", old, tmp_path, workers)


def _has_both(workers: DaskCluster) -> Callable[[], bool]:
    return lambda: workers.n_ahead == 4
