"""Processes that read files side by side: each has a thread here that asks it, and the answers come in order.

A process that dies, or is ended because its file takes too long, is replaced, and the file it had is refused. One that
reads for itself, in this process, will do for a few files.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Final, Protocol

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.importing.bulk_reading import ReadFile, Task, read_file
from sensor_hub.app.importing.bulk_worker import LONGEST_S, get, put
from sensor_hub.units import S_PER_MIN

COMMAND: Final = (sys.executable, "-m", "sensor_hub.app.importing.bulk_worker")


class Readers(Protocol):
    """Whoever reads files."""

    def read(self, task: Task) -> Callable[[], ReadFile]:
        """Begin to read; the answer is waited for when it is called for."""
        ...

    def close(self) -> None:
        """End it, whatever it is doing."""
        ...


class OwnReader:
    """Reads in this process, one file at a time, when its answer is called for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def read(self, task: Task) -> Callable[[], ReadFile]:
        """Return the reading of a file."""
        return lambda: read_file(task, self._registry)

    def close(self) -> None:
        """Nothing to end."""


class WorkerReaders:
    """Reads in ``jobs`` processes, started when they are first needed."""

    def __init__(self, jobs: int, registry_url: str) -> None:
        self._registry_url = registry_url
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="import")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def read(self, task: Task) -> Callable[[], ReadFile]:
        """Give a file to the next process that is free."""
        answer: Future[ReadFile] = self._threads.submit(self._ask, task)
        return answer.result

    def close(self) -> None:
        """End every process at once."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._running:  # those that had nothing to do
            process.wait()
            _close(process.stdin)
            _close(process.stdout)

    def _ask(self, task: Task) -> ReadFile:
        process = getattr(self._own, "process", None)
        try:
            if process is None:
                process = self._own.process = self._start()
            put(_pipe(process.stdin), task)
            answer = get(_pipe(process.stdout))
        except (EOFError, OSError):
            return ReadFile("refused", f"{task.shown}: {self._gone(process)}; the others go on")
        return answer if isinstance(answer, ReadFile) else ReadFile("refused", f"{task.shown}: no answer came")

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise EOFError
            # A session of its own: Ctrl-C is for us, and we end them.
            process = subprocess.Popen(  # noqa: S603 (our own module)
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
            self._running.add(process)
        put(_pipe(process.stdin), self._registry_url)
        return process

    def _gone(self, process: subprocess.Popen[bytes] | None) -> str:
        """Forget a process that has ended; return what is to be said of it."""
        self._own.process = None
        if process is None:
            return "the process to read it could not begin"
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            _close(pipe)
        with self._lock:
            self._running.discard(process)
        if code == -signal.SIGALRM:
            return f"reading it took longer than {LONGEST_S // S_PER_MIN:.0f} min and was ended"
        return f"the process that read it was ended {f'by signal {-code}' if code < 0 else f'with code {code}'}"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("a process without a pipe")
    return pipe


def _close(pipe: IO[bytes] | None) -> None:
    try:
        _pipe(pipe).close()
    except OSError:  # what was still to be written has no reader
        return
