"""Long work that a request starts and does not wait for: one piece at a time, with its progress."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from sensor_hub.errors import SensorHubError
from sensor_hub.model.ports import FilesTaken

JobState: TypeAlias = Literal["waiting", "running", "done", "failed"]
Progress: TypeAlias = Callable[[int, int], None]
KEPT: Final = 50  # jobs that ended are remembered up to so many


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work as it stands. n_total : None until it is known."""

    id: str
    athlete: str
    name: str
    state: JobState = "waiting"
    n_done: int = 0
    n_total: int | None = None
    taken: FilesTaken | None = None
    problem: str | None = None


class Jobs:
    """Works one job after another in a thread of its own; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._worker: ThreadPoolExecutor | None = None

    def start(
        self,
        athlete: str,
        name: str,
        work: Callable[[Progress], FilesTaken],
        left_out: Callable[[], None] = lambda: None,
    ) -> Job:
        """Have work done; it is told where to report its progress. left_out : called where it will never begin."""
        job = Job(secrets.token_urlsafe(9), athlete, name)
        with self._lock:
            ended = [j.id for j in self._jobs.values() if j.state in {"done", "failed"}]
            for old in ended[: max(0, len(self._jobs) - KEPT)]:
                del self._jobs[old]
            self._jobs[job.id] = job
            self._worker = self._worker or ThreadPoolExecutor(1, thread_name_prefix="web-job")
            begun = self._worker.submit(self._run, job.id, work)
        begun.add_done_callback(lambda ended: left_out() if ended.cancelled() else None)
        return job

    def job(self, id_: str) -> Job | None:
        """One job, or None."""
        with self._lock:
            return self._jobs.get(id_)

    def of(self, athlete: str) -> list[Job]:
        """Jobs of an athlete, newest first."""
        with self._lock:
            return [job for job in self._jobs.values() if job.athlete == athlete][::-1]

    def is_busy(self, athlete: str) -> bool:
        """Whether work for an athlete runs or waits."""
        return any(job.state in {"waiting", "running"} for job in self.of(athlete))

    def forget(self, athlete: str) -> None:
        """Remember no job of an athlete: the names of their files are theirs."""
        with self._lock:
            self._jobs = {key: job for key, job in self._jobs.items() if job.athlete != athlete}

    def close(self) -> None:
        """Begin no further job; one that runs goes on to its end."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.shutdown(wait=False, cancel_futures=True)

    def _put(self, id_: str, **changes: object) -> None:
        with self._lock:
            if id_ in self._jobs:
                self._jobs[id_] = replace(self._jobs[id_], **changes)  # type: ignore[arg-type]

    def _run(self, id_: str, work: Callable[[Progress], FilesTaken]) -> None:
        self._put(id_, state="running")
        ended = False
        try:
            taken = work(lambda n_done, n_total: self._put(id_, n_done=n_done, n_total=n_total))
            self._put(id_, state="done", taken=taken)
            ended = True
        except SensorHubError as problem:
            self._put(id_, state="failed", problem=str(problem))
            ended = True
        finally:
            if not ended:  # a programmer's error: nobody would look at the thread's future
                self._put(id_, state="failed", problem="the program failed; its log says how")
