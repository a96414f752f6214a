"""Who else computes stored sessions again: processes of this machine, or the machines of a Dask cluster.

What they are asked comes back in order. Whoever is lost over a session has it done by another one.
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sensor_hub import __version__
from sensor_hub.app.loads.recompute import Material, Recomputed, packed, recompute
from sensor_hub.errors import ConfigError, WorkerError
from sensor_hub.model.session import SessionSummary

TRIES: Final = 3  # a session over which so many processes were lost is the reason
MOST_PROCESSES: Final = 256
Answer = Callable[[], Recomputed]


class Workers(Protocol):
    """Whoever computes. ``n_ahead``: so many sessions may be in hand at once."""

    @property
    def n_ahead(self) -> int:
        """How many are in hand at most."""
        ...

    def begin(self, told: Material) -> Answer:
        """Begin with a session; the answer is waited for when it is called for, and raises what the work raised."""
        ...

    def close(self) -> None:
        """End it, whatever it is doing."""
        ...


class Processes:
    """Computes in processes of this machine."""

    def __init__(self, n_processes: int) -> None:
        """Start them as they are needed; ConfigError for a number that cannot be."""
        if not 1 <= n_processes <= MOST_PROCESSES:
            raise ConfigError(f"{n_processes} workers cannot be: give 1 to {MOST_PROCESSES}")
        self._n = n_processes
        self._pool = self._new()

    @property
    def n_ahead(self) -> int:
        """Two each: one in work and one waiting."""
        return 2 * self._n

    def begin(self, told: Material) -> Answer:
        """Give a session to the next process that is free."""
        first = self._submit(told)
        return lambda: self._result(told, *first)

    def close(self) -> None:
        """End every process once its session is done; what waits is not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _new(self) -> ProcessPoolExecutor:
        # Forked, they would share this process's open databases.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._n, mp_context=context, initializer=_leave_interrupts_to_the_parent)

    def _submit(self, told: Material) -> tuple["Future[Recomputed]", ProcessPoolExecutor]:
        try:
            return self._pool.submit(recompute, told), self._pool
        except BrokenProcessPool:
            self._renew(self._pool)
            return self._pool.submit(recompute, told), self._pool

    def _result(self, told: Material, future: "Future[Recomputed]", pool: ProcessPoolExecutor) -> Recomputed:
        for left in reversed(range(TRIES)):
            try:
                return future.result()
            except BrokenProcessPool:
                self._renew(pool)
                if left:
                    future, pool = self._submit(told)
        raise WorkerError(f"{TRIES} processes were lost over it", is_over=False)

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        """Start anew where one was killed: with it the others are lost too. Every session in hand comes here."""
        if self._pool is broken:
            broken.shutdown(wait=True)
            self._pool = self._new()


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker sends back. version : of its program, for another one might compute something else."""

    version: str
    found: Recomputed


def recompute_elsewhere(told: Material) -> Done:
    """Compute a session on another machine."""
    return Done(__version__, recompute(told))


class DaskCluster:
    """Computes on the workers of a Dask scheduler."""

    def __init__(self, address: str, certificates: tuple[Path, Path, Path] | None = None) -> None:
        """Connect; ConfigError if that cannot be. certificates : authority's, own, and key, for tls://."""
        from sensor_hub.adapters.dask.cluster import Certificates, Cluster

        how = None if certificates is None else Certificates(*certificates)
        self._cluster: Cluster[Material, Done] = Cluster(address, recompute_elsewhere, how)

    @property
    def n_ahead(self) -> int:
        """Two a thread of theirs, also of those that have come since."""
        return max(2 * self._cluster.n_workers, 2)

    def begin(self, told: Material) -> Answer:
        """Send a session with everything it is computed from."""
        begun = self._cluster.begin(packed(told))

        def answer() -> Recomputed:
            try:
                done = self._cluster.result(begun)
            except (ImportError, AttributeError, TypeError) as error:  # what it was sent means nothing to it
                raise ConfigError(
                    f"a worker could not use what it was sent ({type(error).__name__}: {error}): install"
                    f" sensor-hub {__version__} there, with the Python and the libraries of this machine"
                ) from error
            if done.version != __version__:
                raise ConfigError(
                    f"a worker has sensor-hub {done.version}, and this is {__version__}: install the same one there"
                )
            return done.found

        return answer

    def close(self) -> None:
        """Leave the cluster."""
        self._cluster.close()


def in_order(
    sessions: Iterable[SessionSummary], begin: Callable[[SessionSummary], Answer], n_ahead: Callable[[], int]
) -> Iterator[tuple[SessionSummary, Answer]]:
    """Have sessions computed, so many ahead, and give each back in its turn."""
    ahead: deque[tuple[SessionSummary, Answer]] = deque()
    for session in sessions:
        ahead.append((session, begin(session)))
        while len(ahead) >= n_ahead():
            yield ahead.popleft()
    while ahead:
        yield ahead.popleft()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


__all__ = ["Answer", "DaskCluster", "Processes", "Workers", "in_order"]
