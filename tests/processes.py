"""The program as real processes: started, listened to, ended by their own pid."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class Process:
    """One ``sensor-hub`` command whose output is collected while it runs."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sensor_hub.cli", *arguments],
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_for(self, pattern: str, timeout_s: float = 120.0) -> str:
        """Return the first match in its output (the first group if there is one)."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            for line in list(self.lines):
                if match := re.search(pattern, line):
                    return match.group(1) if match.groups() else match.group(0)
            if self._process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"{pattern!r} did not come; the output so far:\n" + "\n".join(self.lines))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        self._process.kill()
        self._end()

    def interrupt(self, timeout_s: float = 90.0) -> int:
        """Press Ctrl-C; return the exit code."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout_s)
        self._end()
        return self._process.returncode

    def wait(self, timeout_s: float) -> int:
        """Return the exit code when it ends by itself."""
        self._process.wait(timeout_s)
        self._end()
        return self._process.returncode

    def close(self) -> None:
        """End it whatever it does."""
        if self.running:
            self._process.kill()
        self._end()

    def _end(self) -> None:
        self._process.wait(30)
        self._reader.join(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def arguments_of(data_dir: Path) -> list[str]:
    """Point a command at its own folder."""
    return ["--data-dir", str(data_dir)]
