"""Processes that are killed: started, started again whenever they end, and ended by their own pid."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

_AGAIN_S: Final = 0.5  # as a supervisor would wait
_WATCH_S: Final = 0.05


class Victim:
    """One server of a run. ``kill`` is -9; whatever ends it, it is started again until ``end``.

    n_kills : kills that met it alive. n_falls : how often it ended by itself, as a hub does that finds no store.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name, self._command, self._log = name, list(command), log
        self._env = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        self.n_kills = self.n_falls = 0
        self._lock = threading.Lock()
        self._again_s: float | None = None
        self._ending = False
        self._ends_well = False
        self._process = self._spawn()
        self._watcher = threading.Thread(target=self._watch, name=f"watch-{name}", daemon=True)
        self._watcher.start()

    def kill(self, down_s: float) -> bool:
        """Kill -9 and let it lie for so long; return whether it was alive."""
        with self._lock:
            if self._process.poll() is not None:
                return False
            self._process.kill()
            self._process.wait()
            self.n_kills += 1
            self._again_s = time.monotonic() + down_s
        return True

    def wait(self, timeout_s: float) -> int | None:
        """Return its exit code once it has ended well (0), None if that does not come."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            with self._lock:
                code = self._process.poll()
                if code == 0:
                    self._ends_well = True
                    return code
            time.sleep(_WATCH_S)
        return None

    def end(self, timeout_s: float = 20.0) -> None:
        """Tell it to end, and see that it does."""
        with self._lock:
            self._ending = True
        self._watcher.join()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def _watch(self) -> None:
        while True:
            time.sleep(_WATCH_S)
            with self._lock:
                if self._ending or self._ends_well:
                    return
                code = self._process.poll()
                if code is None or code == 0:
                    continue
                if self._again_s is None:
                    self.n_falls += 1
                    self._again_s = time.monotonic() + _AGAIN_S
                if time.monotonic() >= self._again_s:
                    self._again_s = None
                    self._process = self._spawn()


def wait_until(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Return whether it came true in time."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end_s:
            return False
        time.sleep(_WATCH_S)
    return True
