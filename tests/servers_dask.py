"""A real Dask scheduler and workers on loopback, each a process of its own, ended by its own pid."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.servers_mqtt import free_port, wait_listening

READY_WITHIN_S: Final = 60.0


@dataclass
class DaskServers:
    """``workers`` by name; each does one thing at a time."""

    folder: Path
    address: str
    tls: tuple[Path, Path, Path] | None = None
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    scheduler: subprocess.Popen[bytes] | None = None

    def start_worker(self, name: str) -> None:
        how = ["--name", name, "--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        where = ["--host", "127.0.0.1", "--local-directory", str(self.folder / name), *_tls(self.tls)]
        self.workers[name] = _run(self.folder, "dask_worker", self.address, *how, *where)

    def kill_scheduler(self) -> None:
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def kill_worker(self, name: str) -> None:
        process = self.workers.pop(name)
        process.kill()
        process.wait()


@contextmanager
def dask_servers(folder: Path, *names: str, tls: tuple[Path, Path, Path] | None = None) -> Iterator[DaskServers]:
    """Start a scheduler and workers of these names; ``tls`` is an authority's certificate, one's own, and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    scheme = "tls" if tls else "tcp"
    servers = DaskServers(folder, f"{scheme}://127.0.0.1:{port}", tls)
    listens = ["--host", f"{scheme}://127.0.0.1", "--port", str(port), "--no-dashboard", *_tls(tls)]
    scheduler = servers.scheduler = _run(folder, "dask_scheduler", *listens)
    try:
        wait_listening(port, READY_WITHIN_S)
        for name in names:
            servers.start_worker(name)
        yield servers
    finally:
        for process in (*servers.workers.values(), scheduler):  # they keep nothing that could be hurt
            process.kill()
            process.wait()


def wait_until(true: Callable[[], object], timeout_s: float = READY_WITHIN_S) -> None:
    """Wait until a call answers with something true."""
    end_s = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end_s, f"not within {timeout_s} s"
        time.sleep(0.02)


def _run(folder: Path, module: str, *options: str) -> "subprocess.Popen[bytes]":
    with (folder / f"{module}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip


def _tls(files: tuple[Path, Path, Path] | None) -> list[str]:
    if files is None:
        return []
    ca, cert, key = map(str, files)
    return ["--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key]
