"""The real program as processes beside an event loop, without a terminal or on one of their own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PATIENCE_S = 300  # several programs start one after the other, on a machine that may be busy


class Program:
    """``sensor-hub`` with a data folder of its own, below the given one."""

    def __init__(self, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SENSOR_HUB_")}
        own = {"SENSOR_HUB_DATA_DIR": str(folder / "data"), "SENSOR_HUB_MQTT_PORT": "1", "XDG_CONFIG_HOME": str(folder)}
        self._env = {**kept, **own, "SENSOR_HUB_ZONE": "UTC"}

    async def __call__(self, *words: object) -> tuple[int, str, str]:
        """Run a command without a terminal; return its exit code, stdout and stderr."""
        pipe = asyncio.subprocess.PIPE
        process = await self._start(words, asyncio.subprocess.DEVNULL, pipe, pipe)
        try:
            out, err = await process.communicate()
        finally:
            await _ended(process)
        return process.returncode or 0, out.decode(), err.decode()

    async def _start(self, words: tuple[object, ...], stdin: int, out: int, err: int) -> asyncio.subprocess.Process:
        command = [sys.executable, "-m", "sensor_hub.cli", *map(str, words)]
        return await asyncio.create_subprocess_exec(*command, env=self._env, stdin=stdin, stdout=out, stderr=err)

    @asynccontextmanager
    async def on_terminal(self, *words: object) -> AsyncIterator["Terminal"]:
        """Run a command on a terminal."""
        ours, theirs = os.openpty()
        os.set_blocking(ours, False)
        process = await self._start(words, theirs, theirs, theirs)
        os.close(theirs)
        try:
            yield Terminal(ours, process)
        finally:
            await _ended(process)
            os.close(ours)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Leave no program behind where a test gives up on it."""
    if process.returncode is None:
        process.kill()
        await process.wait()


class Terminal:
    """What somebody sees and types."""

    def __init__(self, descriptor: int, process: asyncio.subprocess.Process) -> None:
        self._descriptor, self._process = descriptor, process
        self.seen = ""

    async def sees(self, text: str) -> None:
        while text not in self.seen:
            self._look()
            assert text in self.seen or self._process.returncode is None, self.seen
            await asyncio.sleep(0.05)

    def _look(self) -> None:
        try:
            self.seen += os.read(self._descriptor, 65536).decode(errors="replace")
        except (BlockingIOError, OSError):  # nothing there, or the program has left
            return

    def types(self, line: str) -> None:
        os.write(self._descriptor, f"{line}\n".encode())

    def kill(self) -> None:
        self._process.kill()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def left_with(self) -> int:
        while self._process.returncode is None:
            self._look()
            await asyncio.sleep(0.05)
        self._look()
        return self._process.returncode
