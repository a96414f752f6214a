"""Whoever computes them, sessions become the same; one whose worker is lost is done by another, and replaced once."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.loads.reanalysing import Choice, Line, Reanalysis
from sensor_hub.app.loads.recompute import Material, Recomputed, recompute
from sensor_hub.app.loads.spreading import Answer, DaskCluster, Processes, Workers
from sensor_hub.app.people import Archive
from sensor_hub.app.place import Place
from sensor_hub.errors import ConfigError, WorkerError
from sensor_hub.load.achilles import VERSION
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import StepBatch
from tests.app.recorded import FEET, FOOTPOD, as_older_program, feet, footpod, run_live, setup_of
from tests.certificates import certificate
from tests.servers_dask import DaskServers, dask_servers, wait_until
from tests.servers_mqtt import free_port

N_SESSIONS = 6
SIDS = [f"01jd00000000000000000000{n:02d}" for n in range(N_SESSIONS)]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sessions of an older program: half of them with their recording, half with their steps only."""
    root = tmp_path_factory.mktemp("old")
    place, of_feet, of_footpod = Place.at(root), feet(30.0), footpod(60)
    with opened(root) as archive:
        ana = archive.registry.add_athlete("Ana", "UTC", height_m=1.7)
        for n, sid in enumerate(SIDS):
            kind, sent = (FEET, of_feet) if n % 2 else (FOOTPOD, of_footpod)
            message = run_live(place.root, setup_of(sid, ana.id, kind), sent, recorded=bool(n % 2))
            archive.store.commit(message)
            as_older_program(archive.recorded, sid)
    return root


class opened:  # noqa: N801 (used as a with statement)
    """Registry and store of a folder."""

    def __init__(self, root: Path) -> None:
        self._registry = Registry(f"sqlite:///{root / 'registry.db'}")
        self._store = SqliteStore(root / "store.db")

    def __enter__(self) -> Archive:
        return Archive(self._registry, KeptStore(self._store, self._registry), "UTC")

    def __exit__(self, *_reason: object) -> None:
        self._store.close()
        self._registry.close()


@pytest.fixture
def folder(old: Path, tmp_path: Path) -> Path:
    return shutil.copytree(old, tmp_path / "folder")


@pytest.fixture(scope="module")
def expected(old: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What they become in one process."""
    root = tmp_path_factory.mktemp("expected") / "folder"
    shutil.copytree(old, root)
    lines = reanalysed(root, None)
    assert {line.result for line in lines} == {"changed"}
    assert {line.way for line in lines} == {"recording", "steps"}
    return said(root, lines)


def reanalysed(root: Path, workers: Workers | None) -> list[Line]:
    with opened(root) as archive:
        return list(Reanalysis(archive, Place.at(root), Choice(), workers).run())


def said(root: Path, lines: list[Line]) -> dict[str, Any]:
    """Everything that is stored and told, and what was written down, each session once."""
    with opened(root) as archive:
        stored = {
            sid: (archive.recorded.session(sid), archive.recorded.steps(sid), archive.recorded.gaps(sid))
            for sid in SIDS
        }
    log = [json.loads(line) for line in (root / "reanalysed.jsonl").read_text().splitlines()]
    assert sorted(line["sid"] for line in log) == SIDS
    return {
        "lines": [(line.before.header.sid, line.result, line.way, line.notes) for line in lines],
        "rows": {
            sid: (repr(summary), [(name, getattr(steps, name).tobytes()) for name in type(steps).__slots__], repr(gaps))
            for sid, (summary, steps, gaps) in stored.items()
        },
    }


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskServers]:
    with dask_servers(tmp_path_factory.mktemp("dask"), "one", "two") as running:
        yield running


def test_processes_of_this_machine_make_the_same_bytes_in_the_same_order(
    folder: Path, expected: dict[str, Any]
) -> None:
    with closing(Processes(2)) as workers:
        assert said(folder, reanalysed(folder, workers)) == expected


def test_a_process_that_is_killed_over_a_session_has_it_done_by_another(folder: Path, expected: dict[str, Any]) -> None:
    with closing(Processes(2)) as workers, opened(folder) as archive:
        run = Reanalysis(archive, Place.at(folder), Choice(), workers).run()
        lines = [next(run)]
        mine = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
        assert mine
        os.kill(mine[0].pid, signal.SIGKILL)
        lines += run
    assert said(folder, lines) == expected


def test_workers_of_a_cluster_make_the_same_bytes_in_the_same_order(
    folder: Path, expected: dict[str, Any], servers: DaskServers
) -> None:
    with closing(DaskCluster(servers.address)) as workers:
        wait_until(lambda: workers.n_ahead == 4)
        assert said(folder, reanalysed(folder, workers)) == expected


def test_a_worker_of_a_cluster_that_is_killed_over_a_session_has_it_done_by_another(
    folder: Path, expected: dict[str, Any], servers: DaskServers
) -> None:
    with closing(DaskCluster(servers.address)) as workers, opened(folder) as archive:
        wait_until(lambda: workers.n_ahead == 4)
        run = Reanalysis(archive, Place.at(folder), Choice(), workers).run()
        lines = [next(run)]
        servers.kill_worker("two")
        lines += run
    servers.start_worker("two")
    assert said(folder, lines) == expected


def test_a_cluster_that_is_gone_is_said_and_the_next_call_goes_on(
    folder: Path, expected: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.adapters.dask.cluster.ASK_S", 0.5)
    with ExitStack() as stack:
        gone = stack.enter_context(dask_servers(tmp_path / "dask"))
        gone.start_worker("one")
        workers = stack.enter_context(closing(DaskCluster(gone.address)))
        archive = stack.enter_context(opened(folder))
        run = Reanalysis(archive, Place.at(folder), Choice(), workers).run()
        lines = [next(run)]
        gone.kill_scheduler()
        monkeypatch.setattr("sensor_hub.adapters.dask.cluster.CONNECT_WITHIN_S", 1.0)  # to leave what is not there
        with pytest.raises(WorkerError, match="call this again to go on"):
            lines.extend(run)
    assert len(lines) < N_SESSIONS
    lines += reanalysed(folder, None)
    assert said(folder, lines) == expected


def test_a_scheduler_is_spoken_to_over_tls_with_certificates_both_ways(
    folder: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    certificate(tmp_path, "127.0.0.1")
    files = (tmp_path / "cert.pem", tmp_path / "cert.pem", tmp_path / "key.pem")
    with dask_servers(tmp_path / "dask", "one", tls=files) as servers:
        with closing(DaskCluster(servers.address, files)) as workers:
            assert said(folder, reanalysed(folder, workers)) == expected
        (tmp_path / "other").mkdir()
        certificate(tmp_path / "other", "127.0.0.1")
        other = tmp_path / "other" / "cert.pem"
        with pytest.raises(ConfigError, match="cannot be reached"):
            DaskCluster(servers.address, (other, other, tmp_path / "other" / "key.pem"))


def test_a_worker_with_another_program_is_refused(
    folder: Path, servers: DaskServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.loads.spreading.__version__", "9.9.9")
    with closing(DaskCluster(servers.address)) as workers, pytest.raises(ConfigError, match=r"and this is 9\.9\.9"):
        reanalysed(folder, workers)
    assert not (folder / "reanalysed.jsonl").exists()


class WithoutUs:
    """A cluster whose workers have not got this program."""

    n_workers = 1

    def begin(self, what: Material) -> Material:
        return what

    def result(self, _begun: Material) -> Recomputed:
        raise ModuleNotFoundError("No module named 'sensor_hub'")


def test_workers_without_this_program_are_told_what_to_install(folder: Path) -> None:
    workers = DaskCluster.__new__(DaskCluster)
    workers._cluster = WithoutUs()  # type: ignore[assignment]
    with pytest.raises(ConfigError, match=r"No module named 'sensor_hub'\): install sensor-hub \d"):
        reanalysed(folder, workers)


def test_a_worker_that_has_no_room_leaves_one_session_as_it_is(folder: Path) -> None:
    failed: list[str] = []

    def is_full(sid: str) -> None:
        if not failed:
            failed.append(sid)
            raise OSError(28, "No space left on device")

    with opened(folder) as archive:
        lines = list(Reanalysis(archive, Place.at(folder), Choice(), Meanwhile(is_full)).run())
    assert [line.before.header.sid for line in lines if line.result == "failed"] == failed
    assert {line.result for line in lines} == {"failed", "changed"}


class Meanwhile:
    """Computes here, after something has happened to the session."""

    n_ahead = 1

    def __init__(self, happens: Callable[[str], None]) -> None:
        self._happens = happens

    def begin(self, told: Material) -> Answer:
        def answer() -> Recomputed:
            found = recompute(told)
            self._happens(told.before.header.sid)
            return found

        return answer

    def close(self) -> None:
        pass


def test_who_was_erased_while_a_session_was_away_does_not_come_back(folder: Path) -> None:
    with opened(folder) as archive:
        who = archive.registry.athlete("Ana").id

        def erase(_sid: str) -> None:
            archive.recorded.erase(who, SIDS)

        workers = Meanwhile(erase)
        lines = list(Reanalysis(archive, Place.at(folder), Choice(), workers).run())
        assert {(line.result, line.notes) for line in lines[:1]} == {("left", ("it is no longer here",))}
        assert archive.recorded.sessions(who) == []
    assert not (folder / "reanalysed.jsonl").exists()


def test_a_session_that_was_given_to_somebody_while_it_was_away_stays_theirs(folder: Path) -> None:
    with opened(folder) as archive:
        ben = archive.registry.add_athlete("Ben", "UTC").id
        workers = Meanwhile(lambda sid: archive.recorded.hand_over(sid, ben))
        lines = list(Reanalysis(archive, Place.at(folder), Choice(), workers).run())
        assert {line.result for line in lines} == {"changed"}
        assert {s.header.athlete for sid in SIDS if (s := archive.recorded.session(sid))} == {ben}
        assert {s.header.model for s in archive.recorded.sessions(ben)} == {VERSION}


def test_steps_that_come_late_while_a_session_is_away_stay(folder: Path) -> None:
    with opened(folder) as archive:
        before = {sid: archive.recorded.steps(sid) for sid in SIDS}

        def comes_late(sid: str) -> None:
            session, steps = archive.recorded.session(sid), before[sid]
            assert session is not None
            late = replace(steps, time_utc_us=steps.time_utc_us + 10).only(np.arange(2))
            batch = StepBatch(session.header, session.start_utc, late, session.totals)
            archive.recorded.commit([Envelope("edge-late", 1 + SIDS.index(sid), batch)])

        lines = list(Reanalysis(archive, Place.at(folder), Choice(), Meanwhile(comes_late)).run())
        of_steps = [line.before.header.sid for line in lines if line.way == "steps"]
        assert of_steps
        for sid in of_steps:
            assert len(archive.recorded.steps(sid)) == len(before[sid]) + 2


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("127.0.0.1", "is not usable: give tcp://127"),
        ("http://127.0.0.1:1", "is not usable"),
        ("tls://127.0.0.1:8786", "tls:// and certificates go together"),
        ("tcp://192.0.2.1:8786", "not sent anywhere unencrypted"),
    ],
)
def test_an_address_that_cannot_be_is_refused_before_anything_is_sent(address: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        DaskCluster(address)


def test_a_scheduler_that_nobody_runs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensor_hub.adapters.dask.cluster.CONNECT_WITHIN_S", 1.0)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ConfigError, match=f"scheduler {address}: it cannot be reached"):
        DaskCluster(address)


def test_a_number_of_processes_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="0 workers cannot be"):
        Processes(0)
